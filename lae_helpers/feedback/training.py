"""Networks that learn through feedback weights which learn too: several seeds at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import SupportsFloat, SupportsIndex

import numpy as np
import torch
from torch import Tensor

from lae_helpers._checks import FloatArray, check_count, check_positive
from lae_helpers.data import N_CLASSES
from lae_helpers.errors import DivergenceError
from lae_helpers.feedback.data import LabelledImages
from lae_helpers.feedback.rules import FeedbackRule, Synapses
from lae_helpers.metrics import angle
from lae_helpers.networks.mlp import (
    ACTIVATIONS,
    COSTS,
    MLP,
    Layers,
    draw_weights,
    pass_back,
    pass_forward,
)

SLOWEST = 0.02  # what annealing leaves of the rates of the rules at the end
RELU = ACTIVATIONS["relu"]
N_PROBES = 200  # training samples on which the angles of the errors are measured

KEPT_DIGITS = {"accuracies": 5, "weight_angles": 2, "gains": 3, "error_angles": 2}

EpochCallback = Callable[[int], bool | None]


@dataclass(frozen=True)
class Runs:
    """What happened to several networks that differ in their seeds; the first record is epoch 0.

    Attributes
    ----------
    rule : FeedbackRule
    widths : tuple of int
    seeds : tuple of int
    epochs : int
        As planned; a training that was stopped has fewer records.
    learning_rate : float
    batch_size : int
    accuracies : ndarray, shape (records, seeds)
        Share of the test images that are classified correctly.
    weight_angles : ndarray, shape (records, seeds, layers - 1)
        Degrees between B^l and the transpose of W^l, for l = 2 to L.
    gains : ndarray, shape (records, seeds, layers - 1)
        ``||B^l||_F / ||W^l||_F``.
    error_angles : ndarray, shape (records, seeds, layers - 1)
        Degrees between δ^l as fed back and as the transposes would have it, over 200 training
        samples, for l = 1 to L - 1.
    networks : tuple of MLP
        As they are at the end, one a seed; none for runs that were read from a record.
    """

    rule: FeedbackRule
    widths: tuple[int, ...]
    seeds: tuple[int, ...]
    epochs: int
    learning_rate: float
    batch_size: int
    accuracies: FloatArray
    weight_angles: FloatArray
    gains: FloatArray
    error_angles: FloatArray
    networks: tuple[MLP, ...]

    def tables(self) -> dict[str, FloatArray]:
        """Return what was recorded, by name, to the digits that records and figures keep."""
        return {name: getattr(self, name).round(digits) for name, digits in KEPT_DIGITS.items()}


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
    epochs, batch_size : int
    learning_rate : float
        Step of the forward weights at the start.
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
    records = [[network.measure(images) for network in networks]]
    stopped = callback is not None and callback(0)
    for epoch in range(epochs):
        if stopped:
            break
        for network in networks:
            network.learn(images, batch, step, epoch / epochs, (epoch + 1) / epochs)
        records.append([network.measure(images) for network in networks])
        stopped = callback is not None and callback(epoch + 1)
    accuracies, angles, gains, error_angles = (
        np.array([[record[i] for record in records_of_epoch] for records_of_epoch in records])
        for i in range(4)
    )
    return Runs(
        rule, widths, numbers, epochs, step, batch,
        accuracies, angles, gains, error_angles, tuple(network.freeze() for network in networks),
    )  # fmt: skip


class _Network:
    """A network in training; a seed determines its weights, feedback, batches and noise."""

    def __init__(self, rule: FeedbackRule, widths: tuple[int, ...], seed: int) -> None:
        self.rule, self.seed = rule, seed
        self.draw = torch.Generator().manual_seed(seed)
        # twice the variance, as ReLU lets only half of it through
        self.W = [math.sqrt(2) * W for W in draw_weights(widths, self.draw)]
        self.b = [W.new_zeros(len(W)) for W in self.W]
        drawn = [W.std() * self._normal(self.draw, W.T.shape) for W in self.W[1:]]
        self.B = [rule.start(B, W) for B, W in zip(drawn, self.W[1:], strict=True)]
        # noise of its own, so that the batches are the same for every rule
        number = int(torch.randint(2**62, (), generator=self.draw))
        self.noise = torch.Generator().manual_seed(number)

    @staticmethod
    def _normal(draw: torch.Generator, shape: Sequence[int]) -> Tensor:
        return torch.randn(*shape, generator=draw, dtype=torch.float64)

    def learn(
        self, images: LabelledImages, batch: int, step: float, begin: float, end: float
    ) -> None:
        """Go once through the images, from the share ``begin`` of the training to ``end``."""
        order = torch.randperm(len(images.X), generator=self.draw)
        parts = order[: len(order) // batch * batch].split(batch)
        for i, part in enumerate(parts):
            cosine = (1 + math.cos(math.pi * (begin + (end - begin) * i / len(parts)))) / 2
            annealing = SLOWEST + (1 - SLOWEST) * cosine
            self._take_step(images.X[part], images.targets[part], step * cosine, annealing)

    def _take_step(self, X: Tensor, targets: Tensor, step: float, annealing: float) -> None:
        """Take one step: forward weights first, then the feedback."""
        passed = pass_forward(self.W, self.b, X, RELU)
        errors = self._errors(passed, targets, self.B)
        activities = passed[1]
        kept = 1 - step * self.rule.weight_decay
        for W, b, a, error in zip(self.W, self.b, activities, errors, strict=True):
            W.addmm_(error.T, a, beta=kept, alpha=-step / len(X))
            b.sub_(error.mean(dim=0), alpha=step)
        hidden = activities[1:]
        layers = zip(self.W[1:], hidden, errors[1:], self._mirror(hidden), strict=True)
        for i, signals in enumerate(layers):
            self.B[i] = self.rule.update(self.B[i], Synapses(*signals, step, annealing))

    def _errors(
        self, passed: tuple[Layers, Layers], targets: Tensor, ways_back: Sequence[Tensor]
    ) -> Layers:
        """Return δ^1 to δ^L of every sample, through the given matrices."""
        *hidden, outputs = passed[0]
        delta = COSTS["cross_entropy"].slope(outputs, targets)
        return pass_back(delta, ways_back, hidden, RELU)

    def _mirror(self, hidden: Sequence[Tensor]) -> list[Tensor]:
        """Return what the hidden layers do in a mirror phase; without one they are silent."""
        if not self.rule.needs_noise:
            return [torch.zeros_like(a) for a in hidden]
        return [self._normal(self.noise, a.shape) for a in hidden]

    def freeze(self) -> MLP:
        """Return the network as it is."""
        return MLP(self.W, self.b, activation="relu")

    def measure(
        self, images: LabelledImages
    ) -> tuple[float, list[float], list[float], list[float]]:
        """Return accuracy, angles of the weights, gains and angles of the errors, by layer."""
        transposes = [W.T for W in self.W[1:]]
        passed = pass_forward(self.W, self.b, images.X_test, RELU)
        right = passed[0][-1].argmax(dim=1) == images.labels_test
        probed = pass_forward(self.W, self.b, images.X[:N_PROBES], RELU)
        targets = images.targets[:N_PROBES]
        fed_back, exact = (self._errors(probed, targets, ways) for ways in (self.B, transposes))
        if not all(part.norm().isfinite() for part in (*self.W, *self.B, *fed_back, *exact)):
            raise DivergenceError(
                f"weights or errors are no longer finite with seed {self.seed}; "
                "try a smaller learning_rate"
            )
        return (
            float(right.double().mean()),
            list(map(_degrees, self.B, transposes)),
            [float(B.norm() / W.norm()) for B, W in zip(self.B, transposes, strict=True)],
            list(map(_degrees, fed_back[:-1], exact[:-1])),
        )


def _degrees(first: Tensor, second: Tensor) -> float:
    """Return the angle between two tensors; a right angle where one of them is zero."""
    return angle(first, second) if first.any() and second.any() else 90.0
