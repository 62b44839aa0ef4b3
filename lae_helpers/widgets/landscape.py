"""The landscape figure: the loss of the smallest autoencoder, and gradient descent on it."""

from __future__ import annotations

from typing import Any, SupportsFloat

import traitlets
from matplotlib.figure import Figure

from lae_helpers._checks import check_between
from lae_helpers.plotting import COLOURS, Picture, styled
from lae_helpers.regularizers import ProductL2, Regularizer, SumL2, Unregularized
from lae_helpers.scalar.descent import DescentPath, ScalarLoss, choose_step, follow_gradient
from lae_helpers.scalar.plots import draw_landscape
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Number, trait_errors
from lae_helpers.widgets.front_end import join_modules, join_styles

LIMIT = 2.0
PATH_COLOURS = {"none": COLOURS[0], "product": COLOURS[2], "sum": COLOURS[3]}


class LandscapeFigure(InteractiveFigure):
    """Three losses over two weights, n = k = 1, and gradient descent on each from one start.

    Parameters
    ----------
    variance : float
        The one eigenvalue of the one by one covariance, from 0.01 to 100.
    lam : float
        Strength of product and sum, from 0 to twice the variance.
    regularizer : {"none", "product", "sum"}
        Whose loss is shown large.
    w1, w2 : float
        Encoder weight and decoder weight at the start, from -2 to 2.

    Attributes
    ----------
    variance : float
        Stays as it is; the others may be set.
    lam : float
    regularizer : str
    w1, w2 : float

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument or a trait is of the wrong kind or out of range; the message names it.

    Examples
    --------
    Under the sum the path ends where both weights are equal, at ``w1 w2 = 1 - lam / variance``.

    >>> from lae_helpers.widgets import LandscapeFigure
    >>> figure = LandscapeFigure(lam=0.75, w1=1.5, w2=0.5)
    >>> [round(float(weight), 3) for weight in figure.paths()["sum"].weights[-1]]
    [0.5, 0.5]
    """

    _esm = join_modules("landscape.js")
    _css = join_styles("figure.css", "landscape.css")

    variance = Number(1.0, min=0.01, max=100.0, read_only=True).tag(sync=True)
    lam = Number(0.3).tag(sync=True)
    regularizer = traitlets.Enum(["none", "product", "sum"], "sum").tag(sync=True)
    w1 = Number(-0.9, min=-LIMIT, max=LIMIT).tag(sync=True)
    w2 = Number(1.7, min=-LIMIT, max=LIMIT).tag(sync=True)
    limit = traitlets.Float(LIMIT, read_only=True).tag(sync=True)

    def __init__(
        self,
        *,
        variance: SupportsFloat = 1.0,
        lam: SupportsFloat = 0.3,
        regularizer: str = "sum",
        w1: SupportsFloat = -0.9,
        w2: SupportsFloat = 1.7,
    ) -> None:
        super().__init__()
        self.set_trait("variance", variance)
        self.set_trait("lam", lam)
        self.set_trait("regularizer", regularizer)
        self.set_trait("w1", w1)
        self.set_trait("w2", w2)

    @traitlets.validate("lam")
    def _validate_lam(self, proposal: dict[str, Any]) -> float:
        with trait_errors():
            return check_between("lam", proposal["value"], 0.0, 2 * self.variance)

    def _regularizers(self) -> dict[str, Regularizer]:
        return {"none": Unregularized(), "product": ProductL2(self.lam), "sum": SumL2(self.lam)}

    def paths(self) -> dict[str, DescentPath]:
        """Return the paths on show, by the name of the regulariser."""
        losses = {
            name: ScalarLoss.under(regularizer, self.variance)
            for name, regularizer in self._regularizers().items()
        }
        step = choose_step(losses.values(), self.w1, self.w2)
        return {
            name: follow_gradient(loss, self.w1, self.w2, step) for name, loss in losses.items()
        }

    def picture(self) -> Picture:
        """Draw the three landscapes with their paths."""
        described = []
        paths = self.paths()
        with styled():
            figure = Figure(figsize=(6.4, 2.9), layout="constrained")
            axes = figure.subplots(1, 3, sharey=True)
            for ax, (name, regularizer) in zip(axes, self._regularizers().items(), strict=True):
                minima, path = draw_landscape(ax, LIMIT, self.variance, regularizer), paths[name]
                ax.plot(*path.weights.T, color=PATH_COLOURS[name], linestyle="-", linewidth=2)
                ax.plot(self.w1, self.w2, color="black", marker="o", markersize=6)
                title = name if name == "none" else f"{name}, λ = {self.lam:.3g}"
                ax.set_title(title)
                ax.set_xlabel("encoder weight w₁")
                end, kept = path.weights[-1], path.imbalance[[0, -1]]
                described.append(
                    f"{title}: {minima}; the path ends at ({end[0]:.3g}, {end[1]:.3g}), "
                    f"where w1² − w2² is {kept[1]:.3g} after {kept[0]:.3g} at the start"
                )
            axes[0].set_ylabel("decoder weight w₂")
        return Picture(
            figure,
            "Contours of three losses over the two weights, with a path of gradient descent on "
            f"each from ({self.w1:.3g}, {self.w2:.3g}). {'. '.join(described)}.",
        )
