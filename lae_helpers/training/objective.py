"""The loss as a function of the weights, in units in which the data have the mean square one.

Everything here is computed in float64 on the processor. Weights are held as one tensor, shape
(2, k, m): W1, and W2 as its transpose. With M the matrix in the loss, r the strength on the map and
L the diagonal matrix of strengths of the penalty,

    J = tr((I - W2 W1) M (I - W2 W1)^T) + r ||W2 W1||_F^2 + tr(L (W1 W1^T + W2^T W2)).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from lae_helpers._checks import FloatArray
from lae_helpers.regularizers import Regularizer
from lae_helpers.training.matrices import Matrix

EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class Point:
    """Weights, their products with M, and J and its gradient there; tensors (2, k, m)."""

    weights: torch.Tensor
    products: torch.Tensor
    loss: float
    gradient: torch.Tensor

    @property
    def size(self) -> float:
        """The Frobenius norm of the gradient."""
        return float(torch.linalg.vector_norm(self.gradient))

    @property
    def norms(self) -> tuple[float, float]:
        """The Frobenius norms of W1 and W2."""
        a, b = torch.linalg.vector_norm(self.weights, dim=(1, 2))
        return float(a), float(b)

    @property
    def rounding(self) -> float:
        """About how large an entry of the gradient may be by rounding errors alone."""
        a, b = self.norms
        return 4 * EPS * (1 + a * b) * max(a, b)


class Objective:
    """J and its gradient.

    Parameters
    ----------
    matrix : Matrix
        M, in units in which its trace is one, or zero.
    regularizer : Regularizer
        With strengths on the scale of the data.
    n_components : int
    scale : float
        What the data's mean square is in their own units.
    """

    def __init__(
        self, matrix: Matrix, regularizer: Regularizer, n_components: int, scale: float
    ) -> None:
        self.matrix = matrix
        self.regularizer = regularizer
        self.scale = scale
        self.map_strength = regularizer.map_strength / scale
        self.strengths = torch.as_tensor(regularizer.strengths(n_components) / scale)

    def at(self, weights: torch.Tensor, products: torch.Tensor | None = None) -> Point:
        """Return the point with these weights.

        Parameters
        ----------
        weights : torch.Tensor, shape (2, k, m)
            W1 and the transpose of W2.
        products : torch.Tensor, shape (2, k, m), optional
            Theirs with M, where they are known already.
        """
        products = self.matrix.times(weights) if products is None else products
        (E, D), (E_M, D_M), lams = weights, products, self.strengths[:, None]
        E_N = E_M + self.map_strength * E
        gram, latent = D @ D.T, E_N @ E.T
        loss = self.matrix.trace - 2 * (D * E_M).sum() + (gram * latent).sum()
        loss = loss + (lams * weights.square()).sum()
        gradient = torch.stack([gram @ E_N - D_M, latent @ D - E_M]) + lams * weights
        return Point(weights, products, loss.item(), 2 * gradient)

    def along(self, point: Point, way: torch.Tensor, products: torch.Tensor) -> FloatArray:
        """Return the coefficients of J along a straight way, a polynomial of degree four.

        Parameters
        ----------
        point : Point
        way, products : torch.Tensor, shape (2, k, m)
            The direction, and its product with M.

        Returns
        -------
        ndarray, shape (4,)
            Of t, t^2, t^3 and t^4 in ``J(weights + t * way) - J(weights)``.
        """
        (E, D), (A, B), lams = point.weights, way, self.strengths[:, None]
        E_N = point.products[0] + self.map_strength * E
        A_M = products[0]
        A_N = A_M + self.map_strength * A
        cross, mixed = D @ B.T, E_N @ A.T
        G = (D @ D.T, cross + cross.T, B @ B.T)
        H = (E_N @ E.T, mixed + mixed.T, A_N @ A.T)
        pairs = torch.stack([(g * h).sum() for g in G for h in H]).reshape(3, 3).numpy()
        quadratic = -2 * (B * A_M).sum() + (lams * way.square()).sum()
        return np.array([
            float((point.gradient * way).sum()),
            pairs[0, 2] + pairs[1, 1] + pairs[2, 0] + float(quadratic),
            pairs[1, 2] + pairs[2, 1],
            pairs[2, 2],
        ])  # fmt: skip

    @cached_property
    def spectrum(self) -> FloatArray:
        """The k largest variances, on the scale of the data."""
        return self.scale * self.matrix.leading_eigenvalues(len(self.strengths))

    @cached_property
    def minimum(self) -> float:
        """The smallest value of J."""
        gained = self.spectrum.sum() - self.regularizer.minimum_loss(
            self.spectrum, len(self.spectrum)
        )
        return float(self.matrix.trace - gained / self.scale)

    def is_saddle(self, point: Point) -> bool:
        """Say whether J is higher above its minimum than so small a slope allows near a minimum.

        Were J convex from W to a minimiser W*, it would be at most ``||gradient|| ||W - W*||``
        higher, and the balanced minimisers are within ``||W|| + ||W*||``; without a penalty on
        the weights W counts as balanced too. Every local minimum is global here: where a slope as
        good as zero does not explain the height, there is a saddle.
        """
        a, b = point.norms
        squares = 2 * float(self.regularizer.map_singular_values(self.spectrum).sum())
        size = math.hypot(a, b) if self.strengths.any() else math.sqrt(2 * a * b)
        rounding = point.weights.shape[-1] * EPS * (1 + a * b) * (1 + a * b)
        return point.loss - self.minimum > point.size * (size + math.sqrt(squares)) + rounding
