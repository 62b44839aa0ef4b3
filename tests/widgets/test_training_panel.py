"""The training panel without a browser: its settings, its thread, its words."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any, TypedDict, Unpack

import numpy as np
import numpy.typing as npt
import pytest
import torch

from lae_helpers import (
    DivergenceError,
    axis_alignment,
    fit_pca,
    reconstruction_loss,
    recover_from_decoder,
    synthetic_data,
    transpose_gap,
)
from lae_helpers.widgets import TrainingPanel
from lae_helpers.widgets.panel.drawing import list_rows

SINGULAR_VALUES = [6.0, 5.0, 4.0, 3.0, *np.linspace(0.9, 0.1, 21)]
N_SAMPLES = 40
X = synthetic_data(np.array(SINGULAR_VALUES) * N_SAMPLES**0.5, N_SAMPLES, seed=3)
PATIENCE = 120  # seconds, on a busy machine
PANEL_THREAD = "lae-training"


class Options(TypedDict, total=False):
    regularizer: str
    lam: float
    optimizer: str
    seed: int


def panel_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == PANEL_THREAD]


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.01)


@pytest.fixture
def make() -> Iterator[Callable[..., TrainingPanel]]:
    """Give a maker of panels that are stopped at the end."""
    panels: list[TrainingPanel] = []

    def make_panel(
        data: npt.NDArray[np.float64] = X, *, n_components: int = 3, **options: Unpack[Options]
    ) -> TrainingPanel:
        panels.append(TrainingPanel(data, n_components=n_components, **options))
        return panels[-1]

    yield make_panel
    for panel in panels:
        panel.stop()
    assert panel_threads() == []


def choose(panel: TrainingPanel, **values: object) -> None:
    """Set controls as a reader's clicks do."""
    for name, value in values.items():
        getattr(panel.controls, name).value = value


def test_sum_recovers_the_principal_directions(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="sum")
    panel.start()
    assert panel.wait()
    directions = recover_from_decoder(panel.model).directions
    assert axis_alignment(directions, fit_pca(X, 3).directions).min() > 0.9999
    assert transpose_gap(panel.model) < 1e-3
    assert panel.history.converged
    assert "Done" in panel.status
    assert "sum, λ = 0.3, k = 3, L-BFGS" in panel.status


def test_nonuniform_sum_puts_them_into_the_columns(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="non-uniform sum")
    assert "λ₁ … λₖ from 0.15 to 0.45" in panel.status
    panel.start()
    panel.wait()
    columns = panel.model.decoder.weight.detach()
    assert axis_alignment(columns, fit_pca(X, 3).directions).min() > 0.999


@pytest.mark.parametrize("regularizer", ["none", "product", "sum", "non-uniform sum"])
@pytest.mark.parametrize(("optimizer", "n_components"), [("lbfgs", 1), ("adam", 16), ("sgd", 1)])
def test_every_choice_trains(
    make: Callable[..., TrainingPanel], regularizer: str, optimizer: str, n_components: int
) -> None:
    panel = make(regularizer=regularizer, optimizer=optimizer, n_components=n_components)
    panel.start()
    panel.wait()
    assert panel.history.losses[-1] < panel.history.losses[0]
    assert panel.model.n_components == n_components


def test_history_ends_with_the_loss_of_the_model(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="none")
    panel.start()
    panel.wait()
    loss = reconstruction_loss(panel.model, torch.as_tensor(X - X.mean(axis=0)))
    assert panel.history.losses[-1] == pytest.approx(loss.item(), rel=1e-9)
    assert len(panel.history.steps) == len(panel.history.losses)


def test_pictures_arrive_while_it_trains(make: Callable[..., TrainingPanel]) -> None:
    panel = make(np.tile(X, (2000, 1)), regularizer="sum", optimizer="sgd")  # which takes long
    seen: set[str] = set()

    def see(change: dict[str, str]) -> None:
        if "Training: " in panel.status:
            seen.add(change["new"])

    panel.controls.picture.observe(see, names="value")
    panel.start()
    eventually(lambda: len(seen) >= 2)
    panel.stop()


