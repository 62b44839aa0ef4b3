"""Training: one entry, `fit`; torch.optim does the optimising."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import SupportsFloat, SupportsIndex

import numpy as np

from lae_helpers.alternating import alternate
from lae_helpers.autoencoder import LinearAutoencoder, check_model
from lae_helpers.batches import Batches, DaskArray, as_source
from lae_helpers.descent import DivergenceError, Objective, gradient_descent_steps, lbfgs_steps
from lae_helpers.history import Callback, History, Judge, Snapshot, follow
from lae_helpers.minibatch import MINIBATCH_OPTIMIZERS, make_epochs, minibatch_steps
from lae_helpers.moments import Data, Moments, moments_of
from lae_helpers.regularizers import Regularizer, Unregularized
from lae_helpers.validation import FloatArray, check_choice, check_count, check_number

__all__ = ["DivergenceError", "History", "Snapshot", "fit"]

MINIBATCH_OPTIONS = ("batch_size", "epochs", "learning_rate", "schedule")
OPTIONS = {
    "lbfgs": ("max_steps",),
    "gradient_descent": ("max_steps", "learning_rate"),
    "alternating": ("max_steps", "tied"),
    **dict.fromkeys(MINIBATCH_OPTIMIZERS, MINIBATCH_OPTIONS),
}


def fit(
    model: LinearAutoencoder,
    X: Data,
    regularizer: Regularizer | None = None,
    *,
    optimizer: str = "lbfgs",
    max_steps: SupportsIndex | None = None,
    batch_size: SupportsIndex | None = None,
    epochs: SupportsIndex | None = None,
    learning_rate: SupportsFloat | None = None,
    schedule: str | None = None,
    tied: bool = False,
    tolerance: SupportsFloat = 1e-8,
    seed: SupportsIndex = 0,
    snapshot_every: SupportsIndex | None = None,
    callback: Callback | None = None,
    progress: bool = True,
) -> History:
    """Minimise ``J = ||X - model(X)||_F^2 / n_samples + penalty`` in place.

    The biases are trained along with the weights and never penalised.

    Parameters
    ----------
    model : LinearAutoencoder
        Trained in place, from the weights it has.
    X : array_like, torch.Tensor, iterable of batches or dask.array.Array
        Data as it is, one sample a row: without biases in the model, centre it first. What
        `lae_helpers.moments.compute_moments` takes, one pass over it. Minibatches need an array,
        or batches that can be passed over again and again, such as a
        ``torch.utils.data.DataLoader``; their sizes and order are then those of the loader.
    regularizer : Regularizer, optional
        ``Unregularized()`` if not given.
    optimizer : {"lbfgs", "gradient_descent", "alternating", "adam", "sgd"}
        ``"lbfgs"`` [1]_, ``"gradient_descent"`` and ``"alternating"``: all of the data at once,
        through its mean and covariance, so that a step costs the same whatever n_samples is.
        ``"alternating"``: exact minimisation over the encoder, then over the decoder, see
        `lae_helpers.alternating`; it starts from the decoder, and what the decoder's columns do
        not span between them stays given up. The others: minibatches.
    max_steps : int, optional
        All of the data at once only: most steps, 1000 by default.
    batch_size, epochs : int, optional
        Minibatches only: samples a step (64), if X is an array, and passes over the data (20).
    learning_rate : float, optional
        Not with L-BFGS. Minibatches: 1e-3 by default; gradient descent: by default what
        `lae_helpers.descent.stable_learning_rate` says of the start.
    schedule : {"constant", "cosine"}, optional
        Minibatches only: keep the learning rate, or let it fall to zero along a half cosine.
    tied : bool
        Alternating only, and only with no penalty or `SumL2`: the encoder is the decoder's
        transpose after every step, and no eigen-decomposition is needed.
    tolerance : float
        See `History.converged`; training stops there, whatever the optimiser.
    seed : int
        Order of the minibatches, at least zero; the other optimisers have no use for it.
    snapshot_every : int, optional
        Keep a copy of the weights every so many records.
    callback : callable, optional
        Called with step and loss at every record, the model up to date; a true result ends
        the training, which keeps what was learned.
    progress : bool
        Minibatches only: show a progress bar, unless the environment sets ``TQDM_DISABLE``.

    Returns
    -------
    History

    Raises
    ------
    TypeError
        If the model, the regulariser, the callback or a number is of the wrong kind.
    ValueError
        If an argument is out of range, does not belong to the optimiser, or model, data and
        regulariser do not fit together.
    DivergenceError
        If the loss becomes NaN or infinite; the model then has its starting weights again.

    References
    ----------
    .. [1] D. C. Liu, J. Nocedal, "On the limited memory BFGS method for large scale
       optimization", Mathematical Programming 45, 1989.
    """
    check_model(model)
    regularizer = _check_regularizer(regularizer, model.n_components)
    given: dict[str, object] = {
        "max_steps": max_steps,
        "batch_size": batch_size,
        "epochs": epochs,
        "learning_rate": learning_rate,
        "schedule": schedule,
        "tied": _check_tied(tied, regularizer, model.n_components) or None,
    }
    _check_options(optimizer, given)
    if callback is not None and not callable(callback):
        raise TypeError(f"callback must be a function of step and loss, but it is {callback!r}")
    every = None if snapshot_every is None else check_count("snapshot_every", snapshot_every)
    tolerance = check_number("tolerance", tolerance)
    rate = learning_rate
    plan = Plan(
        optimizer,
        check_count("max_steps", 1000 if max_steps is None else max_steps),
        batch_size,
        check_count("epochs", 20 if epochs is None else epochs),
        None if rate is None else check_number("learning_rate", rate, positive=True),
        check_choice(
            "schedule", "constant" if schedule is None else schedule, ("constant", "cosine")
        ),
        tied,
        check_count("seed", seed, at_least=0),
        progress,
    )
    source = as_source(X)
    if optimizer in MINIBATCH_OPTIMIZERS:
        _check_repeatable(source, plan)
    moments = moments_of(source)
    _check_widths(model, moments)
    judge, walk = _begin(Objective(model, moments, regularizer), source, plan)
    start = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    try:
        with closing(walk):
            return follow(judge, walk, tolerance * judge.scale, every, callback)
    except DivergenceError:
        model.load_state_dict(start)
        raise
    finally:
        model.zero_grad()


@dataclass(frozen=True)
class Plan:
    """The checked settings of `fit`."""

    optimizer: str
    max_steps: int
    batch_size: SupportsIndex | None
    epochs: int
    learning_rate: float | None
    schedule: str
    tied: bool
    seed: int
    progress: bool


def _begin(
    objective: Objective, source: FloatArray | Batches | DaskArray, plan: Plan
) -> tuple[Judge, Generator[int, None, None]]:
    most, rate = plan.max_steps, plan.learning_rate
    if plan.optimizer == "lbfgs":
        return objective, lbfgs_steps(objective, max_steps=most)
    if plan.optimizer == "gradient_descent":
        return objective, gradient_descent_steps(objective, max_steps=most, learning_rate=rate)
    if plan.optimizer == "alternating":
        alternation = alternate(objective, tied=plan.tied)
        return alternation, alternation.steps(max_steps=most)
    assert not isinstance(source, DaskArray)  # `_check_repeatable` turned it down
    return objective, minibatch_steps(
        objective,
        make_epochs(source, plan.batch_size, plan.seed, objective.mean),
        optimizer=plan.optimizer,
        epochs=plan.epochs,
        learning_rate=1e-3 if rate is None else rate,
        schedule=plan.schedule,
        progress=plan.progress,
    )


def _check_regularizer(regularizer: Regularizer | None, n_components: int) -> Regularizer:
    regularizer = Unregularized() if regularizer is None else regularizer
    if not isinstance(regularizer, Regularizer):
        raise TypeError(
            "regularizer must be Unregularized(), ProductL2(lam), SumL2(lam) or "
            f"NonuniformSumL2(lams), but it is {regularizer!r}"
        )
    regularizer.check_components(n_components)
    return regularizer


def _check_tied(tied: bool, regularizer: Regularizer, n_components: int) -> bool:
    if not isinstance(tied, bool | np.bool_):
        raise TypeError(f"tied must be True or False, but it is {tied!r}")
    equal = len(np.unique(regularizer.strengths(n_components))) == 1
    if tied and (regularizer.ridge > 0 or not equal):
        raise ValueError(
            "tied must be False with this regularizer: only Unregularized() and SumL2(lam) have "
            f"a tied step, but it is {regularizer!r}"
        )
    return bool(tied)


def _check_options(optimizer: str, given: dict[str, object]) -> None:
    check_choice("optimizer", optimizer, OPTIONS)
    for name, value in given.items():
        if value is not None and name not in OPTIONS[optimizer]:
            raise ValueError(f"{name} does not belong to optimizer={optimizer!r}; leave it out")


def _check_repeatable(source: FloatArray | Batches | DaskArray, plan: Plan) -> None:
    """Turn down what minibatches cannot be made of."""
    others = "or use an optimizer that needs one pass: lbfgs, gradient_descent or alternating"
    if isinstance(source, DaskArray):
        raise ValueError(
            f"X must be an array or a DataLoader for optimizer={plan.optimizer!r}, but it is a "
            f"Dask array; use X.compute() if memory allows it, {others}"
        )
    if isinstance(source, Batches) and not source.repeats:
        raise ValueError(
            f"X must be an array or a DataLoader for optimizer={plan.optimizer!r}, but it is a "
            f"generator, which gives its batches only once; put them into a list, {others}"
        )
    if isinstance(source, Batches) and plan.batch_size is not None:
        raise ValueError(
            "batch_size must be left out if X comes in batches: they have their sizes already, "
            f"but it is {plan.batch_size!r}"
        )


def _check_widths(model: LinearAutoencoder, moments: Moments) -> None:
    shape = (moments.n_samples, len(moments.mean))
    if shape[1] != model.n_features:
        raise ValueError(
            f"X must have {model.n_features} columns like the model, but its shape is {shape}"
        )
    if model.n_components > shape[0]:
        raise ValueError(
            f"X must have at least {model.n_components} rows for that many components, "
            f"but its shape is {shape}"
        )
