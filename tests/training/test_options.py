"""What fit is asked to do: defaults, what is refused, and that it is refused at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dask.array as da
import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from lae_helpers import (
    LinearAutoencoder,
    NonuniformSumL2,
    Regularizer,
    SumL2,
    fit,
    fit_pca,
)
from lae_helpers._checks import FloatArray
from lae_helpers._sources import DaskArray, Rows
from lae_helpers.errors import ConvergenceWarning
from lae_helpers.moments import compute_moments
from tests.training.small import QUIET, X, model_of, parameters

BAD_OPTIONS: list[tuple[str, Any, type[Exception], dict[str, Any]]] = [
    ("optimizer", "rmsprop", ValueError, {}),
    ("optimizer", None, ValueError, {}),
    ("max_steps", 0, ValueError, {}),
    ("max_steps", 1.5, TypeError, {}),
    ("tolerance", -1, ValueError, {}),
    ("tolerance", float("nan"), ValueError, {}),
    ("tolerance", "small", TypeError, {}),
    ("snapshot_every", 0, ValueError, {}),
    ("snapshot_every", 2.0, TypeError, {}),
    ("callback", 3, TypeError, {}),
    ("batch_size", 50, ValueError, {"optimizer": "adam"}),
    ("batch_size", 0, ValueError, {"optimizer": "adam"}),
    ("batch_size", 8.0, TypeError, {"optimizer": "sgd"}),
    ("epochs", 0, ValueError, {"optimizer": "adam"}),
    ("epochs", 2.5, TypeError, {"optimizer": "adam"}),
    ("learning_rate", 0, ValueError, {"optimizer": "adam"}),
    ("learning_rate", -1e-3, ValueError, {"optimizer": "sgd"}),
    ("learning_rate", float("nan"), ValueError, {"optimizer": "sgd"}),
    ("learning_rate", "fast", TypeError, {"optimizer": "sgd"}),
    ("max_steps", 0, ValueError, {"optimizer": "gradient_descent"}),
    ("learning_rate", 0, ValueError, {"optimizer": "gradient_descent"}),
    ("learning_rate", "fast", TypeError, {"optimizer": "gradient_descent"}),
    ("max_steps", 0, ValueError, {"optimizer": "alternating"}),
    ("tied", 1, TypeError, {"optimizer": "alternating"}),
    ("tied", None, TypeError, {"optimizer": "alternating"}),
    ("schedule", "linear", ValueError, {"optimizer": "adam"}),
    ("schedule", "", ValueError, {"optimizer": "adam"}),
    ("seed", -1, ValueError, {"optimizer": "adam"}),
    ("seed", "x", TypeError, {"optimizer": "adam"}),
]


@pytest.mark.parametrize(("argument", "value", "kind", "others"), BAD_OPTIONS)
def test_bad_options(
    argument: str, value: object, kind: type[Exception], others: dict[str, Any]
) -> None:
    model = model_of()
    before = parameters(model)
    options: dict[str, Any] = {argument: value} | others
    with pytest.raises(kind, match=rf"^{argument} must be"):
        fit(model, X, **options, **QUIET)
    for old, new in zip(before, parameters(model), strict=True):
        assert_array_equal(old, new)


@pytest.mark.parametrize(
    ("optimizer", "option", "value"),
    [("lbfgs", "batch_size", 8), ("lbfgs", "epochs", 2), ("lbfgs", "learning_rate", 0.1),
     ("lbfgs", "schedule", "cosine"), ("adam", "max_steps", 5), ("sgd", "max_steps", 5),
     ("gradient_descent", "batch_size", 8), ("gradient_descent", "epochs", 2),
     ("gradient_descent", "schedule", "cosine"), ("alternating", "learning_rate", 0.1),
     ("alternating", "batch_size", 8), ("lbfgs", "tied", True), ("gradient_descent", "tied", True),
     ("adam", "tied", True)],
)  # fmt: skip
def test_options_of_another_optimizer(optimizer: str, option: str, value: object) -> None:
    options: dict[str, Any] = {option: value}
    with pytest.raises(ValueError, match=rf"^{option} does not belong to optimizer='{optimizer}'"):
        fit(model_of(), X, optimizer=optimizer, **options)


@pytest.mark.parametrize("value", [1, 0, None, "no", "False", 1.0, np.ones(1, dtype=bool)])
def test_true_and_false_are_the_only_flags(value: Any) -> None:  # noqa: ANN401
    calls: dict[str, Any] = {
        "bias": lambda: LinearAutoencoder(6, 2, value),
        "tied": lambda: fit(model_of(), X, optimizer="alternating", tied=value),
        "progress": lambda: fit(model_of(), X, optimizer="adam", progress=value),
    }
    for name, call in calls.items():
        with pytest.raises(TypeError, match=rf"^{name} must be True or False, but it is "):
            call()


def test_truth_values_of_numpy_are_flags() -> None:
    no: Any = np.False_
    assert LinearAutoencoder(6, 2, no).encoder.bias is None
    fit(model_of(), X, optimizer="alternating", tied=not no, max_steps=2, tolerance=0)


class Watched:
    """Batches that count how many were asked for."""

    def __init__(self, *batches: FloatArray) -> None:
        self.batches, self.asked = batches, 0

    def __iter__(self) -> Iterator[FloatArray]:
        for batch in self.batches:
            self.asked += 1
            yield batch


@pytest.mark.parametrize("optimizer", ["lbfgs", "alternating", "adam"])
def test_a_wrong_width_is_told_at_the_first_batch(optimizer: str) -> None:
    data = Watched(X[:20, :5], X[20:, :5])
    with pytest.raises(
        ValueError, match=r"^X in batch 0 must have 6 columns like the model, .*5\)"
    ):
        fit(model_of(), data, optimizer=optimizer, **QUIET)
    assert data.asked == 1


WRONG_BEFORE_ANY_PASS: list[dict[str, Any]] = [
    {"optimizer": "adam", "batch_size": 0}, {"optimizer": "adam", "batch_size": 2.0},
    {"optimizer": "sgd", "batch_size": 10}, {"optimizer": "adam", "epochs": 0},
    {"max_steps": 0}, {"tolerance": -1}, {"snapshot_every": 0}, {"callback": 3}, {"seed": -1},
    {"regularizer": NonuniformSumL2([1, 2])},
]  # fmt: skip


@pytest.mark.parametrize("options", WRONG_BEFORE_ANY_PASS, ids=str)
def test_bad_options_are_told_before_any_pass_over_the_data(options: dict[str, Any]) -> None:
    data = Watched(X[:20], X[20:])
    with pytest.raises((TypeError, ValueError)):
        fit(model_of(), data, **options, **QUIET)
    assert data.asked == 0


def test_a_batch_too_large_is_told_before_the_covariance(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = compute_moments(X[:, :5])
    for kind in (Rows, DaskArray):
        monkeypatch.setattr(kind, "reduce", lambda *_: pytest.fail("it was passed over"))
    with pytest.raises(ValueError, match=r"^batch_size must be between 1 and 49 \(the number of"):
        fit(model_of(), X, optimizer="adam", batch_size=50, **QUIET)
    for data in (X[:, :5], moments, da.from_array(X[:, :5])):
        with pytest.raises(ValueError, match=r"^X must have 6 columns like the model"):
            fit(model_of(), data)
    with pytest.raises(ValueError, match=r"^X must have at least 3 rows"):
        fit(model_of(), X[:2])


def freeze(name: str) -> LinearAutoencoder:
    model = model_of()
    model.get_parameter(name).requires_grad_(False)
    return model


@pytest.mark.parametrize("name", ["encoder.weight", "decoder.weight", "encoder.bias"])
@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating", "adam", "sgd"])
def test_a_frozen_parameter_is_named(optimizer: str, name: str) -> None:
    with pytest.raises(
        ValueError, match=rf"^model must have no frozen .* its {name} has requires_g"
    ):
        fit(freeze(name), X, optimizer=optimizer, **QUIET)
    with torch.inference_mode():
        made = model_of()
    with pytest.raises(ValueError, match=r"^model must not be made under torch.inference_mode"):
        fit(made, X, optimizer=optimizer, **QUIET)


def test_documented_defaults() -> None:
    """A thousand steps; of minibatches 20 passes, 64 samples a step, a rate of 1e-3."""
    data = np.vstack([X, X])
    for optimizer in ("adam", "sgd"):
        plain, spelt = model_of(), model_of()
        same: dict[str, Any] = {"epochs": 20, "batch_size": 64, "learning_rate": 1e-3, "seed": 0}
        same |= {"schedule": "constant", "tolerance": 1e-8}
        histories = [
            fit(model, data, optimizer=optimizer, **options, **QUIET)
            for model, options in ((plain, {}), (spelt, same))
        ]
        assert histories[0].steps[-1] == 2 * 20
        assert_array_equal(histories[0].losses, histories[1].losses)
        assert len(histories[0].losses) == 21
    few = fit(model_of(), X, optimizer="sgd", batch_size=49, epochs=1, **QUIET)
    assert few.steps[-1] == fit(model_of(), X, optimizer="sgd", epochs=1, **QUIET).steps[-1] == 1
    with pytest.warns(ConvergenceWarning, match="after 1000 steps"):
        fit(model_of(), X, SumL2(0.7), optimizer="gradient_descent", learning_rate=1e-6)


@pytest.mark.parametrize("regularizer", ["sum", 0.3, SumL2])
def test_unknown_regularizer(regularizer: Regularizer) -> None:
    with pytest.raises(TypeError, match=r"^regularizer must be Unregularized\(\)"):
        fit(model_of(), X, regularizer)


def test_what_does_not_fit_together() -> None:
    wrong: Any = torch.nn.Linear(6, 3)
    with pytest.raises(TypeError, match=r"^model must be a LinearAutoencoder, .* Linear"):
        fit(wrong, X)
    with pytest.raises(ValueError, match=r"^X must have 6 columns like the model.* \(49, 5\)"):
        fit(model_of(), X[:, :5])
    with pytest.raises(ValueError, match=r"^X must have at least 3 rows"):
        fit(model_of(), X[:2])


def test_dask_computes_no_block_for_a_wrong_width_or_length() -> None:
    computed: list[tuple[int, ...]] = []

    def note(block: FloatArray) -> FloatArray:
        computed.append(block.shape)
        return block

    watched = da.from_array(X[:, :5], chunks=(7, 5)).map_blocks(
        note, dtype=float, meta=np.empty((0, 0))
    )
    with pytest.raises(ValueError, match=r"^X must have 6 columns like the model"):
        fit(model_of(), watched)
    with pytest.raises(ValueError, match=r"^k must be between 1 and 5 \(the smaller side"):
        fit_pca(watched, 6)
    with pytest.raises(ValueError, match=r"^X must have at least 4 rows"):
        fit(LinearAutoencoder(5, 4), watched[:3])
    assert computed == []
    fit_pca(watched, 2)
    assert sum(rows for rows, _ in computed) == 49