def test_stop_ends_it_midway_and_keeps_what_was_learned(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="sum")
    start = panel.model.decoder.weight.detach().clone()
    panel.start()
    eventually(lambda: len(panel.history.steps) > 3)
    panel.stop()
    assert not panel.training
    learned = panel.model.decoder.weight.detach().clone()
    steps = panel.history.steps[-1]
    assert not torch.equal(learned, start)
    assert "Stopped" in panel.status
    assert f"step {steps}" in panel.status
    panel.start()
    panel.wait()
    assert panel.history.steps[-1] > steps
    assert (np.diff(panel.history.steps) > 0).all()


def test_stop_does_not_wait_for_the_end_of_an_epoch(make: Callable[..., TrainingPanel]) -> None:
    many = np.tile(X, (2000, 1))
    panel = make(many, regularizer="sum", optimizer="sgd")
    passes = 0

    def count(*_: object) -> None:
        nonlocal passes
        passes += 1

    panel.model.register_forward_pre_hook(count)
    panel.start()
    eventually(lambda: passes > 5)
    panel.stop()
    batches = len(many) // 64
    assert panel.history.steps[-1] < batches
    penalty = 0.3 * sum(w.square().sum() for w in panel.model.parameters())
    loss = reconstruction_loss(panel.model, torch.as_tensor(many - many.mean(axis=0))) + penalty
    assert panel.history.losses[-1] == pytest.approx(loss.item(), rel=1e-9)


def test_a_choice_while_it_trains_starts_afresh(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="none")
    panel.start()
    first = panel.model
    eventually(lambda: len(panel.history.steps) > 3)
    for regularizer in ("product", "non-uniform sum", "none", "sum"):
        choose(panel, regularizer=regularizer)
        assert len(panel_threads()) <= 1
    choose(panel, lam=0.5, n_components=2)
    assert panel.training
    panel.wait()
    assert panel.model is not first
    assert panel.model.n_components == 2
    assert "sum, λ = 0.5, k = 2" in panel.status
    expected = np.sqrt(1 - 0.5 / fit_pca(X, 2).variances)
    np.testing.assert_allclose(
        recover_from_decoder(panel.model).singular_values, expected, atol=1e-4
    )


def test_a_choice_at_rest_keeps_the_model_until_start(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="sum")
    panel.start()
    panel.wait()
    learned = panel.model
    choose(panel, regularizer="product")
    assert panel.model is learned
    assert "the picture still shows sum" in panel.status
    choose(panel, regularizer="sum")
    assert "As in the picture" in panel.status
    choose(panel, regularizer="product")
    panel.start()
    panel.wait()
    assert panel.model is not learned


def test_a_choice_right_after_the_end_does_not_start(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="sum")
    panel.start()
    eventually(lambda: "Done" in panel.status)  # the last picture is still being drawn
    choose(panel, regularizer="product")
    assert panel_threads() == []
    assert "Press Start" in panel.status


def test_reset_takes_the_starting_weights_again(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="sum", seed=5)
    start = panel.model.decoder.weight.detach().clone()
    panel.start()
    panel.reset()
    assert not panel.training
    assert torch.equal(panel.model.decoder.weight, start)
    assert len(panel.history.steps) == 0
    assert "Ready" in panel.status


def test_start_twice_trains_once(make: Callable[..., TrainingPanel]) -> None:
    panel = make()
    panel.start()
    panel.start()
    assert len(panel_threads()) == 1


def test_same_seed_same_numbers(make: Callable[..., TrainingPanel]) -> None:
    losses = []
    for _ in range(2):
        panel = make(regularizer="sum", optimizer="adam", seed=1)
        panel.start()
        panel.wait()
        losses.append(panel.history.losses)
    np.testing.assert_array_equal(losses[0], losses[1])


def test_wait_gives_up_in_time(make: Callable[..., TrainingPanel]) -> None:
    panel = make()
    assert panel.wait(timeout=0.0)
    panel.start()
    assert not panel.wait(timeout=0.0)
    assert panel.training


def test_divergence_is_told_in_words_and_raised(make: Callable[..., TrainingPanel]) -> None:
    panel = make(1e4 * X, regularizer="sum", optimizer="sgd")
    panel.start()
    eventually(lambda: "failed" in panel.status)
    assert isinstance(panel.error, DivergenceError)
    assert "smaller learning_rate" in panel.status
    assert "Traceback" not in panel.status
    with pytest.raises(DivergenceError):
        panel.wait()
    choose(panel, optimizer="lbfgs")
    panel.start()
    panel.wait()
    assert panel.error is None


