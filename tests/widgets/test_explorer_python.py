"""The explorer without a browser: traits, walks, weights, picture, size."""

from __future__ import annotations

import base64
import gzip
import json
import math
from typing import Any

import numpy as np
import pytest
import torch
import traitlets
from numpy.testing import assert_allclose, assert_array_equal

from lae_helpers import axis_alignment, fit_pca, load_mnist, replay, synthetic_data, transpose_gap
from lae_helpers._checks import FloatArray
from lae_helpers.explorer.front_end_state import count_steps
from lae_helpers.explorer.problems import PRESETS, digits_problem, start_weights
from lae_helpers.regularizers import REGULARIZERS
from lae_helpers.widgets.explorer import Explorer
from tests.widgets.hosting import saved_state

pd = pytest.importorskip("pandas")  # comes with mlxtend
SMALL = synthetic_data([6.0, 5.0, 3.0, 2.0], 10) + 3.0  # 2 x 2 pixels


def as_sent(matrix: FloatArray) -> memoryview:
    """Give what a kernel receives as binary from a front end."""
    return memoryview(matrix.tobytes())


def test_it_starts_where_python_starts() -> None:
    explorer = Explorer()
    assert (explorer.problem, explorer.n_components, explorer.walk) == ("digits", 8, [])
    W1, W2 = start_weights(digits_problem(load_mnist()[0]), 8, 0)
    assert explorer.encoder.shape == (8, 784)
    assert explorer.decoder.shape == (784, 8)
    assert_allclose(np.linalg.norm(explorer.decoder, axis=0), np.linalg.norm(W2, axis=0))
    assert_allclose(np.linalg.norm(explorer.encoder, axis=1), np.linalg.norm(W1, axis=1))


def test_steps_are_a_walk_and_the_walk_gives_the_weights() -> None:
    explorer = Explorer(regularizer="sum", lam=0.5, n_components=4, steps=1500, seed=3)
    ((name, lam, rate, steps),) = explorer.walk
    assert (name, lam, steps) == ("sum", 0.5, 1500)
    assert 0.001 < rate < 0.1
    model = replay("digits", n_components=4, seed=3, walk=explorer.walk)
    assert_array_equal(explorer.decoder, model.decoder.weight.detach().numpy())
    assert_array_equal(explorer.encoder, model.encoder.weight.detach().numpy())
    assert_array_equal(explorer.model.decoder.weight.detach().numpy(), explorer.decoder)
    directions = fit_pca(load_mnist()[0], 4).directions
    assert axis_alignment(explorer.recovered.directions, directions).min() > 0.99
    theory = REGULARIZERS["sum"](0.5, 4).decoder_singular_values(
        fit_pca(load_mnist()[0], 4).variances
    )
    assert theory is not None
    assert_allclose(explorer.recovered.singular_values, theory, atol=1e-3)


def test_a_small_start_is_replayed_and_named() -> None:
    explorer = Explorer(SMALL, n_components=2, seed=3, start_size=0.02, steps=700)
    model = replay(SMALL, n_components=2, seed=3, start_size=0.02, walk=explorer.walk)
    assert_array_equal(explorer.decoder, model.decoder.weight.detach().numpy())
    assert transpose_gap(explorer.model) < 0.02 * transpose_gap(Explorer(SMALL, steps=700).model)
    assert "size of the start: 0.02" in explorer.picture().alt
    assert "start" not in Explorer(SMALL).picture().alt
    explorer.walk = []
    whole, small = Explorer(SMALL, n_components=2, seed=3).decoder, explorer.decoder
    assert_allclose(small, 0.02 * whole, rtol=1e-14)


def test_the_rate_suits_the_weights_that_a_small_start_will_have_grown_to() -> None:
    top = digits_problem(SMALL).spectrum[0]
    for size in (0.001, 0.1):
        ((*_, rate, _),) = Explorer(SMALL, start_size=size, steps=1).walk
        assert rate == pytest.approx(1 / (8 * top), rel=0.01)
        assert rate <= 1 / (8 * top)


def test_an_own_learning_rate_is_taken() -> None:
    explorer = Explorer(SMALL, learning_rate=0.02, steps=3)
    assert explorer.walk == [["none", 0.3, 0.02, 3]]


