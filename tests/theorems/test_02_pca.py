"""Chapter 2: every statement on PCA, against random cases, minimisers and dropped hypotheses."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import torch
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from sklearn.decomposition import PCA, TruncatedSVD

from lae_helpers import axis_alignment, fit_pca, synthetic_data
from lae_helpers._checks import FloatArray

SEEDS = pytest.mark.parametrize("seed", range(5))


def random_data(seed: int, n: int = 6, n_samples: int = 40) -> FloatArray:
    """Draw data, a sample a column, with a mean far from zero."""
    rng = np.random.default_rng(seed)
    scales = np.linspace(3.0, 0.5, n)[:, None]
    return rng.normal(size=(n, n)) @ (scales * rng.normal(size=(n, n_samples))) + 5 * rng.normal(
        size=(n, 1)
    )


def orthonormal(rng: np.random.Generator, n: int, k: int) -> FloatArray:
    """Draw an n by k matrix with orthonormal columns."""
    Q: FloatArray = np.linalg.qr(rng.normal(size=(n, k))).Q
    return Q


def centre(Y: FloatArray) -> FloatArray:
    """Subtract the mean column."""
    centred: FloatArray = Y - Y.mean(axis=1, keepdims=True)
    return centred


def spectrum(Y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return eigenvalues, descending, and eigenvectors of Y Y^T / N."""
    values, vectors = np.linalg.eigh(Y @ Y.T / Y.shape[1])
    return values[::-1], vectors[:, ::-1]


def loss(Y: FloatArray, D: FloatArray, E: npt.NDArray[np.floating]) -> float:
    """J(E, D) on data that are centred already."""
    return float(np.square(Y - D @ E @ Y).sum() / Y.shape[1])


def tied_minimiser(Y: FloatArray, k: int, seed: int) -> FloatArray:
    """Minimise the tied loss over all D by SciPy's BFGS with torch's gradient."""
    data = torch.tensor(Y)

    def value_and_gradient(flat: FloatArray) -> tuple[float, FloatArray]:
        D = torch.tensor(flat.reshape(-1, k), requires_grad=True)
        value = (data - D @ D.T @ data).square().sum() / data.shape[1]
        (gradient,) = torch.autograd.grad(value, [D])
        return value.item(), gradient.numpy().ravel()

    start = np.random.default_rng(seed).normal(size=len(Y) * k)
    found = minimize(value_and_gradient, start, jac=True, method="BFGS", options={"gtol": 1e-9})
    D: FloatArray = found.x.reshape(-1, k)
    return D


@SEEDS
@pytest.mark.theorem("prop-pca-centring")
def test_the_best_constant(seed: int) -> None:
    rng = np.random.default_rng(seed)
    Y = random_data(seed)
    P, c, mean = rng.normal(size=(6, 6)), rng.normal(size=6), Y.mean(axis=1)

    def error(constant: FloatArray) -> float:
        return float(np.square(Y - P @ Y - constant[:, None]).sum() / Y.shape[1])

    around_mean = np.square(centre(Y) - P @ centre(Y)).sum() / Y.shape[1]
    assert_allclose(error(c), around_mean + np.square((np.eye(6) - P) @ mean - c).sum())
    assert_allclose(minimize(error, c, tol=1e-12).x, mean - P @ mean, atol=1e-5)
    best = mean - P @ mean
    assert_allclose(P @ Y + best[:, None], mean[:, None] + P @ (Y - mean[:, None]))


@SEEDS
@pytest.mark.theorem("prop-optimal-encoder")
def test_the_best_code_is_the_least_squares_solution(seed: int) -> None:
    rng = np.random.default_rng(seed)
    D, Y = rng.normal(size=(6, 3)), centre(random_data(seed))
    solution = np.linalg.lstsq(D, Y, rcond=None)[0]
    assert_allclose(np.linalg.pinv(D) @ Y, solution)
    assert_allclose(np.linalg.inv(D.T @ D) @ D.T, np.linalg.pinv(D))
    E = torch.tensor(np.linalg.pinv(D), requires_grad=True)
    value = (torch.tensor(Y) - torch.tensor(D) @ E @ torch.tensor(Y)).square().sum()
    (gradient,) = torch.autograd.grad(value, [E])
    assert_allclose(gradient.numpy(), 0.0, atol=1e-10)
    assert not np.allclose(D.T, np.linalg.pinv(D))
    Q = orthonormal(rng, 6, 3)
    assert_allclose(np.linalg.pinv(Q), Q.T, atol=1e-12)
    almost = Q * [1.0, 1.0, 1.01]
    assert not np.allclose(np.linalg.pinv(almost), almost.T)


