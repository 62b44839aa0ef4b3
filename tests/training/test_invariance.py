"""What training must not depend on: unit, mean, sign, order, memory layout, dtype, kind of data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dask.array as da
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from torch.utils.data import DataLoader, TensorDataset

from lae_helpers import (
    LinearAutoencoder,
    NonuniformSumL2,
    ProductL2,
    Regularizer,
    SumL2,
    Unregularized,
    fit,
    fit_pca,
    reconstruction_loss,
)
from lae_helpers.moments import compute_moments

if TYPE_CHECKING:
    from collections.abc import Callable

    from lae_helpers._checks import FloatArray

K, LAM = 2, 0.3
# eighths, so that sums with whole numbers are exact; tall data and wide data
TALL = np.round(np.random.default_rng(0).normal(size=(40, 5)) * [9, 7, 4, 3, 2] * 8) / 8
WIDE = np.round(np.random.default_rng(1).normal(size=(7, 30)) * 16) / 8
WAYS: dict[str, dict[str, Any]] = {
    "lbfgs": {"optimizer": "lbfgs"},
    "gradient_descent": {"optimizer": "gradient_descent"},
    "alternating": {"optimizer": "alternating"},
    "tied": {"optimizer": "alternating", "tied": True},
}
LADDER: dict[str, Callable[[float], Regularizer]] = {
    "none": lambda _: Unregularized(),
    "product": ProductL2,
    "sum": SumL2,
    "non-uniform sum": lambda lam: NonuniformSumL2([lam, 2 * lam]),
}
CASES = [
    pytest.param(way, rung, id=f"{way}, {rung}")
    for way in WAYS
    for rung in LADDER
    if way != "tied" or rung in {"none", "sum"}
]
EACH = pytest.mark.parametrize(("way", "rung"), CASES)
DATA = pytest.mark.parametrize("X", [TALL, WIDE], ids=["tall", "wide"])
BIAS = pytest.mark.parametrize("bias", [True, False])


def train(
    X: Any,  # noqa: ANN401 - every kind of data
    regularizer: Regularizer,
    *,
    n: int,
    bias: bool = True,
    steps: int = 12,
    **options: Any,  # noqa: ANN401 - those of fit
) -> tuple[FloatArray, FloatArray, LinearAutoencoder]:
    """Take some steps; return the losses, all weights in one vector, and the model."""
    model = LinearAutoencoder(n, K, bias=bias, seed=3)
    options = {"max_steps": steps, "tolerance": 0} | options
    history = fit(model, X, regularizer, **options)
    weights = [layer.weight.detach().numpy().ravel() for layer in (model.encoder, model.decoder)]
    return history.losses, np.concatenate(weights), model


@EACH
@DATA
@BIAS
@settings(max_examples=4, deadline=None)
@given(unit=st.builds(lambda sign, e: sign * 10**e, st.sampled_from([1, -1]), st.floats(-12, 12)))
def test_the_unit_does_not_matter(
    X: FloatArray, bias: bool, way: str, rung: str, unit: float
) -> None:
    n = X.shape[1]
    options: dict[str, Any] = {"n": n, "bias": bias} | WAYS[way]
    losses, weights, model = train(X, LADDER[rung](LAM), **options)
    scaled, same, other = train(unit * X, LADDER[rung](LAM * unit**2), **options)
    assert_allclose(scaled[1:], unit**2 * losses[1:], rtol=1e-9, atol=1e-9 * unit**2)
    assert_allclose(same, weights, atol=1e-6)
    if bias:
        for one, two in ((model.encoder, other.encoder), (model.decoder, other.decoder)):
            assert_allclose(two.bias.detach(), unit * one.bias.detach(), atol=1e-5 * abs(unit))


@EACH
@DATA
@settings(max_examples=4, deadline=None)
@given(st.lists(st.integers(-(2**36), 2**36), min_size=30, max_size=30))
def test_the_mean_does_not_matter(X: FloatArray, way: str, rung: str, shift: list[int]) -> None:
    n = X.shape[1]
    losses, weights, _ = train(X, LADDER[rung](LAM), n=n, **WAYS[way])
    moved, same, _ = train(X + shift[:n], LADDER[rung](LAM), n=n, **WAYS[way])
    assert_allclose(moved[1:], losses[1:], rtol=1e-9)
    assert_allclose(same, weights, atol=1e-7)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("unit", [1e-12, 1e-5, 1e12])
@pytest.mark.parametrize("mean", [0, 1e9])
def test_it_arrives_in_any_unit_and_from_any_mean(way: str, unit: float, mean: float) -> None:
    X = unit * (TALL + mean * np.array([1, 0, -1, 0.5, 0]))
    variances, lam = fit_pca(X, 5).variances, unit**2
    model = LinearAutoencoder(5, K)
    history = fit(model, X, SumL2(lam), **WAYS[way], max_steps=20_000, tolerance=1e-7)
    assert history.converged
    assert history.losses[-1] == pytest.approx(SumL2(lam).minimum_loss(variances, K), rel=1e-9)
    assert fit(model, X, SumL2(lam), **WAYS[way], tolerance=1e-6).converged


@pytest.mark.parametrize("way", WAYS)
@DATA
def test_the_order_of_the_samples_does_not_matter(X: FloatArray, way: str) -> None:
    order = np.random.default_rng(0).permutation(len(X))
    losses, weights, _ = train(X, SumL2(LAM), n=X.shape[1], **WAYS[way])
    again, same, _ = train(X[order], SumL2(LAM), n=X.shape[1], **WAYS[way])
    assert_allclose(again, losses, rtol=1e-10)
    assert_allclose(same, weights, atol=1e-8)


def strided(X: FloatArray) -> FloatArray:
    wider = np.zeros((2 * len(X), 3 * X.shape[1]))
    wider[::2, ::3] = X
    return wider[::2, ::3]


def read_only(X: FloatArray) -> FloatArray:
    X = X.copy()
    X.flags.writeable = False
    return X


SAME: dict[str, Callable[[FloatArray], Any]] = {
    "Fortran": np.asfortranarray,
    "strided": strided,
    "backwards": lambda X: np.ascontiguousarray(X[::-1, ::-1])[::-1, ::-1],
    "read-only": read_only,
    "big-endian": lambda X: X.astype(">f8"),
    "float32": lambda X: X.astype(np.float32),
    "longdouble": lambda X: X.astype(np.longdouble),
    "nested lists": lambda X: X.tolist(),
    "tensor": torch.tensor,
    "float32 tensor": lambda X: torch.tensor(X).float(),
    "tensor with gradient": lambda X: torch.tensor(X, requires_grad=True),
    "transposed tensor": lambda X: torch.tensor(X.T.copy()).T,
    "generator": lambda X: (X[i : i + 3] for i in range(0, len(X), 3)),
    "list of batches": lambda X: [X[i : i + 3] for i in range(0, len(X), 3)],
    "DataLoader": lambda X: DataLoader(TensorDataset(torch.tensor(X)), batch_size=4),
    "Dask": lambda X: da.from_array(X, chunks=(3, 4)),
    "Dask, unknown chunks": lambda X: da.from_array(X, chunks=(3, -1))[
        da.from_array(X[:, 0] > -99)
    ],
    "moments": compute_moments,
}


@pytest.mark.parametrize("kind", SAME)
@pytest.mark.parametrize("way", WAYS)
@DATA
def test_the_kind_of_data_does_not_matter(X: FloatArray, way: str, kind: str) -> None:
    n, before = X.shape[1], X.copy()
    losses, weights, _ = train(X, SumL2(LAM), n=n, **WAYS[way])
    again, same, _ = train(SAME[kind](X), SumL2(LAM), n=n, **WAYS[way])
    assert_allclose(again, losses, rtol=1e-9)
    assert_allclose(same, weights, atol=1e-7)
    assert_array_equal(X, before)


@settings(max_examples=20, deadline=None)
@given(exponent=st.floats(-12, 12))
def test_sgd_without_biases_has_no_unit(exponent: float) -> None:
    """With them it has: b2 moves by the rate times the mean error, which is in the data's unit."""
    unit = 10**exponent
    options: dict[str, Any] = {
        "n": 5, "bias": False, "optimizer": "sgd", "batch_size": 8, "epochs": 3,
        "max_steps": None, "progress": False,
    }  # fmt: skip
    losses, weights, _ = train(TALL, SumL2(LAM), learning_rate=1e-4, **options)
    scaled, same, _ = train(
        unit * TALL, SumL2(LAM * unit**2), learning_rate=1e-4 / unit**2, **options
    )
    assert_allclose(scaled, unit**2 * losses, rtol=1e-10)
    assert_allclose(same, weights, atol=1e-10)


