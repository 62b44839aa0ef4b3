"""Directions out of weights: the bars of the book on MNIST, and the controls."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from numpy.testing import assert_allclose

from lae_helpers import (
    PCA,
    History,
    LinearAutoencoder,
    ProductL2,
    Recovered,
    Regularizer,
    SumL2,
    Unregularized,
    axis_alignment,
    fit,
    fit_pca,
    load_mnist,
    recover_from_decoder,
    recover_from_encoder,
    subspace_distance,
    synthetic_data,
    transpose_gap,
)
from lae_helpers.recovery import rayleigh_ritz
from tests.strategies import Problem, problems

K, LAM = 16, 0.3


class Trained(NamedTuple):
    """A model trained on the bundled sample, and what PCA says of it."""

    model: LinearAutoencoder
    history: History
    pca: PCA
    minimum: float


@pytest.fixture(scope="module")
def everything() -> PCA:
    return fit_pca(load_mnist()[0], 784)


def train(
    regularizer: Regularizer, everything: PCA, *, max_steps: int = 1000, tolerance: float = 1e-8
) -> Trained:
    """Train with the defaults of `fit`, on the images as they are."""
    X, _ = load_mnist()
    model = LinearAutoencoder(784, K)
    history = fit(model, X, regularizer, max_steps=max_steps, tolerance=tolerance)
    pca = PCA(everything.mean, everything.directions[:, :K], everything.variances[:K])
    return Trained(model, history, pca, regularizer.minimum_loss(everything.variances, K))


@pytest.fixture(scope="module")
def summed(everything: PCA) -> Trained:
    return train(SumL2(LAM), everything)


def test_the_sum_recovers_every_direction_of_mnist(summed: Trained) -> None:
    assert summed.history.converged
    for recovered in (recover_from_decoder(summed.model), recover_from_encoder(summed.model)):
        assert axis_alignment(recovered.directions, summed.pca.directions).min() >= 0.9999
        assert_allclose(recovered.directions, summed.pca.directions, atol=1e-3)  # signs too


def test_the_sum_has_the_predicted_spectrum(summed: Trained) -> None:
    theory = SumL2(LAM).decoder_singular_values(summed.pca.variances)
    assert theory is not None
    for recovered in (recover_from_decoder(summed.model), recover_from_encoder(summed.model)):
        assert_allclose(recovered.singular_values, theory, atol=1e-4)
        assert_allclose(recovered.variances(LAM), summed.pca.variances, rtol=1e-3)
    assert summed.history.losses[-1] == pytest.approx(summed.minimum, abs=1e-7)


def test_the_sum_learns_the_transpose(summed: Trained) -> None:
    assert transpose_gap(summed.model) <= 1e-3


@pytest.mark.parametrize(
    ("regularizer", "max_steps", "missing"),
    [(Unregularized(), 200, 1e-2), (ProductL2(LAM), 1000, 1e-6)],
    ids=["none", "product"],
)
def test_the_controls_reach_their_minima_and_recover_no_direction(
    regularizer: Regularizer, max_steps: int, missing: float, everything: PCA
) -> None:
    model, history, pca, minimum = train(regularizer, everything, max_steps=max_steps, tolerance=0)
    assert -1e-9 < history.losses[-1] - minimum < missing
    decoder, encoder = recover_from_decoder(model), recover_from_encoder(model)
    assert subspace_distance(decoder.directions, pca.directions) < 1e-3
    for recovered in (decoder, encoder):
        assert axis_alignment(recovered.directions, pca.directions).min() < 0.5
    assert transpose_gap(model) > 0.1


@pytest.mark.parametrize("bias", [True, False])
def test_recovery_on_synthetic_data(bias: bool) -> None:
    X = synthetic_data(np.arange(20.0, 0.0, -1.0), 21) + (3.0 if bias else 0.0)
    pca, lam = fit_pca(X, 10), 10 / 21
    model = LinearAutoencoder(20, 10, bias=bias)
    assert fit(model, X, SumL2(lam)).converged
    theory = SumL2(lam).decoder_singular_values(pca.variances)
    assert theory is not None
    for recovered in (recover_from_decoder(model), recover_from_encoder(model)):
        assert axis_alignment(recovered.directions, pca.directions).min() > 1 - 1e-8
        assert_allclose(recovered.singular_values, theory, atol=1e-6)
    assert transpose_gap(model) < 1e-5


@settings(max_examples=40, deadline=None)
@given(problems())
def test_conventions_of_what_is_recovered(problem: Problem) -> None:
    model = problem.model
    n, k = model.n_features, model.n_components
    W1, W2 = model.encoder.weight.detach().numpy(), model.decoder.weight.detach().numpy()
    for recovered, W in ((recover_from_decoder(model), W2), (recover_from_encoder(model), W1.T)):
        assert recovered.directions.shape == (n, k)
        assert (np.diff(recovered.singular_values) <= 0).all()
        U = recovered.directions
        assert_allclose(U.T @ U, np.eye(k), atol=1e-12)
        assert (U[np.abs(U).argmax(axis=0), np.arange(k)] > 0).all()
        assert_allclose(U * recovered.singular_values**2 @ U.T, W @ W.T, atol=1e-11)


def test_variances_invert_the_predicted_spectrum() -> None:
    variances = np.array([5.0, 2.0, 0.4, 0.3])
    theory = SumL2(0.4).decoder_singular_values(variances)
    assert theory is not None
    found = Recovered(np.eye(4), theory).variances(0.4)
    assert_allclose(found, [5.0, 2.0, 0.4, 0.4])  # what is given up shows the bound lam


def test_variances_need_weights_at_the_minimum() -> None:
    with pytest.raises(ValueError, match=r"^singular_values must be below one.* largest is 1.5:"):
        Recovered(np.eye(2), np.array([1.5, 0.5])).variances(0.3)


@pytest.mark.parametrize(
    ("lam", "kind"),
    [(0, ValueError), (-1, ValueError), (float("nan"), ValueError), ("1", TypeError)],
)
def test_bad_strength(lam: float, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"^lam must be"):
        Recovered(np.eye(1), np.array([0.5])).variances(lam)


def test_weights_that_are_not_finite_are_refused() -> None:
    model = LinearAutoencoder(3, 1)
    torch.nn.init.constant_(model.decoder.weight, float("nan"))
    with pytest.raises(ValueError, match=r"^the weight matrix must be finite"):
        recover_from_decoder(model)


@pytest.mark.parametrize("function", [recover_from_decoder, recover_from_encoder, transpose_gap])
def test_only_a_linear_autoencoder_will_do(
    function: Callable[[LinearAutoencoder], object],
) -> None:
    with pytest.raises(TypeError, match="model must be a LinearAutoencoder"):
        function(torch.nn.Linear(3, 2))  # type: ignore[arg-type]


def test_a_singular_value_of_exactly_one_has_no_variance() -> None:
    with pytest.raises(ValueError, match=r"^singular_values must be below one.* largest is 1:"):
        Recovered(np.eye(2), np.array([1.0, 0.5])).variances(0.3)


def test_rounding_makes_no_ritz_value_negative() -> None:
    """Of a covariance of rank one."""
    lowest = []
    for seed in range(60):
        v = np.random.default_rng(seed).normal(size=6)
        model = LinearAutoencoder(6, 4, seed=seed)
        lowest.append(rayleigh_ritz(model, np.outer(v, v)).variances.min())
    assert min(lowest) == 0
