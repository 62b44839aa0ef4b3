"""Training: options, source, moments, objective, record."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import SupportsFloat, SupportsIndex

import torch

from lae_helpers._checks import check_choice
from lae_helpers._samples import check_rows
from lae_helpers._sources import Data, as_source
from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.errors import ConvergenceWarning
from lae_helpers.moments import moments_of
from lae_helpers.regularizers import Regularizer
from lae_helpers.training.coordinates import Coordinates
from lae_helpers.training.history import History
from lae_helpers.training.objective import Objective
from lae_helpers.training.optimizers import OPTIMIZERS
from lae_helpers.training.options import Callback, check_options, check_regularizer, check_trainable
from lae_helpers.training.record import record
from lae_helpers.training.threads import threads_for


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
        `lae_helpers.training.alternating`; it starts from the decoder, and what the decoder's
        columns do not span between them stays given up. The others: minibatches.
    max_steps : int, optional
        All of the data at once only: most steps, 1000 by default.
    batch_size, epochs : int, optional
        Minibatches only: samples a step (64), if X is an array, and passes over the data (20).
    learning_rate : float, optional
        Not with L-BFGS. Minibatches: 1e-3 by default; gradient descent: by default what
        `lae_helpers.training.full_batch.stable_learning_rate` says of the start with
        ``least_norm=1``, in units in which the mean squared length of a sample is one.
    schedule : {"constant", "cosine"}, optional
        Minibatches only: keep the learning rate, or let it fall to zero along a half cosine.
    tied : bool
        Alternating only, and only with no penalty or `SumL2`: the encoder is the decoder's
        transpose after every step, and no eigen-decomposition is needed.
    tolerance : float
        See ``History.converged``; training stops there, whatever the optimiser. Zero asks for all
        the steps.
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
        regulariser do not fit together; or if a parameter of the model is frozen.
    DivergenceError
        If the loss becomes NaN or infinite.

    Whatever is raised on the way, an interruption too, the model then has its starting weights.

    Warns
    -----
    ConvergenceWarning
        If training on all of the data at once ends without having converged: no steps are left,
        no step lowers J any more, or a saddle point holds it, as zero weights do. Neither where
        the callback ended it, nor with ``tolerance=0``; minibatches make the passes asked for,
        and only a saddle point is worth a warning.

    Notes
    -----
    All of the data at once is computed in float64, in units in which the mean squared length of a
    sample is one, and from the mean of the data, for which the best biases are known. So neither
    the unit of the data nor their mean matters, with biases: ``c X`` and ``c^2 lam`` (and
    ``learning_rate / c^2``) train like ``X`` and ``lam``. Of the minibatches without biases this
    holds for SGD; Adam's step is ``learning_rate`` in any unit, as long as gradients are well
    above its 1e-8. A model of another dtype gets the rounded weights; minibatches are computed in
    the model's dtype, to which the data are converted.

    Up to 2,000 features one thread computes, however many the machine has: threads that wait for
    each other would slow it down.

    References
    ----------
    .. [1] D. C. Liu, J. Nocedal, "On the limited memory BFGS method for large scale
       optimization", Mathematical Programming 45, 1989.

    Examples
    --------
    >>> import numpy as np
    >>> from lae_helpers import LinearAutoencoder, SumL2, synthetic_data
    >>> X = synthetic_data([3.0, 2.0, 1.0], n_samples=10)  # variances 0.9, 0.4 and 0.1
    >>> model = LinearAutoencoder(n_features=3, n_components=2)
    >>> history = fit(model, X, SumL2(0.1))
    >>> history.converged
    True
    >>> bool(np.isclose(history.losses[-1], SumL2(0.1).minimum_loss([0.9, 0.4, 0.1], k=2)))
    True
    """
    check_trainable(model)
    chosen = OPTIMIZERS[check_choice("optimizer", optimizer, OPTIMIZERS)]
    options = check_options(
        optimizer, chosen.options,
        max_steps=max_steps, batch_size=batch_size, epochs=epochs, learning_rate=learning_rate,
        schedule=schedule, tied=tied, tolerance=tolerance, seed=seed,
        snapshot_every=snapshot_every, callback=callback, progress=progress,
    )  # fmt: skip
    regularizer = check_regularizer(regularizer, model.n_components, tied=options.tied)
    source = as_source(X)
    source.expect(model.n_features, model.n_components)
    batches = chosen.minibatches(source, options)
    with threads_for(model.n_features):
        moments = moments_of(source)
        check_rows(moments.shape, model.n_components)
        with torch.inference_mode(mode=False), torch.enable_grad(), _kept_unless_done(model):
            coordinates = Coordinates(model, moments)
            chosen.choose_axes(coordinates, regularizer, options)
            objective = Objective(
                coordinates.matrix, regularizer, model.n_components, coordinates.scale
            )
            with closing(chosen.steps(objective, coordinates, options, batches)) as steps:
                history, complaint = record(
                    steps, objective, coordinates, options, has_to_arrive=chosen.has_to_arrive
                )
    if complaint is not None and options.tolerance > 0:
        message = f"fit ended after {history.steps[-1]} steps {complaint}"
        warnings.warn(message, ConvergenceWarning, stacklevel=2)
    return history


@contextmanager
def _kept_unless_done(model: LinearAutoencoder) -> Iterator[None]:
    """Give the model its parameters back if what is done in this context fails."""
    start = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    try:
        yield
    except BaseException:
        model.load_state_dict(start)
        raise
    finally:
        model.zero_grad()
