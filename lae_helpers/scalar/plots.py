"""Landscapes of the smallest autoencoder: one pixel, one component, two weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, SupportsFloat

import numpy as np
from matplotlib.axes import Axes

from lae_helpers._checks import FloatArray, check_positive
from lae_helpers.plotting import COLOURS
from lae_helpers.regularizers import Regularizer

if TYPE_CHECKING:
    import torch

POINTS_PER_AXIS = 161
N_CONTOURS = 16
LOWEST_CONTOUR = 0.003


def scalar_loss(
    w1: torch.Tensor, w2: torch.Tensor, variance: SupportsFloat, regularizer: Regularizer
) -> torch.Tensor:
    """Return ``variance * (1 - w1 w2)^2 + penalty``, J for n = k = 1, at every pair of weights.

    Parameters
    ----------
    w1, w2 : torch.Tensor, the same shape
        Encoder weights and decoder weights, paired by place.
    variance : float
        The one eigenvalue of the one by one covariance, above zero.
    regularizer : Regularizer

    Returns
    -------
    torch.Tensor, shape of ``w1``
    """
    import torch  # slow to import: only where it computes

    from lae_helpers.autoencoder import moment_loss

    covariance = w1.new_full((1, 1), check_positive("variance", variance))

    def loss(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        W1, W2 = first.reshape(1, 1), second.reshape(1, 1)
        offset = W1.new_zeros(1)
        return moment_loss(W1, W2, covariance, offset) + regularizer.penalty(W1, W2)

    values: torch.Tensor = torch.func.vmap(loss)(w1.flatten(), w2.flatten())
    return values.reshape(w1.shape)


def draw_landscape(ax: Axes, limit: float, variance: float, regularizer: Regularizer) -> str:
    """Draw contours of J and its critical points into axes; say in words where those are.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    limit : float
        Both weights run from ``-limit`` to ``limit``.
    variance : float
        Above zero.
    regularizer : Regularizer

    Returns
    -------
    str
    """
    import torch

    axis = torch.linspace(-limit, limit, POINTS_PER_AXIS, dtype=torch.float64)
    w2, w1 = torch.meshgrid(axis, axis, indexing="ij")
    heights = scalar_loss(w1, w2, variance, regularizer).numpy()
    _draw_contours(ax, axis.numpy(), heights)
    found = _draw_critical_points(ax, limit, variance, regularizer)
    ax.set(aspect="equal", xlim=(-limit, limit), ylim=(-limit, limit))
    return found


def _draw_contours(ax: Axes, axis: FloatArray, heights: FloatArray) -> None:
    above = heights - heights.min()
    levels = heights.min() + np.geomspace(LOWEST_CONTOUR, 1.0, N_CONTOURS) * above.max()
    ax.contour(axis, axis, heights, levels=levels, colors="0.45", linewidths=0.8)


def _draw_critical_points(ax: Axes, limit: float, variance: float, regularizer: Regularizer) -> str:
    """Mark the critical points that the theory gives; say in words which they are."""
    product = float(regularizer.map_singular_values([variance])[0])
    if product == 0:
        _draw_points(ax, [0.0], COLOURS[1], "o")
        return "one minimum, at the origin"
    _draw_points(ax, [0.0], COLOURS[0], "X")
    if regularizer.invariance_group == "GL(k)":
        branch = np.geomspace(product / limit, limit, POINTS_PER_AXIS)
        for sign in (1, -1):
            ax.plot(
                sign * branch, sign * product / branch, color=COLOURS[1], linewidth=3, linestyle="-"
            )
        return f"minima along the hyperbola w1 w2 = {product:.3g}, a saddle at the origin"
    place = float(np.sqrt(product))
    _draw_points(ax, [place, -place], COLOURS[1], "o")
    return f"two minima, at plus and minus ({place:.3g}, {place:.3g}), a saddle at the origin"


def _draw_points(ax: Axes, places: list[float], colour: str, marker: str) -> None:
    ax.plot(places, places, color=colour, marker=marker, markersize=9, linestyle="none", zorder=3)
