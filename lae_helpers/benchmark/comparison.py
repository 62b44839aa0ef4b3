"""Solvers for the principal directions, run on the same data and timed."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import SupportsFloat, SupportsIndex

from lae_helpers._checks import (
    ArrayLike,
    check_choice,
    check_count,
    check_matrix,
    check_nonnegative,
    check_samples,
)
from lae_helpers.benchmark.solvers import SOLVERS
from lae_helpers.benchmark.timer import ConvergenceTimer, Measurement, SolverSettings
from lae_helpers.pca import fit_pca


@dataclass(frozen=True)
class Trajectory:
    """What one solver showed on its way, in order.

    The measurements of an autoencoder are of one computation; those of a randomised method are of
    computations from scratch, each with more iterations than the last.

    Attributes
    ----------
    name, family : str
    measurements : tuple of Measurement
    covariance : float
        Seconds of them that building a covariance took; NaN where the solver builds none.
    """

    name: str
    family: str
    measurements: tuple[Measurement, ...]
    covariance: float = math.nan

    @property
    def last(self) -> Measurement:
        """The last measurement."""
        return self.measurements[-1]


def run_solver(
    name: str,
    X: ArrayLike,
    k: SupportsIndex,
    *,
    reference: ArrayLike | None = None,
    goal: SupportsFloat | None = 0.9999,
    settings: SolverSettings | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Trajectory:
    """Run one solver and time it.

    Parameters
    ----------
    name : str
        One of ``SOLVERS``.
    X : array_like or torch.Tensor, shape (n_samples, n_features)
    k : int
        Number of directions, below both sides of X.
    reference : array_like, shape (n_features, k), optional
        The true directions; those of `fit_pca` if not given.
    goal : float, optional
        Stop when every ``|cos|`` is at least this; with None go on to the solver's own end.
    settings : SolverSettings, optional
    clock : callable
        See `lae_helpers.benchmark.timer.ConvergenceTimer`.

    Returns
    -------
    Trajectory

    Raises
    ------
    TypeError
        If ``k`` or ``goal`` is of the wrong kind.
    ValueError
        If the name is unknown or an argument is out of range.
    """
    solver = SOLVERS[check_choice("name", name, SOLVERS)]
    X = check_samples(X)
    k = check_count("k", k, at_most=min(X.shape) - 1, why=" (one less than the smaller side of X)")
    truth = fit_pca(X, k).directions if reference is None else check_matrix("reference", reference)
    if truth.shape != (X.shape[1], k):
        raise ValueError(f"reference must have the shape {(X.shape[1], k)}, not {truth.shape}")
    timer = ConvergenceTimer(
        truth, None if goal is None else check_nonnegative("goal", goal), clock
    )
    solver.run(X, k, timer, SolverSettings() if settings is None else settings)
    return Trajectory(name, solver.family, tuple(timer.measurements), timer.covariance)


def compare_solvers(
    X: ArrayLike,
    k: SupportsIndex,
    names: Iterable[str] | None = None,
    *,
    repeats: SupportsIndex = 1,
    goal: SupportsFloat | None = 0.9999,
    settings: SolverSettings | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Trajectory]:
    """Run several solvers on the same data, in turn; of repeated runs keep the median in time.

    Parameters
    ----------
    X : array_like or torch.Tensor, shape (n_samples, n_features)
    k : int
        Number of directions, below both sides of X.
    names : iterable of str, optional
        Of ``SOLVERS``; all of them if not given.
    repeats : int
        How often each is run, in turn with the others.
    goal : float, optional
    settings : SolverSettings, optional
    clock : callable
        As of `run_solver`.

    Returns
    -------
    dict of str to Trajectory
        In the order of ``names``.
    """
    X = check_samples(X)
    n_runs = check_count("repeats", repeats)
    truth = fit_pca(X, k).directions
    run = partial(run_solver, X=X, k=k, reference=truth, goal=goal, settings=settings, clock=clock)
    chosen = list(SOLVERS if names is None else names)
    runs = [{name: run(name) for name in chosen} for _ in range(n_runs)]
    return {name: _median_trajectory([one[name] for one in runs]) for name in chosen}


def _median_trajectory(trajectories: list[Trajectory]) -> Trajectory:
    middle = statistics.median_low(one.last.seconds for one in trajectories)
    return next(one for one in trajectories if one.last.seconds == middle)
