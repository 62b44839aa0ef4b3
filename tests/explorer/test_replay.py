"""The explorer's walk done again: against plain numpy, against `fit` on the pixels, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from lae_helpers import (
    DivergenceError,
    LinearAutoencoder,
    axis_alignment,
    fit,
    fit_pca,
    load_mnist,
    recover_from_decoder,
    recover_from_encoder,
    replay,
    synthetic_data,
    transpose_gap,
)
from lae_helpers._checks import FloatArray
from lae_helpers.explorer.problems import PRESETS, digits_problem, start_weights
from lae_helpers.explorer.random import GROUP_DRAWS, Mulberry32
from lae_helpers.explorer.replay import Walk, find_problem, replay_weights
from lae_helpers.regularizers import REGULARIZERS, Regularizer, make_regularizer

ZOO = PRESETS["λ between two variances"].problem


def weights(model: LinearAutoencoder) -> tuple[FloatArray, FloatArray]:
    W1, W2 = (layer.weight.detach().numpy() for layer in (model.encoder, model.decoder))
    return W1, W2


def descend(
    W1: FloatArray, W2: FloatArray, spectrum: FloatArray, regularizer: Regularizer, rate: float
) -> tuple[FloatArray, FloatArray]:
    """Take one step by the closed form of the gradient."""
    strengths = regularizer.strengths(len(W1))
    scaled = W1 * (spectrum + regularizer.map_strength)
    slope1 = 2 * (W2.T @ (W2 @ scaled) - W2.T * spectrum + strengths[:, None] * W1)
    slope2 = 2 * (W2 @ (scaled @ W1.T) - spectrum[:, None] * W1.T + W2 * strengths)
    return W1 - rate * slope1, W2 - rate * slope2


@pytest.mark.parametrize("start_size", [1, 0.03])
@pytest.mark.parametrize("name", REGULARIZERS)
def test_replay_is_plain_gradient_descent(name: str, start_size: float) -> None:
    walk = [(name, 0.7, 0.01, 200), (name, 0.3, 0.015, 100)]
    W1, W2 = (start_size * matrix for matrix in start_weights(ZOO, 3, 5))
    for _, lam, rate, steps in walk:
        for _ in range(steps):
            W1, W2 = descend(W1, W2, ZOO.spectrum, make_regularizer(name, lam, 3), rate)
    again = replay_weights(ZOO, n_components=3, walk=walk, seed=5, start_size=start_size)
    assert_allclose(again[0], W1, atol=1e-12)
    assert_allclose(again[1], W2, atol=1e-12)


@pytest.mark.parametrize("name", REGULARIZERS)
def test_replay_is_fit_on_the_pixels(name: str) -> None:
    X, _ = load_mnist()
    X = X - X.mean(axis=0)
    model = replay("digits", n_components=4, walk=[], seed=3)
    start = [matrix.copy() for matrix in weights(model)]
    fit(model, X, make_regularizer(name, 0.4, 4), optimizer="gradient_descent",
        max_steps=20, learning_rate=0.015, tolerance=0)  # fmt: skip
    again = replay("digits", n_components=4, walk=[(name, 0.4, 0.015, 20)], seed=3)
    for one, other, old in zip(weights(model), weights(again), start, strict=True):
        assert_allclose(one, other, atol=1e-9)
        assert np.abs(one - old).max() > 1e-3


def test_the_digits_directions_come_out() -> None:
    X, _ = load_mnist()
    model = replay("digits", n_components=4, walk=[("sum", 0.5, 0.018, 2000)])
    assert (model.n_features, model.n_components) == (784, 4)
    assert not any("bias" in name for name in model.state_dict())
    directions = fit_pca(X, 4).directions
    for recovered in (recover_from_decoder(model), recover_from_encoder(model)):
        assert axis_alignment(recovered.directions, directions).min() > 0.999


@pytest.mark.parametrize("group", GROUP_DRAWS)
def test_a_group_acts_on_the_weights_and_not_on_the_map(group: str) -> None:
    walk = [("sum", 0.7, 0.01, 50)]
    W1, W2 = replay_weights(ZOO, n_components=4, walk=walk)
    G = GROUP_DRAWS[group](Mulberry32(9), 4)
    moved1, moved2 = replay_weights(ZOO, n_components=4, walk=[*walk, (group, 9)])
    assert_allclose(moved2, W2 @ G, atol=1e-14)
    assert_allclose(G @ moved1, W1, atol=1e-14)
    assert_allclose(moved2 @ moved1, W2 @ W1, atol=1e-13)
    assert np.abs(moved2 - W2).max() > 0.1


def test_a_walk_goes_on_from_where_it_was() -> None:
    walk: Walk = [("none", 0.0, 0.01, 30), ("O(k)", 2), ("sum", 0.5, 0.01, 40)]
    whole = replay_weights(ZOO, n_components=3, walk=walk)
    split: Walk = [*walk[:2], ("sum", 0.5, 0.01, 15), ("sum", 0.5, 0.01, 25)]
    for one, other in zip(whole, replay_weights(ZOO, n_components=3, walk=split), strict=True):
        assert_array_equal(one, other)


def test_names_data_and_problems_are_the_same() -> None:
    data = synthetic_data([3.0, 2.0, 1.0], 10) + 4
    walk = [("sum", 0.1, 0.1, 10)]
    from_data = replay(data, n_components=2, walk=walk)
    from_tensor = replay(torch.tensor(data), n_components=2, walk=walk)
    from_problem = replay(digits_problem(data), n_components=2, walk=walk)
    for one, two, three in zip(*map(weights, (from_data, from_tensor, from_problem)), strict=True):
        assert_array_equal(one, two)
        assert_array_equal(one, three)
    assert find_problem("k = n") is PRESETS["k = n"].problem
    assert find_problem("digits").n_coordinates == 64


def test_the_uncentred_preset_belongs_to_data_as_they_are() -> None:
    """Data with its variances and its mean, and a model without biases: the same walk."""
    name = "uncentred data, no biases"
    problem = PRESETS[name].problem
    root = np.sqrt(problem.variances)
    signs = np.array([[(-1) ** (row >> bit) for bit in range(9)] for row in range(2**9)])
    data = signs * root + 1.5
    again = replay(name, n_components=4, walk=[("sum", 0.5, 0.003, 100)])
    model = replay(name, n_components=4, walk=[])
    fit(model, data, make_regularizer("sum", 0.5, 4), optimizer="gradient_descent",
        learning_rate=0.003, max_steps=100, tolerance=0)  # fmt: skip
    for one, other in zip(weights(model), weights(again), strict=True):
        assert_allclose(one, other, atol=1e-9)


def test_a_small_start_learns_the_transpose_without_a_penalty_but_not_the_directions() -> None:
    """The gap falls at least in proportion to the start."""
    found = {}
    for start_size in (1, 0.3, 0.1, 0.01):
        model = replay("digits", n_components=8, walk=[("none", 0.3, 0.016, 4000)],
                       start_size=start_size)  # fmt: skip
        directions = find_problem("digits").directions[:, :8]
        cosines = axis_alignment(recover_from_decoder(model).directions, directions)
        assert np.median(cosines) < 0.7
        found[start_size] = transpose_gap(model)
    assert found[1] > 0.1
    for start_size, gap in found.items():
        assert gap <= 1.001 * start_size * found[1]


def test_divergence_is_caught() -> None:
    with pytest.raises(DivergenceError, match=r"at step \d+; try a smaller learning_rate than 0.5"):
        replay(ZOO, n_components=3, walk=[("none", 0.0, 0.5, 1000)])


BAD_ENTRIES: list[tuple[Any, str]] = [
    (("ridge", 0.3, 0.1, 5), r"name must be one of 'none', 'product'"),
    (("sum", -1, 0.1, 5), r"lam must be"),
    (("non-uniform sum", 0, 0.1, 5), r"lams must be positive"),
    (("sum", 0.3, 0, 5), r"learning_rate must be .*positive"),
    (("sum", 0.3, "fast", 5), r"learning_rate must be a real number"),
    (("sum", 0.3, 0.1, 0), r"steps must be at least 1"),
    (("sum", 0.3, 0.1, 2.5), r"steps must be an integer"),
    (("SO(k)", 3), r"group must be one of 'GL\(k\)', 'O\(k\)'"),
    (("O(k)", -3), r"seed must be between 0"),
    (("sum", 0.3, 0.1), r"it has 3 parts"),
    (7, r"int"),
]


@pytest.mark.parametrize(("entry", "reason"), BAD_ENTRIES)
def test_bad_entries_are_named(entry: Any, reason: str) -> None:  # noqa: ANN401
    with pytest.raises(ValueError, match=rf"^walk\[1\] must be \(regularizer, lam, .*{reason}"):
        replay(ZOO, n_components=3, walk=[("O(k)", 1), entry])


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match=r"^problem must be one of 'digits', 'two equal"):
        replay("letters", n_components=3, walk=[])
    with pytest.raises(ValueError, match=r"^n_components must be between 1 and 9"):
        replay(ZOO, n_components=10, walk=[])
    with pytest.raises(ValueError, match=r"^seed must be between 0"):
        replay(ZOO, n_components=3, walk=[], seed=2**32)
    with pytest.raises(ValueError, match=r"^start_size must be finite and positive, but it is 0"):
        replay(ZOO, n_components=3, walk=[], start_size=0)
    with pytest.raises(TypeError, match=r"^start_size must be a real number"):
        replay(ZOO, n_components=3, walk=[], start_size="small")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^X must be two-dimensional"):
        replay(np.ones(3), n_components=1, walk=[])
