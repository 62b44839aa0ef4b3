"""Pictures of networks trained with learned feedback: means over the seeds, and their spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from lae_helpers._checks import FloatArray, check_choice
from lae_helpers.feedback.looks import styles_of
from lae_helpers.feedback.runs import Runs
from lae_helpers.plotting import Picture, join_sentences, styled
from lae_helpers.plotting.axes import draw_legend


@dataclass(frozen=True)
class Quantity:
    """Something that was recorded: how to label it and, if there is one a layer, the panels.

    Where ``learned_only`` is set the axis leaves out what was before the first epoch, and gives the
    last percents up to a hundred as much room as the many before.
    """

    label: str
    panel: str = ""
    first_layer: int = 1
    factor: float = 1.0
    learned_only: bool = False


QUANTITIES = {
    "accuracies": Quantity("test accuracy, %", factor=100.0, learned_only=True),
    "weight_angles": Quantity("B to Wᵀ, degrees", "layer", first_layer=2),
    "error_angles": Quantity("error to true one, degrees", "layer"),
    "gains": Quantity("‖B‖ / ‖W‖", "layer", first_layer=2),
}


def plot_runs(runs: Mapping[str, Runs], quantity: str, *, alt: str = "") -> Picture:
    """Draw a recorded quantity against the epochs, the layers side by side.

    A line is the mean over the seeds, the band around it reaches from the lowest to the highest.

    Parameters
    ----------
    runs : mapping of str to Runs
        By label; at least one, all of the same widths.
    quantity : {"accuracies", "weight_angles", "error_angles", "gains"}
    alt : str
        What there is to see; the alt text ends with it, after the numbers drawn.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If the quantity is unknown, or the networks are not of the same widths.
    """
    kind = QUANTITIES[check_choice("quantity", quantity, QUANTITIES)]
    if len({run.widths for run in runs.values()}) != 1:
        raise ValueError("runs must be at least one, all of the same widths")
    tables = {label: _by_layer(getattr(run, quantity)) * kind.factor for label, run in runs.items()}
    styles = styles_of(runs)
    n_panels = next(iter(tables.values())).shape[2]
    described = []
    with styled():
        columns = min(n_panels, 2)  # letters stay legible on a phone
        rows = -(-n_panels // columns)
        figure = Figure(figsize=(6.4, 1.8 + 2.4 * rows), layout="constrained")
        axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
        for ax in axes[n_panels:]:
            ax.remove()
        for i, ax in enumerate(axes[:n_panels]):
            for label, table in tables.items():
                values = table[:, :, i]
                low, high, mean = values.min(axis=1), values.max(axis=1), values.mean(axis=1)
                style = styles.get(label, {})
                (line,) = ax.plot(mean, label=label if i == 0 else None, **style)
                ax.fill_between(
                    np.arange(len(mean)), low, high, color=line.get_color(), alpha=0.2, linewidth=0
                )
            name = f"{kind.panel} {i + kind.first_layer}" if kind.panel else ""
            ax.set_title(name)
            if i + columns >= n_panels:
                ax.set_xlabel("epoch")
                ax.tick_params(labelbottom=True)
            ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
            described.append(_describe(name, tables, i))
        figure.supylabel(kind.label, fontsize="medium")
        if kind.learned_only:
            learned = np.concatenate([(table[1:] if len(table) > 1 else table).ravel()
                                      for table in tables.values()])  # fmt: skip
            _spread_the_top(axes[0], learned)
        draw_legend(figure)
    parts = [f"{kind.label}, mean over the seeds against the epoch, from first to last", *described]
    return Picture(figure, join_sentences(*parts, alt))


def _spread_the_top(ax: Axes, values: FloatArray) -> None:
    """Let the axis go by the logarithm of what the values, in percent, lack to 101."""
    low, high = values.min(), values.max()
    ax.set_yscale(
        "function", functions=(lambda v: -np.log(np.maximum(101 - v, 1e-3)),
                               lambda t: 101 - np.exp(-t)),
    )  # fmt: skip
    ax.yaxis.set_major_locator(FixedLocator([0, 20, 40, 60, 80, 90, 95, 98, 100]))
    margin = 0.05 * (high - low)
    ax.set_ylim(low - margin, min(high + margin / 5, 100.5))


def _by_layer(values: FloatArray) -> FloatArray:
    """Return the values with an axis for the layers, also where there is one for all of them."""
    return values if values.ndim == 3 else values[:, :, None]


def _describe(name: str, tables: Mapping[str, FloatArray], i: int) -> str:
    ends = "; ".join(
        f"{label} {table[0, :, i].mean():.3g} to {table[-1, :, i].mean():.3g}"
        for label, table in tables.items()
    )
    return f"{name}: {ends}" if name else ends
