"""Pictures: what a notebook gets of them, and the book's own look whatever the reader's."""

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
from matplotlib.text import Text

from lae_helpers.plotting import (
    PLAIN,
    Picture,
    plot_curves,
    plot_matrices,
    show_images,
    styled,
)
from lae_helpers.widgets import (
    BiasPriceFigure,
    CloudFigure,
    LadderFigure,
    LandscapeFigure,
    LateBiasFigure,
    OrdersFigure,
    ReconstructionFigure,
    SpectrumFigure,
    SubspaceFigure,
    TrainingPanel,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

PIXELS = np.random.default_rng(0).normal(size=(784, 3))


def test_pictures_repeat_themselves() -> None:
    first, second = (plot_matrices({"identity": np.eye(3)}) for _ in range(2))
    assert first.png == second.png


def test_pictures_have_two_pixels_for_one_of_css() -> None:
    picture = plot_matrices({"identity": np.eye(3)})
    assert picture.png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", picture.png[16:20]) == (2 * picture.width,)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plot_matrices({"one": np.eye(3), "two": np.eye(3)}),
        lambda: plot_curves({"a": [1, 2], "b": [2, 1]}, xlabel="x", ylabel="y", levels={"c": 1}),
        lambda: show_images({"noise": np.ones((4, 8))}, captions={"noise": ["|cos|: 1.00"] * 8}),
    ],
)
def test_letters_have_nine_pixels_on_a_phone(
    figures: list[Figure], draw: Callable[[], Picture]
) -> None:
    shown = min(338 / draw().width, 1)  # in a caption's frame, on a screen of 390
    texts = [text for text in figures[0].findobj(Text) if text.get_text().strip()]
    sizes = [float(text.get_fontsize()) * 100 / 72 * shown for text in texts]
    assert min(sizes) >= 9


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


IMAGES = np.random.default_rng(1).uniform(size=(12, 16))
PICTURES: dict[str, Callable[[], Picture]] = {
    "curves": lambda: plot_curves(
        {"a": [1, 2, 3], "b": [3, 2, 1]}, xlabel="x", ylabel="y", levels={"c": 2.0}
    ),
    "images": lambda: show_images({"row": PIXELS}),
    "maps": lambda: plot_matrices({"map": np.eye(3)}),
    "panel": TrainingPanel(IMAGES, n_components=2)._learner.draw,
    "ladder": lambda: LadderFigure([2.0, 1.0]).picture(),
    "landscape": lambda: LandscapeFigure().picture(),
    "cloud": lambda: CloudFigure().picture(),
    "late bias": lambda: LateBiasFigure().picture(),
    "bias price": lambda: BiasPriceFigure().picture(),
    "orders": lambda: OrdersFigure().picture(),
    "subspace": lambda: SubspaceFigure().picture(),
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
