"""The race of chapter 7: routes to the principal directions, run on the same data and watched."""

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
from lae_helpers.benchmark.solvers import ROUTES
from lae_helpers.benchmark.timer import Point, Settings, Stopwatch
from lae_helpers.pca import fit_pca

__all__ = ["ROUTES", "Lap", "Point", "Settings", "race", "run_route"]


@dataclass(frozen=True)
class Lap:
    """What one route showed on its way, as points in order.

    The points of an autoencoder are of one computation; those of a randomised method are of
    computations from scratch, each with more iterations than the last.

    Attributes
    ----------
    name, family : str
    points : tuple of Point
    covariance : float
        Seconds of them that building a covariance took; NaN where the route builds none.
    """

    name: str
    family: str
    points: tuple[Point, ...]
    covariance: float = math.nan

    @property
    def last(self) -> Point:
        """The last point."""
        return self.points[-1]


def run_route(
    name: str,
    X: ArrayLike,
    k: SupportsIndex,
    *,
    reference: ArrayLike | None = None,
    goal: SupportsFloat | None = 0.9999,
    settings: Settings | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Lap:
    """Run one route and watch it.

    Parameters
    ----------
    name : str
        One of ``ROUTES``.
    X : array_like or torch.Tensor, shape (n_samples, n_features)
    k : int
        Number of directions, below both sides of X.
    reference : array_like, shape (n_features, k), optional
        The true directions; those of `fit_pca` if not given.
    goal : float, optional
        Stop when every ``|cos|`` is at least this; with None go on to the route's own end.
    settings : Settings, optional
    clock : callable
        See `lae_helpers.benchmark.timer.Stopwatch`.

    Returns
    -------
    Lap

    Raises
    ------
    TypeError
        If ``k`` or ``goal`` is of the wrong kind.
    ValueError
        If the name is unknown or an argument is out of range.
    """
    route = ROUTES[check_choice("name", name, ROUTES)]
    X = check_samples(X)
    k = check_count("k", k, at_most=min(X.shape) - 1, why=" (one less than the smaller side of X)")
    truth = fit_pca(X, k).directions if reference is None else check_matrix("reference", reference)
    if truth.shape != (X.shape[1], k):
        raise ValueError(f"reference must have the shape {(X.shape[1], k)}, not {truth.shape}")
    watch = Stopwatch(truth, None if goal is None else check_nonnegative("goal", goal), clock)
    route.run(X, k, watch, Settings() if settings is None else settings)
    return Lap(name, route.family, tuple(watch.points), watch.covariance)


def race(
    X: ArrayLike,
    k: SupportsIndex,
    names: Iterable[str] | None = None,
    *,
    repeats: SupportsIndex = 1,
    goal: SupportsFloat | None = 0.9999,
    settings: Settings | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Lap]:
    """Run several routes on the same data, in turn; of repeated runs keep the median in time.

    Parameters as of `run_route`; ``names`` are all of ``ROUTES`` if not given.

    Returns
    -------
    dict of str to Lap
        In the order of ``names``.
    """
    X = check_samples(X)
    rounds = range(check_count("repeats", repeats))
    truth = fit_pca(X, k).directions
    run = partial(run_route, X=X, k=k, reference=truth, goal=goal, settings=settings, clock=clock)
    chosen = list(ROUTES if names is None else names)
    laps = [{name: run(name) for name in chosen} for _ in rounds]
    return {name: _median_lap([lap[name] for lap in laps]) for name in chosen}


def _median_lap(laps: list[Lap]) -> Lap:
    middle = statistics.median_low(lap.last.seconds for lap in laps)
    return next(lap for lap in laps if lap.last.seconds == middle)
