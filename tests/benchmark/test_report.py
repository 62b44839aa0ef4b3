"""The comparison as a table."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lae_helpers.benchmark.comparison import Trajectory
from lae_helpers.benchmark.report import (
    comparison_table,
    median_seconds,
)
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


def test_median_over_the_seeds() -> None:
    assert median_seconds(TRAJECTORIES, "svd") == 4.0


def test_table() -> None:
    head, unit, svd = comparison_table(TRAJECTORIES, unit="unit").splitlines()
    assert head.split() == ["time", "(range)", "C", "passes", "steps", "worst"]
    assert unit.split() == ["unit", "1.00", "(1.00–1.00)", "0.25", "1", "0/0/0", "1.00000"]
    assert max(map(len, (head, unit, svd))) <= 80
    assert svd.split() == ["svd", "2.00", "(1.50–2.50)", "–", "–", "1/1/1", "0.90000"]


def test_long_times_need_no_more_room() -> None:
    slow = [{"unit": trajectory("unit", 1.0, [1.0]), "slow": trajectory("slow", 123.4, [1.0])}]
    assert comparison_table(slow, unit="unit").splitlines()[2].split()[1:3] == [
        "123.4",
        "(123.4–123.4)",
    ]
