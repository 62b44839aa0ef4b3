"""The errors and the warning of the package that are more than a bad argument."""


class DivergenceError(ArithmeticError):
    """The loss stopped being a finite number; the model has its starting weights again."""


class ConvergenceWarning(UserWarning):
    """`fit` ended, but not at a minimum to the tolerance asked for; the message says why."""


class DataUnavailableError(OSError):
    """The images could not be read: not there, not reachable, or damaged."""
