"""The plane of points on paper: what the stills of its figures share."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from lae_helpers._checks import FloatArray
from lae_helpers.explorer.points import REACH


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
