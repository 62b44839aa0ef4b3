"""What breaks the last symmetry, for chapter 6: losses and rules that order the components."""
