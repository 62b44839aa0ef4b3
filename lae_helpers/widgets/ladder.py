"""The ladder figure: which of four losses notices a G that acts on two components."""

from __future__ import annotations

from typing import Any, SupportsFloat

import numpy as np
import torch
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray, check_between, check_matrix, check_vector
from lae_helpers.autoencoder import moment_loss
from lae_helpers.plotting import COLOURS, Picture, styled
from lae_helpers.regularizers import (
    NonuniformSumL2,
    ProductL2,
    Regularizer,
    SumL2,
    Unregularized,
    spread_strengths,
)
from lae_helpers.widgets.checks import Number, check_spectrum, trait_errors
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.limits import LEAST_LAM, MOST_LAM
from lae_helpers.widgets.own_data import TakesOwnData

FLOOR, LARGEST_ENTRY, TOLERANCE = 0.05, 2.0, 1e-9
GROUPS = ("GL(2)", "GL(2)", "O(2)", "{±1}²")
CIRCLE = np.array([np.cos(angles := np.linspace(0, 2 * np.pi, 181)), np.sin(angles)])


class LadderFigure(TakesOwnData):
    """Change of the four losses when an invertible 2 x 2 matrix G takes W2, W1 to W2 G, G^-1 W1.

    The weights are ``W2 = U S`` and ``W1 = S U^T``, U two principal directions and
    ``S = (I + lam / V)^(-1/2)``: a minimum of the product's loss, and balanced. There every loss
    has its least value on the orbit, and the G that leave it unchanged are exactly its group:
    GL(2), GL(2), O(2), {±1}². (For the sum the change is ``lam tr(S^2 (H + H^-1 - 2 I))`` with
    ``H = G G^T``. The non-uniform sum is at least ``2 (lams[0] S1^2 + lams[1] S2^2)``, what it is
    at G = I, and reaches that for flips of sign only.)

    Parameters
    ----------
    variances : array_like, shape (2,), or data
        Eigenvalues of the covariance that belong to the directions, positive, descending; or the
        data themselves, whose two largest these are then.
    lam : float
        Strength of the product and the sum, from 0.001 to 10.
    lams : array_like, shape (2,), optional
        Strengths of the non-uniform sum, ascending; half of ``lam`` and one and a half of it if
        not given.
    matrix : array_like, shape (2, 2), optional
        G; the identity if not given. Its entries are at most 2 in size and its smallest singular
        value is at least 0.05.

    Attributes
    ----------
    matrix : list of list of float
        G; may be set, as may ``lam`` and ``lams``.
    lam : float
    lams : list of float
    variances : list of float

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument is of the wrong kind or out of range; the message names it.

    Examples
    --------
    A rotation is noticed by the non-uniform sum alone.

    >>> from lae_helpers.widgets import LadderFigure
    >>> figure = LadderFigure([5.0, 3.8], matrix=[[0.0, -1.0], [1.0, 0.0]])
    >>> {name: round(change, 3) + 0.0 for name, change in figure.changes.items()}
    {'none': 0.0, 'product': 0.0, 'sum': 0.0, 'non-uniform sum': 0.01}
    """

    _esm = join_modules("ladder.js")
    _css = join_styles("figure.css", "own_data.css", "ladder.css")

    matrix = traitlets.Any().tag(sync=True)
    lam = Number(0.3, min=LEAST_LAM, max=MOST_LAM).tag(sync=True)
    lams = traitlets.Any().tag(sync=True)
    variances = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    limits = traitlets.Dict(
        {"floor": FLOOR, "entry": LARGEST_ENTRY, "tolerance": TOLERANCE}, read_only=True
    ).tag(sync=True)

    def __init__(
        self,
        variances: ArrayLike,
        *,
        lam: SupportsFloat = 0.3,
        lams: ArrayLike | None = None,
        matrix: ArrayLike = ((1.0, 0.0), (0.0, 1.0)),
    ) -> None:
        spectrum = check_spectrum(variances, default=2)
        if len(spectrum) != 2 or not spectrum[0] > spectrum[1] > 0:
            raise ValueError(
                f"variances must be two, positive and descending, but they are {spectrum.tolist()}"
            )
        lam = check_between("lam", lam, LEAST_LAM, MOST_LAM)
        super().__init__(
            lam=lam, lams=spread_strengths(lam, 2) if lams is None else lams, matrix=matrix
        )
        self.set_trait("variances", spectrum.tolist())

    @traitlets.validate("lams")
    def _check_lams(self, proposal: dict[str, Any]) -> list[float]:
        with trait_errors():
            strengths = check_vector("lams", proposal["value"]).tolist()
            if len(strengths) != 2 or not strengths[0] < strengths[1]:
                raise ValueError(f"lams must be two, ascending, but they are {strengths}")
            return [check_between("lams", lam, LEAST_LAM, MOST_LAM) for lam in strengths]

    @traitlets.validate("matrix")
    def _check_matrix(self, proposal: dict[str, Any]) -> list[list[float]]:
        with trait_errors():
            G = check_matrix("matrix", proposal["value"])
        if G.shape != (2, 2) or np.abs(G).max() > LARGEST_ENTRY:
            raise traitlets.TraitError(
                f"matrix must be 2 x 2 with entries of size at most {LARGEST_ENTRY}, "
                f"but it is {G.tolist()}"
            )
        if (smallest := np.linalg.svd(G)[1][1]) < FLOOR * (1 - 1e-9):
            raise traitlets.TraitError(
                f"matrix must have a smallest singular value of at least {FLOOR}, to be invertible "
                f"with room to spare, but it is {smallest:.3g}"
            )
        rows: list[list[float]] = G.tolist()
        return rows

    @property
    def changes(self) -> dict[str, float]:
        """By the name of the regulariser, by how much G changes the loss."""
        G = torch.tensor(self.matrix, dtype=torch.float64)
        variances = torch.tensor(self.variances, dtype=torch.float64)
        start = torch.diag((variances / (variances + self.lam)).sqrt())
        moved = (torch.linalg.inv(G) @ start, start @ G)

        def loss(W1: torch.Tensor, W2: torch.Tensor, regularizer: Regularizer) -> float:
            error = moment_loss(W1, W2, torch.diag(variances), variances.new_zeros(2))
            return float(error + regularizer.penalty(W1, W2))

        ladder = (
            Unregularized(),
            ProductL2(self.lam),
            SumL2(self.lam),
            NonuniformSumL2(self.lams),
        )
        return {rung.name: loss(*moved, rung) - loss(start, start, rung) for rung in ladder}

    def picture(self) -> Picture:
        """Draw the images of the unit vectors and the four changes."""
        G, changes = np.array(self.matrix), self.changes
        with styled():
            figure = Figure(figsize=(6.4, 3.6), layout="constrained")
            plane, bars = figure.subplots(1, 2, width_ratios=(1, 1.1))
            _draw_plane(plane, G)
            _draw_changes(bars, changes)
        said = "; ".join(
            f"{name}: " + (f"{value:+.3g}" if abs(value) > TOLERANCE else "no change")
            for name, value in changes.items()
        )
        large, small = np.linalg.svd(G)[1]
        return Picture(
            figure,
            f"The unit circle and its image under G = {G.round(3).tolist()}, an ellipse with half "
            f"axes {large:.3g} and {small:.3g}; det G = {np.linalg.det(G):.3g}. "
            f"Change of the four losses: {said}.",
        )


