"""Training: one entry, `fit`; torch.optim does the optimising."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from typing import SupportsFloat, SupportsIndex

from lae_helpers.alternating import alternate
from lae_helpers.autoencoder import LinearAutoencoder, check_model
from lae_helpers.batches import Batches, Data, as_source
from lae_helpers.descent import DivergenceError, Objective, gradient_descent_steps, lbfgs_steps
from lae_helpers.history import Callback, History, Judge, Snapshot, follow
from lae_helpers.minibatch import MINIBATCH_OPTIMIZERS, make_epochs, minibatch_steps
from lae_helpers.moments import moments_of
from lae_helpers.plan import Plan, check_regularizer, check_repeatable, check_widths, make_plan
from lae_helpers.regularizers import Regularizer
from lae_helpers.validation import FloatArray, check_count, check_number

__all__ = ["DivergenceError", "History", "Snapshot", "fit"]

Walk = tuple[Judge, Generator[int, None, None]]


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
    X : array_like, torch.Tensor, iterable of batches, dask.array.Array or Moments
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
    plan = make_plan(
        optimizer,
        max_steps=max_steps,
        batch_size=batch_size,
        epochs=epochs,
        learning_rate=learning_rate,
        schedule=schedule,
        tied=tied,
        seed=seed,
        progress=progress,
    )
    regularizer = check_regularizer(regularizer, model.n_components, tied=plan.tied)
    if callback is not None and not callable(callback):
        raise TypeError(f"callback must be a function of step and loss, but it is {callback!r}")
    every = None if snapshot_every is None else check_count("snapshot_every", snapshot_every)
    tolerance = check_number("tolerance", tolerance)
    source = as_source(X)
    if optimizer in MINIBATCH_OPTIMIZERS:
        check_repeatable(source, plan)
    moments = moments_of(source)
    check_widths(model, moments)
    objective = Objective(model, moments, regularizer)
    if optimizer in MINIBATCH_OPTIMIZERS:
        judge, walk = _by_minibatches(objective, check_repeatable(source, plan), plan)
    else:
        judge, walk = _on_all_data(objective, plan)
    start = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    try:
        with closing(walk):
            return follow(judge, walk, tolerance * judge.scale, every, callback)
    except DivergenceError:
        model.load_state_dict(start)
        raise
    finally:
        model.zero_grad()


def _on_all_data(objective: Objective, plan: Plan) -> Walk:
    most = plan.max_steps
    if plan.optimizer == "alternating":
        alternation = alternate(objective, tied=plan.tied)
        return alternation, alternation.steps(max_steps=most)
    if plan.optimizer == "gradient_descent":
        rate = plan.learning_rate
        return objective, gradient_descent_steps(objective, max_steps=most, learning_rate=rate)
    return objective, lbfgs_steps(objective, max_steps=most)


def _by_minibatches(objective: Objective, data: FloatArray | Batches, plan: Plan) -> Walk:
    return objective, minibatch_steps(
        objective,
        make_epochs(data, plan.batch_size, plan.seed, objective.mean),
        optimizer=plan.optimizer,
        epochs=plan.epochs,
        learning_rate=1e-3 if plan.learning_rate is None else plan.learning_rate,
        schedule=plan.schedule,
        progress=plan.progress,
    )
