"""Principal component analysis: eigenvectors of the covariance, or the thin SVD of wide data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import SupportsIndex

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray, check_count, check_matrix
from lae_helpers._sources import Data, as_source
from lae_helpers.moments import moments_of


@dataclass(frozen=True)
class PCA:
    """The leading part of a principal component analysis.

    Attributes
    ----------
    mean : ndarray, shape (n_features,)
    directions : ndarray, shape (n_features, n_components)
        Principal directions, orthonormal columns, by descending variance.
        In each the entry of largest magnitude is positive.
    variances : ndarray, shape (n_components,)
        Eigenvalues of the covariance, descending; squared singular values over n_samples.
    """

    mean: FloatArray
    directions: FloatArray
    variances: FloatArray

    def reconstruct(self, X: ArrayLike) -> FloatArray:
        """Encode and decode: ``mean + (X - mean) @ directions @ directions.T``, shape of ``X``."""
        X = check_matrix("X", X)
        if X.shape[1] != len(self.mean):
            raise ValueError(
                f"X must have {len(self.mean)} columns like the fitted data, but has {X.shape[1]}"
            )
        return self.mean + (X - self.mean) @ self.directions @ self.directions.T


def fit_pca(X: Data, k: SupportsIndex) -> PCA:
    """Find the ``k`` leading principal directions of ``X``.

    By the eigen-decomposition of the covariance; of fewer samples than features by the thin
    singular value decomposition of the centred data, which needs no n x n matrix.

    Parameters
    ----------
    X : array_like, torch.Tensor, iterable of batches, dask.array.Array or Moments
        Data, one sample a row; centred here. See `lae_helpers.moments.compute_moments` for data
        larger than memory.
    k : int
        Number of directions, from 1 to ``min(n_features, n_samples)``.

    Returns
    -------
    PCA

    Raises
    ------
    TypeError
        If ``k`` is not an integer or ``X`` does not hold real numbers.
    ValueError
        If ``k`` is out of range, or ``X`` has NaN, infinity, the wrong shape or one row only.

    References
    ----------
    H. Hotelling, "Analysis of a complex of statistical variables into principal components",
    Journal of Educational Psychology 24, 1933.

    Examples
    --------
    >>> from lae_helpers import synthetic_data
    >>> X = synthetic_data([3.0, 2.0, 1.0], n_samples=10)
    >>> pca = fit_pca(X, 2)
    >>> pca.variances.round(6)  # squared singular values over n_samples
    array([0.9, 0.4])
    >>> pca.directions.shape
    (3, 2)
    """
    k = check_count("k", k)
    source = as_source(X)
    _check_sides(k, source.shape)
    moments = moments_of(source)
    _check_sides(k, moments.shape)
    variances, directions = moments.leading_pairs(k)
    return PCA(moments.mean, fix_signs(directions), variances)


def _check_sides(k: int, shape: tuple[float, float]) -> None:
    """Raise a ValueError if k is larger than a side of the data that is known already."""
    known = [int(side) for side in shape if not math.isnan(side)]
    check_count("k", k, at_most=min(known, default=k), why=" (the smaller side of X)")


def fix_signs(directions: FloatArray) -> FloatArray:
    """Flip columns so that in each the entry of largest magnitude is positive."""
    largest = np.abs(directions).argmax(axis=0)
    entries = directions[largest, np.arange(directions.shape[1])]
    return directions * np.where(entries < 0, -1.0, 1.0)
