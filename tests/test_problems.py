"""What the explorer learns from: diagonal coordinates, starts, presets that fail as they say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lae_helpers import fit_pca, load_mnist, synthetic_data
from lae_helpers.draws import Draws
from lae_helpers.problems import PRESETS, Problem, digits_problem, start_weights


def test_the_digits_keep_64_coordinates_and_compare_16_directions() -> None:
    X, _ = load_mnist()
    problem, pca = digits_problem(X), fit_pca(X, 64)
    assert (problem.basis.shape, problem.directions.shape) == ((784, 64), (784, 16))
    assert_allclose(problem.spectrum, pca.variances, rtol=1e-10)
    assert_array_equal(problem.variances, problem.spectrum[:16])
    assert problem.spectrum.sum() + problem.rest == pytest.approx(X.var(axis=0).sum(), rel=1e-12)
    assert_allclose(problem.reference, np.eye(64, 16), atol=1e-10)


def test_few_features_are_all_kept() -> None:
    problem = digits_problem(synthetic_data([3.0, 2.0, 1.0], 10) + 5)
    assert_allclose(problem.spectrum, [0.9, 0.4, 0.1])
    assert problem.rest == pytest.approx(0, abs=1e-12)
    assert problem.n_coordinates == len(problem.variances) == 3
    assert digits_problem(np.eye(3, 20)).n_coordinates == 3  # as many samples


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_diagonal_in_their_coordinates(name: str) -> None:
    preset = PRESETS[name]
    problem = preset.problem
    matrix = np.diag(problem.variances) + (1.5**2 if name.startswith("uncentred") else 0.0)
    assert_allclose(problem.basis.T @ matrix @ problem.basis, np.diag(problem.spectrum), atol=1e-12)
    assert_allclose(problem.basis.T @ problem.basis, np.eye(9), atol=1e-13)
    assert (np.diff(problem.spectrum) <= 0).all()
    assert problem.rest == 0
    assert preset.reason.endswith(".")
    assert 1 <= preset.n_components <= 9


def test_random_starts_are_shared_draws() -> None:
    problem = PRESETS["two equal variances"].problem
    W1, W2 = start_weights(problem, 4, 11)
    draws = Draws(11)
    assert_array_equal(W1, draws.normals((4, 9)) * 9**-0.5)
    assert_array_equal(W2, draws.normals((9, 4)) * 9**-0.5)


def test_the_saddle_leaves_one_direction_out() -> None:
    problem = PRESETS["start at a saddle"].problem
    W1, W2 = start_weights(problem, 3, 0)
    assert_allclose(W1, W2.T, atol=1e-5)
    heights = np.sqrt(1 - 0.3 / problem.spectrum)
    expected = np.zeros((9, 3))
    expected[[0, 1, 3], [0, 1, 2]] = heights[[0, 1, 3]]
    assert 0 < np.abs(W2 - expected).max() < 1e-5
    W1, W2 = start_weights(problem, 9, 0)
    assert_array_equal(W1, Draws(0).normals((9, 9)) * 9**-0.5)


def test_bad_arguments() -> None:
    problem = PRESETS["k = n"].problem
    with pytest.raises(ValueError, match=r"^n_components must be between 1 and 9 \(the number of"):
        start_weights(problem, 10, 0)
    with pytest.raises(ValueError, match=r"^seed must be"):
        start_weights(problem, 2, -1)
    with pytest.raises(ValueError, match=r"^start must be one of 'random', 'saddle'"):
        Problem(np.ones(1), np.eye(1), np.eye(1), np.ones(1), start="zero")
    with pytest.raises(ValueError, match=r"^X must have at least 2 row"):
        digits_problem(np.ones((1, 3)))
