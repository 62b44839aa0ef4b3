"""The regularisers by their names, as the interactive figures set them."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import SupportsFloat, SupportsIndex

from lae_helpers._checks import check_choice, check_count, check_nonnegative
from lae_helpers.regularizers.base import Regularizer
from lae_helpers.regularizers.nonuniform import NonuniformSumL2, spread_strengths
from lae_helpers.regularizers.product import ProductL2
from lae_helpers.regularizers.sum import SumL2
from lae_helpers.regularizers.unregularized import Unregularized

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
