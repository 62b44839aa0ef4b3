"""The passes by hand against autograd on PyTorch's own layers, and what bad input says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from lae_helpers.networks.backprop import (
    Gradients,
    backpropagate,
    forward,
    forward_from,
    perturb,
    sample_costs,
    take_step,
    weight_gradients,
)
from lae_helpers.networks.mlp import ACTIVATIONS, COSTS, MLP, initialize_mlp

if TYPE_CHECKING:
    from collections.abc import Callable

MODULES: dict[str, type[nn.Module]] = {
    "identity": nn.Identity,
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
}

problems = st.fixed_dictionaries(
    {
        "widths": st.lists(st.integers(1, 7), min_size=2, max_size=5),
        "n_samples": st.integers(1, 6),
        "activation": st.sampled_from(sorted(ACTIVATIONS)),
        "cost": st.sampled_from(sorted(COSTS)),
        "seed": st.integers(0, 2**31),
    }
)


def make_problem(
    widths: list[int], n_samples: int, activation: str, cost: str, seed: int
) -> tuple[MLP, Tensor, Tensor]:
    """Make a network with random biases, samples, and targets that suit the cost."""
    generator = torch.Generator().manual_seed(seed)
    drawn = initialize_mlp(widths, seed=seed)
    biases = [torch.randn(len(b), generator=generator, dtype=b.dtype) for b in drawn.biases]
    network = MLP(drawn.weights, biases, activation, cost)
    X = torch.randn(n_samples, widths[0], generator=generator, dtype=torch.float64)
    targets = torch.randn(n_samples, widths[-1], generator=generator, dtype=torch.float64)
    return network, X, targets.softmax(dim=1) if cost == "cross_entropy" else targets


def torch_layers(network: MLP) -> list[nn.Linear]:
    """Copy the weights and biases into PyTorch's layers."""
    layers = []
    for W, b in zip(network.weights, network.biases, strict=True):
        layer = nn.Linear(W.shape[1], W.shape[0], dtype=W.dtype)
        layer.load_state_dict({"weight": W, "bias": b})
        layers.append(layer)
    return layers


def torch_costs(network: MLP, outputs: Tensor, targets: Tensor) -> Tensor:
    """Compute the costs of the samples by PyTorch's own losses."""
    if network.cost == "cross_entropy":
        return nn.functional.cross_entropy(outputs, targets, reduction="none")
    return nn.functional.mse_loss(outputs, targets, reduction="none").sum(dim=1)


def autograd_passes(
    network: MLP, X: Tensor, targets: Tensor
) -> tuple[list[Tensor], list[Tensor], Gradients]:
    """Let autograd find pre-activations, errors and gradients."""
    layers, module = torch_layers(network), MODULES[network.activation]()
    pre_activations: list[Tensor] = []
    a = X
    for layer in layers:
        pre_activations.append(layer(a))
        a = module(pre_activations[-1])
    costs = torch_costs(network, pre_activations[-1], targets)
    deltas = torch.autograd.grad(costs.sum(), pre_activations, retain_graph=True)
    parameters = [layer.weight for layer in layers] + [layer.bias for layer in layers]
    by_parameter = torch.autograd.grad(costs.mean(), parameters)
    n = len(layers)
    return pre_activations, list(deltas), Gradients(by_parameter[:n], by_parameter[n:])


def assert_all_close(found: tuple[Tensor, ...], wanted: list[Tensor] | tuple[Tensor, ...]) -> None:
    for a, b in zip(found, wanted, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-10)


@settings(deadline=None, max_examples=60)
@given(problems)
def test_both_passes_agree_with_autograd(problem: dict[str, object]) -> None:
    network, X, targets = make_problem(**problem)  # type: ignore[arg-type]
    pre_activations, deltas, gradients = autograd_passes(network, X, targets)
    passed = forward(network, X)
    assert_all_close(passed.pre_activations, pre_activations)
    found = backpropagate(network, passed, targets)
    assert_all_close(found, deltas)
    by_hand = weight_gradients(passed, found)
    assert_all_close(by_hand.weights, gradients.weights)
    assert_all_close(by_hand.biases, gradients.biases)


@settings(deadline=None, max_examples=30)
@given(problems)
def test_every_layer_can_be_resumed(problem: dict[str, object]) -> None:
    network, X, targets = make_problem(**problem)  # type: ignore[arg-type]
    passed = forward(network, X)
    outputs = passed.pre_activations[-1]
    for layer, z in enumerate(passed.pre_activations, start=1):
        assert torch.equal(forward_from(network, z, layer), outputs)
    costs = sample_costs(network, outputs, targets)
    torch.testing.assert_close(costs, torch_costs(network, outputs, targets))


@settings(deadline=None, max_examples=30)
@given(problems)
def test_feedback_takes_the_place_of_the_transposes(problem: dict[str, object]) -> None:
    network, X, targets = make_problem(**problem)  # type: ignore[arg-type]
    passed = forward(network, X)
    true_deltas = backpropagate(network, passed, targets)
    transposes = [W.T for W in network.weights[1:]]
    assert_all_close(backpropagate(network, passed, targets, transposes), true_deltas)
    doubled = backpropagate(network, passed, targets, [2 * B for B in transposes])
    n_layers = len(true_deltas)
    powers = [2.0 ** (n_layers - layer) for layer in range(1, n_layers + 1)]
    assert_all_close(doubled, [p * d for p, d in zip(powers, true_deltas, strict=True)])


def test_nudging_measures_the_errors() -> None:
    network, X, targets = make_problem([4, 5, 3], 3, "sigmoid", "squared_error", 0)
    passed = forward(network, X)
    measured = perturb(network, passed, targets)
    for by_nudge, delta in zip(measured, backpropagate(network, passed, targets), strict=True):
        torch.testing.assert_close(by_nudge, delta, rtol=0, atol=1e-8)


