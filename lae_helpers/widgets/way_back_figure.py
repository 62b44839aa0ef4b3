"""The way-back figure: a network that learns through feedback at an angle to the transpose."""

from __future__ import annotations

import math
from typing import SupportsFloat, SupportsIndex

import numpy as np
import torch
import traitlets

from lae_helpers._checks import ArrayLike, check_labels, check_samples
from lae_helpers.explorer.random import LARGEST_SEED, Mulberry32
from lae_helpers.networks.backprop import forward, sample_costs
from lae_helpers.networks.mlp import MLP
from lae_helpers.networks.turned import descend_turned
from lae_helpers.pca import fit_pca
from lae_helpers.plotting import Picture, plot_curves
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Count, Number
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.quantization import quantize

N_HIDDEN = 8
MOST_COORDINATES, MOST_SAMPLES = 20, 600  # what a page computes within a frame
N_STEPS, LEARNING_RATE = 300, 0.5
DRAWN = (0.0, 45.0, 90.0, 135.0)


class WayBackFigure(InteractiveFigure):
    """A network that learns through a way back at a chosen angle to the transpose.

    It has one hidden layer of eight neurons (tanh), softmax and cross-entropy, and sees every
    sample by its first principal coordinates. Its errors come back through a matrix B that keeps
    the chosen angle to the transpose of the present W², and its length. Beside it the same network
    learns by backprop, from the same weights.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
        At most 600 samples.
    labels : array_like of int, shape (n_samples,)
        The class of each, at least two.
    angle : float
        Between B and the transpose, in degrees from 0 to 180.
    seed : int
        Of the weights and of the direction in which B turns.

    Attributes
    ----------
    angle : float
        May be set, also while the network learns.
    seed : int
        May be set: both networks start again.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument is of the wrong kind or out of range; the message names it.

    Examples
    --------
    >>> from lae_helpers import load_mnist
    >>> from lae_helpers.widgets import WayBackFigure
    >>> X, labels = load_mnist()
    >>> figure = WayBackFigure(X[::10], labels[::10])
    >>> [round(float(figure.losses(angle)[-1]), 1) for angle in (0, 90)]
    [0.3, 1.5]
    """

    _esm = join_modules("way_back_figure.js")
    _css = join_styles("figure.css", "way_back_figure.css")

    angle = Number(90.0, min=0.0, max=180.0).tag(sync=True)
    seed = Count(0, min=0, max=LARGEST_SEED).tag(sync=True)
    widths = traitlets.List(traitlets.Int(), read_only=True).tag(sync=True)
    classes = traitlets.List(traitlets.Int(), read_only=True).tag(sync=True)  # of the samples
    coordinates = traitlets.Bytes(read_only=True).tag(sync=True)  # (n_samples, n_0) of int8
    scale = traitlets.Float(read_only=True).tag(sync=True)
    n_steps = traitlets.Int(N_STEPS, read_only=True).tag(sync=True)
    learning_rate = traitlets.Float(LEARNING_RATE, read_only=True).tag(sync=True)

    def __init__(
        self,
        X: ArrayLike,
        labels: ArrayLike,
        *,
        angle: SupportsFloat = 90.0,
        seed: SupportsIndex = 0,
    ) -> None:
        samples = check_samples(X)
        if len(samples) > MOST_SAMPLES:
            raise ValueError(
                f"X must hold at most {MOST_SAMPLES} samples, not {len(samples)}: "
                "every second or tenth will do"
            )
        names, classes = np.unique(
            check_labels("labels", labels, len(samples)), return_inverse=True
        )
        if len(names) < 2:
            raise ValueError(f"labels must name two classes or more, but all are {names[0]}")
        pca = fit_pca(samples, min(MOST_COORDINATES, *samples.shape))
        if pca.variances[0] == 0:
            raise ValueError("X must vary, but all of its samples are the same")
        codes = (samples - pca.mean) @ pca.directions / math.sqrt(pca.variances[0])
        integers, scale = quantize(codes)
        # What the page computes with, to the last bit.
        self._X = torch.from_numpy(integers * float(scale))
        self._targets = torch.eye(len(names), dtype=torch.float64)[classes]
        super().__init__(angle=angle, seed=seed)
        self.set_trait("widths", [codes.shape[1], N_HIDDEN, len(names)])
        self.set_trait("classes", classes.tolist())
        self.set_trait("coordinates", integers.tobytes())
        self.set_trait("scale", float(scale))

    def start(self) -> tuple[MLP, torch.Tensor]:
        """Return the network before training, and the H that B turns to."""
        n, h, c = self.widths
        generator = Mulberry32(self.seed)
        W1, W2 = generator.normals((h, n)) / math.sqrt(n), generator.normals((c, h)) / math.sqrt(h)
        return MLP([W1, W2], [np.zeros(h), np.zeros(c)]), torch.tensor(generator.normals((h, c)))

    def descend(self, angle: SupportsFloat) -> list[MLP]:
        """Return the network before training and after each step, with B at an angle."""
        network, H = self.start()
        return descend_turned(
            network, self._X, self._targets, [H], angle,
            n_steps=self.n_steps, learning_rate=self.learning_rate,
        )  # fmt: skip

    def losses(self, angle: SupportsFloat) -> torch.Tensor:
        """Return the mean cost before training and after each step, with B at an angle."""
        outputs = (forward(net, self._X).pre_activations[-1] for net in self.descend(angle))
        network, _ = self.start()
        return torch.stack([sample_costs(network, z, self._targets).mean() for z in outputs])

    def picture(self) -> Picture:
        """Draw the loss along the training, at some angles and the present one."""
        steps = range(self.n_steps + 1)
        curves = {
            f"{angle:.3g}°": (steps, self.losses(angle)) for angle in sorted({*DRAWN, self.angle})
        }
        return plot_curves(
            curves,
            xlabel="step",
            ylabel="loss",
            alt="By the angle between the way back and the transpose: the smaller, the lower",
        )