def test_data_of_ones_own() -> None:
    explorer = Explorer(SMALL, regularizer="sum", steps=2000)
    assert (explorer.problem, explorer.n_components) == ("data", 4)
    assert "digits" not in explorer._problems
    model = replay(SMALL, n_components=4, walk=explorer.walk)
    assert_allclose(explorer.decoder, model.decoder.weight.detach().numpy(), atol=1e-12)
    pca = fit_pca(SMALL, 4)
    assert axis_alignment(explorer.recovered.directions, pca.directions).min() > 0.999


def test_tables_are_drawn_as_bars_and_images_as_they_are() -> None:
    table = np.random.default_rng(0).standard_normal((12, 6))
    frame = pd.DataFrame(table, columns=list("abcdef"))
    names = {"names": list("abcdef")}
    numbers = {"names": ["1", "2", "3", "4", "5", "6"]}
    image = {"rows": 2, "columns": 3}
    for explorer, layout in (
        (Explorer(frame), names),
        (Explorer(table, feature_names=list("abcdef")), names),
        (Explorer(frame, image_shape=(2, 3)), image),
        (Explorer(table.reshape(12, 2, 3)), image),
        (Explorer(torch.tensor(table)), numbers),
    ):
        assert explorer._problems["data"]["layout"] == layout
        assert explorer._problems["k = n"]["layout"] == {"rows": 3, "columns": 3}
        assert ("Features: a, b, c, d, e, f" in explorer.picture().alt) == (layout == names)
    model = replay(table.reshape(12, 2, 3), n_components=2, walk=[("sum", 0.3, 0.01, 3)])
    same = replay(table, n_components=2, walk=[("sum", 0.3, 0.01, 3)])
    assert_array_equal(model.decoder.weight.detach(), same.decoder.weight.detach())


@pytest.mark.parametrize("name", PRESETS)
def test_presets_bring_their_settings(name: str) -> None:
    preset = PRESETS[name]
    later = Explorer(n_components=16, steps=1, start_size=0.5)
    later.problem = name
    for explorer in (Explorer(problem=name), later):
        assert explorer.regularizer == preset.regularizer
        assert explorer.lam == preset.lam
        assert explorer.n_components == preset.n_components
        assert explorer.learning_rate == preset.learning_rate
        assert explorer.start_size == 1
        assert explorer.walk == []
        assert explorer._problems[name]["preset"]["reason"] == preset.reason
        assert explorer.decoder.shape == (9, preset.n_components)
    assert Explorer(problem=name, lam=0.7).lam == 0.7


def test_a_rate_of_ones_own_ends_with_its_problem() -> None:
    explorer = Explorer(SMALL, problem="step too large")
    assert explorer.learning_rate == pytest.approx(0.12)
    explorer.problem = "data"
    assert explorer.learning_rate == 0.0


def test_a_problem_that_is_narrower_makes_the_bottleneck_narrower() -> None:
    explorer = Explorer(SMALL, problem="k = n")
    assert explorer.n_components == 9
    explorer.problem = "data"
    assert explorer.n_components == 4
    assert explorer.decoder.shape == (4, 4)


def test_changes_begin_the_walk_afresh() -> None:
    for name, value in {
        "n_components": 2,
        "seed": 9,
        "start_size": 0.1,
        "problem": "k = n",
    }.items():
        explorer = Explorer(SMALL, steps=5)
        setattr(explorer, name, value)
        assert explorer.walk == []
    explorer = Explorer(SMALL, steps=5)
    explorer.regularizer, explorer.lam = "product", 2.0
    assert count_steps(explorer.walk) == 5


def test_weights_that_a_front_end_reports_are_taken() -> None:
    explorer = Explorer(SMALL, n_components=2)
    W1, W2 = np.arange(8.0).reshape(2, 4), np.arange(8.0, 16.0).reshape(4, 2)
    walk = [["sum", 0.3, 0.01, 7], ["O(k)", 5]]
    report = {"_encoder": as_sent(W1), "_decoder": as_sent(W2), "walk": walk}
    explorer.set_state(report)
    basis = fit_pca(SMALL, 4).directions
    assert explorer.walk == walk
    assert_allclose(explorer.encoder, W1 @ basis.T)
    assert_allclose(explorer.decoder, basis @ W2)
    explorer.walk = []
    assert_allclose(explorer.decoder, basis @ start_weights(digits_problem(SMALL), 2, 0)[1])


def test_a_front_end_may_change_problem_and_width_at_once() -> None:
    explorer = Explorer(SMALL)
    weights = as_sent(np.zeros(81))
    explorer.set_state({
        "n_components": 9, "problem": "k = n", "walk": [], "_encoder": weights, "_decoder": weights,
    })  # fmt: skip
    assert explorer.n_components == 9
    assert explorer.decoder.shape == (9, 9)
    assert explorer.regularizer == "none"  # the front end says what goes with it


