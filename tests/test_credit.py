"""Feedback rules against their expectations, and the stacked training against chapter 1's code."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from lae_helpers.backprop import angle, backpropagate, forward, weight_gradients
from lae_helpers.credit import (
    Backprop,
    FeedbackAlignment,
    FeedbackRule,
    InformationAlignment,
    KolenPollack,
    SymmetricAlignment,
    Synapses,
    WeightMirror,
)
from lae_helpers.credit_plots import plot_runs
from lae_helpers.credit_task import Task
from lae_helpers.credit_training import SLOWEST, Runs, train_with_feedback
from lae_helpers.descent import DivergenceError
from lae_helpers.mlp import MLP, initialize_mlp

RULES = [
    Backprop(), FeedbackAlignment(), KolenPollack(), WeightMirror(), InformationAlignment(),
    SymmetricAlignment(),
]  # fmt: skip
ids = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def make_task(n: int = 120, n_features: int = 12, seed: int = 0) -> Task:
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((10, n_features))
    labels = np.arange(n) % 10
    X = centres[labels] + 0.3 * rng.standard_normal((n, n_features))
    return Task(X, labels, X[::3], labels[::3])


def draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def make_synapses(n_samples: int = 7, *, noise: Tensor | None = None) -> Synapses:
    return Synapses(
        W=draw(2, 3, 5, seed=1),
        activity=draw(2, n_samples, 5, seed=2),
        error=draw(2, n_samples, 3, seed=3),
        noise=draw(2, n_samples, 5, seed=4) if noise is None else noise,
        learning_rate=0.2,
        annealing=0.5,
    )


def train(rule: FeedbackRule, **changes: Any) -> Runs:  # noqa: ANN401 - any argument of it
    settings = {"seeds": (0, 1), "epochs": 3, "batch_size": 10, "learning_rate": 0.2}
    return train_with_feedback(rule, make_task(), (24, 16), **{**settings, **changes})


def test_every_rule_takes_the_step_of_its_formula() -> None:
    at, B = make_synapses(), draw(2, 5, 3, seed=5)
    expected: dict[str, list[Tensor]] = {rule.name: [] for rule in RULES}
    for W, a, e, x, b in zip(at.W, at.activity, at.error, at.noise, B, strict=True):
        xy, yy, ae = (
            sum(torch.outer(u, v) for u, v in zip(us, vs, strict=True)) / len(us)
            for us, vs in [(x, x @ W.T), (x @ W.T, x @ W.T), (a, e)]
        )
        expected["backprop"].append(W.T)
        expected["feedback alignment"].append(b)
        expected["Kolen–Pollack"].append(b - 0.2 * (ae + 1e-3 * b))
        expected["weight mirror"].append(b + 0.025 * (xy - b))
        expected["information alignment"].append(b + 0.025 * (1.25 * xy - 0.1 * b @ yy - b))
        expected["symmetric alignment"].append(b + 0.3 * (W.T - b))
    for rule in RULES:
        torch.testing.assert_close(rule.update(B, at), torch.stack(expected[rule.name]))


@ids
def test_a_fixed_point_is_where_the_mean_step_vanishes(rule: FeedbackRule) -> None:
    # Samples whose second moments are exactly S: the step on them is the mean step.
    samples = draw(40, 5, seed=6) @ draw(5, 5, seed=7)
    S = samples.T @ samples / 40
    at = make_synapses(40, noise=samples.expand(2, -1, -1))
    rest = rule.fixed_point(at.W, S)
    if rest is None:
        assert rule.name in {"feedback alignment", "Kolen–Pollack"}
    else:
        torch.testing.assert_close(rule.update(rest, at), rest)
        assert (rule.update(rest + 0.1, at) - rest - 0.1).norm() > 1e-3 or rule.name == "backprop"


@ids
def test_only_the_rules_that_are_not_local_feel_weights_of_silent_neurons(
    rule: FeedbackRule,
) -> None:
    silence, B = torch.zeros(2, 7, 5, dtype=torch.float64), draw(2, 5, 3, seed=5)
    at = make_synapses(noise=silence)
    heavier = Synapses(at.W + 1.0, at.activity, at.error, silence, 0.2, 0.5)
    unmoved = torch.equal(rule.update(B, at), rule.update(B, heavier))
    assert unmoved == rule.is_local


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: WeightMirror(rate=-1.0), "rate must be finite and at least zero"),
        (lambda: WeightMirror(decay=math.nan), "decay"),
        (lambda: InformationAlignment(beta=math.inf), "beta"),
        (lambda: KolenPollack(weight_decay=-1e-3), "weight_decay"),
        (lambda: SymmetricAlignment(rate="fast"), "rate"),  # type: ignore[arg-type]
    ],
)
def test_bad_coefficients_are_named(make: Any, complaint: str) -> None:  # noqa: ANN401
    with pytest.raises((TypeError, ValueError), match=complaint):
        make()


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


def test_bad_tasks_are_named() -> None:
    X, labels = np.eye(4, 3), np.array([0, 1, 2, 9])
    with pytest.raises(ValueError, match="as many columns"):
        Task(X, labels, X[:, :2], labels)
    with pytest.raises(ValueError, match="labels must be one an image, 4"):
        Task(X, labels[:3], X, labels)
    for wrong in ([0, 1, 2, 10], [0, 1, 2, 0.5], [-1, 0, 0, 0]):
        with pytest.raises(ValueError, match="labels_test must be whole numbers from 0 to 9"):
            Task(X, labels, X, wrong)


def test_pixels_that_never_change_are_left_out() -> None:
    X = np.array([[0.0, 7.0, 1.0], [0.0, 7.0, 3.0]])
    task = Task(X, [0, 1], X + 5.0, [0, 1])
    torch.testing.assert_close(task.X, torch.tensor([[-1.0], [1.0]]))
    torch.testing.assert_close(task.X_test, torch.tensor([[4.0], [6.0]]))
    with pytest.raises(ValueError, match="all its rows are the same"):
        Task(X[:1], [0], X, [0, 1])


def test_the_task_is_centred_by_the_training_images_alone() -> None:
    X = np.arange(12.0).reshape(4, 3)
    task = Task(X, [0, 1, 2, 3], X[:1], [0])
    torch.testing.assert_close(task.X.mean(dim=0), torch.zeros(3))
    torch.testing.assert_close(task.X_test[0], torch.full((3,), -4.5))


def test_one_epoch_of_one_batch_is_a_step_by_chapter_one() -> None:
    task, step = make_task(), 0.3
    runs = train_with_feedback(
        FeedbackAlignment(weight_decay=0.0), task, (8, 6), seeds=(4, 2), epochs=1,
        learning_rate=step, batch_size=120,
    )  # fmt: skip
    for slot, seed in enumerate((4, 2)):
        start = initialize_mlp((12, 8, 6, 10), activation="relu", seed=seed)
        network = MLP([math.sqrt(2) * W for W in start.weights], start.biases, "relu")
        deviations = [W.std() for W in starting_weights((4, 2))]
        generator = torch.Generator().manual_seed(seed)
        feedback = [
            s * torch.randn(*W.T.shape, generator=generator)
            for s, W in zip(deviations, network.weights[1:], strict=True)
        ]
        passed = forward(network, task.X)
        deltas = backpropagate(network, passed, task.targets, feedback)
        exact = backpropagate(network, passed, task.targets)
        moved = weight_gradients(passed, deltas)
        after = MLP(
            [W - step * g for W, g in zip(network.weights, moved.weights, strict=True)],
            [b - step * g for b, g in zip(network.biases, moved.biases, strict=True)],
            "relu",
        )
        for layer in range(2):
            B, W = feedback[layer], network.weights[layer + 1].T
            assert runs.weight_angles[0, slot, layer] == pytest.approx(
                angle(B.double(), W), abs=1e-3
            )
            assert runs.weight_angles[1, slot, layer] == pytest.approx(
                angle(B.double(), after.weights[layer + 1].T), abs=1e-3
            )
            assert runs.gains[0, slot, layer] == pytest.approx(float(B.norm() / W.norm()), rel=1e-5)
            assert runs.error_angles[0, slot, layer] == pytest.approx(
                angle(deltas[layer], exact[layer]), abs=1e-2
            )
        said = forward(after, task.X_test).pre_activations[-1].argmax(dim=1)
        right = (said == task.labels_test).double().mean()
        assert runs.accuracies[1, slot] == pytest.approx(float(right), abs=1e-6)


def starting_weights(seeds: tuple[int, ...]) -> list[Tensor]:
    starts = [initialize_mlp((12, 8, 6, 10), activation="relu", seed=s).weights for s in seeds]
    return [math.sqrt(2) * torch.stack(layer) for layer in zip(*starts, strict=True)][1:]


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
        said = forward(network, make_task().X_test).pre_activations[-1].argmax(dim=1)
        right = (said == make_task().labels_test).double().mean()
        assert accuracy == pytest.approx(float(right), abs=1e-6)
    if rule.name in {"backprop", "symmetric alignment"}:
        assert runs.weight_angles[-1].max() < 1
        assert runs.error_angles[-1].max() < 1.5


def test_a_seed_gives_the_same_run_alone_and_in_company() -> None:
    both = train(InformationAlignment(), seeds=(3, 5))
    again = train(InformationAlignment(), seeds=(3, 5))
    alone = train(InformationAlignment(), seeds=(5,))
    np.testing.assert_array_equal(both.weight_angles, again.weight_angles)
    assert abs(both.weight_angles[:, 0] - both.weight_angles[:, 1]).max() > 1
    np.testing.assert_allclose(alone.weight_angles[0, 0], both.weight_angles[0, 1], atol=10)
    np.testing.assert_allclose(alone.accuracies[-1, 0], both.accuracies[-1, 1], atol=0.1)


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
    with pytest.raises(DivergenceError, match="smaller learning_rate"):
        train(Backprop(), learning_rate=1e30)


def test_annealing_takes_the_sampling_noise_out() -> None:
    moving = train(WeightMirror(rate=0.2), epochs=60, learning_rate=1e-6)
    assert moving.weight_angles[-1].max() < moving.weight_angles[30].max() / 2
    assert 0 < SLOWEST < 0.1


def test_pictures_of_runs_say_their_numbers() -> None:
    runs = {"a": train(Backprop()), "b": train(FeedbackAlignment())}
    last = runs["b"].weight_angles[-1].mean(axis=0)
    picture = plot_runs(runs, "weight_angles", says="Two rules")
    for layer, angle_at_end in zip((2, 3), last, strict=True):
        assert f"layer {layer}: a " in picture.alt
        assert f"to {angle_at_end:.3g}." in picture.alt
    assert "Two rules." in picture.alt
    accuracy = plot_runs({"b": runs["b"]}, "accuracies").alt
    assert f"to {100 * runs['b'].accuracies[-1].mean():.3g}." in accuracy
    with pytest.raises(ValueError, match="quantity must be one of"):
        plot_runs(runs, "speed")
    with pytest.raises(ValueError, match="the same widths"):
        plot_runs({}, "gains")