def test_buttons_offer_what_can_be_done(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="none")
    controls = panel.controls
    assert controls.lam.disabled
    choose(panel, regularizer="sum")
    assert not controls.lam.disabled
    assert (controls.start.disabled, controls.stop.disabled) == (False, True)
    controls.start.click()
    assert (controls.start.disabled, controls.stop.disabled) == (True, False)
    controls.stop.click()
    assert (controls.start.disabled, controls.stop.disabled) == (False, True)


def test_a_component_given_up_has_no_direction(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="sum", lam=10.0, n_components=4)  # the fourth variance is 9
    panel.start()
    panel.wait()
    assert "–" in panel._repr_mimebundle_()[0]["text/plain"]


def test_the_rows_of_w1_stand_over_the_columns_of_w2(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="sum")
    pca = fit_pca(X, 3)
    W1 = panel.model.encoder.weight.detach().numpy()
    W2 = panel.model.decoder.weight.detach().numpy()
    signs = np.sign((W2 * pca.directions).sum(axis=0))
    encoder, decoder, difference, vectors, _ = list_rows(panel.model, pca)
    np.testing.assert_array_equal(encoder.matrix, W1.T * signs)
    np.testing.assert_array_equal(decoder.matrix, W2 * signs)
    np.testing.assert_allclose(difference.matrix, encoder.matrix - decoder.matrix, atol=1e-15)
    assert encoder.limit == decoder.limit == difference.limit == max(abs(W1).max(), abs(W2).max())
    assert vectors.limit is None
    panel.start()
    panel.wait()
    difference = list_rows(panel.model, pca)[2]
    assert difference.limit is not None
    assert np.abs(difference.matrix).max() < 0.01 * difference.limit  # white: the transposes
    assert "rows of W₁; columns of W₂" in panel._repr_mimebundle_()[0]["text/plain"]


class Images(HTMLParser):
    """Collects the alt texts of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.alts: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.alts.append(dict(attrs)["alt"])


def test_without_a_kernel_there_is_the_last_picture(make: Callable[..., TrainingPanel]) -> None:
    panel = make(regularizer="sum")
    panel.start()
    panel.wait()
    bundle = panel._repr_mimebundle_()[0]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "image/png" not in bundle  # the website would prefer it to the sentence
    assert "needs JupyterLab" in bundle["text/html"]
    (alt,) = Images(bundle["text/html"]).alts
    assert alt
    assert "|cos| 1.000, 1.000, 1.000" in alt


@pytest.mark.parametrize(
    ("arguments", "error", "names"),
    [
        ({"regularizer": "ridge"}, ValueError, "regularizer"),
        ({"lam": -1.0}, ValueError, "lam"),
        ({"lam": float("nan")}, ValueError, "lam"),
        ({"lam": 0.0}, ValueError, "lam"),
        ({"lam": 11.0}, ValueError, "lam"),
        ({"lam": "big"}, TypeError, "lam"),
        ({"n_components": 0}, ValueError, "n_components"),
        ({"n_components": 17}, ValueError, "n_components"),
        ({"n_components": 2.0}, TypeError, "n_components"),
        ({"optimizer": "newton"}, ValueError, "optimizer"),
        ({"seed": -1}, ValueError, "seed"),
        ({"seed": 1.5}, TypeError, "seed"),
        ({"data": X[:, :24]}, ValueError, "X"),
        ({"data": X[0]}, ValueError, "X"),
        ({"data": X[:1]}, ValueError, "X"),
        ({"data": X * np.nan}, ValueError, "X"),
    ],
)
def test_bad_arguments_are_named(
    arguments: dict[str, Any], error: type[Exception], names: str
) -> None:
    with pytest.raises(error, match=names):
        TrainingPanel(arguments.pop("data", X), **arguments)


def test_width_is_limited_by_the_data(make: Callable[..., TrainingPanel]) -> None:
    assert make(X[:5]).controls.n_components.max == 5
    with pytest.raises(ValueError, match="n_components"):
        TrainingPanel(X[:5], n_components=6)
