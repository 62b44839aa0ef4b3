"""The first figure: what makes a network learn the transpose of its own weights."""

from __future__ import annotations

import math
from typing import Any, SupportsFloat, SupportsIndex

import numpy as np
import traitlets

from lae_helpers._checks import ArrayLike
from lae_helpers.explorer.problems import Problem, digits_problem, start_weights
from lae_helpers.explorer.random import LARGEST_SEED
from lae_helpers.explorer.replay import DIGITS, find_problem, replay_weights
from lae_helpers.explorer.weights import choose_rate, make_model
from lae_helpers.metrics import transpose_gap
from lae_helpers.plotting import Picture, show_images
from lae_helpers.regularizers import SumL2
from lae_helpers.widgets import limits
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Count, Number, check_square_images
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.quantization import quantize

SIZES = {"large": 3.0, "small": 0.03}  # of a start
FREE_TIME, PRICED_TIME = 2.5, 6.0  # of the gradient flow, in the picture


class TransposeFigure(InteractiveFigure):
    """Rows of the encoder over columns of the decoder, which a price on the weights makes equal.

    Full-batch gradient descent on the reconstruction loss, in the coordinates of the leading
    principal directions, at most 64 of them; with the price, ``lam`` times the squared size of
    both matrices is added to the loss. Where the reader leaves it alone, the figure turns the
    price on once, after four seconds.

    Parameters
    ----------
    X : array_like or torch.Tensor, shape (n_samples, n_features), optional
        Data, centred here; a sample has to be a square image. The bundled digits if not given.
    n_components : int
        Width k of the bottleneck, from 1 to 16.
    lam : float
        The price, from 0.001 to 10, on the scale of the variances.
    **traits
        Starting values of the traits below.

    Attributes
    ----------
    n_components, lam : int, float
        Stay as they are; the others may be set.
    price : bool
        Whether the weights have a price.
    playing : bool
        Whether the descent runs; with reduced motion it waits until the reader presses Play.
    shows : {"weights", "directions"}
        The weights, or the decoder's left singular vectors over the principal directions.
    start : {"large", "small"}
        Three or 0.03 times normal numbers of standard deviation one over the root of the number
        of coordinates. From a small start the pairs become alike with no price too.
    seed : int
        Of the starting weights, from 0 to 2**32 - 1.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument or a trait is of the wrong kind or out of range; the message names it.

    Examples
    --------
    >>> from lae_helpers.widgets import TransposeFigure
    >>> gaps = TransposeFigure(start="small").gaps()
    >>> [round(gap, 2) for gap in gaps]
    [0.02, 0.0]
    """

    _esm = join_modules("transpose_figure.js")
    _css = join_styles("figure.css", "weight_pairs.css", "transpose_figure.css")

    price = traitlets.Bool(False).tag(sync=True)
    playing = traitlets.Bool(True).tag(sync=True)
    shows = traitlets.Enum(["weights", "directions"], "weights").tag(sync=True)
    start = traitlets.Enum(list(SIZES), "large").tag(sync=True)
    seed = Count(0, min=0, max=LARGEST_SEED).tag(sync=True)
    n_components = Count(6, min=1, max=limits.MOST_COMPONENTS, read_only=True).tag(sync=True)
    lam = Number(0.3, min=limits.LEAST_LAM, max=limits.MOST_LAM, read_only=True).tag(sync=True)
    image_shape = traitlets.List([28, 28], read_only=True).tag(sync=True)

    _sizes = traitlets.Dict(SIZES).tag(sync=True)
    _spectrum = traitlets.Bytes().tag(sync=True)
    _rest = traitlets.Float().tag(sync=True)
    _basis = traitlets.Bytes().tag(sync=True)
    _basis_scales = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        X: ArrayLike | None = None,
        *,
        n_components: SupportsIndex = 6,
        lam: SupportsFloat = 0.3,
        **traits: Any,  # noqa: ANN401 - those of traitlets
    ) -> None:
        self._problem = find_problem(DIGITS) if X is None else _make_problem(X)
        integers, scales = quantize(self._problem.basis, axis=0)
        side = math.isqrt(len(self._problem.basis))
        super().__init__(
            _spectrum=self._problem.spectrum.tobytes(),
            _rest=self._problem.rest,
            _basis=integers.T.tobytes(),
            _basis_scales=scales.tobytes(),
            **traits,
        )
        self.set_trait("n_components", n_components)
        self.set_trait("lam", lam)
        self.set_trait("image_shape", [side, side])
        most = self._problem.most_components
        if self.n_components > most:
            raise ValueError(f"n_components must be at most {most} here, not {self.n_components}")

    def gaps(self) -> list[float]:
        """Return the transpose gaps of the picture: without the price, and then with it."""
        return [transpose_gap(make_model(*weights)) for weights in self._stages()]

    def picture(self) -> Picture:
        """Draw the weights after a while without the price, and after another one with it."""
        rows = {}
        for when, (W1, W2) in zip(("no price", "with the price"), self._stages(), strict=True):
            rows[f"Rows of W₁, {when}"] = self._problem.basis @ W1.T
            rows[f"Columns of W₂, {when}"] = self._problem.basis @ W2
        without, with_it = self.gaps()
        return show_images(
            rows,
            image_shape=(self.image_shape[0], self.image_shape[1]),
            alt=f"Without the price the pairs differ by {without:.0%} of W₂, with it by "
            f"{with_it:.1%}",
        )

    def _stages(self) -> list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
        """Return W1 and W2 after the time without the price and after the time with it."""
        k, size = self.n_components, SIZES[self.start]
        start = start_weights(self._problem, k, self.seed, start_size=size)
        rate = choose_rate(self._problem, *start, SumL2(self.lam))
        free, priced = (round(time / rate) for time in (FREE_TIME, PRICED_TIME))
        walk = [("none", self.lam, rate, free), ("sum", self.lam, rate, priced)]
        return [
            replay_weights(
                self._problem, n_components=k, walk=walk[:end], seed=self.seed, start_size=size
            )
            for end in (1, 2)
        ]


def _make_problem(X: ArrayLike) -> Problem:
    return digits_problem(check_square_images(X))
