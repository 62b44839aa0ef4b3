"""What is recorded while a model is trained."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from lae_helpers._checks import FloatArray
from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.errors import DivergenceError
from lae_helpers.training.coordinates import Coordinates
from lae_helpers.training.objective import Objective, Point

MOST_ROUNDING = 1.5e-8  # the root of the last digit: what is lost of a loss near its minimum

Callback = Callable[[int, float], bool | None]


@dataclass(frozen=True)
class Snapshot:
    """Copies of the weights at one step: encoder (k, n) and decoder (n, k)."""

    step: int
    encoder: FloatArray
    decoder: FloatArray


@dataclass(frozen=True)
class History:
    """What happened during `fit`.

    Attributes
    ----------
    steps : ndarray of int
        Optimiser steps taken at each record: every epoch of minibatches, else every step.
        The first record is step 0, before any training.
    losses : ndarray of float
        J, penalty included, on all of the data, at each of ``steps``.
    snapshots : list of Snapshot
        Copies of the weights, if ``snapshot_every`` was given; first and last record included.
    converged : bool
        Whether the gradient of J, at the end and on all of the data, is as good as zero and no
        saddle point near: its largest entry is at most ``tolerance``, or as small as rounding
        errors let it be told, in the unit in which the mean squared length of a sample is one;
        and J is no higher above its minimum than so small a gradient can be near a minimum. For
        a model with biases the data are those of ``X - mean``, and the biases are ``b1 = 0`` and
        the b2 that give the same function.
    """

    steps: npt.NDArray[np.int64]
    losses: FloatArray
    snapshots: list[Snapshot]
    converged: bool


@dataclass(frozen=True)
class Reading:
    """Where an optimiser is after a number of steps.

    ``offset`` is that of `Coordinates.offset`; ``placed`` says that the model has these weights.
    """

    step: int
    point: Point
    offset: torch.Tensor
    placed: bool


def follow(
    readings: Iterable[Reading],
    objective: Objective,
    coordinates: Coordinates,
    *,
    tolerance: float,
    every: int | None,
    callback: Callback | None,
    to_the_end: bool,
) -> tuple[History, str | None]:
    """Record readings until they end, the callback says so or the gradient is as good as zero.

    Returns the record, and why the training did not converge, unless it did or was stopped, or
    was at no saddle and is not to go ``to_the_end``. The model gets the weights of every reading
    where somebody may look at them, and of the last.
    """
    steps: list[int] = []
    losses: list[float] = []
    snapshots: list[Snapshot] = []
    last: Reading | None = None
    for now in readings:
        loss = objective.scale * (now.point.loss + float(now.offset.square().sum()))
        if not np.isfinite(loss):
            raise DivergenceError(
                f"the loss became {loss} at step {now.step}; try smaller starting weights, data "
                "on a smaller scale or, where there is one, a smaller learning_rate"
            )
        if not now.placed and (callback is not None or every is not None):
            coordinates.place(now.point.weights)
        if every is not None and len(steps) % every == 0:
            snapshots.append(_snapshot(coordinates.model, now.step))
        still = last is not None and losses[-1] == loss and last.point.size == now.point.size
        last = now
        steps.append(now.step)
        losses.append(loss)
        flat = _is_flat(now, coordinates, tolerance)
        saddle = flat and objective.is_saddle(now.point)
        stopped = callback is not None and bool(callback(now.step, loss))
        if stopped or still or (flat and not saddle):
            break
    if not now.placed:
        coordinates.place(now.point.weights)
    if every is not None and snapshots[-1].step != now.step:
        snapshots.append(_snapshot(coordinates.model, now.step))
    history = History(np.array(steps), np.array(losses), snapshots, flat and not saddle)
    complaint = None
    if saddle:
        above = objective.scale * (now.point.loss - objective.minimum)
        complaint = (
            f"at a saddle point, where the gradient is as good as zero but the loss {above:.4g} "
            "above its minimum; start from other weights"
        )
    elif to_the_end and not flat:
        largest = float(now.point.gradient.abs().max())
        complaint = (
            f"before the gradient came down to tolerance={tolerance:g}: it is {largest:.1e}; "
            "allow more max_steps, or ask for tolerance=0 if that many steps are all you want"
        )
    return history, None if stopped else complaint


def _is_flat(now: Reading, coordinates: Coordinates, tolerance: float) -> bool:
    """Say whether the slope is at most the tolerance, or as small as rounding lets it be told."""
    limit = max(tolerance, min(now.point.rounding, MOST_ROUNDING)) if tolerance > 0 else 0.0
    biases_are = 2 * float(now.offset.abs().max()) <= limit
    return biases_are and coordinates.slope_is_at_most(limit, now.point.gradient)


def _snapshot(model: LinearAutoencoder, step: int) -> Snapshot:
    encoder, decoder = (
        layer.weight.detach().cpu().numpy().copy() for layer in (model.encoder, model.decoder)
    )
    return Snapshot(step, encoder, decoder)
