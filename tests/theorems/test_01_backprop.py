"""The statements of chapter 1, each against an oracle that does not use them."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from lae_helpers.metrics import angle
from lae_helpers.networks.backprop import (
    backpropagate,
    forward,
    forward_from,
    perturb,
    sample_costs,
    weight_gradients,
)
from lae_helpers.networks.mlp import MLP, initialize_mlp

if TYPE_CHECKING:
    from collections.abc import Callable

    from lae_helpers._checks import FloatArray

seeds = st.integers(0, 2**31)
width_lists = st.lists(st.integers(1, 8), min_size=2, max_size=5)


def random_problem(widths: list[int], seed: int, activation: str) -> tuple[MLP, Tensor, Tensor]:
    """Make a network with random biases, one sample, and a target."""
    generator = torch.Generator().manual_seed(seed)
    drawn = initialize_mlp(widths, activation=activation, cost="squared_error", seed=seed)
    biases = [torch.randn(len(b), generator=generator, dtype=b.dtype) for b in drawn.biases]
    network = MLP(drawn.weights, biases, activation, "squared_error")
    x = torch.randn(1, widths[0], generator=generator, dtype=torch.float64)
    y = torch.randn(1, widths[-1], generator=generator, dtype=torch.float64)
    return network, x, y


def cost_from(network: MLP, z: Tensor, layer: int, y: Tensor) -> Tensor:
    """Compute the cost as a function of z^layer alone, for a row or many."""
    return sample_costs(network, forward_from(network, z, layer), y.expand(len(z), -1))


@pytest.mark.theorem("prop-perturbation")
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_a_nudge_changes_the_cost_by_plus_the_error(activation: str) -> None:
    network, x, y = random_problem([5, 6, 4, 3], 0, activation)
    nudges = torch.tensor([1e-2, 1e-3], dtype=torch.float64)
    for layer, pre_activations in enumerate(forward(network, x).pre_activations, start=1):
        z = pre_activations.clone().requires_grad_()
        cost = cost_from(network, z, layer, y)
        (delta,) = torch.autograd.grad(cost.sum(), z, create_graph=True)
        for neuron in range(z.shape[1]):
            slope = delta[0, neuron]
            bend = torch.autograd.grad(slope, z, retain_graph=True)[0][0, neuron]
            moved = z.detach() + nudges[:, None] * torch.eye(z.shape[1], dtype=z.dtype)[neuron]
            change = (cost_from(network, moved, layer, y) - cost).detach()
            remainder = change - nudges * slope.detach()
            third_order = (remainder - bend * nudges.square() / 2).abs()
            assert (third_order <= 20 * nudges**3 + 1e-12).all()
            wrong = change + nudges * slope.detach()
            assert wrong[1].abs() == pytest.approx(2e-3 * abs(slope.item()), rel=0.2, abs=1e-5)


@pytest.mark.theorem("prop-perturbation")
def test_the_expansion_fails_at_a_kink() -> None:
    one = [[1.0]]
    network = MLP([one, one], [[0.0], [0.0]], "relu", "squared_error")
    y = torch.ones(1, 1, dtype=torch.float64)
    z = torch.zeros(1, 1, dtype=torch.float64)
    up, here, down = (float(cost_from(network, z + dz, 1, y)) for dz in (1e-6, 0.0, -1e-6))
    assert (up - here) / 1e-6 == pytest.approx(-2, abs=1e-5)
    assert down == here


@pytest.mark.theorem("prop-delta-recursion")
@settings(deadline=None, max_examples=40)
@given(width_lists, seeds, st.sampled_from(["tanh", "sigmoid", "identity"]))
def test_the_recursion_gives_the_errors(widths: list[int], seed: int, activation: str) -> None:
    network, x, y = random_problem(widths, seed, activation)
    pre_activations = forward(network, x).pre_activations
    slopes: dict[str, Callable[[FloatArray], FloatArray]] = {
        "tanh": lambda z: 1 / np.cosh(z) ** 2,
        "sigmoid": lambda z: 0.25 / np.cosh(z / 2) ** 2,
        "identity": np.ones_like,
    }
    exact = []
    for layer, z in enumerate(pre_activations, start=1):
        variable = z.clone().requires_grad_()
        cost = cost_from(network, variable, layer, y).sum()
        exact.append(torch.autograd.grad(cost, variable)[0][0].numpy())
    np.testing.assert_allclose(exact[-1], 2 * (pre_activations[-1] - y)[0].numpy(), atol=1e-12)
    for here, after, z, W in zip(
        exact, exact[1:], pre_activations, network.weights[1:], strict=False
    ):
        by_columns = np.array([(W[:, j].numpy() * after).sum() for j in range(W.shape[1])])
        np.testing.assert_allclose(here, by_columns * slopes[activation](z[0].numpy()), atol=1e-10)
    for delta, wanted in zip(backpropagate(network, forward(network, x), y), exact, strict=True):
        np.testing.assert_allclose(delta[0].numpy(), wanted, atol=1e-10)


@pytest.mark.theorem("prop-weight-gradient")
@settings(deadline=None, max_examples=20)
@given(width_lists, seeds, st.integers(1, 5))
def test_gradients_are_outer_products(widths: list[int], seed: int, n_samples: int) -> None:
    network, _, _ = random_problem(widths, seed, "tanh")
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(n_samples, widths[0], generator=generator, dtype=torch.float64)
    Y = torch.randn(n_samples, widths[-1], generator=generator, dtype=torch.float64)
    parameters = [p.clone().requires_grad_() for p in (*network.weights, *network.biases)]
    weights, biases = parameters[: len(network.weights)], parameters[len(network.weights) :]
    a = X
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        z = a @ W.T + b
        a = z if layer == len(weights) else torch.tanh(z)
    exact = torch.autograd.grad((a - Y).square().sum() / n_samples, parameters)
    passed = forward(network, X)
    deltas = backpropagate(network, passed, Y)
    outer = [
        sum((torch.outer(d, p) for d, p in zip(delta, before, strict=True)), torch.tensor(0.0))
        / n_samples
        for delta, before in zip(deltas, passed.activations, strict=True)
    ]
    found = weight_gradients(passed, deltas)
    wanted = zip(exact, [*outer, *(d.mean(dim=0) for d in deltas)], strict=True)
    for (by_autograd, by_formula), part in zip(
        wanted, (*found.weights, *found.biases), strict=True
    ):
        torch.testing.assert_close(by_formula, by_autograd, rtol=0, atol=1e-10)
        torch.testing.assert_close(part, by_autograd, rtol=0, atol=1e-10)


@pytest.mark.theorem("prop-backward-cost")
@settings(deadline=None, max_examples=40)
@given(width_lists, seeds)
def test_operations_counted_while_they_run(widths: list[int], seed: int) -> None:
    network, x, y = random_problem(widths, seed, "tanh")
    products = [rows * columns for columns, rows in itertools.pairwise(widths)]
    forward_count = sum(products)
    with FlopCounterMode(display=False) as there:
        passed = forward(network, x)
    with FlopCounterMode(display=False) as errors:
        deltas = backpropagate(network, passed, y)
    with FlopCounterMode(display=False) as outer:
        weight_gradients(passed, deltas)
    # a multiplication and an addition count as two operations
    assert there.get_total_flops() == 2 * forward_count
    assert errors.get_total_flops() == 2 * (forward_count - products[0])
    assert outer.get_total_flops() == 2 * forward_count
    ratio = (errors.get_total_flops() + outer.get_total_flops()) / there.get_total_flops()
    assert ratio == pytest.approx(2 - products[0] / forward_count)
    assert 1 <= ratio < 2
    assert (ratio == 1) == (len(widths) == 2)


@pytest.mark.theorem("prop-backward-cost")
def test_autograd_pays_the_same_price() -> None:
    widths = [20, 12, 9, 4]
    network, x, y = random_problem(widths, 0, "tanh")
    weights = [W.clone().requires_grad_() for W in network.weights]
    a = x
    for W, b in zip(weights, network.biases, strict=True):
        z = a @ W.T + b
        a = torch.tanh(z)
    cost = (z - y).square().sum()
    with FlopCounterMode(display=False) as counter:
        torch.autograd.grad(cost, weights)
    forward_count = 20 * 12 + 12 * 9 + 9 * 4
    assert counter.get_total_flops() == 2 * (2 * forward_count - 20 * 12)


@pytest.mark.theorem("prop-backward-cost")
def test_nudging_runs_once_more_for_every_neuron_and_direction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network, x, y = random_problem([3, 5, 4, 2], 0, "tanh")
    evaluations = []

    def counted(network: MLP, z: Tensor, layer: int) -> Tensor:
        evaluations.append(layer)
        return forward_from(network, z, layer)

    monkeypatch.setattr("lae_helpers.networks.backprop.forward_from", counted)
    perturb(network, forward(network, x), y)
    assert len(evaluations) == 2 * (5 + 4 + 2)


def directions_at(degrees: float, gradient: Tensor, seed: int) -> Tensor:
    """Return a vector of random length at the given angle to the gradient."""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(len(gradient), generator=generator, dtype=gradient.dtype)
    unit = gradient / gradient.norm()
    across = drawn - (drawn @ unit) * unit
    across /= across.norm()
    radians = math.radians(degrees)
    length = 0.1 + float(torch.rand(1, generator=generator))
    direction: Tensor = math.cos(radians) * unit + math.sin(radians) * across
    return length * direction


@pytest.mark.theorem("prop-descent-angle")
@settings(deadline=None, max_examples=40)
@given(st.floats(0, 180).filter(lambda degrees: abs(degrees - 90) > 1), seeds)
def test_the_angle_decides_the_sign_of_a_small_step(degrees: float, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    A = torch.randn(6, 4, generator=generator, dtype=torch.float64)
    theta = torch.randn(4, generator=generator, dtype=torch.float64).requires_grad_()

    def cost(point: Tensor) -> Tensor:
        return torch.tanh(A @ point).square().sum() + point.sin().sum()

    (g,) = torch.autograd.grad(cost(theta), theta)
    h = directions_at(degrees, g, seed)
    assert angle(g, h) == pytest.approx(degrees, abs=1e-5)
    start, eta = theta.detach(), 1e-6
    change = float(cost(start - eta * h) - cost(start))
    predicted = -eta * float(g.norm() * h.norm()) * math.cos(math.radians(degrees))
    assert change == pytest.approx(predicted, rel=5e-2, abs=1e-10)
    if abs(predicted) > 1e-9:
        assert (change < 0) == (degrees < 90)


@pytest.mark.theorem("prop-descent-angle")
def test_at_a_right_angle_the_first_order_decides_nothing() -> None:
    h = torch.tensor([0.0, 1.0], dtype=torch.float64)
    for bend, rises in ((+1.0, True), (-1.0, False)):

        def cost(theta: torch.Tensor, bend: float = bend) -> torch.Tensor:
            return theta[0] + bend * theta[1] ** 2

        origin = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        (gradient,) = torch.autograd.grad(cost(origin), origin)
        assert angle(gradient, h) == 90
        assert bool(cost(origin - 1e-3 * h) > cost(origin)) is rises


@pytest.mark.theorem("prop-descent-angle")
@settings(deadline=None, max_examples=40)
@given(st.floats(0, 89), seeds)
def test_the_guaranteed_decrease(degrees: float, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    A = torch.randn(5, 5, generator=generator, dtype=torch.float64)
    H = A + A.T  # an indefinite quadratic: its gradient has the Lipschitz constant ||H||_2
    lipschitz = float(torch.linalg.matrix_norm(H, ord=2))
    theta = torch.randn(5, generator=generator, dtype=torch.float64)
    g = H @ theta
    h = directions_at(degrees, g, seed)
    cosine = math.cos(math.radians(degrees))
    stepped = theta - float(g.norm()) * cosine / (lipschitz * float(h.norm())) * h
    decrease = float(theta @ H @ theta - stepped @ H @ stepped) / 2
    guaranteed = float(g.norm()) ** 2 * cosine**2 / (2 * lipschitz)
    assert decrease >= guaranteed * (1 - 1e-9)


@pytest.mark.theorem("prop-descent-angle")
def test_the_guarantee_is_sharp() -> None:
    lipschitz, theta = 3.0, torch.tensor([2.0, 0.0], dtype=torch.float64)
    g = lipschitz * theta  # c = ℓ ||θ||^2 / 2
    h = directions_at(60, g, 0)
    stepped = theta - float(g.norm()) * 0.5 / (lipschitz * float(h.norm())) * h
    decrease = lipschitz * float(theta @ theta - stepped @ stepped) / 2
    assert decrease == pytest.approx(float(g.norm()) ** 2 * 0.25 / (2 * lipschitz))


def conserved_by_feedback(network: MLP, feedback: list[Tensor], layer: int) -> Tensor:
    """Compute, for each neuron of a hidden layer, what the proposition says does not change."""
    W, b, after = network.weights[layer - 1], network.biases[layer - 1], network.weights[layer]
    incoming = W.square().sum(dim=1) + b.square()
    return incoming / 2 - (feedback[layer - 1] * after.T).sum(dim=1)


def largest_drift(activation: str, *, seed: int) -> tuple[float, float]:
    """Follow the flow by feedback; return how far the quantity and its first half move."""
    network = random_problem([3, 4, 5, 2], seed, activation)[0]
    generator = torch.Generator().manual_seed(seed)
    X, Y = (torch.randn(6, n, generator=generator, dtype=torch.float64) for n in (3, 2))
    feedback = [
        torch.randn(W.T.shape, generator=generator, dtype=torch.float64)
        for W in network.weights[1:]
    ]

    def slopes(at: MLP) -> list[Tensor]:
        passed = forward(at, X)
        moves = weight_gradients(passed, backpropagate(at, passed, Y, feedback))
        return [-part for part in (*moves.weights, *moves.biases)]

    def moved(at: MLP, by: list[Tensor], time: float) -> MLP:
        parts = [p + time * d for p, d in zip((*at.weights, *at.biases), by, strict=True)]
        return MLP(parts[:3], parts[3:], activation, "squared_error")

    now, time = network, 2e-3
    for _ in range(100):  # Runge–Kutta of order four
        one = slopes(now)
        two = slopes(moved(now, one, time / 2))
        three = slopes(moved(now, two, time / 2))
        four = slopes(moved(now, three, time))
        stages = zip(one, two, three, four, strict=True)
        now = moved(now, [(a + 2 * b + 2 * c + d) / 6 for a, b, c, d in stages], time)
    drifts = [
        conserved_by_feedback(now, feedback, layer)
        - conserved_by_feedback(network, feedback, layer)
        for layer in (1, 2)
    ]
    grown = [
        after.square().sum(dim=1) - before.square().sum(dim=1)
        for after, before in zip(now.weights[:2], network.weights[:2], strict=True)
    ]
    return float(torch.cat(drifts).abs().max()), float(torch.cat(grown).abs().max())


@pytest.mark.theorem("prop-feedback-alignment")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("activation", ["identity", "relu", "tanh"])
def test_feedback_conserves_a_quantity_for_every_neuron(activation: str, seed: int) -> None:
    drift, growth = largest_drift(activation, seed=seed)
    assert growth > 0.1
    if activation == "tanh":  # where σ'(z) z is not σ(z)
        assert drift > 1e-2
    else:
        assert drift < 1e-3 * growth  # samples cross the kink of the ReLU in the middle of a step
