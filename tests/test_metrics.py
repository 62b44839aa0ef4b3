"""How close two of anything are: by hand, against SciPy, and at the edges of the range."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from numpy.testing import assert_allclose
from scipy.linalg import subspace_angles

from lae_helpers import LinearAutoencoder, axis_alignment, subspace_distance, transpose_gap
from lae_helpers.metrics import angle, axis_distance
from tests.strategies import Problem, problems


def test_axis_alignment_is_the_cosine_column_by_column() -> None:
    angle = 0.3
    turned = np.array([[np.cos(angle), 0.0], [np.sin(angle), -7.0]])
    assert_allclose(axis_alignment(turned, np.eye(2)), [np.cos(angle), 1.0], rtol=1e-15)
    assert_allclose(axis_alignment(np.eye(2), np.eye(2)[:, ::-1]), 0, atol=0)
    assert axis_alignment(np.full((3, 1), 0.1), np.full((3, 1), 7.0)).max() <= 1.0


@settings(max_examples=40, deadline=None)
@given(problems())
def test_subspace_distance_is_the_mean_squared_sine(problem: Problem) -> None:
    U = problem.model.encoder.weight.detach().numpy().T
    V = problem.model.decoder.weight.detach().numpy()
    expected = np.mean(np.sin(subspace_angles(U, V)) ** 2)
    assert subspace_distance(U, V) == pytest.approx(expected, abs=1e-10)
    assert subspace_distance(U, V) == pytest.approx(subspace_distance(V, U), abs=1e-10)
    mixed = U @ (np.eye(U.shape[1]) + np.triu(np.ones((U.shape[1],) * 2)))
    assert subspace_distance(U, mixed) < 1e-12


def test_subspace_distance_of_orthogonal_spaces() -> None:
    assert subspace_distance(np.eye(4)[:, :2], np.eye(4)[:, 2:]) == 1.0
    assert subspace_distance(np.eye(4)[:, :2], np.eye(4)[:, 1:3]) == pytest.approx(0.5)


def test_transpose_gap_by_hand() -> None:
    model = LinearAutoencoder(2, 1, bias=False)
    with torch.no_grad():
        model.decoder.weight.copy_(torch.tensor([[3.0], [4.0]]))
        model.encoder.weight.copy_(torch.tensor([[3.0, 4.0]]))
    assert transpose_gap(model) == 0
    with torch.no_grad():
        model.encoder.weight.copy_(torch.tensor([[3.0, 5.0]]))
    assert transpose_gap(model) == pytest.approx(1 / 5)
    torch.nn.init.zeros_(model.decoder.weight)
    assert transpose_gap(model) == float("inf")
    torch.nn.init.zeros_(model.encoder.weight)
    assert transpose_gap(model) == 0


def test_axis_distance() -> None:
    axes = np.eye(6)[:, :3]
    lengths_signs_and_order = axes[:, [2, 0, 1]] * np.array([3.0, -0.1, 1.0])
    assert axis_distance(lengths_signs_and_order, axes) == 0
    assert axis_distance(np.eye(6)[:, 3:], axes) == 1
    assert axis_distance(np.zeros((6, 3)), axes) == 1
    turned = axes.copy()
    turned[:2, :2] = np.array([[0.8, -0.6], [0.6, 0.8]])
    assert_allclose(axis_distance(turned, axes), 1 - (2 * 0.64 + 1) / 3)
    both = axis_distance(np.stack([turned, axes]), axes)
    assert both.shape == (2,)
    assert_allclose(both[0], axis_distance(turned, axes))
    assert both[1] == 0


def test_angle_is_exact_also_where_the_cosine_is_flat() -> None:
    u = torch.tensor([1.0, 0.0], dtype=torch.float64)
    for degrees in (1e-6, 30.0, 90.0, 180 - 1e-6):
        turned = u.new_tensor([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
        assert angle(u, 7 * turned) == pytest.approx(degrees, rel=1e-9)
    assert angle(u, u) == 0
    assert angle(u, -u) == 180


def test_metrics_refuse_what_has_no_direction() -> None:
    with pytest.raises(ValueError, match=r"^U and V must have the same shape"):
        subspace_distance(np.eye(3), np.eye(4))
    with pytest.raises(ValueError, match=r"^directions and reference must have the same shape"):
        axis_alignment(np.eye(3)[:, :2], np.eye(3))
    with pytest.raises(ValueError, match=r"^directions and reference must have no zero column"):
        axis_alignment(np.zeros((3, 1)), np.ones((3, 1)))
    with pytest.raises(ValueError, match=r"^V must have independent columns"):
        subspace_distance(np.eye(3)[:, :2], np.ones((3, 2)))


def test_rounding_takes_no_measure_out_of_its_range() -> None:
    """Cosines of equal lines, distance of far spaces."""
    largest, farthest = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        lines = rng.normal(size=(6, 4))
        largest.append(axis_alignment(lines, -3 * lines).max())
        Q = np.linalg.qr(rng.normal(size=(6, 6))).Q
        farthest.append(subspace_distance(Q[:, :3], Q[:, 3:]))
    assert max(largest) == max(farthest) == 1
    assert min(largest) == pytest.approx(1, abs=1e-12)
    assert min(farthest) == pytest.approx(1, abs=1e-12)


def test_the_distance_of_the_directions_themselves_is_not_below_zero() -> None:
    distances = []
    for seed in range(40):
        Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(6, 3))).Q
        distances.append(axis_distance(3 * Q[:, ::-1], Q))
    assert min(distances) == 0
    assert max(distances) < 1e-14


def test_an_angle_needs_two_directions() -> None:
    one = torch.ones(2, dtype=torch.float64)
    with pytest.raises(ValueError, match=r"^second must have the shape \(2,\)"):
        angle(one, torch.ones(3))
    with pytest.raises(ValueError, match=r"^second must have a direction"):
        angle(one, 0 * one)