def _draw_plane(ax: Axes, G: FloatArray) -> None:
    ax.plot(*CIRCLE, color="0.6", linestyle=":", linewidth=1.2)
    ax.plot(*(G @ CIRCLE), color="0.35", linestyle="-", linewidth=1.5)
    for column, colour, label in zip(G.T, COLOURS, ("Ge₁", "Ge₂"), strict=False):
        arrow = {"arrowstyle": "-|>", "color": colour, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", column, (0, 0), arrowprops=arrow)
        ax.annotate(label, column * (1 + 0.45 / np.hypot(*column)), ha="center", va="center",
                    color=colour)  # fmt: skip
    ax.set_title("images of the unit vectors")
    reach = 1.25 * LARGEST_ENTRY
    ax.set(aspect="equal", xlim=(-reach, reach), ylim=(-reach, reach), xticks=[-1, 0, 1],
           yticks=[-1, 0, 1])  # fmt: skip


def _draw_changes(ax: Axes, changes: dict[str, float]) -> None:
    rungs = zip(changes, GROUPS, strict=True)
    labels = [f"{name}\ngroup {group}" for name, group in rungs]
    values = [value if abs(value) > TOLERANCE else 0.0 for value in changes.values()]
    for place, (value, colour) in enumerate(zip(values, COLOURS, strict=False)):
        ax.barh(place, value, color=colour, height=0.5)
        text = f"{value:+.3g}" if value else "still"
        ax.annotate(text, (value, place), (4, 0), textcoords="offset points", va="center")
    ax.set_xscale("symlog", linthresh=1e-3)
    ax.set(xlim=(0, max(1.0, 30 * max(values))))
    ax.set_title("change of the loss J")
    ax.set_yticks(range(len(labels)), labels)
    ax.set_xticks([0, 1e-2, 1, *([100] if max(values) > 3 else [])])
    ax.invert_yaxis()
