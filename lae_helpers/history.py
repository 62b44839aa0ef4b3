"""What is recorded while a model is trained."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.descent import DivergenceError
from lae_helpers.validation import FloatArray

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
        Whether the largest entry of the gradient of J, at the end and on all of the data, is at
        most ``tolerance`` times the mean squared length of a sample. For a model with biases both
        are those of ``X - mean``, and of the biases ``b1 = 0`` and b2 that give the same function.
    """

    steps: npt.NDArray[np.int64]
    losses: FloatArray
    snapshots: list[Snapshot]
    converged: bool


class Judge(Protocol):
    """What says how far the training of a model has come."""

    model: LinearAutoencoder
    scale: float

    def loss_and_slope(self) -> tuple[float, float]:
        """Return J and the largest entry of its gradient, at the model's present parameters."""
        ...


def follow(
    judge: Judge,
    walk: Generator[int, None, None],
    flat: float,
    every: int | None,
    callback: Callback | None,
) -> History:
    """Take and record the steps of ``walk`` until they end or the slope is at most ``flat``."""
    steps: list[int] = []
    losses: list[float] = []
    snapshots: list[Snapshot] = []
    slopes: list[float] = []
    for record, step in enumerate(itertools.chain([0], walk)):
        loss, slope = judge.loss_and_slope()
        if not np.isfinite(loss):
            raise DivergenceError(
                f"the loss became {loss} at step {step}; try smaller starting weights, data on a "
                "smaller scale or, where there is one, a smaller learning_rate"
            )
        steps.append(step)
        losses.append(loss)
        slopes.append(slope)
        if every is not None and record % every == 0:
            snapshots.append(_snapshot(judge.model, step))
        stopped = callback is not None and callback(step, loss)
        stuck = record > 0 and losses[-2:] == [loss, loss] and slopes[-2:] == [slope, slope]
        if stopped or stuck or slope <= flat:
            break
    if every is not None and snapshots[-1].step != steps[-1]:
        snapshots.append(_snapshot(judge.model, steps[-1]))
    return History(np.array(steps), np.array(losses), snapshots, slopes[-1] <= flat)


def _snapshot(model: LinearAutoencoder, step: int) -> Snapshot:
    encoder, decoder = (
        layer.weight.detach().cpu().numpy().copy() for layer in (model.encoder, model.decoder)
    )
    return Snapshot(step, encoder, decoder)
