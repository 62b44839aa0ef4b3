"""The first rung: no penalty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray
from lae_helpers.regularizers.base import Regularizer, check_variances

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Unregularized(Regularizer):
    """No penalty: the loss sees only the product W2 W1.

    Examples
    --------
    >>> Unregularized().invariance_group
    'GL(k)'
    >>> Unregularized().minimum_loss([4.0, 2.0, 1.0], k=2)  # what is left over
    1.0
    """

    name = "none"
    invariance_group = "GL(k)"

    def penalty(self, W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:  # noqa: ARG002
        """Return zero."""
        return W1.new_zeros(())

    def map_singular_values(self, variances: ArrayLike) -> FloatArray:
        """Return ones: at the minimum W2 W1 is the projection onto the principal subspace."""
        return np.ones_like(check_variances(variances))
