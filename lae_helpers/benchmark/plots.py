"""Pictures of solvers on their way, of what they found, and of how their cost grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from lae_helpers._checks import ArrayLike, check_matrix, check_vector
from lae_helpers.benchmark.comparison import Trajectory
from lae_helpers.benchmark.timer import LEAST_SINE, sines
from lae_helpers.plotting import COLOURS, Picture, join_sentences, label_decades, styled
from lae_helpers.plotting.axes import draw_legend

FLOOR = 2e-3  # smaller sines are drawn at this height


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
        figure = Figure(figsize=(6.4, 4.8), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        for i, (label, trajectories) in enumerate(by_label.items()):
            for seed, run in enumerate(trajectories):
                worst = sines([measurement.worst for measurement in run.measurements])
                heights = np.maximum(worst, FLOOR)
                looks = _look(len(worst), again=i >= len(COLOURS)) | {"color": f"C{i}"}
                for ax, places in zip((left, right), _places(run, unit_seconds), strict=True):
                    ax.plot(places, heights, label=None if seed else label, **looks)
        left.set(xlabel="time", ylabel="sine of the worst angle", yscale="log")
        left.set_yticks([1, 0.1, 0.01, FLOOR], ["1", "0.1", "0.01", f"≤ {FLOOR:g}"])
        left.yaxis.set_minor_locator(NullLocator())
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
        draw_legend(figure, *keys)
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


def plot_alignments(tables: Mapping[str, ArrayLike], *, alt: str = "") -> Picture:
    """Draw a row for each label and a column for each direction, darker where it is found better.

    Parameters
    ----------
    tables : mapping of str to array_like, shape (n_seeds, k)
        By label, ``|cos|`` of every direction; what is drawn is the worst of the seeds.
    alt : str
        As of `plot_convergence`.

    Returns
    -------
    Picture
    """
    worst = np.array([check_matrix(label, table).min(axis=0) for label, table in tables.items()])
    with styled():
        figure = Figure(figsize=(6.4, 0.9 + 0.36 * len(worst)), layout="constrained")
        ax = figure.subplots()
        image = ax.imshow(worst, cmap="Greys", vmin=0, vmax=1, aspect="auto")
        ax.set(xlabel="principal direction", xticks=range(0, worst.shape[1], 3))
        ax.set_xticklabels([f"{i + 1}" for i in range(0, worst.shape[1], 3)])
        ax.set_yticks(range(len(worst)), list(tables))
        ax.spines[:].set_visible(True)
        figure.colorbar(image, label="|cos|", ticks=[0, 0.5, 1])
    described = [
        f"{label}: {row[0]:.2f} of the first, {row[-1]:.2f} of the last, {row.min():.2f} at worst"
        for label, row in zip(tables, worst, strict=True)
    ]
    return Picture(
        figure, join_sentences("Worst |cos| of every principal direction", *described, alt)
    )


def plot_growth(
    panels: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]],
    labels: Sequence[str],
    *,
    alt: str = "",
) -> Picture:
    """Draw how times grow with several sizes, a panel each, and what the counts let expect.

    Parameters
    ----------
    panels : mapping of str to (array_like, array_like, array_like)
        By what varies: its values, shape (m,); seconds, shape (n_methods, m); and operations, the
        same shape, which are drawn as thin lines through the last time of each method.
    labels : sequence of str
        Of the methods.
    alt : str
        As of `plot_convergence`.

    Returns
    -------
    Picture
    """
    described = []
    with styled():
        figure = Figure(figsize=(6.4, 3.9), layout="constrained")
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for ax, (name, (sizes, times, counts)) in zip(axes, panels.items(), strict=True):
            places = check_vector(name, sizes)
            seconds, operations = check_matrix(name, times), check_matrix(name, counts)
            guides = operations * (seconds[:, -1:] / operations[:, -1:])
            for i, label in enumerate(labels):
                ax.plot(places, seconds[i], color=f"C{i}", marker="o", markersize=4, label=label)
                ax.plot(places, guides[i], color=f"C{i}", linestyle="-", linewidth=0.8, alpha=0.7)
                factor = seconds[i, -1] / seconds[i, 0]
                described.append(f"{label}, {name} {places[0]:g} to {places[-1]:g}: × {factor:.2g}")
            ax.set(xscale="log", yscale="log", xlabel=name)
            ends = places[[0, -1]]
            ax.set_xticks(ends, [f"{end:g}" for end in ends])
            ax.xaxis.set_minor_locator(NullLocator())
        axes[0].set_ylabel("processor seconds")
        keys = axes[0].get_legend_handles_labels()
        draw_legend(figure, *keys)
    return Picture(figure, join_sentences("Processor seconds against size", *described, alt))


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
