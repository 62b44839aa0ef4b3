"""The statements of chapter 6, each against an oracle that does not know the theory."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
import torch
from scipy.integrate import solve_ivp
from scipy.optimize import least_squares, minimize

from lae_helpers import LinearAutoencoder, NonuniformSumL2
from lae_helpers.autoencoder import moment_loss
from lae_helpers.hebbian import oja, sanger
from lae_helpers.ordering.curvature import minimum_curvatures
from lae_helpers.ordering.rules import Rule, ordered_loss, rotation_augmented, sum_descent

Array = npt.NDArray[np.float64]

DISTINCT = (4.0, 2.5, 1.5, 0.8, 0.3, 0.0)  # the last one makes C singular
TIED = (3.0, 2.0, 2.0, 1.0, 0.0, 0.0)
SPECTRA = pytest.mark.parametrize("variances", [DISTINCT, TIED], ids=["distinct", "tied"])
N, K = 6, 3
LAMS = np.array([0.2, 0.5, 0.9])


def orthonormal(rows: int, columns: int, seed: int) -> Array:
    """Draw a random matrix with orthonormal columns."""
    Q: Array = np.linalg.qr(np.random.default_rng(seed).standard_normal((rows, columns))).Q
    return Q


def problem(variances: tuple[float, ...], seed: int = 0) -> tuple[Array, Array]:
    """Make a covariance with these eigenvalues; return it and its eigenvectors."""
    U = orthonormal(len(variances), len(variances), seed)
    return U @ np.diag(variances) @ U.T, U


def split(flat: torch.Tensor, k: int = K) -> tuple[torch.Tensor, torch.Tensor]:
    """Take W1 and W2 out of one vector."""
    return flat[: k * N].reshape(k, N), flat[k * N :].reshape(N, k)


def split_array(flat: Array, k: int = K) -> tuple[Array, Array]:
    """Do the same to an array."""
    return flat[: k * N].reshape(k, N), flat[k * N :].reshape(N, k)


def join(W1: Array, W2: Array) -> Array:
    """Put two matrices into one vector."""
    return np.concatenate([W1.ravel(), W2.ravel()])


def loss(flat: torch.Tensor, C: Array, strengths: Array) -> torch.Tensor:
    """Compute J; the strengths may be a full matrix, which replaces the diagonal one."""
    W1, W2 = split(flat, len(strengths))
    matrix = torch.tensor(np.diag(strengths) if strengths.ndim == 1 else strengths)
    error = torch.eye(N, dtype=torch.float64) - W2 @ W1
    penalty = (W1.T @ matrix @ W1).trace() + (W2 @ matrix @ W2.T).trace()
    return (error @ torch.tensor(C) @ error.T).trace() + penalty


def value(flat: Array, C: Array, strengths: Array) -> float:
    """Return J as a number."""
    return loss(torch.tensor(flat), C, strengths).item()


def gradient(flat: Array, C: Array, strengths: Array) -> Array:
    """Differentiate J by autograd."""
    leaf = torch.tensor(flat, requires_grad=True)
    (slope,) = torch.autograd.grad(loss(leaf, C, strengths), leaf)
    result: Array = slope.numpy()
    return result


def hessian(flat: Array, C: Array, strengths: Array) -> Array:
    """Differentiate J twice by autograd, row by row."""
    leaf = torch.tensor(flat, requires_grad=True)
    (slope,) = torch.autograd.grad(loss(leaf, C, strengths), leaf, create_graph=True)
    rows = [torch.autograd.grad(entry, leaf, retain_graph=True)[0] for entry in slope]
    result: Array = torch.stack(rows).numpy()
    return result


def draw(seed: int, k: int = K, scale: float = 0.7) -> Array:
    """Draw weights, encoder and decoder independent."""
    return scale * np.random.default_rng(seed).standard_normal(2 * N * k)


def minimise(C: Array, strengths: Array, seed: int) -> Array:
    """Minimise J numerically."""
    start = draw(seed, len(strengths))
    found = minimize(
        value, start, (C, strengths), jac=gradient, method="BFGS",
        options={"gtol": 1e-9, "maxiter": 3000},
    )  # fmt: skip
    weights: Array = found.x
    return weights


def find_critical(C: Array, strengths: Array, seeds: range) -> list[Array]:
    """Go from random starts to critical points of any index, by least squares on the gradient."""
    found = []
    for seed in seeds:
        root = least_squares(
            gradient, draw(seed, len(strengths)), hessian, args=(C, strengths),
            xtol=None, ftol=None, gtol=1e-13, max_nfev=60,
        )  # fmt: skip
        if np.abs(root.fun).max() < 1e-9:
            found.append(root.x)
    assert len(found) >= len(seeds) // 2
    return found


def critical_point(U: Array, variances: tuple[float, ...], used: tuple[int | None, ...]) -> Array:
    """Build the decoder whose component j uses direction used[j], or none."""
    W2 = np.zeros((N, len(used)))
    for j, direction in enumerate(used):
        if direction is not None:
            W2[:, j] = U[:, direction] * np.sqrt(1 - LAMS[j] / variances[direction])
    return W2


def assignments(variances: tuple[float, ...]) -> list[tuple[int | None, ...]]:
    """List every way to give the three components different directions above their strength."""
    options = [[None, *(i for i, v in enumerate(variances) if v > lam)] for lam in LAMS]
    return [
        used
        for used in itertools.product(*options)
        if len({d for d in used if d is not None}) == sum(d is not None for d in used)
    ]


def test_the_loss_here_is_the_loss_of_the_package() -> None:
    C, _ = problem(DISTINCT)
    flat = torch.tensor(draw(0))
    W1, W2 = split(flat)
    expected = moment_loss(W1, W2, torch.tensor(C), torch.zeros(N, dtype=torch.float64))
    expected = expected + NonuniformSumL2(LAMS).penalty(W1, W2)
    torch.testing.assert_close(loss(flat, C, LAMS), expected)


@pytest.mark.theorem("thm-last-transpose")
@SPECTRA
def test_transposes_with_any_positive_definite_strength(variances: tuple[float, ...]) -> None:
    C, _ = problem(variances)
    Q = orthonormal(2, 2, 9)
    full = Q @ np.diag([0.2, 0.7]) @ Q.T
    for strengths in (full, np.array([0.6, 0.1])):
        values = set()
        for flat in find_critical(C, strengths, range(5)):
            W1, W2 = split_array(flat, 2)
            np.testing.assert_allclose(W1, W2.T, atol=1e-6)
            values.add(round(value(flat, C, strengths), 4))
        assert len(values) > 1, "saddles have to be among the points visited"


@pytest.mark.theorem("thm-last-transpose")
def test_a_strength_of_zero_frees_its_component() -> None:
    C, _ = problem(DISTINCT)
    strengths = np.array([0.0, 0.5])
    flat = minimise(C, strengths, 3)
    assert np.abs(gradient(flat, C, strengths)).max() < 1e-6
    W1, W2 = split_array(flat, 2)
    assert np.linalg.norm(W1 - W2.T) > 0.1


@pytest.mark.theorem("thm-last-minimum")
@SPECTRA
def test_every_critical_point_has_the_form(variances: tuple[float, ...]) -> None:
    C, _ = problem(variances)
    for flat in find_critical(C, LAMS, range(6)):
        W2 = split_array(flat)[1]
        lengths = np.linalg.norm(W2, axis=0)
        inner = W2.T @ W2
        np.testing.assert_allclose(inner, np.diag(lengths**2), atol=1e-6)
        gain = 0.0
        for j in np.flatnonzero(lengths > 1e-4):
            c = LAMS[j] / (1 - lengths[j] ** 2)
            np.testing.assert_allclose(C @ W2[:, j], c * W2[:, j], atol=1e-5)
            gain += (c - LAMS[j]) ** 2 / c
        np.testing.assert_allclose(value(flat, C, LAMS), C.trace() - gain, atol=1e-6)


@pytest.mark.theorem("thm-last-minimum")
@SPECTRA
def test_every_point_of_the_form_is_critical(variances: tuple[float, ...]) -> None:
    C, U = problem(variances)
    lowest = NonuniformSumL2(LAMS).minimum_loss(variances, K)
    reached = []
    for used in assignments(variances):
        W2 = critical_point(U, variances, used)
        flat = join(W2.T, W2)
        assert np.abs(gradient(flat, C, LAMS)).max() < 1e-12
        reached.append((round(value(flat, C, LAMS), 9), used))
        assert reached[-1][0] >= lowest - 1e-8
    best = {used for found, used in reached if found < lowest + 1e-8}
    expected = {(0, 1, 2)} if variances == DISTINCT else {(0, 1, 2), (0, 2, 1)}
    assert best == expected


@pytest.mark.theorem("thm-last-minimum")
@SPECTRA
@pytest.mark.parametrize(
    "lams", [(0.1, 0.2, 0.3), (0.5, 1.2, 1.9), (1.0, 2.6, 2.9), (5.0, 6.0, 7.0)]
)
def test_numerical_minima(variances: tuple[float, ...], lams: tuple[float, ...]) -> None:
    C, _ = problem(variances)
    strengths, v = np.array(lams), np.array(variances[:K])
    r = int((v > strengths).sum())
    flat = min(
        (minimise(C, strengths, seed) for seed in range(3)),
        key=lambda found: value(found, C, strengths),
    )
    expected = sum(variances[r:]) + (2 * strengths - strengths**2 / v)[:r].sum()
    np.testing.assert_allclose(value(flat, C, strengths), expected, atol=1e-7)
    np.testing.assert_allclose(NonuniformSumL2(strengths).minimum_loss(variances, K), expected)
    lengths = np.linalg.norm(split_array(flat)[1], axis=0)
    predicted = np.sqrt(np.maximum(0.0, 1 - strengths / v))
    np.testing.assert_allclose(lengths, predicted, atol=1e-3)


@pytest.mark.theorem("cor-last-columns")
@pytest.mark.parametrize("seed", range(3))
def test_the_columns_are_the_directions(seed: int) -> None:
    C, U = problem(DISTINCT, seed)
    W1, W2 = split_array(minimise(C, LAMS, 10 + seed))
    signs = np.sign((W2 * U[:, :K]).sum(axis=0))
    expected = U[:, :K] * np.sqrt(1 - LAMS / np.array(DISTINCT[:K])) * signs
    np.testing.assert_allclose(W2, expected, atol=1e-5)
    np.testing.assert_allclose(W1, expected.T, atol=1e-5)
    lengths = np.linalg.norm(W2, axis=0)
    np.testing.assert_allclose(LAMS / (1 - lengths**2), DISTINCT[:K], rtol=1e-4)


@pytest.mark.theorem("cor-last-columns")
def test_with_equal_strengths_they_are_not() -> None:
    C, U = problem(DISTINCT)
    W2 = split_array(minimise(C, np.full(K, 0.5), 1))[1]
    cosines = np.abs((W2 * U[:, :K]).sum(axis=0)) / np.linalg.norm(W2, axis=0)
    assert cosines.min() < 0.9


@pytest.mark.theorem("prop-last-index")
def test_the_index_counts_inversions_and_better_directions() -> None:
    C, U = problem(DISTINCT)
    seen = set()
    for used in assignments(DISTINCT):
        c = [0.0 if d is None else DISTINCT[d] for d in used]
        unused = [v for i, v in enumerate(DISTINCT) if i not in used]
        expected = sum(c[i] < c[j] for i, j in itertools.combinations(range(K), 2))
        expected += sum(v > max(c[j], LAMS[j]) for j in range(K) for v in unused)
        W2 = critical_point(U, DISTINCT, used)
        eigenvalues = np.linalg.eigvalsh(hessian(join(W2.T, W2), C, LAMS))
        assert np.abs(eigenvalues).min() > 1e-4
        assert (eigenvalues < 0).sum() == expected
        assert (expected == 0) == (used == (0, 1, 2))
        seen.add(expected)
    assert max(seen) > 5


@pytest.mark.theorem("thm-last-ordered")
@pytest.mark.parametrize("seed", range(3))
def test_minimum_of_the_ordered_loss(seed: int) -> None:
    C, U = problem(DISTINCT, seed)

    def ordered(flat: Array) -> tuple[float, Array]:
        leaf = torch.tensor(flat, requires_grad=True)
        total = ordered_loss(*split(leaf), torch.tensor(C))
        (slope,) = torch.autograd.grad(total, leaf)
        return total.item(), slope.numpy()

    options = {"gtol": 1e-9, "maxiter": 3000}
    found = minimize(ordered, draw(seed), jac=True, method="BFGS", options=options)
    expected = sum(sum(DISTINCT[i:]) for i in range(1, K + 1))
    np.testing.assert_allclose(found.fun, expected, atol=1e-8)
    W1, W2 = split_array(found.x)
    D = U[:, :K].T @ W2
    np.testing.assert_allclose(D, np.diag(D.diagonal()), atol=1e-4)
    np.testing.assert_allclose(W2, U[:, :K] @ D, atol=1e-4)
    in_range = U[:, :5] @ U[:, :5].T
    np.testing.assert_allclose(W1 @ in_range, np.linalg.inv(D) @ U[:, :K].T, atol=1e-4)
    free = np.diag([2.0, -0.3, 5.0])
    null = np.outer([1.0, 2.0, 3.0], U[:, 5])
    other = join(np.linalg.inv(free) @ U[:, :K].T + null, U[:, :K] @ free)
    np.testing.assert_allclose(ordered(other)[0], expected)
    turned = orthonormal(K, K, seed)
    assert ordered(join(turned.T @ U[:, :K].T, U[:, :K] @ turned))[0] > expected + 0.01


@pytest.mark.theorem("thm-last-ordered")
def test_nested_dropout_has_the_same_minima() -> None:
    C, U = problem(DISTINCT)
    for seed in range(3):
        chances = np.random.default_rng(seed).dirichlet(np.ones(K))

        def expected_loss(flat: Array, chances: Array = chances) -> tuple[float, Array]:
            leaf = torch.tensor(flat, requires_grad=True)
            W1, W2 = split(leaf)
            nothing = torch.zeros(N, dtype=torch.float64)
            terms = [
                moment_loss(W1[:i], W2[:, :i], torch.tensor(C), nothing) for i in range(1, K + 1)
            ]
            total = (torch.tensor(chances) * torch.stack(terms)).sum()
            (slope,) = torch.autograd.grad(total, leaf)
            return total.item(), slope.numpy()

        options = {"gtol": 1e-9, "maxiter": 3000}
        found = minimize(expected_loss, draw(seed), jac=True, method="BFGS", options=options)
        lowest = sum(p * sum(DISTINCT[i:]) for i, p in enumerate(chances, start=1))
        np.testing.assert_allclose(found.fun, lowest, atol=1e-7)
        D = U[:, :K].T @ split_array(found.x)[1]
        np.testing.assert_allclose(D, np.diag(D.diagonal()), atol=1e-3)


def rotation_of(W1: Array, C: Array) -> Array:
    """Write Gamma down entry by entry."""
    Z = W1 @ C @ W1.T
    gamma = np.zeros_like(Z)
    for i, j in itertools.combinations(range(len(Z)), 2):
        gamma[i, j], gamma[j, i] = Z[i, j] / 2, -Z[i, j] / 2
    return gamma


def flow(rule: Rule, start: Array, C: Array, strengths: Array, times: Array) -> Array:
    """Integrate a rule in time."""

    def velocity(_time: float, flat: Array) -> Array:
        return join(*rule(*split_array(flat), C, strengths))

    path = solve_ivp(velocity, (0, times[-1]), start, t_eval=times, rtol=1e-10, atol=1e-12)
    result: Array = path.y.T
    return result


@pytest.mark.theorem("prop-last-rotation")
@pytest.mark.parametrize("lam", [0.0, 0.3])
def test_the_rotation_is_invisible_and_keeps_the_imbalance(lam: float) -> None:
    C, _ = problem(DISTINCT)
    start, strengths = draw(1), np.full(K, lam)
    W1, W2 = split_array(start)
    gamma = rotation_of(W1, C)
    expected = join(gamma @ W1, -W2 @ gamma)
    slope = gradient(start, C, strengths)
    velocity = join(*rotation_augmented(W1, W2, C, strengths))
    np.testing.assert_allclose(velocity, expected - slope, atol=1e-12)
    np.testing.assert_allclose(slope @ velocity, -slope @ slope)
    np.testing.assert_allclose(W2 @ gamma @ W1 - W2 @ gamma @ W1, 0)
    first = W1 @ W1.T - W2.T @ W2
    for time, flat in zip(
        (0.5, 1.5), flow(rotation_augmented, start, C, strengths, np.array([0.5, 1.5])), strict=True
    ):
        W1, W2 = split_array(flat)
        imbalance = np.exp(4 * lam * time) * (W1 @ W1.T - W2.T @ W2)
        np.testing.assert_allclose(
            np.linalg.eigvalsh(imbalance), np.linalg.eigvalsh(first), atol=1e-6
        )
        assert np.abs(imbalance - first).max() > 0.05, "it does turn"


@pytest.mark.theorem("prop-last-rotation")
def test_the_rotation_sorts_the_minima_of_the_sum() -> None:
    C, U = problem(DISTINCT)
    lam, v = 0.4, np.array(DISTINCT[:K])
    S, O_k = np.sqrt(1 - lam / v), orthonormal(K, K, 5)
    W2 = U[:, :K] * S @ O_k.T
    start, strengths = join(W2.T, W2), np.full(K, lam)
    step = 1e-6
    W1 = W2.T
    Z = W1 @ C @ W1.T
    for_encoder, _ = rotation_augmented(W1, W2, C, strengths)
    moved = W1 + step * for_encoder
    growth = ((moved @ C @ moved.T - Z) / step).diagonal()
    for p in range(1, K):
        expected = sum(Z[i, j] ** 2 for i in range(p) for j in range(p, K))
        np.testing.assert_allclose(growth[:p].sum(), expected, rtol=1e-4)
    np.testing.assert_allclose(np.linalg.eigvalsh(Z)[::-1], v - lam, atol=1e-9)
    final = flow(rotation_augmented, start, C, strengths, np.array([60.0]))[0]
    W1, W2 = split_array(final)
    np.testing.assert_allclose(np.abs(U[:, :K].T @ W2), np.diag(S), atol=1e-5)


@pytest.mark.theorem("prop-last-rotation")
def test_rates_near_the_orders() -> None:
    C, U = problem(DISTINCT)
    lam, small = 0.4, 1e-5
    S = np.sqrt(1 - lam / np.array(DISTINCT[:K]))
    for order in itertools.permutations(range(K)):
        for i, j in itertools.combinations(range(K), 2):
            turn = np.eye(K)
            turn[i, j], turn[j, i] = small, -small
            W2 = U[:, :K] * S @ np.eye(K)[:, order] @ turn
            after = flow(rotation_augmented, join(W2.T, W2), C, np.full(K, lam), np.array([0.5]))[0]
            before, later = (W @ C @ W.T for W in (W2.T, split_array(after)[0]))
            rate = -np.log(later[i, j] / before[i, j]) / 0.5
            gap = DISTINCT[order[i]] - DISTINCT[order[j]]
            np.testing.assert_allclose(rate, gap / 2, atol=1e-2)


@pytest.mark.theorem("prop-last-rotation")
def test_on_the_minima_the_rotation_is_the_qr_algorithm() -> None:
    C, U = problem(DISTINCT)
    lam = 0.4
    W2 = U[:, :K] * np.sqrt(1 - lam / np.array(DISTINCT[:K])) @ orthonormal(K, K, 5).T
    Z = W2.T @ C @ W2
    times = np.array([0.7, 2.0, 4.0])
    path = flow(rotation_augmented, join(W2.T, W2), C, np.full(K, lam), times)
    values, vectors = np.linalg.eigh(Z)
    for time, flat in zip(times, path, strict=True):
        Q, F = np.linalg.qr(vectors * np.exp(time * values / 2) @ vectors.T)
        Q *= np.sign(F.diagonal())
        W1 = split_array(flat)[0]
        np.testing.assert_allclose(W1 @ C @ W1.T, Q.T @ Z @ Q, atol=1e-6)
    Q, F = np.linalg.qr(vectors * np.exp(values) @ vectors.T)  # one step: from Q F to F Q
    F, Q = F * np.sign(F.diagonal())[:, None], Q * np.sign(F.diagonal())
    W1 = split_array(path[1])[0]
    values, vectors = np.linalg.eigh(W1 @ C @ W1.T)
    np.testing.assert_allclose(vectors * np.exp(values) @ vectors.T, F @ Q, atol=1e-4)


@pytest.mark.theorem("prop-last-floor")
def test_where_the_rotation_rests_without_a_penalty() -> None:
    C, U = problem(DISTINCT)
    root = np.diag(np.sqrt(DISTINCT[:K]))
    D = np.diag([0.5, 2.0, -1.0])
    none = np.zeros(K)
    for R in (orthonormal(K, K, 4), np.eye(K)[:, [2, 0, 1]]):
        G = root @ R @ D
        W1, W2 = np.linalg.inv(G) @ U[:, :K].T, U[:, :K] @ G
        for velocity in rotation_augmented(W1, W2, C, none):
            np.testing.assert_allclose(velocity, 0, atol=1e-12)
        cosines = np.abs(U[:, :K].T @ W2) / np.linalg.norm(W2, axis=0)
        assert (cosines.max(axis=0).min() > 1 - 1e-12) == (np.abs(R).max(axis=0).min() == 1)
    for seed in range(5):  # any other G is not at rest
        G = np.random.default_rng(seed).standard_normal((K, K))
        W1, W2 = np.linalg.inv(G) @ U[:, :K].T, U[:, :K] @ G
        assert np.abs(rotation_augmented(W1, W2, C, none)[1]).max() > 1e-3


@pytest.mark.theorem("prop-last-floor")
def test_balanced_weights_at_rest_are_aligned() -> None:
    C, U = problem(DISTINCT)
    G = orthonormal(K, K, 6)  # W2 = U_k G is balanced exactly for orthogonal G
    start = join(G.T @ U[:, :K].T, U[:, :K] @ G)
    final = flow(rotation_augmented, start, C, np.zeros(K), np.array([80.0]))[0]
    W1, W2 = split_array(final)
    np.testing.assert_allclose(W1 @ W1.T, W2.T @ W2, atol=1e-6)
    np.testing.assert_allclose(np.abs(U[:, :K].T @ W2), np.eye(K), atol=1e-5)
    G = np.array([[1.0, 0.8, 0.0], [0.0, 1.0, 0.8], [0.3, 0.0, 1.0]])  # not balanced
    start = join(np.linalg.inv(G) @ U[:, :K].T, U[:, :K] @ G)
    W2 = split_array(flow(rotation_augmented, start, C, np.zeros(K), np.array([80.0]))[0])[1]
    cosines = np.abs(U[:, :K].T @ W2) / np.linalg.norm(W2, axis=0)
    assert cosines.max(axis=0).min() < 0.99


@pytest.mark.theorem("prop-last-floor")
def test_with_as_many_components_as_features() -> None:
    none = np.zeros(K)
    R, D = orthonormal(K, K, 4), np.diag([0.5, 2.0, -1.0])
    C = np.diag(DISTINCT[:K])  # k = n, and the last variance is positive
    G = np.sqrt(C) @ R @ D
    inverse = np.asarray(np.linalg.inv(G), dtype=np.float64)
    for velocity in rotation_augmented(inverse, G, C, none):
        np.testing.assert_allclose(velocity, 0, atol=1e-12)
    Z = inverse @ C @ inverse.T
    np.testing.assert_allclose(Z, np.diag(Z.diagonal()), atol=1e-12)
    singular = np.diag([4.0, 2.5, 0.0])  # v_k = 0: at rest, but not of the form
    for velocity in rotation_augmented(np.eye(K), np.eye(K), singular, none):
        np.testing.assert_allclose(velocity, 0, atol=1e-12)
    assert np.linalg.matrix_rank(np.sqrt(singular) @ R @ D) < K


@pytest.mark.theorem("prop-last-floor")
def test_an_encoder_that_reads_the_null_space_may_be_balanced_and_not_aligned() -> None:
    U = orthonormal(N, N, 2)
    v = np.diag(DISTINCT[:K])
    C = U[:, :K] @ v @ U[:, :K].T
    G = 3 * np.sqrt(v) @ orthonormal(K, K, 4)
    surplus = G.T @ G - np.linalg.inv(G.T @ G)
    W2 = U[:, :K] @ G
    W1 = np.linalg.inv(G) @ U[:, :K].T + np.linalg.cholesky(surplus) @ U[:, K:].T
    np.testing.assert_allclose(W1 @ W1.T, W2.T @ W2, atol=1e-10)
    for velocity in rotation_augmented(W1, W2, C, np.zeros(K)):
        np.testing.assert_allclose(velocity, 0, atol=1e-10)
    cosines = np.abs(U[:, :K].T @ W2) / np.linalg.norm(W2, axis=0)
    assert cosines.max(axis=0).min() < 0.99


def rest_points(rule: Rule, C: Array, lam: float, seeds: range) -> list[Array]:
    """Find decoders of full rank at which a tied rule rests."""

    def velocity(flat: Array) -> Array:
        W = flat.reshape(N, K)
        moved: Array = rule(W.T, W, C, np.full(K, lam))[1].ravel()
        return moved

    found = []
    for seed in seeds:
        start = np.random.default_rng(seed).standard_normal(N * K)
        root = least_squares(velocity, start, xtol=None, ftol=None, gtol=1e-13, max_nfev=300)
        W = root.x.reshape(N, K)
        if np.abs(root.fun).max() < 1e-9:
            found.append(W)
    assert len(found) >= len(seeds) // 2
    return found


@pytest.mark.theorem("prop-last-hebbian")
def test_rest_points_of_oja_without_decay() -> None:
    C, _ = problem((4.0, 2.5, 1.5, 0.8, 0.3, 0.1))
    full = 0
    for W in rest_points(oja, C, 0.0, range(8)):
        if np.linalg.matrix_rank(W, tol=1e-4) < K:
            continue
        full += 1
        np.testing.assert_allclose(W.T @ W, np.eye(K), atol=1e-7)
        np.testing.assert_allclose(C @ W, W @ (W.T @ C @ W), atol=1e-7)
        turned = W @ orthonormal(K, K, 3)
        np.testing.assert_allclose(oja(turned.T, turned, C, np.zeros(K))[1], 0, atol=1e-7)
    assert full >= 2


@pytest.mark.theorem("prop-last-hebbian")
@SPECTRA
def test_rest_points_of_oja_with_decay_are_critical_points(variances: tuple[float, ...]) -> None:
    C, U = problem(variances)
    strengths = np.full(K, 0.4)
    for W in rest_points(oja, C, 0.4, range(8)):
        assert np.abs(gradient(join(W.T, W), C, strengths)).max() < 1e-7
    for used in ((0, 1, 2), (1, 3, 0)):
        c = np.array(variances)[list(used)]
        W = U[:, list(used)] * np.sqrt(1 - 0.4 / c) @ orthonormal(K, K, 2)
        np.testing.assert_allclose(oja(W.T, W, C, strengths)[1], 0, atol=1e-12)


@pytest.mark.theorem("prop-last-hebbian")
def test_rest_points_of_sanger() -> None:
    C, U = problem((4.0, 2.5, 1.5, 0.8, 0.3, 0.1))
    full = 0
    for W in rest_points(sanger, C, 0.0, range(12)):
        if np.linalg.matrix_rank(W, tol=1e-4) < K:
            continue
        full += 1
        along = np.abs(U.T @ W)
        np.testing.assert_allclose(np.sort(along, axis=0)[-1], 1, atol=1e-6)
        np.testing.assert_allclose(W.T @ W, np.eye(K), atol=1e-6)
    assert full >= 2
    for used in itertools.permutations(range(N), K):
        W = U[:, list(used)]
        np.testing.assert_allclose(sanger(W.T, W, C, np.zeros(K))[1], 0, atol=1e-12)
    turned = U[:, :K] @ orthonormal(K, K, 1)
    assert np.abs(sanger(turned.T, turned, C, np.zeros(K))[1]).max() > 0.1


@pytest.mark.theorem("prop-last-price")
def test_price_of_a_rotation() -> None:
    C, U = problem(DISTINCT)
    W2 = critical_point(U, DISTINCT, (0, 1, 2))
    flat, d = join(W2.T, W2), 1 - LAMS / np.array(DISTINCT[:K])
    for (i, j), t in itertools.product(itertools.combinations(range(K), 2), (0.2, 1.0, 2.5)):
        R = np.eye(K)
        R[[i, j], [i, j]] = np.cos(t)
        R[i, j], R[j, i] = -np.sin(t), np.sin(t)
        price = value(join(R.T @ W2.T, W2 @ R), C, LAMS) - value(flat, C, LAMS)
        expected = 2 * (LAMS[j] - LAMS[i]) * (d[i] - d[j]) * np.sin(t) ** 2
        np.testing.assert_allclose(price, expected, atol=1e-12)


@pytest.mark.theorem("prop-last-price")
def test_soft_directions_and_condition_number() -> None:
    rng = np.random.default_rng(0)
    tightest = [0.0, 0.0]
    for _ in range(60):
        v = np.sort(rng.uniform(0.5, 5, N))[::-1]
        lams = np.sort(rng.uniform(0.02, 0.95, K)) * v[K - 1]
        W2 = np.eye(N)[:, :K] * np.sqrt(1 - lams / v[:K])
        eigenvalues = np.linalg.eigvalsh(hessian(join(W2.T, W2), np.diag(v), lams))
        soft = min(
            4 * (lams[j] ** 2 - lams[i] ** 2) * (v[i] - v[j])
            / (v[i] * (v[j] - lams[i]) + v[j] * (v[i] - lams[j]))
            for i, j in itertools.combinations(range(K), 2)
        )  # fmt: skip
        last = v[K - 1]
        kappa = (K - 1) ** 2 * 2 * (v[0] - lams[0]) * last * (last - lams[-1])
        kappa /= (lams[-1] ** 2 - lams[0] ** 2) * (v[0] - last)
        assert 0 < eigenvalues[0] <= soft * (1 + 1e-9)
        assert eigenvalues[-1] >= 4 * (v[0] - lams[0]) * (1 - 1e-12)
        assert eigenvalues[-1] / eigenvalues[0] >= kappa
        measured = eigenvalues[0] / soft, kappa * eigenvalues[0] / eigenvalues[-1]
        tightest = [max(old, new) for old, new in zip(tightest, measured, strict=True)]
    assert tightest[0] > 0.2, "a bound this loose would say nothing"
    assert tightest[1] > 0.01


@pytest.mark.theorem("prop-last-price")
@pytest.mark.parametrize("k", [2, 3, 6, 12, 25])
def test_the_condition_number_grows_with_the_square_of_the_width(k: int) -> None:
    v = np.linspace(1.1, 1.0, k)
    lams = np.linspace(0.1**2, 0.2**2, k) ** 0.5  # even squares and even variances
    curvatures = minimum_curvatures([*v, 0.1], lams)
    kappa = (k - 1) ** 2 * 2 * (v[0] - lams[0]) * v[-1] * (v[-1] - lams[-1])
    kappa /= (lams[-1] ** 2 - lams[0] ** 2) * (v[0] - v[-1])
    assert 0.15 < kappa * curvatures[0] / curvatures[-1] <= 1


@pytest.mark.theorem("prop-last-adamw")
@pytest.mark.parametrize(
    ("optimizer_class", "eps"), [(torch.optim.Adam, 1e-2), (torch.optim.AdamW, 0.3)]
)
def test_where_adam_and_adamw_rest(
    optimizer_class: type[torch.optim.Adam | torch.optim.AdamW], eps: float
) -> None:
    a = 0.4
    target = torch.tensor([1.5, -1.0, 0.2, 0.0], dtype=torch.float64)
    w = torch.zeros(4, dtype=torch.float64, requires_grad=True)
    optimizer = optimizer_class([w], lr=0.1, betas=(0.9, 0.9), eps=eps, weight_decay=a)
    for _ in range(2000):
        optimizer.zero_grad()
        (w - target).square().sum().backward()  # type: ignore[no-untyped-call, unused-ignore]
        optimizer.step()
    assert w.grad is not None
    g, w = w.grad, w.detach()
    adam, adamw = -a * w, -eps * a * w / (1 - a * w.abs())
    here, there = (adam, adamw) if optimizer_class is torch.optim.Adam else (adamw, adam)
    torch.testing.assert_close(g, here, atol=1e-7, rtol=1e-7)
    assert (g - there).abs().max() > 0.05


@pytest.mark.theorem("prop-last-adamw")
def test_with_the_usual_eps_adamw_forgets_the_penalty() -> None:
    C, _ = problem(DISTINCT)
    ends = {}
    for name in ("Adam", "AdamW"):
        model = LinearAutoencoder(N, K, bias=False)
        weights = model.encoder.weight, model.decoder.weight
        optimizer = getattr(torch.optim, name)(weights, lr=0.02, weight_decay=0.4)
        cooling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 1500)
        for _ in range(1500):
            optimizer.zero_grad()
            error = moment_loss(*weights, torch.tensor(C), torch.zeros(N, dtype=torch.float64))
            error.backward()  # type: ignore[no-untyped-call, unused-ignore]
            optimizer.step()
            cooling.step()
        ends[name] = error.item()
    assert abs(ends["AdamW"] - sum(DISTINCT[K:])) < 2e-3
    assert abs(ends["Adam"] - sum(DISTINCT[K:]) - sum(0.2**2 / v for v in DISTINCT[:K])) < 1e-4


def test_sum_descent_is_the_flow_of_the_loss_here() -> None:
    C, _ = problem(DISTINCT)
    flat = draw(8)
    moved = join(*sum_descent(*split_array(flat), C, LAMS))
    np.testing.assert_allclose(moved, -gradient(flat, C, LAMS), atol=1e-12)
