"""Dask arrays as filters leave them: of unknown length, with blocks that hold nothing."""

from __future__ import annotations

import dask.array as da
import numpy as np
import pytest

from lae_helpers import LinearAutoencoder, ProductL2, fit, fit_pca


@pytest.fixture
def filtered() -> tuple[da.Array, np.ndarray]:
    """Give rows that were picked out of a Dask array, and the same rows in memory."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 5)) * [3.0, 2.0, 1.0, 0.5, 0.2] + 7.0
    keep = np.zeros(60, dtype=bool)
    keep[[5, 6, 7, 8, 9, 10, 45, 46, 50, 51, 52, 59]] = True  # none of the third block of 13
    picked = da.from_array(X, chunks=(13, 5))[da.from_array(keep, chunks=13)]
    assert np.isnan(picked.shape[0])
    return picked, X[keep]


def test_pca_of_a_filtered_array(filtered: tuple[da.Array, np.ndarray]) -> None:
    picked, rows = filtered
    found, expected = fit_pca(picked, 3), fit_pca(rows, 3)
    np.testing.assert_allclose(found.mean, expected.mean, atol=1e-13)
    np.testing.assert_allclose(found.variances, expected.variances, rtol=1e-12)
    overlaps = np.abs((found.directions * expected.directions).sum(axis=0))
    np.testing.assert_allclose(overlaps, 1, atol=1e-12)


def test_training_on_a_filtered_array(filtered: tuple[da.Array, np.ndarray]) -> None:
    picked, rows = filtered
    losses = []
    for data in (picked, rows):
        model = LinearAutoencoder(5, 2, seed=1)
        losses.append(fit(model, data, ProductL2(0.3)).losses[-1])
    assert losses[0] == pytest.approx(losses[1], rel=1e-10)
