"""Ways back at a chosen angle to the transposes, and descent through them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import SupportsFloat, SupportsIndex

import torch
from torch import Tensor

from lae_helpers._checks import ArrayLike, check_between, check_count, check_shape
from lae_helpers.networks.backprop import backpropagate, forward, take_step, weight_gradients
from lae_helpers.networks.mlp import MLP, to_matrix

LEAST_SHARE = 1e-6


def turn_way_back(W: ArrayLike, H: ArrayLike, degrees: SupportsFloat) -> Tensor:
    """Return feedback of the length of W, at a chosen angle to its transpose.

    ``B = cos α Wᵀ + sin α (‖W‖ / ‖Q‖) Q``, where Q is the part of H that is orthogonal to Wᵀ when
    matrices are read as long vectors. Hence ``‖B‖ = ‖W‖`` and ``⟨B, Wᵀ⟩ = ‖W‖² cos α``.

    Parameters
    ----------
    W : array_like, shape (n_l, n_(l-1))
    H : array_like, shape (n_(l-1), n_l)
        Where B turns to: at 90° it is Q, scaled.
    degrees : float
        The angle α, from 0 to 180.

    Returns
    -------
    torch.Tensor, shape (n_(l-1), n_l)

    Raises
    ------
    ValueError
        If W is zero, or H is zero or a multiple of the transpose: then no direction is chosen.

    Examples
    --------
    >>> turn_way_back([[1.0, 0.0]], [[3.0], [2.0]], 90)
    tensor([[6.1232e-17],
            [1.0000e+00]], dtype=torch.float64)
    """
    transpose, towards = to_matrix("W", W).T, to_matrix("H", H)
    check_shape("H", towards, tuple(transpose.shape))
    alpha = torch.tensor(check_between("degrees", degrees, 0.0, 180.0), dtype=torch.float64)
    alpha = alpha.deg2rad()
    length = transpose.norm()
    if length == 0:
        raise ValueError("W must not be zero: then its transpose has no direction")
    aside = towards - (towards * transpose).sum() / length**2 * transpose
    if aside.norm() <= LEAST_SHARE * towards.norm():
        raise ValueError("H must not be a multiple of the transpose of W: draw it at random")
    turned: Tensor = alpha.cos() * transpose + alpha.sin() * (length / aside.norm()) * aside
    return turned


def descend_turned(
    network: MLP,
    X: ArrayLike,
    targets: ArrayLike,
    towards: Sequence[ArrayLike],
    degrees: SupportsFloat,
    *,
    n_steps: SupportsIndex,
    learning_rate: SupportsFloat,
) -> list[MLP]:
    """Train with all ways back at one angle to the transposes, which they follow at every step.

    Parameters
    ----------
    network : MLP
        At the start.
    X : array_like, shape (n_samples, n_0)
        All of it in each step.
    targets : array_like, shape (n_samples, n_L)
    towards : sequence of array_like, shapes (n_(l-1), n_l)
        H of `turn_way_back`, for each layer but the first.
    degrees : float
        From 0, where this is backprop, to 180.
    n_steps : int
    learning_rate : float

    Returns
    -------
    list of MLP
        Before training and after each step.
    """
    networks = [network]
    for _ in range(check_count("n_steps", n_steps, at_least=0)):
        network = networks[-1]
        feedback = [
            turn_way_back(W, H, degrees) for W, H in zip(network.weights[1:], towards, strict=True)
        ]
        passed = forward(network, X)
        gradients = weight_gradients(passed, backpropagate(network, passed, targets, feedback))
        networks.append(take_step(network, gradients, learning_rate))
    return networks