@SEEDS
@pytest.mark.theorem("prop-optimal-encoder")
def test_the_encoder_is_free_exactly_where_the_data_never_go(seed: int) -> None:
    rng = np.random.default_rng(seed)
    Y = synthetic_data([4.0, 3.0, 2.0, 0.0, 0.0], 30, seed=seed).T
    D = rng.normal(size=(5, 2))
    projector = Y @ np.linalg.pinv(Y)
    change = rng.normal(size=(2, 5))
    unseen, seen = change @ (np.eye(5) - projector), change @ projector
    best = loss(Y, D, np.linalg.pinv(D))
    assert_allclose(loss(Y, D, np.linalg.pinv(D) + unseen), best)
    assert loss(Y, D, np.linalg.pinv(D) + seen) > best + 1e-3


@SEEDS
@pytest.mark.theorem("prop-two-views")
def test_error_and_variance_add_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    Y, Q = centre(random_data(seed)), orthonormal(rng, 6, 2)
    C = Y @ Y.T / Y.shape[1]
    assert_allclose(loss(Y, Q, Q.T) + np.trace(Q.T @ C @ Q), np.trace(C))
    longer = 1.2 * Q
    assert not np.isclose(loss(Y, longer, longer.T) + np.trace(longer.T @ C @ longer), np.trace(C))


@SEEDS
@pytest.mark.theorem("lem-trace")
def test_no_trace_exceeds_the_leading_eigenvalues(seed: int) -> None:
    rng = np.random.default_rng(seed)
    U, s = orthonormal(rng, 6, 6), np.sort(rng.normal(size=6))[::-1]
    S, k = U * s @ U.T, 1 + seed
    for _ in range(100):
        Q = orthonormal(rng, 6, k)
        shares = np.square(Q.T @ U).sum(axis=0)
        gap = (s[:k] - s[k - 1]) @ (1 - shares[:k]) + (s[k - 1] - s[k:]) @ shares[k:]
        assert_allclose(s[:k].sum() - np.trace(Q.T @ S @ Q), gap, atol=1e-10)
        assert gap >= 0
    rotated = U[:, :k] @ orthonormal(rng, k, k)
    assert_allclose(np.trace(rotated.T @ S @ rotated), s[:k].sum(), atol=1e-12)


@pytest.mark.theorem("lem-trace")
def test_equality_in_the_trace_lemma_when_eigenvalues_coincide() -> None:
    U = orthonormal(np.random.default_rng(0), 5, 5)
    S = U * [3.0, 2.0, 2.0, 2.0, 1.0] @ U.T
    mixed = U[:, 1:4] @ orthonormal(np.random.default_rng(1), 3, 1)
    with_first, without_first = np.c_[U[:, 0], mixed], np.c_[U[:, 1], U[:, 2]]
    assert_allclose(np.trace(with_first.T @ S @ with_first), 5.0)
    assert np.trace(without_first.T @ S @ without_first) < 5.0 - 0.5
    outside = np.c_[U[:, 0], (mixed + 0.1 * U[:, 4:]) / np.sqrt(1.01)]
    assert np.trace(outside.T @ S @ outside) < 5.0 - 1e-3


@SEEDS
@pytest.mark.theorem("thm-eckart-young-mirsky")
def test_no_matrix_of_rank_k_comes_closer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    A, k = rng.normal(size=(7, 5)), 1 + seed % 4
    left, sigma, right = np.linalg.svd(A, full_matrices=False)
    truncated = left[:, :k] * sigma[:k] @ right[:k]
    assert_allclose(np.square(A - truncated).sum(), np.square(sigma[k:]).sum())
    for scale in (0.01, 1.0):
        for _ in range(50):
            factors = left[:, :k] * sigma[:k], right[:k]
            B = (factors[0] + scale * rng.normal(size=(7, k))) @ (
                factors[1] + scale * rng.normal(size=(k, 5))
            )
            errors = np.linalg.svd(A - B, compute_uv=False)
            assert np.square(errors).sum() > np.square(sigma[k:]).sum()
            # Entry by entry, which gives every unitarily invariant norm at once.
            assert (errors[: 5 - k] >= sigma[k:] - 1e-12).all()


