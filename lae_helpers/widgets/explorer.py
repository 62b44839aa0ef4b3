"""The explorer: watch the singular vectors emerge, with or without a kernel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import SupportsIndex

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray, check_choice, check_count
from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.explorer.front_end_state import count_steps
from lae_helpers.explorer.problems import start_weights
from lae_helpers.explorer.random import GROUP_DRAWS
from lae_helpers.explorer.replay import replay_weights
from lae_helpers.explorer.weights import choose_rate, draw_weights, make_model
from lae_helpers.plotting import Picture
from lae_helpers.recovery import Recovered, recover_from_decoder
from lae_helpers.regularizers import make_regularizer
from lae_helpers.widgets.explorer_state import ExplorerState
from lae_helpers.widgets.front_end import join_modules, join_styles


class Explorer(ExplorerState):
    """Full-batch gradient descent on the loss, every step of it computed where the reader is.

    The model has no biases. It lives in the coordinates of the leading principal directions, at
    most 64 of them; what of the variance lies outside is a constant in its loss. Every control is
    a trait, to be set and observed; the weights come back when the reader pauses.

    Parameters
    ----------
    X : array_like, torch.Tensor or data frame, shape (n_samples, n_features), optional
        Data, centred here, or images of shape (n_samples, height, width). The bundled digits if
        not given.
    image_shape : tuple of int, optional
        Height and width of the image that a sample is.
    feature_names : sequence, optional
        Names of the columns, which are then drawn as bars; those of a data frame if not given.
        With neither of the two a square number of features is drawn as a square image, any other
        as bars that are numbered.
    steps : int
        Steps to take, with the other settings, before the reader first sees the figure.
    **traits
        Starting values of the traits below.

    Attributes
    ----------
    problem : str
        What is learned: "digits" (or "data", for an ``X`` of one's own), or a name in ``PRESETS``,
        which brings its own settings along.
    regularizer : {"none", "product", "sum", "non-uniform sum"}
        The non-uniform sum spreads its strengths evenly from ``0.5 * lam`` to ``1.5 * lam``.
    lam : float
        Strength, from 0.001 to 10, on the scale of the variances.
    n_components : int
        Width k of the bottleneck, from 1 to 16.
    seed : int
        Of the starting weights, from 0 to 2**32 - 1.
    start_size : float
        What the starting weights are multiplied by, from 0.001 to 1. From a small start the
        transpose gap falls without any penalty; the directions do not come.
    learning_rate : float
        0 for one that is chosen automatically, at most 1.
    speed : int
        Pace, in tenths of the one for watching, from 1 to 1000. At 10, after a change, no singular
        vector turns by much more than 20 degrees a second at first; turning and steps a second
        grow with the time since, to 6000 steps, or what the browser can do. No step is left out.
    playing : bool
        Whether the descent runs. At its end it rests, and every change lets it go on.
    walk : list
        What happened to the starting weights, as `replay` takes it: stretches of descent and group
        elements. Set it to take the weights to the end of such a walk.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument is of the wrong kind or out of range; the message names it.

    Examples
    --------
    The figure is the value of a cell; from Python, its weights are there without a browser.

    >>> from lae_helpers.widgets import Explorer
    >>> explorer = Explorer(regularizer="sum", lam=0.3, n_components=4, steps=200)
    >>> explorer.recovered.directions.shape
    (784, 4)
    """

    _esm = join_modules("explorer.js")
    _css = join_styles("figure.css", "own_data.css", "weight_pairs.css", "explorer.css")

    _replayed: tuple[object, tuple[FloatArray, FloatArray]] | None = None

    def __init__(
        self,
        X: ArrayLike | None = None,
        *,
        image_shape: Sequence[SupportsIndex] | None = None,
        feature_names: Sequence[object] | None = None,
        steps: SupportsIndex = 0,
        **traits: object,
    ) -> None:
        super().__init__(X, image_shape, feature_names, **traits)
        if count := check_count("steps", steps, at_least=0):
            self.walk = [[self.regularizer, self.lam, self._choose_rate(), count]]

    @property
    def encoder(self) -> FloatArray:
        """W1 when the reader last paused, in pixels, shape (k, n_features)."""
        return self._weights[0] @ self._here.basis.T

    @property
    def decoder(self) -> FloatArray:
        """W2 when the reader last paused, in pixels, shape (n_features, k)."""
        return self._here.basis @ self._weights[1]

    @property
    def model(self) -> LinearAutoencoder:
        """A linear autoencoder without biases, with these weights; for centred data."""
        return make_model(self.encoder, self.decoder)

    @property
    def recovered(self) -> Recovered:
        """What an SVD of the decoder gives: directions and singular values."""
        return recover_from_decoder(self.model)

    def step(self) -> None:
        """Take one step, as the button does."""
        self._ask("step")

    def reset(self) -> None:
        """Go back to the starting weights, as the button does."""
        self._ask("reset")

    def act(self, group: str) -> None:
        """Let a random element of "GL(k)", "O(k)" or "{±1}^k" act, as the buttons do."""
        self._ask(check_choice("group", group, GROUP_DRAWS))

    def picture(self) -> Picture:
        """Draw the present weights, their singular vectors and the principal directions."""
        alt = f"After {count_steps(self.walk)} steps, regulariser: {self.regularizer}"
        if self.start_size != 1:
            alt += f", size of the start: {self.start_size:.3g}"
        return draw_weights(self.model, self._here, alt=alt)

    @property
    def _weights(self) -> tuple[FloatArray, FloatArray]:
        """W1 and W2 in the coordinates: what the front end said, or the end of the walk."""
        if self._encoder:
            W1, W2 = (np.frombuffer(part) for part in (self._encoder, self._decoder))
            return W1.reshape(self.n_components, -1), W2.reshape(-1, self.n_components)
        key = (self.problem, self.n_components, self.seed, self.start_size, repr(self.walk))
        if self._replayed is None or self._replayed[0] != key:
            weights = replay_weights(
                self._here,
                n_components=self.n_components,
                walk=self.walk,
                seed=self.seed,
                start_size=self.start_size,
            )
            self._replayed = key, weights
        return self._replayed[1]

    def _choose_rate(self) -> float:
        start = start_weights(self._here, self.n_components, self.seed, start_size=self.start_size)
        regularizer = make_regularizer(self.regularizer, self.lam, self.n_components)
        return self.learning_rate or choose_rate(self._here, *start, regularizer)

    def _ask(self, request: str) -> None:
        self._request = [request, self._request[1] + 1]
