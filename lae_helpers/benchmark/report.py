"""The comparison of chapter 7 as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lae_helpers.benchmark.comparison import Trajectory

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


def comparison_table(by_seed: BySeed, unit: str) -> str:
    """Return a table with a line for each solver.

    Parameters
    ----------
    by_seed : sequence of mapping of str to Trajectory
        By name of the solver, a mapping for each seed.
    unit : str
        Name of the solver whose time is the unit.

    Returns
    -------
    str
        Time (median over the seeds, and in brackets the least and the most), the part of the
        median that building the covariance took, passes over the data, steps of each seed, and
        the worst, that is the smallest ``|cos|`` of any seed. A dash where no covariance is built,
        and where passes are no measure, see `lae_helpers.benchmark.timer.Measurement`.
    """
    one = median_seconds(by_seed, unit)
    lines = [f"{'':28}{'time':>5} {'(range)':11}{'C':>5}{'passes':>7}{'steps':>15}{'worst':>8}"]
    for name in by_seed[0]:
        runs = [trajectories[name] for trajectories in by_seed]
        lasts = [run.last for run in runs]
        steps = "/".join(str(last.steps) for last in lasts)
        passes = _or_dash(lasts[0].passes, ".0f")
        worst = min(last.worst for last in lasts)
        times = [last.seconds / one for last in lasts]
        between = f"({_factor(min(times))}–{_factor(max(times))})"
        seconds = f"{_factor(float(np.median(times))):>5} {between:11}"
        part = _or_dash(float(np.median([run.covariance for run in runs])) / one, ".2f")
        lines.append(f"{name:28}{seconds}{part:>5}{passes:>7}{steps:>15}{worst:8.5f}")
    return "\n".join(lines)


def _factor(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}"


def _or_dash(number: float, how: str) -> str:
    return format(number, how) if np.isfinite(number) else "–"
