"""The first figure: what makes a network learn the transpose of its own weights."""

from __future__ import annotations

import functools
from typing import SupportsFloat, SupportsIndex

import traitlets

from lae_helpers._checks import ArrayLike, FloatArray
from lae_helpers.explorer.problems import Problem, start_weights
from lae_helpers.explorer.replay import replay_weights
from lae_helpers.explorer.weights import choose_rate, make_model
from lae_helpers.metrics import transpose_gap
from lae_helpers.plotting import Picture
from lae_helpers.regularizers import SumL2
from lae_helpers.widgets.coordinates import CoordinatesFigure
from lae_helpers.widgets.front_end import join_modules, join_styles

SIZES = {"large": 3.0, "small": 0.03}  # of a start
FREE_TIME, PRICED_TIME = 2.5, 6.0  # of the gradient flow, in the picture


class TransposeFigure(CoordinatesFigure):
    """Rows of the encoder over columns of the decoder, which a price on the weights makes equal.

    Full-batch gradient descent on the reconstruction loss, in the coordinates of the leading
    principal directions, at most 64 of them; with the price, ``lam`` times the squared size of
    both matrices is added to the loss. Where the reader leaves it alone, the figure turns the
    price on once, after four seconds.

    Parameters
    ----------
    X : array_like, torch.Tensor or data frame, optional
        Any table, or images of shape (n_samples, height, width), centred here. The bundled digits
        if not given.
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
    _sizes = traitlets.Dict(SIZES).tag(sync=True)

    def __init__(
        self,
        X: ArrayLike | None = None,
        *,
        n_components: SupportsIndex = 6,
        lam: SupportsFloat = 0.3,
        **traits: object,
    ) -> None:
        super().__init__(X, n_components, lam, **traits)

    def gaps(self) -> list[float]:
        """Return the transpose gaps of the picture: without the price, and then with it."""
        return _gaps(self._stages())

    def picture(self) -> Picture:
        """Draw the weights after a while without the price, and after another one with it."""
        stages = self._stages()
        rows = {}
        for when, (W1, W2) in zip(("no price", "with the price"), stages, strict=True):
            rows[f"Rows of W₁, {when}"], rows[f"Columns of W₂, {when}"] = W1.T, W2
        without, with_it = _gaps(stages)
        return self._show(
            rows,
            alt=f"Without the price the pairs differ by {without:.0%} of W₂, with it by "
            f"{with_it:.1%}",
        )

    def _stages(self) -> list[tuple[FloatArray, FloatArray]]:
        """Return W1 and W2 after the time without the price and after the time with it."""
        size = SIZES[self.start]
        return _descend(self._problem, self.n_components, self.seed, size, self.lam)


def _gaps(stages: list[tuple[FloatArray, FloatArray]]) -> list[float]:
    return [transpose_gap(make_model(*weights)) for weights in stages]


@functools.lru_cache(maxsize=4)  # drawn and measured, the same
def _descend(
    problem: Problem, k: int, seed: int, size: float, lam: float
) -> list[tuple[FloatArray, FloatArray]]:
    start = start_weights(problem, k, seed, start_size=size)
    rate = choose_rate(problem, *start, SumL2(lam))
    free, priced = (round(time / rate) for time in (FREE_TIME, PRICED_TIME))
    walk = [("none", lam, rate, free), ("sum", lam, rate, priced)]
    return [
        replay_weights(problem, n_components=k, walk=walk[:end], seed=seed, start_size=size)
        for end in (1, 2)
    ]
