"""The late bias: gradient descent on the smallest autoencoder with biases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import SupportsIndex

import numpy as np
import traitlets
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray
from lae_helpers.explorer.points import (
    BIAS_RATE,
    BIAS_RATIO,
    BIAS_SEED,
    BIAS_START,
    BIAS_STEPS,
    FIRST_OTHER,
    angle_between,
    angle_of,
    draw_points,
)
from lae_helpers.explorer.random import Mulberry32
from lae_helpers.moments import compute_moments
from lae_helpers.pca import fit_pca
from lae_helpers.plotting import DECODER, Picture, styled
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Count
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.plane import Place, draw_network

STOPS = (0, 50, 200, BIAS_STEPS)  # that the words for the picture tell
ON_PAPER = (50, BIAS_STEPS)


@dataclass(frozen=True)
class BiasPath:
    """Weights and biases after every step, the start first.

    Attributes
    ----------
    encoder, decoder : ndarray, shape (n_steps + 1, 2)
        The row of W₁, the column of W₂.
    hidden : ndarray, shape (n_steps + 1,)
        b₁.
    bias : ndarray, shape (n_steps + 1, 2)
        b₂.
    """

    encoder: FloatArray
    decoder: FloatArray
    hidden: FloatArray
    bias: FloatArray

    def rebuild(self, step: int, Y: FloatArray) -> FloatArray:
        """Return the reconstructions of samples after a step.

        Parameters
        ----------
        step : int
        Y : ndarray, shape (n_samples, 2)

        Returns
        -------
        ndarray, shape of ``Y``
        """
        codes = Y @ self.encoder[step] + self.hidden[step]
        images: FloatArray = np.outer(codes, self.decoder[step]) + self.bias[step]
        return images


class LateBiasFigure(InteractiveFigure):
    """An autoencoder with biases learns a line in the plane: the mean first, the direction later.

    Parameters
    ----------
    mean : array_like, shape (2,)
        Of the sixty points; coordinates from -1.5 to 1.5.
    seed : int
        Of the first weights, from 0 to 9999.
    bias : {"learned", "best"}
        Whether b₂ descends like the weights, from zero, or is the best for them after every step.
    step : int
        Which step is on show, from 0 to 900.

    Attributes
    ----------
    mean : list of float
        May be set, as may the others.
    seed : int
    bias : str
    step : int

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument or a trait is of the wrong kind or out of range; the message names it.

    Examples
    --------
    While it learns, the decoder's line points to the mean; in the end it nearly lies along u₁.

    >>> from lae_helpers.widgets import LateBiasFigure
    >>> angles = LateBiasFigure().angles()
    >>> [int(angles["learned"][step].round()) for step in (50, 900)]
    [68, 2]
    """

    _esm = join_modules("late_bias.js")
    _css = join_styles("figure.css", "plane.css", "biases.css")

    mean = Place().tag(sync=True)
    seed = Count(2, min=0, max=FIRST_OTHER - 1).tag(sync=True)
    bias = traitlets.Enum(["learned", "best"], "learned").tag(sync=True)
    step = Count(0, min=0, max=BIAS_STEPS).tag(sync=True)

    def __init__(
        self,
        *,
        mean: ArrayLike = (1.2, -1.4),
        seed: SupportsIndex = 2,
        bias: str = "learned",
        step: SupportsIndex = 0,
    ) -> None:
        super().__init__(mean=mean, seed=seed, bias=bias, step=step)

    @property
    def points(self) -> FloatArray:
        """The points, shape (60, 2), a sample a row."""
        return draw_points(BIAS_SEED, BIAS_RATIO, self.mean)

    def paths(self) -> dict[str, BiasPath]:
        """Descend from the first weights with either bias, by its name."""
        moments = compute_moments(self.points)
        return {
            name: follow_biases(moments.covariance, moments.mean, self.seed, best=name == "best")
            for name in ("learned", "best")
        }

    def angles(self) -> dict[str, FloatArray]:
        """Angle in degrees between decoder and u₁ after every step, by the name of the bias."""
        first = angle_of(fit_pca(self.points, 1).directions[:, 0])
        return {
            name: np.array([angle_between(angle_of(column), first) for column in path.decoder])
            for name, path in self.paths().items()
        }

    def picture(self) -> Picture:
        """Draw the plane early and at the end, and the angle over all steps."""
        path, angles = self.paths()[self.bias], self.angles()
        with styled():
            figure = Figure(figsize=(6.4, 2.9), layout="constrained")
            *planes, curves = figure.subplots(1, 3, width_ratios=(1, 1, 1.2))
            for plane, step in zip(planes, ON_PAPER, strict=True):
                images = path.rebuild(step, self.points)
                draw_network(plane, self.points, images, path.decoder[step], path.bias[step])
                plane.set_title(f"step {step}")
            planes[0].legend(loc="upper right", fontsize="small")
            curves.plot(angles["learned"], color=DECODER, linestyle="-", label="bias learned")
            curves.plot(angles["best"], color="black", linestyle="--", label="always the best")
            curves.set(xlabel="step", ylabel="decoder from u₁, degrees", ylim=(0, 90))
            curves.legend(fontsize="small")
        said = "; ".join(
            f"{name} bias: {', '.join(f'{one[step]:.0f}° at step {step}' for step in STOPS)}"
            for name, one in angles.items()
        )
        return Picture(
            figure,
            "Points of the plane, away from the origin, and the line of a linear autoencoder early "
            f"and late in its training. Angle to the first principal direction, {said}.",
        )


def follow_biases(
    covariance: FloatArray, mean: FloatArray, seed: SupportsIndex, *, best: bool
) -> BiasPath:
    """Descend on J for n = 2, k = 1, from random weights and biases of zero.

    Parameters
    ----------
    covariance : ndarray, shape (2, 2)
    mean : ndarray, shape (2,)
    seed : int
    best : bool
        Whether b₂ is the best one for the weights, (I − W₂W₁)μ, at the start and after every step.

    Returns
    -------
    BiasPath
    """
    encoder, decoder = BIAS_START * Mulberry32(seed).normals((2, 2))
    hidden, bias = 0.0, np.zeros(2)
    rows = []
    for _ in range(BIAS_STEPS + 1):
        if best:
            bias = mean - decoder * (encoder @ mean)
        rows.append([*encoder, *decoder, hidden, *bias])
        code = encoder @ mean + hidden
        miss = mean - decoder * code - bias
        left = np.eye(2) - np.outer(decoder, encoder)
        pull = decoder @ miss
        to_encoder = covariance @ (left.T @ decoder) + pull * mean
        to_decoder = left @ (covariance @ encoder) + code * miss
        encoder = encoder + 2 * BIAS_RATE * to_encoder
        decoder = decoder + 2 * BIAS_RATE * to_decoder
        if not best:
            hidden += 2 * BIAS_RATE * pull
            bias = bias + 2 * BIAS_RATE * miss
    table = np.array(rows)
    return BiasPath(table[:, :2], table[:, 2:4], table[:, 4], table[:, 5:])
