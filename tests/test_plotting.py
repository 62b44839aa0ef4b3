"""The figures: real pictures, with an alt text made of the numbers drawn."""

from __future__ import annotations

import base64
import struct
import threading
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib import rc_context, rcParams
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from lae_helpers import Unregularized
from lae_helpers.plotting import (
    PLAIN,
    Picture,
    label_decades,
    plot_curves,
    plot_matrices,
    show_images,
    styled,
)
from lae_helpers.scalar.plots import plot_landscapes
from lae_helpers.widgets import (
    LadderFigure,
    LandscapeFigure,
    ReconstructionFigure,
    SpectrumFigure,
    TrainingPanel,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PIXELS = np.random.default_rng(0).normal(size=(784, 3))


def size(picture: Picture) -> tuple[int, int]:
    """Read width and height out of the PNG's header."""
    assert picture.png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture.png[16:24])
    return width, height


def test_images_by_rows() -> None:
    picture = show_images(
        {"columns": PIXELS, "directions": PIXELS[:, :2]},
        captions={"columns": [0.12345, "b", 3]},
        alt="Noise, and nothing else.",
    )
    assert picture.alt == (
        "Rows of images: columns (3 images, marked 0.123, b, 3); directions (2 images). "
        "Noise, and nothing else."
    )
    assert size(picture)[0] == 2 * picture.width


def test_images_of_another_shape() -> None:
    picture = show_images({"small": np.eye(6)}, image_shape=(2, 3), signed=False)
    assert "small (6 images)" in picture.alt


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
    assert size(picture)[0] == 2 * picture.width


def test_curves_with_the_range_of_several_runs() -> None:
    picture, plain = (
        plot_curves({"loss": [4.0, 2.0]}, xlabel="steps", ylabel="J", bands=bands)
        for bands in ({"loss": ([3.0, 1.5], [5.0, 2.5])}, None)
    )
    assert picture.alt == "J against steps. loss: from 4 at 1 to 2 at 2 (range there 1.5 to 2.5)."
    assert picture.png != plain.png


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


def test_matrices() -> None:
    picture = plot_matrices({"identity": np.eye(3), "zero": np.zeros((2, 4))}, alt="Two maps")
    assert picture.alt == (
        "Heat maps. identity: 3 by 3, entries from 0 to 1. zero: 2 by 4, entries from 0 to 0. "
        "Two maps."
    )


def test_pictures_repeat_themselves() -> None:
    first, second = (plot_matrices({"identity": np.eye(3)}) for _ in range(2))
    assert first.png == second.png


def test_a_notebook_gets_picture_and_alt_text() -> None:
    picture = plot_matrices({"<&>": np.eye(2)}, alt='"quoted"')
    data, metadata = picture._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == picture.png
    assert metadata["image/png"] == {"alt": picture.alt, "width": picture.width}
    assert data["text/plain"] == picture.alt
    assert 'alt="Heat maps. &lt;&amp;&gt;: 2 by 2' in data["text/html"]
    assert "&quot;quoted&quot;" in data["text/html"]


def test_bad_matrices_are_named_by_their_label() -> None:
    with pytest.raises(ValueError, match=r"^columns must be finite"):
        show_images({"columns": np.full((784, 1), np.nan)})
    with pytest.raises(ValueError, match=r"^loss must be one-dimensional"):
        plot_curves({"loss": np.eye(2)}, xlabel="x", ylabel="y")
    with pytest.raises(ValueError, match=r"^map must be two-dimensional"):
        plot_matrices({"map": np.ones(3)})


