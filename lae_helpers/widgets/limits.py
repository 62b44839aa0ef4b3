"""What the controls of the figures and of the training panel let a reader choose at most."""

LEAST_LAM, MOST_LAM = 1e-3, 10.0
MOST_COMPONENTS = 16
LEAST_START, MOST_START = 1e-3, 1.0
MOST_RATE = 1.0
SPEEDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # tenths of the explorer's pace
