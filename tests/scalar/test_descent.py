"""Gradient descent on the smallest autoencoder, against torch and against what is proved of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lae_helpers.regularizers import NonuniformSumL2, ProductL2, SumL2, Unregularized
from lae_helpers.scalar.descent import ScalarLoss, choose_step, follow_gradient
from lae_helpers.scalar.plots import scalar_loss

if TYPE_CHECKING:
    from lae_helpers.regularizers import Regularizer

weights = st.floats(-2, 2).filter(lambda w: w == 0 or abs(w) > 1e-3)
variances = st.floats(0.1, 10)
shares = st.floats(0.01, 2)


def regularizers(lam: float) -> list[Regularizer]:
    return [Unregularized(), ProductL2(lam), SumL2(lam), NonuniformSumL2([lam])]


def value(regularizer: Regularizer, variance: float, path: np.ndarray) -> np.ndarray:
    w1, w2 = torch.from_numpy(path.copy()).T
    return scalar_loss(w1, w2, variance, regularizer).numpy()


@settings(max_examples=40, deadline=None)
@given(w1=weights, w2=weights, variance=variances, share=shares)
def test_gradient_is_that_of_the_loss(w1: float, w2: float, variance: float, share: float) -> None:
    for regularizer in regularizers(share * variance):
        at = torch.tensor([w1, w2], dtype=torch.float64, requires_grad=True)
        height = scalar_loss(at[:1], at[1:], variance, regularizer).sum()
        expected = torch.autograd.grad(height, at)[0].numpy()
        mine = np.array(ScalarLoss.under(regularizer, variance).gradient(w1, w2))
        np.testing.assert_allclose(mine, expected, rtol=1e-10, atol=1e-11 * variance)


@settings(max_examples=40, deadline=None)
@given(w1=weights, w2=weights, variance=variances, share=shares)
def test_the_step_is_stable_from_everywhere(
    w1: float, w2: float, variance: float, share: float
) -> None:
    for regularizer in regularizers(share * variance):
        loss = ScalarLoss.under(regularizer, variance)
        largest = 1 / loss.curvature_bound(w1, w2)
        for step in (choose_step([loss], w1, w2), largest):
            path = follow_gradient(loss, w1, w2, step, most_steps=300)
            values = value(regularizer, variance, path.weights)
            assert (np.diff(values) <= 1e-12 * values[0]).all()
            kept = path.imbalance * np.sign(path.imbalance[0])
            assert (kept >= -1e-12).all()
            assert (np.diff(kept) <= 1e-12).all()


@settings(max_examples=40, deadline=None)
@given(w1=weights, w2=weights, variance=variances, share=shares)
def test_the_bound_holds_along_the_path(
    w1: float, w2: float, variance: float, share: float
) -> None:
    for regularizer in regularizers(share * variance):
        loss = ScalarLoss.under(regularizer, variance)
        bound = loss.curvature_bound(w1, w2)
        path = follow_gradient(loss, w1, w2, 1 / bound, most_steps=20).weights
        stiffness = loss.variance + loss.on_product
        for a, b in path:
            pull = 2 * (loss.on_product * a * b - loss.variance * (1 - a * b))
            mixed = 2 * stiffness * a * b + pull
            hessian = [
                [2 * stiffness * b * b + 2 * loss.on_sum, mixed],
                [mixed, 2 * stiffness * a * a + 2 * loss.on_sum],
            ]
            assert np.abs(np.linalg.eigvalsh(hessian)).max() <= bound * (1 + 1e-12)


@pytest.mark.parametrize("lam", [0.0, 0.3, 1.0, 1.5])
def test_imbalance_obeys_its_exact_law_at_every_step(lam: float) -> None:
    for regularizer in (Unregularized(), ProductL2(lam), SumL2(lam)):
        loss = ScalarLoss.under(regularizer, 1.0)
        step = choose_step([loss], -0.9, 1.7)
        path = follow_gradient(loss, -0.9, 1.7, step, most_steps=100)
        w1, w2 = path.weights[:-1].T
        pull = 2 * (loss.on_product * w1 * w2 - (1 - w1 * w2))
        factors = (1 - 2 * step * loss.on_sum) ** 2 - (step * pull) ** 2
        np.testing.assert_allclose(path.imbalance[1:], factors * path.imbalance[:-1], rtol=1e-9)


@pytest.mark.parametrize(
    ("regularizer", "law"),
    [(Unregularized(), 1.0), (ProductL2(0.4), 1.0), (SumL2(0.4), np.exp(-4 * 0.4 * 0.5))],
    ids=["none", "product", "sum"],
)
def test_imbalance_of_the_flow_is_conserved_or_decays(regularizer: Regularizer, law: float) -> None:
    loss = ScalarLoss.under(regularizer, 1.0)
    gaps = []
    for step in (1e-3, 5e-4):
        path = follow_gradient(loss, 1.5, 0.3, step, most_steps=round(0.5 / step))
        gaps.append(path.imbalance[round(0.5 / step)] / path.imbalance[0] - law)
    assert abs(gaps[0]) < 2e-3
    assert gaps[1] == pytest.approx(gaps[0] / 2, rel=0.05)


@pytest.mark.parametrize("start", [(-0.9, 1.7), (1.9, -0.2), (0.1, 0.0), (-2.0, -2.0)])
def test_arrives_at_the_minima_of_the_theory(start: tuple[float, float]) -> None:
    for regularizer in regularizers(0.3):
        loss = ScalarLoss.under(regularizer, 1.0)
        path = follow_gradient(loss, *start, choose_step([loss], *start))
        assert path.arrived
        end = path.weights[-1]
        product = regularizer.map_singular_values([1.0])[0]
        assert end.prod() == pytest.approx(product, abs=1e-6)
        assert np.sign(end.sum()) == np.sign(sum(start))
        if loss.on_sum:
            np.testing.assert_allclose(end, np.sign(sum(start)) * np.sqrt(product), atol=1e-6)


def test_starts_that_find_the_saddle() -> None:
    loss = ScalarLoss.under(SumL2(0.3), 1.0)
    assert len(follow_gradient(loss, 0.0, 0.0, 0.01).weights) == 1
    path = follow_gradient(loss, 1.2, -1.2, choose_step([loss], 1.2, -1.2))
    assert path.arrived
    np.testing.assert_allclose(path.weights[-1], 0, atol=1e-7)


def test_the_strength_that_equals_the_variance_is_never_done() -> None:
    loss = ScalarLoss.under(SumL2(1.0), 1.0)
    path = follow_gradient(loss, 1.5, 0.5, choose_step([loss], 1.5, 0.5), most_steps=2000)
    assert not path.arrived
    assert len(path.weights) == 2001


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match="variance"):
        ScalarLoss.under(Unregularized(), 0.0)
    with pytest.raises(ValueError, match="lams"):
        ScalarLoss.under(NonuniformSumL2([0.1, 0.2]), 1.0)
