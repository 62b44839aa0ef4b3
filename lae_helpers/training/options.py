"""The settings of `lae_helpers.training.fit`: which belong together, and whether they will do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import SupportsFloat, SupportsIndex

import numpy as np

from lae_helpers._checks import check_choice, check_count, check_flag, check_positive
from lae_helpers.autoencoder import LinearAutoencoder, check_model
from lae_helpers.regularizers import Regularizer, Unregularized
from lae_helpers.training.minibatch import MINIBATCH_OPTIMIZERS

MINIBATCH_OPTIONS = ("batch_size", "epochs", "learning_rate", "schedule")
OPTIONS = {
    "lbfgs": ("max_steps",),
    "gradient_descent": ("max_steps", "learning_rate"),
    "alternating": ("max_steps", "tied"),
    **dict.fromkeys(MINIBATCH_OPTIMIZERS, MINIBATCH_OPTIONS),
}


@dataclass(frozen=True)
class Plan:
    """The checked settings of an optimiser."""

    optimizer: str
    max_steps: int
    batch_size: int | None
    epochs: int
    learning_rate: float | None
    schedule: str
    tied: bool
    seed: int
    progress: bool


def make_plan(
    optimizer: str,
    *,
    max_steps: SupportsIndex | None,
    batch_size: SupportsIndex | None,
    epochs: SupportsIndex | None,
    learning_rate: SupportsFloat | None,
    schedule: str | None,
    tied: bool,
    seed: SupportsIndex,
    progress: bool,
) -> Plan:
    """Check the settings and fill in those not given."""
    tied = check_flag("tied", tied)
    check_choice("optimizer", optimizer, OPTIONS)
    given = {
        "max_steps": max_steps is not None,
        "batch_size": batch_size is not None,
        "epochs": epochs is not None,
        "learning_rate": learning_rate is not None,
        "schedule": schedule is not None,
        "tied": tied,
    }
    for name, is_given in given.items():
        if is_given and name not in OPTIONS[optimizer]:
            raise ValueError(f"{name} does not belong to optimizer={optimizer!r}; leave it out")
    rate = learning_rate
    schedule = "constant" if schedule is None else schedule
    return Plan(
        optimizer,
        check_count("max_steps", 1000 if max_steps is None else max_steps),
        None if batch_size is None else check_count("batch_size", batch_size),
        check_count("epochs", 20 if epochs is None else epochs),
        None if rate is None else check_positive("learning_rate", rate),
        check_choice("schedule", schedule, ("constant", "cosine")),
        tied,
        check_count("seed", seed, at_least=0),
        check_flag("progress", progress),
    )


def check_trainable(model: object) -> LinearAutoencoder:
    """Return the model if all its parameters can be trained.

    Raises
    ------
    TypeError
        If it is not a LinearAutoencoder.
    ValueError
        If a parameter is frozen, or was made under ``torch.inference_mode()``.
    """
    checked = check_model(model)
    for name, parameter in checked.named_parameters():
        if parameter.is_inference():
            raise ValueError(
                f"model must not be made under torch.inference_mode(), which forbids to train it, "
                f"but its {name} was; make it outside"
            )
        if not parameter.requires_grad:
            raise ValueError(
                f"model must have no frozen parameters, because fit trains them all, but its "
                f"{name} has requires_grad=False; call model.requires_grad_(True) first"
            )
    return checked


def check_regularizer(
    regularizer: Regularizer | None, n_components: int, *, tied: bool
) -> Regularizer:
    """Return the regulariser, none by default, if it fits the width and the tied step."""
    regularizer = Unregularized() if regularizer is None else regularizer
    if not isinstance(regularizer, Regularizer):
        raise TypeError(
            "regularizer must be Unregularized(), ProductL2(lam), SumL2(lam) or "
            f"NonuniformSumL2(lams), but it is {regularizer!r}"
        )
    regularizer.check_components(n_components)
    equal = len(np.unique(regularizer.strengths(n_components))) == 1
    if tied and (regularizer.ridge > 0 or not equal):
        raise ValueError(
            "tied must be False with this regularizer: only Unregularized() and SumL2(lam) have "
            f"a tied step, but it is {regularizer!r}"
        )
    return regularizer