@pytest.mark.theorem("thm-eckart-young-mirsky")
def test_alternating_least_squares_finds_the_truncated_svd_when_there_is_a_gap() -> None:
    A = synthetic_data([5.0, 4.0, 3.0, 2.0, 1.0], 9, seed=3)
    left, sigma, right = np.linalg.svd(A, full_matrices=False)
    B = np.random.default_rng(0).normal(size=(2, 5))
    for _ in range(200):
        B = np.linalg.pinv(A @ np.linalg.pinv(B)) @ A
    assert_allclose(A @ np.linalg.pinv(B) @ B, left[:, :2] * sigma[:2] @ right[:2], atol=1e-8)


@pytest.mark.theorem("thm-eckart-young-mirsky")
def test_the_best_approximation_is_not_unique_without_a_gap() -> None:
    left, right = (orthonormal(np.random.default_rng(seed), 4, 4) for seed in (0, 1))

    def build(*sigma: float) -> FloatArray:
        product: FloatArray = left * np.array(sigma) @ right.T
        return product

    A = build(3.0, 2.0, 2.0, 1.0)
    first, other = build(3.0, 2.0, 0.0, 0.0), build(3.0, 0.0, 2.0, 0.0)
    assert_allclose(np.linalg.norm(A - first), np.linalg.norm(A - other))
    assert np.linalg.norm(first - other) > 1


@pytest.mark.theorem("thm-eckart-young-mirsky")
@pytest.mark.parametrize("k", [2, 3])
def test_the_best_approximation_is_unique_where_nothing_is_left(k: int) -> None:
    A = synthetic_data([5.0, 4.0, 0.0, 0.0], 9, seed=3)  # sigma_(k+1) = 0, for k = 3 sigma_k too
    rng = np.random.default_rng(k)
    for _ in range(5):
        B = rng.normal(size=(k, 4))
        for _ in range(3):
            B = np.linalg.pinv(A @ np.linalg.pinv(B)) @ A
        assert_allclose(A @ np.linalg.pinv(B) @ B, A, atol=1e-10)
    nearby = A + 1e-3 * rng.normal(size=(9, 1)) * rng.normal(size=4)
    assert np.square(A - nearby).sum() > 1e-7


@pytest.mark.theorem("thm-eckart-young-mirsky")
def test_in_the_spectral_norm_the_best_approximation_is_not_unique() -> None:
    for corner in (1.0, 2.0, 3.0):
        assert_allclose(np.linalg.norm(np.diag([2.0 - corner, 1.0]), ord=2), 1.0)


@SEEDS
@pytest.mark.theorem("thm-pca")
def test_free_minimisation_ends_at_orthonormal_columns(seed: int) -> None:
    Y, k = centre(random_data(seed)), 2
    v, U = spectrum(Y)
    D = tied_minimiser(Y, k, seed)
    assert_allclose(loss(Y, D, D.T), v[k:].sum())
    assert_allclose(D.T @ D, np.eye(k), atol=1e-5)
    assert_allclose(D @ D.T, U[:, :k] @ U[:, :k].T, atol=1e-4)


@SEEDS
@pytest.mark.theorem("thm-pca")
def test_an_encoder_of_its_own_does_not_lower_the_minimum(seed: int) -> None:
    rng = np.random.default_rng(seed)
    Y, k = centre(random_data(seed)), 3
    v, _ = spectrum(Y)
    D = rng.normal(size=(6, k))
    for _ in range(2000):
        codes = np.linalg.pinv(D) @ Y
        D = Y @ np.linalg.pinv(codes)
    assert_allclose(loss(Y, D, np.linalg.pinv(D)), v[k:].sum(), rtol=1e-6)


@SEEDS
@pytest.mark.theorem("thm-pca")
def test_orthonormal_but_not_unique_without_a_gap(seed: int) -> None:
    Y = synthetic_data([3.0, 2.0, 2.0, 1.0], 20, seed=seed).T
    minimisers = [tied_minimiser(Y, 2, start) for start in (0, 1)]
    for D in minimisers:
        assert_allclose(loss(Y, D, D.T), (4.0 + 1.0) / 20)
        assert_allclose(D.T @ D, np.eye(2), atol=1e-5)
    first, second = (D @ D.T for D in minimisers)
    assert np.linalg.norm(first - second) > 1e-2


