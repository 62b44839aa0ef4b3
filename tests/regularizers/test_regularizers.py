"""Penalties, invariance groups and predicted minima of the four regularisers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize

from lae_helpers import (
    LinearAutoencoder,
    NonuniformSumL2,
    ProductL2,
    Regularizer,
    SumL2,
    Unregularized,
    fit,
    fit_pca,
    recover_from_decoder,
    recover_from_encoder,
    synthetic_data,
    transpose_gap,
)
from lae_helpers.autoencoder import moment_loss
from lae_helpers.regularizers import REGULARIZERS, make_regularizer, spread_strengths
from tests.strategies import Problem, problems

if TYPE_CHECKING:
    from collections.abc import Callable

    from lae_helpers._checks import FloatArray

Group = str
LADDER: dict[Group, list[str]] = {
    "GL(k)": ["none", "product"],
    "O(k)": ["none", "product", "sum"],
    "{±1}^k": ["none", "product", "sum", "non-uniform sum"],
}


def make(name: str, k: int) -> Regularizer:
    """Make the regulariser of that name."""
    makers: dict[str, Callable[[], Regularizer]] = {
        "none": Unregularized,
        "product": lambda: ProductL2(0.8),
        "sum": lambda: SumL2(0.8),
        "non-uniform sum": lambda: NonuniformSumL2(np.linspace(0.5, 1.5, k)),
    }
    return makers[name]()


def element(group: Group, k: int, rng: np.random.Generator) -> FloatArray:
    """Draw a matrix of the group, well conditioned."""
    first, second = (np.linalg.qr(rng.normal(size=(k, k))).Q for _ in range(2))
    if group == "{±1}^k":
        return np.diag(rng.choice([-1.0, 1.0], size=k))
    stretch = rng.uniform(0.5, 2.0, size=k) if group == "GL(k)" else np.ones(k)
    G: FloatArray = first * stretch @ second
    return G


def loss(
    regularizer: Regularizer, W1: torch.Tensor, W2: torch.Tensor, X: torch.Tensor
) -> torch.Tensor:
    """Return J on centred data."""
    centred = X - X.mean(dim=0)
    error = centred - centred @ W1.T @ W2.T
    return error.square().sum() / len(X) + regularizer.penalty(W1, W2)


def along_group(problem: Problem, regularizer: Regularizer, G: FloatArray) -> tuple[float, float]:
    """Return J before and after G acts."""
    W1, W2 = problem.model.encoder.weight.detach(), problem.model.decoder.weight.detach()
    X, action = torch.tensor(problem.X), torch.tensor(G)
    before = loss(regularizer, W1, W2, X)
    after = loss(regularizer, torch.linalg.inv(action) @ W1, W2 @ action, X)
    return before.item(), after.item()


@settings(max_examples=40, deadline=None)
@given(problems(), st.sampled_from([(g, name) for g, names in LADDER.items() for name in names]))
def test_loss_is_invariant_under_the_group(problem: Problem, pair: tuple[Group, str]) -> None:
    group, name = pair
    k = problem.model.n_components
    before, after = along_group(problem, make(name, k), element(group, k, problem.rng))
    assert after == pytest.approx(before, rel=1e-10)


@settings(max_examples=40, deadline=None)
@given(problems(min_k=2), st.sampled_from([("GL(k)", "sum"), ("O(k)", "non-uniform sum")]))
def test_loss_is_not_invariant_under_the_larger_group(
    problem: Problem, pair: tuple[Group, str]
) -> None:
    group, name = pair
    k = problem.model.n_components
    regularizer = make(name, k)
    G = element(group, k, problem.rng)
    own = np.eye(k) if group == "GL(k)" else np.abs(G) ** 2  # how far G is from the smaller group
    assume(np.linalg.norm(G @ G.T - own if group == "GL(k)" else own - np.eye(k)) > 0.1)
    before, after = along_group(problem, regularizer, G)
    assert abs(after - before) > 1e-6 * before


def test_names_and_groups_are_those_of_the_ladder() -> None:
    for name in LADDER["{±1}^k"]:
        regularizer = make(name, 3)
        assert regularizer.name == name
        assert next(g for g, names in LADDER.items() if name in names) == (
            regularizer.invariance_group
        )


def test_without_strength_the_sum_has_the_group_of_none() -> None:
    assert SumL2(0).invariance_group == "GL(k)"
    assert SumL2(0).decoder_singular_values([2.0, 1.0]) is None
    assert SumL2(1).invariance_group == "O(k)"
    assert SumL2(0).minimum_loss([3.0, 2.0, 1.0], 2) == Unregularized().minimum_loss([3, 2, 1], 2)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_penalties_are_their_formulas(problem: Problem) -> None:
    W1, W2 = problem.model.encoder.weight, problem.model.decoder.weight
    A1, A2 = W1.detach().numpy(), W2.detach().numpy()
    lams = np.linspace(0.5, 1.5, len(A1))
    by_hand = {
        "none": 0.0,
        "product": 0.8 * np.linalg.norm(A2 @ A1) ** 2,
        "sum": 0.8 * (np.linalg.norm(A1) ** 2 + np.linalg.norm(A2) ** 2),
        "non-uniform sum": sum(
            lam * (row @ row + column @ column)
            for lam, row, column in zip(lams, A1, A2.T, strict=True)
        ),
    }
    for name, expected in by_hand.items():
        penalty = make(name, len(A1)).penalty(W1, W2)
        assert penalty.shape == ()
        assert penalty.item() == pytest.approx(expected, rel=1e-12)


def test_penalties_keep_the_type_and_the_device_of_the_weights() -> None:
    model = LinearAutoencoder(5, 3).float().to("meta")
    for name in LADDER["{±1}^k"]:
        penalty = make(name, 3).penalty(model.encoder.weight, model.decoder.weight)
        assert (penalty.dtype, penalty.device.type) == (torch.float32, "meta")


@pytest.mark.parametrize("variance", [0.0, 0.3, 0.8, 1.0, 5.0])
@pytest.mark.parametrize("name", LADDER["{±1}^k"])
def test_theory_of_the_scalar_case(name: str, variance: float) -> None:
    """For n = k = 1 a minimiser that knows no theory finds the predicted minimum."""
    regularizer = NonuniformSumL2([0.8]) if name == "non-uniform sum" else make(name, 1)
    C, no_offset = torch.tensor([[variance]], dtype=torch.float64), torch.zeros(1)

    def total(w: FloatArray) -> float:
        W1, W2 = torch.tensor(w[:1, None]), torch.tensor(w[1:, None])
        return float(moment_loss(W1, W2, C, no_offset) + regularizer.penalty(W1, W2))

    found = minimize(total, [0.9, 0.7], method="Nelder-Mead", tol=1e-12)
    assert found.fun == pytest.approx(regularizer.minimum_loss([variance], 1), abs=1e-10)
    if variance > 0 and variance != 0.8:  # at v = lam the minimum is quartic
        product = regularizer.map_singular_values([variance])[0]
        assert found.x[0] * found.x[1] == pytest.approx(product, abs=1e-6)


# Kunin's synthetic set: singular values 20 to 1, k = 10. Its 20 samples leave no room for a mean,
# so it has 21 here, and 1/21 of the losses and strengths on the Frobenius scale.
SPECTRUM, SAMPLES, WIDTH = np.arange(20.0, 0.0, -1.0), 21, 10
KUNIN = [
    (Unregularized(), 385.0),
    (ProductL2(10 / SAMPLES), 480.594429120285),
    (SumL2(10 / SAMPLES), 580.360448725352),
]
KUNIN_SUM = [0.98742, 0.98605, 0.98445, 0.98255, 0.98027, 0.97753, 0.97416, 0.96996, 0.96465,
             0.95779]  # fmt: skip
KUNIN_PRODUCT = [0.97561, 0.97305, 0.97006, 0.96656, 0.96241, 0.95745, 0.95146, 0.94413, 0.93506,
                 0.92366]  # fmt: skip


@pytest.mark.parametrize(("regularizer", "minimum"), KUNIN, ids=["none", "product", "sum"])
def test_minimum_of_the_synthetic_set(regularizer: Regularizer, minimum: float) -> None:
    variances = SPECTRUM**2 / SAMPLES
    assert regularizer.minimum_loss(variances, WIDTH) * SAMPLES == pytest.approx(minimum, abs=1e-9)
    X = synthetic_data(SPECTRUM, SAMPLES)
    model = LinearAutoencoder(20, WIDTH)
    history = fit(model, X, regularizer)
    assert history.converged
    assert history.losses[-1] * SAMPLES == pytest.approx(minimum, abs=1e-6)
    product = (model.decoder.weight @ model.encoder.weight).detach().numpy()
    found = np.linalg.svd(product, compute_uv=False)[:WIDTH]
    assert_allclose(found, regularizer.map_singular_values(variances[:WIDTH]), atol=1e-6)


def test_predicted_spectra_of_the_synthetic_set() -> None:
    variances = SPECTRUM[:WIDTH] ** 2 / SAMPLES
    of_sum = SumL2(10 / SAMPLES).decoder_singular_values(variances)
    assert of_sum is not None
    assert_allclose(of_sum, KUNIN_SUM, atol=5e-6)
    of_product = ProductL2(10 / SAMPLES).map_singular_values(variances)
    assert_allclose(of_product, KUNIN_PRODUCT, atol=5e-6)
    assert ProductL2(1).decoder_singular_values(variances) is None
    assert Unregularized().decoder_singular_values(variances) is None


@pytest.mark.parametrize(("lam", "rank"), [(150, 8), (250, 5), (401, 0)])
def test_variances_below_the_strength_are_given_up(lam: float, rank: int) -> None:
    regularizer = SumL2(lam / SAMPLES)
    variances = SPECTRUM**2 / SAMPLES
    theory = regularizer.decoder_singular_values(variances[:WIDTH])
    assert theory is not None
    assert (theory > 0).sum() == rank
    model = LinearAutoencoder(20, WIDTH)
    history = fit(model, synthetic_data(SPECTRUM, SAMPLES), regularizer)
    assert history.losses[-1] == pytest.approx(regularizer.minimum_loss(variances, WIDTH), abs=1e-8)
    assert_allclose(recover_from_decoder(model).singular_values, theory, atol=1e-4)


@pytest.mark.parametrize("lams", [[0.5, 1.0, 2.0], [2.0, 0.5, 1.0]])
def test_minimum_of_the_nonuniform_sum(lams: list[float]) -> None:
    X = synthetic_data(7 * SPECTRUM[-6:], 49)
    pca, regularizer = fit_pca(X, 6), NonuniformSumL2(lams)
    model = LinearAutoencoder(6, 3)
    history = fit(model, X, regularizer)
    assert history.converged
    assert history.losses[-1] == pytest.approx(regularizer.minimum_loss(pca.variances, 3), abs=1e-9)
    W2 = model.decoder.weight.detach().numpy()[:, np.argsort(lams)]
    theory = regularizer.decoder_singular_values(pca.variances[:3])
    assert theory is not None
    overlap = pca.directions[:, :3].T @ W2  # the columns themselves, in order, up to sign
    assert_allclose(np.abs(overlap), np.diag(theory), atol=1e-5)
    assert transpose_gap(model) < 1e-5
    assert_allclose(recover_from_encoder(model).singular_values, np.sort(theory)[::-1], atol=1e-5)


@pytest.mark.parametrize("regularizer", [ProductL2, SumL2])
@pytest.mark.parametrize(
    ("lam", "kind"),
    [(-0.1, ValueError), (float("nan"), ValueError), (float("inf"), ValueError),
     ("0.3", TypeError), (None, TypeError), ([0.3], TypeError)],
)  # fmt: skip
def test_bad_strength(
    regularizer: type[ProductL2 | SumL2], lam: float, kind: type[Exception]
) -> None:
    with pytest.raises(kind, match=r"^lam must be"):
        regularizer(lam)


@pytest.mark.parametrize(
    ("lams", "kind"),
    [([0.1, 0.1], ValueError), ([0.1, -0.1], ValueError), ([0.0, 0.1], ValueError),
     ([0.1, float("nan")], ValueError), ([], ValueError), (0.1, ValueError), ([[0.1]], ValueError),
     (["a", "b"], TypeError), (None, TypeError)],
)  # fmt: skip
def test_bad_strengths(lams: list[float], kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"^lams must"):
        NonuniformSumL2(lams)


def test_wrong_number_of_strengths() -> None:
    regularizer, model = NonuniformSumL2([0.1, 0.2, 0.3]), LinearAutoencoder(4, 2)
    for use in (
        lambda: regularizer.penalty(model.encoder.weight, model.decoder.weight),
        lambda: regularizer.check_components(2),
        lambda: regularizer.strengths(2),
        lambda: fit(model, np.eye(4), regularizer),
    ):
        with pytest.raises(ValueError, match=r"^lams must hold one strength per component: 2,"):
            use()
    with pytest.raises(ValueError, match=r"^variances must be as many as lams: 3, not 2"):
        regularizer.decoder_singular_values([2.0, 1.0])


@pytest.mark.parametrize("variances", [[1.0, 2.0], [1.0, -1.0], [float("nan")], [], [[1.0]]])
def test_bad_variances(variances: list[float]) -> None:
    for regularizer in (Unregularized(), ProductL2(1), SumL2(1)):
        with pytest.raises(ValueError, match=r"^variances must"):
            regularizer.map_singular_values(variances)
        with pytest.raises(ValueError, match=r"^variances must"):
            regularizer.minimum_loss(variances, 1)


@pytest.mark.parametrize(("k", "kind"), [(0, ValueError), (4, ValueError), (1.0, TypeError)])
def test_bad_width_of_the_minimum(k: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"^k must be"):
        SumL2(1).minimum_loss([3.0, 2.0, 1.0], k)


@pytest.mark.parametrize(
    "text", ["Unregularized()", "ProductL2(0.5)", "SumL2(1.0)", "NonuniformSumL2([1.0, 2.0])"]
)
def test_repr_is_how_to_make_it(text: str) -> None:
    kinds = {kind.__name__: kind for kind in (Unregularized, ProductL2, SumL2, NonuniformSumL2)}
    assert repr(eval(text, kinds)) == text


@pytest.mark.parametrize("name", REGULARIZERS)
@pytest.mark.parametrize("k", [1, 4])
def test_every_penalty_is_a_ridge_and_strengths(name: str, k: int) -> None:
    regularizer = make_regularizer(name, 0.6, k)
    assert regularizer.name == name
    model = LinearAutoencoder(5, k, seed=2)
    W1, W2 = model.encoder.weight.detach(), model.decoder.weight.detach()
    ridge = regularizer.map_strength * np.square(W2.numpy() @ W1.numpy()).sum()
    lengths = np.square(W1.numpy()).sum(axis=1) + np.square(W2.numpy()).sum(axis=0)
    expected = ridge + regularizer.strengths(k) @ lengths
    assert regularizer.penalty(W1, W2).item() == pytest.approx(expected, rel=1e-12)


def test_strengths_spread_around_lam() -> None:
    assert spread_strengths(0.4, 1) == [0.4]
    assert_allclose(spread_strengths(0.4, 3), [0.2, 0.4, 0.6])
    assert make_regularizer("non-uniform sum", 0.4, 3).strengths(3).tolist() == spread_strengths(
        0.4, 3
    )


def test_what_no_regularizer_is_made_of() -> None:
    with pytest.raises(ValueError, match=r"^name must be one of 'none', 'product', 'sum', 'non-un"):
        make_regularizer("ridge", 0.4, 3)
    with pytest.raises(ValueError, match=r"^lam must be"):
        make_regularizer("none", -1, 3)
    with pytest.raises(ValueError, match=r"^lams must be positive"):
        make_regularizer("non-uniform sum", 0, 3)
    with pytest.raises(TypeError, match=r"^n_components must be"):
        make_regularizer("sum", 0.4, 3.0)  # type: ignore[arg-type]


@pytest.mark.parametrize("regularizer", [ProductL2(0.3), SumL2(0.3), NonuniformSumL2([0.3, 0.1])])
def test_strengths_cannot_be_changed_behind_what_follows_from_them(
    regularizer: Regularizer,
) -> None:
    for name in ("lam", "lams", "map_strength", "invariance_group", "name"):
        with pytest.raises(AttributeError):
            setattr(regularizer, name, 3.0)
    given = np.array([0.3, 0.1])
    own = NonuniformSumL2(given)
    given[0] = 5.0
    assert_array_equal(own.lams, [0.3, 0.1])
    with pytest.raises(ValueError, match="read-only"):
        own.lams[0] = 5.0
    own.strengths(2)[0] = 5.0
    assert_array_equal(own.strengths(2), [0.3, 0.1])


def test_equal_strengths_make_equal_regularizers() -> None:
    twice = [
        [Unregularized(), ProductL2(0.3), SumL2(0.3), NonuniformSumL2([0.3, 0.1])] for _ in range(2)
    ]
    assert twice[0] == twice[1]
    assert len({*twice[0], *twice[1], SumL2(0.4), NonuniformSumL2([0.1, 0.3])}) == 6
    assert len({ProductL2(0.3), SumL2(0.3)}) == 2
    assert repr(twice[0]) == (
        "[Unregularized(), ProductL2(0.3), SumL2(0.3), NonuniformSumL2([0.3, 0.1])]"
    )


@pytest.mark.parametrize("regularizer", [ProductL2(0), SumL2(0), NonuniformSumL2([0.1, 0.2])])
def test_a_variance_of_zero_is_given_up_with_any_strength(regularizer: Regularizer) -> None:
    assert regularizer.map_singular_values([1.0, 0.0])[1] == 0
    assert regularizer.minimum_loss([1.0, 0.0], 2) == pytest.approx(
        1 - (0.9**2 if isinstance(regularizer, NonuniformSumL2) else 1)
    )
