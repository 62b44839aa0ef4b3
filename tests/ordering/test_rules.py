"""Rules that tell the components apart: autograd is the oracle of every gradient."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import torch

from lae_helpers import DivergenceError, NonuniformSumL2, SumL2
from lae_helpers.autoencoder import moment_loss
from lae_helpers.hebbian import oja, sanger
from lae_helpers.ordering.rules import (
    Rule,
    follow_rule,
    ordered_descent,
    ordered_loss,
    rotation_augmented,
    sum_descent,
)

Array = npt.NDArray[np.float64]

N, K = 6, 3
LAMS = np.array([0.2, 0.3, 0.5])
RULES = (sum_descent, rotation_augmented, ordered_descent, oja, sanger)


def covariance(seed: int = 0) -> Array:
    """Draw a covariance."""
    data = np.random.default_rng(seed).standard_normal((40, N))
    C: Array = data.T @ data / 40
    return C


def weights(seed: int, *leading: int) -> tuple[Array, Array]:
    """Draw W1 and W2."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((*leading, K, N)), rng.standard_normal((*leading, N, K))


def slopes(loss: torch.Tensor, leaves: list[torch.Tensor]) -> list[Array]:
    """Differentiate by autograd."""
    return [slope.numpy() for slope in torch.autograd.grad(loss, leaves)]


def leaves(W1: Array, W2: Array) -> list[torch.Tensor]:
    """Make tensors that autograd follows."""
    return [torch.tensor(W, requires_grad=True) for W in (W1, W2)]


@pytest.mark.parametrize("seed", range(3))
def test_sum_descent_is_minus_the_gradient(seed: int) -> None:
    C, pair = covariance(seed), weights(seed)
    W1, W2 = leaves(*pair)
    loss = moment_loss(W1, W2, torch.tensor(C), torch.zeros(N, dtype=torch.float64))
    expected = slopes(loss + NonuniformSumL2(LAMS).penalty(W1, W2), [W1, W2])
    for velocity, slope in zip(sum_descent(*pair, C, LAMS), expected, strict=True):
        np.testing.assert_allclose(velocity, -slope, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_ordered_descent_is_minus_the_gradient(seed: int) -> None:
    C, pair = covariance(seed), weights(seed)
    W1, W2 = leaves(*pair)
    loss = ordered_loss(W1, W2, torch.tensor(C)) + SumL2(0.3).penalty(W1, W2)
    expected = slopes(loss, [W1, W2])
    for velocity, slope in zip(ordered_descent(*pair, C, np.full(K, 0.3)), expected, strict=True):
        np.testing.assert_allclose(velocity, -slope, atol=1e-11)


def test_ordered_loss_is_the_sum_over_prefixes() -> None:
    C = torch.tensor(covariance())
    W1, W2 = leaves(*weights(1))
    zero = torch.zeros(N, dtype=torch.float64)
    parts = [moment_loss(W1[:i], W2[:, :i], C, zero) for i in range(1, K + 1)]
    torch.testing.assert_close(ordered_loss(W1, W2, C), torch.stack(parts).sum())


def test_the_rotation_does_not_move_the_map() -> None:
    C, (W1, W2) = covariance(), weights(2)
    plain, turned = (rule(W1, W2, C, LAMS) for rule in (sum_descent, rotation_augmented))
    extra = [b - a for a, b in zip(plain, turned, strict=True)]
    assert all(np.linalg.norm(part) > 0.1 for part in extra)
    np.testing.assert_allclose(extra[1] @ W1 + W2 @ extra[0], 0, atol=1e-12)
    np.testing.assert_allclose((W1 * extra[0]).sum() + (W2 * extra[1]).sum(), 0, atol=1e-12)


@pytest.mark.parametrize("rule", RULES)
def test_several_networks_side_by_side(rule: Rule) -> None:
    C, (W1, W2) = covariance(), weights(5, 4)
    together = rule(W1, W2, C, LAMS)
    for i in range(4):
        for all_of_them, one in zip(together, rule(W1[i], W2[i], C, LAMS), strict=True):
            np.testing.assert_allclose(all_of_them[i], one, atol=1e-12)


def test_following_a_rule_keeps_what_was_asked_for() -> None:
    C, start = covariance(), weights(6)

    def go(*records: int) -> list[tuple[Array, Array]]:
        return follow_rule(
            sum_descent, start, C, strengths=LAMS, learning_rate=0.01, records=records
        )

    at_start, once, later = go(0, 1, 7)
    for kept, expected in zip(at_start, start, strict=True):
        np.testing.assert_array_equal(kept, expected)
    for kept, before, velocity in zip(once, start, sum_descent(*start, C, LAMS), strict=True):
        np.testing.assert_allclose(kept, before + 0.01 * velocity, atol=1e-14)
    for kept, straight in zip(later, go(7)[0], strict=True):
        np.testing.assert_array_equal(kept, straight)


def test_following_a_rule_says_what_is_wrong() -> None:
    C, start = covariance(), weights(7)
    with pytest.raises(ValueError, match=r"^records must ascend"):
        follow_rule(sum_descent, start, C, strengths=LAMS, learning_rate=0.01, records=[5, 3])
    with pytest.raises(ValueError, match=r"^learning_rate must be finite and positive"):
        follow_rule(sum_descent, start, C, strengths=LAMS, learning_rate=0.0, records=[5])
    with pytest.raises(DivergenceError, match=r"smaller learning_rate than 10"):
        follow_rule(sum_descent, start, C, strengths=LAMS, learning_rate=10.0, records=[50])


def test_what_is_negligible_is_zero_and_records_may_repeat() -> None:
    start = np.array([[1e-149, 1e-151]]), np.array([[-1e-149], [-1e-151]])

    def rest(W1: Array, W2: Array, _C: Array, _lams: Array) -> tuple[Array, Array]:
        return 0 * W1, 0 * W2

    once, twice = follow_rule(
        rest, start, np.eye(2), strengths=np.ones(1), learning_rate=0.1, records=[0, 0]
    )
    for W1, W2 in (once, twice):
        assert W1.tolist() == [[1e-149, 0]]
        assert W2.tolist() == [[-1e-149], [0]]
