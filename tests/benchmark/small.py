"""Trajectories small enough to read, for the tests of the table and of the pictures."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lae_helpers.benchmark.comparison import Trajectory
from lae_helpers.benchmark.timer import Measurement


def trajectory(name: str, seconds: float, cosines: list[float], passes: float = 1.0) -> Trajectory:
    """Make a trajectory that shows the worst cosine at equal intervals."""
    measurements = [
        Measurement((i + 1) * seconds / len(cosines), passes, i, np.array([1.0, cosine]))
        for i, cosine in enumerate(cosines)
    ]
    return Trajectory(name, "exact", tuple(measurements))


TRAJECTORIES = [
    {
        "unit": replace(trajectory("unit", 2.0, [1.0]), covariance=0.25 + 0.25 * seed),
        "svd": trajectory("svd", 3.0 + seed, [0.0, 0.9], math.nan),
    }
    for seed in range(3)
]
