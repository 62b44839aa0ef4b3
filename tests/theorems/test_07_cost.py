"""The statements of chapter 7, each against an oracle that does not know the theory."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
import torch
from scipy.linalg import subspace_angles
from scipy.optimize import minimize
from sklearn.utils.extmath import randomized_svd

from lae_helpers import LinearAutoencoder, SumL2, Unregularized, fit, rayleigh_ritz, synthetic_data
from lae_helpers.autoencoder import moment_loss

Array = npt.NDArray[np.float64]
Iteration = Callable[[torch.Tensor], torch.Tensor]

LAM = 0.5
DISTINCT = (4.0, 2.5, 1.5, 0.8, 0.3, 0.0)  # the last one makes C singular
N_FEATURES, K = len(DISTINCT), 3
DATA = synthetic_data(np.sqrt(40 * np.array(DISTINCT)), 40, seed=3)
C = DATA.T @ DATA / len(DATA)
U = np.linalg.eigh(C).eigenvectors[:, ::-1]


def draw(rows: int, columns: int, seed: int) -> Array:
    """Draw independent normal numbers."""
    return np.random.default_rng(seed).standard_normal((rows, columns))


def orthonormal(rows: int, columns: int, seed: int) -> Array:
    """Draw a random matrix with orthonormal columns."""
    Q: Array = np.linalg.qr(draw(rows, columns, seed)).Q
    return Q


def loss(W1: torch.Tensor, W2: torch.Tensor, lam: float) -> torch.Tensor:
    """Compute J with the sum penalty through the package."""
    offset = torch.zeros(len(C), dtype=torch.float64)
    return moment_loss(W1, W2, torch.tensor(C), offset) + SumL2(lam).penalty(W1, W2)


def best_response(fixed: Array, lam: float, side: str, seed: int = 0) -> Array:
    """Minimise J over one half numerically, from a random start, the other half fixed."""
    shape = fixed.T.shape
    other = torch.tensor(fixed)

    def value(entries: Array) -> tuple[float, Array]:
        half = torch.tensor(entries.reshape(shape), requires_grad=True)
        J = loss(other, half, lam) if side == "decoder" else loss(half, other, lam)
        (slope,) = torch.autograd.grad(J, half)
        return J.item(), slope.numpy().ravel()

    start = draw(shape[0], shape[1], seed).ravel()
    found = minimize(value, start, jac=True, method="BFGS", options={"gtol": 1e-12})
    result: Array = found.x.reshape(shape)
    return result


def span_angle(A: Array, B: Array) -> float:
    """Return the largest principal angle of two column spaces."""
    return float(subspace_angles(A, B).max())


def tied_iteration(W: torch.Tensor, lam: float = LAM) -> torch.Tensor:
    """Compute C W (W^T C W + lam I)^-1."""
    covariance = torch.tensor(C)
    inner = W.T @ covariance @ W + lam * torch.eye(W.shape[1], dtype=torch.float64)
    result: torch.Tensor = covariance @ W @ torch.linalg.inv(inner)
    return result


def untied_iteration(W: torch.Tensor, lam: float = LAM) -> torch.Tensor:
    """Minimise over W1, all its entries in one linear system, and then over W2."""
    n, k = W.shape
    covariance = torch.tensor(C)
    ridge = lam * torch.eye(n * k, dtype=torch.float64)
    system = torch.kron((W.T @ W).contiguous(), covariance) + ridge
    W1 = torch.linalg.solve(system, (covariance @ W).T.reshape(-1)).reshape(k, n)
    return tied_iteration(W1.T, lam)


@pytest.mark.theorem("thm-alternating")
@pytest.mark.parametrize("seed", range(3))
def test_exact_minimisation_in_turn_multiplies_the_span_by_the_covariance(seed: int) -> None:
    start = draw(N_FEATURES, K, seed)
    W2 = start
    for iterations in range(1, 5):
        W1 = best_response(W2, 0.0, "encoder", seed)  # C is singular: one of many minimisers
        np.testing.assert_allclose(W1 @ C, np.linalg.pinv(W2) @ C, atol=1e-6)
        explicit = C @ W1.T @ np.linalg.inv(W1 @ C @ W1.T)
        W2 = best_response(W1, 0.0, "decoder", seed)
        np.testing.assert_allclose(W2, explicit, atol=1e-6)
        assert span_angle(W2, np.linalg.matrix_power(C, iterations) @ start) < 1e-5


@pytest.mark.theorem("thm-alternating")
def test_without_full_rank_the_decoder_is_not_unique() -> None:
    start = np.column_stack([U[:, 0], U[:, 1], U[:, 5]])  # C kills the third column
    W1 = np.linalg.pinv(start)
    assert np.linalg.matrix_rank(C @ start) < K
    others = [best_response(W1, 0.0, "decoder", seed) for seed in (0, 1)]
    assert np.abs(others[0] - others[1]).max() > 0.1


@pytest.mark.theorem("thm-alternating")
@pytest.mark.parametrize("iterations", [1, 4, 9])
def test_the_package_does_what_the_theorem_says(iterations: int) -> None:
    model = LinearAutoencoder(N_FEATURES, K, seed=2)
    start = model.decoder.weight.detach().numpy().copy()
    fit(
        model,
        DATA + 5,
        Unregularized(),
        optimizer="alternating",
        max_steps=iterations,
        tolerance=0.0,
    )
    expected = np.linalg.matrix_power(C, iterations) @ start
    assert span_angle(model.decoder.weight.detach().numpy(), expected) < 1e-6


@pytest.mark.theorem("thm-alternating")
@pytest.mark.parametrize("seed", range(3))
def test_em_for_pca_is_the_alternation_without_a_penalty(seed: int) -> None:
    """Roweis 1998: codes by regression on the decoder, the decoder by regression on the codes."""
    model = LinearAutoencoder(N_FEATURES, K, seed=seed)
    W = model.decoder.weight.detach().numpy().copy()
    for _ in range(6):
        codes = np.linalg.lstsq(W, DATA.T, rcond=None)[0]
        W = np.linalg.lstsq(codes.T, DATA, rcond=None)[0].T
        fit(model, DATA + 5, optimizer="alternating", max_steps=1, tolerance=0)
        np.testing.assert_allclose(model.decoder.weight.detach().numpy(), W, rtol=0, atol=1e-10)


@pytest.mark.theorem("cor-power-scheme")
@pytest.mark.parametrize("iterations", [0, 1, 3])
def test_the_trained_network_is_the_randomised_svd_of_scikit_learn(iterations: int) -> None:
    wanted, spare, seed = 2, 2, 7
    U_random, sigma, _ = randomized_svd(
        DATA.T, wanted, n_oversamples=spare, n_iter=iterations, power_iteration_normalizer="QR",
        transpose=False, random_state=seed,
    )  # fmt: skip
    Omega = np.random.RandomState(seed).normal(size=(len(DATA), wanted + spare))
    W2 = DATA.T @ Omega
    for _ in range(iterations):
        W1 = np.linalg.pinv(W2)
        W2 = C @ W1.T @ np.linalg.inv(W1 @ C @ W1.T)
    Q = np.linalg.qr(W2).Q
    values, rotation = np.linalg.eigh(Q.T @ C @ Q)
    directions = (Q @ rotation)[:, ::-1][:, :wanted]
    np.testing.assert_allclose(np.abs(directions.T @ U_random), np.eye(wanted), atol=1e-9)
    np.testing.assert_allclose(values[::-1][:wanted] * len(DATA), sigma**2, rtol=1e-9)


@pytest.mark.theorem("prop-subspace-rate")
@pytest.mark.parametrize("seed", range(5))
def test_angles_shrink_at_least_as_fast_as_the_bound(seed: int) -> None:
    W = draw(N_FEATURES, K, seed)
    first = np.tan(span_angle(W, U[:, :K]))
    for t in range(1, 8):
        reached = np.linalg.matrix_power(C, t) @ W
        ratio = DISTINCT[K] / DISTINCT[K - 1]
        assert np.tan(span_angle(reached, U[:, :K])) <= ratio**t * first * (1 + 1e-7) + 1e-9
        for i in range(K):
            angle = np.tan(span_angle(U[:, i : i + 1], reached))
            bound = (DISTINCT[K] / DISTINCT[i]) ** t * first
            assert angle <= bound * (1 + 1e-7) + 1e-9


@pytest.mark.theorem("prop-subspace-rate")
def test_the_rate_is_attained_and_its_hypothesis_is_needed() -> None:
    W = draw(N_FEATURES, K, 0)
    tangents = [
        np.tan(span_angle(np.linalg.matrix_power(C, t) @ W, U[:, :K])) for t in range(14, 17)
    ]
    ratios = np.array(tangents[1:]) / tangents[:-1]
    np.testing.assert_allclose(ratios, DISTINCT[K] / DISTINCT[K - 1], rtol=1e-2)
    blind = W - np.outer(U[:, 0], U[:, 0] @ W)  # nothing of u_1: U_k^T W is singular
    assert span_angle(np.linalg.matrix_power(C, 8) @ blind, U[:, :K]) > 1


@pytest.mark.theorem("thm-tied-sum")
@pytest.mark.parametrize("lam", [0.05, LAM, 2.0])
def test_a_tied_iteration_is_the_exact_decoder_and_a_power_step(lam: float) -> None:
    W = draw(N_FEATURES, K, 1)
    reached = torch.tensor(W)
    for iterations in range(1, 5):
        exact = best_response(reached.numpy().T, lam, "decoder")
        reached = tied_iteration(reached, lam)
        np.testing.assert_allclose(reached.numpy(), exact, atol=1e-7)
        assert span_angle(reached.numpy(), np.linalg.matrix_power(C, iterations) @ W) < 1e-6


@pytest.mark.theorem("thm-tied-sum")
def test_its_fixed_points_are_the_critical_points() -> None:
    above = [i for i, v in enumerate(DISTINCT) if v > LAM]
    for size in range(K + 1):
        for chosen in itertools.combinations(above, size):
            kept = 1 - LAM / np.array(DISTINCT)[list(chosen)]
            frame = orthonormal(K, K, 5)[:, :size]
            W = torch.tensor(U[:, list(chosen)] * np.sqrt(kept) @ frame.T)
            torch.testing.assert_close(tied_iteration(W), W, atol=1e-12, rtol=0)
            leaf = W.clone().requires_grad_()
            encoder = W.T.clone().requires_grad_()
            for slope in torch.autograd.grad(loss(encoder, leaf, LAM), [encoder, leaf]):
                assert slope.abs().max() < 1e-12
    for seed in range(3):
        W = torch.tensor(draw(N_FEATURES, K, seed))
        for _ in range(300):
            W = tied_iteration(W)
        torch.testing.assert_close(tied_iteration(W), W, atol=1e-9, rtol=0)
        leaf, encoder = W.clone().requires_grad_(), W.T.clone().requires_grad_()
        for slope in torch.autograd.grad(loss(encoder, leaf, LAM), [encoder, leaf]):
            assert slope.abs().max() < 1e-8


@pytest.mark.theorem("thm-tied-sum")
def test_the_package_takes_the_same_tied_iterations() -> None:
    model = LinearAutoencoder(N_FEATURES, K, seed=4)
    W = model.decoder.weight.detach().clone()
    fit(model, DATA + 5, SumL2(LAM), optimizer="alternating", tied=True, max_steps=6, tolerance=0.0)
    for _ in range(6):
        W = tied_iteration(W)
    torch.testing.assert_close(model.decoder.weight.detach(), W, atol=1e-9, rtol=1e-9)
    torch.testing.assert_close(model.encoder.weight, model.decoder.weight.T)


def spectrum_of(take_iteration: Iteration, lam: float) -> Array:
    """Return the eigenvalues, ascending, of the derivative of an iteration at the minimum."""
    s = np.sqrt(1 - lam / np.array(DISTINCT[:K]))
    W = torch.tensor(U[:, :K] * s @ orthonormal(K, K, 9).T)
    torch.testing.assert_close(take_iteration(W), W, atol=1e-10, rtol=0)
    jacobian = torch.autograd.functional.jacobian(take_iteration, W)
    values = np.linalg.eigvals(jacobian.reshape(W.numel(), W.numel()).numpy())
    assert np.abs(values.imag).max() < 1e-6
    ascending: Array = np.sort(values.real)
    return ascending


@pytest.mark.theorem("prop-label-rate")
@pytest.mark.parametrize("lam", [0.05, LAM, 1.4])
def test_multipliers_of_an_iteration_at_the_minimum(lam: float) -> None:
    v = DISTINCT
    a = lam / np.array(v[:K])
    pairs = list(itertools.combinations_with_replacement(range(K), 2))
    outside = list(itertools.product(range(K), range(K, N_FEATURES)))
    rotations = [1.0] * (K * (K - 1) // 2)
    tied = [-(1 - a[i] - a[j]) for i, j in pairs] + [v[m] / v[j] for j, m in outside]
    untied = [(1 - a[i] - a[j]) ** 2 / (1 - (a[i] - a[j]) ** 2) for i, j in pairs]
    untied += [v[m] ** 2 / (v[j] * v[m] + lam * (v[j] - v[m])) for j, m in outside]
    for take_iteration, predicted in ((tied_iteration, tied), (untied_iteration, untied)):
        measured = spectrum_of(lambda W, step=take_iteration: step(W, lam), lam)  # type: ignore[misc]
        np.testing.assert_allclose(measured, np.sort(rotations + predicted), atol=1e-5)


@pytest.mark.theorem("prop-label-rate")
def test_the_error_of_a_singular_value_changes_sign_and_shrinks_as_predicted() -> None:
    lam = 0.1
    W = torch.tensor(draw(N_FEATURES, K, 2))
    limit = np.sqrt(1 - lam / DISTINCT[0])
    errors = []
    for _ in range(200):
        W = tied_iteration(W, lam)
        errors.append(np.linalg.norm(U[:, 0] @ W.numpy()) - limit)
    ratios = np.array(errors[-4:]) / np.array(errors[-5:-1])
    np.testing.assert_allclose(ratios, -(1 - 2 * lam / DISTINCT[0]), atol=2e-3)


@pytest.mark.theorem("prop-label-rate")
def test_without_a_penalty_the_tied_formula_runs_in_a_circle() -> None:
    W = torch.tensor(U[:, :K] @ draw(K, K, 3))
    once, twice = tied_iteration(W, 0.0), tied_iteration(tied_iteration(W, 0.0), 0.0)
    torch.testing.assert_close(twice, W, atol=1e-10, rtol=0)
    assert (once - W).abs().max() > 0.1


@pytest.mark.theorem("prop-ritz")
@pytest.mark.parametrize("noise", [1e-3, 0.03, 0.3])
def test_ritz_vectors_turn_no_further_than_the_bound(noise: float) -> None:
    tightest = 0.0
    for seed in range(40):
        Q = np.linalg.qr(U[:, :K] + noise * draw(N_FEATURES, K, seed)).Q
        values, rotation = np.linalg.eigh(Q.T @ C @ Q)
        leak = np.linalg.norm(C @ Q - Q @ (Q.T @ C @ Q), 2)
        for i, j in itertools.product(range(N_FEATURES), range(K)):
            sine = np.linalg.norm(U[:, i] - Q @ (Q.T @ U[:, i]))
            gap = np.abs(DISTINCT[i] - np.delete(values, j)).min()
            turned = np.sqrt(max(0.0, 1 - (U[:, i] @ Q @ rotation[:, j]) ** 2))
            bound = sine * np.sqrt(1 + (leak / gap) ** 2)
            assert turned <= bound + 1e-7
            tightest = max(tightest, turned / bound) if turned < 0.5 else tightest
    assert tightest > 0.9, "a bound this loose would say nothing"


@pytest.mark.theorem("prop-ritz")
def test_the_package_gives_ritz_vectors_of_the_decoder() -> None:
    model = LinearAutoencoder(N_FEATURES, K, seed=1)
    found = rayleigh_ritz(model, C)
    Q = np.linalg.qr(model.decoder.weight.detach().numpy()).Q
    np.testing.assert_allclose(found.variances, np.linalg.eigvalsh(Q.T @ C @ Q)[::-1], atol=1e-10)
    inner = found.directions.T @ C @ found.directions
    np.testing.assert_allclose(inner, np.diag(found.variances), atol=1e-10)
    assert span_angle(found.directions, Q) < 1e-7


@pytest.mark.theorem("prop-merge")
@pytest.mark.parametrize("sizes", [(1, 1), (1, 6), (4, 3), (2, 3, 5)])
def test_merged_moments_are_those_of_the_whole_in_exact_arithmetic(sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(sum(sizes))
    parts = [
        [[Fraction(int(entry), 7) for entry in rng.integers(-99, 99, 2)] for _ in range(size)]
        for size in sizes
    ]
    count, mean, scatter = exact_moments(parts[0])
    for part in parts[1:]:
        m, mu, S = exact_moments(part)
        d = [b - a for a, b in zip(mean, mu, strict=True)]
        weight = Fraction(count * m, count + m)
        for i, j in itertools.product(range(2), repeat=2):
            scatter[i][j] += S[i][j] + weight * d[i] * d[j]
        mean = [a + Fraction(m, count + m) * b for a, b in zip(mean, d, strict=True)]
        count += m
    assert (count, mean, scatter) == exact_moments([row for part in parts for row in part])


def exact_moments(
    rows: list[list[Fraction]],
) -> tuple[int, list[Fraction], list[list[Fraction]]]:
    """Return the number of rows, their mean and their scatter matrix."""
    mean = [sum(column, Fraction(0)) / len(rows) for column in zip(*rows, strict=True)]
    scatter = [
        [
            sum(((row[i] - mean[i]) * (row[j] - mean[j]) for row in rows), Fraction(0))
            for j in range(2)
        ]
        for i in range(2)
    ]
    return len(rows), mean, scatter
