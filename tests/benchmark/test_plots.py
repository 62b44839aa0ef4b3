"""Pictures of solvers on their way."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from lae_helpers._checks import FloatArray
from lae_helpers.benchmark.plots import (
    plot_convergence,
    plot_directions,
)
from lae_helpers.plotting import Picture
from tests.benchmark.small import TRAJECTORIES, trajectory


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Give a list that keeps every figure as it was before it became a picture."""
    drawn: list[Figure] = []

    def keep(figure: Figure, alt: str) -> Picture:
        drawn.append(figure)
        return Picture(figure, alt)

    monkeypatch.setattr("lae_helpers.benchmark.plots.Picture", keep)
    return drawn


def points(line: Line2D) -> FloatArray:
    """Return the points of a line, shape (n_points, 2)."""
    return np.column_stack(line.get_data()).astype(float)


def test_picture(figures: list[Figure]) -> None:
    trajectories = {
        name: [trajectory[name] for trajectory in TRAJECTORIES] for name in ("unit", "svd")
    }
    picture = plot_convergence(trajectories, unit_seconds=2.0, alt="Two solvers.")
    assert "the worst seed: unit: exact after 1 passes; svd: sine 0.4." in picture.alt
    assert picture.alt.endswith(" Two solvers.")
    (figure,) = figures
    left, right = figure.axes
    assert len(left.lines) == len(right.lines) == 2 * len(TRAJECTORIES) + 1
    assert {line.get_color() for line in left.lines[:3]} == {"C0"}
    (legend,) = figure.legends
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels == ["unit", "svd", "building the covariance"]
    (built,) = left.patches
    assert isinstance(built, Rectangle)
    assert built.get_x() + built.get_width() == pytest.approx(0.5 / 2.0)
    assert not right.patches


def test_no_covariance_no_shade(figures: list[Figure]) -> None:
    plot_convergence({"one": [trajectory("one", 1.0, [0.0, 0.9])]}, unit_seconds=2.0)
    assert not figures[0].axes[0].patches


def test_exact_solvers_are_drawn_at_one_height(figures: list[Figure]) -> None:
    exact = [trajectory("reference", 1.0, [1.0]), trajectory("another", 1.0, [1 - 2e-16])]
    picture = plot_convergence({"exact": exact}, unit_seconds=1.0)
    assert "exact: exact after" in picture.alt
    first, second = figures[0].axes[0].lines[:2]
    assert points(first)[0, 1] == points(second)[0, 1]


def test_picture_of_every_direction(figures: list[Figure]) -> None:
    picture = plot_directions(
        {"svd": TRAJECTORIES[0]["svd"], "unit": TRAJECTORIES[0]["unit"]}, unit_seconds=2.0
    )
    assert "svd: exact of the first, sine 0.4 of the last; unit: exact" in picture.alt
    (figure,) = figures
    above, _, below, _ = figure.axes
    first, last, _goal = above.lines
    np.testing.assert_allclose(points(first), [[0.75, 1e-7], [1.5, 1e-7]])
    np.testing.assert_allclose(points(last)[:, 1], [1.0, np.sqrt(1 - 0.81)])
    assert np.isnan(points(below.lines[0])[:, 0]).all()
