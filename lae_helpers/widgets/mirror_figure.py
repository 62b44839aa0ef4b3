"""The mirror figure: a layer's feedback weights learn the transpose while you watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, SupportsIndex

import numpy as np
import torch
import traitlets
from matplotlib.figure import Figure
from torch import Tensor

from lae_helpers._checks import ArrayLike, FloatArray, check_choice, check_count, check_matrix
from lae_helpers.explorer.random import Mulberry32
from lae_helpers.feedback.base import Synapses
from lae_helpers.feedback.looks import looks_for_page
from lae_helpers.feedback.rules import InformationAlignment, WeightMirror
from lae_helpers.feedback.training import SLOWEST
from lae_helpers.metrics import angle
from lae_helpers.plotting import DECODER, ENCODER, SIGNED, Picture, join_sentences, styled
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Count, trait_errors
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.quantization import quantize

BATCH, RUN, MOST_RUNS, MOST_SAMPLES = 50, 400, 40, 500
MIRROR, ALIGNMENT, ACTIVE = LABELS = (
    "weight mirror", "information alignment", "weight mirror, own activity"
)  # fmt: skip
RATE = 0.015


class MirrorFigure(InteractiveFigure):
    """Forward weights beside feedback weights that turn into their transpose, noise running.

    Weight mirror and information alignment (α = β = γ = 1) learn from white noise; the third is the
    weight mirror on activities of the network's own. A run is 400 batches of 50 samples, and its
    rate falls along a cosine to a fiftieth. The neurons below are sorted by the one above that they
    excite most.

    Parameters
    ----------
    W : array_like, shape (n_above, n_below)
        Forward weights.
    activity : array_like, shape (n_samples, n_below)
        Of the layer below, 500 samples at most. All of it is scaled by one number, so that feedback
        learned from it comes to rest as long as W.
    seed : int
        Of the feedback at the start and of the noise, from 0 to 9999.

    Attributes
    ----------
    walk : list of (str, int)
        The runs so far: what learned, and for how many batches. May be set, as may ``seed``.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument or a trait is of the wrong kind or out of range; the message names it.

    Examples
    --------
    >>> import numpy as np
    >>> from lae_helpers.widgets import MirrorFigure
    >>> figure = MirrorFigure([[1.0, 0.0], [0.0, 2.0]], np.eye(2))
    >>> figure.walk = [("weight mirror", 20)]
    >>> figure.feedback().shape
    (2, 2)
    >>> [round(number, 3) for number in figure.rests["information alignment"]]  # degrees, gain
    [24.775, 0.286]
    """

    _esm = join_modules("mirror_figure.js")
    _css = join_styles("figure.css", "compass.css", "mirror_figure.css")

    walk = traitlets.List([[MIRROR, 0]]).tag(sync=True)
    seed = Count(0, min=0, max=9999).tag(sync=True)
    shape = traitlets.List(traitlets.Int(), read_only=True).tag(sync=True)
    rests = traitlets.Dict(read_only=True).tag(sync=True)
    looks = traitlets.Dict(looks_for_page(LABELS), read_only=True).tag(sync=True)
    _rules = traitlets.Dict(read_only=True).tag(sync=True)
    _settings = traitlets.Dict(
        {"batch": BATCH, "run": RUN, "slowest": SLOWEST, "runs": MOST_RUNS}, read_only=True
    ).tag(sync=True)
    _weights = traitlets.Bytes(read_only=True).tag(sync=True)  # (m, n) of float64
    _activity = traitlets.Bytes(read_only=True).tag(sync=True)  # (samples, n) of int8
    _scale = traitlets.Float(read_only=True).tag(sync=True)  # activity = scale * integers

    def __init__(self, W: ArrayLike, activity: ArrayLike, *, seed: SupportsIndex = 0) -> None:
        weights, samples = check_matrix("W", W), check_matrix("activity", activity)
        if samples.shape[1] != weights.shape[1]:
            raise ValueError(
                f"activity must have as many columns as W, {weights.shape[1]}, "
                f"but its shape is {samples.shape}"
            )
        check_count("the samples of activity", len(samples), at_most=MOST_SAMPLES)
        order = np.lexsort((-weights.max(axis=0), weights.argmax(axis=0)))
        weights, samples = weights[:, order], samples[:, order]
        integers, scales = quantize(samples)
        driven = np.asarray(integers, dtype=float) * scales
        answer = float(np.linalg.norm(driven.T @ (driven @ weights.T))) / len(driven)
        if answer == 0:
            raise ValueError("activity must reach the layer above, but W @ activity.T is zero")
        self._stretch = float(np.sqrt(np.linalg.norm(weights) / answer))
        self._W = torch.from_numpy(weights)
        self._samples = torch.from_numpy(self._stretch * driven)
        top = float(torch.linalg.matrix_norm(self._W, 2)) ** 2
        aligned = InformationAlignment(rate=3 * RATE / (1 + top), alpha=1.0, beta=1.0)
        mirror = WeightMirror(rate=RATE)
        self._contestants: dict[str, InformationAlignment | WeightMirror] = {
            MIRROR: mirror, ALIGNMENT: aligned, ACTIVE: mirror,
        }  # fmt: skip
        super().__init__()
        state = {
            "shape": list(weights.shape),
            "rests": {label: _measure(B, self._W) for label, B in self.resting().items()},
            "_rules": {n: _coefficients(n, rule) for n, rule in self._contestants.items()},
            "_weights": weights.tobytes(),
            "_activity": integers.tobytes(),
            "_scale": self._stretch * float(scales),
        }
        for name, value in state.items():
            self.set_trait(name, value)
        self.seed = seed

    @traitlets.validate("walk")
    def _check_walk(self, proposal: Mapping[str, Any]) -> list[list[Any]]:
        walk: Sequence[Any] = proposal["value"]
        with trait_errors():
            check_count("the runs of walk", len(walk), at_most=MOST_RUNS)
            if any(not isinstance(run, list | tuple) or len(run) != 2 for run in walk):
                raise ValueError(f"walk must hold pairs of a name and a count, but it is {walk}")
            return [
                [
                    check_choice("a name of walk", name, LABELS),
                    check_count("a count of walk", count, at_least=0, at_most=RUN),
                ]
                for name, count in walk
            ]

    def resting(self) -> dict[str, FloatArray]:
        """Return where the feedback rests on average, shape (n_below, n_above), by label."""
        white = torch.eye(self._W.shape[1], dtype=torch.float64)
        moments = {ACTIVE: self._samples.T @ self._samples / len(self._samples)}
        return {
            label: rule.fixed_point(self._W, moments.get(label, white)).numpy()
            for label, rule in self._contestants.items()
        }

    def feedback(self) -> FloatArray:
        """Return the feedback weights after the walk, shape (n_below, n_above).

        Step by step, on the random numbers that the page draws too: about 5 seconds a run.
        """
        above, below = self._W.shape
        generator = Mulberry32(self.seed)
        size = float(self._W.norm()) / np.sqrt(self._W.numel())
        B = torch.from_numpy(size * generator.normals((below, above)))
        nothing = torch.zeros(0, dtype=torch.float64)
        walk: Any = self.walk
        for label, count in walk:
            for step in range(count):
                annealing = SLOWEST + (1 - SLOWEST) * (1 + np.cos(np.pi * step / RUN)) / 2
                x = self._drive(label, generator)
                at = Synapses(self._W, nothing, nothing, x, learning_rate=0.0, annealing=annealing)
                B = self._contestants[label].update(B, at)
        return B.numpy()

    def _drive(self, label: str, generator: Mulberry32) -> Tensor:
        """Return what the layer below sends in one batch, shape (batch, n_below)."""
        if label == ACTIVE:
            count = len(self._samples)
            return self._samples[[int(generator.uniform() * count) for _ in range(BATCH)]]
        return torch.from_numpy(generator.normals((BATCH, self._W.shape[1])))

    def picture(self) -> Picture:
        """Draw W, and where each of the three comes to rest on average."""
        limit = float(self._W.abs().max())
        drawn = {"forward: W": (self._W.numpy(), ENCODER)}
        for label, B in self.resting().items():
            turned, gain = self.rests[label]
            title = f"{label}: B rests {turned:.1f}° from Wᵀ, {gain:.2f} times as long"
            drawn[title] = (B.T, DECODER)
        with styled():
            figure = Figure(figsize=(6.4, 5.6), layout="constrained")
            axes = figure.subplots(len(drawn), 1)
            for ax, (title, (matrix, colour)) in zip(axes, drawn.items(), strict=True):
                ax.imshow(matrix, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="auto")
                ax.set_title(title, loc="left", color=colour)
                ax.set(xticks=[], yticks=[])
                ax.spines[:].set(visible=True, color=colour, linewidth=2)
        above, below = self._W.shape
        return Picture(
            figure,
            join_sentences(
                f"Heat maps of {above} by {below} entries, feedback transposed, one scale", *drawn
            ),
        )


def _measure(B: FloatArray, W: Tensor) -> list[float]:
    """Return the degrees between B and the transpose of W, and how long B is beside it."""
    feedback = torch.from_numpy(B)
    return [angle(feedback, W.T), float(feedback.norm() / W.norm())]


def _coefficients(label: str, rule: InformationAlignment | WeightMirror) -> dict[str, Any]:
    """Return what the page needs to know of a rule: the mirror is alignment without β."""
    if isinstance(rule, WeightMirror):
        sizes = {"alpha": 1.0, "beta": 0.0, "gamma": rule.decay}
    else:
        sizes = {"alpha": rule.alpha, "beta": rule.beta, "gamma": rule.gamma}
    return {"rate": rule.rate, **sizes, "noise": label != ACTIVE}
