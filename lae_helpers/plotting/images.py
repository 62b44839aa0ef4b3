"""Columns of matrices as images, a row for each matrix."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray, check_matrix
from lae_helpers._layouts import find_layout
from lae_helpers.plotting.picture import Picture, join_sentences
from lae_helpers.plotting.style import SIGNED, matrix_colour, styled

WIDTH = 6.4  # of the figure, in inches
MOST_SIDE = 0.65  # that captions may ask of an image, in inches
LETTERS = 9.5  # that stand beside each other in an inch
MOST_NAMES = 24  # that find a place beside the bars


def show_images(
    rows: Mapping[str, ArrayLike],
    *,
    captions: Mapping[str, Sequence[object] | FloatArray] | None = None,
    signed: bool = True,
    same_scale: Collection[str] = (),
    image_shape: tuple[int, int] | None = None,
    feature_names: Sequence[object] | None = None,
    alt: str = "",
) -> Picture:
    """Draw columns as images, a labelled row for each matrix, or as bars with names.

    Parameters
    ----------
    rows : mapping of str to array_like, shape (n_features, n_images)
        The matrices by the labels of their rows, each with its own scale of grey levels or colour.
        A label that names the encoder, W₁, or the decoder, W₂, has its colour.
    captions : mapping of str to sequence or ndarray, optional
        What to write under the images of a row: strings, or numbers, shown with three decimals.
    signed : bool
        True: colours that diverge from white at zero. False: dark ink on white, from 0 to 1.
    same_scale : collection of str
        Labels of the rows that share one scale.
    image_shape : tuple of int, optional
        Height and width of an image; a square if not given.
    feature_names : sequence, optional
        What the rows of the matrices are: bars, one a feature from the top, in place of images.
    alt : str
        What there is to see; the alt text ends with it, after the numbers drawn.

    Returns
    -------
    Picture
    """
    matrices = {label: check_matrix(label, matrix) for label, matrix in rows.items()}
    layout = find_layout(len(next(iter(matrices.values()))), image_shape, feature_names)
    tall = min(max(len(layout.names) / 8, 1.0), 3.0)
    captions = captions or {}
    n_columns = max(matrix.shape[1] for matrix in matrices.values())
    limits = {label: np.abs(matrix).max() for label, matrix in matrices.items()}
    limits |= dict.fromkeys(same_scale, max((limits[label] for label in same_scale), default=0.0))
    side = WIDTH / (n_columns + 0.6)
    marks = {
        label: [_wrap(_short(caption), side) for caption in row] for label, row in captions.items()
    }
    words = [line for row in marks.values() for mark in row for line in mark.split("\n")]
    longest = max(map(len, words), default=0)
    side = max(side, min(MOST_SIDE, (longest + 1) / LETTERS))  # of many images: a wider figure
    lines = {label: 1 + max(mark.count("\n") for mark in row) for label, row in marks.items()}
    height = sum(tall * side + 0.25 + 0.21 * lines.get(label, 0) for label in matrices)
    with styled():
        figure = Figure(figsize=(side * (n_columns + 0.6), max(0.9, height)), layout="constrained")
        axes = figure.subplots(len(matrices), n_columns, squeeze=False)
        for row, (label, matrix) in zip(axes, matrices.items(), strict=True):
            for ax in row:
                ax.set_axis_off()
            row[0].set_title(" ", pad=9)  # the height that the label needs
            text = row[0].annotate(
                label,
                (0, 1),
                (0, 6),
                xycoords="axes fraction",
                textcoords="offset points",
                color=matrix_colour(label),
            )
            text.set_in_layout(False)  # else a long label widens the first column
            limit = limits[label] or 1.0
            scale = {"cmap": SIGNED, "vmin": -limit, "vmax": limit} if signed else {
                "cmap": "gray_r", "vmin": 0.0, "vmax": 1.0
            }  # fmt: skip
            for ax, column in zip(row, matrix.T, strict=False):
                if layout.image_shape:
                    ax.imshow(column.reshape(layout.image_shape), **scale)
                else:
                    draw_bars(ax, column, limit, layout.names if ax is row[0] else ())
            for ax, mark in zip(row, marks.get(label, ()), strict=False):
                ax.text(0.5, -0.04, mark, transform=ax.transAxes, ha="center", va="top",
                        linespacing=1)  # fmt: skip
    what = "images" if layout.image_shape else "sets of bars"
    described = [
        f"{label} ({matrix.shape[1]} {what}"
        + (f", marked {', '.join(map(_short, captions[label]))})" if label in captions else ")")
        for label, matrix in matrices.items()
    ]
    said = f"Rows of {what}: {'; '.join(described)}"
    features = f"Features: {', '.join(layout.names)}" if layout.names else ""
    return Picture(figure, join_sentences(said, features, alt))


def draw_bars(ax: Axes, values: FloatArray, limit: float, names: Sequence[str] = ()) -> None:
    """Draw a bar for each value, from the top, as long as it is of ``limit``; names beside them.

    Parameters
    ----------
    ax : Axes
    values : ndarray, shape (n,)
    limit : float
        Of the axis, on either side of zero.
    names : sequence of str
        As many as values, or none.
    """
    places = np.arange(len(values))
    colours = colormaps[SIGNED](np.where(values > 0, 0.9, 0.1))
    ax.barh(places, values, color=colours, height=0.7)
    ax.axvline(0.0, color="0.5", linewidth=0.6, linestyle="-")
    ax.set(xlim=(-limit, limit), ylim=(len(values) - 0.5, -0.5))
    if 0 < len(names) <= MOST_NAMES:
        for place, name in enumerate(names):
            ax.text(-limit, place, f"{name[:18]} ", ha="right", va="center", fontsize="small")


def _short(caption: object) -> str:
    return f"{caption:.3f}" if isinstance(caption, float | np.floating) else str(caption)


def _wrap(caption: str, width: float) -> str:
    """Break a caption into lines that find a place under an image, whose width is in inches."""
    return "\n".join(textwrap.wrap(caption, max(1, int(width * LETTERS)), break_long_words=False))
