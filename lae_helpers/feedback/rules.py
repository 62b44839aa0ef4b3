"""Feedback weights that learn: what replaces the transpose on the way back, a rule a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from lae_helpers.feedback.base import FeedbackRule, Synapses


@dataclass(frozen=True)
class Backprop(FeedbackRule):
    """``B = W^T``, at all times: the weights are carried over. Not local."""

    name: ClassVar[str] = "backprop"
    is_local: ClassVar[bool] = False

    def start(self, B: Tensor, W: Tensor) -> Tensor:
        """Copy the transpose."""
        del B
        return W.mT

    def update(self, B: Tensor, at: Synapses) -> Tensor:
        """Copy the transpose."""
        del B
        return at.W.mT

    def fixed_point(self, W: Tensor, S: Tensor) -> Tensor:
        """Return ``W^T``."""
        del S
        return W.mT


@dataclass(frozen=True)
class FeedbackAlignment(FeedbackRule):
    """B stays as it was drawn, ``length`` times as long. Local; it rests anywhere.

    Parameters
    ----------
    length : float
        One leaves the feedback as long as the forward weights are at the start, on average.
    weight_decay : float
        Of the forward weights.

    References
    ----------
    T. P. Lillicrap et al., "Random synaptic feedback weights support error backpropagation for
    deep learning", Nature Communications 7, 2016.
    """

    name: ClassVar[str] = "feedback alignment"
    is_local: ClassVar[bool] = True

    length: float = 1.0

    def start(self, B: Tensor, W: Tensor) -> Tensor:
        """Stretch what was drawn."""
        del W
        return self.length * B

    def update(self, B: Tensor, at: Synapses) -> Tensor:
        """Change nothing."""
        del at
        return B


@dataclass(frozen=True)
class KolenPollack(FeedbackRule):
    """B changes by the transpose of what W changes by, and decays likewise.

    Local: the product of activity and error is formed a second time, at the synapse of B.
    ``W - B^T`` shrinks by exactly ``1 - learning_rate * weight_decay`` a step.

    References
    ----------
    M. Akrout et al., "Deep learning without weight transport", NeurIPS 2019, who adapt a proposal
    of J. F. Kolen and J. B. Pollack of 1994.
    """

    name: ClassVar[str] = "Kolen–Pollack"
    is_local: ClassVar[bool] = True

    def update(self, B: Tensor, at: Synapses) -> Tensor:
        """Follow ``-activity error^T``, the mean over the samples, and decay."""
        product = at.activity.mT @ at.error / at.error.shape[-2]
        return B - at.learning_rate * (product + self.weight_decay * B)


@dataclass(frozen=True)
class WeightMirror(FeedbackRule):
    """B follows ``x y^T`` of noise x and its answer ``y = W x``, and decays.

    Local. On average it rests at ``S W^T / decay``, which is ``W^T / decay`` for white noise of
    variance one.

    Parameters
    ----------
    rate, decay : float
    weight_decay : float
        Of the forward weights.

    References
    ----------
    M. Akrout et al., "Deep learning without weight transport", NeurIPS 2019.

    Examples
    --------
    >>> WeightMirror(decay=0.5).fixed_point(torch.tensor([[1.0, 2.0]]), torch.eye(2))
    tensor([[2.],
            [4.]])
    """

    name: ClassVar[str] = "weight mirror"
    is_local: ClassVar[bool] = True
    needs_noise: ClassVar[bool] = True

    rate: float = 0.05
    decay: float = 1.0

    def update(self, B: Tensor, at: Synapses) -> Tensor:
        """Correlate noise with answer, the mean over the samples."""
        correlation = at.noise.mT @ at.answer / at.noise.shape[-2]
        return B + self.rate * at.annealing * (correlation - self.decay * B)

    def fixed_point(self, W: Tensor, S: Tensor) -> Tensor:
        """Return ``S W^T / decay``."""
        return S @ W.mT / self.decay


@dataclass(frozen=True)
class InformationAlignment(FeedbackRule):
    """B follows ``alpha x y^T - beta (B y) y^T - gamma B`` for noise x and its answer ``y = W x``.

    Local: ``B y`` is what the layer below receives back. On average it rests at
    ``alpha S W^T (beta W S W^T + gamma I)^-1``; with three coefficients of one it is the decoder of
    a linear autoencoder with the sum penalty, whose encoder is W.

    Parameters
    ----------
    rate, alpha, beta, gamma : float
    weight_decay : float
        Of the forward weights.

    References
    ----------
    D. Kunin et al., "Two routes to scalable credit assignment without weight symmetry", ICML 2020.

    Examples
    --------
    >>> rule = InformationAlignment(alpha=1, beta=1, gamma=3)
    >>> rule.fixed_point(torch.tensor([[1.0, 2.0]]), torch.eye(2))
    tensor([[0.1250],
            [0.2500]])
    """

    name: ClassVar[str] = "information alignment"
    is_local: ClassVar[bool] = True
    needs_noise: ClassVar[bool] = True

    rate: float = 0.05
    alpha: float = 1.25
    beta: float = 0.1
    gamma: float = 1.0

    def update(self, B: Tensor, at: Synapses) -> Tensor:
        """Take the mean over the samples of ``(alpha x - beta B y) y^T``, and decay."""
        y = at.answer
        missed = self.alpha * at.noise - self.beta * (y @ B.mT)
        return B + self.rate * at.annealing * (missed.mT @ y / y.shape[-2] - self.gamma * B)

    def fixed_point(self, W: Tensor, S: Tensor) -> Tensor:
        """Return ``alpha S W^T (beta W S W^T + gamma I)^-1``."""
        answer = W @ S
        size = self.beta * answer @ W.mT
        size = size + self.gamma * torch.eye(W.shape[-2], dtype=W.dtype)
        B: Tensor = self.alpha * torch.linalg.solve(size, answer).mT
        return B


@dataclass(frozen=True)
class SymmetricAlignment(FeedbackRule):
    """B follows ``W^T - B``. Not local, but nothing is copied: an estimate is enough.

    Parameters
    ----------
    rate : float
    weight_decay : float
        Of the forward weights.

    References
    ----------
    D. Kunin et al., "Two routes to scalable credit assignment without weight symmetry", ICML 2020.
    """

    name: ClassVar[str] = "symmetric alignment"
    is_local: ClassVar[bool] = False

    rate: float = 0.3

    def update(self, B: Tensor, at: Synapses) -> Tensor:
        """Move a part of the way to the transpose."""
        return B + self.rate * (at.W.mT - B)

    def fixed_point(self, W: Tensor, S: Tensor) -> Tensor:
        """Return ``W^T``."""
        del S
        return W.mT


RULES: tuple[type[FeedbackRule], ...] = (
    Backprop, FeedbackAlignment, KolenPollack, WeightMirror, InformationAlignment,
    SymmetricAlignment,
)  # fmt: skip
