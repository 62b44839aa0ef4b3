"""What the training panel trains with: the choices that it offers, checked."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import SupportsFloat, SupportsIndex

from lae_helpers._checks import check_between, check_choice, check_count
from lae_helpers.regularizers import (
    REGULARIZERS,
    SPREAD,
    NonuniformSumL2,
    Regularizer,
    Unregularized,
    make_regularizer,
)
from lae_helpers.widgets.limits import LEAST_LAM, MOST_LAM


@dataclass(frozen=True)
class OptimizerChoice:
    """An optimiser as the panel uses it: minibatches of 64 if it has a learning rate.

    ``most_records`` is the most steps of L-BFGS, or the epochs of the others.
    """

    label: str
    most_records: int
    learning_rate: float | None = None


OPTIMIZERS = MappingProxyType({
    "lbfgs": OptimizerChoice("L-BFGS", most_records=1000),
    "adam": OptimizerChoice("Adam", most_records=30, learning_rate=1e-3),
    "sgd": OptimizerChoice("SGD", most_records=30, learning_rate=1e-2),
})  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """One choice of everything that the panel lets a reader choose."""

    regularizer: str
    lam: float
    n_components: int
    optimizer: str

    def make_regularizer(self) -> Regularizer:
        """Build the regulariser with its strength or strengths."""
        return make_regularizer(self.regularizer, self.lam, self.n_components)

    def __str__(self) -> str:
        strength = {
            Unregularized.name: "",
            NonuniformSumL2.name: f", λ₁ … λₖ from {SPREAD[0] * self.lam:.3g} "
            f"to {SPREAD[1] * self.lam:.3g}",
        }.get(self.regularizer, f", λ = {self.lam:.3g}")
        if self.n_components == 1 and self.regularizer == NonuniformSumL2.name:
            strength = f", λ₁ = {self.lam:.3g}"
        name = "no regulariser" if self.regularizer == Unregularized.name else self.regularizer
        return f"{name}{strength}, k = {self.n_components}, {OPTIMIZERS[self.optimizer].label}"


def check_settings(
    regularizer: str,
    lam: SupportsFloat,
    n_components: SupportsIndex,
    optimizer: str,
    *,
    most_components: int,
) -> Settings:
    """Return the settings, or raise an error that names the argument at fault.

    Parameters
    ----------
    regularizer : {"none", "product", "sum", "non-uniform sum"}
    lam : float
        Strength, within the range of its slider.
    n_components : int
        Width k of the bottleneck.
    optimizer : {"lbfgs", "adam", "sgd"}
    most_components : int
        The largest k that the panel offers for its data.

    Returns
    -------
    Settings

    Raises
    ------
    TypeError
        If ``lam`` is not a number or ``n_components`` not an integer.
    ValueError
        If a name is unknown or a number is outside the range of its slider.
    """
    check_choice("regularizer", regularizer, REGULARIZERS)
    strength = check_between("lam", lam, LEAST_LAM, MOST_LAM)
    k = check_count("n_components", n_components, at_most=most_components)
    check_choice("optimizer", optimizer, OPTIMIZERS)
    return Settings(regularizer, strength, k, optimizer)
