"""The race as a table and as a picture."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from lae_helpers._checks import FloatArray
from lae_helpers.benchmark.race import Lap
from lae_helpers.benchmark.report import (
    median_seconds,
    plot_directions,
    plot_race,
    race_table,
)
from lae_helpers.benchmark.timer import Point
from lae_helpers.plotting import Picture


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Give a list that keeps every figure as it was before it became a picture."""
    drawn: list[Figure] = []

    def keep(figure: Figure, alt: str) -> Picture:
        drawn.append(figure)
        return Picture(figure, alt)

    monkeypatch.setattr("lae_helpers.benchmark.report.Picture", keep)
    return drawn


def points(line: Line2D) -> FloatArray:
    """Return the points of a line, shape (n_points, 2)."""
    return np.column_stack(line.get_data()).astype(float)


def lap(name: str, seconds: float, cosines: list[float], passes: float = 1.0) -> Lap:
    """Make a lap that shows the worst cosine at equal intervals."""
    points = [
        Point((i + 1) * seconds / len(cosines), passes, i, np.array([1.0, cosine]))
        for i, cosine in enumerate(cosines)
    ]
    return Lap(name, "exact", tuple(points))


LAPS = [
    {
        "unit": replace(lap("unit", 2.0, [1.0]), covariance=0.25 + 0.25 * seed),
        "svd": lap("svd", 3.0 + seed, [0.0, 0.9], math.nan),
    }
    for seed in range(3)
]


def test_median_over_the_seeds() -> None:
    assert median_seconds(LAPS, "svd") == 4.0


def test_table() -> None:
    head, unit, svd = race_table(LAPS, unit="unit").splitlines()
    assert head.split() == ["time", "(range)", "C", "passes", "steps", "worst"]
    assert unit.split() == ["unit", "1.00", "(1.00–1.00)", "0.25", "1", "0/0/0", "1.00000"]
    assert max(map(len, (head, unit, svd))) <= 80
    assert svd.split() == ["svd", "2.00", "(1.50–2.50)", "–", "–", "1/1/1", "0.90000"]


def test_long_times_need_no_more_room() -> None:
    slow = [{"unit": lap("unit", 1.0, [1.0]), "slow": lap("slow", 123.4, [1.0])}]
    assert race_table(slow, unit="unit").splitlines()[2].split()[1:3] == ["123.4", "(123.4–123.4)"]


def test_picture(figures: list[Figure]) -> None:
    racers = {name: [lap[name] for lap in LAPS] for name in ("unit", "svd")}
    picture = plot_race(racers, unit_seconds=2.0, alt="Two routes.")
    assert "the worst seed: unit: exact after 1 passes; svd: sine 0.4." in picture.alt
    assert picture.alt.endswith(" Two routes.")
    (figure,) = figures
    left, right = figure.axes
    assert len(left.lines) == len(right.lines) == 2 * len(LAPS) + 1
    assert {line.get_color() for line in left.lines[:3]} == {"C0"}
    (legend,) = figure.legends
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels == ["unit", "svd", "building the covariance"]
    (built,) = left.patches
    assert isinstance(built, Rectangle)
    assert built.get_x() + built.get_width() == pytest.approx(0.5 / 2.0)
    assert not right.patches


def test_no_covariance_no_shade(figures: list[Figure]) -> None:
    plot_race({"one": [lap("one", 1.0, [0.0, 0.9])]}, unit_seconds=2.0)
    assert not figures[0].axes[0].patches


def test_exact_routes_are_drawn_at_one_height(figures: list[Figure]) -> None:
    exact = [lap("reference", 1.0, [1.0]), lap("another", 1.0, [1 - 2e-16])]
    picture = plot_race({"exact": exact}, unit_seconds=1.0)
    assert "exact: exact after" in picture.alt
    first, second = figures[0].axes[0].lines[:2]
    assert points(first)[0, 1] == points(second)[0, 1]


def test_picture_of_every_direction(figures: list[Figure]) -> None:
    picture = plot_directions({"svd": LAPS[0]["svd"], "unit": LAPS[0]["unit"]}, unit_seconds=2.0)
    assert "svd: exact of the first, sine 0.4 of the last; unit: exact" in picture.alt
    (figure,) = figures
    above, _, below, _ = figure.axes
    first, last, _goal = above.lines
    np.testing.assert_allclose(points(first), [[0.75, 1e-7], [1.5, 1e-7]])
    np.testing.assert_allclose(points(last)[:, 1], [1.0, np.sqrt(1 - 0.81)])
    assert np.isnan(points(below.lines[0])[:, 0]).all()