@pytest.mark.theorem("thm-pca")
def test_without_variance_left_the_columns_need_not_be_orthonormal() -> None:
    Y = synthetic_data([3.0, 2.0, 0.0, 0.0], 20).T
    _, U = spectrum(Y)
    wasteful = np.c_[U[:, :2], np.zeros(4)]
    assert_allclose(loss(Y, wasteful, wasteful.T), 0.0, atol=1e-20)
    assert not np.allclose(wasteful.T @ wasteful, np.eye(3))
    other = np.c_[U[:, :2], U[:, 3]]
    assert_allclose(loss(Y, other, other.T), 0.0, atol=1e-20)
    assert np.linalg.norm(wasteful @ wasteful.T - other @ other.T) > 0.5


@SEEDS
@pytest.mark.theorem("thm-pca")
@pytest.mark.theorem("prop-pca-directions")
def test_with_as_many_components_as_the_data_have_dimensions(seed: int) -> None:
    X = synthetic_data([4.0, 3.0, 2.0, 0.0, 0.0], 30, seed=seed)  # k = r: v_k > v_(k+1) = 0
    pca = fit_pca(X, 3)
    _, U = spectrum(X.T)
    assert_allclose(pca.variances, np.array([16.0, 9.0, 4.0]) / 30)
    assert_allclose(axis_alignment(pca.directions, U[:, :3]), 1.0)
    assert_allclose(pca.reconstruct(X), X, atol=1e-12)
    D = min((tied_minimiser(X.T, 3, start) for start in range(4)), key=lambda D: loss(X.T, D, D.T))
    assert_allclose(loss(X.T, D, D.T), 0, atol=1e-10)
    assert_allclose(D.T @ D, np.eye(3), atol=1e-4)
    assert_allclose(D @ D.T, pca.directions @ pca.directions.T, atol=1e-4)
    other = np.c_[pca.directions[:, :2], (U[:, 2] + U[:, 4]) / np.sqrt(2)]
    assert loss(X.T, other, other.T) > 0.05


@SEEDS
@pytest.mark.theorem("cor-pca-rotation")
def test_minimisers_are_one_orbit_of_the_orthogonal_group(seed: int) -> None:
    rng = np.random.default_rng(seed)
    Y, k = centre(random_data(seed)), 3
    v, U = spectrum(Y)
    first, second = (tied_minimiser(Y, k, start) for start in (seed, seed + 10))
    rotation = first.T @ second
    assert_allclose(rotation.T @ rotation, np.eye(k), atol=1e-4)
    assert_allclose(first @ rotation, second, atol=1e-4)
    rotated = U[:, :k] @ orthonormal(rng, k, k)
    assert_allclose(loss(Y, rotated, rotated.T), v[k:].sum())
    oblique = U[:, :k] @ (orthonormal(rng, k, k) * [1.0, 1.0, 1.1])
    assert loss(Y, oblique, oblique.T) > v[k:].sum() + 1e-3


@SEEDS
@pytest.mark.theorem("prop-pca-directions")
def test_uncorrelated_ordered_codes_fix_the_directions_up_to_sign(seed: int) -> None:
    Y, k = centre(random_data(seed)), 3
    C = Y @ Y.T / Y.shape[1]
    v, U = spectrum(Y)
    D = tied_minimiser(Y, k, seed)
    variances, diagonaliser = np.linalg.eigh(D.T @ C @ D)
    ordered = D @ diagonaliser[:, ::-1]
    assert_allclose(variances[::-1], v[:k], rtol=1e-6)
    assert_allclose(np.abs(ordered.T @ U[:, :k]), np.eye(k), atol=1e-3)
    rotated = U[:, :k] @ orthonormal(np.random.default_rng(seed), k, k)
    latent = rotated.T @ C @ rotated
    assert np.abs(latent - np.diag(np.diag(latent))).max() > 1e-3
    swapped = U[:, [1, 0, 2]]
    assert (np.diff(np.diag(swapped.T @ C @ swapped)) > 0).any()


@SEEDS
@pytest.mark.theorem("prop-pca-directions")
def test_successive_directions_of_greatest_variance(seed: int) -> None:
    Y = centre(random_data(seed))
    C = Y @ Y.T / Y.shape[1]
    v, U = spectrum(Y)
    found = np.zeros((6, 0))
    for j in range(3):
        rest = np.eye(6) - found @ found.T

        def minus_variance(q: FloatArray, rest: FloatArray = rest) -> float:
            p = rest @ q
            return float(-p @ C @ p / (p @ p))

        start = np.random.default_rng(seed).normal(size=6)
        q = rest @ minimize(minus_variance, start, tol=1e-12).x
        found = np.c_[found, q / np.linalg.norm(q)]
        assert_allclose(-minus_variance(q), v[j], rtol=1e-6)
        assert_allclose(abs(found[:, j] @ U[:, j]), 1.0, atol=1e-4)


