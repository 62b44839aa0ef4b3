"""The four regularisers of the ladder: penalty, invariance group, predicted spectrum.

Every strength is on the scale of the variances: it belongs to the loss
``J = ||Y - W2 W1 Y||_F^2 / N + penalty`` with Y the centred data, one sample a column.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, SupportsFloat, SupportsIndex

import numpy as np
import torch

from lae_helpers._checks import (
    ArrayLike,
    FloatArray,
    check_choice,
    check_count,
    check_nonnegative,
    check_vector,
)

SPREAD = (0.5, 1.5)


class Regularizer(ABC):
    """What the four regularisers share.

    Attributes
    ----------
    name : str
        The word for it in prose and in the figures.
    invariance_group : str
        The largest group of k x k matrices G for which W2 G and G^-1 W1 always have the same loss
        as W2 and W1.
    ridge : float
        Strength on the map: the part ``ridge * ||W2 W1||_F^2`` of the penalty.
    """

    name: ClassVar[str]

    @property
    @abstractmethod
    def invariance_group(self) -> str:
        """See the attributes."""

    @property
    def ridge(self) -> float:
        """Zero, but for the product."""
        return 0.0

    def check_components(self, n_components: int) -> None:  # noqa: B027 - only one sibling objects
        """Raise a ValueError if this regulariser does not fit a bottleneck of that width."""

    def strengths(self, n_components: int) -> FloatArray:
        """Return the strength on each component's own weights, shape (n_components,).

        With them every penalty is ``ridge * ||W2 W1||_F^2`` plus the sum over components j of
        ``strengths[j] * (||row j of W1||^2 + ||column j of W2||^2)``.
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
        spectrum = _check_variances(variances)
        k = check_count("k", k, at_most=len(spectrum), why=" (the number of variances)")
        return float(spectrum.sum() - self._gains(spectrum[:k]).sum())

    def _gains(self, variances: FloatArray) -> FloatArray:
        """Return by how much each component in use lowers the minimum of J."""
        return variances * self.map_singular_values(variances) ** 2


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
        return np.ones_like(_check_variances(variances))

    def __repr__(self) -> str:
        return "Unregularized()"


@dataclass(frozen=True, repr=False)
class _UniformL2(Regularizer):
    """A regulariser with one strength for all components."""

    lam: float

    def __init__(self, lam: SupportsFloat) -> None:
        object.__setattr__(self, "lam", check_nonnegative("lam", lam))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.lam!r})"


