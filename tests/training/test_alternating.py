"""Exact minimisation in turn: exact, downhill, and a subspace iteration in disguise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.linalg import subspace_angles
from scipy.optimize import minimize
from sklearn.utils.extmath import randomized_range_finder

from lae_helpers import (
    LinearAutoencoder,
    NonuniformSumL2,
    ProductL2,
    Regularizer,
    SumL2,
    Unregularized,
    axis_alignment,
    fit,
    fit_pca,
    load_mnist,
    rayleigh_ritz,
    recover_from_decoder,
    synthetic_data,
    transpose_gap,
)
from lae_helpers._checks import FloatArray
from lae_helpers.autoencoder import moment_loss
from lae_helpers.moments import Moments, compute_moments
from lae_helpers.training.alternating import (
    alternate,
    alternate_plainly,
    alternate_plainly_tied,
)
from lae_helpers.training.matrices import Dense, Diagonal
from lae_helpers.training.objective import Objective

# the last two variances are zero: the covariance is singular
VARIANCES = np.array([9.0, 6.0, 4.0, 2.5, 1.0, 0.5, 0.0, 0.0])
N, K = len(VARIANCES), 3
X = synthetic_data(np.sqrt(VARIANCES * 40), 40) + 0.2 * np.arange(N)
MOMENTS = compute_moments(X)
C, U = MOMENTS.covariance, fit_pca(X, N).directions
LADDER = [Unregularized(), ProductL2(0.7), SumL2(0.7), NonuniformSumL2([1.0, 0.2, 2.0])]
EACH = pytest.mark.parametrize("regularizer", LADDER, ids=lambda r: r.name)
TIED = pytest.mark.parametrize("regularizer", [SumL2(0.7), Unregularized()], ids=lambda r: r.name)


def model_of(*, bias: bool = True, seed: int = 0) -> LinearAutoencoder:
    return LinearAutoencoder(N, K, bias=bias, seed=seed)


def weights(model: LinearAutoencoder) -> tuple[FloatArray, FloatArray]:
    encoder, decoder = (
        layer.weight.detach().numpy().copy() for layer in (model.encoder, model.decoder)
    )
    return encoder, decoder


def start_at(model: LinearAutoencoder, decoder: FloatArray) -> LinearAutoencoder:
    with torch.no_grad():
        model.decoder.weight.copy_(torch.tensor(decoder))
    return model


def run(
    model: LinearAutoencoder, regularizer: Regularizer, steps: int, *, tied: bool = False
) -> None:
    fit(
        model, MOMENTS, regularizer, optimizer="alternating", max_steps=steps, tolerance=0.0,
        tied=tied,
    )  # fmt: skip


def loss(W1: FloatArray, W2: FloatArray, regularizer: Regularizer) -> tuple[float, FloatArray]:
    """Return J on the centred data and its gradient, encoder and decoder in one vector."""
    leaves = [torch.tensor(W1, requires_grad=True), torch.tensor(W2, requires_grad=True)]
    offset = torch.zeros(N, dtype=torch.float64)
    value = moment_loss(leaves[0], leaves[1], torch.tensor(C), offset)
    value = value + regularizer.penalty(leaves[0], leaves[1])
    gradients = torch.autograd.grad(value, leaves)
    return value.item(), np.concatenate([gradient.numpy().ravel() for gradient in gradients])


@EACH
def test_each_half_of_a_step_is_exact(regularizer: Regularizer) -> None:
    model = model_of()
    old = weights(model)[1]
    run(model, regularizer, 1)
    W1, W2 = weights(model)

    def over_encoder(flat: FloatArray) -> tuple[float, FloatArray]:
        value, slope = loss(flat.reshape(K, N), old, regularizer)
        return value, slope[: K * N]

    def over_decoder(flat: FloatArray) -> tuple[float, FloatArray]:
        value, slope = loss(W1, flat.reshape(N, K), regularizer)
        return value, slope[K * N :]

    for half, found in ((over_encoder, W1), (over_decoder, W2)):
        start = np.random.default_rng(0).standard_normal(N * K)
        best = minimize(half, start, jac=True, method="BFGS", options={"gtol": 1e-10}).fun
        value, slope = half(found.ravel())
        assert value == pytest.approx(best, abs=1e-9)
        assert np.abs(slope).max() < 1e-12 * C.trace()


@EACH
@pytest.mark.parametrize("bias", [True, False])
def test_it_falls_to_the_minimum(regularizer: Regularizer, bias: bool) -> None:
    model = model_of(bias=bias)
    options: dict[str, Any] = {"optimizer": "alternating", "max_steps": 6000}
    history = fit(model, X, regularizer, tolerance=1e-7, **options)
    matrix = C if bias else X.T @ X / len(X)
    spectrum = np.linalg.eigvalsh(matrix)[::-1].clip(0)
    assert history.converged
    assert (np.diff(history.losses) <= 1e-12 * spectrum.sum()).all()
    assert history.losses[-1] == pytest.approx(regularizer.minimum_loss(spectrum, K), abs=1e-8)


@TIED
@pytest.mark.parametrize("bias", [True, False])
def test_tied_it_arrives_and_stays_tied(regularizer: Regularizer, bias: bool) -> None:
    model = model_of(bias=bias)
    gaps: list[float] = []
    history = fit(
        model, X, regularizer, optimizer="alternating", tied=True, tolerance=1e-7,
        callback=lambda *_: gaps.append(transpose_gap(model)),
    )  # fmt: skip
    matrix = C if bias else X.T @ X / len(X)
    spectrum = np.linalg.eigvalsh(matrix)[::-1].clip(0)
    assert history.converged
    assert history.losses[-1] == pytest.approx(regularizer.minimum_loss(spectrum, K), abs=1e-8)
    assert gaps[0] > 0.1
    assert_allclose(gaps[1:], 0, atol=1e-15)


def test_a_tied_step_is_exact() -> None:
    model = model_of()
    old = weights(model)[1]
    run(model, SumL2(0.7), 1, tied=True)
    new = weights(model)[1]
    assert_allclose(new, C @ old @ np.linalg.inv(old.T @ C @ old + 0.7 * np.eye(K)), atol=1e-13)
    assert np.abs(loss(old.T, new, SumL2(0.7))[1][K * N :]).max() < 1e-12


def test_a_tied_step_without_penalty_is_the_best_orthonormal_decoder() -> None:
    model = model_of()
    old = weights(model)[1]
    run(model, Unregularized(), 1, tied=True)
    new = weights(model)[1]
    assert_allclose(new.T @ new, np.eye(K), atol=1e-13)
    best = loss(old.T, new, Unregularized())[0]
    rng = np.random.default_rng(0)
    for size in (1e-3, 0.1, 10.0):
        near = np.linalg.qr(new + size * rng.standard_normal((N, K))).Q
        turned = near @ np.linalg.svd(near.T @ new)[0] @ np.linalg.svd(near.T @ new)[2]
        assert best < loss(old.T, turned, Unregularized())[0]


def test_without_penalty_the_formula_of_the_sum_would_go_in_a_circle() -> None:
    G = np.random.default_rng(1).standard_normal((K, K))
    W = U[:, :K] @ G
    once = C @ W @ np.linalg.inv(W.T @ C @ W)
    assert_allclose(once, U[:, :K] @ np.linalg.inv(G).T, atol=1e-10)
    assert_allclose(C @ once @ np.linalg.inv(once.T @ C @ once), W, atol=1e-10)


@pytest.mark.parametrize("rounds", [1, 2, 5])
@pytest.mark.parametrize(
    ("regularizer", "tied"),
    [(Unregularized(), False), (Unregularized(), True), (SumL2(0.7), True)],
    ids=["untied", "tied", "tied, with the sum"],
)
def test_it_is_subspace_iteration(regularizer: Regularizer, tied: bool, rounds: int) -> None:
    model = model_of()
    start = weights(model)[1]
    run(model, regularizer, rounds, tied=tied)
    expected = np.linalg.matrix_power(C, rounds) @ start
    assert subspace_angles(weights(model)[1], expected).max() < 1e-9


def test_with_a_penalty_and_untied_it_is_not() -> None:
    model = model_of()
    start = weights(model)[1]
    run(model, SumL2(0.7), 2)
    assert subspace_angles(weights(model)[1], C @ C @ start).max() > 1e-3


@pytest.mark.parametrize("rounds", [0, 1, 3])
def test_it_is_the_power_scheme_of_the_randomised_svd(rounds: int) -> None:
    centred = X - X.mean(axis=0)
    draw = np.random.RandomState(3).normal(size=(len(X), K))
    model = start_at(model_of(), centred.T @ draw)
    if rounds:
        run(model, Unregularized(), rounds)
    theirs = randomized_range_finder(
        centred.T, size=K, n_iter=rounds, power_iteration_normalizer="QR", random_state=3
    )
    assert subspace_angles(weights(model)[1], theirs).max() < 1e-9


def test_the_error_of_a_singular_value_changes_its_sign_and_shrinks() -> None:
    lam, kept = 0.7, VARIANCES[:K]
    fixed = np.sqrt(1 - lam / kept)
    error = np.array([1e-6, -2e-6, 1e-6])
    model = start_at(model_of(), U[:, :K] * (fixed + error))
    run(model, SumL2(lam), 1, tied=True)
    after = recover_from_decoder(model).singular_values - fixed
    assert_allclose(after / error, -(1 - 2 * lam / kept), atol=1e-5)


@pytest.mark.parametrize("tied", [False, True])
def test_a_variance_below_lam_is_given_up(tied: bool) -> None:
    model = model_of()
    run(model, SumL2(5.0), 400, tied=tied)
    expected = [np.sqrt(1 - 5 / 9), np.sqrt(1 - 5 / 6), 0]
    assert_allclose(recover_from_decoder(model).singular_values, expected, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 5), st.floats(0.01, 20))
def test_what_it_reports_is_true(seed: int, which: int, lam: float) -> None:
    rng = np.random.default_rng(seed)
    ladder = [Unregularized(), ProductL2(lam), SumL2(lam), NonuniformSumL2([lam, 2 * lam, lam / 3])]
    regularizer, tied = [*((r, False) for r in ladder), (ladder[0], True), (ladder[2], True)][which]
    spectrum = Diagonal(torch.tensor(rng.exponential(size=N)) / 10)
    objective = Objective(spectrum, regularizer, K, scale=3.0)
    start = objective.at(torch.tensor(rng.normal(size=(2, K, N))))
    for found in alternate(objective, start, max_steps=4, tied=tied):
        true = objective.at(found.weights)
        assert found.loss == pytest.approx(true.loss, rel=1e-8, abs=1e-10)
        assert_allclose(found.gradient, true.gradient, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("tied", [False, True])
def test_one_product_with_the_covariance_a_step(
    tied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    products: list[int] = []
    times = Dense.times

    def spy(self: Dense, rows: torch.Tensor) -> torch.Tensor:
        products.append(len(rows))
        return times(self, rows)

    monkeypatch.setattr(Dense, "times", spy)
    run(model_of(), Unregularized(), 7, tied=tied)
    assert len(products) == 7 + 1  # and one for the start


def test_a_mean_far_away_costs_nothing() -> None:
    near, far = model_of(), model_of()
    options: dict[str, Any] = {"optimizer": "alternating", "max_steps": 5, "tolerance": 0}
    here = fit(near, X, SumL2(0.7), **options)
    there = fit(far, X + 1e6, SumL2(0.7), **options)
    assert_allclose(there.losses[1:], here.losses[1:], rtol=1e-8)
    assert_allclose(weights(far)[1], weights(near)[1], atol=1e-7)


def test_a_dependent_column_stays_given_up() -> None:
    columns = np.random.default_rng(0).standard_normal((N, K))
    columns[:, 2] = columns[:, 0] + columns[:, 1]
    model = start_at(model_of(), columns)
    run(model, Unregularized(), 100)
    assert np.linalg.matrix_rank(weights(model)[1], tol=1e-8) == 2
    assert loss(*weights(model), Unregularized())[0] == pytest.approx(VARIANCES[2:].sum())


def test_float32_stays_float32() -> None:
    for tied in (False, True):
        model = model_of().float()
        history = fit(model, X, SumL2(0.7), optimizer="alternating", tied=tied, max_steps=200)
        assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
        assert history.losses[-1] == pytest.approx(SumL2(0.7).minimum_loss(VARIANCES, K), rel=1e-5)


@pytest.mark.parametrize("regularizer", [ProductL2(0.7), NonuniformSumL2([1, 2, 3])])
def test_no_tied_step_for_the_others(regularizer: Regularizer) -> None:
    with pytest.raises(ValueError, match=r"^tied must be False .* only Unregularized\(\)"):
        fit(model_of(), X, regularizer, optimizer="alternating", tied=True)


def test_the_digits_sixteen_directions() -> None:
    digits = load_mnist()[0]
    moments, truth = compute_moments(digits), fit_pca(digits, 16).directions
    tied = LinearAutoencoder(784, 16)
    fit(tied, moments, SumL2(0.3), optimizer="alternating", tied=True, max_steps=60, tolerance=0)
    assert axis_alignment(recover_from_decoder(tied).directions, truth).min() >= 0.9999
    free = LinearAutoencoder(784, 16)
    fit(free, moments, optimizer="alternating", max_steps=40, tolerance=0)
    assert axis_alignment(recover_from_decoder(free).directions, truth).min() < 0.9
    ritz = rayleigh_ritz(free, moments.covariance)
    assert axis_alignment(ritz.directions, truth).min() >= 0.9999
    assert_allclose(ritz.variances, fit_pca(digits, 16).variances, rtol=1e-4)


def test_rayleigh_ritz_of_the_subspace_in_any_basis() -> None:
    basis = U[:, :K] @ np.random.default_rng(2).standard_normal((K, K))
    ritz = rayleigh_ritz(start_at(model_of(), basis), C)
    assert_allclose(ritz.directions, U[:, :K], atol=1e-12)
    assert_allclose(ritz.variances, VARIANCES[:K], rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_ritz_values_stay_below_the_variances(seed: int) -> None:
    ritz = rayleigh_ritz(model_of(seed=seed), C)
    assert (ritz.variances <= VARIANCES[:K] * (1 + 1e-12)).all()
    assert (np.diff(ritz.variances) <= 0).all()
    along = np.einsum("ij,ik,kj->j", ritz.directions, C, ritz.directions)
    assert_allclose(along, ritz.variances, atol=1e-12)


def test_rayleigh_ritz_at_the_door() -> None:
    with pytest.raises(ValueError, match=r"^covariance must have the shape \(8, 8\)"):
        rayleigh_ritz(model_of(), np.eye(7))
    wrong: Any = torch.nn.Linear(8, 3)
    with pytest.raises(TypeError, match=r"^model must be a LinearAutoencoder"):
        rayleigh_ritz(wrong, C)


def relative(found: FloatArray, expected: FloatArray) -> float:
    return float(np.abs(found - expected).max() / np.abs(expected).max())


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 7), st.data(), st.integers(0, 2**32 - 1), st.floats(0.05, 2.0), st.booleans(),
)  # fmt: skip
def test_the_fast_way_is_the_plain_one(
    n: int, data: st.DataObject, seed: int, lam: float, tied: bool
) -> None:
    """Three rounds of both, of any shape and under every penalty that there is a step for."""
    k = data.draw(st.integers(1, n))
    spread = NonuniformSumL2(lam * (1 + np.arange(k)[::-1]))
    rungs = [Unregularized(), SumL2(lam)] + ([] if tied else [ProductL2(lam), spread])
    rung = data.draw(st.sampled_from(rungs))
    rng = np.random.default_rng(seed)
    turn = np.linalg.qr(rng.normal(size=(n, n))).Q
    M = turn * (1 + np.arange(n)) @ turn.T
    W2 = np.linalg.qr(rng.normal(size=(n, k))).Q @ np.diag(1 + rng.random(k))
    model = LinearAutoencoder(n, k)
    start_at(model, W2)
    moments = Moments(np.zeros(n), M, 9)
    for _ in range(3):
        if tied:
            W2 = alternate_plainly_tied(W2, M, rung)
            W1 = W2.T
        else:
            W1, W2 = alternate_plainly(W2, M, rung)
        fit(model, moments, rung, optimizer="alternating", tied=tied, max_steps=1, tolerance=0)
        for found, expected in zip(weights(model), (W1, W2), strict=True):
            assert relative(found, expected) < 1e-10
