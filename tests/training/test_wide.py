"""Fewer samples than features: the same results, without a matrix of features by features."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import dask.array as da
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.linalg import subspace_angles

from lae_helpers import (
    LinearAutoencoder,
    NonuniformSumL2,
    ProductL2,
    Regularizer,
    SumL2,
    Unregularized,
    _summaries,
    fit,
    fit_pca,
    reconstruction_loss,
)
from lae_helpers._checks import FloatArray
from lae_helpers._sources import as_source
from lae_helpers.errors import ConvergenceWarning
from lae_helpers.moments import ThinMoments, compute_moments, moments_of

N, K = 40, 3
WAYS: dict[str, dict[str, Any]] = {
    "lbfgs": {"optimizer": "lbfgs"},
    "gradient_descent": {"optimizer": "gradient_descent"},
    "alternating": {"optimizer": "alternating"},
    "tied": {"optimizer": "alternating", "tied": True},
}
LADDER = [Unregularized(), ProductL2(0.7), SumL2(0.7), NonuniformSumL2([1.0, 0.2, 2.0])]
CASES = [
    pytest.param(way, rung, id=f"{way}, {rung.name}")
    for way in WAYS
    for rung in LADDER
    if way != "tied" or rung.name in {"none", "sum"}
]
BIAS = pytest.mark.parametrize("bias", [True, False])


def draw(n_samples: int, seed: int = 0) -> FloatArray:
    rng = np.random.default_rng(seed)
    X: FloatArray = rng.normal(size=(n_samples, 6)) @ rng.normal(size=(6, N))
    return X + rng.normal(size=(n_samples, N)) + 5 * rng.normal(size=N)


def loss_of(model: LinearAutoencoder, X: FloatArray, regularizer: Regularizer) -> torch.Tensor:
    penalty = regularizer.penalty(model.encoder.weight, model.decoder.weight)
    return reconstruction_loss(model, torch.tensor(X)) + penalty


@BIAS
@pytest.mark.parametrize("n_samples", [4, 12, 33, 34, 39])
@pytest.mark.parametrize(("way", "rung"), CASES)
def test_the_walk_is_that_of_the_covariance(
    way: str, rung: Regularizer, n_samples: int, bias: bool
) -> None:
    X, models = draw(n_samples), [LinearAutoencoder(N, K, bias=bias, seed=1) for _ in range(2)]
    options: dict[str, Any] = {"max_steps": 10, "tolerance": 0, "snapshot_every": 5}
    thin = fit(models[0], X, rung, **options, **WAYS[way])
    dense = fit(models[1], compute_moments(X), rung, **options, **WAYS[way])
    nothing = 1e-13 * np.square(X).sum()
    assert_allclose(thin.losses, dense.losses, rtol=1e-8, atol=nothing)
    true = loss_of(models[0], X, rung).item()
    assert thin.losses[-1] == pytest.approx(true, rel=1e-9, abs=nothing)
    for mine, theirs in zip(models[0].parameters(), models[1].parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-6, rtol=0)
    for one, other in zip(thin.snapshots, dense.snapshots, strict=True):
        assert_allclose(one.encoder, other.encoder, atol=1e-6)


@BIAS
@pytest.mark.parametrize(("way", "rung"), CASES)
def test_converged_means_a_small_gradient_in_the_pixels(
    way: str, rung: Regularizer, bias: bool
) -> None:
    spread = np.linalg.svd(draw(12) - draw(12).mean(axis=0), full_matrices=False)
    X = (spread[0] * np.sqrt(12 * np.array([6, 5, 4, *8 * [0.2], 0]))) @ spread[2]
    model = LinearAutoencoder(N, K, bias=bias)
    history = fit(model, X, rung, **WAYS[way], max_steps=30_000, tolerance=1e-6)
    assert history.converged
    slopes = torch.autograd.grad(loss_of(model, X, rung), list(model.parameters()))
    assert max(slope.abs().max().item() for slope in slopes) <= 1.001e-6 * X.var(axis=0).sum()
    variances = fit_pca(X, 12).variances
    assert history.losses[-1] == pytest.approx(rung.minimum_loss(variances, K), abs=1e-6)


@BIAS
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_minibatches_record_the_loss_of_wide_data(optimizer: str, bias: bool) -> None:
    X, model = draw(12), LinearAutoencoder(N, K, bias=bias)
    seen: list[float] = []
    history = fit(
        model, X, SumL2(0.7), optimizer=optimizer, epochs=5, learning_rate=1e-4, progress=False,
        callback=lambda *_: seen.append(loss_of(model, X, SumL2(0.7)).item()),
    )  # fmt: skip
    assert_allclose(history.losses, seen, rtol=1e-10)


def test_where_no_data_reach_nothing_moves_without_a_penalty() -> None:
    """W1 keeps what it has there: descent cannot see it."""
    X, model = draw(8), LinearAutoencoder(N, K)
    before = model.encoder.weight.detach().clone()
    fit(model, X, max_steps=50, tolerance=0)
    outside = torch.linalg.svd(torch.tensor(X - X.mean(axis=0)))[2][8:]
    moved = (model.encoder.weight.detach() - before) @ outside.T
    assert float(before.norm()) > 1
    assert float(moved.abs().max()) < 1e-13


@BIAS
@pytest.mark.parametrize("way", ["lbfgs", "gradient_descent", "alternating", "sgd"])
def test_zero_weights_are_known_for_a_saddle(way: str, bias: bool) -> None:
    sgd = {"optimizer": "sgd", "batch_size": 12, "epochs": 1, "progress": False}
    X, model = draw(12), LinearAutoencoder(N, K, bias=bias)
    seen = X - X.mean(axis=0) if bias else X
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        if bias:
            model.decoder.bias.copy_(torch.tensor(X.mean(axis=0)))
    above = np.square(np.linalg.svd(seen, compute_uv=False)[:K]).sum() / 12
    with pytest.warns(ConvergenceWarning, match=f"but the loss {above:.4g} above its minimum"):
        fit(model, X, **WAYS.get(way, sgd))


KINDS: dict[str, Any] = {
    "array": np.asarray,
    "one batch": lambda X: [X],
    "many batches": lambda X: iter([X[:1], X[1:2], X[2:9], X[9:]]),
    "Dask": lambda X: da.from_array(X, chunks=(3, 7)),
    "Dask, unknown chunks": lambda X: da.from_array(X, chunks=(4, -1))[
        da.from_array(X[:, 0] < np.inf)
    ],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shift", [0.0, 1e9])
def test_thin_moments_are_those_of_the_covariance(kind: str, shift: float) -> None:
    X = np.round(draw(12) * 64) / 64
    thin = moments_of(as_source(KINDS[kind](X + shift)))
    assert isinstance(thin, ThinMoments)
    assert thin.n_samples == 12
    assert len(thin.factor) < N
    assert_allclose(thin.mean - shift, X.mean(axis=0), atol=1e-6 if shift else 1e-12)
    covariance = np.cov(X.T, bias=True)
    assert_allclose(thin.factor.T @ thin.factor, covariance, atol=1e-11 * covariance.max())
    assert_allclose(compute_moments(KINDS[kind](X + shift)).covariance, covariance, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=2, max_size=8), st.integers(0, 2**32 - 1))
def test_batches_may_grow_out_of_being_wide(heights: list[int], seed: int) -> None:
    X = draw(sum(heights), seed)
    parts = np.split(X, np.cumsum(heights)[:-1])
    found = moments_of(as_source(da.concatenate([da.from_array(part) for part in parts])))
    covariance = (
        found.factor.T @ found.factor if isinstance(found, ThinMoments) else found.covariance
    )
    assert_allclose(covariance, np.cov(X.T, bias=True), atol=1e-10)


@pytest.mark.parametrize(("n_rows", "thin"), [(N - 1, True), (N, False)])
def test_moments_are_thin_while_their_rows_are_fewer_than_the_columns(
    n_rows: int, thin: bool
) -> None:
    assert isinstance(moments_of(as_source(draw(n_rows))), ThinMoments) == thin
    blocks = da.from_array(draw(n_rows - 1), chunks=(20, -1))  # the way between them is a row too
    assert isinstance(moments_of(as_source(blocks)), ThinMoments) == thin


@pytest.mark.parametrize("k", [1, 4, 11, 12])
def test_pca_of_wide_data_is_that_of_the_covariance(k: int) -> None:
    X = draw(12)
    thin = fit_pca(X, k)
    variances, directions = np.linalg.eigh(np.cov(X.T, bias=True))
    assert_allclose(thin.variances, variances[: -k - 1 : -1], atol=1e-12 * variances[-1])
    assert_allclose(thin.directions.T @ thin.directions, np.eye(k), atol=1e-12)
    certain = min(k, 11)  # the centred data have rank 11
    angles = subspace_angles(thin.directions[:, :certain], directions[:, : -certain - 1 : -1])
    assert angles.max() < 1e-7
    largest = np.abs(thin.directions).argmax(axis=0)
    assert (thin.directions[largest, np.arange(k)] > 0).all()


def test_pca_of_wide_data_does_not_square_the_singular_values() -> None:
    rng = np.random.default_rng(0)
    left, right = (np.linalg.qr(rng.normal(size=(rows, 6))).Q for rows in (12, N))
    left = np.linalg.qr(left - left.mean(axis=0)).Q
    sigmas = 10.0 ** -np.arange(0, 12, 2)
    pca = fit_pca((left * sigmas) @ right.T + 3.0, 6)
    assert_allclose(np.sqrt(12 * pca.variances), sigmas, rtol=1e-2, atol=1e-13)


def test_what_does_not_fit_into_memory_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_summaries, "_memory", lambda: 8.0 * N * N - 1)
    X, tall = draw(12), draw(50)
    fit_pca(X, 3)
    fit(LinearAutoencoder(N, K), X, max_steps=2, tolerance=0)
    refused: list[Any] = [
        lambda: compute_moments(X), lambda: fit_pca(tall, 2),
        lambda: fit(LinearAutoencoder(N, K), tall),
    ]  # fmt: skip
    for call in refused:
        with pytest.raises(ValueError, match=r"^X must have fewer columns than 40 .* 40 x 40"):
            call()


def test_sixty_by_fifty_thousand_in_two_gigabytes() -> None:
    """Data, model and all that is computed; the covariance alone would be 20 GB."""
    script = """
import resource, numpy as np
from lae_helpers import LinearAutoencoder, SumL2, fit, fit_pca
X = np.random.default_rng(0).normal(size=(60, 50_000))
fit_pca(X, 5)
minibatches = {"epochs": 1, "progress": False}
for name in ("lbfgs", "gradient_descent", "alternating", "adam", "sgd"):
    rest = minibatches if name in ("adam", "sgd") else {"max_steps": 60}
    rest |= {"learning_rate": 1e-9} if name == "sgd" else {}
    fit(LinearAutoencoder(50_000, 5), X, SumL2(0.1), optimizer=name, tolerance=0, **rest)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=300
    )
    assert float(run.stdout) < 2
