"""What the regularisers share: penalty, invariance group, what they leave at the minimum."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, SupportsFloat, SupportsIndex

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray, check_count, check_nonnegative, check_vector

if TYPE_CHECKING:
    import torch


class Regularizer(ABC):
    """What the four regularisers share.

    Attributes
    ----------
    name : str
        The word for it in prose and in the figures.
    invariance_group : str
        The largest group of k x k matrices G for which W2 G and G^-1 W1 always have the same loss
        as W2 and W1.
    map_strength : float
        Strength on the map: the part ``map_strength * ||W2 W1||_F^2`` of the penalty.
    """

    name: ClassVar[str]

    @property
    @abstractmethod
    def invariance_group(self) -> str:
        """See the attributes."""

    @property
    def map_strength(self) -> float:
        """Zero, but for the product."""
        return 0.0

    def check_components(self, n_components: int) -> None:  # noqa: B027 - only one sibling objects
        """Raise a ValueError if this regulariser does not fit a bottleneck of that width."""

    def strengths(self, n_components: int) -> FloatArray:
        """Return the strength on each component's own weights, shape (n_components,).

        With them every penalty is ``map_strength * ||W2 W1||_F^2`` plus the sum over components j
        of ``strengths[j] * (||row j of W1||^2 + ||column j of W2||^2)``.
        """
        return np.zeros(n_components)

    @abstractmethod
    def penalty(self, W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
        """Return the penalty as a scalar tensor.

        Parameters
        ----------
        W1, W2 : torch.Tensor, shapes (k, n) and (n, k)
            Encoder and decoder.
        """

    @abstractmethod
    def map_singular_values(self, variances: ArrayLike) -> FloatArray:
        """Return the singular values of W2 W1 at the minimum, one per variance given, in order."""

    def decoder_singular_values(self, variances: ArrayLike) -> FloatArray | None:
        """Return the singular values of W2 at the minimum, or None where theory leaves them free.

        Parameters
        ----------
        variances : array_like, shape (k,)
            The k largest eigenvalues of the covariance, descending.

        Returns
        -------
        ndarray, shape (k,), or None
            The i-th belongs to the i-th principal direction. Where W2 = W1^T at the minimum it is
            the square root of the map's. Under GL(k) the decoder may have any, hence None.
        """
        if self.invariance_group == "GL(k)":
            return None
        return np.sqrt(self.map_singular_values(variances))

    def minimum_loss(self, variances: ArrayLike, k: SupportsIndex) -> float:
        """Return the smallest value of J for a bottleneck of width k.

        Parameters
        ----------
        variances : array_like, shape (n_features,)
            All eigenvalues of the covariance, descending.
        k : int
            Width of the bottleneck.

        Returns
        -------
        float
            The total variance less what each of the k components gains: ``v`` with no penalty,
            ``v^2 / (v + lam)`` with the product, ``(v - lam)^2 / v`` with the sums where v > lam.
        """
        spectrum = check_variances(variances)
        k = check_count("k", k, at_most=len(spectrum), why=" (the number of variances)")
        return float(spectrum.sum() - self._gains(spectrum[:k]).sum())

    def _gains(self, variances: FloatArray) -> FloatArray:
        """Return by how much each component in use lowers the minimum of J."""
        return variances * self.map_singular_values(variances) ** 2


@dataclass(frozen=True, repr=False)
class UniformL2(Regularizer):
    """A regulariser with one strength for all components."""

    lam: float

    def __init__(self, lam: SupportsFloat) -> None:
        object.__setattr__(self, "lam", check_nonnegative("lam", lam))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.lam!r})"


def check_variances(variances: ArrayLike) -> FloatArray:
    """Return the variances, if none is negative or larger than the one before it."""
    spectrum = check_vector("variances", variances)
    if (spectrum < 0).any() or (np.diff(spectrum) > 0).any():
        raise ValueError("variances must be at least zero and in descending order")
    return spectrum


def soft_shrinkage(variances: FloatArray, lam: float | FloatArray) -> FloatArray:
    """Return ``max(0, 1 - lam / v)``.

    Parameters
    ----------
    variances : ndarray, shape (k,)
    lam : float or ndarray, shape (k,)
        A variance at or below it is given up.
    """
    kept = variances > lam
    return 1.0 - np.divide(lam, variances, out=np.ones_like(variances), where=kept)