def test_a_step_descends_and_leaves_the_old_network_alone() -> None:
    network, X, targets = make_problem([5, 4, 3], 20, "tanh", "cross_entropy", 1)
    before = [W.clone() for W in network.weights]
    passed = forward(network, X)
    gradients = weight_gradients(passed, backpropagate(network, passed, targets))
    stepped = take_step(network, gradients, 0.1)
    assert (stepped.activation, stepped.cost, stepped.widths) == (
        "tanh",
        "cross_entropy",
        (5, 4, 3),
    )
    assert_all_close(network.weights, before)
    after = sample_costs(stepped, forward(stepped, X).pre_activations[-1], targets).mean()
    assert after < sample_costs(network, passed.pre_activations[-1], targets).mean()


def test_nothing_is_recorded_for_autograd() -> None:
    network, X, targets = make_problem([3, 3, 2], 2, "tanh", "squared_error", 0)
    tracked = MLP([W.clone().requires_grad_() for W in network.weights], network.biases)
    passed = forward(tracked, X.requires_grad_())
    assert not any(z.requires_grad for z in passed.pre_activations)
    deltas = backpropagate(network, passed, targets)
    assert not weight_gradients(passed, deltas).vector().requires_grad


def test_initial_weights_keep_the_scale_and_depend_on_the_seed() -> None:
    network = initialize_mlp([400, 300, 10], seed=3)
    assert network.widths == (400, 300, 10)
    assert float(network.weights[0].std()) == pytest.approx(400**-0.5, rel=0.02)
    assert not any(b.any() for b in network.biases)
    again, other = initialize_mlp([400, 300, 10], seed=3), initialize_mlp([400, 300, 10], seed=4)
    assert torch.equal(network.weights[1], again.weights[1])
    assert not torch.equal(network.weights[1], other.weights[1])


NETWORK = initialize_mlp([3, 4, 2])
X_TWO, Y_TWO = np.ones((2, 3)), np.array([[0.0, 1.0], [1.0, 0.0]])
PASSED = forward(NETWORK, X_TWO)
ONE = torch.ones(2, dtype=torch.float64)
BAD: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "no layers": (lambda: MLP([], []), ValueError, "weights and biases"),
    "biases missing": (lambda: MLP([np.ones((2, 3))], []), ValueError, "weights and biases"),
    "NaN weight": (lambda: MLP([[[math.nan]]], [[0.0]]), ValueError, r"weights\[0\].*nan"),
    "bias too long": (lambda: MLP([np.ones((2, 3))], [[1.0]]), ValueError, r"biases\[0\]"),
    "misfit": (
        lambda: MLP([np.ones((2, 3)), np.ones((1, 3))], [ONE, [0.0]]),
        ValueError,
        r"weights\[1\].*\(1, 2\)",
    ),
    "activation": (
        lambda: initialize_mlp([3, 2], activation="step"),
        ValueError,
        "activation.*tanh",
    ),
    "cost": (lambda: initialize_mlp([3, 2], cost="hinge"), ValueError, "cost.*squared_error"),
    "one width": (lambda: initialize_mlp([3]), ValueError, "widths"),
    "width zero": (lambda: initialize_mlp([3, 0]), ValueError, r"widths\[1\].*0"),
    "width float": (lambda: initialize_mlp([3.0, 2]), TypeError, r"widths\[0\]"),  # type: ignore[list-item]
    "narrow X": (lambda: forward(NETWORK, np.ones((2, 2))), ValueError, r"X .*\(2, 3\)"),
    "1-D X": (lambda: forward(NETWORK, np.ones(3)), ValueError, "X must be two-dim"),
    "infinite X": (lambda: forward(NETWORK, np.full((2, 3), np.inf)), ValueError, "X .*finite"),
    "text X": (lambda: forward(NETWORK, [["a", "b", "c"]]), TypeError, "X .*real"),
    "layer": (lambda: forward_from(NETWORK, torch.ones(2, 4), 3), ValueError, "layer"),
    "z": (lambda: forward_from(NETWORK, torch.ones(2, 4), 2), ValueError, r"z .*\(2, 2\)"),
    "targets shape": (lambda: backpropagate(NETWORK, PASSED, X_TWO), ValueError, "targets"),
    "targets sum": (lambda: backpropagate(NETWORK, PASSED, 2 * Y_TWO), ValueError, "targets.*prob"),
    "costs": (
        lambda: sample_costs(NETWORK, PASSED.pre_activations[-1], -Y_TWO),
        ValueError,
        "targets.*prob",
    ),
    "no feedback": (lambda: backpropagate(NETWORK, PASSED, Y_TWO, []), ValueError, "feedback.* 1"),
    "feedback shape": (
        lambda: backpropagate(NETWORK, PASSED, Y_TWO, [NETWORK.weights[1]]),
        ValueError,
        r"feedback\[0\].*\(4, 2\)",
    ),
    "step": (lambda: perturb(NETWORK, PASSED, Y_TWO, step=0), ValueError, "step"),
    "few deltas": (lambda: weight_gradients(PASSED, [ONE]), ValueError, "deltas"),
    "delta shape": (lambda: weight_gradients(PASSED, [ONE, ONE]), ValueError, r"deltas\[0\]"),
    "rate": (
        lambda: take_step(NETWORK, Gradients(NETWORK.weights, NETWORK.biases), -1),
        ValueError,
        "learning_rate",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_names_the_argument(case: str) -> None:
    call, error, message = BAD[case]
    with pytest.raises(error, match=message):
        call()
