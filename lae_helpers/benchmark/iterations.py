"""Exact minimisation in turn: read after every iteration, and the iterations counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import SupportsFloat, SupportsIndex, TypeVar

from lae_helpers._checks import ArrayLike, check_count, check_flag, check_matrix, check_nonnegative
from lae_helpers._sources import Data
from lae_helpers.autoencoder import LinearAutoencoder, check_model
from lae_helpers.benchmark.timer import sines
from lae_helpers.metrics import axis_alignment
from lae_helpers.moments import Moments
from lae_helpers.recovery import rayleigh_ritz, recover_from_decoder
from lae_helpers.regularizers import Regularizer
from lae_helpers.training import fit

Reading = TypeVar("Reading")


def watch_iterations(
    model: LinearAutoencoder,
    X: Data | Moments,
    regularizer: Regularizer | None,
    read: Callable[[], Reading],
    *,
    iterations: SupportsIndex,
    tied: bool = False,
) -> list[Reading]:
    """Train by exact minimisation in turn; read before the first and after each iteration.

    Parameters
    ----------
    model : LinearAutoencoder
        Trained in place.
    X : array_like, torch.Tensor, iterable of batches, dask.array.Array or Moments
    regularizer : Regularizer, optional
        No penalty if it is None.
    read : callable
        Called without arguments, the model up to date.
    iterations : int
    tied : bool
        See `fit`.

    Returns
    -------
    list
        What ``read`` returned, ``iterations + 1`` times; fewer if no digit changes any more.
    """
    readings: list[Reading] = []

    def look(_step: int, _loss: float) -> None:
        readings.append(read())

    fit(
        model, X, regularizer, optimizer="alternating", tied=tied, max_steps=iterations,
        tolerance=0.0, callback=look,
    )  # fmt: skip
    return readings


def worst_sine(directions: ArrayLike, reference: ArrayLike) -> float:
    """Return the largest sine of the angles between columns of the same index, at least 1e-7.

    Parameters
    ----------
    directions, reference : array_like, shape (n_features, k)

    Returns
    -------
    float
    """
    return float(sines(axis_alignment(directions, reference)).max())


def count_iterations(
    model: LinearAutoencoder,
    moments: Moments,
    reference: ArrayLike,
    regularizer: Regularizer | None = None,
    *,
    tied: bool = False,
    by_ritz: bool = True,
    goal: SupportsFloat = 0.9999,
    at_most: SupportsIndex = 5000,
) -> int:
    """Return how many iterations of exact minimisation in turn it takes to find the directions.

    Parameters
    ----------
    model : LinearAutoencoder
        Trained in place; at least as wide as there are directions to find.
    moments : Moments
    reference : array_like, shape (n_features, k)
        The true directions.
    regularizer : Regularizer, optional
        No penalty if it is None.
    tied : bool
        See `fit`.
    by_ritz : bool
        True: read Ritz vectors; False: left singular vectors of the decoder.
    goal : float
        Every ``|cos|`` has to be at least this.
    at_most : int

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the goal is not reached in ``at_most`` iterations.
    """
    check_model(model)
    truth, by_ritz = check_matrix("reference", reference), check_flag("by_ritz", by_ritz)
    wanted, limit = check_nonnegative("goal", goal), check_count("at_most", at_most)

    def arrived(_step: int, _loss: float) -> bool:
        if by_ritz:
            found = rayleigh_ritz(model, moments.covariance).directions
        else:
            found = recover_from_decoder(model).directions
        return bool(axis_alignment(found[:, : truth.shape[1]], truth).min() >= wanted)

    history = fit(
        model, moments, regularizer, optimizer="alternating", tied=tied, max_steps=limit,
        tolerance=0.0, callback=arrived,
    )  # fmt: skip
    if not arrived(0, 0.0):
        raise ValueError(f"goal must be within reach of at_most={limit} iterations, but it was not")
    return int(history.steps[-1])
