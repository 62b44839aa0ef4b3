"""What `fit` is asked to do: every check of it stands here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import SupportsFloat, SupportsIndex

import numpy as np

from lae_helpers._checks import (
    check_choice,
    check_count,
    check_flag,
    check_nonnegative,
    check_positive,
)
from lae_helpers.autoencoder import LinearAutoencoder, check_model
from lae_helpers.regularizers import Regularizer, Unregularized

SCHEDULES = ("constant", "cosine")

Callback = Callable[[int, float], bool | None]


@dataclass(frozen=True)
class Options:
    """The checked options, those not given filled in where that needs no data."""

    max_steps: int
    batch_size: int | None
    epochs: int
    learning_rate: float | None
    schedule: str
    tied: bool
    tolerance: float
    seed: int
    snapshot_every: int | None
    callback: Callback | None
    progress: bool


def check_options(
    optimizer: str,
    own: Sequence[str],
    *,
    max_steps: SupportsIndex | None,
    batch_size: SupportsIndex | None,
    epochs: SupportsIndex | None,
    learning_rate: SupportsFloat | None,
    schedule: str | None,
    tied: bool,
    tolerance: SupportsFloat,
    seed: SupportsIndex,
    snapshot_every: SupportsIndex | None,
    callback: Callback | None,
    progress: bool,
) -> Options:
    """Check what was passed to `fit`, and fill in what was not.

    Parameters
    ----------
    optimizer : str
        Its name, for the message.
    own : sequence of str
        The options that belong to this optimiser and not to all.
    max_steps, batch_size, epochs, learning_rate, schedule, tied, tolerance, seed, snapshot_every
        See `fit`.
    callback, progress
        See `fit`.

    Raises
    ------
    TypeError, ValueError
        If an option is of the wrong kind, out of range or not one of this optimiser's.
    """
    particular = {
        "max_steps": max_steps,
        "batch_size": batch_size,
        "epochs": epochs,
        "learning_rate": learning_rate,
        "schedule": schedule,
        "tied": check_flag("tied", tied) or None,
    }
    for name, value in particular.items():
        if value is not None and name not in own:
            raise ValueError(f"{name} does not belong to optimizer={optimizer!r}; leave it out")
    if callback is not None and not callable(callback):
        raise TypeError(f"callback must be a function of step and loss, but it is {callback!r}")
    rate, every = learning_rate, snapshot_every
    return Options(
        max_steps=check_count("max_steps", 1000 if max_steps is None else max_steps),
        batch_size=None if batch_size is None else check_count("batch_size", batch_size),
        epochs=check_count("epochs", 20 if epochs is None else epochs),
        learning_rate=None if rate is None else check_positive("learning_rate", rate),
        schedule=check_choice(
            "schedule", SCHEDULES[0] if schedule is None else schedule, SCHEDULES
        ),
        tied=bool(tied),
        tolerance=check_nonnegative("tolerance", tolerance),
        seed=check_count("seed", seed, at_least=0),
        snapshot_every=None if every is None else check_count("snapshot_every", every),
        callback=callback,
        progress=check_flag("progress", progress),
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
    """Return the regulariser, none by default, if it fits the width and the tied step.

    Parameters
    ----------
    regularizer : Regularizer or None
    n_components : int
    tied : bool
        Whether the encoder is to stay the transpose of the decoder.

    Raises
    ------
    TypeError
        If it is no `Regularizer`.
    ValueError
        If it is one for another width, or has no tied step.
    """
    regularizer = Unregularized() if regularizer is None else regularizer
    if not isinstance(regularizer, Regularizer):
        raise TypeError(
            "regularizer must be Unregularized(), ProductL2(lam), SumL2(lam) or "
            f"NonuniformSumL2(lams), but it is {regularizer!r}"
        )
    regularizer.check_components(n_components)
    equal = len(np.unique(regularizer.strengths(n_components))) == 1
    if tied and (regularizer.map_strength > 0 or not equal):
        raise ValueError(
            "tied must be False with this regularizer: only Unregularized() and SumL2(lam) have "
            f"a tied step, but it is {regularizer!r}"
        )
    return regularizer
