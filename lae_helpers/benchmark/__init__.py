"""What every way to the principal directions costs, for chapter 7."""
