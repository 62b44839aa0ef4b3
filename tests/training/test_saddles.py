"""A strict saddle is not called a minimum: where training stands at one it goes on, or says so."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lae_helpers import (
    LinearAutoencoder,
    NonuniformSumL2,
    ProductL2,
    Regularizer,
    SumL2,
    Unregularized,
    fit,
    fit_pca,
    synthetic_data,
)
from lae_helpers.errors import ConvergenceWarning
from lae_helpers.training import History

VARIANCES = np.arange(6.0, 0.0, -1.0) ** 2
X = synthetic_data(7 * np.sqrt(VARIANCES), 49)
U = fit_pca(X, 6).directions
WAYS: dict[str, dict[str, Any]] = {
    "lbfgs": {"optimizer": "lbfgs"},
    "gradient_descent": {"optimizer": "gradient_descent"},
    "alternating": {"optimizer": "alternating"},
    "tied": {"optimizer": "alternating", "tied": True},
    "adam": {
        "optimizer": "adam", "epochs": 40, "batch_size": 49, "learning_rate": 1e-2,
        "max_steps": None, "progress": False,
    },
}  # fmt: skip
LADDER = [Unregularized(), ProductL2(0.7), SumL2(0.7), NonuniformSumL2([0.4, 0.8, 1.6])]
EACH = pytest.mark.parametrize(
    ("way", "rung"),
    [
        pytest.param(way, rung, id=f"{way}, {rung.name}")
        for way in WAYS
        for rung in LADDER
        if way != "tied" or rung.name in {"none", "sum"}
    ],
)


def model_with(encoder: torch.Tensor, decoder: torch.Tensor, *, bias: bool) -> LinearAutoencoder:
    model = LinearAutoencoder(6, 3, bias=bias)
    with torch.no_grad():
        model.encoder.weight.copy_(encoder)
        model.decoder.weight.copy_(decoder)
    return model


def run(
    model: LinearAutoencoder,
    rung: Regularizer,
    way: str,
    **options: Any,  # noqa: ANN401
) -> tuple[History, list[str]]:
    """Train; return the record and what was said."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        options = {"max_steps": 3000, "tolerance": 1e-5} | options | WAYS[way]
        history = fit(model, X, rung, **options)
    assert all(one.category is ConvergenceWarning for one in said)
    return history, [str(one.message) for one in said]


@EACH
@settings(max_examples=4, deadline=None)
@given(sizes=st.tuples(st.floats(-6, 0), st.floats(-6, 0)), seed=st.integers(0, 99))
def test_from_a_small_start_converged_means_the_minimum(
    way: str, rung: Regularizer, sizes: tuple[float, float], seed: int
) -> None:
    start = LinearAutoencoder(6, 3, seed=seed)
    encoder, decoder = (10**size for size in sizes)
    model = model_with(
        encoder * start.encoder.weight, decoder * start.decoder.weight, bias=seed % 2 == 0
    )
    history, said = run(model, rung, way, max_steps=1000)
    height = history.losses[-1] - rung.minimum_loss(VARIANCES, 3)
    assert history.steps[-1] > 0
    assert height < 0.03 or not history.converged
    assert history.converged or way == "adam" or len(said) == 1


@pytest.mark.parametrize("scale", [1e-6, 1e-3])
@pytest.mark.parametrize("way", ["lbfgs", "gradient_descent", "alternating", "tied"])
def test_from_a_small_start_it_goes_on_to_the_minimum(way: str, scale: float) -> None:
    start = LinearAutoencoder(6, 3)
    model = model_with(scale * start.encoder.weight, scale * start.decoder.weight, bias=True)
    history, said = run(model, SumL2(0.7), way, max_steps=20_000)
    assert history.converged
    assert not said
    assert history.losses[-1] == pytest.approx(SumL2(0.7).minimum_loss(VARIANCES, 3), abs=1e-6)


@EACH
@pytest.mark.parametrize("bias", [True, False])
def test_at_zero_weights_it_says_so(way: str, rung: Regularizer, bias: bool) -> None:
    history, said = run(model_with(torch.zeros(3, 6), torch.zeros(6, 3), bias=bias), rung, way)
    if way == "tied" and rung.name == "none":  # its step makes any decoder orthonormal
        assert history.losses[-1] < VARIANCES.sum()
        return
    assert not history.converged
    assert history.losses[-1] == pytest.approx(VARIANCES.sum())
    assert len(said) == 1
    assert "steps at a saddle point" in said[0]
    assert "start from other weights" in said[0]


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.name)
@pytest.mark.parametrize("used", [(0, 1, 3), (0, 2, 5), (3, 4, 5), (0, 1)])
@pytest.mark.parametrize("way", ["lbfgs", "gradient_descent", "alternating"])
def test_a_critical_point_with_the_wrong_directions_is_a_saddle(
    way: str, used: tuple[int, ...], rung: Regularizer
) -> None:
    variances = VARIANCES[list(used)]
    strengths = rung.strengths(3)[np.argsort(rung.strengths(3))][: len(used)]
    squares = np.clip(1 - strengths / variances, 0, 1) * (
        variances / (variances + rung.map_strength)
    )
    columns = np.zeros((6, 3))
    places = np.argsort(rung.strengths(3))[: len(used)]
    columns[:, places] = U[:, list(used)] * np.sqrt(squares)
    weight = torch.tensor(columns)
    model = model_with(weight.T, weight, bias=False)
    history, said = run(model, rung, way, max_steps=20, tolerance=1e-6)
    height = history.losses[-1] - rung.minimum_loss(VARIANCES, 3)
    assert history.losses[0] > rung.minimum_loss(VARIANCES, 3) + 0.5
    assert height < 1e-6 or not history.converged
    assert history.converged == (not said)


@EACH
def test_the_minimum_itself_is_no_saddle(way: str, rung: Regularizer) -> None:
    """Whatever the weights are that it comes in: a G of condition 100 where the loss allows one."""
    singular_values = rung.map_singular_values(VARIANCES[:3]) ** 0.5
    weight = U[:, :3] * singular_values
    places = np.argsort(np.argsort(rung.strengths(3)))
    weight = weight[:, places]
    G = (
        np.diag([10.0, 1.0, 0.1])
        if rung.invariance_group == "GL(k)" and way != "tied"
        else np.eye(3)
    )
    encoder, decoder = torch.tensor(np.linalg.inv(G) @ weight.T), torch.tensor(weight @ G)
    history, said = run(model_with(encoder, decoder, bias=True), rung, way, tolerance=1e-8)
    assert history.converged
    assert not said
    assert history.steps[-1] <= 1


def test_a_callback_that_stops_at_a_saddle_is_obeyed_in_silence() -> None:
    model = model_with(torch.zeros(3, 6), torch.zeros(6, 3), bias=True)
    assert not fit(model, X, callback=lambda *_: True).converged
    assert not fit(model, X, tolerance=0).converged
