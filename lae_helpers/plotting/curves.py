"""Curves in one frame; curves with the range over several runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray, check_matrix, check_vector
from lae_helpers.plotting.axes import draw_curves, draw_legend, draw_level, label_decades
from lae_helpers.plotting.picture import Picture, join_sentences
from lae_helpers.plotting.style import styled

Curve = ArrayLike | tuple[ArrayLike, ArrayLike]


def plot_curves(
    curves: Mapping[str, Curve],
    *,
    xlabel: str,
    ylabel: str,
    xscale: str = "linear",
    yscale: str = "linear",
    markers: bool = False,
    points_only: Collection[str] = (),
    levels: Mapping[str, float] | None = None,
    bands: Mapping[str, tuple[ArrayLike, ArrayLike]] | None = None,
    guides: Mapping[str, ArrayLike] | None = None,
    styles: Mapping[str, Mapping[str, Any]] | None = None,
    height: float = 3.8,
    alt: str = "",
) -> Picture:
    """Draw curves in one frame.

    Parameters
    ----------
    curves : mapping of str to array_like or pair of array_like
        By label: the values (against 1, 2, 3, ...), or a pair of positions and values.
    xlabel, ylabel : str
    xscale, yscale : {"linear", "log", "symlog"}
    markers : bool
        True: mark every point, for values at whole numbers or few points.
    points_only : collection of str, optional
        Labels of curves to draw as points without a line, such as measurements beside a theory.
    levels : mapping of str to float, optional
        Horizontal grey lines, by label.
    bands : mapping of str to pair of array_like, optional
        By the label of a curve, the lower and upper ends of a shaded range about it.
    guides : mapping of str to array_like, optional
        By the label of a curve, values at its positions to compare it with, such as what a theory
        lets expect: a thin solid line of the same colour.
    styles : mapping of str to mapping, optional
        By label, what Matplotlib's ``plot`` takes in place of the next colour and dash.
    height : float
        Of the figure, which is 6.4 wide.
    alt : str
        What there is to see; the alt text ends with it, after the numbers drawn.

    Returns
    -------
    Picture
    """
    points = {label: _points(label, curve) for label, curve in curves.items()}
    with styled():
        figure = Figure(figsize=(6.4, height), layout="constrained")
        ax = figure.subplots()
        draw_curves(ax, points, markers=markers, points_only=points_only, styles=styles)
        ranges = _draw_bands(ax, points, bands or {})
        expected = _draw_guides(ax, points, guides or {})
        for label, level in (levels or {}).items():
            draw_level(ax, label, level)
        ax.set(xlabel=xlabel, ylabel=ylabel, xscale=xscale, yscale=yscale)
        for axis, scale in ((ax.xaxis, xscale), (ax.yaxis, yscale)):
            low, high = axis.get_view_interval()
            if scale == "log" and high < 100 * low:
                label_decades(axis)
        if len(points) > 1 or guides:  # above the frame: inside it would lie on the curves
            draw_legend(figure)
    described = [
        f"{label}: from {y[0]:.3g} at {x[0]:.3g} to {y[-1]:.3g} at {x[-1]:.3g}"
        + ranges.get(label, "")
        + expected.get(label, "")
        for label, (x, y) in points.items()
    ]
    described += [f"level {label}: {level:.3g}" for label, level in (levels or {}).items()]
    return Picture(figure, join_sentences(f"{ylabel} against {xlabel}", *described, alt))


def plot_spread(
    tables: Mapping[str, ArrayLike],
    positions: ArrayLike | None = None,
    *,
    xlabel: str,
    ylabel: str,
    xscale: str = "linear",
    yscale: str = "linear",
    markers: bool = True,
    height: float = 3.8,
    alt: str = "",
) -> Picture:
    """Draw the mean over the seeds, with a band from the smallest to the largest.

    Parameters
    ----------
    tables : mapping of str to array_like, shape (n_seeds, n_points)
        By label.
    positions : array_like, shape (n_points,), optional
        1, 2, 3, ... if not given.
    xlabel, ylabel : str
    xscale, yscale : {"linear", "log"}
    markers : bool
        Whether to mark the points.
    height : float
        In inches.
    alt : str
        What there is to see; the alt text ends with it, after the numbers drawn.

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
        xlabel=xlabel, ylabel=ylabel, xscale=xscale, yscale=yscale, markers=markers,
        height=height, alt=alt,
    )  # fmt: skip


def _draw_bands(
    ax: Axes,
    points: Mapping[str, tuple[FloatArray, FloatArray]],
    bands: Mapping[str, tuple[ArrayLike, ArrayLike]],
) -> dict[str, str]:
    """Shade ranges about curves that are drawn already; return what to say of their last ends."""
    colours = _colours(ax)
    said = {}
    for label, ends in bands.items():
        low, high = (check_vector(label, end) for end in ends)
        ax.fill_between(points[label][0], low, high, color=colours[label], alpha=0.2, linewidth=0)
        said[label] = f" (range there {low[-1]:.3g} to {high[-1]:.3g})"
    return said


def _draw_guides(
    ax: Axes, points: Mapping[str, tuple[FloatArray, FloatArray]], guides: Mapping[str, ArrayLike]
) -> dict[str, str]:
    """Draw thin lines beside curves that are drawn already; return what to say of their ends."""
    colours = _colours(ax)
    said = {}
    for label, guide in guides.items():
        y = check_vector(label, guide)
        ax.plot(points[label][0], y, color=colours[label], linestyle="-", linewidth=0.8, alpha=0.7)
        said[label] = f" (thin line: from {y[0]:.3g} to {y[-1]:.3g})"
    return said


def _colours(ax: Axes) -> dict[str, Any]:
    return {str(line.get_label()): line.get_color() for line in ax.get_lines()}


def _points(label: str, curve: Curve) -> tuple[FloatArray, FloatArray]:
    if isinstance(curve, tuple):
        x, y = (check_vector(label, part) for part in curve)
        return x, y
    y = check_vector(label, curve)
    return np.arange(1.0, len(y) + 1), y
