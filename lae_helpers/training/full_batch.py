"""Gradient descent and L-BFGS, on all of the data."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch

from lae_helpers._checks import FloatArray
from lae_helpers.errors import DivergenceError
from lae_helpers.regularizers import Regularizer
from lae_helpers.training.objective import Objective, Point

MEMORY, RENEWAL = 50, 8


def stable_learning_rate(
    W1: torch.Tensor,
    W2: torch.Tensor,
    top_eigenvalue: float,
    regularizer: Regularizer,
    *,
    least_norm: float = 0.0,
) -> float:
    """Return 1 / L for gradient descent, L a bound on the curvature of J at these weights.

    With a and b the spectral norms of W1 and W2, s the top eigenvalue of the matrix C in the loss
    plus the strength r on the map, and lam the largest strength,
    ``L = 2 s (a^2 + b^2 + a b + 1) + 2 lam``.
    For changes A of W1 and B of W2 the second-order term of J is ``||(B W1 + W2 A) R||^2`` with
    ``R^2 = C + r I``, plus ``2 tr((W2 W1 R^2 - C) (B A)^T)``, plus the strengths times squares of
    A and B: at most ``s (a^2 + b^2) + s (a b + 1) + lam`` times ``||A||^2 + ||B||^2``.

    Parameters
    ----------
    W1, W2 : torch.Tensor, shapes (k, n) and (n, k)
    top_eigenvalue : float
        Largest eigenvalue of the matrix in the loss.
    regularizer : Regularizer
    least_norm : float
        What a and b count as at least. With 1 the rate is stable at the minimum too, where weights
        from a small start will have grown to a = b = 1 and the curvature is ``4 s``.

    Returns
    -------
    float
        Rounded down to three significant digits; 1.0 where J is constant.
    """
    strongest = float(regularizer.strengths(len(W1)).max())
    top = top_eigenvalue + regularizer.map_strength
    curvature = _curvature(W1, W2, top, strongest, least_norm)
    return _rounded_down(1 / curvature if curvature else 1.0)


def _curvature(
    W1: torch.Tensor, W2: torch.Tensor, top: float, strongest: float, least_norm: float
) -> float:
    norms = (float(torch.linalg.matrix_norm(W.detach(), ord=2)) for W in (W1, W2))
    a, b = (max(norm, least_norm) for norm in norms)
    return 2 * top * (a * a + b * b + a * b + 1) + 2 * strongest


def _rounded_down(rate: float) -> float:
    mantissa, exponent = f"{rate:.16e}".split("e")
    return float(f"{mantissa[:4]}e{exponent}")


def default_rate(objective: Objective, start: Point) -> float:
    """Return `stable_learning_rate` at the start and for norms of at least one, in these units.

    Parameters
    ----------
    objective : Objective
    start : Point
    """
    top = float(objective.matrix.leading_eigenvalues(1)[0]) + objective.map_strength
    W1, W2_T = start.weights
    curvature = _curvature(W1, W2_T, top, float(objective.strengths.max()), 1.0)
    return _rounded_down(1 / curvature if curvature else 1.0)


def gradient_descent(
    objective: Objective, point: Point, *, max_steps: int, rate: float
) -> Iterator[Point]:
    """Minimise J by ``W <- W - rate * gradient``, both weight matrices at once.

    Parameters
    ----------
    objective : Objective
    point : Point
        The start, which is not yielded.
    max_steps : int
    rate : float
        In the units of the objective: a learning rate for the data times their scale.

    Raises
    ------
    DivergenceError
        If the loss or a weight is NaN or infinite.
    """
    for step in range(1, max_steps + 1):
        point = objective.at(point.weights - rate * point.gradient)
        if not (np.isfinite(point.loss) and point.weights.isfinite().all()):
            raise DivergenceError(
                f"the loss or a weight became NaN or infinite at step {step}; try a smaller "
                f"learning_rate than {rate / objective.scale:g}"
            )
        yield point


def lbfgs(objective: Objective, point: Point, *, max_steps: int) -> Iterator[Point]:
    """Minimise J by L-BFGS with exact line search: along a line J is a polynomial of degree four.

    The search ends where no length of the next step lowers J any more.

    Parameters
    ----------
    objective : Objective
    point : Point
        The start, which is not yielded.
    max_steps : int
    """
    pairs: deque[Pair] = deque(maxlen=MEMORY)
    for step in range(1, max_steps + 1):
        way = _direction(point.gradient, pairs)
        if torch.dot(way.flatten(), point.gradient.flatten()) >= 0:  # rounding has spoilt the pairs
            pairs.clear()
            way = -point.gradient
        products = objective.matrix.times(way)
        length = _best_length(objective.along(point, way, products))
        if length == 0:
            return
        carried = None if step % RENEWAL == 0 else point.products + length * products
        after = objective.at(point.weights + length * way, carried)
        pairs.append(Pair.of(length * way, after.gradient - point.gradient))
        point = after
        yield point


class Pair(NamedTuple):
    """A move of the weights, the change of the gradient that it made, and their product."""

    move: torch.Tensor
    change: torch.Tensor
    product: float

    @classmethod
    def of(cls, move: torch.Tensor, change: torch.Tensor) -> Pair:
        """Return the pair as two vectors.

        Parameters
        ----------
        move, change : torch.Tensor, the same shape
        """
        move, change = move.flatten(), change.flatten()
        return cls(move, change, float(torch.dot(move, change)))


def _direction(gradient: torch.Tensor, pairs: deque[Pair]) -> torch.Tensor:
    """Return minus the inverse Hessian that the pairs mean, times the gradient: two loops."""
    way = -gradient.flatten()
    shares = []
    for pair in reversed(pairs):
        share = float(torch.dot(pair.move, way)) / pair.product
        way.sub_(pair.change, alpha=share)
        shares.append(share)
    if pairs:
        way.mul_(pairs[-1].product / float(torch.dot(pairs[-1].change, pairs[-1].change)))
    for pair, share in zip(pairs, reversed(shares), strict=True):
        way.add_(pair.move, alpha=share - float(torch.dot(pair.change, way)) / pair.product)
    return way.reshape(gradient.shape)


def _best_length(coefficients: FloatArray) -> float:
    """Return the t > 0 where a polynomial without constant term is least, or 0 if none is < 0."""
    slope = coefficients * np.arange(1, 5)
    if not np.isfinite(slope).all():
        return 0.0
    roots = np.roots(slope[::-1])
    candidates = roots.real[(roots.real > 0) & (np.abs(roots.imag) <= 1e-8 * np.abs(roots))]
    values = [np.polyval([*coefficients[::-1], 0.0], t) for t in candidates]
    return float(min(zip(values, candidates, strict=True), default=(0.0, 0.0))[1])
