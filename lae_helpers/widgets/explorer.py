"""The explorer: watch the singular vectors emerge, with or without a kernel."""

from __future__ import annotations

import math
from typing import Any, SupportsIndex

import numpy as np
import torch
import traitlets

from lae_helpers._checks import ArrayLike, FloatArray, check_count, check_samples
from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.data import load_mnist
from lae_helpers.explorer.front_end_state import (
    check_walk,
    count_steps,
    describe_problem,
    preset_settings,
)
from lae_helpers.explorer.problems import PRESETS, Problem, digits_problem, start_weights
from lae_helpers.explorer.random import GROUP_DRAWS, LARGEST_SEED
from lae_helpers.explorer.replay import replay_weights
from lae_helpers.plotting import Picture, show_images
from lae_helpers.recovery import Recovered, recover_from_decoder
from lae_helpers.regularizers import REGULARIZERS, make_regularizer
from lae_helpers.training.full_batch import stable_learning_rate
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.limits import (
    LEAST_LAM,
    LEAST_START,
    MOST_COMPONENTS,
    MOST_LAM,
    MOST_RATE,
    MOST_START,
    SPEEDS,
)

LEVELS = 127  # of an eight-bit number on each side of zero: enough for the eye


def _read_buffer(buffer: memoryview, _explorer: object) -> bytes:
    """Return what a front end sends as binary, which arrives as a memory view."""
    return bytes(buffer)


