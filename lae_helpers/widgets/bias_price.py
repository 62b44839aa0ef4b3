"""The price of the bias: between PCA and PCA of data that nobody has centred."""

from __future__ import annotations

from typing import SupportsFloat

import numpy as np
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray
from lae_helpers.explorer.points import (
    BIAS_RATIO,
    BIAS_SEED,
    angle_between,
    angle_of,
    draw_points,
)
from lae_helpers.moments import compute_moments
from lae_helpers.pca import fit_pca
from lae_helpers.plotting import COLOURS, Picture, styled
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Number
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.plane import ERROR, Place, draw_network, draw_sum

PRICE = COLOURS[6]


class BiasPriceFigure(InteractiveFigure):
    """The best line of an autoencoder whose bias has a price, from PCA to PCA without centring.

    The minimum of ``J + beta ||b2||^2`` for n = 2, k = 1, with ``gamma = beta / (1 + beta)``: the
    decoder is the leading eigenvector of ``C + gamma mean mean^T``, the bias ``1 - gamma`` times
    the part of the mean beside it.

    Parameters
    ----------
    gamma : float
        From 0, a bias for free, to 1, none at all.
    mean : array_like, shape (2,)
        Of the sixty points; coordinates from -1.5 to 1.5.

    Attributes
    ----------
    gamma : float
        May be set, as may the mean.
    mean : list of float

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument or a trait is of the wrong kind or out of range; the message names it.

    Examples
    --------
    >>> from lae_helpers.widgets import BiasPriceFigure
    >>> figure = BiasPriceFigure(gamma=0)
    >>> free = figure.error + figure.price
    >>> figure.gamma = 1
    >>> bool(figure.error > free), figure.price
    (True, 0.0)
    """

    _esm = join_modules("bias_price.js")
    _css = join_styles("figure.css", "plane.css", "sum_bar.css", "biases.css")

    gamma = Number(0.3, min=0.0, max=1.0).tag(sync=True)
    mean = Place().tag(sync=True)

    def __init__(self, *, gamma: SupportsFloat = 0.3, mean: ArrayLike = (1.2, -1.4)) -> None:
        super().__init__(gamma=gamma, mean=mean)

    @property
    def points(self) -> FloatArray:
        """The points, shape (60, 2), a sample a row."""
        return draw_points(BIAS_SEED, BIAS_RATIO, self.mean)

    @property
    def decoder(self) -> FloatArray:
        """The column of W₂, which is the row of W₁ too, shape (2,); its sign is free."""
        moments = compute_moments(self.points)
        loaded = moments.covariance + self.gamma * np.outer(moments.mean, moments.mean)
        vector: FloatArray = np.linalg.eigh(loaded).eigenvectors[:, -1]
        return vector

    @property
    def bias(self) -> FloatArray:
        """The bias b₂, shape (2,)."""
        decoder, mean = self.decoder, np.array(self.mean)
        bias: FloatArray = (1 - self.gamma) * (mean - decoder * (decoder @ mean))
        return bias

    @property
    def error(self) -> float:
        """Mean squared distance between the points and their reconstructions."""
        return float(np.square(self.points - self.reconstruct()).sum(axis=1).mean())

    @property
    def price(self) -> float:
        """What the bias costs, ``beta ||b2||^2``; nothing where there is none."""
        gamma = self.gamma
        return float(gamma / (1 - gamma) * self.bias @ self.bias) if gamma < 1 else 0.0

    def reconstruct(self) -> FloatArray:
        """Return the reconstructions of the points, shape (60, 2)."""
        return np.outer(self.points @ self.decoder, self.decoder) + self.bias

    def picture(self) -> Picture:
        """Draw the plane at this price, and error and price as a bar."""
        first = angle_of(fit_pca(self.points, 1).directions[:, 0])
        apart = angle_between(angle_of(self.decoder), first)
        with styled():
            figure = Figure(figsize=(6.4, 3.6), layout="constrained")
            plane, bar = figure.subplots(1, 2, width_ratios=(1, 0.85))
            draw_network(plane, self.points, self.reconstruct(), self.decoder, self.bias)
            plane.legend(loc="upper right")
            plane.set_title(f"γ = {self.gamma:.2f}")
            draw_sum(bar, {"error": (self.error, ERROR), "price": (self.price, PRICE)})
        return Picture(
            figure,
            f"Points of the plane and the line of an autoencoder whose bias has a price, γ = "
            f"{self.gamma:.2f}: {apart:.0f}° from the first principal direction, "
            f"{100 * (1 - self.gamma):.0f} % of the way from the origin to the mean. "
            f"Error {self.error:.2f} and price {self.price:.2f} are "
            f"{self.error + self.price:.2f} together.",
        )
