"""Gradient descent on the smallest autoencoder: one pixel, one component, two weights.

For every regulariser J(w1, w2) = v (1 - p)^2 + a p^2 + b (w1^2 + w2^2) with p = w1 w2, where a is
the strength of the product and b that of the sum, and one step of size h takes

    w1^2 - w2^2    to    (w1^2 - w2^2) ((1 - 2 h b)^2 - (h g)^2),    g = -2 v (1 - p) + 2 a p.

In the limit of small steps it is therefore conserved without a penalty and with the product, and
decays as exp(-4 b t) with the sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np

from lae_helpers._checks import FloatArray, check_positive
from lae_helpers.regularizers import NonuniformSumL2, ProductL2, Regularizer, SumL2

MOST_STEPS = 20_000
TOLERANCE = 1e-7
STEP_SHARE = 0.25


@dataclass(frozen=True)
class ScalarLoss:
    """J for n = k = 1, by its three coefficients.

    Attributes
    ----------
    variance : float
        The one eigenvalue of the one by one covariance, above zero.
    on_product : float
        Strength of the penalty on (w1 w2)^2.
    on_sum : float
        Strength of the penalty on w1^2 + w2^2.

    Examples
    --------
    >>> ScalarLoss(1.0, on_sum=0.75).gradient(0.5, 0.5)  # both are the root of 1 - 0.75
    (0.0, 0.0)
    """

    variance: float
    on_product: float = 0.0
    on_sum: float = 0.0

    @classmethod
    def under(cls, regularizer: Regularizer, variance: SupportsFloat) -> ScalarLoss:
        """Return the loss with the penalty of a regulariser.

        Parameters
        ----------
        regularizer : Regularizer
        variance : float
            The one eigenvalue of the covariance.

        Raises
        ------
        TypeError, ValueError
            If the strengths are not one, or the variance is no finite number above zero.
        """
        regularizer.check_components(1)
        v = check_positive("variance", variance)
        match regularizer:
            case ProductL2(lam=lam):
                return cls(v, on_product=lam)
            case SumL2(lam=lam):
                return cls(v, on_sum=lam)
            case NonuniformSumL2(lams=lams):
                return cls(v, on_sum=float(lams[0]))
            case _:
                return cls(v)

    def gradient(self, w1: float, w2: float) -> tuple[float, float]:
        """Return the derivatives of J by ``w1`` and by ``w2``.

        Parameters
        ----------
        w1, w2 : float
            Encoder weight and decoder weight.
        """
        product = w1 * w2
        pull = 2 * (self.on_product * product - self.variance * (1 - product))
        return pull * w2 + 2 * self.on_sum * w1, pull * w1 + 2 * self.on_sum * w2

    def curvature_bound(self, w1: float, w2: float) -> float:
        """Return a bound on the Hessian's norm wherever gradient descent from there can get.

        With steps of at most one over it J never rises and w1^2 - w2^2 neither grows nor changes
        its sign. So p stays in an interval around the p of least loss, w1^2 + w2^2, which is the
        root of (w1^2 - w2^2)^2 + 4 p^2, stays bounded too, and with both the Hessian
        ``2 (v + a) (w2, w1)(w2, w1)^T + g (0 1; 1 0) + 2 b I``.

        Parameters
        ----------
        w1, w2 : float
            Where the descent begins.
        """
        stiffness = self.variance + self.on_product
        best = self.variance / stiffness
        excess = stiffness * (w1 * w2 - best) ** 2 + self.on_sum * (w1 * w1 + w2 * w2)
        most_product = best + math.sqrt(excess / stiffness)
        most_square = math.hypot(w1 * w1 - w2 * w2, 2 * most_product)
        return 2 * (stiffness * most_square + math.sqrt(stiffness * excess) + self.on_sum)


@dataclass(frozen=True)
class DescentPath:
    """A path of gradient descent.

    Attributes
    ----------
    weights : ndarray, shape (n_steps + 1, 2)
        Encoder weight and decoder weight before the first step and after each.
    arrived : bool
        Whether it came to rest before the most steps were made.

    Examples
    --------
    >>> loss = ScalarLoss(1.0)
    >>> path = follow_gradient(loss, 1.5, 0.5, choose_step([loss], 1.5, 0.5))
    >>> path.arrived, round(float(path.weights[-1].prod()), 6)  # minima: the product is one
    (True, 1.0)
    """

    weights: FloatArray
    arrived: bool

    @property
    def imbalance(self) -> FloatArray:
        """Encoder weight squared less decoder weight squared along the path, (n_steps + 1,)."""
        squares = self.weights**2
        return squares[:, 0] - squares[:, 1]


def choose_step(losses: Iterable[ScalarLoss], w1: float, w2: float) -> float:
    """Return one step size that is stable from this start for every one of the losses.

    Parameters
    ----------
    losses : iterable of ScalarLoss
    w1, w2 : float
        Where gradient descent starts.
    """
    return STEP_SHARE / max(loss.curvature_bound(w1, w2) for loss in losses)


def follow_gradient(
    loss: ScalarLoss, w1: float, w2: float, step: float, *, most_steps: int = MOST_STEPS
) -> DescentPath:
    """Follow gradient descent until the gradient is below ``TOLERANCE`` times the variance.

    Parameters
    ----------
    loss : ScalarLoss
    w1, w2 : float
        Where it starts.
    step : float
        Step size; `choose_step` gives one that is stable.
    most_steps : int
        Where it stops otherwise.

    Returns
    -------
    DescentPath
    """
    least = (TOLERANCE * loss.variance) ** 2
    path = [(w1, w2)]
    while True:
        by_w1, by_w2 = loss.gradient(w1, w2)
        arrived = by_w1 * by_w1 + by_w2 * by_w2 <= least
        if arrived or len(path) > most_steps:
            return DescentPath(np.array(path), arrived)
        w1 -= step * by_w1
        w2 -= step * by_w2
        path.append((w1, w2))
