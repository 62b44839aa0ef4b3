"""The autoencoder at its fastest: spare columns, no penalty, few exact iterations, then an SVD.

Encoder and decoder are each other's transposes with orthonormal columns. Which basis an iteration
chooses makes no difference to what is read in the end, so it is the one of a QR or SVD. NumPy
throughout, in the precision asked for; `lae_helpers.training.alternating` passes through the same
spans.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from lae_helpers._checks import FloatArray
from lae_helpers.benchmark.timer import ConvergenceTimer, SolverSettings

N_SPARE, N_SPARE_OF_SAMPLE, N_KEPT = 30, 36, 8
SHARE, ITERATIONS_ON_SAMPLE, MOST_ITERATIONS = 10, 3, 40


def run_spare(
    X: FloatArray,
    k: int,
    timer: ConvergenceTimer,
    settings: SolverSettings,
    *,
    dtype: type = np.float64,
) -> None:
    """Build the covariance and iterate on it; Ritz vectors are read.

    Parameters
    ----------
    X, k, timer, settings
        As a `Solver` is run with them.
    dtype : type
        Of the numbers that are computed with.
    """
    C = covariance_of(X.astype(dtype, copy=False))
    timer.note_covariance()
    Q = _draw(C, k + N_SPARE, settings.seed)
    for step in range(1, MOST_ITERATIONS + 1):
        Q = np.linalg.qr(C @ Q).Q
        if timer.measure(partial(ritz_vectors, C, Q, k), passes=1, steps=step):
            return


def run_from_sample(
    X: FloatArray,
    k: int,
    timer: ConvergenceTimer,
    settings: SolverSettings,
    *,
    dtype: type = np.float64,
) -> None:
    """Begin with the covariance of a tenth of the samples; finish on all, without a covariance.

    From the second iteration on all samples only few spare columns are kept. What is read is the
    SVD of the decoder before it is made orthonormal.

    Parameters
    ----------
    X, k, timer, settings
        As a `Solver` is run with them.
    dtype : type
        Of the numbers that are computed with.
    """
    X = X.astype(dtype, copy=False)
    width = min(k + N_SPARE_OF_SAMPLE, X.shape[1])
    size = min(len(X), max(len(X) // SHARE, 2 * width))
    C = covariance_of(X[np.random.default_rng(settings.seed).choice(len(X), size, replace=False)])
    timer.note_covariance()
    Q = _draw(C, width, settings.seed)
    for _ in range(ITERATIONS_ON_SAMPLE):
        Q = np.linalg.qr(C @ Q).Q
    mean = X.mean(axis=0)
    for step in range(1, MOST_ITERATIONS + 1):
        decoder = X.T @ (X @ Q - mean @ Q)
        Q = np.linalg.svd(decoder, full_matrices=False).U[:, : k + N_KEPT]
        passes = 1 + size / len(X) + 2 * step
        if timer.measure(partial(_leading, Q, k), passes=passes, steps=step):
            return


def covariance_of(X: FloatArray) -> FloatArray:
    """Return the covariance in the precision of the data, shape (n_features, n_features)."""
    centred = X - X.mean(axis=0)
    covariance: FloatArray = centred.T @ centred
    covariance /= len(X)
    return covariance


def ritz_vectors(C: FloatArray, Q: FloatArray, k: int) -> FloatArray:
    """Return the k leading Ritz vectors of C in the span of the orthonormal columns of Q.

    Parameters
    ----------
    C : ndarray, shape (n, n)
        Symmetric.
    Q : ndarray, shape (n, width)
        Orthonormal columns.
    k : int
        At most the width.

    Returns
    -------
    ndarray, shape (n, k)
        Orthonormal columns, by descending Ritz value.
    """
    turned = np.linalg.eigh(Q.T @ (C @ Q)).eigenvectors[:, : -k - 1 : -1]
    found: FloatArray = Q @ turned
    return found


def _draw(C: FloatArray, width: int, seed: int) -> FloatArray:
    """Return starting weights, in the precision of C, as many columns as it can have."""
    shape = len(C), min(width, len(C))
    return np.random.default_rng(seed).standard_normal(shape).astype(C.dtype)


def _leading(Q: FloatArray, k: int) -> FloatArray:
    return Q[:, :k]
