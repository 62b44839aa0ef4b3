"""What the build of the website needs of the installed package: it imports none of the rest."""
