"""Points in the plane, which Python and JavaScript draw alike, and the lines through them."""

from __future__ import annotations

import math
from typing import SupportsFloat, SupportsIndex

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray
from lae_helpers.explorer.random import Mulberry32

N_POINTS = 60
AXIS = 30.0  # degrees, of the direction with variance one that samples are drawn with
N_OTHERS = 40
FIRST_OTHER = 10_000
REACH = 3.2  # of the plane on show
FARTHEST_MEAN = 1.5
# Of the autoencoder with biases that learns them: seed and ratio of its cloud, its descent.
BIAS_SEED, BIAS_RATIO = 0, 0.2
BIAS_RATE, BIAS_START, BIAS_STEPS = 0.02, 0.35, 900


def draw_points(
    seed: SupportsIndex, ratio: SupportsFloat, mean: ArrayLike = (0.0, 0.0)
) -> FloatArray:
    """Draw normal points with this very mean, from variances 1 along AXIS and ``ratio`` across.

    Parameters
    ----------
    seed : int
    ratio : float
        Of the variances that the sample is drawn with; those of the sample differ.
    mean : array_like, shape (2,)

    Returns
    -------
    ndarray, shape (60, 2)
    """
    along = direction_at(AXIS)
    axes = np.array([along, [-along[1], along[0]]])
    points: FloatArray = Mulberry32(seed).normals((N_POINTS, 2)) * np.sqrt([1.0, float(ratio)])
    points = points @ axes
    points += np.asarray(mean) - points.mean(axis=0)
    return points


def direction_at(angle: SupportsFloat) -> FloatArray:
    """Return the unit vector, shape (2,), at an angle in degrees."""
    radians = math.radians(float(angle))
    return np.array([math.cos(radians), math.sin(radians)])


def angle_of(direction: FloatArray) -> float:
    """Return the angle of a line in degrees, from 0 to below 180."""
    return math.degrees(math.atan2(direction[1], direction[0])) % 180.0


def angle_between(one: SupportsFloat, other: SupportsFloat) -> float:
    """Return the angle between two lines in degrees, from 0 to 90.

    Parameters
    ----------
    one, other : float
        Angles of the lines in degrees.
    """
    apart = abs(float(one) - float(other)) % 180.0
    return min(apart, 180.0 - apart)
