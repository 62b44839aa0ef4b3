"""Training: one entry, `fit`; torch.optim does the optimising."""

from __future__ import annotations

from contextlib import closing
from typing import SupportsFloat, SupportsIndex

from lae_helpers.autoencoder import LinearAutoencoder, check_model
from lae_helpers.descent import (
    MINIBATCH_OPTIMIZERS,
    DivergenceError,
    MinibatchPlan,
    Objective,
    gradient_descent_steps,
    lbfgs_steps,
    minibatch_steps,
)
from lae_helpers.history import Callback, History, Snapshot, follow
from lae_helpers.pca import compute_moments
from lae_helpers.regularizers import Regularizer, Unregularized
from lae_helpers.validation import (
    ArrayLike,
    FloatArray,
    check_choice,
    check_count,
    check_number,
    check_samples,
)

__all__ = ["DivergenceError", "History", "Snapshot", "fit"]

MINIBATCH_OPTIONS = ("batch_size", "epochs", "learning_rate", "schedule")
OPTIONS = {
    "lbfgs": ("max_steps",),
    "gradient_descent": ("max_steps", "learning_rate"),
    **dict.fromkeys(MINIBATCH_OPTIMIZERS, MINIBATCH_OPTIONS),
}


def fit(
    model: LinearAutoencoder,
    X: ArrayLike,
    regularizer: Regularizer | None = None,
    *,
    optimizer: str = "lbfgs",
    max_steps: SupportsIndex | None = None,
    batch_size: SupportsIndex | None = None,
    epochs: SupportsIndex | None = None,
    learning_rate: SupportsFloat | None = None,
    schedule: str | None = None,
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
    X : array_like or torch.Tensor, shape (n_samples, n_features)
        Data as it is: without biases in the model, centre it first.
    regularizer : Regularizer, optional
        ``Unregularized()`` if not given.
    optimizer : {"lbfgs", "gradient_descent", "adam", "sgd"}
        ``"lbfgs"`` [1]_ and ``"gradient_descent"``: all of the data at once, through its mean and
        covariance, so that a step costs the same whatever n_samples is. The others: minibatches.
    max_steps : int, optional
        All of the data at once only: most steps, 1000 by default.
    batch_size, epochs : int, optional
        Minibatches only: samples a step (64) and passes over the data (20).
    learning_rate : float, optional
        Not with L-BFGS. Minibatches: 1e-3 by default; gradient descent: by default what
        `lae_helpers.descent.stable_learning_rate` says of the start.
    schedule : {"constant", "cosine"}, optional
        Minibatches only: keep the learning rate, or let it fall to zero along a half cosine.
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
    X, regularizer = _check_problem(model, X, regularizer)
    check_choice("optimizer", optimizer, OPTIONS)
    given: dict[str, object] = {
        "max_steps": max_steps,
        "batch_size": batch_size,
        "epochs": epochs,
        "learning_rate": learning_rate,
        "schedule": schedule,
    }
    for name, value in given.items():
        if value is not None and name not in OPTIONS[optimizer]:
            raise ValueError(f"{name} does not belong to optimizer={optimizer!r}; leave it out")
    rate = (
        None
        if learning_rate is None
        else check_number("learning_rate", learning_rate, positive=True)
    )
    if callback is not None and not callable(callback):
        raise TypeError(f"callback must be a function of step and loss, but it is {callback!r}")
    every = None if snapshot_every is None else check_count("snapshot_every", snapshot_every)
    tolerance = check_number("tolerance", tolerance)
    objective = Objective(model, compute_moments(X), regularizer)
    if optimizer in MINIBATCH_OPTIMIZERS:
        plan = MinibatchPlan(
            optimizer,
            _check_batch_size(batch_size, len(X)),
            check_count("epochs", 20 if epochs is None else epochs),
            1e-3 if rate is None else rate,
            check_choice(
                "schedule", "constant" if schedule is None else schedule, ("constant", "cosine")
            ),
            check_count("seed", seed, at_least=0),
            progress,
        )
        walk = minibatch_steps(objective, X, plan)
    else:
        most = check_count("max_steps", 1000 if max_steps is None else max_steps)
        if optimizer == "lbfgs":
            walk = lbfgs_steps(objective, max_steps=most)
        else:
            walk = gradient_descent_steps(objective, max_steps=most, learning_rate=rate)
    start = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    try:
        with closing(walk):
            return follow(objective, walk, tolerance * objective.scale, every, callback)
    except DivergenceError:
        model.load_state_dict(start)
        raise
    finally:
        model.zero_grad()


def _check_batch_size(batch_size: SupportsIndex | None, n_samples: int) -> int:
    size = min(64, n_samples) if batch_size is None else batch_size
    return check_count("batch_size", size, at_most=n_samples, why=" (the number of samples)")


def _check_problem(
    model: LinearAutoencoder, X: ArrayLike, regularizer: Regularizer | None
) -> tuple[FloatArray, Regularizer]:
    check_model(model)
    X = check_samples(X)
    if X.shape[1] != model.n_features:
        raise ValueError(
            f"X must have {model.n_features} columns like the model, but its shape is {X.shape}"
        )
    if model.n_components > len(X):
        raise ValueError(
            f"X must have at least {model.n_components} rows for that many components, "
            f"but its shape is {X.shape}"
        )
    regularizer = Unregularized() if regularizer is None else regularizer
    if not isinstance(regularizer, Regularizer):
        raise TypeError(
            "regularizer must be Unregularized(), ProductL2(lam), SumL2(lam) or "
            f"NonuniformSumL2(lams), but it is {regularizer!r}"
        )
    regularizer.check_components(model.n_components)
    return X, regularizer
