"""The statements of chapter 5, each against an oracle that does not know the theory."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
import torch
from scipy.integrate import solve_ivp
from scipy.linalg import expm, subspace_angles
from scipy.optimize import least_squares, minimize

from lae_helpers import SumL2
from lae_helpers.autoencoder import moment_loss

Array = npt.NDArray[np.float64]

LAM = 0.5
DISTINCT = (4.0, 2.5, 1.5, 0.8, 0.3, 0.0)  # the last one makes C singular
TIED = (3.0, 2.0, 2.0, 1.0, 0.0, 0.0)
SPECTRA = pytest.mark.parametrize("variances", [DISTINCT, TIED], ids=["distinct", "tied"])


def orthonormal(rows: int, columns: int, seed: int) -> Array:
    """Draw a random matrix with orthonormal columns."""
    draw = np.random.default_rng(seed).standard_normal((rows, columns))
    Q: Array = np.linalg.qr(draw).Q
    return Q


def problem(variances: tuple[float, ...], seed: int = 0) -> tuple[Array, Array]:
    """Make a covariance with these eigenvalues; return it and its eigenvectors."""
    U = orthonormal(len(variances), len(variances), seed)
    return U @ np.diag(variances) @ U.T, U


def loss(weights: torch.Tensor, C: Array, k: int, lam: float) -> torch.Tensor:
    """Compute J from the entries of W1 and W2 in one vector."""
    n = len(C)
    W1, W2 = weights[: k * n].reshape(k, n), weights[k * n :].reshape(n, k)
    error = torch.eye(n, dtype=torch.float64) - W2 @ W1
    reconstruction = (error @ torch.tensor(C) @ error.T).trace()
    return reconstruction + lam * (W1.square().sum() + W2.square().sum())


def gradient(weights: Array, C: Array, k: int, lam: float) -> Array:
    """Differentiate J by autograd."""
    leaf = torch.tensor(weights, requires_grad=True)
    (slope,) = torch.autograd.grad(loss(leaf, C, k, lam), leaf)
    result: Array = slope.numpy()
    return result


def hessian(weights: Array, C: Array, k: int, lam: float) -> Array:
    """Differentiate J twice by autograd, row by row."""
    leaf = torch.tensor(weights, requires_grad=True)
    (slope,) = torch.autograd.grad(loss(leaf, C, k, lam), leaf, create_graph=True)
    rows = [torch.autograd.grad(entry, leaf, retain_graph=True)[0] for entry in slope]
    result: Array = torch.stack(rows).numpy()
    return result


def value(weights: Array, C: Array, k: int, lam: float) -> float:
    """Return J as a number."""
    return loss(torch.tensor(weights), C, k, lam).item()


def join(W1: Array, W2: Array) -> Array:
    """Put two matrices into one vector."""
    return np.concatenate([W1.ravel(), W2.ravel()])


def split(weights: Array, n: int, k: int) -> tuple[Array, Array]:
    """Undo `join`."""
    return weights[: k * n].reshape(k, n), weights[k * n :].reshape(n, k)


def minimise(C: Array, k: int, lam: float, start: Array) -> Array:
    """Minimise J numerically."""
    found = minimize(value, start, (C, k, lam), jac=gradient, method="BFGS", options={"gtol": 1e-9})
    weights: Array = found.x
    return weights


def find_critical(C: Array, k: int, lam: float, seeds: range) -> list[Array]:
    """Go from random starts to critical points of any index, by least squares on the gradient."""
    found = []
    for seed in seeds:
        root = least_squares(
            gradient, random_start(len(C), k, seed), hessian, args=(C, k, lam),
            xtol=None, ftol=None, gtol=1e-13, max_nfev=60,
        )  # fmt: skip
        if np.abs(root.fun).max() < 1e-9:
            found.append(root.x)
    assert len(found) >= len(seeds) // 2
    return found


def random_start(n: int, k: int, seed: int, scale: float = 0.7) -> Array:
    """Draw weights, encoder and decoder independent."""
    return scale * np.random.default_rng(seed).standard_normal(2 * n * k)


def minimum(U: Array, variances: tuple[float, ...], k: int, lam: float, seed: int = 0) -> Array:
    """Build the decoder that theory predicts, with a random rotation."""
    s = np.sqrt(np.clip(1 - lam / np.array(variances[:k]), 0, None))
    W2: Array = U[:, :k] * s @ orthonormal(k, k, seed + 50).T
    return W2


def test_the_loss_here_is_the_loss_of_the_package() -> None:
    C, _ = problem(DISTINCT)
    weights = torch.tensor(random_start(6, 3, 0))
    W1, W2 = weights[:18].reshape(3, 6), weights[18:].reshape(6, 3)
    expected = moment_loss(W1, W2, torch.tensor(C), torch.zeros(6, dtype=torch.float64))
    expected = expected + SumL2(LAM).penalty(W1, W2)
    torch.testing.assert_close(loss(weights, C, 3, LAM), expected)


@pytest.mark.theorem("thm-transpose")
@SPECTRA
def test_transposes_at_minima_and_saddles(variances: tuple[float, ...]) -> None:
    C, _ = problem(variances)
    values = set()
    for weights in find_critical(C, 2, LAM, range(8)):
        W1, W2 = split(weights, 6, 2)
        np.testing.assert_allclose(W1, W2.T, atol=1e-6)
        values.add(round(value(weights, C, 2, LAM), 4))
    assert len(values) > 2, "saddles have to be among the points visited"


@pytest.mark.theorem("thm-transpose")
def test_no_transposes_without_a_penalty_or_off_critical_points() -> None:
    C, _ = problem(DISTINCT)
    free = minimise(C, 2, 0.0, random_start(6, 2, 1))
    W1, W2 = split(free, 6, 2)
    assert np.abs(gradient(free, C, 2, 0.0)).max() < 1e-6
    assert np.linalg.norm(W1 - W2.T) > 0.1


@pytest.mark.theorem("thm-sum-minimum")
@SPECTRA
def test_every_critical_point_has_the_form(variances: tuple[float, ...]) -> None:
    C, _ = problem(variances)
    for weights in find_critical(C, 3, LAM, range(8)):
        W2 = split(weights, 6, 3)[1]
        s2 = np.linalg.eigvalsh(W2 @ W2.T)
        kept = s2[s2 > 1e-6]
        eigenvalues = LAM / (1 - kept)
        distances = np.abs(eigenvalues[:, None] - np.array(variances)).min(axis=1, initial=np.inf)
        assert (distances < 1e-5).all()
        np.testing.assert_allclose(W2 @ W2.T @ C, C @ W2 @ W2.T, atol=1e-6)
        expected = C.trace() - ((eigenvalues - LAM) ** 2 / eigenvalues).sum()
        np.testing.assert_allclose(value(weights, C, 3, LAM), expected, atol=1e-6)


@pytest.mark.theorem("thm-sum-minimum")
@SPECTRA
def test_every_point_of_the_form_is_critical(variances: tuple[float, ...]) -> None:
    C, U = problem(variances)
    above = [i for i, v in enumerate(variances) if v > LAM]
    for size in range(4):
        for chosen in itertools.combinations(above, size):
            c = np.array(variances)[list(chosen)]
            frame = orthonormal(3, max(size, 1), 7)[:, :size]
            W2 = U[:, list(chosen)] * np.sqrt(1 - LAM / c) @ frame.T
            weights = join(W2.T, W2)
            assert np.abs(gradient(weights, C, 3, LAM)).max() < 1e-12
            expected = C.trace() - ((c - LAM) ** 2 / c).sum()
            np.testing.assert_allclose(value(weights, C, 3, LAM), expected)


@pytest.mark.theorem("thm-sum-minimum")
@SPECTRA
@pytest.mark.parametrize("k", [1, 3, 6])
@pytest.mark.parametrize("lam", [0.2, 0.9, 2.2, 5.0])
def test_numerical_minima_have_the_predicted_value_and_spectrum(
    variances: tuple[float, ...], k: int, lam: float
) -> None:
    C, _ = problem(variances)
    v = np.array(variances)
    weights = minimise(C, k, lam, random_start(6, k, k))
    r = min(k, int((v > lam).sum()))
    expected = v[r:].sum() + (2 * lam - lam**2 / v[:r]).sum()
    np.testing.assert_allclose(value(weights, C, k, lam), expected, atol=1e-8)
    np.testing.assert_allclose(SumL2(lam).minimum_loss(v, k), expected)
    s = np.linalg.svd(split(weights, 6, k)[1], compute_uv=False)
    np.testing.assert_allclose(s[:r], np.sqrt(1 - lam / v[:r]), atol=1e-6)
    np.testing.assert_allclose(s[r:], 0, atol=1e-4)


@pytest.mark.theorem("prop-no-bad-minima")
@SPECTRA
def test_every_other_critical_point_curves_down(variances: tuple[float, ...]) -> None:
    C, U = problem(variances)
    above = [i for i, v in enumerate(variances) if v > LAM]
    k = 2
    lowest = SumL2(LAM).minimum_loss(variances, k)
    seen = {"global": 0, "saddle": 0}
    for size in range(k + 1):
        for chosen in itertools.combinations(above, size):
            c = np.array(variances)[list(chosen)]
            frame = orthonormal(k, max(size, 1), 3)[:, :size]
            W2 = U[:, list(chosen)] * np.sqrt(1 - LAM / c) @ frame.T
            weights = join(W2.T, W2)
            least = np.linalg.eigvalsh(hessian(weights, C, k, LAM))[0]
            if value(weights, C, k, LAM) < lowest + 1e-9:
                seen["global"] += 1
                assert least > -1e-9
            else:
                seen["saddle"] += 1
                assert least < -1e-2
    assert seen["global"] >= 1
    assert seen["saddle"] >= 4


@pytest.mark.theorem("prop-shrinkage-separates")
def test_without_shrinkage_every_basis_is_a_left_factor() -> None:
    U, O_k = orthonormal(8, 4, 0), orthonormal(4, 4, 1)
    for seed in range(5):
        Q = U @ orthonormal(4, 4, 10 + seed)
        right = (U @ O_k.T).T @ Q
        np.testing.assert_allclose(right.T @ right, np.eye(4), atol=1e-12)
        np.testing.assert_allclose(Q @ right.T, U @ O_k.T, atol=1e-12)


@pytest.mark.theorem("prop-shrinkage-separates")
@pytest.mark.parametrize("lam", [1e-3, 0.1, 0.79])
def test_with_shrinkage_the_left_factor_is_fixed(lam: float) -> None:
    _, U = problem(DISTINCT)
    v = np.array(DISTINCT[:4])
    left, s, _ = np.linalg.svd(minimum(U, DISTINCT, 4, lam), full_matrices=False)
    np.testing.assert_allclose(np.abs(left.T @ U[:, :4]), np.eye(4), atol=1e-9)
    np.testing.assert_allclose(s, np.sqrt(1 - lam / v), atol=1e-12)
    assert (np.diff(s) < 0).all()
    assert 1 > s[0] > s[-1] > 0
    for i, j in itertools.product(range(4), repeat=2):
        np.testing.assert_allclose(s[i] ** 2 - s[j] ** 2, lam * (1 / v[j] - 1 / v[i]), atol=1e-12)


@pytest.mark.theorem("cor-recovery")
@pytest.mark.parametrize("k", [1, 3, 4])
def test_directions_and_variances_from_either_half(k: int) -> None:
    lam = 0.4
    C, U = problem(DISTINCT, seed=k)
    W1, W2 = split(minimise(C, k, lam, random_start(6, k, 20 + k)), 6, k)
    left, s, _ = np.linalg.svd(W2, full_matrices=False)
    _, s_encoder, right = np.linalg.svd(W1, full_matrices=False)
    for directions, spectrum in ((left, s), (right.T, s_encoder)):
        np.testing.assert_allclose(np.abs(directions.T @ U[:, :k]), np.eye(k), atol=1e-5)
        np.testing.assert_allclose(lam / (1 - spectrum**2), DISTINCT[:k], rtol=1e-5)


@pytest.mark.theorem("cor-recovery")
def test_all_directions_are_recovered_where_there_are_as_many_components() -> None:
    variances, lam = (4.0, 2.5, 1.5, 0.8), 0.4
    C, U = problem(variances)
    W1, W2 = split(minimise(C, 4, lam, random_start(4, 4, 3)), 4, 4)
    np.testing.assert_allclose(W1, W2.T, atol=1e-6)
    left, s, _ = np.linalg.svd(W2)
    np.testing.assert_allclose(np.abs(left.T @ U), np.eye(4), atol=1e-5)
    np.testing.assert_allclose(lam / (1 - s**2), variances, rtol=1e-5)


@pytest.mark.theorem("cor-recovery")
def test_no_directions_without_a_penalty() -> None:
    C, U = problem(DISTINCT)
    W2 = split(minimise(C, 3, 0.0, random_start(6, 3, 2)), 6, 3)[1]
    left = np.linalg.svd(W2, full_matrices=False).U
    assert subspace_angles(left, U[:, :3]).max() < 1e-4
    assert np.abs((left * U[:, :3]).sum(axis=0)).min() < 0.9


@pytest.mark.theorem("prop-noise")
@pytest.mark.parametrize("k", [3, 4])
def test_noise_turns_directions_no_further_than_the_bound(k: int) -> None:
    _, U = problem(DISTINCT)
    v = np.array(DISTINCT[:k])
    tightest = 0.0
    for seed, lam, size in itertools.product(range(20), (0.01, 0.1, 0.5, 0.79), (1e-4, 1e-2)):
        E = np.random.default_rng(seed).standard_normal((6, k))
        E *= size / np.linalg.norm(E, 2)
        left = np.linalg.svd(minimum(U, DISTINCT, k, lam, seed) + E, full_matrices=False).U
        sines = np.linalg.norm(left - U[:, :k] * (left * U[:, :k]).sum(axis=0), axis=0)
        for i in range(k):
            others = [lam * abs(1 / v[j] - 1 / v[i]) for j in range(k) if j != i]
            gap = min([*others, 1 - lam / v[i]])
            bound = 2 * (2 * size + size**2) / gap
            assert sines[i] <= bound + 1e-12
            tightest = max(tightest, sines[i] / bound)
    assert tightest > 0.2, "a bound this loose would say nothing"


@pytest.mark.theorem("prop-noise")
def test_the_damage_grows_as_a_direction_fades() -> None:
    _, U = problem(DISTINCT)
    v, size = np.array(DISTINCT[:4]), 1e-5
    for seed, missing in itertools.product(range(5), (1e-4, 1e-5)):  # lam: nearly v_4
        lam = v[3] * (1 - missing)
        E = np.random.default_rng(seed).standard_normal((6, 4))
        E *= size / np.linalg.norm(E, 2)
        left = np.linalg.svd(minimum(U, DISTINCT, 4, lam, seed) + E, full_matrices=False).U
        sine = np.linalg.norm(left[:, 3] - U[:, 3] * (left[:, 3] @ U[:, 3]))
        between = lam * (1 / v[3] - 1 / v[2])
        assert sine <= 2 * (2 * size + size**2) / missing
        assert sine > 2 * (2 * size + size**2) / between, "the first term alone is no bound"


@pytest.mark.theorem("prop-noise")
def test_the_damage_grows_as_one_over_lam() -> None:
    _, U = problem(DISTINCT)
    E = 1e-6 * np.random.default_rng(0).standard_normal((6, 3))
    sines = []
    for lam in (0.1, 0.01):
        left = np.linalg.svd(minimum(U, DISTINCT, 3, lam) + E, full_matrices=False).U
        sines.append(np.linalg.norm(left - U[:, :3] * (left * U[:, :3]).sum(axis=0), axis=0).max())
    assert 7 < sines[1] / sines[0] < 13


@pytest.mark.theorem("prop-collapse")
@pytest.mark.parametrize(("lam", "rank"), [(0.1, 4), (1.0, 3), (2.0, 2), (3.0, 1), (4.5, 0)])
def test_rank_of_numerical_minima(lam: float, rank: int) -> None:
    C, U = problem(DISTINCT)
    W1, W2 = split(minimise(C, 4, lam, random_start(6, 4, 5)), 6, 4)
    for W in (W1, W2):
        assert np.linalg.matrix_rank(W, tol=1e-4) == rank
    left = np.linalg.svd(W2, full_matrices=False).U[:, :rank]
    np.testing.assert_allclose(np.abs(left.T @ U[:, :rank]), np.eye(rank), atol=1e-4)


@pytest.mark.theorem("prop-collapse")
def test_at_the_largest_variance_zero_is_the_only_minimum() -> None:
    C, U = problem(DISTINCT)
    at_zero = value(np.zeros(24), C, 2, DISTINCT[0])
    for t in (0.05, 0.1, 0.5, 1.0):  # along u_1 the loss changes by v_1 t^4 - 2 (v_1 - lam) t^2
        W2 = t * U[:, :1] @ np.array([[0.6, 0.8]])
        assert value(join(W2.T, W2), C, 2, DISTINCT[0]) > at_zero
        if t < 0.1:
            assert value(join(W2.T, W2), C, 2, 0.99 * DISTINCT[0]) < at_zero
    for seed in range(200):
        scale = 10.0 ** -(seed % 3)
        assert value(random_start(6, 2, seed, scale), C, 2, DISTINCT[0]) > at_zero
    just_below = DISTINCT[0] - 1e-3
    W2 = minimum(problem(DISTINCT)[1], DISTINCT, 2, just_below)
    assert value(join(W2.T, W2), C, 2, just_below) < at_zero


@pytest.mark.theorem("prop-equal-variances")
def test_of_equal_variances_only_the_eigenspace_is_fixed() -> None:
    C, U = problem(TIED)
    W2 = split(minimise(C, 4, LAM, random_start(6, 4, 3)), 6, 4)[1]
    left, s, _ = np.linalg.svd(W2, full_matrices=False)
    np.testing.assert_allclose(s[1:3], np.sqrt(1 - LAM / 2.0), atol=1e-6)
    assert abs(s[0] - s[1]) > 1e-2
    assert abs(s[2] - s[3]) > 1e-2
    assert subspace_angles(left[:, 1:3], U[:, 1:3]).max() < 1e-5
    for seed in range(5):
        basis = left.copy()
        basis[:, 1:3] = left[:, 1:3] @ orthonormal(2, 2, seed)
        right = W2.T @ basis / s
        np.testing.assert_allclose(right.T @ right, np.eye(4), atol=1e-5)
        np.testing.assert_allclose(basis * s @ right.T, W2, atol=1e-5)


@pytest.mark.theorem("prop-equal-variances")
def test_a_tie_across_the_bottleneck_leaves_even_the_subspace_open() -> None:
    C, U = problem(TIED)
    spans = []
    for seed in (0, 1):
        plane = U[:, 1:3] @ orthonormal(2, 2, seed)
        W2 = np.column_stack([U[:, 0] * np.sqrt(1 - LAM / 3), plane[:, 0] * np.sqrt(1 - LAM / 2)])
        lowest = SumL2(LAM).minimum_loss(TIED, 2)
        np.testing.assert_allclose(value(join(W2.T, W2), C, 2, LAM), lowest)
        spans.append(W2)
    assert subspace_angles(*spans).max() > 0.1


@pytest.mark.theorem("prop-soft-directions")
def test_loss_and_curvature_along_a_stretch() -> None:
    C, U = problem(DISTINCT)
    W2 = minimum(U, DISTINCT, 3, LAM)
    curvatures = hessian(join(W2.T, W2), C, 3, LAM)
    at_minimum = value(join(W2.T, W2), C, 3, LAM)
    for seed in range(5):
        K = np.random.default_rng(seed).standard_normal((3, 3))
        K = K + K.T
        for t in (0.1, 0.5):
            moved = value(join(expm(t * K) @ W2.T, W2 @ expm(-t * K)), C, 3, LAM)
            cosh = (expm(2 * t * K) + expm(-2 * t * K)) / 2
            rise = 2 * LAM * np.trace(W2.T @ W2 @ (cosh - np.eye(3)))
            np.testing.assert_allclose(moved - at_minimum, rise, rtol=1e-9)
        velocity = join(K @ W2.T, -W2 @ K)
        np.testing.assert_allclose(curvatures @ velocity, 4 * LAM * velocity, atol=1e-9)
    longer = np.outer(U[:, 0], U[:, 0] @ W2)
    velocity = join(longer.T, longer)
    steep = 4 * (DISTINCT[0] - LAM)
    np.testing.assert_allclose(curvatures @ velocity, steep * velocity, atol=1e-9)


@pytest.mark.theorem("prop-soft-directions")
def test_how_far_a_stretch_turns_the_singular_vectors() -> None:
    _, U = problem(DISTINCT)
    lam, t = 0.2, 1e-6
    s, v = np.sqrt(1 - lam / np.array(DISTINCT[:3])), np.array(DISTINCT[:3])
    O_k = orthonormal(3, 3, 50)
    K = np.random.default_rng(0).standard_normal((3, 3))
    K = K + K.T
    turned = np.linalg.svd(minimum(U, DISTINCT, 3, lam) @ expm(-t * K), full_matrices=False).U
    turned *= np.sign((turned * U[:, :3]).sum(axis=0))
    stretch = O_k.T @ K @ O_k
    for i, j in itertools.permutations(range(3), 2):
        predicted = -2 * t * stretch[i, j] * s[i] * s[j] / (lam * (1 / v[j] - 1 / v[i]))
        np.testing.assert_allclose(turned[:, i] @ U[:, j], predicted, rtol=1e-3)


@pytest.mark.theorem("prop-balance-decay")
@pytest.mark.parametrize("lam", [0.0, 0.1, 0.5])
def test_imbalance_under_the_gradient_flow(lam: float) -> None:
    C, _ = problem(DISTINCT)
    start = random_start(6, 3, 4)

    def flow(_time: float, weights: Array) -> Array:
        return -gradient(weights, C, 3, lam)

    path = solve_ivp(flow, (0, 2), start, t_eval=[0.5, 2.0], rtol=1e-10, atol=1e-12)
    W1, W2 = split(start, 6, 3)
    at_start = W1 @ W1.T - W2.T @ W2
    for time, weights in zip(path.t, path.y.T, strict=True):
        W1, W2 = split(weights, 6, 3)
        expected = np.exp(-4 * lam * time) * at_start
        np.testing.assert_allclose(W1 @ W1.T - W2.T @ W2, expected, atol=1e-7)


def read_variances(s: Array, lam: float) -> Array:
    """Read the variances off singular values."""
    read: Array = lam / (1 - s**2)
    return read


@pytest.mark.theorem("prop-variance-error")
@pytest.mark.parametrize(("v", "lam"), [(4.0, 0.5), (1.0, 0.9), (0.8, 0.01)])
def test_error_of_a_variance(v: float, lam: float) -> None:
    s = np.sqrt(1 - lam / v)
    step = 1e-6 * min(s, 1 - s)
    low, high = read_variances(np.array([s - step, s + step]), lam)
    slope = (high - low) / (2 * step)
    np.testing.assert_allclose(slope, 2 * s * v**2 / lam, rtol=1e-6)
    np.testing.assert_allclose(slope * s / v, 2 * (v / lam - 1), rtol=1e-6)
    for share in (0.1, 0.9):
        eps = share * min(s, 1 - s)
        read = read_variances(np.linspace(s - eps, s + eps, 1001), lam)
        np.testing.assert_allclose(
            1 / v - 1 / read, (np.linspace(s - eps, s + eps, 1001) ** 2 - s**2) / lam, atol=1e-9
        )
        upper, lower = variance_bounds(v, lam, eps)
        np.testing.assert_allclose(read.max() / v - 1, upper, rtol=1e-9)  # attained, not passed
        np.testing.assert_allclose(read.min() / v - 1, lower, rtol=1e-9)


def variance_bounds(v: float, lam: float, eps: float) -> tuple[float, float]:
    """Compute the two bounds of the proposition, upper and lower."""
    s = np.sqrt(1 - lam / v)
    above, below = (v / lam * (2 * s * eps + sign * eps**2) for sign in (1, -1))
    return above / (1 - above), -below / (1 + below)


@pytest.mark.theorem("prop-variance-error")
@pytest.mark.parametrize("eps", [1e-4, 1e-2])
def test_a_strong_penalty_reads_a_variance_best(eps: float) -> None:
    for v in (0.8, 4.0):
        lams = np.linspace(0.1, v * (1 - eps**2), 400)  # up to where s = eps
        bounds = np.array([variance_bounds(v, lam, eps) for lam in lams])
        assert (np.diff(bounds[:, 0]) < 0).all()
        assert (np.diff(bounds[:, 1]) > 0).all()


@pytest.mark.theorem("prop-variance-error")
def test_close_variances_are_read_as_well_as_any() -> None:
    variances, lam, eps = (4.0, 1.0, 1.0 - 1e-9, 0.8, 0.3, 0.0), 0.4, 1e-3
    _, U = problem(variances)
    s = np.sqrt(1 - lam / np.array(variances[:4]))
    for seed in range(10):
        E = np.random.default_rng(seed).standard_normal((6, 4))
        E *= eps / np.linalg.norm(E, 2)
        found = np.linalg.svd(minimum(U, variances, 4, lam, seed) + E, compute_uv=False)
        assert (np.abs(found - s) <= eps + 1e-14).all()


def curvature_across(variances: tuple[float, ...], k: int, lam: float) -> float:
    """Compute mu of the proposition."""
    v = variances[k - 1]
    if k == len(variances):
        return 4 * min(lam, v - lam)
    w = variances[k]
    T, Delta = v + w + lam * (1 - w / v), (v - w) * (w + lam)
    return min(2 * lam, 4 * (v - lam), float(T - np.sqrt(T**2 - 4 * Delta)))


def off_the_minima(weights: Array, W2: Array, k: int) -> float:
    """Measure how far weights are from the nearest of all rotations of a minimum."""
    W1, D = split(weights, len(W2), k)
    left, _, right = np.linalg.svd(W2.T @ (W1.T + D))
    nearest = W2 @ left @ right
    return float(np.linalg.norm(weights - join(nearest.T, nearest)))


STOPPING = pytest.mark.parametrize(
    ("variances", "k", "lam"),
    [
        (DISTINCT, 3, 0.5),
        (DISTINCT, 4, 0.1),
        (DISTINCT, 4, 0.79),
        ((4.0, 2.5, 1.5, 1.4, 0.3, 0.1), 3, 0.1),
        ((4.0, 2.5, 1.5, 1.4, 1.3, 1.1), 3, 1.2),
        ((4.0, 2.5, 1.5), 3, 0.4),
        ((4.0, 2.5, 1.5), 3, 1.4),
        ((4.0, 2.5), 1, 1.4),
    ],
)


@pytest.mark.theorem("prop-stopping")
@STOPPING
def test_curvature_across_the_minima(variances: tuple[float, ...], k: int, lam: float) -> None:
    C, U = problem(variances)
    W2 = minimum(U, variances, k, lam)
    curvatures = np.linalg.eigvalsh(hessian(join(W2.T, W2), C, k, lam))
    tangents = k * (k - 1) // 2
    np.testing.assert_allclose(curvatures[:tangents], 0, atol=1e-12)
    mu = curvature_across(variances, k, lam)
    assert mu > 0
    assert curvatures[tangents] >= mu - 1e-12
    if mu != 2 * lam or variances[-1] == 0:  # 2 lam is reached where a feature is constant
        np.testing.assert_allclose(curvatures[tangents], mu, rtol=1e-9)


@pytest.mark.theorem("prop-stopping")
@STOPPING
def test_gradient_bounds_distance_and_angles(
    variances: tuple[float, ...], k: int, lam: float
) -> None:
    C, U = problem(variances)
    W2 = minimum(U, variances, k, lam)
    mu, v = curvature_across(variances, k, lam), np.array(variances[:k])
    vectors = np.linalg.eigh(hessian(join(W2.T, W2), C, k, lam)).eigenvectors
    labels = np.append(1 - lam / v, 0.0)
    gamma = np.array([np.abs(np.delete(labels, i) - labels[i]).min() for i in range(k)])
    softest = vectors[:, k * (k - 1) // 2]
    tightest = 0.0
    draws = [np.random.default_rng(seed).standard_normal(softest.size) for seed in range(10)]
    for move, size in itertools.product([softest, *draws], (1e-5, 1e-3, 0.02, 0.3)):
        weights = join(W2.T, W2) + size * move / np.linalg.norm(move)
        slope = float(np.linalg.norm(gradient(weights, C, k, lam)))
        d = off_the_minima(weights, W2, k)
        assert slope >= d * (mu - 3 * np.sqrt(2) * v[0] * d) - 1e-12
        if d > mu / (6 * np.sqrt(2) * v[0]):
            continue
        assert d <= 2 * slope / mu
        tightest = max(tightest, d * mu / slope)
        left = np.linalg.svd(split(weights, len(C), k)[1], full_matrices=False).U
        sines = np.linalg.norm(left - U[:, :k] * (left * U[:, :k]).sum(axis=0), axis=0)
        assert (sines <= 9 * slope / (mu * gamma) + 1e-12).all()
    assert tightest > 0.4, "a bound this loose would say nothing"


@pytest.mark.theorem("prop-stopping")
def test_half_the_strength_asks_for_a_quarter_of_the_gradient() -> None:
    C, U = problem(DISTINCT)
    needed = []
    for lam in (0.02, 0.01):
        W2 = minimum(U, DISTINCT, 3, lam)
        K = minimum(U, DISTINCT, 3, lam).T @ U[:, :3]  # the rotation, up to small lengths
        K = K @ np.array([[0.0, 1, 0], [1, 0, 0], [0, 0, 0]]) @ K.T * 1e-6
        weights = join(expm(K) @ W2.T, W2 @ expm(-K))
        left = np.linalg.svd(split(weights, 6, 3)[1], full_matrices=False).U
        sine = np.linalg.norm(left[:, 0] - U[:, 0] * (left[:, 0] @ U[:, 0]))
        needed.append(np.linalg.norm(gradient(weights, C, 3, lam)) / sine)
    assert 3.5 < needed[0] / needed[1] < 4.5


@pytest.mark.theorem("prop-stopping")
def test_at_a_saddle_a_small_gradient_says_nothing() -> None:
    C, U = problem(DISTINCT)
    chosen = np.array([0, 2])
    W2 = U[:, chosen] * np.sqrt(1 - LAM / np.array(DISTINCT)[chosen])
    weights = join(W2.T, W2)
    assert np.linalg.norm(gradient(weights, C, 2, LAM)) < 1e-12
    assert off_the_minima(weights, minimum(U, DISTINCT, 2, LAM), 2) > 0.5
