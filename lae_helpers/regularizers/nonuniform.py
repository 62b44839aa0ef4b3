"""The fourth rung: a penalty on the weights, of another strength for every component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray, check_vector
from lae_helpers.regularizers.base import Regularizer, check_variances, soft_shrinkage

if TYPE_CHECKING:
    import torch

SPREAD = (0.5, 1.5)


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
        import torch

        self.check_components(len(W1))
        lams = torch.tensor(self.lams, dtype=W1.dtype, device=W1.device)
        return lams @ (W1.square().sum(dim=1) + W2.square().sum(dim=0))

    def map_singular_values(self, variances: ArrayLike) -> FloatArray:
        """Return ``max(0, 1 - lam_(i) / v_i)``, lam_(i) the i-th smallest strength."""
        spectrum = check_variances(variances)
        if len(spectrum) != len(self.lams):
            raise ValueError(
                f"variances must be as many as lams: {len(self.lams)}, not {len(spectrum)}"
            )
        return soft_shrinkage(spectrum, np.sort(self.lams))

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
