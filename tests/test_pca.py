"""PCA against scikit-learn and the singular value decomposition, and its conventions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from sklearn import decomposition

from lae_helpers import axis_alignment, fit_pca, load_mnist, synthetic_data
from lae_helpers.moments import compute_moments
from lae_helpers.pca import fix_signs
from tests.strategies import Problem, problems


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 7), st.data())
def test_agrees_with_scikit_learn_and_svd(seed: int, n: int, data: st.DataObject) -> None:
    rng = np.random.default_rng(seed)
    n_samples = data.draw(st.integers(n + 1, 15))
    k = data.draw(st.integers(1, n))
    spectrum = np.cumsum(rng.uniform(0.5, 2.0, n))[::-1]  # well separated
    X = synthetic_data(spectrum, n_samples, seed=seed) + 10 * rng.normal(size=n)
    pca = fit_pca(X, k)
    assert_allclose(pca.variances, spectrum[:k] ** 2 / n_samples, rtol=1e-10)
    assert_allclose(pca.mean, X.mean(axis=0), rtol=1e-12)

    reference = decomposition.PCA(n_components=k, svd_solver="full").fit(X)
    per_sample = (n_samples - 1) / n_samples
    assert_allclose(pca.variances, reference.explained_variance_ * per_sample, rtol=1e-10)
    assert_allclose(axis_alignment(pca.directions, reference.components_.T), 1, atol=1e-10)

    right = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2]
    assert_allclose(pca.directions, fix_signs(right[:k].T), atol=1e-8)
    assert_allclose(
        pca.reconstruct(X), reference.inverse_transform(reference.transform(X)), atol=1e-9
    )


@settings(max_examples=60, deadline=None)
@given(problems())
def test_order_signs_and_orthonormality(problem: Problem) -> None:
    X = problem.X
    pca = fit_pca(X, min(X.shape))
    assert (np.diff(pca.variances) <= 0).all()
    assert (pca.variances >= 0).all()
    k = len(pca.variances)
    assert_allclose(pca.directions.T @ pca.directions, np.eye(k), atol=1e-12)
    largest = np.abs(pca.directions).argmax(axis=0)
    assert (pca.directions[largest, np.arange(k)] > 0).all()
    assert_allclose(pca.variances.sum(), X.var(axis=0).sum(), rtol=1e-10)


def test_fewer_samples_than_features() -> None:
    X = np.random.default_rng(0).normal(size=(5, 30))
    pca = fit_pca(X, 5)
    assert_allclose(pca.variances[4], 0, atol=1e-12)
    assert_allclose(pca.reconstruct(X), X, atol=1e-12)


@pytest.mark.parametrize("shape", [(4, 3), (3, 3), (2, 9), (2, 1)])
def test_constant_data_have_no_variance(shape: tuple[int, int]) -> None:
    pca = fit_pca(np.full(shape, 7.0), min(shape))
    assert_allclose(pca.variances, 0, atol=0)
    assert_allclose(pca.directions.T @ pca.directions, np.eye(min(shape)), atol=1e-14)
    assert_allclose(pca.reconstruct(np.full((1, shape[1]), 7.0)), 7.0, atol=0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(0, 6), st.integers(0, 6))
def test_as_many_directions_as_the_rank(seed: int, rank: int, rows: int, columns: int) -> None:
    """At k = r nothing is left over; beyond, variances are zero and directions orthonormal."""
    rng = np.random.default_rng(seed)
    n_samples, n = rank + 1 + rows, rank + columns  # tall and wide, of full rank and not
    scores, axes = rng.normal(size=(n_samples, rank)), np.linalg.qr(rng.normal(size=(n, rank))).Q
    X = 5 + (scores - scores.mean(axis=0)) @ axes.T
    exact = np.linalg.svd(scores - scores.mean(axis=0), compute_uv=False) ** 2 / n_samples
    for k in {rank, min(n_samples, n)}:
        pca = fit_pca(X, k)
        assert_allclose(pca.variances[:rank], exact, rtol=1e-8, atol=1e-14)
        assert_allclose(pca.variances[rank:], 0, atol=1e-13)
        assert (pca.variances >= 0).all()
        assert_allclose(pca.directions.T @ pca.directions, np.eye(k), atol=1e-12)
        assert_allclose(pca.reconstruct(X), X, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_two_samples_have_the_line_between_them(seed: int, n: int) -> None:
    X = np.random.default_rng(seed).normal(size=(2, n))
    apart = X[1] - X[0]
    pca = fit_pca(X, min(2, n))
    assert_allclose(pca.mean, X.mean(axis=0))
    assert_allclose(pca.variances, [apart @ apart / 4, 0.0][: min(2, n)], rtol=1e-12, atol=1e-15)
    assert_allclose(axis_alignment(pca.directions[:, :1], apart[:, np.newaxis]), 1)


def test_as_many_directions_as_features_lose_nothing() -> None:
    X = np.random.default_rng(2).normal(size=(7, 4))
    assert_allclose(fit_pca(X, 4).reconstruct(X + 1), X + 1, atol=1e-13)


def test_signs_do_not_depend_on_the_sign_of_the_data() -> None:
    X = synthetic_data([5.0, 3.0, 1.0], 9)
    assert_allclose(fit_pca(-X, 3).directions, fit_pca(X, 3).directions, atol=1e-12)


def test_fix_signs_leaves_a_zero_column() -> None:
    assert_allclose(fix_signs(np.array([[0.0, -2.0], [0.0, 1.0]])), [[0, 2], [0, -1]], atol=0)


@settings(max_examples=30, deadline=None)
@given(problems())
def test_moments(problem: Problem) -> None:
    moments = compute_moments(problem.X)
    assert_allclose(moments.covariance, np.cov(problem.X.T, bias=True).reshape(
        moments.covariance.shape), rtol=1e-10, atol=1e-12)  # fmt: skip
    assert moments.n_samples == len(problem.X)


def test_the_kind_of_array_does_not_matter() -> None:
    X = np.random.default_rng(0).integers(0, 9, size=(20, 4))
    expected = fit_pca(X.astype(float), 2).directions
    for same in (X, X.tolist(), torch.tensor(X), torch.tensor(X * 1.0, requires_grad=True)):
        assert_allclose(fit_pca(same, 2).directions, expected, atol=0)


def test_the_data_are_left_alone() -> None:
    X = np.random.default_rng(0).normal(size=(6, 3))
    before = X.copy()
    fit_pca(X, 2).reconstruct(X)
    assert (before == X).all()


def test_spectrum_of_the_sample() -> None:
    X, _ = load_mnist()
    pca = fit_pca(X, 784)
    by_hand = [5.19471, 3.81574, 3.27999, 2.87003, 2.52532, 2.31001, 1.74550, 1.54667, 1.44383]
    assert_allclose(pca.variances[:9], by_hand, atol=5e-6)
    assert pca.variances.sum() == pytest.approx(52.815995, abs=5e-7)
    assert (pca.variances > 1e-12).sum() == 653
    singular_values = np.linalg.svd(X[:800] - X[:800].mean(axis=0), compute_uv=False)[:20]
    assert_allclose(fit_pca(X[:800], 20).variances, singular_values**2 / 800, rtol=1e-10)


@pytest.mark.parametrize(
    ("k", "kind"),
    [(0, ValueError), (-1, ValueError), (5, ValueError), (2.0, TypeError), ("2", TypeError),
     (None, TypeError), (True, TypeError), (float("nan"), TypeError)],
)  # fmt: skip
def test_bad_k(k: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"^k must be"):
        fit_pca(np.eye(4), k)


def test_k_above_the_number_of_samples() -> None:
    with pytest.raises(ValueError, match=r"^k must be between 1 and 3 .*but it is 4"):
        fit_pca(np.ones((3, 9)), 4)


def test_other_data_must_have_as_many_columns() -> None:
    with pytest.raises(ValueError, match=r"^X must have 3 columns"):
        fit_pca(np.eye(3), 1).reconstruct(np.eye(4))


def test_data_too_large_for_a_covariance() -> None:
    with pytest.raises(ValueError, match=r"^X must have a finite covariance"):
        fit_pca(1e200 * np.eye(3), 1)
