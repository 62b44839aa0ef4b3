"""Pictures of solvers on their way: sines against time, and against passes over the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lae_helpers.benchmark.comparison import Trajectory
from lae_helpers.benchmark.timer import LEAST_SINE, sines
from lae_helpers.plotting import COLOURS, Picture, join_sentences, label_decades, styled


def plot_convergence(
    by_label: Mapping[str, Sequence[Trajectory]],
    *,
    unit_seconds: float,
    goal: float = 0.9999,
    alt: str = "",
) -> Picture:
    """Draw the worst direction of each solver against time and against passes over the data.

    Parameters
    ----------
    by_label : mapping of str to sequence of Trajectory
        One for each seed.
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
        for i, (label, trajectories) in enumerate(by_label.items()):
            for seed, run in enumerate(trajectories):
                worst = sines([measurement.worst for measurement in run.measurements])
                looks = _look(len(worst), again=i >= len(COLOURS)) | {"color": f"C{i}"}
                for ax, places in zip((left, right), _places(run, unit_seconds), strict=True):
                    ax.plot(places, worst, label=None if seed else label, **looks)
        left.set(xlabel="time", ylabel="sine of the worst angle", yscale="log")
        right.set(xlabel="passes over the data")
        for ax in (left, right):
            _draw_goal(ax, goal)
            ax.set_xscale("log")
            label_decades(ax.xaxis)
        building = np.array([run.covariance for runs in by_label.values() for run in runs])
        if np.isfinite(building).any():
            begin, until = left.get_xlim()[0], float(np.nanmedian(building)) / unit_seconds
            left.axvspan(begin, until, color="0.9", zorder=0, label="building the covariance")
            left.set_xlim(left=begin)
        keys = left.get_legend_handles_labels()
        figure.legend(*keys, loc="outside upper center", ncols=2, fontsize="small")
    described = [
        f"{label}: {_say_sine(sines([run.last.worst for run in runs]).max())}"
        f"{_after(runs[0].last.passes)}"
        for label, runs in by_label.items()
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
    by_label: Mapping[str, Trajectory],
    *,
    unit_seconds: float,
    goal: float = 0.9999,
    alt: str = "",
) -> Picture:
    """Draw every direction of some solvers against time (above) and passes over the data (below).

    Parameters
    ----------
    by_label : mapping of str to Trajectory
    unit_seconds, goal : float
    alt : str
        As of `plot_convergence`.

    Returns
    -------
    Picture
    """
    with styled():
        figure = Figure(figsize=(7.2, 5.2), layout="constrained")
        rows = figure.subplots(2, len(by_label), sharey=True, sharex="row", squeeze=False)
        for column, (label, run) in zip(rows.T, by_label.items(), strict=True):
            curves = sines([measurement.cosines for measurement in run.measurements]).T
            colors = colormaps["viridis"](np.linspace(0, 0.9, len(curves)))
            for ax, places in zip(column, _places(run, unit_seconds), strict=True):
                for i, (curve, color) in enumerate(zip(curves, colors, strict=True)):
                    looks = _look(len(curve)) | {"color": color, "linewidth": 1}
                    ax.plot(places, curve, label=f"direction {i + 1}", **looks)
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
        f"{label}: {_say_sine(float(sines(run.last.cosines[0])))} of the first, "
        f"{_say_sine(float(sines(run.last.cosines[-1])))} of the last{_after(run.last.passes)}"
        for label, run in by_label.items()
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


def _say_sine(sine: float) -> str:
    return "exact" if sine <= LEAST_SINE else f"sine {sine:.1g}"


def _places(trajectory: Trajectory, unit_seconds: float) -> tuple[list[float], list[float]]:
    """Return the positions on the two axes, time and passes, of what was measured."""
    measured = trajectory.measurements
    return [one.seconds / unit_seconds for one in measured], [one.passes for one in measured]


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
    ax.axhline(float(sines(goal)), color="0.5", linewidth=1, linestyle="-", zorder=0)