class Explorer(InteractiveFigure):
    """Full-batch gradient descent on the loss, every step of it computed where the reader is.

    The model has no biases. It lives in the coordinates of the leading principal directions, at
    most 64 of them; what of the variance lies outside is a constant in its loss. Every control is
    a trait, to be set and observed; the weights come back when the reader pauses.

    Parameters
    ----------
    X : array_like or torch.Tensor, shape (n_samples, n_features), optional
        Data, centred here; a sample has to be a square image. The bundled digits if not given.
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
        Steps a frame, at most 1000.
    playing : bool
        Whether the descent runs.
    walk : list
        What happened to the starting weights, as `replay` takes it: stretches of descent and group
        elements. Set it to take the weights to the end of such a walk.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument is of the wrong kind or out of range; the message names it.
    """

    _esm = join_modules("explorer.js")
    _css = join_styles("figure.css", "explorer.css")

    problem = traitlets.Unicode("digits").tag(sync=True)
    regularizer = traitlets.Enum(list(REGULARIZERS), "none").tag(sync=True)
    lam = traitlets.Float(0.3, min=LEAST_LAM, max=MOST_LAM).tag(sync=True)
    n_components = traitlets.Int(8, min=1, max=MOST_COMPONENTS).tag(sync=True)
    seed = traitlets.Int(0, min=0, max=LARGEST_SEED).tag(sync=True)
    start_size = traitlets.Float(1.0, min=LEAST_START, max=MOST_START).tag(sync=True)
    learning_rate = traitlets.Float(0.0, min=0.0, max=MOST_RATE).tag(sync=True)
    speed = traitlets.Int(10, min=1, max=SPEEDS[-1]).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    walk: traitlets.List[Any] = traitlets.List().tag(sync=True)

    _problems = traitlets.Dict().tag(sync=True)
    _basis = traitlets.Bytes().tag(sync=True)
    _basis_scales = traitlets.Bytes().tag(sync=True)
    _limits = traitlets.Dict({
        "lam": [LEAST_LAM, MOST_LAM],
        "n_components": [1, MOST_COMPONENTS],
        "seed": [0, LARGEST_SEED],
        "start_size": [LEAST_START, MOST_START],
        "learning_rate": [0.0, MOST_RATE],
        "speeds": list(SPEEDS),
    }).tag(sync=True)  # fmt: skip
    _encoder = traitlets.Bytes().tag(sync=True, from_json=_read_buffer)
    _decoder = traitlets.Bytes().tag(sync=True, from_json=_read_buffer)
    _request: traitlets.List[Any] = traitlets.List(["", 0]).tag(sync=True)

    _reported = False
    _replayed: tuple[object, tuple[FloatArray, FloatArray]] | None = None

    def __init__(
        self, X: ArrayLike | None = None, *, steps: SupportsIndex = 0, **traits: object
    ) -> None:
        data = check_samples(load_mnist()[0] if X is None else X)
        if math.isqrt(data.shape[1]) ** 2 != data.shape[1]:
            raise ValueError(
                f"X must hold square images, such as 784 = 28 x 28 pixels a row, "
                f"but its shape is {data.shape}"
            )
        if not np.ptp(data, axis=0).any():
            raise ValueError("X must vary, but all its samples are the same: nothing to learn")
        own = "digits" if X is None else "data"
        self._by_name = {own: digits_problem(data)}
        self._by_name |= {name: preset.problem for name, preset in PRESETS.items()}
        basis = self._by_name[own].basis
        scales = np.abs(basis).max(axis=0) / LEVELS
        settings = {
            "problem": own,
            "n_components": min(8, _most_components(self._by_name[own])),
            **preset_settings(str(traits.get("problem", own))),
            **traits,
        }
        super().__init__(
            _problems={name: describe_problem(name, p) for name, p in self._by_name.items()},
            _basis=(basis / scales).round().astype(np.int8).T.tobytes(),
            _basis_scales=scales.tobytes(),
            **settings,
        )
        self.observe(self._take_settings, names="problem")
        self.observe(self._begin_afresh, names=["n_components", "seed", "start_size"])
        self.observe(self._forget_weights, names="walk")
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
        encoder, decoder = self.encoder, self.decoder
        model = LinearAutoencoder(len(decoder), len(encoder), bias=False)
        with torch.no_grad():
            model.encoder.weight.copy_(torch.from_numpy(encoder))
            model.decoder.weight.copy_(torch.from_numpy(decoder))
        return model

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
        if group not in GROUP_DRAWS:
            raise ValueError(f"group must be one of {', '.join(GROUP_DRAWS)}, but it is {group!r}")
        self._ask(group)

    def picture(self) -> Picture:
        """Draw columns, singular vectors and principal directions of the present weights."""
        k = self.n_components
        directions = self._here.directions[:, :k]
        side = math.isqrt(len(directions))
        columns = self.decoder / np.linalg.norm(self.decoder, axis=0).clip(min=1e-12)
        found = self.recovered.directions
        rows = {
            "Columns of W₂, |cos| to the principal directions": columns,
            "Left singular vectors of W₂, |cos| to the same": found,
            "Principal directions, variance along each": directions,
        }
        marks = [np.abs((matrix * directions).sum(axis=0)) for matrix in (columns, found)]
        captions = dict(zip(rows, [*marks, self._here.variances[:k]], strict=True))
        alt = f"After {count_steps(self.walk)} steps, regulariser: {self.regularizer}"
        if self.start_size != 1:
            alt += f", size of the start: {self.start_size:.3g}"
        return show_images(rows, captions=captions, image_shape=(side, side), alt=alt)

    @property
    def _here(self) -> Problem:
        return self._by_name[self.problem]

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

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a front end reports: weights and walk belong together then."""
        self._reported = True
        try:
            super().set_state(sync_data)
        finally:
            self._reported = False

    def _find_problem(self, name: str) -> Problem:
        if name not in self._by_name:
            known = ", ".join(map(repr, self._by_name))
            raise traitlets.TraitError(f"problem must be one of {known}, but it is {name!r}")
        return self._by_name[name]

    @traitlets.validate("problem")
    def _check_problem(self, proposal: dict[str, Any]) -> str:
        name: str = proposal["value"]
        self._find_problem(name)
        return name

    @traitlets.validate("n_components")
    def _check_components(self, proposal: dict[str, Any]) -> int:
        k: int = proposal["value"]
        most = _most_components(self._find_problem(self.problem))
        if k > most:
            raise traitlets.TraitError(
                f"n_components must be at most {most} for {self.problem!r}, but it is {k}"
            )
        return k

    @traitlets.validate("lam", "start_size", "learning_rate")
    def _check_finite(self, proposal: dict[str, Any]) -> float:
        number: float = proposal["value"]
        if not math.isfinite(number):
            raise traitlets.TraitError(f"{proposal['trait'].name} must be finite, not {number}")
        return number

    @traitlets.validate("walk")
    def _check_walk(self, proposal: dict[str, Any]) -> list[list[Any]]:
        try:
            return check_walk(proposal["value"])
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"walk is not one: {error}") from error

    def _choose_rate(self) -> float:
        start = start_weights(self._here, self.n_components, self.seed, start_size=self.start_size)
        regularizer = make_regularizer(self.regularizer, self.lam, self.n_components)
        W1, W2 = map(torch.from_numpy, start)
        return self.learning_rate or stable_learning_rate(
            W1, W2, float(self._here.spectrum[0]), regularizer, least_norm=1.0
        )

    def _ask(self, request: str) -> None:
        self._request = [request, self._request[1] + 1]

    def _take_settings(self, change: dict[str, Any]) -> None:
        if self._reported:
            return
        self.playing = False
        kept = {"n_components": min(self.n_components, _most_components(self._here))}
        for name, value in (preset_settings(change["new"]) or kept).items():
            self.set_trait(name, value)
        self._begin_afresh()

    def _begin_afresh(self, _change: object = None) -> None:
        if not self._reported:
            self.walk = []
            self._forget_weights()

    def _forget_weights(self, _change: object = None) -> None:
        """Let the weights be those at the end of the walk, until a front end reports others."""
        if not self._reported:
            self._encoder = self._decoder = b""


def _most_components(problem: Problem) -> int:
    return min(problem.n_coordinates, len(problem.variances))
