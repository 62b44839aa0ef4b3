"""Ways back at an angle: the angle and the length, exactly, and what descent through them is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lae_helpers.metrics import angle
from lae_helpers.networks.backprop import forward, sample_costs
from lae_helpers.networks.mlp import MLP, initialize_mlp
from lae_helpers.networks.turned import descend_turned, turn_way_back

if TYPE_CHECKING:
    from torch import Tensor


def draw(rows: int, columns: int, seed: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    W = torch.randn(rows, columns, generator=generator, dtype=torch.float64)
    return W, torch.randn(columns, rows, generator=generator, dtype=torch.float64)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 9), st.integers(1, 9), st.floats(0, 180), st.integers(0, 2**31))
def test_angle_and_length_are_exact(rows: int, columns: int, degrees: float, seed: int) -> None:
    W, H = draw(rows, columns, seed)
    # The part of H that is orthogonal to the transpose suffers where H is nearly along it.
    aside = math.sin(math.radians(angle(H, W.T)))
    B = turn_way_back(W, H, degrees)
    assert math.radians(abs(angle(B, W.T) - degrees)) <= 1e-12 / aside
    assert float(B.norm()) == pytest.approx(float(W.norm()), rel=1e-12 / aside)


@pytest.mark.parametrize("degrees", [0.0, 30.0, 90.0, 137.0, 180.0])
def test_at_eight_by_ten_the_angle_is_right_to_twelve_digits(degrees: float) -> None:
    for seed in range(20):
        W, H = draw(10, 8, seed)
        B = turn_way_back(W, H, degrees)
        cosine = float((B * W.T).sum() / W.norm() ** 2)
        assert cosine == pytest.approx(math.cos(math.radians(degrees)), abs=1e-14)
        assert math.radians(abs(angle(B, W.T) - degrees)) < 1e-12


def test_it_turns_in_the_plane_of_transpose_and_target() -> None:
    W, H = draw(5, 3, 0)
    B = turn_way_back(W, H, 90)
    three = torch.stack([W.T.flatten(), H.flatten(), B.flatten()])
    assert float(torch.linalg.svdvals(three)[2]) < 1e-14
    assert float((B * H).sum()) > 0


@pytest.mark.parametrize(
    ("W", "H", "degrees", "message"),
    [
        (np.zeros((2, 3)), np.ones((3, 2)), 10, "^W must not be zero"),
        (np.ones((2, 3)), np.zeros((3, 2)), 10, "^H must not be a multiple of the transpose"),
        (np.ones((2, 3)), -2 * np.ones((3, 2)), 10, "^H must not be a multiple of the transpose"),
        (np.ones((2, 3)), np.ones((2, 3)), 10, r"^H must have the shape \(3, 2\)"),
        (np.ones((2, 3)), np.eye(3, 2), 181, "^degrees must be between 0 and 180"),
    ],
)
def test_what_cannot_be_turned_is_refused(
    W: np.ndarray, H: np.ndarray, degrees: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        turn_way_back(W, H, degrees)


def problem() -> tuple[MLP, Tensor, Tensor, list[Tensor]]:
    generator = torch.Generator().manual_seed(1)
    X = torch.randn(40, 6, generator=generator, dtype=torch.float64)
    targets = torch.eye(3, dtype=torch.float64)[torch.arange(40) % 3]
    network = initialize_mlp([6, 5, 4, 3], seed=1)
    H = [draw(len(W), W.shape[1], i)[1] for i, W in enumerate(network.weights[1:])]
    return network, X, targets, H


def test_at_zero_degrees_it_is_gradient_descent_by_autograd() -> None:
    network, X, targets, H = problem()
    found = descend_turned(network, X, targets, H, 0, n_steps=5, learning_rate=0.3)
    parameters = [p.clone().requires_grad_() for p in (*network.weights, *network.biases)]
    for _ in range(5):
        copy = MLP(parameters[:3], parameters[3:])
        a = X
        for i in range(3):
            z = a @ parameters[i].T + parameters[3 + i]
            a = torch.tanh(z)
        cost = sample_costs(copy, z, targets).mean()
        slopes = torch.autograd.grad(cost, parameters)
        parameters = [
            (p - 0.3 * s).detach().requires_grad_() for p, s in zip(parameters, slopes, strict=True)
        ]
    for mine, theirs in zip((*found[-1].weights, *found[-1].biases), parameters, strict=True):
        torch.testing.assert_close(mine, theirs.detach(), rtol=0, atol=1e-12)


def test_the_way_back_follows_the_weights() -> None:
    network, X, targets, H = problem()
    steps = descend_turned(network, X, targets, H, 70, n_steps=30, learning_rate=0.5)
    again = descend_turned(steps[20], X, targets, H, 70, n_steps=10, learning_rate=0.5)
    torch.testing.assert_close(again[-1].weights[0], steps[-1].weights[0], rtol=0, atol=0)
    outputs = [forward(net, X).pre_activations[-1] for net in (steps[0], steps[-1])]
    before, after = (float(sample_costs(network, z, targets).mean()) for z in outputs)
    assert after < before
