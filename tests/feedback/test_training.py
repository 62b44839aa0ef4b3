"""Trainings with feedback rules against the code of chapter 1, and what a seed determines."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from lae_helpers.errors import DivergenceError
from lae_helpers.feedback.base import FeedbackRule, Synapses
from lae_helpers.feedback.rules import (
    Backprop,
    FeedbackAlignment,
    WeightMirror,
)
from lae_helpers.feedback.training import SLOWEST, train_with_feedback
from lae_helpers.metrics import angle
from lae_helpers.networks.backprop import backpropagate, forward, weight_gradients
from lae_helpers.networks.mlp import MLP, initialize_mlp
from tests.feedback.small import ids, make_images, train


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"seeds": ()}, "hidden and seeds must not be empty"),
        ({"seeds": (-1,)}, r"seeds\[0\] must be at least 0"),
        ({"epochs": 0}, "epochs must be at least 1"),
        ({"epochs": 2.5}, "epochs must be an integer"),
        ({"batch_size": 121}, "batch_size must be between 1 and 120"),
        ({"learning_rate": 0.0}, "learning_rate must be finite and positive"),
    ],
)
def test_bad_settings_are_named(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises((TypeError, ValueError), match=complaint):
        train(Backprop(), **changes)


class Recorder(FeedbackAlignment):
    """Feedback that stays, and a book of what every step was offered."""

    def __init__(self, **coefficients: float) -> None:
        super().__init__(**coefficients)
        object.__setattr__(self, "seen", [])

    def update(self, B: Tensor, at: Synapses) -> Tensor:
        self.seen.append((B.clone(), at, at.W.clone()))  # type: ignore[attr-defined]
        return B


def drawn_start(seed: int, widths: tuple[int, ...]) -> tuple[MLP, list[Tensor]]:
    """Return the network and the feedback that a seed stands for."""
    start = initialize_mlp(widths, activation="relu", seed=seed)
    network = MLP([math.sqrt(2) * W for W in start.weights], start.biases, "relu")
    generator = torch.Generator().manual_seed(seed)
    for W in network.weights:
        torch.randn(W.shape, generator=generator, dtype=torch.float64)
    return network, [
        W.std() * torch.randn(W.T.shape, generator=generator, dtype=torch.float64)
        for W in network.weights[1:]
    ]


@pytest.mark.parametrize("decay", [0.0, 0.05])
def test_two_steps_are_those_of_chapter_one_with_decay_and_half_the_rate(decay: float) -> None:
    images, step = make_images(), 0.3
    runs = train_with_feedback(
        FeedbackAlignment(weight_decay=decay, length=1.5), images, (8, 6), seeds=(4, 2), epochs=2,
        learning_rate=step, batch_size=120,
    )  # fmt: skip
    for slot, seed in enumerate((4, 2)):
        network, feedback = drawn_start(seed, (12, 8, 6, 10))
        feedback = [1.5 * B for B in feedback]
        for epoch in range(3):
            passed = forward(network, images.X)
            deltas = backpropagate(network, passed, images.targets, feedback)
            exact = backpropagate(network, passed, images.targets)
            for layer in range(2):
                B, W = feedback[layer], network.weights[layer + 1].T
                at = epoch, slot, layer
                assert runs.weight_angles[at] == pytest.approx(angle(B, W), abs=1e-9)
                assert runs.gains[at] == pytest.approx(float(B.norm() / W.norm()), abs=1e-9)
                found = angle(deltas[layer], exact[layer])
                assert runs.error_angles[at] == pytest.approx(found, abs=1e-9)
            said = forward(network, images.X_test).pre_activations[-1].argmax(dim=1)
            right = (said == images.labels_test).double().mean()
            assert runs.accuracies[epoch, slot] == pytest.approx(float(right), abs=1e-12)
            if epoch == 2:
                break
            moved, rate = weight_gradients(passed, deltas), step / (1 + epoch)
            network = MLP(
                [W - rate * (g + decay * W)
                 for W, g in zip(network.weights, moved.weights, strict=True)],
                [b - rate * g for b, g in zip(network.biases, moved.biases, strict=True)],
                "relu",
            )  # fmt: skip
        for found_part, part in zip(
            (*runs.networks[slot].weights, *runs.networks[slot].biases),
            (*network.weights, *network.biases),
            strict=True,
        ):
            torch.testing.assert_close(found_part, part, rtol=0, atol=1e-12)


def test_rates_fall_along_a_cosine_and_those_of_noise_not_to_zero() -> None:
    rule = Recorder()
    train_with_feedback(
        rule, make_images(), (8,), epochs=3, learning_rate=0.3, batch_size=30
    )  # four batches an epoch
    seen = [at for _, at, _ in rule.seen]  # type: ignore[attr-defined]
    cosine = (1 + np.cos(np.pi * np.arange(12) / 12)) / 2
    np.testing.assert_allclose([at.learning_rate for at in seen], 0.3 * cosine, atol=1e-15)
    annealing = SLOWEST + (1 - SLOWEST) * cosine
    np.testing.assert_allclose([at.annealing for at in seen], annealing, atol=1e-15)
    assert 0 < SLOWEST < 0.1


def test_a_rule_is_given_the_transpose_that_the_step_has_just_made() -> None:
    class Seen(Backprop):
        def update(self, B: Tensor, at: Synapses) -> Tensor:
            torch.testing.assert_close(B.mT, at.W, rtol=0, atol=0.5)
            assert not torch.equal(at.W, torch.zeros_like(at.W))
            return super().update(B, at)

    runs = train(Seen())
    np.testing.assert_array_equal(runs.weight_angles, 0.0)
    np.testing.assert_array_equal(runs.error_angles, 0.0)
    np.testing.assert_allclose(runs.gains, 1.0, atol=1e-14)


def test_every_rule_sees_the_same_images_and_noise_is_white_and_always_new() -> None:
    class Noisy(Recorder):
        needs_noise = True

    silent, noisy = Recorder(), Noisy()
    for rule in (silent, noisy):
        train_with_feedback(rule, make_images(), (40,), epochs=5, batch_size=30)
    for (B, at, W), (B_noisy, at_noisy, W_noisy) in zip(silent.seen, noisy.seen, strict=True):  # type: ignore[attr-defined]
        assert torch.equal(B, B_noisy)
        assert torch.equal(W, W_noisy)
        assert torch.equal(at.activity, at_noisy.activity)
        assert torch.equal(at.noise, torch.zeros(30, 40, dtype=torch.float64))
    noise = torch.stack([at.noise for _, at, _ in noisy.seen])  # type: ignore[attr-defined]
    assert len(noise.unique()) == noise.numel()
    second = torch.einsum("tsi,tsj->ij", noise, noise) / (20 * 30)
    torch.testing.assert_close(second, torch.eye(40).double(), rtol=0, atol=0.25)


@ids
def test_it_learns_and_says_so(rule: FeedbackRule) -> None:
    runs = train(rule, epochs=20)
    assert runs.accuracies.shape == (21, 2)
    assert runs.weight_angles.shape == runs.gains.shape == runs.error_angles.shape == (21, 2, 2)
    assert runs.accuracies[0].max() < 0.5
    assert runs.accuracies[-1].min() > 0.9
    assert runs.rule is rule
    assert runs.widths == (12, 24, 16, 10)
    for network, accuracy in zip(runs.networks, runs.accuracies[-1], strict=True):
        said = forward(network, make_images().X_test).pre_activations[-1].argmax(dim=1)
        right = (said == make_images().labels_test).double().mean()
        assert accuracy == pytest.approx(float(right), abs=1e-6)
    if rule.name in {"backprop", "symmetric alignment"}:
        assert runs.weight_angles[-1].max() < 1
        assert runs.error_angles[-1].max() < 1.5


@ids
def test_a_seed_gives_the_same_run_alone_and_in_company(rule: FeedbackRule) -> None:
    both, alone = train(rule, seeds=(3, 5, 8)), train(rule, seeds=(5,))
    for name in ("accuracies", "weight_angles", "gains", "error_angles"):
        company = getattr(both, name)
        np.testing.assert_array_equal(getattr(alone, name)[:, 0], company[:, 1])
        assert abs(company[:, 0] - company[:, 1]).max() > 1e-3 or rule.name == "backprop"


def test_the_caller_may_stop_it_between_two_epochs() -> None:
    heard: list[int] = []

    def stop_at_two(epoch: int) -> bool:
        heard.append(epoch)
        return epoch == 2

    runs = train(WeightMirror(), epochs=9, callback=stop_at_two)
    assert heard == [0, 1, 2]
    assert len(runs.accuracies) == 3
    assert runs.epochs == 9
    assert len(train(WeightMirror(), callback=lambda _epoch: True).accuracies) == 1


def test_divergence_is_said() -> None:
    with pytest.raises(
        DivergenceError, match="no longer finite with seed 0; try a smaller learning_rate"
    ):
        train(Backprop(), learning_rate=1e300)


def test_annealing_takes_the_sampling_noise_out() -> None:
    moving = train(WeightMirror(rate=0.2), epochs=60, learning_rate=1e-6)
    assert moving.weight_angles[-1].max() < moving.weight_angles[30].max() / 2