def test_buttons_from_python() -> None:
    explorer = Explorer(SMALL)
    explorer.step()
    assert explorer._request == ["step", 1]
    explorer.act("O(k)")
    explorer.reset()
    assert explorer._request == ["reset", 3]
    with pytest.raises(ValueError, match=r"^group must be one of 'GL\(k\)', 'O\(k\)'"):
        explorer.act("SO(k)")


BAD_TRAITS: list[tuple[str, Any]] = [
    ("problem", "letters"),
    ("problem", 3),
    ("regularizer", "ridge"),
    ("regularizer", None),
    ("lam", 0.0),
    ("lam", 11),
    ("lam", math.nan),
    ("lam", "0.3"),
    ("n_components", 0),
    ("n_components", 17),
    ("n_components", 5),  # than which the data have fewer directions
    ("n_components", 2.5),
    ("seed", -1),
    ("seed", 2**32),
    ("seed", "0"),
    ("start_size", 0.0),
    ("start_size", 0.0009),
    ("start_size", 1.001),
    ("start_size", -0.5),
    ("start_size", math.nan),
    ("start_size", math.inf),
    ("start_size", "0.1"),
    ("start_size", None),
    ("learning_rate", -0.1),
    ("learning_rate", 2.0),
    ("learning_rate", math.nan),
    ("speed", 0),
    ("speed", 1001),
    ("playing", "yes"),
    ("walk", "steps"),
    ("walk", [3]),
    ("walk", [("sum", 0.3, 0.01)]),
    ("walk", [("ridge", 0.3, 0.01, 5)]),
    ("walk", [("sum", math.inf, 0.01, 5)]),
    ("walk", [("sum", 0.3, 0.0, 5)]),
    ("walk", [("sum", 0.3, 0.01, 2.5)]),
    ("walk", [("SO(k)", 5)]),
    ("walk", [("O(k)", -5)]),
]


@pytest.mark.parametrize(("name", "value"), BAD_TRAITS)
def test_bad_traits_are_named(name: str, value: Any) -> None:  # noqa: ANN401
    explorer = Explorer(SMALL)
    before = getattr(explorer, name)
    with pytest.raises(traitlets.TraitError, match=rf"\b{name}\b"):
        setattr(explorer, name, value)
    assert getattr(explorer, name) == before
    with pytest.raises(traitlets.TraitError, match=rf"\b{name}\b"):
        Explorer(SMALL, **{name: value})


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match=r"^image_shape must be of 5 pixels"):
        Explorer(np.eye(5), image_shape=(2, 3))
    with pytest.raises(ValueError, match=r"must come with an X of your own"):
        Explorer(image_shape=(28, 28))
    with pytest.raises(ValueError, match=r"^X must vary"):
        Explorer(np.full((5, 4), 0.1))
    with pytest.raises(ValueError, match=r"^steps must be at least 0"):
        Explorer(SMALL, steps=-1)
    with pytest.raises(TypeError, match=r"^steps must be an integer"):
        Explorer(SMALL, steps=2.5)  # type: ignore[arg-type]


def test_the_picture_says_the_numbers() -> None:
    explorer = Explorer(regularizer="sum", lam=0.5, n_components=3, steps=1200)
    alt = explorer.picture().alt
    assert "After 1200 steps, regulariser: sum" in alt
    assert "1.000" in alt
    assert f"{explorer._problems['digits']['variances'][0]:.3f}" in alt
    bundle = explorer._repr_mimebundle_()[0]
    assert bundle["text/plain"] == alt
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_component_without_any_weight_has_a_picture() -> None:
    explorer = Explorer(SMALL, n_components=2)
    W1 = np.zeros((2, 4))
    W1[0, 0] = 1.0
    explorer.set_state({"_encoder": as_sent(W1), "_decoder": as_sent(W1.T), "walk": []})
    assert "0.000" in explorer.picture().alt


def test_it_is_light() -> None:
    state = saved_state(Explorer(steps=400))
    front_end = state["state"].pop("_esm")
    assert len(gzip.compress(front_end.encode())) <= 30_000
    del state["state"]["_css"]
    data = json.dumps(state).encode()
    assert len(base64.b64decode(state["buffers"][0]["data"])) == 64 * 784
    assert len(gzip.compress(data)) <= 200_000
