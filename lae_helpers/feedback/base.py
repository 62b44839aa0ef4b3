"""What a feedback rule is: what it is offered at every step, and what it has to answer.

Forward ``z = W a + b``; on the way back the error of the layer above passes through B, which has
the shape of the transpose of W. In every rule the forward weights follow ``-error activity^T``; the
rules differ in what they do with B. All of them work on stacks of matrices, one network a slice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass, fields
from typing import ClassVar

from torch import Tensor

from lae_helpers._checks import check_nonnegative


@dataclass(frozen=True)
class Synapses:
    """What there is, between two layers, when the feedback weights between them may change.

    Attributes
    ----------
    W : Tensor, shape (..., n_out, n_in)
        Forward weights.
    activity : Tensor, shape (..., n_samples, n_in)
        Of the layer below, a sample a row.
    error : Tensor, shape (..., n_samples, n_out)
        Of the layer above.
    noise : Tensor, shape (..., n_samples, n_in)
        White noise of variance one: what the layer below does in a mirror phase.
    learning_rate : float
        That of the forward weights in this step.
    annealing : float
        From one at the start of the training to almost zero at its end; it slows down what is
        driven by noise.
    """

    W: Tensor
    activity: Tensor
    error: Tensor
    noise: Tensor
    learning_rate: float
    annealing: float = 1.0

    @property
    def answer(self) -> Tensor:
        """What the layer above receives of the noise: ``y = W x``."""
        return self.noise @ self.W.mT


@dataclass(frozen=True)
class FeedbackRule(ABC):
    """How feedback weights B change; every rule has this shape.

    Attributes
    ----------
    name : str
    is_local : bool
        Whether the change of an entry of B needs only what is at its own two neurons, and the
        entry itself.
    needs_noise : bool
        Whether the rule has a mirror phase, in which white noise drives the layer below.
    weight_decay : float
        Decay of the forward weights in a training with this rule.

    Raises
    ------
    TypeError, ValueError
        If a coefficient is not a finite number of at least zero; the message names it.
    """

    name: ClassVar[str]
    is_local: ClassVar[bool]
    needs_noise: ClassVar[bool] = False

    _: KW_ONLY
    weight_decay: float = 1e-3

    def __post_init__(self) -> None:
        for field in fields(self):
            check_nonnegative(field.name, getattr(self, field.name))

    def start(self, B: Tensor, W: Tensor) -> Tensor:
        """Return the feedback weights to begin with.

        Parameters
        ----------
        B : Tensor, shape (..., n_in, n_out)
            As it was drawn.
        W : Tensor, shape (..., n_out, n_in)
            The forward weights at the start.
        """
        del W
        return B

    @abstractmethod
    def update(self, B: Tensor, at: Synapses) -> Tensor:
        """Return the feedback weights after one step.

        Parameters
        ----------
        B : Tensor, shape (..., n_in, n_out)
        at : Synapses
        """

    def fixed_point(self, W: Tensor, S: Tensor) -> Tensor | None:
        """Return where B rests on average while W does not change, or None if W does not set it.

        Parameters
        ----------
        W : Tensor, shape (..., n_out, n_in)
        S : Tensor, shape (n_in, n_in)
            ``E[x x^T]`` of what drives the layer below; the identity for the noise of a training.
        """
        del W, S
        return None
