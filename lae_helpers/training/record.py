"""Recording what an optimiser does, and seeing when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch

from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.errors import DivergenceError
from lae_helpers.training.coordinates import Coordinates
from lae_helpers.training.history import History, Snapshot
from lae_helpers.training.objective import Objective, Point
from lae_helpers.training.options import Options

MOST_ROUNDING = 1.5e-8  # the root of the last digit: what is lost of a loss near its minimum


def _no_update() -> None:
    """Leave a model alone that has the weights already."""


@dataclass(frozen=True)
class Step:
    """Where an optimiser is after a number of steps.

    Attributes
    ----------
    number : int
    point : Point
        The weights there, with loss and gradient.
    offset : torch.Tensor
        That of `Coordinates.offset`.
    update_model : callable
        Gives the model these weights, where it does not have them yet.
    """

    number: int
    point: Point
    offset: torch.Tensor
    update_model: Callable[[], None] = _no_update

    @property
    def loss(self) -> float:
        """J with what the biases are off, in the units of the objective."""
        return self.point.loss + float(self.offset.square().sum())


def record(
    steps: Iterable[Step],
    objective: Objective,
    coordinates: Coordinates,
    options: Options,
    *,
    has_to_arrive: bool,
) -> tuple[History, str | None]:
    """Record steps until they end, the callback says so or the gradient is as good as zero.

    The model gets the weights of every step at which somebody may look at them, and of the last.

    Parameters
    ----------
    steps : iterable of Step
        The first is the start.
    objective : Objective
    coordinates : Coordinates
    options : Options
    has_to_arrive : bool
        Whether an end with a gradient other than zero is worth a complaint.

    Returns
    -------
    history : History
    complaint : str or None
        Why the training did not converge, unless it did or was stopped.
    """
    numbers: list[int] = []
    losses: list[float] = []
    snapshots: list[Snapshot] = []
    before: Point | None = None
    every, callback = options.snapshot_every, options.callback
    for step in steps:
        loss = objective.scale * step.loss
        if not np.isfinite(loss):
            raise DivergenceError(
                f"the loss became {loss} at step {step.number}; try smaller starting weights, data "
                "on a smaller scale or, where there is one, a smaller learning_rate"
            )
        if callback is not None or every is not None:
            step.update_model()
        if every is not None and len(numbers) % every == 0:
            snapshots.append(_snapshot(coordinates.model, step.number))
        still = before is not None and losses[-1] == loss and before.size == step.point.size
        before = step.point
        numbers.append(step.number)
        losses.append(loss)
        flat = _is_flat(step, coordinates, options.tolerance)
        saddle = flat and objective.is_saddle(step.point)
        stopped = callback is not None and bool(callback(step.number, loss))
        if stopped or still or (flat and not saddle):
            break
    step.update_model()
    if every is not None and snapshots[-1].step != step.number:
        snapshots.append(_snapshot(coordinates.model, step.number))
    history = History(np.array(numbers), np.array(losses), snapshots, flat and not saddle)
    complaint = None
    if saddle:
        complaint = _at_a_saddle(objective, step.point)
    elif has_to_arrive and not flat:
        complaint = _too_early(step.point, options.tolerance)
    return history, None if stopped else complaint


def _is_flat(step: Step, coordinates: Coordinates, tolerance: float) -> bool:
    """Say whether the slope is at most the tolerance, or as small as rounding lets it be told."""
    limit = max(tolerance, min(step.point.rounding, MOST_ROUNDING)) if tolerance > 0 else 0.0
    biases_are = 2 * float(step.offset.abs().max()) <= limit
    return biases_are and coordinates.slope_is_at_most(limit, step.point.gradient)


def _at_a_saddle(objective: Objective, point: Point) -> str:
    above = objective.scale * (point.loss - objective.minimum)
    return (
        f"at a saddle point, where the gradient is as good as zero but the loss {above:.4g} "
        "above its minimum; start from other weights"
    )


def _too_early(point: Point, tolerance: float) -> str:
    largest = float(point.gradient.abs().max())
    return (
        f"before the gradient came down to tolerance={tolerance:g}: it is {largest:.1e}; "
        "allow more max_steps, or ask for tolerance=0 if that many steps are all you want"
    )


def _snapshot(model: LinearAutoencoder, number: int) -> Snapshot:
    encoder, decoder = (
        layer.weight.detach().cpu().numpy().copy() for layer in (model.encoder, model.decoder)
    )
    return Snapshot(number, encoder, decoder)