@settings(max_examples=20, deadline=None)
@given(exponent=st.floats(0, 12))
def test_adam_without_biases_has_no_unit_while_gradients_are_large(exponent: float) -> None:
    unit = 10**exponent
    options: dict[str, Any] = {
        "n": 5, "bias": False, "optimizer": "adam", "batch_size": 8, "epochs": 3,
        "max_steps": None, "progress": False,
    }  # fmt: skip
    _, weights, _ = train(TALL, SumL2(LAM), **options)
    _, same, _ = train(unit * TALL, SumL2(LAM * unit**2), **options)
    assert_allclose(same, weights, atol=1e-6)


@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating", "adam", "sgd"])
@pytest.mark.parametrize("of_model", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize("of_data", [torch.float64, torch.float32, torch.float16, torch.int32])
def test_one_rule_for_dtypes(of_data: torch.dtype, of_model: torch.dtype, optimizer: str) -> None:
    """Data of any dtype are taken everywhere, and the model keeps its own."""
    X, model = torch.tensor(TALL).round().to(of_data), LinearAutoencoder(5, K).to(of_model)
    quick: dict[str, Any] = {"max_steps": 5, "tolerance": 0}
    if optimizer in {"adam", "sgd"}:
        quick = {"epochs": 2, "learning_rate": 1e-4, "progress": False}
    fit(model, X, SumL2(LAM), optimizer=optimizer, **quick)
    assert {parameter.dtype for parameter in model.parameters()} == {of_model}
    found = [
        model(X),
        model.encode(X),
        model.decode(model.encode(X)),
        reconstruction_loss(model, X),
    ]
    assert {tensor.dtype for tensor in found} == {of_model}
    assert torch.equal(found[0], model(X.to(of_model)))


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating", "adam", "sgd"])
def test_the_mode_of_autograd_does_not_matter(optimizer: str, mode: Any) -> None:  # noqa: ANN401
    minibatches = optimizer in {"adam", "sgd"}
    options: dict[str, Any] = {"epochs": 2, "progress": False} if minibatches else {"max_steps": 4}
    ways = []
    for context in (torch.enable_grad, mode):
        model = LinearAutoencoder(5, K)
        with context():
            history = fit(
                model, torch.tensor(TALL), SumL2(LAM), optimizer=optimizer, tolerance=0, **options
            )
            assert torch.is_grad_enabled() == (context is torch.enable_grad)
        assert all(parameter.requires_grad for parameter in model.parameters())
        assert not any(parameter.is_inference() for parameter in model.parameters())
        ways.append(history.losses)
    assert_array_equal(ways[0], ways[1])