@dataclass(frozen=True, init=False, repr=False)
class ProductL2(_UniformL2):
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
    def ridge(self) -> float:
        """Return ``lam``."""
        return self.lam

    def penalty(self, W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
        """Return ``lam * ||W2 W1||_F^2``, as tr(W2^T W2 W1 W1^T) without the n x n product."""
        return self.lam * ((W2.T @ W2) * (W1 @ W1.T)).sum()

    def map_singular_values(self, variances: ArrayLike) -> FloatArray:
        """Return ``v / (v + lam)``: shrunk, never to zero."""
        spectrum = _check_variances(variances)
        total = spectrum + self.lam
        return np.divide(spectrum, total, out=np.zeros_like(total), where=total > 0)

    def _gains(self, variances: FloatArray) -> FloatArray:
        return variances * self.map_singular_values(variances)


@dataclass(frozen=True, init=False, repr=False)
class SumL2(_UniformL2):
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
        return _soft_shrinkage(_check_variances(variances), self.lam)


@dataclass(frozen=True, repr=False, eq=False)
class NonuniformSumL2(Regularizer):
    """``sum_j lams[j] * (||row j of W1||^2 + ||column j of W2||^2)``, strengths distinct.

    Parameters
    ----------
    lams : array_like, shape (k,)
        One strength per component, positive and pairwise distinct, on the scale of the variances.
        The component with the smallest strength takes the first principal direction, and so on.

    References
    ----------
    X. Bao, J. Lucas, S. Sachdeva, R. Grosse, "Regularized linear autoencoders recover the
    principal components, eventually", NeurIPS 2020.

    Examples
    --------
    >>> regularizer = NonuniformSumL2([0.1, 0.2])
    >>> regularizer.invariance_group
    '{±1}^k'
    >>> regularizer.map_singular_values([0.5, 0.4])
    array([0.8, 0.5])
    """

    name = "non-uniform sum"
    invariance_group = "{±1}^k"

    lams: FloatArray

    def __init__(self, lams: ArrayLike) -> None:
        checked = check_vector("lams", lams)
        if (checked <= 0).any():
            raise ValueError(f"lams must be positive, but one is {checked.min()}")
        if len(np.unique(checked)) < len(checked):
            raise ValueError(
                f"lams must be pairwise distinct, but they are {checked.tolist()}; "
                "equal ones leave a rotation free: use SumL2 for that"
            )
        checked.flags.writeable = False
        object.__setattr__(self, "lams", checked)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NonuniformSumL2) and np.array_equal(self.lams, other.lams)

    def __hash__(self) -> int:
        return hash(tuple(self.lams.tolist()))

    def check_components(self, n_components: int) -> None:
        """Raise a ValueError unless there is one strength per component."""
        if len(self.lams) != n_components:
            raise ValueError(
                f"lams must hold one strength per component: {n_components}, not {len(self.lams)}"
            )

    def strengths(self, n_components: int) -> FloatArray:
        """Return ``lams``."""
        self.check_components(n_components)
        return self.lams.copy()

    def penalty(self, W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
        """Return the sum over components j of ``lams[j] * (||W1[j]||^2 + ||W2[:, j]||^2)``."""
        self.check_components(len(W1))
        lams = torch.tensor(self.lams, dtype=W1.dtype, device=W1.device)
        return lams @ (W1.square().sum(dim=1) + W2.square().sum(dim=0))

    def map_singular_values(self, variances: ArrayLike) -> FloatArray:
        """Return ``max(0, 1 - lam_(i) / v_i)``, lam_(i) the i-th smallest strength."""
        spectrum = _check_variances(variances)
        if len(spectrum) != len(self.lams):
            raise ValueError(
                f"variances must be as many as lams: {len(self.lams)}, not {len(spectrum)}"
            )
        return _soft_shrinkage(spectrum, np.sort(self.lams))

    def __repr__(self) -> str:
        return f"NonuniformSumL2({self.lams.tolist()!r})"


def spread_strengths(lam: float, n_components: int) -> list[float]:
    """Return distinct strengths around ``lam``, ascending, evenly from half to one and a half.

    Parameters
    ----------
    lam : float
        Their mean.
    n_components : int
        How many.
    """
    if n_components == 1:
        return [lam]
    return [float(factor * lam) for factor in np.linspace(*SPREAD, n_components)]


REGULARIZERS: MappingProxyType[str, Callable[[float, int], Regularizer]] = MappingProxyType({
    Unregularized.name: lambda _lam, _k: Unregularized(),
    ProductL2.name: lambda lam, _k: ProductL2(lam),
    SumL2.name: lambda lam, _k: SumL2(lam),
    NonuniformSumL2.name: lambda lam, k: NonuniformSumL2(spread_strengths(lam, k)),
})  # fmt: skip


def make_regularizer(name: str, lam: SupportsFloat, n_components: SupportsIndex) -> Regularizer:
    """Return the regulariser of that name as the interactive figures set it.

    Parameters
    ----------
    name : {"none", "product", "sum", "non-uniform sum"}
    lam : float
        Strength; those of the non-uniform sum spread around it, see `spread_strengths`.
    n_components : int
        Width k of the bottleneck.

    Raises
    ------
    TypeError
        If ``lam`` is not a number or ``n_components`` not an integer.
    ValueError
        If the name is unknown or a number is out of range.
    """
    make = REGULARIZERS[check_choice("name", name, REGULARIZERS)]
    return make(check_nonnegative("lam", lam), check_count("n_components", n_components))


def _check_variances(variances: ArrayLike) -> FloatArray:
    spectrum = check_vector("variances", variances)
    if (spectrum < 0).any() or (np.diff(spectrum) > 0).any():
        raise ValueError("variances must be at least zero and in descending order")
    return spectrum


def _soft_shrinkage(variances: FloatArray, lam: float | FloatArray) -> FloatArray:
    kept = variances > lam
    return 1.0 - np.divide(lam, variances, out=np.ones_like(variances), where=kept)
