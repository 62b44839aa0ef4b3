"""The figures of the book: one call, one figure, its alt text included.

Every function returns a `Picture`, which a notebook shows as the value of a cell: a PNG with an
alt text made from the very numbers that are drawn. The colours are those of Okabe and Ito, which
colour-blind readers can tell apart; lines differ in their dashes too.
"""

from __future__ import annotations

import base64
import html
import io
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from cycler import cycler
from matplotlib import rcParams, rcParamsDefault
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from lae_helpers._checks import ArrayLike, FloatArray, check_matrix, check_vector
from lae_helpers.data import IMAGE_SHAPE

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#56B4E9", "#E69F00")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
NO_LOOKS = ("backend", "date", "docstring", "interactive", "keymap", "timezone", "tk", "toolbar",
            "webagg")  # fmt: skip
PLAIN: dict[Any, Any] = {
    key: value for key, value in rcParamsDefault.items() if key.partition(".")[0] not in NO_LOOKS
}
STYLE = PLAIN | {
    "font.size": 12.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=COLOURS) + cycler(linestyle=DASHES),
    "legend.edgecolor": "none",
    "legend.framealpha": 0.85,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "lae_helpers",
}
PIXELS_PER_INCH = 100
SHARPNESS = 2
_STYLING = threading.RLock()

Curve = ArrayLike | tuple[ArrayLike, ArrayLike]


@contextmanager
def styled(style: Mapping[Any, Any] = STYLE) -> Iterator[None]:
    """Draw in the book's style, whatever style sheet or matplotlibrc the reader uses.

    One thread at a time. Only settings that differ are touched, and each is set back afterwards
    unless another thread has changed it meanwhile: under Matplotlib's own, ``PLAIN`` touches none.
    """
    with _STYLING:
        before = {key: rcParams[key] for key, value in style.items() if rcParams[key] != value}
        rcParams.update({key: style[key] for key in before})
        try:
            yield
        finally:
            rcParams.update({key: v for key, v in before.items() if rcParams[key] == style[key]})


class Picture:
    """A drawn figure and the text for those who do not see it.

    Attributes
    ----------
    png : bytes
    alt : str
    width : int
        Width at which to show it, in CSS pixels.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        with styled(), io.BytesIO() as buffer:
            figure.savefig(buffer, format="png", dpi=SHARPNESS * PIXELS_PER_INCH)
            self.png = buffer.getvalue()
        self.alt = alt
        self.width = round(figure.get_figwidth() * PIXELS_PER_INCH)

    def to_html(self) -> str:
        """Return an ``<img>`` element that holds the picture itself."""
        data = base64.b64encode(self.png).decode("ascii")
        return (
            f'<img src="data:image/png;base64,{data}" alt="{html.escape(self.alt)}" '
            f'width="{self.width}" style="max-width: 100%; height: auto">'
        )

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
        data = {
            "image/png": base64.b64encode(self.png).decode("ascii"),
            "text/html": self.to_html(),
            "text/plain": self.alt,
        }
        return data, {"image/png": {"alt": self.alt, "width": self.width}}


def show_images(
    rows: Mapping[str, ArrayLike],
    *,
    captions: Mapping[str, Sequence[object] | FloatArray] | None = None,
    signed: bool = True,
    image_shape: tuple[int, int] = IMAGE_SHAPE,
    alt: str = "",
) -> Picture:
    """Draw columns as images, a labelled row for each matrix.

    Parameters
    ----------
    rows : mapping of str to array_like, shape (n_features, n_images)
        The matrices by the labels of their rows, each with its own scale of grey levels or colour.
    captions : mapping of str to sequence or ndarray, optional
        What to write under the images of a row: strings, or numbers, shown with three decimals.
    signed : bool
        True: colours that diverge from white at zero. False: dark ink on white, from 0 to 1.
    image_shape : tuple of int
        Height and width of an image.
    alt : str
        What there is to see; the alt text ends with it, after the numbers drawn.

    Returns
    -------
    Picture
    """
    matrices = {label: check_matrix(label, matrix) for label, matrix in rows.items()}
    captions = captions or {}
    n_columns = max(matrix.shape[1] for matrix in matrices.values())
    height = sum(1.0 + 0.3 * (label in captions) + 0.3 for label in matrices)
    with styled():
        figure = Figure(
            figsize=(7.2, max(0.9, height * 7.2 / (n_columns + 0.6))), layout="constrained"
        )
        axes = figure.subplots(len(matrices), n_columns, squeeze=False)
        for row, (label, matrix) in zip(axes, matrices.items(), strict=True):
            for ax in row:
                ax.set_axis_off()
            row[0].set_title(" ", fontsize="medium", pad=9)  # the height that the label needs
            text = row[0].annotate(label, (0, 1), (0, 6), xycoords="axes fraction",
                                   textcoords="offset points", fontsize="medium")  # fmt: skip
            text.set_in_layout(False)  # else a long label widens the first column
            limit = np.abs(matrix).max() or 1.0
            scale = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit} if signed else {
                "cmap": "gray_r", "vmin": 0.0, "vmax": 1.0
            }  # fmt: skip
            for ax, column in zip(row, matrix.T, strict=False):
                ax.imshow(column.reshape(image_shape), **scale)
            for ax, caption in zip(row, captions.get(label, ()), strict=False):
                ax.text(0.5, -0.04, _short(caption), transform=ax.transAxes, ha="center", va="top",
                        fontsize="small")  # fmt: skip
    described = [
        f"{label} ({matrix.shape[1]} images"
        + (f", marked {', '.join(map(_short, captions[label]))})" if label in captions else ")")
        for label, matrix in matrices.items()
    ]
    return Picture(figure, _sentences(f"Rows of images: {'; '.join(described)}", alt))


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
    alt : str
        What there is to see; the alt text ends with it, after the numbers drawn.

    Returns
    -------
    Picture
    """
    points = {label: _points(label, curve) for label, curve in curves.items()}
    with styled():
        figure = Figure(figsize=(6.4, 3.8), layout="constrained")
        ax = figure.subplots()
        draw_curves(ax, points, markers=markers, points_only=points_only)
        ranges = _draw_bands(ax, points, bands or {})
        expected = _draw_guides(ax, points, guides or {})
        for label, level in (levels or {}).items():
            draw_level(ax, label, level)
        ax.set(xlabel=xlabel, ylabel=ylabel, xscale=xscale, yscale=yscale)
        for axis, scale in ((ax.xaxis, xscale), (ax.yaxis, yscale)):
            low, high = axis.get_view_interval()
            if scale == "log" and high < 100 * low:
                label_decades(axis)
        if len(points) > 4 or guides:
            figure.legend(loc="outside upper center", ncols=2, fontsize="small")
        elif len(points) > 1:
            ax.legend()
    described = [
        f"{label}: from {y[0]:.3g} at {x[0]:.3g} to {y[-1]:.3g} at {x[-1]:.3g}"
        + ranges.get(label, "")
        + expected.get(label, "")
        for label, (x, y) in points.items()
    ]
    described += [f"level {label}: {level:.3g}" for label, level in (levels or {}).items()]
    return Picture(figure, _sentences(f"{ylabel} against {xlabel}", *described, alt))


