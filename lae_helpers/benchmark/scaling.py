"""How the cost of four solvers grows with the size of the problem: measured, and counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from sklearn.utils.extmath import randomized_svd

from lae_helpers._checks import FloatArray, check_count
from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.pca import fit_pca
from lae_helpers.regularizers import SumL2
from lae_helpers.training import fit

N_TIED, N_POWER, N_SPARE = 30, 4, 10

Size = tuple[int, int, int]


@dataclass(frozen=True)
class Workload:
    """A fixed amount of work on data X, shape (n_samples, n_features), for k directions.

    Attributes
    ----------
    description : str
        What it does, in a few words.
    run : callable
        Called with X and k.
    count : callable
        Called with n_samples, n_features and k; gives the multiplications to leading order.
    """

    description: str
    run: Callable[[FloatArray, int], object]
    count: Callable[[int, int, int], float]


def _decompose(X: FloatArray, _k: int) -> object:
    return np.linalg.svd(X - X.mean(axis=0), full_matrices=False)


def _train_tied(X: FloatArray, k: int) -> object:
    return fit(
        LinearAutoencoder(X.shape[1], k), X, SumL2(0.1), optimizer="alternating", tied=True,
        max_steps=N_TIED, tolerance=0,
    )  # fmt: skip


def _project_and_iterate(X: FloatArray, k: int) -> object:
    return randomized_svd(
        X - X.mean(axis=0), k, n_oversamples=N_SPARE, n_iter=N_POWER, random_state=0
    )


WORKLOADS = MappingProxyType({
    "SVD of the data": Workload(
        "all of it, thin", _decompose, lambda N, n, _: N * n**2
    ),
    "eigh of the covariance": Workload(
        "covariance, and all its eigenvectors", fit_pca, lambda N, n, _: N * n**2 / 2 + 5 * n**3
    ),
    "autoencoder": Workload(
        f"covariance, and {N_TIED} tied iterations", _train_tied,
        lambda N, n, k: N * n**2 / 2 + N_TIED * n**2 * k,
    ),
    "randomised SVD": Workload(
        f"{N_POWER} iterations on the data, {N_SPARE} spare columns", _project_and_iterate,
        lambda N, n, k: 2 * (N_POWER + 1) * N * n * (k + N_SPARE),
    ),
})  # fmt: skip


def measure_grid(sizes: Sequence[Size], *, repeats: int = 2) -> FloatArray:
    """Return how long each of ``WORKLOADS`` takes on random data of several sizes.

    Parameters
    ----------
    sizes : sequence of (n_samples, n_features, k)
    repeats : int
        Of several calls the least time counts.

    Returns
    -------
    ndarray, shape (n_methods, n_sizes)
        Seconds of processor time.

    Raises
    ------
    TypeError, ValueError
        If a size or the number of repeats is no whole number of at least one.
    """
    calls = range(check_count("repeats", repeats))
    columns = []
    for size in sizes:
        N, n, k = (
            check_count(name, number)
            for name, number in zip(("n_samples", "n_features", "k"), size, strict=True)
        )
        X = np.random.default_rng(0).standard_normal((N, n))
        columns.append(
            [min(_time(workload, X, k) for _ in calls) for workload in WORKLOADS.values()]
        )
    return np.transpose(columns)


def count_grid(sizes: Sequence[Size]) -> FloatArray:
    """Return how many multiplications each of ``WORKLOADS`` takes, to leading order.

    The constant of five for the cube in ``eigh`` is a rough fit, the others are counted.

    Parameters
    ----------
    sizes : sequence of (n_samples, n_features, k)

    Returns
    -------
    ndarray, shape (n_methods, n_sizes)
    """
    return np.array([[workload.count(*size) for size in sizes] for workload in WORKLOADS.values()])


def _time(workload: Workload, X: FloatArray, k: int) -> float:
    start = time.process_time()
    workload.run(X, k)
    return time.process_time() - start
