"""The statements of chapter 4, each against an oracle that knows nothing of its proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.integrate
import scipy.linalg
import scipy.optimize
import torch

from lae_helpers import NonuniformSumL2, ProductL2, SumL2, Unregularized
from lae_helpers.regularizers import Regularizer

N, K, RANK = 6, 3, 5
VARIANCES = np.array([6.0, 4.0, 2.5, 1.5, 0.7, 0.0])
ATTEMPTS = 4
FINE = {"xatol": 1e-9, "fatol": 1e-14, "maxiter": 4000, "maxfev": 4000}

FloatArray = npt.NDArray[Any]
Loss = Callable[[FloatArray, FloatArray], float]


def data(variances: FloatArray = VARIANCES, n_samples: int = 40) -> tuple[FloatArray, FloatArray]:
    """Make centred data, a sample a column, with those variances; return its directions too."""
    generator = np.random.default_rng(7)
    ones = np.ones((n_samples, 1))
    noise = generator.normal(size=(n_samples, len(variances)))
    sample_side = np.linalg.qr(np.hstack([ones, noise])).Q[:, 1:]
    directions = np.linalg.qr(generator.normal(size=(len(variances), len(variances)))).Q
    Y: FloatArray = directions * np.sqrt(n_samples * variances) @ sample_side.T
    return Y, directions


def reconstruction(Y: FloatArray, W1: FloatArray, W2: FloatArray) -> float:
    """Compute the reconstruction loss from the data themselves."""
    return float(np.square(Y - W2 @ W1 @ Y).sum() / Y.shape[1])


def penalty(regularizer: Regularizer, W1: FloatArray, W2: FloatArray) -> float:
    return float(regularizer.penalty(torch.from_numpy(W1.copy()), torch.from_numpy(W2.copy())))


def full_loss(Y: FloatArray, regularizer: Regularizer) -> Loss:
    return lambda W1, W2: reconstruction(Y, W1, W2) + penalty(regularizer, W1, W2)


def unpack(w: FloatArray, n: int, k: int) -> tuple[FloatArray, FloatArray]:
    return w[: k * n].reshape(k, n), w[k * n :].reshape(n, k)


def minimise(
    Y: FloatArray, regularizer: Regularizer, k: int, start: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """Minimise J by SciPy from a starting vector, with autograd's gradients."""
    n, n_samples = Y.shape
    samples = torch.from_numpy(Y)

    def value_and_gradient(w: FloatArray) -> tuple[float, FloatArray]:
        weights = torch.from_numpy(w.copy()).requires_grad_()
        W1, W2 = weights[: k * n].reshape(k, n), weights[k * n :].reshape(n, k)
        loss = (samples - W2 @ W1 @ samples).square().sum() / n_samples
        loss = loss + regularizer.penalty(W1, W2)
        (gradient,) = torch.autograd.grad(loss, weights)
        return loss.item(), gradient.numpy()

    options = {"maxiter": 5000, "gtol": 1e-10, "ftol": 1e-16}
    found = scipy.optimize.minimize(
        value_and_gradient, start, jac=True, method="L-BFGS-B", options=options
    )
    return (float(found.fun), *unpack(found.x, n, k))


def starts(n: int = N, k: int = K) -> Iterator[FloatArray]:
    generator = np.random.default_rng(11)
    for _ in range(ATTEMPTS):
        yield generator.normal(size=2 * n * k)


