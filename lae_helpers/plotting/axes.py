"""What is drawn into axes: curves, levels, and the numbers at the ticks of a logarithmic axis."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from lae_helpers._checks import FloatArray


def draw_curves(
    ax: Axes,
    points: Mapping[str, tuple[FloatArray, FloatArray]],
    *,
    markers: bool = False,
    points_only: Collection[str] = (),
    styles: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Draw labelled curves into axes of a larger figure.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    points : mapping of str to (ndarray, ndarray)
        By label: positions and values.
    markers : bool
        Whether to mark the points of every curve.
    points_only : collection of str
        The labels whose points are marked and not joined.
    styles : mapping of str to mapping, optional
        By label, what Matplotlib's ``plot`` takes in place of the next colour and dash.
    """
    for label, (x, y) in points.items():
        alone = label in points_only
        style: dict[str, Any] = {"marker": "o" if markers or alone else None, "markersize": 4}
        (line,) = ax.plot(x, y, label=label, **style | dict((styles or {}).get(label, {})))
        if alone:
            line.set_linestyle("none")


def label_decades(axis: Axis, subs: Sequence[int] = (1, 2, 5)) -> None:
    """Put plain numbers at the ticks of a logarithmic axis.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
    subs : sequence of int
        The multiples of each decade that have a tick, and no others.
    """
    axis.set_major_locator(LogLocator(subs=subs))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def draw_legend(figure: Figure, *keys: Sequence[Any]) -> None:
    """Put the legend of all axes above them, in two columns where the figure is wide enough.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    *keys : sequence
        Handles and labels, those of all axes if not given.
    """
    place: dict[str, Any] = {"loc": "outside upper center", "columnspacing": 1.2}
    legend = figure.legend(*keys, ncols=2, **place)
    if legend.get_window_extent().width > figure.bbox.width:
        legend.remove()
        figure.legend(*keys, ncols=1, **place)


def draw_level(ax: Axes, label: str, level: float) -> None:
    """Draw a horizontal line clear of the frame's edges, its label beside the frame.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    label : str
    level : float
        The height of the line, in the units of the axis.
    """
    ax.axhline(level, color="0.5", linewidth=1, linestyle="-", zorder=0)
    ax.update_datalim([(0, level)], updatex=False)
    ax.autoscale_view()
    place: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"),
        "textcoords": "offset points",
    }
    ax.annotate(label, (1, level), (4, 0), **place, va="center", color="0.35")
