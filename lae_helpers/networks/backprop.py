"""The forward and the backward pass of a small network by hand, layer by layer, without autograd.

A sample is a row, as in torch: where the text writes ``W^l a`` for one column, the code has
``a @ W.T`` for all rows. The layers count from 1 to L, as in the text; tuples hold them in order,
so that ``network.weights[0]`` is W^1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import SupportsFloat, SupportsIndex

import torch
from torch import Tensor

from lae_helpers._checks import (
    ArrayLike,
    check_count,
    check_nonnegative,
    check_positive,
    check_shape,
)
from lae_helpers.networks.mlp import (
    ACTIVATIONS,
    COSTS,
    MLP,
    ForwardPass,
    Layers,
    pass_back,
    pass_forward,
    to_matrix,
)


@dataclass(frozen=True)
class Gradients:
    """Gradients by the weights and by the biases, in the shapes of those of the network."""

    weights: Layers
    biases: Layers

    def vector(self) -> Tensor:
        """Return all entries, layer by layer, as one vector."""
        return torch.cat([part.flatten() for part in (*self.weights, *self.biases)])


def forward(network: MLP, X: ArrayLike) -> ForwardPass:
    """Run the network on samples.

    Parameters
    ----------
    network : MLP
    X : array_like, shape (n_samples, n_0)
    """
    a = to_matrix("X", X)
    check_shape("X", a, (len(a), network.widths[0]))
    return pass_forward(network.weights, network.biases, a, ACTIVATIONS[network.activation])


def forward_from(network: MLP, z: Tensor, layer: SupportsIndex) -> Tensor:
    """Run only what follows a layer, from its z^layer to z^L.

    Parameters
    ----------
    network : MLP
    z : torch.Tensor, shape (n_samples, n_layer)
        Pre-activations of that layer.
    layer : int
        From 1 to L.

    Returns
    -------
    torch.Tensor, shape (n_samples, n_L)
    """
    layer = check_count("layer", layer, at_most=len(network.weights), why=" (the layers)")
    check_shape("z", z, (len(z), network.widths[layer]))
    activate = ACTIVATIONS[network.activation].value
    for W, b in zip(network.weights[layer:], network.biases[layer:], strict=True):
        z = activate(z) @ W.T + b
    return z


def sample_costs(network: MLP, outputs: Tensor, targets: ArrayLike) -> Tensor:
    """Return the cost of each sample, shape (n_samples,), from its outputs z^L and its target.

    Parameters
    ----------
    network : MLP
    outputs : torch.Tensor, shape (n_samples, n_L)
    targets : array_like, shape (n_samples, n_L)
        For the cross-entropy, probabilities: none negative, each row of sum one.
    """
    return COSTS[network.cost].value(outputs, _check_targets(network, outputs, targets))


def backpropagate(
    network: MLP,
    passed: ForwardPass,
    targets: ArrayLike,
    feedback: Sequence[ArrayLike] | None = None,
) -> Layers:
    """Return the errors δ^1 to δ^L, shapes (n_samples, n_l), by the δ recursion.

    Parameters
    ----------
    network : MLP
    passed : ForwardPass
        Of the samples, by `forward`.
    targets : array_like, shape (n_samples, n_L)
    feedback : sequence of array_like, shapes (n_(l-1), n_l), optional
        B^2 to B^L, each in the place of the transpose of W^l; the transposes themselves if not
        given. The first layer needs none.

    Returns
    -------
    tuple of torch.Tensor
        Row s of δ^l is the gradient of the cost of sample s by its z^l, if no ``feedback`` replaces
        the transposes.
    """
    outputs, hidden = passed.pre_activations[-1], passed.pre_activations[:-1]
    delta = COSTS[network.cost].slope(outputs, _check_targets(network, outputs, targets))
    ways_back = _check_feedback(network, feedback)
    return pass_back(delta, ways_back, hidden, ACTIVATIONS[network.activation])


def perturb(
    network: MLP,
    passed: ForwardPass,
    targets: ArrayLike,
    step: SupportsFloat = 1e-5,
) -> Layers:
    """Measure what `backpropagate` computes: nudge every neuron and run the network again.

    Parameters
    ----------
    network, passed, targets
        As for `backpropagate`.
    step : float
        How far each pre-activation is moved, up and down.

    Returns
    -------
    tuple of torch.Tensor
        Central differences of the cost of each sample, shapes (n_samples, n_l).
    """
    step = check_positive("step", step)
    measured = tuple(torch.empty_like(z) for z in passed.pre_activations)
    for layer, z in enumerate(passed.pre_activations, start=1):
        for neuron, nudge in enumerate(step * torch.eye(z.shape[1], dtype=z.dtype)):
            up, down = (
                sample_costs(network, forward_from(network, nudged, layer), targets)
                for nudged in (z + nudge, z - nudge)
            )
            measured[layer - 1][:, neuron] = (up - down) / (2 * step)
    return measured


def weight_gradients(passed: ForwardPass, deltas: Sequence[Tensor]) -> Gradients:
    """Return the gradients of the mean cost by weights and biases, from activity and errors alone.

    The network is no argument: the gradient by W^l is the mean over the samples of the outer
    product of δ^l and a^(l-1), whatever W^l is.

    Parameters
    ----------
    passed : ForwardPass
    deltas : sequence of torch.Tensor, shapes (n_samples, n_l)
        δ^1 to δ^L, by `backpropagate`.

    Raises
    ------
    ValueError
        If the errors do not fit the pass.
    """
    if len(deltas) != len(passed.activations):
        raise ValueError(
            f"deltas must be one a layer, {len(passed.activations)}, but they are {len(deltas)}"
        )
    for i, (delta, z) in enumerate(zip(deltas, passed.pre_activations, strict=True)):
        check_shape(f"deltas[{i}]", delta, tuple(z.shape))
    pairs = zip(deltas, passed.activations, strict=True)
    return Gradients(
        tuple(delta.T @ a / len(a) for delta, a in pairs),
        tuple(delta.mean(dim=0) for delta in deltas),
    )


def take_step(network: MLP, gradients: Gradients, learning_rate: SupportsFloat) -> MLP:
    """Return the network after one step against the gradients, itself left as it is.

    Parameters
    ----------
    network : MLP
    gradients : Gradients
    learning_rate : float
        At least zero.
    """
    rate = check_nonnegative("learning_rate", learning_rate)
    weights = [W - rate * g for W, g in zip(network.weights, gradients.weights, strict=True)]
    biases = [b - rate * g for b, g in zip(network.biases, gradients.biases, strict=True)]
    return MLP(weights, biases, network.activation, network.cost)


def _check_targets(network: MLP, outputs: Tensor, targets: ArrayLike) -> Tensor:
    y = to_matrix("targets", targets)
    check_shape("targets", y, tuple(outputs.shape))
    if network.cost == "cross_entropy" and (
        (y < 0).any() or not torch.allclose(y.sum(dim=1), y.new_ones(len(y)))
    ):
        raise ValueError("targets must be probabilities: none negative, each row of sum one")
    return y


def _check_feedback(network: MLP, feedback: Sequence[ArrayLike] | None) -> Layers:
    transposes = tuple(W.T for W in network.weights[1:])
    if feedback is None:
        return transposes
    if len(feedback) != len(transposes):
        raise ValueError(
            f"feedback must hold one matrix a layer but the first, {len(transposes)}, "
            f"but it holds {len(feedback)}"
        )
    ways_back = tuple(to_matrix(f"feedback[{i}]", B) for i, B in enumerate(feedback))
    for i, (B, transpose) in enumerate(zip(ways_back, transposes, strict=True)):
        check_shape(f"feedback[{i}]", B, tuple(transpose.shape))
    return ways_back
