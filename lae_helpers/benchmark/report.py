"""The comparison of chapter 7 as a table."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lae_helpers.benchmark.comparison import Trajectory
from lae_helpers.benchmark.solvers import SOLVERS

BySeed = Sequence[Mapping[str, Trajectory]]

HEADS = ("time", "of it C", "passes", "worst")


@dataclass(frozen=True)
class Standing:
    """One solver in the table.

    Attributes
    ----------
    name, family, description : str
    numbers : tuple of str
        Below the heads of the table.
    """

    name: str
    family: str
    description: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Standings:
    """A table with a row for each solver, for a page and for a terminal.

    Attributes
    ----------
    rows : tuple of Standing
    """

    rows: tuple[Standing, ...]

    def _repr_html_(self) -> str:
        heads = "".join(f"<th>{head}</th>" for head in ("", *HEADS))
        parts, family = [], None
        for row in self.rows:
            if row.family != family:
                family = row.family
                parts.append(f'<tr><th colspan="{1 + len(HEADS)}"><em>{family}</em></th></tr>')
            name, what = html.escape(row.name), html.escape(row.description)
            cells = "".join(
                f'<td style="text-align: right">{number}</td>' for number in row.numbers
            )
            parts.append(
                f'<tr><td style="text-align: left">{name} <small>{what}</small></td>{cells}</tr>'
            )
        body = "".join(parts)
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"

    def __repr__(self) -> str:
        lines = [("", *HEADS), *((row.name, *row.numbers) for row in self.rows)]
        return "\n".join(f"{name:28}" + "".join(f"{n:>9}" for n in rest) for name, *rest in lines)


def median_seconds(by_seed: BySeed, name: str) -> float:
    """Return the median over the seeds of the time that a solver took to its last measurement.

    Parameters
    ----------
    by_seed : sequence of mapping of str to Trajectory
        By name of the solver, a mapping for each seed.
    name : str
    """
    return float(np.median([trajectories[name].last.seconds for trajectories in by_seed]))


def comparison_table(by_seed: BySeed, unit: str, *, without: Collection[str] = ()) -> Standings:
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
    Standings
        Time (median over the seeds), the part of it that building the covariance took, passes over
        the data, and the worst, that is the smallest ``|cos|`` of any seed. A dash where no
        covariance is built, and where passes are no measure, see
        `lae_helpers.benchmark.timer.Measurement`.
    """
    one = median_seconds(by_seed, unit)
    rows = []
    for name, first in by_seed[0].items():
        if first.family in without:
            continue
        runs = [trajectories[name] for trajectories in by_seed]
        numbers = (
            _factor(median_seconds(by_seed, name) / one),
            _or_dash(float(np.median([run.covariance for run in runs])) / one, ".2f"),
            _or_dash(first.last.passes, ".0f"),
            f"{min(run.last.worst for run in runs):.5f}",
        )
        description = SOLVERS[name].description if name in SOLVERS else ""
        rows.append(Standing(name, first.family, description, numbers))
    return Standings(tuple(rows))


def _factor(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}"


def _or_dash(number: float, how: str) -> str:
    return format(number, how) if np.isfinite(number) else "–"
