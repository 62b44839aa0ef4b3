"""Networks that learn through feedback weights which learn too: several seeds at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, SupportsFloat, SupportsIndex

import numpy as np
import torch
from torch import Tensor

from lae_helpers._checks import check_count, check_positive
from lae_helpers.data import N_CLASSES
from lae_helpers.errors import DivergenceError
from lae_helpers.feedback.base import FeedbackRule, Synapses
from lae_helpers.feedback.data import LabelledImages
from lae_helpers.feedback.measures import accuracy, angles, gains, hidden_errors, weight_angles
from lae_helpers.feedback.runs import KEPT_DIGITS, Runs
from lae_helpers.networks.mlp import (
    ACTIVATIONS,
    COSTS,
    MLP,
    draw_weights,
    pass_back,
    pass_forward,
)

SLOWEST = 0.02  # what annealing leaves of the rates of the rules at the end
RELU = ACTIVATIONS["relu"]

EpochCallback = Callable[[int], bool | None]


def train_with_feedback(
    rule: FeedbackRule,
    images: LabelledImages,
    hidden: Sequence[SupportsIndex],
    *,
    seeds: Sequence[SupportsIndex] = (0,),
    epochs: SupportsIndex = 20,
    learning_rate: SupportsFloat = 0.1,
    batch_size: SupportsIndex = 50,
    callback: EpochCallback | None = None,
) -> Runs:
    """Train ReLU networks by gradient descent whose errors come back through a rule's feedback.

    A seed determines a network's starting weights, feedback, batches and noise, whatever other
    seeds there are; all but the noise is the same for every rule. The step falls to zero along a
    cosine.

    Parameters
    ----------
    rule : FeedbackRule
    images : LabelledImages
    hidden : sequence of int
        Widths of the hidden layers, at least one.
    seeds : sequence of int
        What each network draws from.
    epochs : int
    learning_rate : float
        Step of the forward weights at the start.
    batch_size : int
    callback : callable, optional
        Called with the number of each record; the training ends early where it returns True.

    Returns
    -------
    Runs

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range; the message names it.
    DivergenceError
        If weights or errors are no longer finite.
    """
    if not hidden or not seeds:
        raise ValueError("hidden and seeds must not be empty")
    counts = [check_count(f"hidden[{i}]", width) for i, width in enumerate(hidden)]
    numbers = tuple(check_count(f"seeds[{i}]", s, at_least=0) for i, s in enumerate(seeds))
    epochs = check_count("epochs", epochs)
    batch = check_count("batch_size", batch_size, at_most=len(images.X), why=" (the samples)")
    step = check_positive("learning_rate", learning_rate)
    widths = (images.X.shape[1], *counts, N_CLASSES)
    networks = [_Network(rule, widths, seed) for seed in numbers]
    records: list[list[dict[str, Any]]] = []
    for epoch in range(epochs + 1):
        for network in networks if epoch > 0 else ():
            network.learn(images, batch, step, (epoch - 1) / epochs, epoch / epochs)
        records.append([network.measure(images) for network in networks])
        if callback is not None and callback(epoch):
            break
    tables = {
        name: np.array([[one[name] for one in record] for record in records])
        for name in KEPT_DIGITS
    }
    return Runs(
        rule, widths, numbers, epochs, step, batch,
        networks=tuple(network.freeze() for network in networks), **tables,
    )  # fmt: skip


class _Network:
    """A network in training; a seed determines its weights, feedback, batches and noise."""

    def __init__(self, rule: FeedbackRule, widths: tuple[int, ...], seed: int) -> None:
        self.rule, self.seed = rule, seed
        self.generator = torch.Generator().manual_seed(seed)
        # twice the variance, as ReLU lets only half of it through
        self.W = [math.sqrt(2) * W for W in draw_weights(widths, self.generator)]
        self.b = [W.new_zeros(len(W)) for W in self.W]
        drawn = [W.std() * self._normal(self.generator, W.T.shape) for W in self.W[1:]]
        self.B = [rule.start(B, W) for B, W in zip(drawn, self.W[1:], strict=True)]
        # noise of its own, so that the batches are the same for every rule
        number = int(torch.randint(2**62, (), generator=self.generator))
        self.noise = torch.Generator().manual_seed(number)

    @staticmethod
    def _normal(generator: torch.Generator, shape: Sequence[int]) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    def learn(
        self, images: LabelledImages, batch: int, step: float, begin: float, end: float
    ) -> None:
        """Go once through the images, from the share ``begin`` of the training to ``end``."""
        order = torch.randperm(len(images.X), generator=self.generator)
        parts = order[: len(order) // batch * batch].split(batch)
        for i, part in enumerate(parts):
            cosine = (1 + math.cos(math.pi * (begin + (end - begin) * i / len(parts)))) / 2
            annealing = SLOWEST + (1 - SLOWEST) * cosine
            self._take_step(images.X[part], images.targets[part], step * cosine, annealing)

    def _take_step(self, X: Tensor, targets: Tensor, step: float, annealing: float) -> None:
        """Take one step: forward weights first, then the feedback."""
        (*hidden, outputs), activities = pass_forward(self.W, self.b, X, RELU)
        delta = COSTS["cross_entropy"].slope(outputs, targets)
        errors = pass_back(delta, self.B, hidden, RELU)
        kept = 1 - step * self.rule.weight_decay
        for W, b, a, error in zip(self.W, self.b, activities, errors, strict=True):
            W.addmm_(error.T, a, beta=kept, alpha=-step / len(X))
            b.sub_(error.mean(dim=0), alpha=step)
        below = activities[1:]
        layers = zip(self.W[1:], below, errors[1:], self._mirror(below), strict=True)
        for i, signals in enumerate(layers):
            self.B[i] = self.rule.update(self.B[i], Synapses(*signals, step, annealing))

    def _mirror(self, hidden: Sequence[Tensor]) -> list[Tensor]:
        """Return what the hidden layers do in a mirror phase; without one they are silent."""
        if not self.rule.needs_noise:
            return [torch.zeros_like(a) for a in hidden]
        return [self._normal(self.noise, a.shape) for a in hidden]

    def freeze(self) -> MLP:
        """Return the network as it is."""
        return MLP(self.W, self.b, activation="relu")

    def measure(self, images: LabelledImages) -> dict[str, Any]:
        """Return what a record holds of one network, under the names of `Runs`."""
        self._check_finite((*self.W, *self.B))
        network = self.freeze()
        fed_back, exact = hidden_errors(network, self.B, images)
        self._check_finite((*fed_back, *exact))
        return {
            "accuracies": accuracy(network, images),
            "weight_angles": weight_angles(network, self.B),
            "gains": gains(network, self.B),
            "error_angles": angles(fed_back, exact),
        }

    def _check_finite(self, parts: Sequence[Tensor]) -> None:
        if not all(part.norm().isfinite() for part in parts):
            raise DivergenceError(
                f"weights or errors are no longer finite with seed {self.seed}; "
                "try a smaller learning_rate"
            )
