"""The spectrum figure: what every singular value of the decoder must be, as the strength moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import SupportsFloat

import numpy as np
import traitlets

from lae_helpers.plotting import Picture, plot_curves
from lae_helpers.regularizers import SumL2
from lae_helpers.validation import ArrayLike, check_number, check_vector
from lae_helpers.widgets.figure import InteractiveFigure
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.settings import LEAST_LAM, MOST_LAM


class SpectrumFigure(InteractiveFigure):
    """Singular values of the decoder at the minimum under the sum, against a strength to choose.

    Parameters
    ----------
    variances : array_like, shape (k,)
        The k largest eigenvalues of the covariance, descending.
    lam : float
        Strength at the start, from 0.001 to 10, on the scale of the variances.
    measured : mapping of float to array_like, shape (k,), optional
        By strength, singular values of a trained decoder, to lay beside the theory.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument is of the wrong kind or out of range; the message names it.
    """

    _esm = join_modules("spectrum_figure.js")
    _css = join_styles("figure.css")

    lam = traitlets.Float(0.3, min=LEAST_LAM, max=MOST_LAM).tag(sync=True)
    variances = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    measured = traitlets.List(traitlets.Dict(), read_only=True).tag(sync=True)
    lam_range = traitlets.List([LEAST_LAM, MOST_LAM], read_only=True).tag(sync=True)

    def __init__(
        self,
        variances: ArrayLike,
        *,
        lam: SupportsFloat = 0.3,
        measured: Mapping[float, ArrayLike] | None = None,
    ) -> None:
        SumL2(0.0).map_singular_values(variances)  # objects to a spectrum that is none
        super().__init__(lam=check_number("lam", lam))
        self.set_trait("variances", check_vector("variances", variances).tolist())
        found = [
            {"lam": strength, "values": check_vector(f"measured[{strength}]", values).tolist()}
            for strength, values in (measured or {}).items()
        ]
        self.set_trait("measured", found)

    def picture(self) -> Picture:
        """Draw theory and measurements at the present strength."""
        theory = np.sqrt(SumL2(self.lam).map_singular_values(self.variances))
        curves = {f"theory, λ = {self.lam:.3g}": theory}
        curves |= {f"measured, λ = {m['lam']}": np.array(m["values"]) for m in self.measured}
        return plot_curves(
            curves,
            xlabel="principal direction",
            ylabel="singular value of W₂",
            markers=True,
            points_only=list(curves)[1:],
        )
