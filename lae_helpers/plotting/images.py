"""Columns of matrices as images, a row for each matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray, check_matrix
from lae_helpers.data import IMAGE_SHAPE
from lae_helpers.plotting.picture import Picture, join_sentences
from lae_helpers.plotting.style import SIGNED, matrix_colour, styled


def show_images(
    rows: Mapping[str, ArrayLike],
    *,
    captions: Mapping[str, Sequence[object] | FloatArray] | None = None,
    signed: bool = True,
    image_shape: tuple[int, int] = IMAGE_SHAPE,
    alt: str = "",
) -> Picture:
    """Draw columns as images, a labelled row for each matrix.

    Parameters
    ----------
    rows : mapping of str to array_like, shape (n_features, n_images)
        The matrices by the labels of their rows, each with its own scale of grey levels or colour.
        A label that names the encoder, W₁, or the decoder, W₂, has its colour.
    captions : mapping of str to sequence or ndarray, optional
        What to write under the images of a row: strings, or numbers, shown with three decimals.
    signed : bool
        True: colours that diverge from white at zero. False: dark ink on white, from 0 to 1.
    image_shape : tuple of int
        Height and width of an image.
    alt : str
        What there is to see; the alt text ends with it, after the numbers drawn.

    Returns
    -------
    Picture
    """
    matrices = {label: check_matrix(label, matrix) for label, matrix in rows.items()}
    captions = captions or {}
    n_columns = max(matrix.shape[1] for matrix in matrices.values())
    height = sum(1.0 + 0.3 * (label in captions) + 0.3 for label in matrices)
    with styled():
        figure = Figure(
            figsize=(7.2, max(0.9, height * 7.2 / (n_columns + 0.6))), layout="constrained"
        )
        axes = figure.subplots(len(matrices), n_columns, squeeze=False)
        for row, (label, matrix) in zip(axes, matrices.items(), strict=True):
            for ax in row:
                ax.set_axis_off()
            row[0].set_title(" ", fontsize="medium", pad=9)  # the height that the label needs
            text = row[0].annotate(label, (0, 1), (0, 6), xycoords="axes fraction",
                                   textcoords="offset points", fontsize="medium",
                                   color=matrix_colour(label))  # fmt: skip
            text.set_in_layout(False)  # else a long label widens the first column
            limit = np.abs(matrix).max() or 1.0
            scale = {"cmap": SIGNED, "vmin": -limit, "vmax": limit} if signed else {
                "cmap": "gray_r", "vmin": 0.0, "vmax": 1.0
            }  # fmt: skip
            for ax, column in zip(row, matrix.T, strict=False):
                ax.imshow(column.reshape(image_shape), **scale)
            for ax, caption in zip(row, captions.get(label, ()), strict=False):
                ax.text(0.5, -0.04, _short(caption), transform=ax.transAxes, ha="center", va="top",
                        fontsize="small")  # fmt: skip
    described = [
        f"{label} ({matrix.shape[1]} images"
        + (f", marked {', '.join(map(_short, captions[label]))})" if label in captions else ")")
        for label, matrix in matrices.items()
    ]
    return Picture(figure, join_sentences(f"Rows of images: {'; '.join(described)}", alt))


def _short(caption: object) -> str:
    return f"{caption:.3f}" if isinstance(caption, float | np.floating) else str(caption)