def test_short_logarithmic_axes_have_plain_numbers() -> None:
    figure = Figure()
    ax = figure.subplots()
    ax.set(yscale="log", ylim=(500, 8000))
    label_decades(ax.yaxis)
    figure.canvas.draw()
    shown = [label.get_text() for label in ax.get_yticklabels(which="both")]
    assert {"500", "1000", "2000", "5000"} <= set(shown)
    assert not any("10^" in text for text in shown)


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Keep the figures that are drawn."""
    drawn: list[Figure] = []

    class Kept(Picture):
        def __init__(self, figure: Figure, alt: str) -> None:
            drawn.append(figure)
            super().__init__(figure, alt)

    monkeypatch.setattr("lae_helpers.plotting.Picture", Kept)
    return drawn


def scales(figure: Figure) -> list[tuple[float, float]]:
    """Return the ends of the scale of each image."""
    return [image.get_clim() for ax in figure.axes for image in ax.get_images()]


def test_each_row_of_images_has_its_own_scale(figures: list[Figure]) -> None:
    rows = {"two": [[-2.0, 0.5]], "three": [[1.0, 3.0]], "none": [[0.0, 0.0]]}
    show_images(rows, image_shape=(1, 1))
    assert scales(figures[0]) == [(-2, 2)] * 2 + [(-3, 3)] * 2 + [(-1, 1)] * 2
    show_images(rows, image_shape=(1, 1), signed=False)
    assert scales(figures[1]) == [(0, 1)] * 6


def test_images_and_captions_are_the_columns(figures: list[Figure]) -> None:
    show_images({"row": np.arange(12).reshape(6, 2)}, captions={"row": [0.5, "b"]},
                image_shape=(2, 3))  # fmt: skip
    for ax, column, caption in zip(figures[0].axes, (0, 1), ("0.500", "b"), strict=True):
        shown = np.asarray(ax.get_images()[0].get_array())
        assert shown.tolist() == [[column, 2 + column, 4 + column], [6 + column, 8 + column,
                                  10 + column]]  # fmt: skip
        assert caption in {text.get_text() for text in ax.texts}


def test_maps_have_one_scale(figures: list[Figure]) -> None:
    plot_matrices({"a": [[0.0, 1.0]], "b": [[3.0, 2.0]]})
    plot_matrices({"a": [[0.0, -4.0]], "b": [[3.0, 2.0]]})
    plot_matrices({"a": [[0.0, 1.0]]}, limit=9.0)
    plot_matrices({"a": [[0.0, 0.0]]})
    assert [scales(figure) for figure in figures] == [
        [(-3, 3)] * 2, [(-4, 4)] * 2, [(-9, 9)], [(-1, 1)],
    ]  # fmt: skip
    bars = [figure.axes[-1].get_ylim() for figure in figures]
    assert bars == [(0, 3), (-4, 4), (0, 9), (0, 1)]


@pytest.mark.parametrize(("n", "guided", "outside"), [
    (1, False, None), (2, False, False), (4, False, False), (5, False, True), (1, True, True),
])  # fmt: skip
def test_where_the_legend_is(
    n: int, guided: bool, outside: bool | None, figures: list[Figure]
) -> None:
    curves = {f"curve {i}": [1.0, 2.0] for i in range(n)}
    guides = {"curve 0": [1.0, 1.5]} if guided else None
    plot_curves(curves, xlabel="x", ylabel="y", guides=guides)
    assert bool(figures[0].legends) == (outside is True)
    assert (figures[0].axes[0].get_legend() is not None) == (outside is False)


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


IMAGES = np.random.default_rng(1).uniform(size=(12, 16))
PICTURES: dict[str, Callable[[], Picture]] = {
    "curves": lambda: plot_curves(
        {"a": [1, 2, 3], "b": [3, 2, 1]}, xlabel="x", ylabel="y", levels={"c": 2.0}
    ),
    "images": lambda: show_images({"row": PIXELS}),
    "maps": lambda: plot_matrices({"map": np.eye(3)}),
    "landscapes": lambda: plot_landscapes({"one": (1.0, Unregularized())}),
    "panel": TrainingPanel(IMAGES, n_components=2)._session.draw,
    "ladder": lambda: LadderFigure([2.0, 1.0]).picture(),
    "landscape": lambda: LandscapeFigure().picture(),
    "spectrum": lambda: SpectrumFigure([2.0, 1.0]).picture(),
    "reconstruction": lambda: ReconstructionFigure(
        IMAGES, np.arange(12) % 3, n_components=4, k=2, image_shape=(4, 4)
    ).picture(),
}  # fmt: skip
TASTES: dict[str, dict[Any, Any]] = {
    **{name: dict(mpl.style.library[name]) for name in ("dark_background", "ggplot", "bmh")},
    "own settings": {
        "font.family": "monospace", "font.size": 30, "axes.grid": True, "text.color": "red",
        "savefig.transparent": True, "savefig.bbox": "tight", "image.cmap": "jet",
        "axes.facecolor": "black", "lines.linewidth": 9, "path.sketch": (1, 100, 2),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_the_taste_of_the_reader_changes_no_picture(name: str) -> None:
    usual = PICTURES[name]()
    for taste in TASTES.values():
        with rc_context(taste):
            before = dict(rcParams)
            assert PICTURES[name]().png == usual.png
            assert dict(rcParams) == before


def test_the_style_of_the_book_ends_with_the_drawing() -> None:
    before = dict(rcParams)
    with styled():
        assert rcParams["font.size"] == 12.5
    assert dict(rcParams) == before
    with pytest.raises(ZeroDivisionError), styled():
        raise ZeroDivisionError
    assert dict(rcParams) == before
    with styled(PLAIN):
        assert dict(rcParams) == before


def test_what_the_reader_sets_while_a_picture_is_drawn_stays() -> None:
    with rc_context({"text.color": "red"}):
        with styled():
            assert rcParams["text.color"] == "black"
            rcParams["text.color"] = "green"
        assert rcParams["text.color"] == "green"


def test_one_thread_draws_at_a_time() -> None:
    seen = []
    other = threading.Thread(target=styled(PLAIN)(lambda: seen.append(rcParams["font.size"])))
    with styled():
        other.start()
        other.join(0.2)
        assert not seen
    other.join()
    assert seen == [10.0]
