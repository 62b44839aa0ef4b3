"""Networks that learn through feedback weights which learn too: several seeds at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import SupportsFloat, SupportsIndex

import torch
from torch import Tensor

from lae_helpers.credit import FeedbackRule, Synapses
from lae_helpers.data import N_CLASSES
from lae_helpers.descent import DivergenceError
from lae_helpers.mlp import ACTIVATIONS, COSTS, MLP, initialize_mlp
from lae_helpers.validation import (
    ArrayLike,
    FloatArray,
    check_count,
    check_matrix,
    check_number,
    check_vector,
)

SLOWEST = 0.02  # what annealing leaves of the rates of the rules at the end
N_PROBES = 200  # training samples on which the angles of the errors are measured

Callback = Callable[[int], bool | None]


class Task:
    """Images to learn from and images to be judged by, centred by the mean of the former.

    Parameters
    ----------
    X, X_test : array_like, shapes (n_samples, n_features) and (n_tests, n_features)
    labels, labels_test : array_like of int, shapes (n_samples,) and (n_tests,)
        Classes from 0 to 9.

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit together, an entry is not finite or a label is no digit.
    """

    def __init__(
        self, X: ArrayLike, labels: ArrayLike, X_test: ArrayLike, labels_test: ArrayLike
    ) -> None:
        train, test = check_matrix("X", X), check_matrix("X_test", X_test)
        if train.shape[1] != test.shape[1]:
            raise ValueError(
                f"X and X_test must have as many columns, but they have {train.shape[1]} and "
                f"{test.shape[1]}"
            )
        mean = train.mean(axis=0)
        self.X, self.X_test = (
            torch.tensor(part - mean, dtype=torch.float32) for part in (train, test)
        )
        self.labels = _check_labels("labels", labels, len(train))
        self.labels_test = _check_labels("labels_test", labels_test, len(test))
        self.targets = torch.nn.functional.one_hot(self.labels, N_CLASSES).to(self.X.dtype)


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
            networks.learn(task.X[part], task.targets[part], step * cosine, annealing)
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
    """Networks of the same widths: a slice of every tensor belongs to one of them."""

    def __init__(self, rule: FeedbackRule, widths: tuple[int, ...], seeds: tuple[int, ...]) -> None:
        self.rule = rule
        self.widths = widths
        self.draws = [torch.Generator().manual_seed(seed) for seed in seeds]
        starts = [initialize_mlp(widths, activation="relu", seed=seed).weights for seed in seeds]
        # twice the variance, as ReLU lets only half of it through
        self.W = [math.sqrt(2) * torch.stack(layer).float() for layer in zip(*starts, strict=True)]
        self.b = [W.new_zeros(len(seeds), 1, W.shape[1]) for W in self.W]
        drawn = [W.std() * self._draw(W.mT.shape[1:]) for W in self.W[1:]]
        self.B = [rule.start(B, W) for B, W in zip(drawn, self.W[1:], strict=True)]

    def _draw(self, shape: Sequence[int]) -> Tensor:
        """Draw normal numbers for all networks, each from its own generator."""
        return torch.stack([torch.randn(*shape, generator=draw) for draw in self.draws])

    def forward(self, X: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Return pre-activations z^1 to z^L and activities a^0 to a^(L-1)."""
        a, pre_activations, activities = X, [], []
        for W, b in zip(self.W, self.b, strict=True):
            activities.append(a)
            pre_activations.append(torch.baddbmm(b, a, W.mT))
            a = ACTIVATIONS["relu"].value(pre_activations[-1])
        return pre_activations, activities

    def errors(self, z: list[Tensor], targets: Tensor, ways_back: list[Tensor]) -> list[Tensor]:
        """Return δ^1 to δ^L of every sample, through the given matrices."""
        outputs = z[-1].flatten(0, 1)
        last = COSTS["cross_entropy"].slope(outputs, targets.flatten(0, 1)).reshape(z[-1].shape)
        deltas = [last]
        for B, below in zip(reversed(ways_back), reversed(z[:-1]), strict=True):
            deltas.insert(0, (deltas[0] @ B.mT) * ACTIVATIONS["relu"].slope(below))
        return deltas

    def learn(self, X: Tensor, targets: Tensor, step: float, annealing: float) -> None:
        """Take one step on one batch a network: forward weights first, then the feedback."""
        z, activities = self.forward(X)
        errors = self.errors(z, targets, self.B)
        kept = 1 - step * self.rule.weight_decay
        for W, b, a, error in zip(self.W, self.b, activities, errors, strict=True):
            W.baddbmm_(error.mT, a, beta=kept, alpha=-step / X.shape[1])
            b.sub_(error.mean(dim=1, keepdim=True), alpha=step)
        for i, B in enumerate(self.B):
            a = activities[i + 1]
            noise = self._draw(a.shape[1:]) if self.rule.needs_noise else torch.zeros_like(a)
            at = Synapses(self.W[i + 1], a, errors[i + 1], noise, step, annealing)
            self.B[i] = self.rule.update(B, at)

    def unstack(self) -> tuple[MLP, ...]:
        """Return the networks one by one."""
        return tuple(
            MLP([W[i] for W in self.W], [b[i, 0] for b in self.b], activation="relu")
            for i in range(len(self.draws))
        )

    def measure(self, task: Task) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return accuracies, angles of the weights, gains and angles of the errors, by network."""
        if not all(W.isfinite().all() for W in (*self.W, *self.B)):
            raise DivergenceError("a weight is no longer finite; try a smaller learning_rate")
        n = len(self.draws)
        outputs = self.forward(task.X_test.expand(n, -1, -1))[0][-1]
        accuracies = (outputs.argmax(dim=2) == task.labels_test).float().mean(dim=1)
        transposes = [W.mT for W in self.W[1:]]
        z, _ = self.forward(task.X[:N_PROBES].expand(n, -1, -1))
        targets = task.targets[:N_PROBES].expand(n, -1, -1)
        fed_back, exact = (self.errors(z, targets, ways) for ways in (self.B, transposes))
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


def _check_labels(name: str, value: ArrayLike, n: int) -> Tensor:
    labels = check_vector(name, value)
    if len(labels) != n:
        raise ValueError(f"{name} must be one an image, {n}, but they are {len(labels)}")
    if not (((labels >= 0) & (labels < N_CLASSES)).all() and (labels % 1 == 0).all()):
        raise ValueError(f"{name} must be whole numbers from 0 to {N_CLASSES - 1}")
    return torch.from_numpy(labels).long()
