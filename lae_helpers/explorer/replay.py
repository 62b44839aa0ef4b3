"""What the explorer did in the browser, done again: the same start, the same walk, the weights."""

from __future__ import annotations

import collections
import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, SupportsFloat, SupportsIndex

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray, check_choice, check_count, check_positive
from lae_helpers.data import load_mnist
from lae_helpers.explorer.problems import PRESETS, Problem, digits_problem, start_weights
from lae_helpers.explorer.random import GROUP_DRAWS, Mulberry32
from lae_helpers.regularizers import make_regularizer

if TYPE_CHECKING:
    from lae_helpers.autoencoder import LinearAutoencoder

DIGITS = "digits"
Walk = Sequence[tuple[str, float, float, int] | tuple[str, int]]


def replay(
    problem: str | ArrayLike | Problem,
    *,
    n_components: SupportsIndex,
    walk: Walk,
    seed: SupportsIndex = 0,
    start_size: SupportsFloat = 1.0,
) -> LinearAutoencoder:
    """Train as the explorer does in the browser, and return the model.

    Parameters
    ----------
    problem : str, array_like or Problem
        ``"digits"`` (the bundled sample of MNIST), the name of a preset, data of shape
        (n_samples, n_features), or a problem.
    n_components : int
        Width k of the bottleneck, from 1 to the number of coordinates.
    walk : sequence of tuples
        What happened to the weights, in order. ``(regularizer, lam, learning_rate, steps)``: so
        many steps of gradient descent, the regulariser as `make_regularizer` has it.
        ``(group, seed)``: W2 became W2 G and W1 became G^-1 W1, for the G of that group,
        ``"GL(k)"``, ``"O(k)"`` or ``"{±1}^k"``, that ``GROUP_DRAWS`` draws from that seed.
    seed : int
        Of the starting weights, from 0 to 2**32 - 1.
    start_size : float
        What the starting weights are multiplied by, positive. From a small start the encoder ends
        near the transpose of the decoder with no penalty too.

    Returns
    -------
    LinearAutoencoder
        In pixel space and without biases: it belongs to centred data, or for the preset
        "uncentred data, no biases" to the data as they are.

    Raises
    ------
    TypeError
        If ``n_components`` or ``seed`` is not an integer, or ``start_size`` not a number.
    ValueError
        If the problem is unknown, a number is out of range, or an entry of the walk is not one of
        the above: the message says which.
    DivergenceError
        If the loss or a weight becomes NaN or infinite.

    Examples
    --------
    >>> walk = [("sum", 0.3, 0.01, 100), ("O(k)", 7), ("sum", 0.3, 0.01, 1)]
    >>> model = replay("k = n", n_components=9, walk=walk)
    >>> model.decoder.weight.shape
    torch.Size([9, 9])
    """
    from lae_helpers.explorer.weights import make_model

    problem = find_problem(problem)
    W1, W2 = replay_weights(
        problem, n_components=n_components, walk=walk, seed=seed, start_size=start_size
    )
    return make_model(W1 @ problem.basis.T, problem.basis @ W2)


def replay_weights(
    problem: str | ArrayLike | Problem,
    *,
    n_components: SupportsIndex,
    walk: Walk,
    seed: SupportsIndex = 0,
    start_size: SupportsFloat = 1.0,
) -> tuple[FloatArray, FloatArray]:
    """Return the weights of `replay` in the problem's n coordinates.

    Parameters
    ----------
    problem, n_components, walk, seed, start_size
        As of `replay`.

    Returns
    -------
    W1, W2 : ndarray, shapes (k, n) and (n, k)
    """
    problem = find_problem(problem)
    W1, W2 = start_weights(problem, n_components, seed, start_size=start_size)
    for index, entry in enumerate(walk):
        try:
            if len(entry) == 2:
                W1, W2 = _act(W1, W2, *entry)
            elif len(entry) == 4:
                W1, W2 = _take_steps(problem, W1, W2, entry)
            else:
                raise ValueError(f"it has {len(entry)} parts")
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"walk[{index}] must be (regularizer, lam, learning_rate, steps) or (group, seed), "
                f"but it is {entry!r}: {error}"
            ) from error
    return W1, W2


def find_problem(problem: str | ArrayLike | Problem) -> Problem:
    """Return the problem that a name or data stand for; see `replay`."""
    if isinstance(problem, Problem):
        return problem
    if not isinstance(problem, str):
        return digits_problem(problem)
    if check_choice("problem", problem, (DIGITS, *PRESETS)) == DIGITS:
        return _bundled_digits()
    return PRESETS[problem].problem


@functools.cache
def _bundled_digits() -> Problem:
    return digits_problem(load_mnist()[0])


def _act(
    W1: FloatArray, W2: FloatArray, group: str, seed: SupportsIndex
) -> tuple[FloatArray, FloatArray]:
    G = GROUP_DRAWS[check_choice("group", group, GROUP_DRAWS)](Mulberry32(seed), len(W1))
    return np.linalg.solve(G, W1).astype(np.float64, copy=False), W2 @ G


def _take_steps(
    problem: Problem, W1: FloatArray, W2: FloatArray, entry: tuple[str, float, float, int]
) -> tuple[FloatArray, FloatArray]:
    import torch  # slow to import: only where something is trained

    from lae_helpers.training.full_batch import gradient_descent
    from lae_helpers.training.matrices import Diagonal
    from lae_helpers.training.objective import Objective

    name, lam, learning_rate, steps = entry
    regularizer = make_regularizer(name, lam, len(W1))
    learning_rate = check_positive("learning_rate", learning_rate)
    max_steps = check_count("steps", steps)
    spectrum = torch.from_numpy(problem.spectrum.copy())
    objective = Objective(Diagonal(spectrum), regularizer, len(W1), scale=1.0)
    point = objective.at(torch.from_numpy(np.stack([W1, W2.T])))
    points = gradient_descent(objective, point, max_steps=max_steps, rate=learning_rate)
    ((W1, W2_T),) = (point.weights.numpy() for point in collections.deque(points, maxlen=1))
    return W1, W2_T.T
