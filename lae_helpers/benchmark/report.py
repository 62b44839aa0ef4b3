"""The comparison of chapter 7 as a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from lae_helpers.benchmark.comparison import Trajectory
from lae_helpers.benchmark.solvers import SOLVERS
from lae_helpers.plotting import Table

BySeed = Sequence[Mapping[str, Trajectory]]


def median_seconds(by_seed: BySeed, name: str) -> float:
    """Return the median over the seeds of the time that a solver took to its last measurement.

    Parameters
    ----------
    by_seed : sequence of mapping of str to Trajectory
        By name of the solver, a mapping for each seed.
    name : str
    """
    return float(np.median([trajectories[name].last.seconds for trajectories in by_seed]))


def tabulate_solvers(by_seed: BySeed, unit: str, *, without: Collection[str] = ()) -> Table:
    """Return a table with a row for each solver.

    Parameters
    ----------
    by_seed : sequence of mapping of str to Trajectory
        By name of the solver, a mapping for each seed.
    unit : str
        Name of the solver whose time is the unit.
    without : collection of str
        Families to leave out.

    Returns
    -------
    Table
        Time (median over the seeds), the part of it that building the covariance took, and passes
        over the data. A dash where no covariance is built, and where passes are no measure, see
        `lae_helpers.benchmark.timer.Measurement`.
    """
    one = median_seconds(by_seed, unit)
    rows = []
    for name, first in by_seed[0].items():
        if first.family in without:
            continue
        runs = [trajectories[name] for trajectories in by_seed]
        rows.append((
            f"{name}: {SOLVERS[name].description}" if name in SOLVERS else name,
            _factor(median_seconds(by_seed, name) / one),
            _or_dash(float(np.median([run.covariance for run in runs])) / one, ".2f"),
            _or_dash(first.last.passes, ".0f"),
        ))  # fmt: skip
    return Table(("solver", "time", "of it C", "passes"), rows)


def _factor(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}"


def _or_dash(number: float, how: str) -> str:
    return format(number, how) if np.isfinite(number) else "–"
