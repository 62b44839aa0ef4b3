"""Networks that learn through feedback weights which learn too: several seeds at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import SupportsFloat, SupportsIndex

import torch
from torch import Tensor

from lae_helpers.credit import FeedbackRule, Synapses
from lae_helpers.credit_task import Task
from lae_helpers.data import N_CLASSES
from lae_helpers.descent import DivergenceError
from lae_helpers.mlp import MLP, initialize_mlp
from lae_helpers.validation import (
    FloatArray,
    check_count,
    check_number,
)

SLOWEST = 0.02  # what annealing leaves of the rates of the rules at the end
N_PROBES = 200  # training samples on which the angles of the errors are measured

Callback = Callable[[int], bool | None]


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
        As they are at the end, one a seed.
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


def train_with_feedback(
    rule: FeedbackRule,
    task: Task,
    hidden: Sequence[SupportsIndex],
    *,
    seeds: Sequence[SupportsIndex] = (0,),
    epochs: SupportsIndex = 20,
    learning_rate: SupportsFloat = 0.1,
    batch_size: SupportsIndex = 50,
    callback: Callback | None = None,
) -> Runs:
    """Train ReLU networks by gradient descent whose errors come back through a rule's feedback.

    The networks, one a seed, are trained side by side as one stack, each with its own starting
    weights, feedback, batches and noise. The step falls to zero along a cosine.

    Parameters
    ----------
    rule : FeedbackRule
    task : Task
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
        If a weight is no longer finite.
    """
    if not hidden or not seeds:
        raise ValueError("hidden and seeds must not be empty")
    counts = [check_count(f"hidden[{i}]", width) for i, width in enumerate(hidden)]
    numbers = tuple(check_count(f"seeds[{i}]", s, at_least=0) for i, s in enumerate(seeds))
    epochs = check_count("epochs", epochs)
    batch = check_count("batch_size", batch_size, at_most=len(task.X), why=" (the samples)")
    step = check_number("learning_rate", learning_rate, positive=True)
    networks = _Stack(rule, (task.X.shape[1], *counts, N_CLASSES), numbers)
    per_epoch = len(task.X) // batch
    records = [networks.measure(task)]
    stopped = callback is not None and callback(0)
    for epoch in range(epochs):
        if stopped:
            break
        orders = torch.stack([torch.randperm(len(task.X), generator=g) for g in networks.draws])
        for i in range(per_epoch):
            part = orders[:, i * batch : (i + 1) * batch]
            cosine = (1 + math.cos(math.pi * (epoch + i / per_epoch) / epochs)) / 2
            annealing = SLOWEST + (1 - SLOWEST) * cosine
            X, targets = (rows.index_select(0, part.flatten()).unflatten(0, part.shape)
                          for rows in (task.X, task.targets))  # fmt: skip
            networks.learn(X, targets, step * cosine, annealing)
        records.append(networks.measure(task))
        stopped = callback is not None and callback(epoch + 1)
    accuracies, angles, gains, error_angles = (
        torch.stack(parts).double().numpy() for parts in zip(*records, strict=True)
    )
    return Runs(
        rule, networks.widths, numbers, epochs, step, batch,
        accuracies, angles, gains, error_angles, networks.unstack(),
    )  # fmt: skip


class _Stack:
    """Networks of the same widths: a slice of every tensor belongs to one of them.

    Every W lies in memory as its transpose does, which is how the way forward reads it.
    """

    def __init__(self, rule: FeedbackRule, widths: tuple[int, ...], seeds: tuple[int, ...]) -> None:
        self.rule = rule
        self.widths = widths
        self.draws = [torch.Generator().manual_seed(seed) for seed in seeds]
        starts = [initialize_mlp(widths, activation="relu", seed=seed).weights for seed in seeds]
        # twice the variance, as ReLU lets only half of it through
        layers = [torch.stack(layer).float() for layer in zip(*starts, strict=True)]
        self.W = [(math.sqrt(2) * W.mT).contiguous().mT for W in layers]
        self.b = [W.new_zeros(len(seeds), 1, W.shape[1]) for W in self.W]
        drawn = [W.std() * self._draw(W.mT.shape[1:]) for W in self.W[1:]]
        self.B = [rule.start(B, W) for B, W in zip(drawn, self.W[1:], strict=True)]

    def _draw(self, shape: Sequence[int]) -> Tensor:
        """Draw normal numbers for all networks, each from its own generator."""
        return torch.stack([torch.randn(*shape, generator=draw) for draw in self.draws])

    def _noise(self, hidden: list[Tensor]) -> Sequence[Tensor]:
        """Return what the hidden layers do in a mirror phase; without one they are silent."""
        if not self.rule.needs_noise:
            return [torch.zeros_like(a) for a in hidden]
        widths = [a.shape[2] for a in hidden]
        noise: tuple[Tensor, ...] = self._draw((hidden[0].shape[1], sum(widths))).split(widths, 2)
        return noise

    def forward(self, X: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return the outputs z^L and the activities a^0 to a^(L-1)."""
        activities = [X]
        for W, b in zip(self.W[:-1], self.b, strict=False):
            activities.append(torch.baddbmm(b, activities[-1], W.mT).relu_())
        return torch.baddbmm(self.b[-1], activities[-1], self.W[-1].mT), activities

    def errors(
        self, outputs: Tensor, activities: list[Tensor], targets: Tensor, ways_back: list[Tensor]
    ) -> list[Tensor]:
        """Return δ^1 to δ^L of every sample, through the given matrices."""
        deltas = [torch.softmax(outputs, dim=2) - targets]
        for B, below in zip(reversed(ways_back), reversed(activities[1:]), strict=True):
            deltas.append((deltas[-1] @ B.mT) * below.sign())  # the slope of a ReLU
        return deltas[::-1]

    def learn(self, X: Tensor, targets: Tensor, step: float, annealing: float) -> None:
        """Take one step on one batch a network: forward weights first, then the feedback."""
        outputs, activities = self.forward(X)
        errors = self.errors(outputs, activities, targets, self.B)
        kept = 1 - step * self.rule.weight_decay
        for W, b, a, error in zip(self.W, self.b, activities, errors, strict=True):
            W.baddbmm_(error.mT, a, beta=kept, alpha=-step / X.shape[1])
            b.sub_(error.mean(dim=1, keepdim=True), alpha=step)
        hidden = activities[1:]
        layers = zip(self.W[1:], hidden, errors[1:], self._noise(hidden), strict=True)
        for i, signals in enumerate(layers):
            self.B[i] = self.rule.update(self.B[i], Synapses(*signals, step, annealing))

    def unstack(self) -> tuple[MLP, ...]:
        """Return the networks one by one."""
        return tuple(
            MLP([W[i] for W in self.W], [b[i, 0] for b in self.b], activation="relu")
            for i in range(len(self.draws))
        )

    def measure(self, task: Task) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return accuracies, angles of the weights, gains and angles of the errors, by network."""
        if not all(_length(W).isfinite().all() for W in (*self.W, *self.B)):
            raise DivergenceError("a weight is no longer finite; try a smaller learning_rate")
        n = len(self.draws)
        outputs, _ = self.forward(task.X_test.expand(n, -1, -1))
        accuracies = (outputs.argmax(dim=2) == task.labels_test).float().mean(dim=1)
        transposes = [W.mT for W in self.W[1:]]
        probed = self.forward(task.X[:N_PROBES].expand(n, -1, -1))
        targets = task.targets[:N_PROBES]
        fed_back, exact = (self.errors(*probed, targets, ways) for ways in (self.B, transposes))
        return (
            accuracies,
            _angles(self.B, transposes),
            torch.stack(
                [_length(B) / _length(W) for B, W in zip(self.B, transposes, strict=True)], 1
            ),
            _angles(fed_back[:-1], exact[:-1]),
        )


def _length(stack: Tensor) -> Tensor:
    """Return the Frobenius norm of every matrix of a stack."""
    norms: Tensor = torch.linalg.matrix_norm(stack)
    return norms


def _angles(firsts: list[Tensor], seconds: list[Tensor]) -> Tensor:
    """Return degrees, shape (networks, matrices); a right angle where one of them is zero."""
    columns = []
    for first, second in zip(firsts, seconds, strict=True):
        u, v = (part.flatten(1).double() for part in (first, second))
        u, v = (torch.nn.functional.normalize(part) for part in (u, v))
        half = torch.atan2((u - v).norm(dim=1), (u + v).norm(dim=1))
        columns.append(torch.rad2deg(2 * half))
    return torch.stack(columns, dim=1)