@pytest.mark.theorem("prop-pca-directions")
def test_equal_variances_leave_the_directions_open() -> None:
    Y = synthetic_data([3.0, 2.0, 2.0, 1.0], 20).T
    C = Y @ Y.T / 20
    _, U = spectrum(Y)
    turned = U[:, :3].copy()
    turned[:, 1:] = U[:, 1:3] @ [[0.8, -0.6], [0.6, 0.8]]
    assert_allclose(turned.T @ C @ turned, np.diag([9.0, 4.0, 4.0]) / 20, atol=1e-12)
    assert abs(turned[:, 1] @ U[:, 1]) < 0.9


@pytest.mark.theorem("prop-svd-eigen")
@pytest.mark.parametrize("n_samples", [5, 6, 40])
def test_three_routes_agree(n_samples: int) -> None:
    Y = centre(random_data(seed=1, n_samples=n_samples))
    left, sigma, right = np.linalg.svd(Y, full_matrices=False)
    m = min(Y.shape)
    C = Y @ Y.T / n_samples
    v, _ = spectrum(Y)
    assert_allclose(C @ left, left * np.square(sigma) / n_samples, atol=1e-10)
    assert_allclose(v[:m], np.square(sigma) / n_samples, atol=1e-10)
    assert_allclose(v[m:], 0.0, atol=1e-10)
    assert_allclose(left.T @ Y, sigma[:, None] * right, atol=1e-10)
    k = 3
    codes = left[:, :k].T @ Y
    assert_allclose(codes @ codes.T / n_samples, np.diag(v[:k]), atol=1e-10)
    pca = fit_pca(Y.T, m)  # k = m: all of them, for n_samples >= 6 as many as there are features
    assert_allclose(pca.variances, np.square(sigma) / n_samples, atol=1e-10)
    assert_allclose(axis_alignment(pca.directions, left)[sigma > 1e-9], 1.0)
    assert_allclose(pca.reconstruct(Y.T), Y.T, atol=1e-9)
    reference = PCA(n_components=k, svd_solver="full").fit(Y.T)
    assert_allclose(reference.explained_variance_ * (n_samples - 1) / n_samples, v[:k])
    assert_allclose(np.abs((reference.components_ * left[:, :k].T).sum(axis=1)), 1.0)


@SEEDS
@pytest.mark.theorem("prop-uncentred")
def test_second_moment_and_sandwich(seed: int) -> None:
    Y = random_data(seed)
    mean = Y.mean(axis=1)
    lam, _ = spectrum(Y)
    v, _ = spectrum(centre(Y))
    n_samples = Y.shape[1]
    assert_allclose(Y @ Y.T / n_samples, centre(Y) @ centre(Y).T / n_samples + np.outer(mean, mean))
    for k in range(1, 6):
        assert v[k:].sum() <= lam[k:].sum() <= v[k - 1 :].sum()
        svd = TruncatedSVD(k, algorithm="arpack", random_state=0).fit(Y.T)
        rebuilt = svd.inverse_transform(svd.transform(Y.T)).T
        assert_allclose(np.square(Y - rebuilt).sum() / n_samples, lam[k:].sum())


@pytest.mark.theorem("prop-uncentred")
@pytest.mark.parametrize("length", [0.5, 2.0, 4.0, 8.0, 100.0])
def test_the_leading_direction_turns_to_the_mean(length: float) -> None:
    for seed in range(20):
        Y = centre(random_data(seed))
        C = Y @ Y.T / Y.shape[1]
        v = np.linalg.eigvalsh(C)[::-1]
        unit = orthonormal(np.random.default_rng(seed), 6, 1)[:, 0]
        mean = length * np.sqrt(v[0]) * unit
        w = np.linalg.eigh(C + np.outer(mean, mean))[1][:, -1]
        gap = mean @ mean + unit @ C @ unit - v[0]
        sine = np.linalg.norm(w - (w @ unit) * unit)
        if gap > 0:
            assert sine <= np.linalg.norm(C @ unit - (unit @ C @ unit) * unit) / gap + 1e-9
        assert gap > 0 or length < 1
