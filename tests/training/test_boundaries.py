"""What happens exactly at the edge: no variance, singular values of one, rounding errors alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from lae_helpers import (
    LinearAutoencoder,
    NonuniformSumL2,
    ProductL2,
    Recovered,
    Regularizer,
    SumL2,
    Unregularized,
    fit,
    fit_pca,
    rayleigh_ritz,
    synthetic_data,
)
from lae_helpers._sources import as_source
from lae_helpers.moments import ThinMoments, compute_moments, moments_of
from lae_helpers.training.alternating import alternate
from lae_helpers.training.coordinates import Coordinates
from lae_helpers.training.matrices import Diagonal
from lae_helpers.training.objective import EPS, Objective


@pytest.mark.parametrize("value", [0.1, 1 / 3, -7e8 / 3, 1e-300])
@pytest.mark.parametrize("n_samples", [3, 10, 49])
def test_constant_data_have_no_variance_at_all(value: float, n_samples: int) -> None:
    """The mean of equal numbers may be off by rounding, the samples less their mean may not."""
    X = np.full((n_samples, 2), value)
    for data in (X, [X[:1], X[1:]]):
        moments = compute_moments(data)
        assert_array_equal(moments.covariance, 0)
        assert_allclose(moments.mean, value, rtol=1e-15)
    assert_array_equal(fit_pca(X, 2).variances, 0)


def test_a_constant_column_beside_others_is_none_of_the_directions() -> None:
    X = synthetic_data([3.0, 2.0], 20)
    X = np.column_stack([X, np.full(20, 1e9 / 3)])
    pca = fit_pca(X, 2)
    assert_array_equal(pca.directions[2], 0)
    model = LinearAutoencoder(3, 2)
    history = fit(model, X, SumL2(0.01), max_steps=5000)
    assert history.converged
    assert float(model.decoder.weight[2].detach().abs().max()) < 1e-6


@pytest.mark.parametrize(
    ("regularizer", "expected"),
    [
        (SumL2(0), [1, 1, 0]), (ProductL2(0), [1, 1, 0]), (Unregularized(), [1, 1, 1]),
        (SumL2(1.0), [0.5, 0, 0]), (SumL2(2.0), [0, 0, 0]), (ProductL2(1.0), [2 / 3, 0.5, 0]),
        (NonuniformSumL2([2.0, 1.0, 0.5]), [0.75, 0, 0]),
    ],
    ids=repr,
)  # fmt: skip
def test_shrinkage_at_its_edges(regularizer: Regularizer, expected: list[float]) -> None:
    """A variance equal to the strength is given up, and so is one of zero with no strength."""
    assert_array_equal(regularizer.map_singular_values([2.0, 1.0, 0.0]), expected)


def test_a_singular_value_of_one_is_at_no_minimum() -> None:
    def recovered(value: float) -> Recovered:
        return Recovered(np.eye(2)[:, :1], np.array([value]))

    assert recovered(np.nextafter(1, 0)).variances(0.3) > 1e14
    assert_array_equal(recovered(0.0).variances(0.3), 0.3)
    for value in (1.0, np.nextafter(1, 2)):
        with pytest.raises(ValueError, match=r"^singular_values must be below one"):
            recovered(value).variances(0.3)


def test_ritz_values_are_never_negative() -> None:
    rng = np.random.default_rng(0)
    for seed in range(30):
        direction = rng.normal(size=6)
        ritz = rayleigh_ritz(LinearAutoencoder(6, 4, seed=seed), np.outer(direction, direction))
        assert (ritz.variances >= 0).all()
        assert ritz.variances[0] > 0


@pytest.mark.parametrize("regularizer", [ProductL2(0.7), Unregularized()], ids=repr)
@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("seed", range(6))
def test_dependent_columns_count_as_such(regularizer: Regularizer, size: float, seed: int) -> None:
    """The encoder is the one of least norm, in which rounding errors are not taken for a column."""
    rng = np.random.default_rng(seed)
    columns = size * rng.normal(size=(2, 6))
    decoder = np.vstack([columns, columns[:1] + 3 * columns[1:]])
    spectrum = np.array([0.0, 0.0, 0.5, 1.0, 2.0, 4.0])
    objective = Objective(Diagonal(torch.tensor(spectrum)), regularizer, 3, scale=1.0)
    start = objective.at(torch.tensor(np.stack([decoder, decoder])))
    found = next(alternate(objective, start, max_steps=1, tied=False)).weights[0].numpy()
    shrunk = np.diag(spectrum / np.where(spectrum > 0, spectrum + regularizer.map_strength, 1))
    if regularizer.map_strength == 0:
        shrunk = np.eye(6)
    expected = np.linalg.pinv(decoder.T, rcond=1e-10) @ shrunk
    assert_allclose(found, expected, atol=1e-6 / size)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("n_samples", [4, 5, 6, 40])
def test_pca_up_to_the_last_direction(k: int, n_samples: int) -> None:
    """Rank 3: with k = 3 the next variance is zero, with k = n nothing is left."""
    rng = np.random.default_rng(0)
    start = np.column_stack([np.ones(n_samples), rng.normal(size=(n_samples, 3))])
    rows = np.linalg.qr(start).Q[:, 1:]
    X = rows * [5.0, 3.0, 1.0] @ np.linalg.qr(rng.normal(size=(5, 5))).Q[:3] + 2
    if k > n_samples:
        with pytest.raises(ValueError, match=r"^k must be between 1 and 4"):
            fit_pca(X, k)
        return
    pca = fit_pca(X, k)
    expected = np.array([25, 9, 1, 0, 0])[:k] / n_samples
    assert_allclose(pca.variances, expected, atol=1e-13)
    assert_allclose(pca.directions.T @ pca.directions, np.eye(k), atol=1e-12)
    left = np.square(X - pca.reconstruct(X)).sum()
    assert left == pytest.approx(np.array([25, 9, 1])[k:].sum(), abs=1e-10)


@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating"])
@pytest.mark.parametrize("k", [3, 4, 5])
def test_as_wide_as_the_data_or_wider(optimizer: str, k: int) -> None:
    """With k = rank, and k = n, nothing of the data is left over."""
    rng = np.random.default_rng(0)
    X = synthetic_data([5.0, 4.0, 3.0], 20) @ np.linalg.qr(rng.normal(size=(5, 5))).Q[:3]
    history = fit(LinearAutoencoder(5, k), X, optimizer=optimizer, max_steps=5000, tolerance=1e-7)
    assert history.converged
    assert history.losses[-1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("tolerance", [1e-3, None])
@pytest.mark.parametrize(("share", "steps"), [(0.999, [0]), (1.001, [0, 1])])
def test_biases_count_by_their_gradient(
    share: float, steps: list[int], tolerance: float | None
) -> None:
    """Twice the error of the reconstructed mean, in units in which the mean square is one."""
    X = synthetic_data([6.0, 5.0, 4.0, 3.0], 20)
    model = LinearAutoencoder(4, 2)
    fit(model, X, SumL2(0.1))
    options: dict[str, Any] = {} if tolerance is None else {"tolerance": tolerance}
    with torch.no_grad():
        model.decoder.bias[1] += share * (tolerance or 1e-8) / 2 * np.sqrt(np.square(X).sum() / 20)
    assert fit(model, X, SumL2(0.1), **options).steps.tolist() == steps


@pytest.mark.parametrize("kind", ["one entry", "equal entries", "any entries"])
def test_a_slope_is_judged_by_its_largest_entry_in_pixels(kind: str) -> None:
    """Not by one in the axes that wide data and the weights span."""
    n, k = 12, 2
    rows = np.eye(n)[:3] + np.ones(n)
    model = LinearAutoencoder(n, k, bias=False)
    with torch.no_grad():
        model.encoder.weight.copy_(torch.eye(n)[:k])
        model.decoder.weight.copy_(torch.ones(n, k))
    moments = moments_of(as_source(rows))
    assert isinstance(moments, ThinMoments)
    coordinates = Coordinates(model, moments)
    coordinates.drop_what_nothing_reaches()
    gradient = coordinates.weights()
    assert gradient.shape[2] < n
    if kind == "one entry":
        gradient[1] = 0.0
    elif kind == "equal entries":
        gradient[0] = 0.0
    else:
        gradient = torch.randn(gradient.shape, generator=torch.manual_seed(0)).double()
    coordinates.place(gradient)
    largest = max(parameter.abs().max().item() for parameter in model.parameters())
    assert coordinates.slope_is_at_most(1.0001 * largest, gradient)
    assert not coordinates.slope_is_at_most(0.9999 * largest, gradient)


def test_a_height_that_rounding_explains_is_no_saddle() -> None:
    """One digit a feature, times the square of what the products of the weights may be."""
    weights = torch.zeros(2, 1, 50, dtype=torch.float64)
    weights[:, 0, 0] = 1.0
    objective = Objective(Diagonal(torch.ones(50).double() / 50), Unregularized(), 1, scale=1.0)
    lowest = replace(objective.at(weights), gradient=torch.zeros_like(weights))
    for digits, high in ((0, False), (190, False), (210, True)):  # 50 features, (1 + 1)^2
        point = replace(lowest, loss=objective.minimum + digits * EPS)
        assert objective.is_saddle(point) == high
