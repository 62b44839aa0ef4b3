"""How well a network with feedback weights reads digits, and how near its way back is to backprop.

Feedback weights are B^2 to B^L, shapes (n_(l-1), n_l): B^l stands for the transpose of W^l.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from lae_helpers.feedback.data import LabelledImages
from lae_helpers.metrics import angle
from lae_helpers.networks.backprop import backpropagate, forward
from lae_helpers.networks.mlp import MLP, Layers

N_PROBES = 200  # training samples on which the errors are compared


def accuracy(network: MLP, images: LabelledImages) -> float:
    """Return the share of the test images whose largest output is that of their label.

    Parameters
    ----------
    network : MLP
    images : LabelledImages
    """
    outputs = forward(network, images.X_test).pre_activations[-1]
    return float((outputs.argmax(dim=1) == images.labels_test).double().mean())


def gains(network: MLP, feedback: Sequence[Tensor]) -> list[float]:
    """Return ``||B^l||_F / ||W^l||_F``, for l = 2 to L.

    Parameters
    ----------
    network : MLP
    feedback : sequence of Tensor, shapes (n_(l-1), n_l)
    """
    pairs = zip(feedback, network.weights[1:], strict=True)
    return [float(B.norm() / W.norm()) for B, W in pairs]


def weight_angles(network: MLP, feedback: Sequence[Tensor]) -> list[float]:
    """Return the degrees between B^l and the transpose of W^l, for l = 2 to L.

    Parameters
    ----------
    network : MLP
    feedback : sequence of Tensor, shapes (n_(l-1), n_l)
    """
    return angles(feedback, [W.T for W in network.weights[1:]])


def hidden_errors(
    network: MLP, feedback: Sequence[Tensor], images: LabelledImages
) -> tuple[Layers, Layers]:
    """Return δ^1 to δ^(L-1) as fed back and as the transposes have it, on 200 training samples.

    Parameters
    ----------
    network : MLP
    feedback : sequence of Tensor, shapes (n_(l-1), n_l)
    images : LabelledImages
    """
    passed, targets = forward(network, images.X[:N_PROBES]), images.targets[:N_PROBES]
    fed_back = backpropagate(network, passed, targets, feedback)
    return fed_back[:-1], backpropagate(network, passed, targets)[:-1]


def angles(first: Sequence[Tensor], second: Sequence[Tensor]) -> list[float]:
    """Return the degrees between tensors of one place; a right angle where one of them is zero.

    Parameters
    ----------
    first, second : sequence of Tensor, in pairs of one shape
    """
    pairs = zip(first, second, strict=True)
    return [angle(u, v) if u.any() and v.any() else 90.0 for u, v in pairs]
