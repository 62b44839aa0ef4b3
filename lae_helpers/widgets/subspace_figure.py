"""The subspace figure: a plane that turns under the covariance, and the two labels in it."""

from __future__ import annotations

from typing import Any, SupportsFloat, SupportsIndex

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray, check_matrix, check_vector
from lae_helpers.plotting import COLOURS, DECODER, Picture, styled
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Count, Number, trait_errors
from lae_helpers.widgets.front_end import join_modules, join_styles

MOST_ITERATIONS = 24
GAP_RANGE = (0.05, 0.95)
LAM_SHARES = (0.02, 0.9)  # of the second variance
STEEP = ((0.3, -0.1), (0.1, 0.35), (1.1, 0.8))
VIEW = (np.radians(-50.0), np.radians(20.0))  # round the third axis, and above the plane
CIRCLE = np.array([np.cos(angles := np.linspace(0, 2 * np.pi, 91)), np.sin(angles)])


class SubspaceFigure(InteractiveFigure):
    """The span of a decoder, a plane in space, turned iteration by iteration by a covariance.

    The iterations are those of the tied iteration ``W <- C W (W^T C W + lam I)^-1``, k = 2, n = 3,
    with C diagonal. The plane, the span of W, is turned by C alone; the penalty chooses the basis
    in it. Its tilt is the angle with the principal plane.

    Parameters
    ----------
    variances : array_like, shape (2,), optional
        The two largest eigenvalues of C, positive and descending.
    gap : float
        The third eigenvalue over the second, from 0.05 to 0.95.
    lam : float
        Strength of the penalty, from 0.02 to 0.9 times the second eigenvalue.
    iterations : int
        How many are done, up to 24.
    start : array_like, shape (3, 2), optional
        The decoder before the first iteration; its first two rows must be an invertible matrix.

    Attributes
    ----------
    gap : float
        May be set, as may all but ``variances``.
    lam : float
    iterations : int
    start : list of list of float
    variances : list of float

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument is of the wrong kind or out of range; the message names it.

    Examples
    --------
    The tangent of the tilt falls by the gap or faster, iteration by iteration.

    >>> from lae_helpers.widgets import SubspaceFigure
    >>> tangents = SubspaceFigure(gap=0.5).tangents()
    >>> bool((tangents[1:] <= 0.5 * tangents[:-1]).all())
    True
    """

    _esm = join_modules("subspace_figure.js")
    _css = join_styles("figure.css", "subspace_figure.css")

    variances = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    gap = Number(0.7, min=GAP_RANGE[0], max=GAP_RANGE[1]).tag(sync=True)
    lam = Number(0.3, min=0.0).tag(sync=True)
    iterations = Count(0, min=0, max=MOST_ITERATIONS).tag(sync=True)
    start = traitlets.Any().tag(sync=True)
    limits = traitlets.Dict(
        {"gap": list(GAP_RANGE), "lam_shares": list(LAM_SHARES), "iterations": MOST_ITERATIONS},
        read_only=True,
    ).tag(sync=True)

    def __init__(
        self,
        variances: ArrayLike = (4.0, 2.0),
        *,
        gap: SupportsFloat = 0.7,
        lam: SupportsFloat = 0.3,
        iterations: SupportsIndex = 0,
        start: ArrayLike = STEEP,
    ) -> None:
        two = check_vector("variances", variances)
        if len(two) != 2 or not two[0] > two[1] > 0:
            raise ValueError(
                f"variances must be two, positive and descending, but they are {two.tolist()}"
            )
        super().__init__()
        self.set_trait("variances", two.tolist())
        for name, value in (
            ("gap", gap),
            ("lam", lam),
            ("iterations", iterations),
            ("start", start),
        ):
            self.set_trait(name, value)

    @traitlets.validate("lam")
    def _check_lam(self, proposal: dict[str, Any]) -> float:
        lam: float = proposal["value"]
        least, most = (share * self.variances[1] for share in LAM_SHARES)
        if not least <= lam <= most:
            raise traitlets.TraitError(
                f"lam must be between {least:g} and {most:g}, shares of the second variance, "
                f"but it is {lam:g}"
            )
        return lam

    @traitlets.validate("start")
    def _check_start(self, proposal: dict[str, Any]) -> list[list[float]]:
        with trait_errors():
            W = check_matrix("start", proposal["value"])
        if W.shape != (3, 2) or np.abs(W).max() > 2 or np.linalg.svd(W[:2])[1][1] < 1e-3:
            raise traitlets.TraitError(
                "start must be 3 x 2 with entries of size at most 2, and its first two rows a "
                f"matrix with singular values of at least 0.001, but it is {W.tolist()}"
            )
        rows: list[list[float]] = W.tolist()
        return rows

    def spectrum(self) -> FloatArray:
        """Return all three eigenvalues of C, descending, shape (3,)."""
        return np.array([*self.variances, self.gap * self.variances[1]])

    def decoders(self) -> FloatArray:
        """Return the decoder before the first iteration and after each, shape (25, 3, 2)."""
        C, decoders = np.diag(self.spectrum()), [np.array(self.start)]
        for _ in range(MOST_ITERATIONS):
            W = decoders[-1]
            decoders.append(C @ W @ np.linalg.inv(W.T @ C @ W + self.lam * np.eye(2)))
        return np.array(decoders)

    def tangents(self) -> FloatArray:
        """Return the tangents of the tilts of `decoders`, shape (25,)."""
        normals = np.cross(*np.moveaxis(self.decoders(), -1, 0))
        tangents: FloatArray = np.hypot(normals[:, 0], normals[:, 1]) / np.abs(normals[:, 2])
        return tangents

    def picture(self) -> Picture:
        """Draw the plane, the tilt of all iterations, and the labels."""
        tangents, decoders = self.tangents(), self.decoders()
        with styled():
            figure = Figure(figsize=(6.4, 3.0), layout="constrained")
            space, tilt, labels = figure.subplots(1, 3)
            _draw_space(space, self.spectrum(), decoders[self.iterations])
            iterations = np.arange(MOST_ITERATIONS + 1)
            tilt.plot(iterations, tangents, color=DECODER, marker=".", label="tan of the tilt")
            bound = tangents[0] * self.gap**iterations
            tilt.plot(iterations, bound, color="0.4", linestyle="--", label="bound (v₃/v₂)ᵗ")
            tilt.set_yscale("log")
            tilt.set_title("tilt")
            tilt.set_ylim(bottom=min(tangents) / 100)
            tilt.legend(loc="lower left")
            for i in (0, 1):
                lengths = np.linalg.norm(decoders[:, i], axis=1)
                labels.plot(iterations, lengths, color=COLOURS[2 + i], label=f"along u{'₁₂'[i]}")
                end = np.sqrt(1 - self.lam / self.variances[i])
                labels.axhline(end, color=COLOURS[2 + i], linestyle=":")
            labels.set_title("labels")
            labels.legend(fontsize="small")
            for ax in (tilt, labels):
                ax.set_xlabel("iterations")
        degrees = np.degrees(np.arctan(tangents[[0, self.iterations, -1]]))
        return Picture(
            figure,
            "An ellipsoid, the plane spanned by a decoder in it, and two curves. The tilt of the "
            f"plane is {degrees[0]:.3g}° at first, {degrees[1]:.3g}° after {self.iterations} "
            f"iterations and {degrees[2]:.2g}° after {MOST_ITERATIONS}; its tangent stays "
            f"below the line that falls by v₃/v₂ = {self.gap:.3g} an iteration. The two labels "
            "sway, and settle.",
        )