def gradient_of(
    Y: FloatArray, regularizer: Regularizer, W1: FloatArray, W2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Gradients of J by encoder and decoder, by autograd."""
    samples = torch.from_numpy(Y)
    A = torch.from_numpy(W1.copy()).requires_grad_()
    B = torch.from_numpy(W2.copy()).requires_grad_()
    loss = (samples - B @ A @ samples).square().sum() / Y.shape[1] + regularizer.penalty(A, B)
    by_encoder, by_decoder = torch.autograd.grad(loss, (A, B))
    return by_encoder.numpy(), by_decoder.numpy()


def curvatures_of(
    Y: FloatArray, regularizer: Regularizer, W1: FloatArray, W2: FloatArray
) -> FloatArray:
    """Check that the weights are critical; return the eigenvalues of the Hessian there."""
    for gradient in gradient_of(Y, regularizer, W1, W2):
        np.testing.assert_allclose(gradient, 0.0, atol=1e-8)
    k, n = W1.shape
    samples = torch.from_numpy(Y)

    def loss(w: torch.Tensor) -> torch.Tensor:
        A, B = w[: k * n].reshape(k, n), w[k * n :].reshape(n, k)
        error: torch.Tensor = (samples - B @ A @ samples).square().sum() / Y.shape[1]
        return error + regularizer.penalty(A, B)

    w = torch.from_numpy(np.concatenate([W1.ravel(), W2.ravel()]))
    hessian: torch.Tensor = torch.autograd.functional.hessian(loss, w)
    curvatures: FloatArray = torch.linalg.eigvalsh(hessian).numpy()
    return curvatures


@pytest.mark.theorem("thm-lae-minimum")
def test_minimum_fixes_the_map_on_the_range() -> None:
    Y, directions = data()
    U, P = directions[:, :K], directions[:, :RANK] @ directions[:, :RANK].T
    projection = U @ U.T
    leftovers = []
    for start in starts():
        loss, W1, W2 = minimise(Y, Unregularized(), K, start)
        assert loss == pytest.approx(VARIANCES[K:].sum(), rel=1e-9)
        left, sigma, right = np.linalg.svd(Y, full_matrices=False)
        np.testing.assert_allclose(
            W2 @ W1 @ Y, left[:, :K] * sigma[:K] @ right[:K], atol=1e-4 * sigma[0]
        )
        np.testing.assert_allclose(W2 @ W1 @ P, projection, atol=1e-4)
        np.testing.assert_allclose(projection @ W2, W2, atol=1e-4)
        leftovers.append(np.linalg.norm(W2 @ W1 - projection))
    assert min(leftovers) > 0.1, "off the range the map is not fixed"


@pytest.mark.theorem("thm-lae-minimum")
def test_every_member_of_the_family_is_a_minimiser_and_nothing_near_it() -> None:
    Y, directions = data()
    generator = np.random.default_rng(3)
    U, empty = directions[:, :K], directions[:, RANK:]
    least = VARIANCES[K:].sum()
    for _ in range(ATTEMPTS):
        G, M = generator.normal(size=(K, K)), generator.normal(size=(K, N))
        W2 = U @ G
        W1 = np.linalg.solve(G, U.T + 10 * M @ empty @ empty.T)
        assert reconstruction(Y, W1, W2) == pytest.approx(least, rel=1e-9)
        on_the_range = np.linalg.solve(G, U.T + 0.1 * M @ (np.eye(N) - empty @ empty.T))
        assert reconstruction(Y, on_the_range, W2) > least + 1e-4
        assert reconstruction(Y, W1, W2 + 0.1 * empty @ M[:1, :K]) > least + 1e-4


@pytest.mark.theorem("thm-lae-minimum")
def test_without_a_gap_the_map_is_not_fixed() -> None:
    Y, directions = data(np.array([6.0, 4.0, 2.0, 2.0, 0.7, 0.0]))
    minima = [directions[:, chosen] for chosen in ([0, 1, 2], [0, 1, 3])]
    losses = [reconstruction(Y, U.T, U) for U in minima]
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)
    assert np.linalg.norm((minima[0] @ minima[0].T - minima[1] @ minima[1].T) @ Y) > 1


@pytest.mark.theorem("thm-lae-minimum")
@pytest.mark.parametrize("k", [RANK, N], ids=["as many as dimensions of data", "more"])
def test_with_room_for_all_data_the_map_is_the_identity_on_them_and_the_minimum_zero(
    k: int,
) -> None:
    Y, directions = data()
    P = directions[:, :RANK] @ directions[:, :RANK].T
    for start in starts(k=k):
        loss, W1, W2 = minimise(Y, Unregularized(), k, start)
        assert loss == pytest.approx(0.0, abs=1e-8)
        np.testing.assert_allclose(W2 @ W1 @ P, P, atol=1e-4)
        np.testing.assert_allclose(np.linalg.pinv(W2) @ W2 @ W1 @ P, W1 @ P, atol=1e-4)
        beyond = np.linalg.norm(directions[:, RANK:].T @ W2)
        assert (beyond > 0.1) == (k > RANK)


@pytest.mark.theorem("thm-lae-minimum")
def test_with_as_many_components_as_dimensions_of_data_the_family_is_the_same() -> None:
    Y, directions = data()
    generator = np.random.default_rng(3)
    U, empty = directions[:, :RANK], directions[:, RANK:]
    for _ in range(ATTEMPTS):
        G, M = generator.normal(size=(RANK, RANK)), generator.normal(size=(RANK, N))
        W1 = np.linalg.solve(G, U.T + 10 * M @ empty @ empty.T)
        assert reconstruction(Y, W1, U @ G) == pytest.approx(0.0, abs=1e-12)
        assert reconstruction(Y, W1, U @ G + 0.1 * empty @ M[:1, :RANK]) > 1e-4


@pytest.mark.theorem("prop-null-space")
@pytest.mark.parametrize("lam", [0.0, 0.2])
def test_empty_part_of_the_encoder_moves_by_the_penalty_only(lam: float) -> None:
    Y, directions = data()
    empty = directions[:, RANK:]
    generator = np.random.default_rng(0)
    W1, W2 = generator.normal(size=(K, N)), generator.normal(size=(N, K))
    eta = 0.005
    expected = W1 @ empty
    for _ in range(20):
        step_1, step_2 = gradient_of(Y, SumL2(lam), W1, W2)
        W1, W2 = W1 - eta * step_1, W2 - eta * step_2
        expected = (1 - 2 * eta * lam) * expected
        np.testing.assert_allclose(W1 @ empty, expected, atol=1e-10)
    assert np.linalg.norm(expected) > 0.1


@pytest.mark.theorem("prop-null-space")
@pytest.mark.parametrize(
    ("eta_lam", "dies"), [(0.05, True), (0.5, True), (0.95, True), (1.0, False), (1.05, False)]
)
def test_empty_part_dies_out_exactly_for_steps_below_one_over_the_strength(
    eta_lam: float, dies: bool
) -> None:
    Y, directions = data()
    empty = directions[:, RANK:]
    W1 = np.random.default_rng(0).normal(size=(K, N)) @ empty @ empty.T
    W2, eta = np.zeros((N, K)), 0.5
    before = np.linalg.norm(W1)
    for _ in range(120):
        W1 = W1 - eta * gradient_of(Y, SumL2(eta_lam / eta), W1, W2)[0]
    left = np.linalg.norm(W1) / before
    assert left == pytest.approx(abs(1 - 2 * eta_lam) ** 120, rel=1e-6, abs=1e-12)
    assert (left < 1e-3) == dies


@pytest.mark.theorem("prop-null-space")
@pytest.mark.parametrize("regularizer", [SumL2(0.2), ProductL2(0.2)], ids=lambda r: r.name)
def test_empty_part_vanishes_where_a_penalty_is_critical(regularizer: Regularizer) -> None:
    Y, directions = data()
    for start in starts():
        _, W1, W2 = minimise(Y, regularizer, K, start)
        assert np.linalg.matrix_rank(W2, tol=1e-3) == K
        np.testing.assert_allclose(W1 @ directions[:, RANK:], 0.0, atol=1e-4)


@pytest.mark.theorem("prop-null-space")
def test_a_decoder_of_lower_rank_lets_the_empty_part_stay_under_the_product() -> None:
    Y, directions = data()
    W1, W2 = np.zeros((K, N)), np.zeros((N, K))
    W1[0], W2[:, 0] = directions[:, 0] * 6.0 / 6.2, directions[:, 0]
    W1[1] = directions[:, RANK]
    curvatures_of(Y, ProductL2(0.2), W1, W2)
    assert np.linalg.norm(W1 @ directions[:, RANK]) == pytest.approx(1.0)


@pytest.mark.theorem("prop-reconstruction-landscape")
@pytest.mark.parametrize(
    "variances",
    [VARIANCES, np.array([3.0, 2.0, 2.0, 2.0, 1.0, 0.0]), np.array([2.0, 1.0, 0, 0, 0, 0])],
    ids=["singular", "equal eigenvalues", "rank below k"],
)
def test_descent_from_anywhere_ends_at_the_global_minimum(variances: FloatArray) -> None:
    Y, _ = data(variances)
    for start in starts():
        loss, _, _ = minimise(Y, Unregularized(), K, start)
        assert loss == pytest.approx(variances[K:].sum(), rel=1e-7, abs=1e-7)


@pytest.mark.theorem("prop-reconstruction-landscape")
def test_every_other_choice_of_eigenvectors_is_a_saddle() -> None:
    Y, directions = data()
    for chosen in combinations(range(N), K):
        D = directions[:, list(chosen)]
        curvatures = curvatures_of(Y, Unregularized(), D.T, D)
        expected = VARIANCES.sum() - VARIANCES[list(chosen)].sum()
        assert reconstruction(Y, D.T, D) == pytest.approx(expected, rel=1e-9)
        assert curvatures[-1] > 0.1
        assert (curvatures[0] < -0.1) == (chosen != tuple(range(K)))


@pytest.mark.theorem("prop-reconstruction-landscape")
def test_critical_points_of_lower_rank_are_no_minima() -> None:
    Y, directions = data()
    generator = np.random.default_rng(5)
    for used in range(K):
        D = np.zeros((N, K))
        D[:, :used] = directions[:, :used]
        idle = np.zeros((K, N))
        idle[used] = directions[:, :used].sum(axis=1) + 2 * directions[:, RANK]
        for encoder in (D.T, D.T + idle):
            G = generator.normal(size=(K, K))
            W1, W2 = np.linalg.solve(G, encoder), D @ G
            assert curvatures_of(Y, Unregularized(), W1, W2)[0] < -1e-3


@pytest.mark.theorem("prop-reconstruction-landscape")
@pytest.mark.parametrize("k", [1, RANK - 1, RANK, N])
@pytest.mark.parametrize(
    "variances",
    [VARIANCES, np.array([3.0, 2.0, 2.0, 1.0, 1.0, 0.0])],
    ids=["distinct", "equal eigenvalues"],
)
def test_every_saddle_is_strict_for_every_width(variances: FloatArray, k: int) -> None:
    Y, directions = data(variances)
    least = np.sort(variances)[::-1][k:].sum()
    for used in range(k + 1):
        for chosen in combinations(range(N), used):
            D = np.zeros((N, k))
            D[:, :used] = directions[:, list(chosen)]
            lowest = curvatures_of(Y, Unregularized(), D.T, D)[0]
            above = variances.sum() - variances[list(chosen)].sum() - least
            assert (lowest < -1e-2) == (above > 1e-9)


@pytest.mark.theorem("prop-gl-invariance")
def test_reconstruction_is_blind_to_every_invertible_matrix() -> None:
    Y, _ = data()
    generator = np.random.default_rng(1)
    for _ in range(ATTEMPTS):
        G = generator.normal(size=(K, K))
        W1, W2 = generator.normal(size=(K, N)), generator.normal(size=(N, K))
        moved = np.linalg.solve(G, W1), W2 @ G
        assert reconstruction(Y, *moved) == pytest.approx(reconstruction(Y, W1, W2), rel=1e-9)
        np.testing.assert_allclose(np.linalg.pinv(W2) @ moved[1], G, atol=1e-9)
        one_sided = reconstruction(Y, W1, W2 @ G)
        assert one_sided != pytest.approx(reconstruction(Y, W1, W2), rel=1e-3)


@pytest.mark.theorem("prop-gl-invariance")
def test_factorisations_of_one_map_of_rank_k_share_an_orbit_and_of_lower_rank_need_not() -> None:
    generator = np.random.default_rng(2)
    W = generator.normal(size=(N, K)) @ generator.normal(size=(K, N))
    left, sigma, right = np.linalg.svd(W)
    left, sigma, right = left[:, :K], sigma[:K], right[:K]
    W2, W1 = left * np.sqrt(sigma), np.sqrt(sigma)[:, None] * right
    columns = generator.permutation(N)[:K]
    other_W2 = W[:, columns]
    other_W1 = np.linalg.pinv(other_W2) @ W
    G = np.linalg.pinv(W2) @ other_W2
    np.testing.assert_allclose(W2 @ G, other_W2, atol=1e-9)
    np.testing.assert_allclose(np.linalg.solve(G, W1), other_W1, atol=1e-9)
    zero_map = (np.zeros((K, N)), W2), (W1, np.zeros((N, K)))
    assert not np.any(zero_map[0][1] @ zero_map[0][0] - zero_map[1][1] @ zero_map[1][0])
    assert np.linalg.matrix_rank(zero_map[0][1]) != np.linalg.matrix_rank(zero_map[1][1])


@pytest.mark.theorem("prop-product-group")
def test_product_penalty_is_blind_to_every_invertible_matrix() -> None:
    Y, _ = data()
    generator = np.random.default_rng(1)
    regularizer = ProductL2(0.4)
    loss = full_loss(Y, regularizer)
    for _ in range(ATTEMPTS):
        G = generator.normal(size=(K, K))
        W1, W2 = generator.normal(size=(K, N)), generator.normal(size=(N, K))
        inverse = np.linalg.inv(G)
        written_out = np.trace(W1.T @ inverse.T @ G.T @ W2.T @ W2 @ G @ inverse @ W1)
        assert 0.4 * written_out == pytest.approx(penalty(regularizer, W1, W2), rel=1e-8)
        assert loss(inverse @ W1, W2 @ G) == pytest.approx(loss(W1, W2), rel=1e-8)


@pytest.mark.theorem("thm-product-minimum")
@pytest.mark.parametrize("lam", [0.05, 0.5, 5.0, 50.0])
def test_product_minimum_is_the_shrunk_projection_everywhere(lam: float) -> None:
    Y, directions = data()
    U, leading = directions[:, :K], VARIANCES[:K]
    for start in starts():
        loss, W1, W2 = minimise(Y, ProductL2(lam), K, start)
        expected = VARIANCES.sum() - (leading**2 / (leading + lam)).sum()
        assert loss == pytest.approx(expected, rel=1e-8)
        np.testing.assert_allclose(W2 @ W1, U / (1 + lam / leading) @ U.T, atol=3e-4)


@pytest.mark.theorem("thm-product-minimum")
@pytest.mark.parametrize("k", [1, RANK, N], ids=["one", "rank of the data", "more"])
def test_product_minimum_for_every_width(k: int) -> None:
    Y, directions = data()
    lam, kept = 0.5, min(k, RANK)
    U, leading = directions[:, :kept], VARIANCES[:kept]
    expected = VARIANCES.sum() - (leading**2 / (leading + lam)).sum()
    for start in starts(k=k):
        loss, W1, W2 = minimise(Y, ProductL2(lam), k, start)
        assert loss == pytest.approx(expected, rel=1e-8)
        np.testing.assert_allclose(W2 @ W1, U / (1 + lam / leading) @ U.T, atol=3e-4)


@pytest.mark.theorem("thm-product-minimum")
def test_product_loss_is_its_completed_square() -> None:
    Y, _ = data()
    generator = np.random.default_rng(4)
    lam = 0.7
    loss = full_loss(Y, ProductL2(lam))
    C = Y @ Y.T / Y.shape[1]
    shifted = C + lam * np.eye(N)
    T = np.linalg.solve(shifted, C)
    rest = np.trace(C) - np.trace(T @ shifted @ T)
    for _ in range(ATTEMPTS):
        W1, W2 = generator.normal(size=(K, N)), generator.normal(size=(N, K))
        square = np.square((W2 @ W1 - T) @ scipy.linalg.sqrtm(shifted)).sum()
        assert square + rest == pytest.approx(loss(W1, W2), rel=1e-9)


@pytest.mark.theorem("prop-sum-group")
def test_price_of_a_move_from_the_principal_directions() -> None:
    generator = np.random.default_rng(6)
    U = np.linalg.qr(generator.normal(size=(N, K))).Q
    for _ in range(ATTEMPTS):
        G = generator.normal(size=(K, K))
        g = np.linalg.svd(G, compute_uv=False)
        price = np.square(U @ G).sum() + np.square(np.linalg.inv(G) @ U.T).sum()
        assert price == pytest.approx((g**2 + g**-2).sum(), rel=1e-9)
        assert price > 2 * K + 1e-3
        O = np.linalg.qr(G).Q  # noqa: E741
        assert np.square(U @ O).sum() + np.square(O.T @ U.T).sum() == pytest.approx(2 * K)


@pytest.mark.theorem("prop-sum-group")
def test_decoder_alone_does_not_tell_a_stretch_from_a_rotation() -> None:
    G = np.diag(np.sqrt([1.9, 1.0, 0.1]))
    assert np.square(np.eye(N, K) @ G).sum() == pytest.approx(K)
    assert np.square(np.linalg.inv(G)).sum() > K + 1


def nearest_invariant(regularizer: Regularizer, start: FloatArray) -> FloatArray:
    """Look for a G that leaves the penalty unchanged at many random weights, from ``start``."""
    generator = np.random.default_rng(8)
    n_weights = 40
    W1s = torch.from_numpy(generator.normal(size=(n_weights, K, N)))
    W2s = torch.from_numpy(generator.normal(size=(n_weights, N, K)))
    penalties = torch.func.vmap(regularizer.penalty)
    before = penalties(W1s, W2s)

    def residuals(g: FloatArray) -> FloatArray:
        G = torch.from_numpy(g.reshape(K, K))
        change: FloatArray = (penalties(torch.linalg.inv(G) @ W1s, W2s @ G) - before).numpy()
        return change

    found = scipy.optimize.least_squares(residuals, start.ravel(), xtol=1e-14, ftol=1e-14)
    assert found.cost < 1e-16
    G: FloatArray = found.x.reshape(K, K)
    return G


@pytest.mark.theorem("prop-sum-group")
@pytest.mark.theorem("prop-nonuniform-group")
@pytest.mark.parametrize(
    "regularizer", [SumL2(0.3), NonuniformSumL2([0.2, 0.5, 0.9])], ids=lambda r: r.name
)
def test_whatever_a_penalty_cannot_see_lies_in_its_group(regularizer: Regularizer) -> None:
    generator = np.random.default_rng(9)
    for _ in range(ATTEMPTS):
        rotation = np.linalg.qr(generator.normal(size=(K, K))).Q
        signs = np.diag(generator.choice([-1.0, 1.0], size=K))
        member = rotation if regularizer.invariance_group == "O(k)" else signs
        start = member + 0.2 * generator.normal(size=(K, K))
        G = nearest_invariant(regularizer, start)
        np.testing.assert_allclose(G.T @ G, np.eye(K), atol=1e-6)
        if regularizer.invariance_group == "{±1}^k":
            np.testing.assert_allclose(np.abs(G), np.eye(K), atol=1e-6)


@pytest.mark.theorem("prop-gl-invariance")
@pytest.mark.theorem("prop-product-group")
@pytest.mark.theorem("prop-sum-group")
@pytest.mark.theorem("prop-nonuniform-group")
@pytest.mark.parametrize("k", [1, RANK, N])
@pytest.mark.parametrize("rank", [RANK, 2], ids=["one direction empty", "four directions empty"])
def test_groups_are_the_same_for_every_width_and_whatever_the_data(k: int, rank: int) -> None:
    Y, _ = data(np.where(np.arange(N) < rank, VARIANCES, 0.0))
    generator = np.random.default_rng(16)
    rotation = np.linalg.qr(generator.normal(size=(k, k))).Q
    signs = np.diag(generator.choice([-1.0, 1.0], size=k))
    groups = {
        Unregularized(): rotation @ np.diag(generator.uniform(0.5, 2.0, size=k)),
        ProductL2(0.4): rotation @ np.diag(generator.uniform(0.5, 2.0, size=k)),
        SumL2(0.3): rotation,
        NonuniformSumL2(np.linspace(0.2, 0.9, k)): signs,
    }
    W1, W2 = generator.normal(size=(k, N)), generator.normal(size=(N, k))
    for regularizer, G in groups.items():
        loss = full_loss(Y, regularizer)
        moved = loss(np.linalg.inv(G) @ W1, W2 @ G)
        assert moved == pytest.approx(loss(W1, W2), rel=1e-9)
        stretched = np.linalg.inv(2 * G) @ W1, W2 @ (2 * G)
        blind = regularizer.invariance_group == "GL(k)"
        assert (loss(*stretched) == pytest.approx(loss(W1, W2), rel=1e-9)) == blind


@pytest.mark.theorem("prop-sum-group")
@pytest.mark.theorem("prop-nonuniform-group")
@pytest.mark.parametrize(
    "regularizer", [SumL2(0.3), NonuniformSumL2([0.2, 0.5, 0.9])], ids=lambda r: r.name
)
def test_group_is_invisible_and_the_next_larger_one_is_seen(regularizer: Regularizer) -> None:
    Y, _ = data()
    generator = np.random.default_rng(10)
    loss = full_loss(Y, regularizer)
    for _ in range(ATTEMPTS):
        W1, W2 = generator.normal(size=(K, N)), generator.normal(size=(N, K))
        rotation = np.linalg.qr(generator.normal(size=(K, K))).Q
        signs = np.diag(generator.choice([-1.0, 1.0], size=K))
        stretch = np.diag([1.3, 1.0, 0.8])
        uniform = regularizer.invariance_group == "O(k)"
        inside, outside = (rotation, stretch) if uniform else (signs, rotation)
        assert loss(inside.T @ W1, W2 @ inside) == pytest.approx(loss(W1, W2), rel=1e-10)
        moved = loss(np.linalg.inv(outside) @ W1, W2 @ outside)
        assert moved != pytest.approx(loss(W1, W2), rel=1e-6)


@pytest.mark.theorem("prop-nonuniform-group")
def test_equal_strengths_leave_a_rotation_and_one_factor_alone_leaves_too_much() -> None:
    generator = np.random.default_rng(12)
    W1, W2 = generator.normal(size=(K, N)), generator.normal(size=(N, K))

    def value(strengths: FloatArray, A: FloatArray, B: FloatArray) -> float:
        return float(strengths @ (np.square(A).sum(axis=1) + np.square(B).sum(axis=0)))

    turn = np.eye(K)
    turn[:2, :2] = [[0.6, -0.8], [0.8, 0.6]]
    equal, distinct = np.array([0.4, 0.4, 0.9]), np.array([0.2, 0.4, 0.9])
    assert value(equal, turn.T @ W1, W2 @ turn) == pytest.approx(value(equal, W1, W2))
    assert value(distinct, turn.T @ W1, W2 @ turn) != pytest.approx(value(distinct, W1, W2))
    slanted = np.diag(distinct**0.5) @ turn @ np.diag(distinct**-0.5)
    nothing = np.zeros((K, N))
    assert value(distinct, nothing, W2 @ slanted) == pytest.approx(value(distinct, nothing, W2))


@pytest.mark.theorem("prop-balanced")
def test_least_size_on_an_orbit_is_twice_the_nuclear_norm_and_balanced() -> None:
    generator = np.random.default_rng(13)
    for _ in range(ATTEMPTS):
        W1, W2 = generator.normal(size=(K, N)), generator.normal(size=(N, K))
        A, B = torch.from_numpy(W1), torch.from_numpy(W2)
        points = []
        for start in (np.eye(K), np.eye(K) + 0.3 * generator.normal(size=(K, K))):

            def size(g: FloatArray) -> tuple[float, FloatArray]:
                G = torch.from_numpy(g.copy()).reshape(K, K).requires_grad_()
                value = (B @ G).square().sum() + torch.linalg.solve(G, A).square().sum()  # noqa: B023
                (slope,) = torch.autograd.grad(value, G)
                return value.item(), slope.numpy().ravel()

            found = scipy.optimize.minimize(size, start.ravel(), jac=True, method="BFGS")
            assert found.fun == pytest.approx(2 * np.linalg.norm(W2 @ W1, "nuc"), rel=1e-8)
            G = found.x.reshape(K, K)
            points.append((np.linalg.solve(G, W1), W2 @ G))
            np.testing.assert_allclose(
                points[-1][0] @ points[-1][0].T, points[-1][1].T @ points[-1][1], atol=1e-3
            )
        O = np.linalg.pinv(points[0][1]) @ points[1][1]  # noqa: E741
        np.testing.assert_allclose(O.T @ O, np.eye(K), atol=1e-3)


def flow_to_the_end(
    Y: FloatArray, regularizer: Regularizer, W1: FloatArray, W2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Follow the gradient flow by SciPy until it stands, and check that it is at a minimum."""
    k, n = W1.shape

    def velocity(_time: float, w: FloatArray) -> FloatArray:
        by_encoder, by_decoder = gradient_of(Y, regularizer, *unpack(w, n, k))
        return -np.concatenate([by_encoder.ravel(), by_decoder.ravel()])

    start = np.concatenate([W1.ravel(), W2.ravel()])
    path = scipy.integrate.solve_ivp(velocity, (0, 60), start, "LSODA", rtol=1e-9, atol=1e-11)
    end = unpack(path.y[:, -1], n, k)
    least = regularizer.minimum_loss(VARIANCES, k)
    assert full_loss(Y, regularizer)(*end) == pytest.approx(least, rel=1e-7)
    return end


def imbalance(W1: FloatArray, W2: FloatArray) -> FloatArray:
    difference: FloatArray = W1 @ W1.T - W2.T @ W2
    return difference


@pytest.mark.theorem("prop-small-start")
@pytest.mark.parametrize("size", [1.0, 0.3, 0.1, 0.01])
def test_what_the_flow_ends_in_can_be_read_off_its_start(size: float) -> None:
    Y, directions = data()
    P = directions[:, :RANK] @ directions[:, :RANK].T
    for start in starts():
        A1, A2 = unpack(start, N, K)
        W1, W2 = flow_to_the_end(Y, Unregularized(), size * A1, size * A2)
        empty = size * A1 @ (np.eye(N) - P)
        kept = imbalance(size * A1 @ P, size * A2)
        np.testing.assert_allclose(W1 @ (np.eye(N) - P), empty, atol=1e-8)
        np.testing.assert_allclose(imbalance(W1 @ P, W2), kept, atol=1e-6)
        np.testing.assert_allclose(imbalance(W1, W2), imbalance(size * A1, size * A2), atol=1e-6)
        delta = np.linalg.eigvalsh(kept)
        squares = np.sqrt(1 + delta**2 / 4) - delta / 2
        stretches = np.linalg.svd(W2, compute_uv=False)
        np.testing.assert_allclose(stretches**2, np.sort(squares)[::-1], rtol=1e-5)
        gap = np.linalg.norm(W1 - W2.T)
        expected = np.square(empty).sum() + (np.sqrt(4 + delta**2) - 2).sum()
        assert gap**2 == pytest.approx(expected, rel=1e-4, abs=1e-9)
        whole = np.square(A1).sum() + np.square(A2).sum()
        bound = size * np.linalg.norm(A1 @ (np.eye(N) - P)) + size**2 * whole / 2
        assert gap <= bound + 1e-6
        assert np.abs(np.log(stretches)).max() <= size**2 * whole / 4 + 1e-6


@pytest.mark.theorem("prop-small-start")
def test_a_balanced_start_without_empty_part_ends_in_transposes_but_not_in_the_directions() -> None:
    Y, directions = data()
    generator = np.random.default_rng(15)
    P = directions[:, :RANK] @ directions[:, :RANK].T
    for _ in range(ATTEMPTS):
        A = np.linalg.qr(generator.normal(size=(N, K))).Q * [1.3, 0.7, 0.2]
        turn = np.linalg.qr(generator.normal(size=(N, N))).Q
        W1 = A.T @ P
        W2 = turn @ np.vstack([scipy.linalg.sqrtm(W1 @ W1.T), np.zeros((N - K, K))])
        np.testing.assert_allclose(imbalance(W1, W2), 0.0, atol=1e-12)
        assert np.linalg.norm(W1 - W2.T) > 0.1
        W1, W2 = flow_to_the_end(Y, Unregularized(), W1, W2)
        np.testing.assert_allclose(W1, W2.T, atol=1e-6)
        np.testing.assert_allclose(W2.T @ W2, np.eye(K), atol=1e-6)
        np.testing.assert_allclose(W2 @ W1, directions[:, :K] @ directions[:, :K].T, atol=1e-6)


@pytest.mark.theorem("prop-small-start")
def test_other_ways_down_keep_no_balance() -> None:
    Y, _ = data()
    for start in starts():
        _, W1, W2 = minimise(Y, Unregularized(), K, 0.01 * start)
        assert np.linalg.norm(imbalance(W1, W2)) > 0.05


@pytest.mark.theorem("prop-small-start-product")
def test_balanced_flow_under_the_product_penalty_ends_in_transposes_and_directions() -> None:
    Y, directions = data()
    lam = 0.7
    shrunk = (1 + lam / VARIANCES[:K]) ** -0.5
    for start in islice(starts(), 2):
        A1, A2 = unpack(start, N, K)
        W1, W2 = flow_to_the_end(Y, ProductL2(lam), A1, A2)
        np.testing.assert_allclose(imbalance(W1, W2), imbalance(A1, A2), atol=1e-6)
        assert np.linalg.norm(W1 - W2.T) > 0.1
        root = scipy.linalg.sqrtm(A1 @ A1.T)
        balanced = np.linalg.qr(A2).Q @ np.linalg.qr(A1[:, :K]).Q @ root
        np.testing.assert_allclose(imbalance(A1, balanced), 0.0, atol=1e-10)
        W1, W2 = flow_to_the_end(Y, ProductL2(lam), A1, balanced)
        np.testing.assert_allclose(W1, W2.T, atol=1e-5)
        left, stretches, _ = np.linalg.svd(W2, full_matrices=False)
        np.testing.assert_allclose(stretches, shrunk, atol=1e-5)
        np.testing.assert_allclose(np.abs(left.T @ directions[:, :K]), np.eye(K), atol=1e-4)


@pytest.mark.theorem("prop-scalar-landscape")
@pytest.mark.parametrize("lam", [0.3, 1.0, 2.0, 3.5])
@pytest.mark.parametrize("name", ["none", "product", "sum"])
def test_scalar_landscape_has_the_critical_points_named_and_no_others(
    name: str, lam: float
) -> None:
    v = 2.0
    regularizer = {"none": Unregularized(), "product": ProductL2(lam), "sum": SumL2(lam)}[name]
    Y = np.sqrt(v) * np.array([[1.0, -1.0]])

    def gradient(w: FloatArray) -> FloatArray:
        slopes = gradient_of(Y, regularizer, w[:1].reshape(1, 1), w[1:].reshape(1, 1))
        return np.concatenate([slope.ravel() for slope in slopes])

    product = float(regularizer.map_singular_values([v])[0])
    place = max(0.0, 1 - lam / v) ** 0.5
    named = {"none": 1.0, "product": v / (v + lam), "sum": place**2}[name]
    assert product == pytest.approx(named)
    generator = np.random.default_rng(14)
    minima = 0
    for start in [*generator.uniform(-2, 2, size=(12, 2)), np.array([1e-3, -2e-3])]:
        found = scipy.optimize.root(gradient, start, method="lm", options={"xtol": 1e-14})
        if np.abs(gradient(found.x)).max() > 1e-10:
            continue
        w1, w2 = found.x
        at_origin = np.abs(found.x).max() < 5e-3
        if name == "sum":
            at_minimum = abs(w1 - w2) < 1e-4 and abs(abs(w1) - place) < 5e-3
        else:
            at_minimum = abs(w1 * w2 - named) < 1e-6
        assert at_origin or at_minimum
        minima += at_minimum and not at_origin
    assert bool(minima) is (named > 0)


@pytest.mark.theorem("prop-scalar-landscape")
def test_scalar_curvatures_and_values() -> None:
    v = 2.0
    Y = np.sqrt(v) * np.array([[1.0, -1.0]])

    def look(regularizer: Regularizer, w1: float, w2: float) -> tuple[float, FloatArray]:
        W1, W2 = np.array([[w1]]), np.array([[w2]])
        return full_loss(Y, regularizer)(W1, W2), curvatures_of(Y, regularizer, W1, W2)

    for lam in (0.3, 0.9, 1.9):
        place = (1 - lam / v) ** 0.5
        value, curvatures = look(SumL2(lam), -place, -place)
        assert value == pytest.approx(2 * lam - lam**2 / v)
        np.testing.assert_allclose(curvatures, sorted([4 * lam, 4 * (v - lam)]))
        value, curvatures = look(ProductL2(lam), 0.5, 2 * v / (v + lam))
        assert value == pytest.approx(lam * v / (v + lam))
        assert curvatures[0] == pytest.approx(0.0, abs=1e-12)
        assert curvatures[1] > 0
    for regularizer in (Unregularized(), ProductL2(0.9)):
        np.testing.assert_allclose(look(regularizer, 0.0, 0.0)[1], [-2 * v, 2 * v])
    for lam in (0.5, 3.0):
        value, curvatures = look(SumL2(lam), 0.0, 0.0)
        assert value == pytest.approx(v)
        np.testing.assert_allclose(curvatures, [2 * (lam - v), 2 * (lam + v)])
    collapsed = full_loss(Y, SumL2(v))
    grid = np.linspace(-1.0, 1.0, 41)
    values = [collapsed(np.array([[a]]), np.array([[b]])) for a in grid for b in grid if a or b]
    assert min(values) > v


@pytest.mark.theorem("prop-ladder-needles")
@pytest.mark.parametrize(
    "regularizer", [SumL2(0.3), NonuniformSumL2([0.1, 0.8])], ids=lambda r: r.name
)
def test_no_matrix_lowers_the_loss_at_the_ladders_weights_and_only_the_group_keeps_it(
    regularizer: Regularizer,
) -> None:
    generator = np.random.default_rng(14)
    U = np.linalg.qr(generator.normal(size=(N, 2))).Q
    S = np.diag(np.sqrt([0.9, 0.6]))
    W1, W2 = S @ U.T, U @ S

    def change(entries: FloatArray) -> float:
        G = entries.reshape(2, 2)
        moved = penalty(regularizer, np.linalg.inv(G) @ W1, W2 @ G)
        return moved - penalty(regularizer, W1, W2)

    found = set()
    for _ in range(30 * ATTEMPTS):
        start = generator.normal(size=4)
        assert change(start) > -1e-12
        run = scipy.optimize.minimize(change, start, method="Nelder-Mead", options=FINE)
        if run.fun > 1e-9:
            continue
        G = run.x.reshape(2, 2)
        np.testing.assert_allclose(G.T @ G, np.eye(2), atol=1e-3)
        if regularizer.invariance_group == "{±1}^k":
            np.testing.assert_allclose(np.abs(G), np.eye(2), atol=1e-3)
        found.add(tuple(np.sign(G[0] @ S + G[1]).tolist()))
    assert len(found) == 4  # every quarter of the plane of turns, and all four flips


@pytest.mark.theorem("prop-ladder-needles")
def test_with_equal_singular_values_a_rotation_is_not_noticed_by_the_non_uniform_sum() -> None:
    regularizer = NonuniformSumL2([0.1, 0.8])
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    equal, distinct = np.eye(N)[:, :2], np.eye(N)[:, :2] * [1.0, 0.5]
    still = penalty(regularizer, turn.T @ equal.T, equal @ turn)
    assert still == pytest.approx(penalty(regularizer, equal.T, equal))
    assert penalty(regularizer, turn.T @ distinct.T, distinct @ turn) > 0.1 + penalty(
        regularizer, distinct.T, distinct
    )


Penalty = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def l1(W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
    return W1.abs().sum() + W2.abs().sum()


def l1_of_decoder(W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
    return 0 * W1.sum() + W2.abs().sum()


def size_of_decoder(W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
    return 0 * W1.sum() + W2.square().sum()


def unequal(W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
    return 0.2 * W1.square().sum() + 0.9 * W2.square().sum()


def quartic(W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
    return W1.square().sum(0).square().sum() + W2.square().sum(1).square().sum()


def two_alike(W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
    strengths = torch.tensor([0.2, 0.2, 0.5], dtype=torch.float64)
    return strengths @ (W1.square().sum(1) + W2.square().sum(0))


PENALTIES: dict[str, tuple[Penalty, int]] = {  # with the dimension of the group, k = 3
    "none": (Unregularized().penalty, 9),
    "product": (ProductL2(0.4).penalty, 9),
    "sum": (SumL2(0.3).penalty, 3),
    "unequal halves": (unequal, 3),
    "decoder alone": (size_of_decoder, 3),
    "fourth powers of lengths": (quartic, 3),
    "two strengths alike": (two_alike, 1),
    "non-uniform sum": (NonuniformSumL2([0.2, 0.5, 0.9]).penalty, 0),
    "L1": (l1, 0),
}
NAMES = list(PENALTIES)


def random_weights(seed: int, n_features: int = N) -> tuple[torch.Tensor, torch.Tensor]:
    generator = np.random.default_rng(seed)
    W1, W2 = generator.normal(size=(K, n_features)), generator.normal(size=(n_features, K))
    return torch.from_numpy(W1).requires_grad_(), torch.from_numpy(W2).requires_grad_()


def force(penalty: Penalty, W1: torch.Tensor, W2: torch.Tensor) -> torch.Tensor:
    """Compute F of the recipe."""
    value = penalty(W1, W2) + 0 * (W1.sum() + W2.sum())
    by_W1, by_W2 = torch.autograd.grad(value, (W1, W2))
    result: torch.Tensor = W2.T @ by_W2 - by_W1 @ W1.T
    return result.detach()


def blind_directions(penalty: Penalty) -> torch.Tensor:
    """Span the space of all A with tr(A^T F) = 0 at random weights."""
    F = torch.stack([force(penalty, *random_weights(seed)).flatten() for seed in range(30)])
    _, sizes, right = torch.linalg.svd(F)
    blind: torch.Tensor = right[int((sizes > 1e-8).sum()) :].reshape(-1, K, K)
    return blind


@pytest.mark.theorem("prop-penalty-group")
@pytest.mark.parametrize("name", NAMES)
def test_count_at_random_weights_is_the_dimension_of_the_group(name: str) -> None:
    penalty, dimension = PENALTIES[name]
    blind = blind_directions(penalty)
    assert len(blind) == dimension
    for seed in range(100, 110):
        W1, W2 = random_weights(seed)
        for A in blind:
            G = torch.matrix_exp(1.3 * A)
            moved = penalty(torch.linalg.solve(G, W1), W2 @ G)
            torch.testing.assert_close(moved, penalty(W1, W2), rtol=1e-8, atol=0)
        seen = torch.from_numpy(np.random.default_rng(seed).normal(size=(K, K)))
        seen = seen - sum(((seen * A).sum() * A for A in blind), torch.zeros(K, K))
        if dimension < K * K:
            G = torch.matrix_exp(0.3 * seen)
            change = penalty(torch.linalg.solve(G, W1), W2 @ G) - penalty(W1, W2)
            assert abs(change.item()) > 1e-6


@pytest.mark.theorem("prop-penalty-group")
@pytest.mark.parametrize("name", NAMES)
def test_force_is_the_slope_along_a_path_through_the_orbit(name: str) -> None:
    penalty, _ = PENALTIES[name]
    for seed in range(10):
        W1, W2 = random_weights(seed)
        A = torch.from_numpy(np.random.default_rng(50 + seed).normal(size=(K, K)))

        def along(t: float) -> float:
            G = torch.matrix_exp(t * A)  # noqa: B023
            return penalty(torch.linalg.solve(G, W1), W2 @ G).item()  # noqa: B023

        slope = (along(1e-5) - along(-1e-5)) / 2e-5
        expected = (A * force(penalty, W1, W2)).sum().item()
        assert slope == pytest.approx(expected, rel=1e-5, abs=1e-6)


@pytest.mark.theorem("prop-penalty-group")
@pytest.mark.parametrize("n_features", [1, 2, N])
def test_a_sum_over_rows_and_columns_is_unchanged_exactly_if_each_of_its_terms_is(
    n_features: int,
) -> None:
    weight = torch.diag(torch.tensor([0.2, 0.5, 0.9], dtype=torch.float64))
    root = weight.sqrt()
    rotation = torch.linalg.qr(random_weights(77)[0][:, :K].detach()).Q
    slanted = root @ rotation @ torch.linalg.inv(root)
    signed = torch.diag(torch.tensor([1.0, -1.0, -1.0], dtype=torch.float64))

    def of_row(x: torch.Tensor) -> float:
        return float((x @ weight @ x).sqrt())

    def of_column(x: torch.Tensor) -> float:
        return float(x @ weight @ x + x.abs().sum())

    def same(left: float, right: float) -> bool:
        return left == pytest.approx(right, rel=1e-9)

    verdicts = []
    for G in (slanted, rotation, signed):
        inverse, kept, terms = torch.linalg.inv(G), [], []
        for seed in range(10):
            W1, W2 = (W.detach() for W in random_weights(seed, n_features))
            moved = sum(map(of_column, (inverse @ W1).T)) + sum(map(of_row, W2 @ G))
            kept.append(same(moved, sum(map(of_column, W1.T)) + sum(map(of_row, W2))))
            x, z = W2[0], W1[:, 0]
            row = same(of_row(G.T @ x), of_row(x))
            terms.append((row, same(of_column(inverse @ z), of_column(z))))
        assert all(kept) == all(row and column for row, column in terms)
        verdicts.append((all(row for row, _ in terms), all(kept)))
    assert verdicts == [(True, False), (False, False), (True, True)]


@pytest.mark.theorem("prop-penalty-group")
@pytest.mark.parametrize(
    "name", ["sum", "unequal halves", "non-uniform sum", "two strengths alike"]
)
def test_where_the_gradient_vanishes_the_force_does(name: str) -> None:
    Y, _ = data()
    samples, penalty = torch.from_numpy(Y), PENALTIES[name][0]

    def value_and_gradient(w: FloatArray) -> tuple[float, FloatArray]:
        at = torch.from_numpy(w.copy()).requires_grad_()
        W1, W2 = at[: K * N].reshape(K, N), at[K * N :].reshape(N, K)
        loss = (samples - W2 @ W1 @ samples).square().sum() / Y.shape[1] + penalty(W1, W2)
        (gradient,) = torch.autograd.grad(loss, at)
        return loss.item(), gradient.numpy()

    for start in starts():
        options = {"maxiter": 5000, "gtol": 1e-10, "ftol": 1e-16}
        found = scipy.optimize.minimize(
            value_and_gradient, start, jac=True, method="L-BFGS-B", options=options
        )
        W1, W2 = (torch.from_numpy(W.copy()).requires_grad_() for W in unpack(found.x, N, K))
        assert force(penalty, W1, W2).norm() < 1e-4
        assert W2.norm() > 0.5
        assert force(penalty, *random_weights(1)).norm() > 0.1


@pytest.mark.theorem("prop-half-penalty")
@pytest.mark.parametrize("k", [1, K, RANK, N])
def test_a_price_on_the_decoder_alone_is_paid_as_little_as_one_likes(k: int) -> None:
    Y, directions = data()
    U, least, lam = directions[:, :k], VARIANCES[k:].sum(), 0.7
    for epsilon in (1.0, 1e-2, 1e-4):
        W1, W2 = U.T / epsilon, epsilon * U
        loss = reconstruction(Y, W1, W2) + lam * np.square(W2).sum()
        assert loss == pytest.approx(least + lam * epsilon**2 * k, rel=1e-6, abs=1e-10)


@pytest.mark.theorem("prop-half-penalty")
def test_a_price_on_the_decoder_alone_is_critical_only_where_the_decoder_is_zero() -> None:
    Y, directions = data()
    lam = 0.7
    C = Y @ Y.T / Y.shape[1]
    generator = np.random.default_rng(3)
    empty = directions[:, RANK:]
    for _ in range(10):
        W1, W2 = generator.normal(size=(K, N)), generator.normal(size=(N, K))
        by_W1, by_W2 = gradient_of(Y, Unregularized(), W1, W2)
        by_W2 = by_W2 + 2 * lam * W2
        F = W2.T @ by_W2 - by_W1 @ W1.T
        np.testing.assert_allclose(F, 2 * lam * W2.T @ W2, atol=1e-9)
        still = W1 @ empty @ empty.T, np.zeros((N, K))
        for gradient in gradient_of(Y, Unregularized(), *still):
            np.testing.assert_allclose(gradient, 0.0, atol=1e-9)
        assert reconstruction(Y, *still) == pytest.approx(np.trace(C), rel=1e-9)
        moving = gradient_of(Y, Unregularized(), W1, np.zeros((N, K)))
        assert np.linalg.norm(moving[1]) > 1e-2


@pytest.mark.theorem("prop-half-penalty")
def test_descent_on_a_price_on_the_decoder_alone_goes_on_for_ever() -> None:
    Y, _ = data()
    lam = 0.7
    for start in islice(starts(), 2):

        def velocity(_time: float, w: FloatArray) -> FloatArray:
            W1, W2 = unpack(w, N, K)
            by_W1, by_W2 = gradient_of(Y, Unregularized(), W1, W2)
            return -np.concatenate([by_W1.ravel(), (by_W2 + 2 * lam * W2).ravel()])

        path = scipy.integrate.solve_ivp(
            velocity, (0, 400), start, "LSODA", rtol=1e-8, atol=1e-10, t_eval=[25, 100, 400]
        )
        sizes = [np.linalg.norm(unpack(w, N, K)[1]) for w in path.y.T]
        assert sizes[0] / sizes[1] == pytest.approx(4**0.25, rel=0.05)
        assert sizes[1] / sizes[2] == pytest.approx(4**0.25, rel=0.02)


@pytest.mark.theorem("prop-l1-group")
@pytest.mark.parametrize("penalty", [l1, l1_of_decoder])
def test_signed_permutations_and_nothing_else_leave_absolute_values(penalty: Penalty) -> None:
    for seed in range(10):
        generator = np.random.default_rng(seed)
        signed = np.eye(K)[generator.permutation(K)] * generator.choice([-1.0, 1.0], size=K)
        rotation = np.linalg.qr(generator.normal(size=(K, K))).Q
        stretch = np.diag(generator.uniform(1.1, 2.0, size=K))
        W1, W2 = random_weights(seed)
        for G, unseen in ((signed, True), (rotation, False), (signed @ stretch, False)):
            moved = penalty(torch.from_numpy(np.linalg.inv(G)) @ W1, W2 @ torch.from_numpy(G))
            assert (moved.item() == pytest.approx(penalty(W1, W2).item(), rel=1e-10)) == unseen


@pytest.mark.theorem("prop-l1-group")
def test_what_keeps_absolute_values_is_found_to_be_a_signed_permutation() -> None:
    generator = np.random.default_rng(21)
    W2s = generator.normal(size=(60, N, K))
    before = np.abs(W2s).sum(axis=(1, 2))
    found = []
    for _ in range(60):
        result = scipy.optimize.least_squares(
            lambda g: np.abs(W2s @ g.reshape(K, K)).sum(axis=(1, 2)) - before,
            generator.normal(size=K * K),
            xtol=1e-15,
            ftol=1e-15,
        )
        if result.cost < 1e-16:
            found.append(tuple(np.round(result.x, 5) + 0.0))
            G = np.abs(result.x.reshape(K, K))
            np.testing.assert_allclose(np.sort(G, axis=0)[:-1], 0.0, atol=1e-6)
            np.testing.assert_allclose(np.sort(G, axis=1)[:, -1], 1.0, atol=1e-6)
    assert len(set(found)) > 5


@pytest.mark.theorem("prop-one-minimiser")
def test_at_a_minimum_of_rank_k_the_sum_sees_all_but_rotations() -> None:
    Y, _ = data()
    generator = np.random.default_rng(22)
    regularizer = SumL2(0.3)
    for start in starts():
        least, W1, W2 = minimise(Y, regularizer, K, start)
        assert np.linalg.matrix_rank(W2, tol=1e-3) == K
        loss = full_loss(Y, regularizer)
        rotation = np.linalg.qr(generator.normal(size=(K, K))).Q
        assert loss(rotation.T @ W1, W2 @ rotation) == pytest.approx(least, rel=1e-10)
        for size in (0.1, 1.0):
            G = rotation @ np.diag(np.exp(size * generator.uniform(0.2, 1.0, size=K)))
            assert loss(np.linalg.inv(G) @ W1, W2 @ G) > least + 1e-3


@pytest.mark.theorem("prop-one-minimiser")
@pytest.mark.parametrize("lam", [3.0, 5.0, 7.0], ids=["one dead", "two dead", "all dead"])
def test_at_a_minimum_of_lower_rank_the_sum_misses_a_stretch(lam: float) -> None:
    Y, _ = data()
    regularizer = SumL2(lam)
    rank = int((VARIANCES[:K] > lam).sum())
    for start in starts():
        _, W1, W2 = minimise(Y, regularizer, K, start)
        b = np.linalg.svd(W2)[2][-1]
        assert np.linalg.matrix_rank(W2, tol=1e-2) == rank < K
        np.testing.assert_allclose(W1.T @ b, 0.0, atol=1e-3)
        W1, W2 = W1 - np.outer(b, b @ W1), W2 - np.outer(W2 @ b, b)
        for loss in (full_loss(Y, regularizer), full_loss(Y, NonuniformSumL2([0.2, 0.5, 0.9]))):
            G = np.eye(K) + 4.0 * np.outer(b, b)
            moved = loss(np.linalg.inv(G) @ W1, W2 @ G)
            assert moved == pytest.approx(loss(W1, W2), rel=1e-10)


@pytest.mark.theorem("prop-one-minimiser")
def test_what_is_invisible_at_one_point_need_not_be_a_group() -> None:
    stretch = np.diag(np.sqrt([1.9, 1.0, 0.1]))
    once, twice = np.eye(N, K) @ stretch, np.eye(N, K) @ stretch @ stretch
    assert np.square(once).sum() == pytest.approx(K)
    assert np.square(twice).sum() > K + 0.5
