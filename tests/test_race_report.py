"""The race as a table and as a picture."""

from __future__ import annotations

import math

import numpy as np

from lae_helpers.race import Lap, Point
from lae_helpers.race_report import median_seconds, plot_race, plot_spread, race_table


def lap(name: str, seconds: float, cosines: list[float], passes: float = 1.0) -> Lap:
    """Make a lap that shows the worst cosine at equal intervals."""
    points = [
        Point((i + 1) * seconds / len(cosines), passes, i, np.array([1.0, cosine]))
        for i, cosine in enumerate(cosines)
    ]
    return Lap(name, "exact", tuple(points))


LAPS = [
    {"unit": lap("unit", 2.0, [1.0]), "svd": lap("svd", 3.0 + seed, [0.0, 0.9], math.nan)}
    for seed in range(3)
]


def test_median_over_the_seeds() -> None:
    assert median_seconds(LAPS, "svd") == 4.0


def test_table() -> None:
    head, unit, svd = race_table(LAPS, unit="unit").splitlines()
    assert head.split() == ["time", "passes", "steps", "by", "seed", "worst", "|cos|"]
    assert unit.split() == ["unit", "1.0", "1", "0/0/0", "1.00000"]
    assert svd.split() == ["svd", "2.0", "–", "1/1/1", "0.90000"]


def test_picture() -> None:
    picture = plot_race(LAPS[0], unit_seconds=2.0, says="Two routes.")
    assert "unit: sine 1e-08 after 1 passes; svd: sine 0.4. Two routes." in picture.alt


def test_spread_over_the_seeds() -> None:
    picture = plot_spread({"found": [[0.0, 1.0], [1.0, 3.0]]}, xlabel="x", ylabel="y")
    assert "found: from 0.5 at 1 to 2 at 2 (range there 1 to 3)." in picture.alt
    moved = plot_spread({"found": [[1.0, 2.0]]}, [10.0, 20.0], xlabel="x", ylabel="y", scale="log")
    assert "from 1 at 10 to 2 at 20" in moved.alt
