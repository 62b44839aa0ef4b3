"""Curves, bands, guides, levels, legends and the ticks of logarithmic axes."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from lae_helpers.plotting import label_decades, plot_curves, plot_spread


def test_curves() -> None:
    picture = plot_curves(
        {"loss": [4.0, 2.0, 1.0], "gap": ([10.0, 100.0], [0.5, 0.25])},
        xlabel="steps",
        ylabel="J",
        yscale="log",
        levels={"theory": 1.0},
    )
    assert picture.alt == (
        "J against steps. loss: from 4 at 1 to 1 at 3. gap: from 0.5 at 10 to 0.25 at 100. "
        "level theory: 1."
    )


def test_curves_with_the_range_of_several_runs() -> None:
    picture, plain = (
        plot_curves({"loss": [4.0, 2.0]}, xlabel="steps", ylabel="J", bands=bands)
        for bands in ({"loss": ([3.0, 1.5], [5.0, 2.5])}, None)
    )
    assert picture.alt == "J against steps. loss: from 4 at 1 to 2 at 2 (range there 1.5 to 2.5)."
    assert picture.png != plain.png


def test_the_mean_of_several_runs_and_their_range() -> None:
    picture = plot_spread({"found": [[0.0, 1.0], [1.0, 3.0]]}, xlabel="x", ylabel="y")
    assert "found: from 0.5 at 1 to 2 at 2 (range there 1 to 3)." in picture.alt
    moved = plot_spread({"found": [[1.0, 2.0]]}, [10.0, 20.0], xlabel="x", ylabel="y", xscale="log")
    assert "from 1 at 10 to 2 at 20" in moved.alt


def test_curves_with_what_is_expected_beside_them() -> None:
    positions = np.array([1.0, 2.0, 4.0])
    picture = plot_curves(
        {"measured": (positions, positions), "other": (positions, 2 * positions)},
        guides={"measured": [1.0, 1.5, 5.0]},
        xlabel="n",
        ylabel="time",
    )
    assert "measured: from 1 at 1 to 4 at 4 (thin line: from 1 to 5)." in picture.alt
    assert "other: from 2 at 1 to 8 at 4." in picture.alt


def test_curves_points_levels_bands_and_guides_are_where_they_should_be(
    figures: list[Figure],
) -> None:
    plot_curves(
        {"line": [4.0, 2.0], "points": ([10.0, 20.0], [1.0, 3.0])},
        xlabel="steps", ylabel="J", points_only=["points"], levels={"floor": -5.0},
        bands={"line": ([3.0, 1.0], [5.0, 2.5])}, guides={"points": [1.5, 3.5]},
    )  # fmt: skip
    ax = figures[0].axes[0]
    lines = [
        (np.asarray(line.get_xydata()).tolist(), line.get_linestyle(), line.get_marker())
        for line in ax.get_lines()
    ]
    assert lines == [
        ([[1, 4], [2, 2]], "-", "None"),
        ([[10, 1], [20, 3]], "None", "o"),
        ([[10, 1.5], [20, 3.5]], "-", "None"),
        ([[0, -5], [1, -5]], "-", "None"),
    ]
    low, high = ax.get_ylim()
    assert low < -5 < 5 < high
    (band,) = ax.collections
    corners = np.asarray(band.get_paths()[0].vertices).tolist()
    assert all(corner in corners for corner in ([1, 3], [1, 5], [2, 1], [2, 2.5]))
    assert [text.get_text() for text in ax.texts] == ["floor"]
    plot_curves({"line": [4.0, 2.0]}, xlabel="steps", ylabel="J", markers=True)
    assert figures[1].axes[0].get_lines()[0].get_marker() == "o"


@pytest.mark.parametrize(
    ("n", "guided", "needed"),
    [(1, False, False), (2, False, True), (5, False, True), (1, True, True)],
)
def test_a_legend_stands_above_the_frame(
    n: int, guided: bool, needed: bool, figures: list[Figure]
) -> None:
    curves = {f"curve {i}": [1.0, 2.0] for i in range(n)}
    guides = {"curve 0": [1.0, 1.5]} if guided else None
    plot_curves(curves, xlabel="x", ylabel="y", guides=guides)
    assert bool(figures[0].legends) == needed
    assert figures[0].axes[0].get_legend() is None


def test_short_logarithmic_axes_have_plain_numbers() -> None:
    figure = Figure()
    ax = figure.subplots()
    ax.set(yscale="log", ylim=(500, 8000))
    label_decades(ax.yaxis)
    figure.canvas.draw()
    shown = [label.get_text() for label in ax.get_yticklabels(which="both")]
    assert {"500", "1000", "2000", "5000"} <= set(shown)
    assert not any("10^" in text for text in shown)


@pytest.mark.parametrize(("top", "plain"), [(60.0, True), (70.0, False)])
def test_axes_of_two_decades_keep_powers_of_ten(
    top: float, plain: bool, figures: list[Figure]
) -> None:
    """With the margins, a twentieth of the axis at each end, 66 makes two decades."""
    curves = {"a": ([1.0, top], [1.0, top])}
    plot_curves(curves, xlabel="x", ylabel="y", xscale="log")
    plot_curves(curves, xlabel="x", ylabel="y", yscale="log")
    for axis in (figures[0].axes[0].xaxis, figures[1].axes[0].yaxis):
        assert isinstance(axis.get_major_formatter(), FuncFormatter) == plain


@pytest.mark.parametrize("label", ["short", "a label half as wide as a page"])
def test_a_legend_stays_within_its_figure(figures: list[Figure], label: str) -> None:
    plot_curves({f"{label} {i}": [1, 2] for i in range(2)}, xlabel="x", ylabel="y")
    (legend,) = figures[0].legends
    assert legend.get_window_extent().width <= figures[0].bbox.width
