"""The race of chapter 7 as a table and as a picture; and curves with the range over the seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from lae_helpers.plotting import STYLE, Picture, plot_curves
from lae_helpers.race import Lap
from lae_helpers.validation import ArrayLike, FloatArray, check_matrix

Laps = Sequence[Mapping[str, Lap]]


def median_seconds(laps: Laps, name: str) -> float:
    """Return the median over the seeds of the time that a route took to its last point."""
    return float(np.median([lap[name].last.seconds for lap in laps]))


def race_table(laps: Laps, unit: str) -> str:
    """Return a table of the race, a line for each route.

    Parameters
    ----------
    laps : sequence of mapping of str to Lap
        By name, for each seed.
    unit : str
        Name of the route whose time is the unit.

    Returns
    -------
    str
        Time (median over the seeds), passes over the data, steps of each seed, and the smallest
        |cos| of any seed. A dash where passes are no measure, see `lae_helpers.stopwatch.Point`.
    """
    one = median_seconds(laps, unit)
    lines = [f"{'':32}{'time':>6}{'passes':>8}{'steps by seed':>17}   worst |cos|"]
    for name in laps[0]:
        lasts = [lap[name].last for lap in laps]
        steps = "/".join(str(last.steps) for last in lasts)
        reads = lasts[0].passes
        passes = f"{reads:.0f}" if np.isfinite(reads) else "–"
        worst = min(last.worst for last in lasts)
        seconds = median_seconds(laps, name) / one
        lines.append(f"{name:32}{seconds:6.1f}{passes:>8}{steps:>17}   {worst:.5f}")
    return "\n".join(lines)


def plot_race(
    laps: Mapping[str, Lap], *, unit_seconds: float, goal: float = 0.9999, says: str = ""
) -> Picture:
    """Draw the worst direction of each route against time and against passes over the data.

    Parameters
    ----------
    laps : mapping of str to Lap
        By label.
    unit_seconds : float
        What the time is divided by.
    goal : float
        The |cos| at which to draw a level.
    says : str
        What there is to see, added to the alt text.

    Returns
    -------
    Picture
    """
    with rc_context(STYLE):
        figure = Figure(figsize=(7.2, 5.0), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        for label, lap in laps.items():
            sines = _worst_sines(lap)
            times = [point.seconds / unit_seconds for point in lap.points]
            passes = [point.passes for point in lap.points]
            for ax, positions in ((left, times), (right, passes)):
                marker = "o" if len(sines) < 10 else None
                (line,) = ax.plot(positions, sines, label=label, marker=marker, markersize=4)
                if len(sines) == 1:
                    line.set_linestyle("none")
        left.set(xlabel="time", ylabel="sine of the worst angle", yscale="log")
        right.set(xlabel="passes over the data")
        for ax in (left, right):
            ax.axhline(np.sqrt(1 - goal**2), color="0.5", linewidth=1, linestyle="-", zorder=0)
            _label_short_decades(ax)
        keys = left.get_legend_handles_labels()
        figure.legend(*keys, loc="outside upper center", ncols=2, fontsize="small")
    described = [
        f"{label}: sine {_worst_sines(lap)[-1]:.1g}{_after(lap.last.passes)}"
        for label, lap in laps.items()
    ]
    return Picture(
        figure,
        "Sine of the worst angle against time, and against passes over the data. "
        f"{'; '.join(described)}. {says}",
    )


def plot_spread(
    tables: Mapping[str, ArrayLike],
    positions: ArrayLike | None = None,
    *,
    xlabel: str,
    ylabel: str,
    scale: str = "linear",
    says: str = "",
) -> Picture:
    """Draw the mean over the seeds, with a band from the smallest to the largest.

    Parameters
    ----------
    tables : mapping of str to array_like, shape (n_seeds, n_points)
        By label.
    positions : array_like, shape (n_points,), optional
        1, 2, 3, ... if not given.
    xlabel, ylabel : str
    scale : {"linear", "log"}
        Of both axes.
    says : str
        What there is to see, added to the alt text.

    Returns
    -------
    Picture
    """
    found = {label: check_matrix(label, table) for label, table in tables.items()}
    places = {
        label: np.arange(1.0, table.shape[1] + 1) if positions is None else positions
        for label, table in found.items()
    }
    return plot_curves(
        {label: (places[label], table.mean(axis=0)) for label, table in found.items()},
        bands={label: (table.min(axis=0), table.max(axis=0)) for label, table in found.items()},
        xlabel=xlabel, ylabel=ylabel, xscale=scale, yscale=scale, markers=True, says=says,
    )  # fmt: skip


def _after(passes: float) -> str:
    return f" after {passes:.0f} passes" if np.isfinite(passes) else ""


def _worst_sines(lap: Lap) -> FloatArray:
    cosines = np.array([point.worst for point in lap.points])
    sines: FloatArray = np.sqrt(np.maximum(1e-16, 1 - cosines**2))
    return sines


def _label_short_decades(ax: Axes) -> None:
    """Use a logarithmic axis of positions with plain numbers at 1, 2 and 5 of each decade."""
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
