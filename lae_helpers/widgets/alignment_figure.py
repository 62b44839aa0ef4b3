"""The alignment figure: what information alignment makes of every singular value of a layer."""

from __future__ import annotations

from typing import SupportsFloat

import numpy as np
import traitlets
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray, check_matrix
from lae_helpers.feedback.looks import LOOKS, looks_for_page
from lae_helpers.metrics import angle
from lae_helpers.plotting import ENCODER, Picture, draw_curves, styled
from lae_helpers.plotting.axes import draw_legend
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Number
from lae_helpers.widgets.front_end import join_modules, join_styles

RULE = "information alignment"
TRANSPOSE, INVERSE = "transpose, g", "pseudo-inverse, 1/g"
ROOM = 1.2  # of the axes, beyond the largest singular value


class AlignmentFigure(InteractiveFigure):
    """Singular values of the feedback against those of a layer, from transpose to pseudo-inverse.

    Information alignment at rest, driven by white noise, with α = 1 and γ = 1 - β: a common factor
    of the three changes nothing, and α alone only the length.

    Parameters
    ----------
    W : array_like, shape (n_above, n_below)
        Forward weights, not all zero.
    beta : float
        From 0, the transpose, to 1, the pseudo-inverse.

    Attributes
    ----------
    beta : float
        May be set.
    singular_values : list of float
        Those of W that are not zero, descending.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument is of the wrong kind or out of range; the message names it.

    Examples
    --------
    >>> from lae_helpers.widgets import AlignmentFigure
    >>> figure = AlignmentFigure([[2.0, 0.0], [0.0, 1.0]])
    >>> figure.shrunken().round(3)
    array([0.8, 1. ])
    """

    _esm = join_modules("alignment_figure.js")
    _css = join_styles("figure.css", "alignment_figure.css")

    beta = Number(0.5, min=0.0, max=1.0).tag(sync=True)
    singular_values = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    looks = traitlets.Dict(looks_for_page([RULE]), read_only=True).tag(sync=True)
    room = traitlets.Float(ROOM, read_only=True).tag(sync=True)

    def __init__(self, W: ArrayLike, *, beta: SupportsFloat = 0.5) -> None:
        values = np.linalg.svd(check_matrix("W", W), compute_uv=False)
        kept = values[values > 1e-10 * values[0]]
        if not len(kept):
            raise ValueError("W must have an entry that is not zero")
        super().__init__(beta=beta)
        self.set_trait("singular_values", kept.tolist())

    def shrunken(self) -> FloatArray:
        """Return the singular values of the feedback at rest, shape (rank,), as W's are ordered."""
        return _shrink(np.array(self.singular_values), self.beta)

    def picture(self) -> Picture:
        """Draw the curve at the present β between its two ends, the layer as points on it."""
        g, h = np.array(self.singular_values), self.shrunken()
        most = ROOM * g[0]
        at = np.linspace(0, most, 301)[1:]
        low = at[1 / at <= most]
        name = f"{RULE}, β = {self.beta:.2g}"
        curves = {
            TRANSPOSE: (at, at),
            INVERSE: (low, 1 / low),
            name: (at, _shrink(at, self.beta)),
            "this layer": (g, h),
        }
        style = LOOKS[RULE].style()
        styles = {
            TRANSPOSE: {"color": ENCODER, "linestyle": "-", "linewidth": 1},
            INVERSE: {"color": "0.5", "linestyle": "-", "linewidth": 1},
            name: style,
            "this layer": {**style, "markersize": 7},
        }
        with styled():
            figure = Figure(figsize=(6.4, 4.4), layout="constrained")
            ax = figure.subplots()
            draw_curves(ax, curves, points_only=["this layer"], styles=styles)
            ax.set(xlabel="singular value g of W", ylabel="singular value h of B")
            draw_legend(figure)
        to_transpose, to_inverse = (_degrees(h, end) for end in (g, 1 / g))
        return Picture(
            figure,
            f"Curve of the singular values of B over those of W at β = {self.beta:.2g}, between "
            "the line of the transpose and the hyperbola of the pseudo-inverse. The layer's "
            f"{len(g)}, from {g[0]:.3g} to {g[-1]:.3g}, become {h[0]:.3g} to {h[-1]:.3g}: B is "
            f"{to_transpose:.1f}° from the transpose and {to_inverse:.1f}° from the "
            "pseudo-inverse.",
        )


def _shrink(g: FloatArray, beta: float) -> FloatArray:
    """Return h(g) = αg / (βg² + γ) for α = 1 and γ = 1 - β."""
    shrunken: FloatArray = g / (beta * g**2 + 1 - beta)
    return shrunken


def _degrees(first: FloatArray, second: FloatArray) -> float:
    import torch  # slow to import: only for the picture

    return angle(torch.from_numpy(first), torch.from_numpy(second))
