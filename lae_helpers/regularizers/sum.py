"""The third rung: a penalty on the weights, of one strength."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray
from lae_helpers.regularizers.base import UniformL2, check_variances, soft_shrinkage

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, init=False, repr=False)
class SumL2(UniformL2):
    """``lam * (||W1||_F^2 + ||W2||_F^2)``: if lam > 0, at every critical point W1 = W2^T.

    Parameters
    ----------
    lam : float
        Strength, at least zero, on the scale of the variances. With zero there is no penalty, and
        the group is GL(k).

    References
    ----------
    D. Kunin, J. Bloom, A. Goeva, C. Seed, "Loss landscapes of regularized linear autoencoders",
    ICML 2019.

    Examples
    --------
    >>> regularizer = SumL2(0.3)
    >>> regularizer.invariance_group
    'O(k)'
    >>> regularizer.decoder_singular_values([1.2, 0.4, 0.2])  # the last is given up
    array([0.8660254, 0.5      , 0.       ])
    """

    name = "sum"

    @property
    def invariance_group(self) -> str:
        """Return "O(k)", or "GL(k)" where lam is zero."""
        return "O(k)" if self.lam > 0 else "GL(k)"

    def strengths(self, n_components: int) -> FloatArray:
        """Return ``lam`` for every component."""
        return np.full(n_components, self.lam)

    def penalty(self, W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
        """Return ``lam * (||W1||_F^2 + ||W2||_F^2)``."""
        return self.lam * (W1.square().sum() + W2.square().sum())

    def map_singular_values(self, variances: ArrayLike) -> FloatArray:
        """Return ``max(0, 1 - lam / v)``: a variance at or below lam is given up."""
        return soft_shrinkage(check_variances(variances), self.lam)
