"""What `fit` leaves: the losses, copies of the weights, and whether it arrived."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lae_helpers._checks import FloatArray


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

    Examples
    --------
    >>> from lae_helpers import LinearAutoencoder, fit
    >>> history = fit(LinearAutoencoder(2, 1), [[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    >>> history.converged, len(history.steps) == len(history.losses)
    (True, True)
    >>> f"{history.losses[-1]:.4f}"  # the smaller of the two variances
    '0.5000'
    """

    steps: npt.NDArray[np.int64]
    losses: FloatArray
    snapshots: list[Snapshot]
    converged: bool
