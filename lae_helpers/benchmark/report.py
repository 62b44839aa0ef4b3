"""The race of chapter 7 as a table and as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray
from lae_helpers.benchmark.race import Lap
from lae_helpers.plotting import COLOURS, Picture, join_sentences, label_decades, styled

N_COLOURS = len(COLOURS)
EXACT = 1e-7  # the smallest sine that is drawn

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
        Time (median over the seeds, and in brackets the least and the most), the part of the
        median that building the covariance took, passes over the data, steps of each seed, and
        the worst, that is the smallest ``|cos|`` of any seed. A dash where no covariance is built,
        and where passes are no measure, see `lae_helpers.benchmark.timer.Point`.
    """
    one = median_seconds(laps, unit)
    lines = [f"{'':28}{'time':>5} {'(range)':11}{'C':>5}{'passes':>7}{'steps':>15}{'worst':>8}"]
    for name in laps[0]:
        lasts = [lap[name].last for lap in laps]
        steps = "/".join(str(last.steps) for last in lasts)
        passes = _or_dash(lasts[0].passes, ".0f")
        worst = min(last.worst for last in lasts)
        times = [last.seconds / one for last in lasts]
        between = f"({_factor(min(times))}–{_factor(max(times))})"
        seconds = f"{_factor(float(np.median(times))):>5} {between:11}"
        part = _or_dash(_covariance_seconds(laps, name) / one, ".2f")
        lines.append(f"{name:28}{seconds}{part:>5}{passes:>7}{steps:>15}{worst:8.5f}")
    return "\n".join(lines)


def _covariance_seconds(laps: Laps, name: str) -> float:
    return float(np.median([lap[name].covariance for lap in laps]))


def _factor(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}"


def _or_dash(number: float, how: str) -> str:
    return format(number, how) if np.isfinite(number) else "–"


