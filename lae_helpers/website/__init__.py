"""What the build of the website needs: its extension of Sphinx and its renderer of pictures."""
