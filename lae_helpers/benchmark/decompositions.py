"""Solvers that are library routines: exact and randomised decompositions."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import torch

from lae_helpers._checks import FloatArray
from lae_helpers.benchmark.spare import covariance_of
from lae_helpers.benchmark.timer import ConvergenceTimer, SolverSettings
from lae_helpers.moments import compute_moments
from lae_helpers.pca import fit_pca

EFFORTS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 14, 20, 28, 40)


def run_thin_svd(X: FloatArray, k: int, timer: ConvergenceTimer, _: SolverSettings) -> None:
    """Decompose the centred data by LAPACK.

    Parameters
    ----------
    X, k, timer
        As a `Solver` is run with them.
    """
    right = np.linalg.svd(X - X.mean(axis=0), full_matrices=False).Vh
    timer.measure(lambda: right[:k].T, passes=math.nan)


def run_eigh(X: FloatArray, k: int, timer: ConvergenceTimer, _: SolverSettings) -> None:
    """Decompose the covariance, as the book does.

    Parameters
    ----------
    X, k, timer
        As a `Solver` is run with them.
    """
    moments = compute_moments(X)
    timer.note_covariance()
    directions = fit_pca(moments, k).directions
    timer.measure(lambda: directions, passes=1)


def run_leading_eigh(X: FloatArray, k: int, timer: ConvergenceTimer, _: SolverSettings) -> None:
    """Let LAPACK find the leading eigenvectors of the covariance only.

    Parameters
    ----------
    X, k, timer
        As a `Solver` is run with them.
    """
    from scipy.linalg import eigh

    C = compute_moments(X).covariance
    timer.note_covariance()
    leading = eigh(C, subset_by_index=[len(C) - k, len(C) - 1])[1]
    timer.measure(lambda: leading[:, ::-1], passes=1)


def run_lanczos(
    X: FloatArray,
    k: int,
    timer: ConvergenceTimer,
    settings: SolverSettings,
    *,
    dtype: type = np.float64,
) -> None:
    """Let ARPACK find the leading eigenvectors of the covariance by Lanczos.

    Parameters
    ----------
    X, k, timer, settings
        As a `Solver` is run with them.
    dtype : type
        Of the numbers that are computed with.
    """
    from scipy.sparse.linalg import eigsh

    C = covariance_of(X.astype(dtype, copy=False))
    timer.note_covariance()
    start = np.random.default_rng(settings.seed).standard_normal(len(C))
    values, vectors = eigsh(C, k, v0=start.astype(C.dtype))
    timer.measure(lambda: vectors[:, np.argsort(-values)], passes=1)


def run_scikit(
    X: FloatArray, k: int, timer: ConvergenceTimer, settings: SolverSettings, *, solver: str
) -> None:
    """Let scikit-learn decompose the data by one of its solvers.

    Parameters
    ----------
    X, k, timer, settings
        As a `Solver` is run with them.
    solver : str
        scikit-learn's ``svd_solver``.
    """
    from sklearn.decomposition import PCA

    components = PCA(k, svd_solver=solver, random_state=settings.seed).fit(X).components_
    timer.pause()
    passes = {"full": math.nan, "covariance_eigh": 1.0}.get(solver)
    if passes is None:
        passes = _count_arpack_passes(X, k, settings.seed)
    timer.measure(lambda: components.T, passes=passes)


def run_scikit_randomized(
    X: FloatArray,
    k: int,
    timer: ConvergenceTimer,
    settings: SolverSettings,
    *,
    spare: int = 10,
    dtype: type = np.float64,
) -> None:
    """Let scikit-learn project the data, with more and more power iterations.

    Parameters
    ----------
    X, k, timer, settings
        As a `Solver` is run with them.
    spare : int
        Columns beyond k that are projected on.
    dtype : type
        Of the numbers that are computed with.
    """
    from sklearn.decomposition import PCA

    for q in EFFORTS:
        timer.restart()
        pca = PCA(
            k, svd_solver="randomized", iterated_power=q, n_oversamples=spare,
            random_state=settings.seed,
        ).fit(X.astype(dtype, copy=False))  # fmt: skip
        if timer.measure(partial(np.transpose, pca.components_), passes=2 * q + 3, steps=q):
            return


def run_torch_lowrank(
    X: FloatArray, k: int, timer: ConvergenceTimer, settings: SolverSettings
) -> None:
    """Let torch project: by its defaults q = 2 on k columns, then more on twice as many.

    Parameters
    ----------
    X, k, timer, settings
        As a `Solver` is run with them.
    """
    wide = min(2 * k, *X.shape)
    for columns, q in ((k, 2), *((wide, q) for q in EFFORTS if q >= 2)):
        timer.restart()
        torch.manual_seed(settings.seed)
        right = torch.pca_lowrank(torch.from_numpy(X), q=columns, niter=q)[2]
        if timer.measure(right[:, :k].numpy, passes=2 * q + 3, steps=q):
            return


def _count_arpack_passes(X: FloatArray, k: int, seed: int) -> int:
    """Return how often each sample is read by the call that scikit-learn makes of ARPACK."""
    from scipy.sparse.linalg import LinearOperator, svds

    centred, products = X - X.mean(axis=0), [0]

    def count(matrix: FloatArray, vector: FloatArray) -> FloatArray:
        products[0] += 1
        product: FloatArray = matrix @ vector
        return product

    counted = LinearOperator(
        X.shape, partial(count, centred), partial(count, centred.T), dtype=np.float64
    )
    start = np.random.RandomState(seed).uniform(-1, 1, min(X.shape))
    svds(counted, k=k, v0=start)
    return products[0] + 1
