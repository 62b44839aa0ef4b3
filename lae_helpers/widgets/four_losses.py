"""Four losses from one start: what each of them finds, side by side."""

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
from lae_helpers.regularizers import REGULARIZERS, SPREAD, make_regularizer
from lae_helpers.widgets.checks import Count, Number
from lae_helpers.widgets.coordinates import CoordinatesFigure
from lae_helpers.widgets.front_end import join_modules, join_styles

POSITIONS = 200
START_SIZE, STEPS = 2.0, 10_000


class FourLossesFigure(CoordinatesFigure):
    """Gradient descent on four losses from one start, at one step size, to watch and to scrub.

    Of each loss it shows rows of the encoder over columns of the decoder, how much they differ,
    and the decoder's left singular vectors; what is within ten degrees of the principal direction
    of its place has a tick.

    Parameters
    ----------
    X : array_like, torch.Tensor or data frame, optional
        Any table, or images of shape (n_samples, height, width), centred here. The bundled digits
        if not given.
    n_components : int
        Width k of the bottleneck, from 1 to 16.
    lam : float
        Strength of the penalties, from 0.001 to 10; the non-uniform sum spreads its strengths
        evenly from half of it to one and a half.
    **traits
        Starting values of the traits below.

    Attributes
    ----------
    n_components, lam : int, float
        Stay as they are; the others may be set.
    position : int
        From 0, the start, to 200, after 10,000 steps.
    playing : bool
        Whether the position moves on.
    seed : int
        Of the starting weights, from 0 to 2**32 - 1.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument or a trait is of the wrong kind or out of range; the message names it.

    Examples
    --------
    >>> from lae_helpers.widgets import FourLossesFigure
    >>> gaps = FourLossesFigure().gaps()
    >>> [name for name, gap in gaps.items() if gap < 0.01]
    ['sum', 'non-uniform sum']
    """

    _esm = join_modules("four_losses.js")
    _css = join_styles("figure.css", "four_losses.css")

    position = Count(0, min=0, max=POSITIONS).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    spread = traitlets.List(list(SPREAD), read_only=True).tag(sync=True)
    start_size = Number(START_SIZE, min=0.0, max=10.0, read_only=True).tag(sync=True)
    n_steps = Count(STEPS, min=1, max=10**6, read_only=True).tag(sync=True)
    n_positions = Count(POSITIONS, min=1, max=1000, read_only=True).tag(sync=True)

    def __init__(
        self,
        X: ArrayLike | None = None,
        *,
        n_components: SupportsIndex = 4,
        lam: SupportsFloat = 1.8,
        **traits: object,
    ) -> None:
        super().__init__(X, n_components, lam, **traits)

    def weights(self) -> dict[str, tuple[FloatArray, FloatArray]]:
        """Return W1 and W2 after all steps, in the coordinates, by the name of the loss."""
        found = _descend(self._problem, self.n_components, self.seed, self.lam)
        return {name: (W1.copy(), W2.copy()) for name, (W1, W2) in found.items()}

    def gaps(self) -> dict[str, float]:
        """Return the transpose gap after all steps, by the name of the loss."""
        return _gaps(self.weights())

    def picture(self) -> Picture:
        """Draw rows of W1 and columns of W2 under each loss, after all steps."""
        weights = self.weights()
        rows = {}
        for name, (W1, W2) in weights.items():
            penalty = "no penalty" if name == "none" else name
            rows[f"Rows of W₁, {penalty}"], rows[f"Columns of W₂, {penalty}"] = W1.T, W2
        differences = ", ".join(f"{name} {gap:.0%}" for name, gap in _gaps(weights).items())
        return self._show(
            rows, alt=f"By the loss, the pairs differ by so much of W₂: {differences}"
        )


def _gaps(weights: dict[str, tuple[FloatArray, FloatArray]]) -> dict[str, float]:
    return {name: transpose_gap(make_model(*pair)) for name, pair in weights.items()}


@functools.lru_cache(maxsize=4)  # drawn and measured, the same
def _descend(
    problem: Problem, k: int, seed: int, lam: float
) -> dict[str, tuple[FloatArray, FloatArray]]:
    start = start_weights(problem, k, seed, start_size=START_SIZE)
    penalties = {name: make_regularizer(name, lam, k) for name in REGULARIZERS}
    rate = min(choose_rate(problem, *start, penalty) for penalty in penalties.values())
    return {
        name: replay_weights(
            problem,
            n_components=k,
            walk=[(name, lam, rate, STEPS)],
            seed=seed,
            start_size=START_SIZE,
        )
        for name in penalties
    }
