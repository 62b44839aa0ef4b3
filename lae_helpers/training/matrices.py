"""The matrix in the loss, in whatever form is cheap: entry by entry, its diagonal, a factor."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import torch

from lae_helpers._checks import FloatArray
from lae_helpers.moments import Moments, ThinMoments


def matrix_of(moments: Moments | ThinMoments, *, about_mean: bool) -> tuple[Dense | Thin, float]:
    """Return the covariance, or the second moments about zero, of trace one; and the trace it had.

    Parameters
    ----------
    moments : Moments or ThinMoments
    about_mean : bool
        Whether deviations from the mean count, or the data themselves.

    Returns
    -------
    matrix : Dense or Thin
    scale : float
        One where the trace is zero: constant data have no scale.
    """
    mean = torch.as_tensor(moments.mean)
    if isinstance(moments, ThinMoments):
        factor = torch.as_tensor(moments.factor)
        if not about_mean:
            factor = torch.vstack([factor, mean])
        scale = float(factor.square().sum()) or 1.0
        return Thin(factor / math.sqrt(scale)), scale
    matrix = torch.as_tensor(moments.covariance)
    if not about_mean:
        matrix = matrix + torch.outer(mean, mean)
    scale = float(matrix.trace()) or 1.0
    return Dense(matrix / scale), scale


class Matrix(Protocol):
    """A symmetric positive semi-definite matrix M, in whatever form is cheap."""

    trace: float

    def times(self, rows: torch.Tensor) -> torch.Tensor:
        """Return ``rows @ M``."""
        ...

    def leading_eigenvalues(self, k: int) -> FloatArray:
        """Return the k largest eigenvalues, descending."""
        ...


class Dense:
    """M entry by entry, shape (m, m)."""

    def __init__(self, matrix: torch.Tensor) -> None:
        self.matrix = matrix
        self.trace = float(matrix.trace())

    def times(self, rows: torch.Tensor) -> torch.Tensor:
        """Return ``rows @ M``."""
        product: torch.Tensor = rows @ self.matrix
        return product

    def leading_eigenvalues(self, k: int) -> FloatArray:
        """Return the k largest eigenvalues, descending."""
        return np.linalg.eigvalsh(self.matrix.numpy())[: -k - 1 : -1].clip(min=0.0)


class Diagonal:
    """M by its diagonal, shape (m,)."""

    def __init__(self, diagonal: torch.Tensor) -> None:
        self.diagonal = diagonal
        self.trace = float(diagonal.sum())

    def times(self, rows: torch.Tensor) -> torch.Tensor:
        """Return ``rows @ M``."""
        return rows * self.diagonal

    def leading_eigenvalues(self, k: int) -> FloatArray:
        """Return the k largest eigenvalues, descending."""
        return np.sort(self.diagonal.numpy())[: -k - 1 : -1]


class Thin:
    """M by a factor of few rows, but no fewer than components: ``M = factor^T factor``."""

    def __init__(self, factor: torch.Tensor) -> None:
        self.factor = factor
        self.trace = float(factor.square().sum())

    def times(self, rows: torch.Tensor) -> torch.Tensor:
        """Return ``rows @ M``."""
        product: torch.Tensor = rows @ self.factor.T @ self.factor
        return product

    def leading_eigenvalues(self, k: int) -> FloatArray:
        """Return the k largest eigenvalues, descending."""
        return np.linalg.svd(self.factor.numpy(), compute_uv=False)[:k] ** 2
