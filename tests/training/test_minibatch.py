"""Minibatches: what comes in them, the step that is taken, what is shown and recorded."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import dask.array as da
import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch.utils.data import DataLoader, TensorDataset

from lae_helpers import (
    LinearAutoencoder,
    SumL2,
    fit,
    reconstruction_loss,
)
from lae_helpers._checks import FloatArray
from lae_helpers.moments import compute_moments
from tests.training.small import QUIET, X, model_of, parameters


def test_minibatches_are_recorded_by_the_epoch() -> None:
    history = fit(model_of(), X, optimizer="adam", batch_size=10, epochs=4, **QUIET)
    assert_array_equal(history.steps, [0, 5, 10, 15, 20])  # 49 samples: 5 batches, the last short


def test_every_sample_is_seen_once_an_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[torch.Tensor] = []
    forward = LinearAutoencoder.forward

    def spy(self: LinearAutoencoder, batch: torch.Tensor) -> torch.Tensor:
        batches.append(batch)
        return forward(self, batch)

    monkeypatch.setattr(LinearAutoencoder, "forward", spy)
    fit(model_of(bias=False), X, optimizer="sgd", batch_size=10, epochs=2, **QUIET)
    assert [len(batch) for batch in batches] == 2 * [10, 10, 10, 10, 9]
    for epoch in (batches[:5], batches[5:]):
        rows = torch.cat(epoch).numpy()
        assert_array_equal(rows[np.lexsort(rows.T)], X[np.lexsort(X.T)])
    assert not torch.equal(batches[0], batches[5])


def test_the_cosine_schedule_takes_the_learning_rate_to_zero() -> None:
    def last_move(schedule: str | None) -> float:
        model = model_of()
        history = fit(
            model, X, SumL2(0.7), optimizer="sgd", learning_rate=1e-3, batch_size=49, epochs=40,
            schedule=schedule, snapshot_every=1, **QUIET,
        )  # fmt: skip
        moves = [
            np.linalg.norm(b.decoder - a.decoder)
            for a, b in zip(history.snapshots, history.snapshots[1:], strict=False)
        ]
        rates = np.array(moves)
        return float(rates[-1] / rates[0])

    constant, default, cosine = (last_move(name) for name in ("constant", None, "cosine"))
    assert constant == default
    assert cosine < constant / 100


@pytest.mark.parametrize("in_batches", [False, True])
def test_the_cosine_falls_over_all_batches_of_all_epochs(
    in_batches: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates: list[float] = []
    step = torch.optim.SGD.step

    def spy(self: torch.optim.SGD) -> None:
        rates.append(self.param_groups[0]["lr"])
        step(self)

    monkeypatch.setattr(torch.optim.SGD, "step", spy)
    data: Any = loader(10) if in_batches else X
    sizes: dict[str, Any] = {} if in_batches else {"batch_size": 10}
    fit(model_of(), data, optimizer="sgd", epochs=2, schedule="cosine", **sizes, **QUIET)
    assert_allclose(rates, 1e-3 * (1 + np.cos(np.pi * np.arange(10) / 10)) / 2, rtol=1e-12)


def test_sgd_takes_the_step_that_its_formula_says() -> None:
    model, rate = model_of(), 1e-3
    before = parameters(model)
    loss = reconstruction_loss(model, torch.tensor(X)) + SumL2(0.7).penalty(
        model.encoder.weight, model.decoder.weight
    )
    gradients = torch.autograd.grad(loss, list(model.parameters()))
    fit(model, X, SumL2(0.7), optimizer="sgd", batch_size=49, epochs=1, learning_rate=rate, **QUIET)
    for old, gradient, new in zip(before, gradients, parameters(model), strict=True):
        assert_allclose(new, old - rate * gradient.numpy(), atol=1e-14)


def loader(batch_size: int, *, labels: bool = False) -> DataLoader[Any]:
    columns = [torch.tensor(X), torch.arange(len(X))]
    return DataLoader(TensorDataset(*columns[: 1 + labels]), batch_size=batch_size)


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("labels", [False, True])
def test_minibatches_of_a_loader(optimizer: str, labels: bool) -> None:
    options: dict[str, Any] = {"optimizer": optimizer, "epochs": 3, "schedule": "cosine"} | QUIET
    models = [model_of(), model_of()]
    first = fit(models[0], loader(10, labels=labels), SumL2(0.7), **options)
    second = fit(models[1], [X[i : i + 10] for i in range(0, 49, 10)], SumL2(0.7), **options)
    assert_array_equal(first.steps, [0, 5, 10, 15])
    assert_allclose(first.losses, second.losses, rtol=1e-12)
    assert first.losses[-1] < first.losses[0]
    true = reconstruction_loss(models[0], torch.tensor(X)) + SumL2(0.7).penalty(
        models[0].encoder.weight, models[0].decoder.weight
    )
    assert first.losses[-1] == pytest.approx(true.item(), rel=1e-10)


def test_one_batch_of_all_is_the_array_in_its_order() -> None:
    options: dict[str, Any] = {"optimizer": "sgd", "epochs": 4, "learning_rate": 1e-3} | QUIET
    from_batches = fit(model_of(), [X], SumL2(0.7), **options)
    from_array = fit(model_of(), X, SumL2(0.7), batch_size=49, **options)
    assert_allclose(from_batches.losses, from_array.losses, rtol=1e-12)


def test_data_that_are_changed_meanwhile_are_trained_on_as_they_were() -> None:
    data = X.copy()
    changed, kept = model_of(), model_of()
    options: dict[str, Any] = {"optimizer": "adam", "batch_size": 10, "epochs": 3} | QUIET
    fit(changed, data, SumL2(0.7), callback=lambda _step, _loss: data.fill(np.nan), **options)
    fit(kept, X, SumL2(0.7), **options)
    assert_array_equal(changed.decoder.weight.detach(), kept.decoder.weight.detach())


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_minibatches_need_data_that_last(optimizer: str) -> None:
    once: dict[str, Any] = {
        "a generator": iter([X]),
        "Moments": compute_moments(X),
        "a Dask array": da.from_array(X, chunks=(10, 6)),
    }
    for kind, data in once.items():
        message = f"^X must be an array, a DataLoader .* '{optimizer}'.* it is {kind}.* one pass"
        with pytest.raises(ValueError, match=message):
            fit(model_of(), data, optimizer=optimizer, **QUIET)
    with pytest.raises(ValueError, match=r"^batch_size must be left out if X comes in batches"):
        fit(model_of(), loader(10), optimizer="adam", batch_size=10, **QUIET)


@pytest.mark.parametrize("silent", [False, True])
def test_the_progress_bar_obeys_the_environment(silent: bool) -> None:
    script = (
        "from lae_helpers import *; X = synthetic_data([3, 2, 1], 9); "
        "fit(LinearAutoencoder(3, 1), X, optimizer='adam', epochs=2)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "TQDM_DISABLE"}
    run = subprocess.run(
        [sys.executable, "-c", script],  # tqdm reads the environment when it is imported
        env=environment | ({"TQDM_DISABLE": "1"} if silent else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ""
    assert run.stderr == "" if silent else re.search("training: 100%.* 2/2 .*epoch", run.stderr)


def test_the_progress_bar_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    fit(model_of(), X, optimizer="adam", epochs=2, progress=False)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("bad", [np.full((5, 6), np.nan), X[:5, :4], np.array([["a"] * 6])])
@pytest.mark.parametrize("passes", [1, 2, 4])
def test_a_batch_that_turns_bad_leaves_the_model_as_it_was(bad: FloatArray, passes: int) -> None:
    class TurnsBad:
        done = 0

        def __iter__(self) -> Iterator[FloatArray]:
            self.done += 1
            yield X[:20]
            yield bad if self.done == passes else X[20:]

    model = model_of()
    before = parameters(model)
    with pytest.raises((TypeError, ValueError), match=r"^X in batch 1 must"):
        fit(model, TurnsBad(), optimizer="adam", epochs=5, learning_rate=0.1, **QUIET)
    for old, new in zip(before, parameters(model), strict=True):
        assert_array_equal(old, new)
