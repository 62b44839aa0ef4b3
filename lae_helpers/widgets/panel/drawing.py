"""The picture of the training panel, from weights and numbers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lae_helpers._checks import FloatArray
from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.pca import PCA
from lae_helpers.plotting import COLOURS, PLAIN, SIGNED, Picture, styled
from lae_helpers.plotting.style import matrix_colour
from lae_helpers.recovery import recover_from_decoder

WIDTH = 7.2
MARGIN = 0.1
LARGEST_IMAGE = 0.72
TITLE, CAPTION, PLOTS = 0.26, 0.22, 2.1
FLOOR = 1e-12
FADED = 1e-3


@dataclass
class TrainingCurves:
    """What a training left behind, a record at a time."""

    steps: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)

    def add(self, step: int, loss: float, gap: float) -> None:
        """Write one record down.

        Parameters
        ----------
        step : int
        loss : float
            Penalty included.
        gap : float
            As `transpose_gap` measures it.
        """
        self.steps.append(step)
        self.losses.append(loss)
        self.gaps.append(gap)


@dataclass(frozen=True)
class Row:
    """The columns of a matrix, as images; ``limit`` is the magnitude of the full colour."""

    title: str
    matrix: FloatArray
    captions: Sequence[str]
    limit: float | None = None

    def height(self, side: float) -> float:
        """Return what it takes, in inches, with images of this side."""
        return TITLE + side + (CAPTION if self.captions else 0.04)


def list_rows(model: LinearAutoencoder, pca: PCA) -> list[Row]:
    """Return what is drawn of a model: W₁ over W₂, both with the signs that suit W₂, and more.

    Parameters
    ----------
    model : LinearAutoencoder
        k components.
    pca : PCA
        At least k components.

    Returns
    -------
    list of Row
        Rows of W₁, columns of W₂, their difference, left singular vectors, principal directions.
    """
    reference = pca.directions[:, : model.n_components]
    encoder: FloatArray = model.encoder.weight.detach().numpy().T.copy()
    decoder: FloatArray = model.decoder.weight.detach().numpy().copy()
    recovered = recover_from_decoder(model)
    columns = _cosines(decoder, np.linalg.norm(decoder, axis=0), reference)
    vectors = _cosines(recovered.directions, recovered.singular_values, reference)
    directions = recovered.directions * (recovered.singular_values >= FADED)
    signs = _agreeing_signs(decoder, reference)
    limit = float(max(np.abs(encoder).max(), np.abs(decoder).max())) or 1.0
    return [
        Row("rows of W₁", encoder * signs, (), limit),
        Row("columns of W₂, |cos| to the principal directions", decoder * signs, columns, limit),
        Row("their difference", (encoder - decoder) * signs, (), limit),
        Row("left singular vectors of W₂, |cos| to the principal directions",
            directions * _agreeing_signs(directions, reference), vectors),
        Row("principal directions, variances of the data along them", reference,
            [f"{v:.2f}" for v in pca.variances[: model.n_components]]),
    ]  # fmt: skip


@styled(PLAIN)
def draw_training(
    model: LinearAutoencoder, pca: PCA, curves: TrainingCurves, *, lowest_loss: float, heading: str
) -> Picture:
    """Draw W₁ over W₂, both against principal directions, and how loss and transpose gap fell.

    It is in Matplotlib's own style, so that a thread that draws it touches no setting.

    Parameters
    ----------
    model : LinearAutoencoder
        k components, square images of n pixels.
    pca : PCA
        At least k components.
    curves : TrainingCurves
    lowest_loss : float
        The minimum of the loss by theory; the curve shows the distance to it.
    heading : str
        What was trained.

    Returns
    -------
    Picture
    """
    rows = list_rows(model, pca)
    k = model.n_components
    side = min((WIDTH - 2 * MARGIN) / k, LARGEST_IMAGE)
    height = 0.3 + sum(row.height(side) for row in rows) + PLOTS
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    figure.text(MARGIN / WIDTH, 1 - 0.07 / height, heading, va="top", fontsize=11, weight="bold")
    top = height - 0.3
    for row in rows:
        box = (MARGIN / WIDTH, (top - TITLE - side) / height, k * side / WIDTH, side / height)
        _draw_image_row(figure.add_axes(box), row, side)
        figure.text(MARGIN / WIDTH, (top - 0.06) / height, row.title, va="top", fontsize=10,
                    color=matrix_colour(row.title))  # fmt: skip
        top -= row.height(side)
    excess = np.array(curves.losses) - lowest_loss
    for left, title, values, colour in (
        (0.085, f"loss above its minimum, {lowest_loss:.4f}", excess, COLOURS[4]),
        (0.6, "transpose gap", np.array(curves.gaps), COLOURS[2]),
    ):
        ax = figure.add_axes((left, 0.45 / height, 0.385, (PLOTS - 0.85) / height))
        _draw_curve(ax, curves.steps, values, title, colour)
    said = _describe(heading, curves, rows[1].captions, rows[3].captions)
    return Picture(figure, said, PLAIN)


def _draw_image_row(ax: Axes, row: Row, side: float) -> None:
    """Draw the columns of a matrix as square images side by side, captions underneath."""
    matrix = row.matrix
    pixels = round(len(matrix) ** 0.5)
    gap = max(1, pixels // 14)
    strip = np.full((pixels, matrix.shape[1] * (pixels + gap)), np.nan)
    for i, column in enumerate(matrix.T):
        left = i * (pixels + gap)
        strip[:, left : left + pixels] = column.reshape(pixels, pixels)
    limit = row.limit or float(np.abs(matrix).max()) or 1.0
    ax.imshow(strip, cmap=SIGNED, vmin=-limit, vmax=limit)
    ax.set_anchor("NW")
    ax.set_axis_off()
    for i, caption in enumerate(row.captions):
        middle = (i * (pixels + gap) + pixels / 2) / strip.shape[1]
        ax.text(middle, -0.03, caption, transform=ax.transAxes, ha="center", va="top",
                fontsize=10 if side > 0.55 else 8)  # fmt: skip


def _draw_curve(
    ax: Axes, steps: Sequence[int], values: FloatArray, title: str, colour: str
) -> None:
    """Draw one curve over the steps, on a logarithmic axis of whole decades."""
    ax.set_xlim(0, max([10, *steps[-1:]]))
    if steps:
        heights = values.clip(min=FLOOR)
        ax.plot(steps, heights, color=colour, marker=".", markersize=3, clip_on=False)
        decades = np.log10(heights)
        ax.set_yscale("log")
        ax.set_ylim(10 ** np.floor(decades.min() - 0.01), 10 ** np.ceil(decades.max() + 0.01))
    else:
        ax.set_yticks([])
    # Fixed places: to find free ones matplotlib would lay out every tick once more.
    ax.set_title(title, fontsize=10, loc="left", y=1.02)
    ax.set_xlabel("step", fontsize=9)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    ax.xaxis.set_label_coords(0.5, -0.22)
    ax.tick_params(labelsize=9)
    ax.spines[["top", "right"]].set_visible(False)


def _agreeing_signs(matrix: FloatArray, reference: FloatArray) -> FloatArray:
    """Return the signs with which columns point to the same side as their references."""
    signs: FloatArray = np.where((matrix * reference).sum(axis=0) < 0, -1.0, 1.0)
    return signs


def _cosines(matrix: FloatArray, sizes: FloatArray, reference: FloatArray) -> list[str]:
    """Return ``|cos|`` of columns to their references as captions, a dash where there is none."""
    lengths = np.linalg.norm(matrix, axis=0)
    dots = np.abs((matrix * reference).sum(axis=0))
    return [
        "–" if size < FADED else f"{min(dot / length, 1.0):.3f}"
        for dot, length, size in zip(dots, lengths, sizes, strict=True)
    ]


def _describe(
    heading: str, curves: TrainingCurves, columns: Sequence[str], vectors: Sequence[str]
) -> str:
    """Say in words what `draw_training` shows."""
    text = (
        f"{heading}. Five rows of images: rows of W₁; columns of W₂, "
        f"|cos| {', '.join(columns)}; their difference; "
        f"left singular vectors of W₂, |cos| {', '.join(vectors)}; principal directions."
    )
    if curves.steps:
        text += (
            f" Two curves on logarithmic axes over {curves.steps[-1]} steps: the loss, "
            f"now {curves.losses[-1]:.4g}, above its lowest value, and the transpose gap, "
            f"now {curves.gaps[-1]:.2g}."
        )
    return text
