"""What the explorer learns from: diagonal coordinates, starts, presets that fail as they say."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from lae_helpers import (
    DivergenceError,
    axis_alignment,
    fit_pca,
    load_mnist,
    subspace_distance,
    synthetic_data,
)
from lae_helpers._checks import FloatArray
from lae_helpers.autoencoder import moment_loss
from lae_helpers.explorer.problems import PRESETS, Preset, Problem, digits_problem, start_weights
from lae_helpers.explorer.random import Mulberry32
from lae_helpers.explorer.replay import replay_weights
from lae_helpers.regularizers import Regularizer, Unregularized, make_regularizer
from lae_helpers.training.full_batch import stable_learning_rate

SEEDS = (0, 1)


def regularizer_of(preset: Preset) -> Regularizer:
    return make_regularizer(preset.regularizer, preset.lam, preset.n_components)


def train(preset: Preset, seed: int, steps: int) -> tuple[FloatArray, FloatArray]:
    """Return W1 and W2 in pixels after so many steps of the preset's or the automatic rate."""
    W1, W2 = map(torch.from_numpy, start_weights(preset.problem, preset.n_components, seed))
    rate = preset.learning_rate or stable_learning_rate(
        W1, W2, preset.problem.spectrum[0], regularizer_of(preset)
    )
    walk = [(preset.regularizer, preset.lam, rate, steps)]
    trained = replay_weights(preset.problem, n_components=preset.n_components, walk=walk, seed=seed)
    return trained[0] @ preset.problem.basis.T, preset.problem.basis @ trained[1]