def plot_matrices(
    matrices: Mapping[str, ArrayLike], *, limit: float | None = None, alt: str = ""
) -> Picture:
    """Draw matrices as heat maps side by side, white at zero, one scale for all.

    Parameters
    ----------
    matrices : mapping of str to array_like, shape (rows, columns)
    limit : float, optional
        Magnitude at the ends of the scale; the largest entry if not given.
    alt : str
        What there is to see; the alt text ends with it, after the numbers drawn.

    Returns
    -------
    Picture
    """
    arrays = {title: check_matrix(title, matrix) for title, matrix in matrices.items()}
    limit = limit or max(float(np.abs(array).max()) for array in arrays.values()) or 1.0
    with styled():
        side = min(3.2, 6.2 / len(arrays))  # of a map, in inches, without bar and title
        height = side * max(array.shape[0] / array.shape[1] for array in arrays.values())
        figure = Figure(figsize=(side * len(arrays) + 1, height + 0.4), layout="constrained")
        axes = figure.subplots(1, len(arrays), squeeze=False)[0]
        for ax, (title, array) in zip(axes, arrays.items(), strict=True):
            image = ax.imshow(array, cmap="RdBu_r", vmin=-limit, vmax=limit)
            ax.set_title(title, fontsize="medium")
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(True)
        bar = figure.colorbar(image, ax=list(axes))
        if all((array >= 0).all() for array in arrays.values()):
            bar.ax.set_ylim(0, limit)  # magnitudes: half of the scale is not in use
    described = [
        f"{title}: {array.shape[0]} by {array.shape[1]}, entries from {array.min():.3g} "
        f"to {array.max():.3g}"
        for title, array in arrays.items()
    ]
    return Picture(figure, _sentences("Heat maps", *described, alt))


def draw_curves(
    ax: Axes,
    points: Mapping[str, tuple[FloatArray, FloatArray]],
    *,
    markers: bool = False,
    points_only: Collection[str] = (),
) -> None:
    """Draw labelled curves, pairs of positions and values, into axes of a larger figure."""
    for label, (x, y) in points.items():
        alone = label in points_only
        (line,) = ax.plot(x, y, label=label, marker="o" if markers or alone else None, markersize=4)
        if alone:
            line.set_linestyle("none")


def label_decades(axis: Axis, subs: Sequence[int] = (1, 2, 5)) -> None:
    """Put plain numbers at these multiples of the decades of a logarithmic axis, and no others."""
    axis.set_major_locator(LogLocator(subs=subs))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def draw_level(ax: Axes, label: str, level: float) -> None:
    """Draw a horizontal line clear of the frame's edges, its label beside the frame."""
    ax.axhline(level, color="0.5", linewidth=1, linestyle="-", zorder=0)
    ax.update_datalim([(0, level)], updatex=False)
    ax.autoscale_view()
    place: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"),
        "textcoords": "offset points",
    }
    ax.annotate(label, (1, level), (4, 0), **place, va="center", color="0.35", fontsize="small")


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


def _short(caption: object) -> str:
    return f"{caption:.3f}" if isinstance(caption, float | np.floating) else str(caption)


def _sentences(*parts: str) -> str:
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)
