"""A multilayer perceptron as plain tensors: its weights, its activation function, its cost."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, SupportsIndex

import torch
from torch import Tensor

from lae_helpers._checks import (
    ArrayLike,
    check_choice,
    check_count,
    check_matrix,
    check_shape,
    check_vector,
)

Layers = tuple[Tensor, ...]


class Activation(NamedTuple):
    """An activation function and its derivative, both entry by entry."""

    value: Callable[[Tensor], Tensor]
    slope: Callable[[Tensor], Tensor]


class Cost(NamedTuple):
    """The cost of each sample and its gradient, from the outputs z^L and the targets."""

    value: Callable[[Tensor, Tensor], Tensor]
    slope: Callable[[Tensor, Tensor], Tensor]


ACTIVATIONS: Mapping[str, Activation] = {
    "identity": Activation(torch.clone, torch.ones_like),
    "relu": Activation(torch.relu, lambda z: (z > 0).to(z.dtype)),
    "sigmoid": Activation(torch.sigmoid, lambda z: torch.sigmoid(z) * torch.sigmoid(-z)),
    "tanh": Activation(torch.tanh, lambda z: 1 - torch.tanh(z).square()),
}
COSTS: Mapping[str, Cost] = {
    "cross_entropy": Cost(
        lambda z, y: torch.logsumexp(z, dim=1) - (y * z).sum(dim=1),
        lambda z, y: torch.softmax(z, dim=1) - y,
    ),
    "squared_error": Cost(
        lambda z, y: (z - y).square().sum(dim=1),
        lambda z, y: 2 * (z - y),
    ),
}


class ForwardPass(NamedTuple):
    """What a forward pass leaves behind: z^1 to z^L and a^0 to a^(L-1), a sample a row."""

    pre_activations: Layers
    activations: Layers


class MLP:
    """A multilayer perceptron: its weights, its biases and what it is trained for.

    Layer l computes ``z^l = W^l a^(l-1) + b^l`` and, unless it is the last, ``a^l = σ(z^l)``;
    the cost takes z^L as it is.

    Parameters
    ----------
    weights : sequence of array_like, shapes (n_l, n_(l-1))
        W^1 to W^L.
    biases : sequence of array_like, shapes (n_l,)
        b^1 to b^L.
    activation : {"identity", "relu", "sigmoid", "tanh"}
        σ of the hidden layers.
    cost : {"cross_entropy", "squared_error"}
        Of one sample: softmax and negative log-likelihood, or ``||z^L - y||^2``.

    Raises
    ------
    TypeError
        If an entry is not a real number.
    ValueError
        If the shapes do not fit together, an entry is not finite, or a name is unknown.
    """

    def __init__(
        self,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        activation: str = "tanh",
        cost: str = "cross_entropy",
    ) -> None:
        if not weights or len(weights) != len(biases):
            raise ValueError(
                "weights and biases must be as many as the layers, at least one, "
                f"but they are {len(weights)} and {len(biases)}"
            )
        self.weights = tuple(to_matrix(f"weights[{i}]", W) for i, W in enumerate(weights))
        self.biases = tuple(
            torch.from_numpy(check_vector(f"biases[{i}]", b)) for i, b in enumerate(biases)
        )
        for i, width in enumerate(self.widths[1:]):
            check_shape(f"biases[{i}]", self.biases[i], (width,))
            if i + 1 < len(weights):
                W = self.weights[i + 1]
                check_shape(f"weights[{i + 1}]", W, (len(W), width))
        self.activation = check_choice("activation", activation, ACTIVATIONS)
        self.cost = check_choice("cost", cost, COSTS)

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths n_0 to n_L."""
        return self.weights[0].shape[1], *(len(W) for W in self.weights)


def initialize_mlp(
    widths: Sequence[SupportsIndex],
    *,
    activation: str = "tanh",
    cost: str = "cross_entropy",
    seed: int = 0,
) -> MLP:
    """Make a network with normal weights of variance ``1 / n_(l-1)`` and zero biases.

    Parameters
    ----------
    widths : sequence of int
        n_0 to n_L, at least two.
    activation, cost : str
        See `MLP`.
    seed : int
        Seed of the weights.
    """
    counts = [check_count(f"widths[{i}]", width) for i, width in enumerate(widths)]
    if len(counts) < 2:
        raise ValueError(f"widths must be at least two, n_0 and n_1, but they are {counts}")
    generator = torch.Generator().manual_seed(seed)
    weights = draw_weights(counts, generator)
    return MLP(weights, [torch.zeros(rows) for rows in counts[1:]], activation, cost)


def draw_weights(widths: Sequence[int], generator: torch.Generator) -> list[Tensor]:
    """Draw W^1 to W^L, normal of variance ``1 / n_(l-1)``, layer by layer.

    Parameters
    ----------
    widths : sequence of int
        n_0 to n_L.
    generator : torch.Generator
        Moves on.
    """
    return [
        torch.randn(rows, columns, dtype=torch.float64, generator=generator) / math.sqrt(columns)
        for columns, rows in itertools.pairwise(widths)
    ]


def pass_forward(
    weights: Sequence[Tensor], biases: Sequence[Tensor], X: Tensor, activation: Activation
) -> ForwardPass:
    """Return z^1 to z^L and a^0 to a^(L-1), a sample a row; nothing is checked.

    Parameters
    ----------
    weights, biases : sequence of torch.Tensor
        Of the layers in order.
    X : torch.Tensor, shape (n_samples, n_0)
    activation : Activation
        Of all layers but the last.
    """
    pre_activations: list[Tensor] = []
    activations: list[Tensor] = []
    a = X
    for W, b in zip(weights, biases, strict=True):
        activations.append(a)
        pre_activations.append(torch.addmm(b, a, W.T))
        if len(activations) < len(weights):
            a = activation.value(pre_activations[-1])
    return ForwardPass(tuple(pre_activations), tuple(activations))


def pass_back(
    delta: Tensor, ways_back: Sequence[Tensor], hidden: Sequence[Tensor], activation: Activation
) -> Layers:
    """Return δ^1 to δ^L from δ^L, B^2 to B^L and z^1 to z^(L-1); nothing is checked.

    Parameters
    ----------
    delta : torch.Tensor, shape (n_samples, n_L)
        δ^L.
    ways_back : sequence of torch.Tensor, shapes (n_(l-1), n_l)
        B^2 to B^L.
    hidden : sequence of torch.Tensor, shapes (n_samples, n_l)
        z^1 to z^(L-1).
    activation : Activation
    """
    deltas = [delta]
    for B, z in zip(reversed(ways_back), reversed(hidden), strict=True):
        deltas.append((deltas[-1] @ B.T) * activation.slope(z))
    return tuple(reversed(deltas))


def to_matrix(name: str, value: ArrayLike) -> Tensor:
    """Return ``value`` as a finite two-dimensional float64 tensor that autograd does not follow.

    Parameters
    ----------
    name : str
        Of the argument, for the message.
    value : array_like

    Raises
    ------
    TypeError
        If an entry is not a real number.
    ValueError
        If there are not two axes, or an entry is not finite.
    """
    return torch.from_numpy(check_matrix(name, value))