def loss_of(preset: Preset, W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
    """Return J of weights in coordinates."""
    covariance = torch.diag(torch.tensor(preset.problem.spectrum.copy()))
    penalty = regularizer_of(preset).penalty(W1, W2)
    return moment_loss(W1, W2, covariance, torch.zeros(9, dtype=torch.float64)) + penalty


def curvatures(preset: Preset, W1: FloatArray, W2: FloatArray) -> FloatArray:
    """Return the eigenvalues, ascending, of the Hessian of J, by autograd."""
    k, n = W1.shape

    def loss(flat: torch.Tensor) -> torch.Tensor:
        return loss_of(preset, flat[: k * n].reshape(k, n), flat[k * n :].reshape(n, k))

    flat = torch.tensor(np.concatenate([W1.ravel(), W2.ravel()]))
    values: FloatArray = torch.linalg.eigvalsh(
        torch.autograd.functional.hessian(loss, flat)
    ).numpy()
    return values


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


def test_random_starts_are_numbers_of_the_generator() -> None:
    problem = PRESETS["two equal variances"].problem
    W1, W2 = start_weights(problem, 4, 11)
    generator = Mulberry32(11)
    assert_array_equal(W1, generator.normals((4, 9)) * 9**-0.5)
    assert_array_equal(W2, generator.normals((9, 4)) * 9**-0.5)


def test_the_saddle_leaves_one_direction_out() -> None:
    problem = PRESETS["start at a saddle"].problem
    W1, W2 = start_weights(problem, 3, 0)
    assert_allclose(W1, W2.T, atol=1e-5)
    heights = np.sqrt(1 - 0.3 / problem.spectrum)
    expected = np.zeros((9, 3))
    expected[[0, 1, 3], [0, 1, 2]] = heights[[0, 1, 3]]
    assert 0 < np.abs(W2 - expected).max() < 1e-5
    assert start_weights(problem, 8, 0)[1][[6, 7, 8], 7] == pytest.approx(
        [0, 0, np.sqrt(1 - 0.3 / problem.spectrum[8])], abs=1e-5
    )
    W1, W2 = start_weights(problem, 9, 0)
    assert_array_equal(W1, Mulberry32(0).normals((9, 9)) * 9**-0.5)


@pytest.mark.parametrize("name", PRESETS)
def test_a_smaller_start_is_the_same_one_made_smaller(name: str) -> None:
    problem = PRESETS[name].problem
    whole, small = start_weights(problem, 3, 4), start_weights(problem, 3, 4, start_size=0.25)
    for one, other in zip(whole, small, strict=True):
        assert_array_equal(one / 4, other)
    for one, other in zip(whole, start_weights(problem, 3, 4, start_size=1), strict=True):
        assert_array_equal(one, other)


def test_a_variance_below_the_strength_is_not_used_at_the_saddle() -> None:
    spectrum = np.array([1.0, 0.5, 0.2])
    problem = Problem(spectrum, np.eye(3), np.eye(3), spectrum, start="saddle")
    W1, W2 = start_weights(problem, 2, 0)
    for matrix in (W1.T, W2):
        assert_allclose(matrix, [[0.7**0.5, 0], [0, 0], [0, 0]], atol=1e-5)


def test_what_lies_outside_of_the_coordinates_is_never_negative() -> None:
    for seed in range(30):
        data = np.random.default_rng(seed).normal(size=(40, 5)) * 10.0 ** np.arange(5)
        assert digits_problem(data).rest >= 0


def test_bad_arguments() -> None:
    problem = PRESETS["k = n"].problem
    with pytest.raises(ValueError, match=r"^n_components must be between 1 and 9 \(the number of"):
        start_weights(problem, 10, 0)
    with pytest.raises(ValueError, match=r"^seed must be"):
        start_weights(problem, 2, -1)
    for size in (0, -1, np.inf, np.nan):
        with pytest.raises(ValueError, match=r"^start_size must be finite and positive"):
            start_weights(problem, 2, 0, start_size=size)
    with pytest.raises(ValueError, match=r"^start must be one of 'random', 'saddle'"):
        Problem(np.ones(1), np.eye(1), np.eye(1), np.ones(1), start="zero")
    with pytest.raises(ValueError, match=r"^X must have at least 2 row"):
        digits_problem(np.ones((1, 3)))


def test_two_equal_variances_fix_a_plane_and_not_its_basis() -> None:
    preset = PRESETS["two equal variances"]
    cosines = []
    for seed in SEEDS:
        _, W2 = train(preset, seed, 1500)
        U, values, _ = np.linalg.svd(W2, full_matrices=False)
        assert values[1] == pytest.approx(values[2], abs=1e-7)
        assert_allclose(values, np.sqrt(1 - 0.5 / preset.problem.variances[:4]), atol=1e-6)
        assert axis_alignment(U[:, [0, 3]], np.eye(9)[:, [0, 3]]).min() > 0.99999
        assert subspace_distance(U[:, 1:3], np.eye(9)[:, 1:3]) < 1e-9
        cosines.append(axis_alignment(U[:, 1:3], np.eye(9)[:, 1:3]).min())
    assert min(cosines) < 0.9


def test_a_variance_below_lam_is_given_up() -> None:
    preset = PRESETS["λ between two variances"]
    assert preset.problem.variances[3] > preset.lam > preset.problem.variances[4]
    for seed in SEEDS:
        values = np.linalg.svd(train(preset, seed, 1500)[1], compute_uv=False)
        assert_allclose(values[:4], np.sqrt(1 - 1.4 / preset.problem.variances[:4]), atol=1e-6)
        assert values[4] < 1e-6


def test_with_k_equal_to_n_the_identity_says_nothing() -> None:
    preset = PRESETS["k = n"]
    for seed in SEEDS:
        W1, W2 = train(preset, seed, 1500)
        assert_allclose(W2 @ W1, np.eye(9), atol=1e-6)
        directions = np.linalg.svd(W2).U
        assert axis_alignment(directions, preset.problem.directions).min() < 0.5


def test_a_mean_left_in_the_loss_turns_the_directions() -> None:
    preset = PRESETS["uncentred data, no biases"]
    for seed in SEEDS:
        directions = np.linalg.svd(train(preset, seed, 2500)[1]).U[:, :4]
        assert axis_alignment(directions, preset.problem.basis[:, :4]).min() > 0.999
        assert axis_alignment(directions, preset.problem.directions[:, :4]).max() < 0.6
        to_mean = abs(directions[:, 0].sum()) / 3
        assert to_mean > 0.99
        assert f"|cos| = {to_mean:.3f}" in preset.reason


def test_the_saddle_is_stationary_and_is_left_at_a_constant_factor() -> None:
    preset = PRESETS["start at a saddle"]
    spectrum = preset.problem.spectrum
    W2 = np.round(start_weights(preset.problem, 3, 0)[1], 4)
    W2[[0, 1, 3], [0, 1, 2]] = np.sqrt(1 - preset.lam / spectrum[[0, 1, 3]])
    saddle = [torch.tensor(matrix, requires_grad=True) for matrix in (W2.T.copy(), W2)]
    loss = loss_of(preset, saddle[0], saddle[1])
    for gradient in torch.autograd.grad(loss, saddle):
        assert gradient.abs().max().item() < 1e-13
    steepest = curvatures(preset, W2.T, W2)[0]
    assert steepest < -0.1
    sizes = np.array([abs(train(preset, 0, steps)[1][2, 2]) for steps in (200, 300, 400)])
    factors = sizes[1:] / sizes[:-1]
    rate = stable_learning_rate(saddle[0], saddle[1], spectrum[0], regularizer_of(preset))
    assert_allclose(factors, (1 - rate * steepest) ** 100, rtol=0.03)


def test_the_saddle_holds_the_loss_and_then_lets_it_fall() -> None:
    preset = PRESETS["start at a saddle"]

    def loss_after(steps: int) -> float:
        return loss_of(preset, *map(torch.from_numpy, train(preset, 1, steps))).item()

    start = loss_after(1)
    assert loss_after(200) == pytest.approx(start, abs=1e-4)
    lowest = regularizer_of(preset).minimum_loss(preset.problem.spectrum, 3)
    assert loss_after(2000) == pytest.approx(lowest, abs=1e-6)
    assert start > lowest + 0.5


def test_no_minimum_is_flatter_than_four_times_the_top_variance() -> None:
    preset = PRESETS["step too large"]
    bound = 4 * preset.problem.spectrum[0]
    balanced = np.eye(9)[:, :3]
    assert curvatures(preset, balanced.T, balanced)[-1] == pytest.approx(bound, rel=1e-12)
    rng = np.random.default_rng(0)
    for _ in range(30):
        G = rng.normal(size=(3, 3))
        assert curvatures(preset, np.linalg.inv(G) @ balanced.T, balanced @ G)[-1] >= bound
    assert f"4v₁ = {bound:g}: none above {2 / bound:g} can settle" in preset.reason
    assert isinstance(regularizer_of(preset), Unregularized)


def test_a_step_too_large_diverges_within_some_hundred_steps() -> None:
    preset = PRESETS["step too large"]
    assert preset.learning_rate > 2 / (4 * preset.problem.spectrum[0])
    for seed in range(60):
        with pytest.raises(DivergenceError):
            train(preset, seed, 300)
