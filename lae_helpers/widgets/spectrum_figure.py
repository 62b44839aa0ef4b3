"""The spectrum figure: what every singular value must be at the minimum, as the strength moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, SupportsFloat, SupportsIndex

import numpy as np
import traitlets

from lae_helpers._checks import ArrayLike, check_between, check_vector
from lae_helpers.plotting import Picture, plot_curves
from lae_helpers.regularizers import REGULARIZERS, SPREAD, SumL2, make_regularizer
from lae_helpers.widgets.checks import Number, check_spectrum, list_limits
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.limits import LEAST_LAM, MOST_LAM
from lae_helpers.widgets.own_data import TakesOwnData

PENALTIES = [name for name in REGULARIZERS if name != "none"]


class SpectrumFigure(TakesOwnData):
    """Singular values at the minimum under a penalty, against a strength to choose.

    Parameters
    ----------
    variances : array_like, shape (k,), or data
        The k largest eigenvalues of the covariance, descending; or the data themselves, an array,
        tensor or data frame with one sample a row.
    n_components : int, optional
        How many eigenvalues of data to show; 8, or as many as there are, if not given.
    lam : float
        Strength at the start, from 0.001 to 10, on the scale of the variances.
    regularizer : {"sum", "product", "non-uniform sum"}
        Penalty at the start. The non-uniform sum spreads its strengths evenly from half of ``lam``
        to one and a half.
    measured : mapping of float to array_like, shape (k,), optional
        By strength of the sum, singular values of a trained decoder, to lay beside the theory.

    Attributes
    ----------
    lam : float
        May be set.
    regularizer : str
        May be set.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument is of the wrong kind or out of range; the message names it.

    Examples
    --------
    >>> from lae_helpers.widgets import SpectrumFigure
    >>> figure = SpectrumFigure([4.0, 2.0, 1.0], lam=0.5)
    >>> figure.picture().alt
    'singular value against principal direction. theory, W₂: from 0.935 at 1 to 0.707 at 3. ...'
    """

    _esm = join_modules("spectrum_figure.js")
    _css = join_styles("figure.css", "own_data.css", "spectrum_figure.css")

    lam = Number(0.3, min=LEAST_LAM, max=MOST_LAM).tag(sync=True)
    regularizer = traitlets.Enum(PENALTIES, default_value="sum").tag(sync=True)
    variances = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    measured = traitlets.List(traitlets.Dict(), read_only=True).tag(sync=True)
    lam_range = traitlets.List(list_limits(lam=lam)["lam"], read_only=True).tag(sync=True)
    spread = traitlets.List(list(SPREAD), read_only=True).tag(sync=True)

    def __init__(
        self,
        variances: ArrayLike,
        *,
        n_components: SupportsIndex | None = None,
        lam: SupportsFloat = 0.3,
        regularizer: str = "sum",
        measured: Mapping[float, ArrayLike] | None = None,
    ) -> None:
        spectrum = check_spectrum(variances, n_components).tolist()
        SumL2(0.0).map_singular_values(spectrum)  # objects to a spectrum that is none
        found = [
            _check_measured(strength, values, len(spectrum))
            for strength, values in sorted((measured or {}).items())
        ]
        super().__init__(lam=lam, regularizer=regularizer)
        self.set_trait("variances", spectrum)
        self.set_trait("measured", found)

    def picture(self) -> Picture:
        """Draw theory, and what was measured, at the present strength."""
        theory = make_regularizer(self.regularizer, self.lam, len(self.variances))
        decoder = theory.decoder_singular_values(self.variances)
        curves = {} if decoder is None else {"theory, W₂": decoder}
        curves["theory, W₂W₁"] = theory.map_singular_values(self.variances)
        trained = [m["values"] for m in self.measured if m["lam"] == self.lam]
        if trained and self.regularizer == SumL2.name:
            curves["W₂ of a trained network"] = np.array(trained[0])
        return plot_curves(
            curves,
            xlabel="principal direction",
            ylabel="singular value",
            markers=True,
            points_only=["W₂ of a trained network"],
            alt=f"Minimum under the {self.regularizer} at λ = {self.lam:.3g}",
        )


def _check_measured(strength: float, values: ArrayLike, k: int) -> dict[str, Any]:
    name = f"measured[{strength}]"
    lam = check_between("a key of measured", strength, LEAST_LAM, MOST_LAM)
    found = check_vector(name, values)
    if len(found) != k:
        raise ValueError(f"{name} must be {k}, one a variance, not {len(found)}")
    if (found < 0).any():
        raise ValueError(f"{name} must be at least zero, but one is {found.min()}")
    return {"lam": lam, "values": found.tolist()}
