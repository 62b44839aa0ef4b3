"""Pictures of solvers on their way."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from lae_helpers._checks import FloatArray
from lae_helpers.benchmark.plots import FLOOR, plot_alignments, plot_convergence, plot_growth
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
    assert points(first)[0, 1] == points(second)[0, 1] == FLOOR


def test_every_direction_is_drawn_as_dark_as_its_worst_seed(figures: list[Figure]) -> None:
    tables = {"one": [[1.0, 0.5], [0.9, 0.7]], "two": [[0.2, 0.0], [0.1, 0.4]]}
    picture = plot_alignments(tables, alt="Two.")
    assert "one: 0.90 of the first, 0.50 of the last, 0.50 at worst" in picture.alt
    ax = figures[0].axes[0]
    np.testing.assert_array_equal(ax.images[0].get_array(), [[0.9, 0.5], [0.1, 0.0]])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "two"]


def test_growth_beside_what_the_counts_let_expect(figures: list[Figure]) -> None:
    N = np.array([1, 10]), np.array([[2, 8]]), np.array([[3, 30]])
    n = np.array([1, 4]), np.array([[1, 4]]), np.array([[1, 1]])
    picture = plot_growth({"N": N, "n": n}, ["svd"])
    assert "svd, N 1 to 10: × 4. svd, n 1 to 4: × 4." in picture.alt
    measured, counted = figures[0].axes[0].lines
    np.testing.assert_allclose(points(measured), [[1.0, 2.0], [10.0, 8.0]])
    np.testing.assert_allclose(points(counted), [[1.0, 0.8], [10.0, 8.0]])
    assert len(figures[0].axes) == 2