def plot_race(
    racers: Mapping[str, Sequence[Lap]],
    *,
    unit_seconds: float,
    goal: float = 0.9999,
    alt: str = "",
) -> Picture:
    """Draw the worst direction of each route against time and against passes over the data.

    Parameters
    ----------
    racers : mapping of str to sequence of Lap
        By label, a lap for each seed.
    unit_seconds : float
        What the time is divided by.
    goal : float
        The ``|cos|`` at which to draw a level.
    alt : str
        What there is to see; the alt text ends with it, after the numbers drawn.

    Returns
    -------
    Picture
    """
    with styled():
        figure = Figure(figsize=(7.2, 5.0), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        for i, (label, laps) in enumerate(racers.items()):
            for seed, lap in enumerate(laps):
                sines = _sines([point.worst for point in lap.points])
                for ax, places in zip((left, right), _places(lap, unit_seconds), strict=True):
                    looks = _look(len(sines), again=i >= N_COLOURS) | {"color": f"C{i}"}
                    ax.plot(places, sines, label=None if seed else label, **looks)
        left.set(xlabel="time", ylabel="sine of the worst angle", yscale="log")
        right.set(xlabel="passes over the data")
        for ax in (left, right):
            _draw_goal(ax, goal)
            ax.set_xscale("log")
            label_decades(ax.xaxis)
        building = np.array([lap.covariance for laps in racers.values() for lap in laps])
        if np.isfinite(building).any():
            begin, until = left.get_xlim()[0], float(np.nanmedian(building)) / unit_seconds
            left.axvspan(begin, until, color="0.9", zorder=0, label="building the covariance")
            left.set_xlim(left=begin)
        keys = left.get_legend_handles_labels()
        figure.legend(*keys, loc="outside upper center", ncols=2, fontsize="small")
    described = [
        f"{label}: {_say_sine(_sines([lap.last.worst for lap in laps]).max())}"
        f"{_after(laps[0].last.passes)}"
        for label, laps in racers.items()
    ]
    return Picture(
        figure,
        join_sentences(
            "Sine of the worst angle against time, and against passes over the data; "
            f"at the end, the worst seed: {'; '.join(described)}",
            alt,
        ),
    )


def plot_directions(
    laps: Mapping[str, Lap], *, unit_seconds: float, goal: float = 0.9999, alt: str = ""
) -> Picture:
    """Draw every direction of some routes against time (above) and passes over the data (below).

    Parameters
    ----------
    laps : mapping of str to Lap
        By label.
    unit_seconds, goal, alt
        As of `plot_race`.

    Returns
    -------
    Picture
    """
    with styled():
        figure = Figure(figsize=(7.2, 5.2), layout="constrained")
        rows = figure.subplots(2, len(laps), sharey=True, sharex="row", squeeze=False)
        for column, (label, lap) in zip(rows.T, laps.items(), strict=True):
            sines = _sines([point.cosines for point in lap.points])
            colors = colormaps["viridis"](np.linspace(0, 0.9, sines.shape[1]))
            for ax, places in zip(column, _places(lap, unit_seconds), strict=True):
                for i, color in enumerate(colors):
                    looks = _look(len(sines)) | {"color": color, "linewidth": 1}
                    ax.plot(places, sines[:, i], label=f"direction {i + 1}", **looks)
                _draw_goal(ax, goal)
                ax.set_xscale("log")
                label_decades(ax.xaxis, subs=(1,))
            column[0].set_title(label.replace(", ", ",\n"), fontsize="small")
        rows[0, 0].set(yscale="log", ylabel="sine of the angle")
        rows[1, 0].set(ylabel="sine of the angle")
        figure.supxlabel("above: time; below: passes over the data", fontsize="small")
        lines, names = rows[0, 0].get_legend_handles_labels()
        some = np.unique(np.linspace(0, len(lines) - 1, 4).astype(int))
        figure.legend(
            [lines[i] for i in some], [names[i] for i in some],
            loc="outside upper center", ncols=4, fontsize="small",
        )  # fmt: skip
    described = [
        f"{label}: {_say_sine(float(_sines(lap.last.cosines[0])))} of the first, "
        f"{_say_sine(float(_sines(lap.last.cosines[-1])))} of the last{_after(lap.last.passes)}"
        for label, lap in laps.items()
    ]
    return Picture(
        figure,
        join_sentences(
            "Sine of the angle of every direction against time, and against passes over the data; "
            f"at the end {'; '.join(described)}",
            alt,
        ),
    )


def _after(passes: float) -> str:
    return f" after {passes:.0f} passes" if np.isfinite(passes) else ""


def _sines(cosines: ArrayLike) -> FloatArray:
    """Return sines of at least 1e-7: a cosine in double precision does not tell much smaller ones.

    So all exact routes are drawn at the same height, the one that is the reference too.
    """
    sines: FloatArray = np.sqrt(np.maximum(EXACT**2, 1 - np.square(cosines)))
    return sines


def _say_sine(sine: float) -> str:
    return "exact" if sine <= EXACT else f"sine {sine:.1g}"


def _places(lap: Lap, unit_seconds: float) -> tuple[list[float], list[float]]:
    """Return the positions of the points on the two axes, time and passes."""
    return [p.seconds / unit_seconds for p in lap.points], [p.passes for p in lap.points]


def _look(n_points: int, *, again: bool = False) -> dict[str, object]:
    """Return how to draw so many points: a few are marked, one alone has no line.

    Where the colours begin again, lines are dashed and markers square.
    """
    marker = ("s" if again else "o") if n_points < 10 else None
    line = "--" if again else "-"
    return {
        "marker": marker,
        "markersize": 3,
        "linestyle": "none" if n_points == 1 else line,
        "linewidth": 1.2,
    }


def _draw_goal(ax: Axes, goal: float) -> None:
    ax.axhline(float(_sines(goal)), color="0.5", linewidth=1, linestyle="-", zorder=0)
