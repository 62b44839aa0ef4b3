"""The second rung: a penalty on the map W2 W1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray
from lae_helpers.regularizers.base import UniformL2, check_variances

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, init=False, repr=False)
class ProductL2(UniformL2):
    """``lam * ||W2 W1||_F^2``: shrinks the map and still sees only the product.

    Parameters
    ----------
    lam : float
        Strength, at least zero, on the scale of the variances.

    Examples
    --------
    >>> ProductL2(0.1).map_singular_values([0.9, 0.4])
    array([0.9, 0.8])
    >>> ProductL2(0.1).decoder_singular_values([0.9, 0.4]) is None  # the loss leaves them free
    True
    """

    name = "product"
    invariance_group = "GL(k)"

    @property
    def map_strength(self) -> float:
        """Return ``lam``."""
        return self.lam

    def penalty(self, W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
        """Return ``lam * ||W2 W1||_F^2``, as tr(W2^T W2 W1 W1^T) without the n x n product."""
        return self.lam * ((W2.T @ W2) * (W1 @ W1.T)).sum()

    def map_singular_values(self, variances: ArrayLike) -> FloatArray:
        """Return ``v / (v + lam)``: shrunk, never to zero."""
        spectrum = check_variances(variances)
        total = spectrum + self.lam
        return np.divide(spectrum, total, out=np.zeros_like(total), where=total > 0)

    def _gains(self, variances: FloatArray) -> FloatArray:
        return variances * self.map_singular_values(variances)
