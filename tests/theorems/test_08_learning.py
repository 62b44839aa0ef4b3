"""The statements of chapter 8, against random cases, exact moments and numerical minimisation."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
import torch
from scipy.integrate import solve_ivp
from scipy.optimize import least_squares, minimize
from torch import Tensor

from lae_helpers.feedback.base import Synapses
from lae_helpers.feedback.rules import InformationAlignment, KolenPollack, WeightMirror
from lae_helpers.metrics import angle

Array = npt.NDArray[np.float64]
COEFFICIENTS = [(1.0, 1.0, 1.0), (1.25, 0.1, 1.0), (2.0, 0.5, 0.3), (0.7, 0.0, 0.5)]


def draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def moments(n: int, seed: int = 0, rank: int | None = None) -> Tensor:
    """Draw a positive semidefinite matrix."""
    root = draw(n, rank or n, seed=seed)
    return root @ root.T / n


def samples_with(S: Tensor) -> Tensor:
    """Return n samples, a row each, whose second moments are exactly S."""
    values, vectors = torch.linalg.eigh(S)
    root: Tensor = vectors * values.clamp(min=0).sqrt() @ vectors.T
    return root * math.sqrt(len(S))


def at(W: Tensor, noise: Tensor) -> Synapses:
    nothing = torch.zeros(1, W.shape[0], dtype=W.dtype)
    return Synapses(W, torch.zeros(1, W.shape[1], dtype=W.dtype), nothing, noise, 0.1)


# Kolen-Pollack


@pytest.mark.theorem("prop-kolen-pollack")
@pytest.mark.parametrize("decay", [0.0, 0.05, 2.0])
def test_the_difference_shrinks_by_the_product_whatever_is_learned(decay: float) -> None:
    W, B = draw(4, 6, seed=1), draw(6, 4, seed=2)
    start, factor = W - B.T, 1.0
    rule = KolenPollack(weight_decay=decay)
    for t in range(30):
        rate = 0.1 * (1 + math.sin(t))
        activity, error = draw(9, 6, seed=10 + t), draw(9, 4, seed=50 + t)
        error = error + (activity @ B)  # what is learned may depend on B
        here = Synapses(W, activity, error, torch.zeros(9, 6, dtype=W.dtype), rate)
        B = rule.update(B, here)
        W = W - rate * (error.T @ activity / 9 + decay * W)
        factor *= 1 - rate * decay
    torch.testing.assert_close(W - B.T, factor * start, rtol=0, atol=1e-12)


@pytest.mark.theorem("prop-kolen-pollack")
def test_other_decays_do_not_forget_the_difference() -> None:
    W, B = torch.zeros(3, 3), torch.zeros(3, 3)
    for _ in range(200):
        P = torch.eye(3)
        W, B = W - 0.1 * (P + 0.5 * W), B - 0.1 * (P + 0.1 * B)
    assert (W - B.T).norm() > 1


# Weight mirror


@pytest.mark.theorem("thm-weight-mirror")
@pytest.mark.parametrize(("rate", "decay"), [(0.1, 1.0), (0.5, 3.0), (0.9, 2.0)])
def test_the_mean_of_the_mirror(rate: float, decay: float) -> None:
    W, B0, S = draw(3, 5, seed=1), draw(5, 3, seed=2), moments(5, 3, rank=4)
    rule, B = WeightMirror(rate=rate, decay=decay), B0
    for _ in range(25):  # samples of exact second moments: each step is the mean step
        B = rule.update(B, at(W, samples_with(S)))
    q = 1 - rate * decay
    expected = q**25 * B0 + (1 - q**25) / decay * S @ W.T
    torch.testing.assert_close(B, expected)


@pytest.mark.theorem("thm-weight-mirror")
def test_beyond_the_bound_on_the_rate_the_mean_runs_away() -> None:
    W, B = draw(3, 5, seed=1), draw(5, 3, seed=2)
    rule = WeightMirror(rate=2.1, decay=1.0)
    for _ in range(200):
        B = rule.update(B, at(W, samples_with(torch.eye(5).double())))
    assert B.norm() > 1e6


@pytest.mark.theorem("thm-weight-mirror")
@pytest.mark.parametrize(("rate", "decay", "batch"), [(0.4, 1.0, 4), (0.2, 2.0, 1), (0.3, 0.5, 8)])
def test_how_far_the_mirror_trembles(rate: float, decay: float, batch: int) -> None:
    n, copies = 6, 4000  # networks side by side: a mean over them is an expectation
    W = draw(3, n, seed=1)
    generator = torch.Generator().manual_seed(3)
    rule, B = WeightMirror(rate=rate, decay=decay), torch.zeros(copies, n, 3, dtype=torch.float64)
    for _ in range(round(12 / (rate * decay))):
        noise = torch.randn(copies, batch, n, generator=generator, dtype=torch.float64)
        B = rule.update(B, at(W, noise))
    measured = (B - W.T / decay).square().sum(dim=(1, 2)).mean()
    predicted = rate / (decay * (2 - rate * decay)) * (n + 1) / batch * W.square().sum()
    torch.testing.assert_close(measured, predicted, rtol=0.08, atol=0.0)


# Correlated drives


@pytest.mark.theorem("prop-correlated")
def test_the_angle_that_correlation_costs() -> None:
    tightest = 1.0
    for seed in range(300):
        W, S = draw(1 + seed % 4, 5, seed=seed), moments(5, 1000 + seed) + 0.1 * torch.eye(5)
        theta = math.radians(angle(S @ W.T, W.T))
        assert theta < math.pi / 2
        assert theta > 1e-3
        chi = float(torch.linalg.cond(S))
        bound = 2 * math.sqrt(chi) / (1 + chi)
        assert math.cos(theta) >= bound - 1e-12
        tightest = min(tightest, math.cos(theta) - bound)
    assert tightest < 0.2
    lowest, highest = 0.3, 7.0  # and the bound is reached
    S = torch.diag(torch.tensor([lowest, highest], dtype=torch.float64))
    w = torch.tensor([[math.sqrt(highest), math.sqrt(lowest)]], dtype=torch.float64)
    chi = highest / lowest
    cosine = math.cos(math.radians(angle(S @ w.T, w.T)))
    assert cosine == pytest.approx(2 * math.sqrt(chi) / (1 + chi))


@pytest.mark.theorem("prop-correlated")
def test_no_angle_exactly_for_rows_in_one_eigenspace() -> None:
    S = torch.diag(torch.tensor([3.0, 3.0, 1.0, 0.0], dtype=torch.float64))
    inside = torch.cat([draw(3, 2), torch.zeros(3, 2, dtype=torch.float64)], dim=1)
    assert angle(S @ inside.T, inside.T) < 1e-6
    both = torch.diag(torch.tensor([1.0, 1.0, 1.0, 0.0], dtype=torch.float64))[:3]
    assert angle(S @ both.T, both.T) > 10  # all rows eigenvectors, but to two eigenvalues
    assert angle(2.5 * draw(5, 3), draw(5, 3)) < 1e-6
    # Singular S: the angle stays below 90 degrees, however little S sees of W.
    faint = torch.tensor([[0.0, 0.0, 1e-3, 1.0]], dtype=torch.float64)
    assert 89 < angle(S @ faint.T, faint.T) < 90


# Information alignment


@pytest.mark.theorem("thm-information-alignment")
@pytest.mark.parametrize("coefficients", COEFFICIENTS)
@pytest.mark.parametrize("rank", [2, 5])
def test_the_mean_step_leads_to_the_ridge_solution_up_to_the_bound(
    coefficients: tuple[float, float, float], rank: int
) -> None:
    alpha, beta, gamma = coefficients
    W, S = draw(3, 5, seed=1), moments(5, 2, rank=rank)
    nu = float(torch.linalg.eigvalsh(W @ S @ W.T)[-1])
    limit = 2 / (beta * nu + gamma)
    for factor in (0.1, 0.95, 1.05):
        rule = InformationAlignment(rate=factor * limit, alpha=alpha, beta=beta, gamma=gamma)
        rest = rule.fixed_point(W, S)
        direct = (
            alpha * S @ W.T @ torch.linalg.inv(beta * W @ S @ W.T + gamma * torch.eye(3).double())
        )
        torch.testing.assert_close(rest, direct)
        B = draw(5, 3, seed=4)
        for _ in range(3000 if factor < 1 else 600):
            B = rule.update(B, at(W, samples_with(S)))
        if factor < 1:
            torch.testing.assert_close(B, rest, rtol=0, atol=1e-6)
        else:
            assert (B - rest).norm() > 1e3


@pytest.mark.theorem("thm-information-alignment")
@pytest.mark.parametrize("coefficients", COEFFICIENTS[:3])
def test_the_mean_step_is_the_decoder_gradient_of_the_autoencoder(
    coefficients: tuple[float, float, float],
) -> None:
    alpha, beta, gamma = coefficients
    W, S, B = draw(3, 5, seed=1), moments(5, 2, rank=4), draw(5, 3, seed=3)
    rule = InformationAlignment(rate=0.2, alpha=alpha, beta=beta, gamma=gamma)
    step = rule.update(B, at(W, samples_with(S))) - B
    scaled = (beta / alpha * B).requires_grad_()
    gap = torch.eye(5).double() - scaled @ W
    J = (gap @ S @ gap.T).trace() + gamma / beta * (W.square().sum() + scaled.square().sum())
    J.backward()
    assert scaled.grad is not None
    torch.testing.assert_close(beta / alpha * step, -0.2 * beta / 2 * scaled.grad)


@pytest.mark.theorem("thm-information-alignment")
def test_the_fixed_point_solves_the_ridge_problem() -> None:
    W, S = draw(3, 5, seed=1), moments(5, 2)
    rest = InformationAlignment(alpha=1.0, beta=1.0, gamma=0.7).fixed_point(W, S).numpy()
    W_, S_ = W.numpy(), S.numpy()

    def ridge(flat: Array) -> float:
        gap = np.eye(5) - flat.reshape(5, 3) @ W_
        return float(np.trace(gap @ S_ @ gap.T) + 0.7 * flat @ flat)

    found = minimize(ridge, np.zeros(15), method="BFGS", options={"gtol": 1e-7})
    np.testing.assert_allclose(found.x.reshape(5, 3), rest, atol=1e-5)


# Both halves


def joint_gradient(alpha: float, beta: float, gamma: float) -> Callable[[Array], Array]:
    def gradient(flat: Array) -> Array:
        leaves = torch.tensor(flat, requires_grad=True)
        W, B = leaves[:10].reshape(2, 5), leaves[10:].reshape(5, 2)
        E = (
            -alpha * (B @ W).trace()
            + beta / 2 * (B @ W).square().sum()
            + gamma / 2 * (W.square().sum() + B.square().sum())
        )
        slope: Array = torch.autograd.grad(E, leaves)[0].numpy()
        return slope

    return gradient


@pytest.mark.theorem("prop-joint-dynamics")
@pytest.mark.parametrize(("alpha", "gamma"), [(1.2, 1.0), (0.8, 1.0), (1.0, 1.0)])
def test_the_mirror_alone_aligns_and_runs_away_or_dies(alpha: float, gamma: float) -> None:
    start = np.random.default_rng(0).standard_normal(20)
    slope = joint_gradient(alpha, 0.0, gamma)
    path = solve_ivp(lambda _t, y: -slope(y), (0, 4), start, t_eval=[1, 4], rtol=1e-10, atol=1e-12)
    for t, flat in zip(path.t, path.y.T, strict=True):
        W, B = flat[:10].reshape(2, 5), flat[10:].reshape(5, 2)
        W0, B0 = start[:10].reshape(2, 5), start[10:].reshape(5, 2)
        gap, total = math.exp(-(alpha + gamma) * t), math.exp((alpha - gamma) * t)
        np.testing.assert_allclose(W - B.T, gap * (W0 - B0.T), atol=1e-7)
        np.testing.assert_allclose(W + B.T, total * (W0 + B0.T), rtol=1e-6)


@pytest.mark.theorem("prop-joint-dynamics")
@pytest.mark.parametrize(("alpha", "beta", "gamma"), [(1.25, 0.1, 1.0), (2.0, 3.0, 0.5)])
def test_both_terms_end_at_transposes_of_the_predicted_size(
    alpha: float, beta: float, gamma: float
) -> None:
    slope, sizes = joint_gradient(alpha, beta, gamma), set()
    g2 = (alpha - gamma) / beta
    for seed in range(12):
        start = np.random.default_rng(seed).standard_normal(20)
        if seed % 3 == 0:  # a singular direction that both halves lack is never found again
            start[5:10], start[11::2] = 0.0, 0.0
        found = least_squares(slope, start, xtol=None, ftol=None, gtol=1e-14, max_nfev=300)
        if np.abs(found.fun).max() > 1e-9:
            continue
        W, B = found.x[:10].reshape(2, 5), found.x[10:].reshape(5, 2)
        np.testing.assert_allclose(W, B.T, atol=1e-6)
        squares = np.linalg.svd(W, compute_uv=False) ** 2
        near = np.minimum(np.abs(squares), np.abs(squares - g2))
        assert near.max() < 1e-5
        n_alive = int((squares > g2 / 2).sum())
        sizes.add(n_alive)
        step, eye = 1e-5, np.eye(20)
        columns = [
            (slope(found.x + step * e) - slope(found.x - step * e)) / (2 * step) for e in eye
        ]
        least = np.linalg.eigvalsh(np.array(columns))[0]
        assert (least < -1e-3) == (n_alive < 2)
    assert 2 in sizes
    assert len(sizes) > 1, "saddles have to be among the points visited"


@pytest.mark.theorem("prop-joint-dynamics")
@pytest.mark.parametrize("alpha", [0.5, 1.0])
def test_a_decay_that_is_too_strong_leaves_nothing(alpha: float) -> None:
    def energy(flat: Array) -> float:
        product = flat[10:].reshape(5, 2) @ flat[:10].reshape(2, 5)
        return float(-alpha * np.trace(product) + (product**2).sum() / 2 + flat @ flat / 2)

    for seed, scale in itertools.product(range(100), (0.01, 0.3, 2.0)):
        flat = scale * np.random.default_rng(seed).standard_normal(20)
        assert energy(flat) > 0


# Direction and length


@pytest.mark.theorem("prop-angle-gain")
@pytest.mark.parametrize("coefficients", COEFFICIENTS)
@pytest.mark.parametrize("shape", [(3, 5), (5, 3)])
def test_spectrum_angle_and_gain_under_white_noise(
    coefficients: tuple[float, float, float], shape: tuple[int, int]
) -> None:
    alpha, beta, gamma = coefficients
    W = draw(*shape, seed=1)
    rule = InformationAlignment(alpha=alpha, beta=beta, gamma=gamma)
    B = rule.fixed_point(W, torch.eye(shape[1]).double())
    left, g, right = torch.linalg.svd(W, full_matrices=False)
    h = alpha * g / (beta * g.square() + gamma)
    torch.testing.assert_close(right @ B @ left, torch.diag(h))
    cosine = float(g @ h / g.norm() / h.norm())
    assert math.cos(math.radians(angle(B, W.T))) == pytest.approx(cosine)
    assert float(B.norm() / W.norm()) == pytest.approx(float(h.norm() / g.norm()))
    louder = InformationAlignment(alpha=3 * alpha, beta=beta, gamma=gamma)
    assert angle(louder.fixed_point(W, torch.eye(shape[1]).double()), W.T) == pytest.approx(
        angle(B, W.T), abs=1e-5
    )
    assert (angle(B, W.T) < 1e-5) == (beta == 0)
    if beta > 0:
        for size in (0.1, 1.0, 100.0):
            largest = torch.linalg.svdvals(rule.fixed_point(size * W, torch.eye(shape[1]).double()))
            assert largest[0] <= alpha / (2 * math.sqrt(beta * gamma)) + 1e-12
        level = torch.linalg.qr(draw(5, 5, seed=2)).Q[:3]
        assert angle(rule.fixed_point(level, torch.eye(5).double()), level.T) < 1e-5


# From the transpose to the pseudo-inverse


def small_layer(seed: int) -> Tensor:
    """Draw a layer of some shape and rank, its singular values far apart."""
    m, n = [(3, 5), (5, 3), (4, 4)][seed % 3]
    rank = 2 + seed % 2
    left, right = (torch.linalg.qr(draw(k, k, seed=seed)).Q[:, :rank] for k in (m, n))
    values = torch.exp(draw(rank, seed=100 + seed))
    layer: Tensor = left @ torch.diag(values) @ right.T
    return layer


def rest(W: Tensor, alpha: float, beta: float, gamma: float) -> Tensor:
    rule = InformationAlignment(alpha=alpha, beta=beta, gamma=gamma)
    found = rule.fixed_point(W, torch.eye(W.shape[1], dtype=W.dtype))
    assert found is not None
    return found


@pytest.mark.theorem("prop-two-ends")
@pytest.mark.parametrize("seed", range(6))
def test_the_two_ends_are_the_transpose_and_the_pseudo_inverse(seed: int) -> None:
    W = small_layer(seed)
    inverse = torch.linalg.pinv(W, rtol=1e-10)
    torch.testing.assert_close(rest(W, 1.3, 1e-11, 0.7), 1.3 / 0.7 * W.T, rtol=0, atol=1e-6)
    torch.testing.assert_close(rest(W, 1.3, 0.4, 1e-8), 1.3 / 0.4 * inverse, rtol=0, atol=1e-5)
    g = torch.linalg.svdvals(W)
    g = g[g > 1e-9]
    limit = float(len(g) / g.norm() / (1 / g).norm())
    assert math.cos(math.radians(angle(inverse, W.T))) == pytest.approx(limit, abs=1e-9)


@pytest.mark.theorem("prop-two-ends")
@pytest.mark.parametrize("seed", range(6))
def test_the_turn_grows_with_the_ratio_of_the_coefficients_alone(seed: int) -> None:
    W = small_layer(seed)
    ratios = [0.01, 0.1, 0.5, 1.0, 3.0, 20.0]
    turned = [angle(rest(W, 1.0, ratio, 1.0), W.T) for ratio in ratios]
    assert (np.diff(turned) > 1e-3).all()
    assert angle(torch.linalg.pinv(W, rtol=1e-10), W.T) > turned[-1]
    for ratio, degrees in zip(ratios, turned, strict=True):
        assert angle(rest(W, 0.2, 5 * ratio, 5.0), W.T) == pytest.approx(degrees, abs=1e-6)
    level = torch.linalg.qr(draw(5, 5, seed=seed)).Q[:3]  # all singular values equal
    assert all(angle(rest(level, 1.0, ratio, 1.0), level.T) < 1e-5 for ratio in ratios)
