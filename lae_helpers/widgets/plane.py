"""The plane of points: where its mean may be, and what the stills of its figures share."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import traitlets
from matplotlib.axes import Axes

from lae_helpers._checks import ArrayLike, FloatArray, check_between, check_vector
from lae_helpers.explorer.points import FARTHEST_MEAN, REACH
from lae_helpers.pca import fit_pca
from lae_helpers.plotting import COLOURS, DECODER
from lae_helpers.widgets.checks import trait_errors

ERROR = COLOURS[3]


class Place(traitlets.TraitType[list[float], ArrayLike]):
    """Where the mean of a cloud is: two coordinates from -1.5 to 1.5."""

    def validate(self, _figure: traitlets.HasTraits, value: ArrayLike) -> list[float]:
        """Return the coordinates."""
        name = str(self.name)
        with trait_errors():
            place: list[float] = check_vector(name, value).tolist()
            if len(place) != 2:
                raise ValueError(f"{name} must have two coordinates, but it is {place}")
            return [check_between(name, x, -FARTHEST_MEAN, FARTHEST_MEAN) for x in place]


def draw_plane(ax: Axes, points: FloatArray) -> None:
    """Draw points, the axes through the origin, and nothing outside of the plane on show.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    points : ndarray, shape (n_samples, 2)
    """
    ax.axhline(0, color="0.8", linestyle="-", linewidth=0.8, zorder=0)
    ax.axvline(0, color="0.8", linestyle="-", linewidth=0.8, zorder=0)
    ax.plot(*points.T, color="0.25", marker="o", markersize=3.5, linestyle="none", zorder=3)
    ax.set(aspect="equal", xlim=(-REACH, REACH), ylim=(-REACH, REACH), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def draw_line(
    ax: Axes, through: FloatArray, direction: FloatArray, *, color: str, label: str, dash: str = "-"
) -> None:
    """Draw a whole line through a point.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    through : ndarray, shape (2,)
    direction : ndarray, shape (2,)
    color, label, dash : str
    """
    ends = through + np.outer([-3 * REACH, 3 * REACH], direction)
    ax.plot(*ends.T, color=color, linestyle=dash, linewidth=2, label=label)


def draw_network(
    ax: Axes, points: FloatArray, images: FloatArray, decoder: FloatArray, bias: FloatArray
) -> None:
    """Draw an autoencoder with one code: its decoder's line, its bias, and what it makes of points.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    points, images : ndarray, shape (n_samples, 2)
        Samples and their reconstructions.
    decoder, bias : ndarray, shape (2,)
    """
    draw_plane(ax, points)
    for ends in zip(points, images, strict=True):
        ax.plot(*np.transpose(ends), color=ERROR, linestyle="-", linewidth=1, zorder=1)
    draw_line(ax, bias, decoder / np.hypot(*decoder), color=DECODER, label="decoder's line")
    ax.plot(*images.T, color=DECODER, marker="o", markersize=3, linestyle="none", zorder=4)
    ax.plot(*np.transpose([(0, 0), bias]), color="black", linestyle=":", linewidth=2, label="b₂")
    mean = points.mean(axis=0)
    u1 = fit_pca(points, 1).directions[:, 0]
    draw_line(ax, mean, u1, color="0.4", label="u₁", dash="--")
    ax.plot(*mean, color="black", marker="D", markersize=7, linestyle="none")


def draw_sum(ax: Axes, parts: Mapping[str, tuple[float, str]]) -> None:
    """Draw numbers that add up as one bar.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    parts : mapping
        A number and its colour, by its name.
    """
    left = 0.0
    for name, (width, colour) in parts.items():
        ax.barh(0, width, left=left, color=colour, height=0.5)
        ax.annotate(f"{name}\n{width:.2f}", (left + width / 2, 0.32), ha="center", va="bottom")
        left += width
    ax.set(xlim=(0, left), ylim=(-1, 1), yticks=[], xlabel="mean square")
    ax.spines["left"].set_visible(False)