def _draw_space(ax: Axes, spectrum: FloatArray, W: FloatArray) -> None:
    turn, rise = VIEW
    across = np.array([-np.sin(turn), np.cos(turn), 0.0])
    up = np.array([-np.sin(rise) * np.cos(turn), -np.sin(rise) * np.sin(turn), np.cos(rise)])
    P = np.array([across, up])
    axes = np.sqrt(spectrum)
    outline = np.linalg.cholesky((P * spectrum) @ P.T) @ CIRCLE
    ax.fill(*outline, facecolor="0.95", edgecolor="0.5", linestyle="-")
    ax.plot(*(P[:, :2] @ (axes[:2, np.newaxis] * CIRCLE)), color=COLOURS[2], linestyle="--")
    Q = np.linalg.qr(W)[0]
    cut = np.linalg.cholesky(np.linalg.inv(Q.T @ (Q / spectrum[:, np.newaxis]))) @ CIRCLE
    ax.fill(*(P @ Q @ cut), color=DECODER, alpha=0.3, linestyle="-")
    left, values, _ = np.linalg.svd(W, full_matrices=False)
    for vector in (left * values).T:
        ax.plot(*np.outer(P @ vector, [-1, 1]), color=DECODER, linestyle="-", linewidth=2)
    for i, name in enumerate(("u₁", "u₂", "u₃")):
        end = P[:, i] * axes[i]
        ax.plot(*np.outer(end, [-1, 1]), color="0.4", linestyle="-", linewidth=0.8)
        ax.annotate(name, 1.25 * end, ha="center", va="center")
    ax.set(aspect="equal")
    ax.axis("off")
    ax.set_title("the plane")
