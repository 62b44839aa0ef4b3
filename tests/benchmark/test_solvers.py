"""Every solver finds the directions, and what it reports is what happened."""

from __future__ import annotations

import math
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.decomposition import PCA

from lae_helpers import (
    LinearAutoencoder,
    axis_alignment,
    fit,
    fit_pca,
    load_mnist,
    synthetic_data,
)
from lae_helpers.benchmark.comparison import run_solver
from lae_helpers.benchmark.solvers import SOLVERS
from lae_helpers.benchmark.timer import SolverSettings
from lae_helpers.errors import DivergenceError
from lae_helpers.moments import compute_moments
from lae_helpers.training import History

K = 3
X = synthetic_data(10 * np.sqrt([8.0, 5.0, 3.0, 1.0, 0.5, 0.2, 0.1, 0.05]), 100) + 2.0
TRUTH = fit_pca(X, K).directions
BUILD_COVARIANCE = [
    "eigh of the covariance", "eigh of C, k vectors", "eigsh of C (Lanczos)", "float32: eigsh of C",
    "LAE, L-BFGS", "LAE, gradient descent", "LAE, regularised Oja", "LAE, alternating",
    "LAE, alternating, tied", "LAE, alternating, Ritz", "LAE, 30 spare", "LAE, a tenth first",
    "float32: LAE, 30 spare", "float32: LAE, a tenth first",
]  # fmt: skip
QUICK = [name for name, solver in SOLVERS.items() if solver.family != "recipe"]


@pytest.mark.parametrize("name", QUICK)
def test_every_solver_arrives(name: str) -> None:
    trajectory = run_solver(name, X, K)
    assert (trajectory.name, trajectory.family) == (name, SOLVERS[name].family)
    assert trajectory.last.worst >= 0.9999
    for measurement in trajectory.measurements:
        assert measurement.cosines.shape == (K,)
        assert measurement.seconds > 0
    assert all(earlier.worst < 0.9999 for earlier in trajectory.measurements[:-1])


@pytest.mark.parametrize("name", QUICK)
def test_without_a_goal_it_goes_to_its_own_end(name: str) -> None:
    trajectory = run_solver(name, X, K, goal=None)
    assert trajectory.last.worst > 1 - (1e-5 if name.startswith("float32") else 1e-7)


def test_passes() -> None:
    passes = {name: run_solver(name, X, K).last.passes for name in QUICK}
    on_covariance = {name for name, count in passes.items() if count == 1}
    assert set(BUILD_COVARIANCE) - {"LAE, a tenth first", "float32: LAE, a tenth first"} == (
        on_covariance - {"scikit-learn covariance_eigh"}
    )
    assert math.isnan(passes["numpy.linalg.svd"])
    randomized = run_solver("scikit-learn randomized", X, K, goal=None)
    assert_array_equal(
        [measurement.passes for measurement in randomized.measurements],
        [2 * measurement.steps + 3 for measurement in randomized.measurements],
    )
    assert passes["scikit-learn arpack"] > 10
    sample = min(100, max(100 // 10, 2 * 8))  # of 100 rows with 8 columns
    first, second = run_solver("LAE, a tenth first", X, K, goal=None).measurements[:2]
    assert (first.passes, second.passes) == (1 + sample / 100 + 2, 1 + sample / 100 + 4)


def test_the_covariance_is_a_part_of_every_solver_that_builds_it() -> None:
    for name in QUICK:
        trajectory = run_solver(name, X, K)
        if name in BUILD_COVARIANCE:
            assert 0 < trajectory.covariance < trajectory.last.seconds
        else:
            assert math.isnan(trajectory.covariance)


@pytest.mark.parametrize(("factor", "works"), [(1.0, True), (1.3, False)])
def test_descent_goes_as_fast_as_it_can(
    factor: float, works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the minimum 1 / (2 (v_1 - lam)) is the limit, which lies a little above 1 / (2 v_1)."""
    rates: list[float] = []

    def spy(*inputs: Any, learning_rate: float, **options: Any) -> History:  # noqa: ANN401
        rates.append(learning_rate)
        options |= {"learning_rate": factor * learning_rate, "max_steps": 60, "tolerance": 0}
        return fit(*inputs, **options)

    monkeypatch.setattr("lae_helpers.benchmark.solvers.fit", spy)
    with nullcontext() if works else pytest.raises(DivergenceError):
        assert run_solver("LAE, gradient descent", X, K).last.steps < 40
    assert_allclose(rates, 0.5 / fit_pca(X, 1).variances, rtol=1e-9)


def test_a_step_of_regularised_oja() -> None:
    C, lam = compute_moments(X).covariance, 0.4
    W = LinearAutoencoder(8, K, seed=1).decoder.weight.detach().numpy()
    stepped = W + (C @ W - W @ W.T @ C @ W - lam * W) / fit_pca(X, 1).variances[0]
    trajectory = run_solver(
        "LAE, regularised Oja", X, K, goal=0, settings=SolverSettings(lam=lam, seed=1)
    )
    directions = np.linalg.svd(stepped, full_matrices=False).U
    assert_allclose(trajectory.last.cosines, axis_alignment(directions, TRUTH), atol=1e-9)
    assert run_solver("LAE, regularised Oja", X, K).last.steps < 16  # of half the length: 29


@pytest.mark.parametrize(
    ("rows", "solver"), [(5000, "randomized"), (7839, "randomized"), (7840, "covariance_eigh")]
)
def test_what_scikit_learn_chooses_by_itself(rows: int, solver: str) -> None:
    wide = np.random.default_rng(0).standard_normal((rows, 784))
    assert PCA(16).fit(wide)._fit_svd_solver == solver


def test_the_tied_alternation_on_the_digits() -> None:
    digits = load_mnist()[0]
    trajectory = run_solver("LAE, alternating, tied", digits, 16)
    assert trajectory.last.worst >= 0.9999
    assert trajectory.last.steps <= 60
