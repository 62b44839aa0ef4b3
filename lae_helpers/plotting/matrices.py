"""Matrices as heat maps side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, check_matrix
from lae_helpers.plotting.picture import Picture, join_sentences
from lae_helpers.plotting.style import SIGNED, styled


def plot_matrices(
    matrices: Mapping[str, ArrayLike], *, limit: float | None = None, alt: str = ""
) -> Picture:
    """Draw matrices as heat maps side by side, white at zero, one scale for all.

    Parameters
    ----------
    matrices : mapping of str to array_like, shape (rows, columns)
    limit : float, optional
        Magnitude at the ends of the scale; the largest entry if not given.
    alt : str
        What there is to see; the alt text ends with it, after the numbers drawn.

    Returns
    -------
    Picture
    """
    arrays = {title: check_matrix(title, matrix) for title, matrix in matrices.items()}
    limit = limit or max(float(np.abs(array).max()) for array in arrays.values()) or 1.0
    with styled():
        side = min(3.2, 5.4 / len(arrays))  # of a map, in inches, without bar and title
        height = side * max(array.shape[0] / array.shape[1] for array in arrays.values())
        figure = Figure(figsize=(side * len(arrays) + 1, height + 0.4), layout="constrained")
        axes = figure.subplots(1, len(arrays), squeeze=False)[0]
        for ax, (title, array) in zip(axes, arrays.items(), strict=True):
            image = ax.imshow(array, cmap=SIGNED, vmin=-limit, vmax=limit)
            ax.set_title(title)
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(True)
        bar = figure.colorbar(image, ax=list(axes))
        if all((array >= 0).all() for array in arrays.values()):
            bar.ax.set_ylim(0, limit)  # magnitudes: half of the scale is not in use
    described = [
        f"{title}: {array.shape[0]} by {array.shape[1]}, entries from {array.min():.3g} "
        f"to {array.max():.3g}"
        for title, array in arrays.items()
    ]
    return Picture(figure, join_sentences("Heat maps", *described, alt))
