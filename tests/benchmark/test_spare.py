"""The autoencoder with spare columns: its spans are those of the alternation."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from lae_helpers import LinearAutoencoder, axis_alignment, fit, fit_pca, synthetic_data
from lae_helpers._checks import FloatArray
from lae_helpers.benchmark.spare import covariance_of, ritz_vectors, run_from_sample, run_spare
from lae_helpers.benchmark.timer import ConvergenceTimer, SolverSettings
from lae_helpers.moments import compute_moments

N, K = 60, 3
X = synthetic_data(0.985 ** np.arange(N), 400) + 1.0
C = compute_moments(X).covariance
TRUTH = fit_pca(X, K).directions


def timer_of(goal: float | None = None) -> ConvergenceTimer:
    return ConvergenceTimer(TRUTH, goal)


def draw(width: int, seed: int) -> FloatArray:
    return np.random.default_rng(seed).standard_normal((N, width))


@pytest.mark.parametrize("iterations", [1, 4])
def test_spare_columns_take_the_iterations_of_a_wider_network(iterations: int) -> None:
    timer = timer_of()
    run_spare(X, K, timer, SolverSettings(seed=2))
    network = LinearAutoencoder(N, K + 30)
    with torch.no_grad():
        network.decoder.weight.copy_(torch.tensor(draw(K + 30, 2)))
    fit(network, X, optimizer="alternating", tied=True, max_steps=iterations, tolerance=0)
    Q = np.linalg.qr(network.decoder.weight.detach().numpy()).Q
    expected = axis_alignment(ritz_vectors(C, Q, K), TRUTH)
    assert expected.min() < 1 - 1e-9  # not yet so near that anything would agree
    assert_allclose(timer.measurements[iterations - 1].cosines, expected, atol=1e-10)
    assert timer.measurements[iterations - 1].steps == iterations


@pytest.mark.parametrize("seed", [0, 3])
def test_a_tenth_first_then_all(seed: int) -> None:
    timer = timer_of()
    run_from_sample(X, K, timer, SolverSettings(seed=seed))
    width = K + 36
    rows = np.random.default_rng(seed).choice(400, 2 * width, replace=False)
    few = covariance_of(X[rows])
    start = np.linalg.qr(np.linalg.matrix_power(few, 3) @ draw(width, seed)).Q
    kept = np.linalg.svd(C @ start).U[:, : K + 8]
    for measurement, decoder in zip(timer.measurements, (C @ start, C @ kept), strict=False):
        expected = axis_alignment(np.linalg.svd(decoder).U[:, :K], TRUTH)
        assert_allclose(measurement.cosines, expected, atol=1e-9)
    size = 2 * width / 400
    assert_allclose(
        [measurement.passes for measurement in timer.measurements[:2]], [3 + size, 5 + size]
    )


def test_both_stop_at_the_goal() -> None:
    for run in (run_spare, run_from_sample):
        timer = timer_of(0.99)
        run(X, K, timer, SolverSettings())
        assert [measurement.worst >= 0.99 for measurement in timer.measurements[-2:]] in (
            [False, True],
            [True],
        )


def test_the_covariance_keeps_the_precision_of_the_data() -> None:
    assert_allclose(covariance_of(X), C, atol=1e-12 * C.max())
    single = covariance_of(X.astype(np.float32))
    assert single.dtype == np.float32
    assert_allclose(single, C, atol=1e-6 * C.max())


@pytest.mark.parametrize("run", [run_spare, run_from_sample])
def test_single_precision_stays_single(run: object, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[np.dtype[np.generic]] = []
    qr = np.linalg.qr

    def spy(matrix: FloatArray) -> object:
        seen.append(matrix.dtype)
        return qr(matrix)

    monkeypatch.setattr(np.linalg, "qr", spy)
    assert callable(run)
    run(X, K, timer_of(0.99), SolverSettings(), dtype=np.float32)
    assert set(seen) == {np.dtype(np.float32)}
