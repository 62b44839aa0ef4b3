"""The race: every route finds the directions, and what it reports is what happened."""

from __future__ import annotations

import itertools
import math
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.decomposition import PCA

from lae_helpers import (
    LinearAutoencoder,
    SumL2,
    axis_alignment,
    fit,
    fit_pca,
    load_mnist,
    reconstruction_loss,
    synthetic_data,
)
from lae_helpers._checks import FloatArray
from lae_helpers.benchmark.augmentation import AugmentedImages
from lae_helpers.benchmark.race import race, run_route
from lae_helpers.benchmark.recipes import ARTICLE, RECIPES
from lae_helpers.benchmark.solvers import ROUTES, Route
from lae_helpers.benchmark.timer import Settings, Stopwatch
from lae_helpers.errors import DivergenceError
from lae_helpers.moments import compute_moments
from lae_helpers.training import History

K = 3
X = synthetic_data(10 * np.sqrt([8.0, 5.0, 3.0, 1.0, 0.5, 0.2, 0.1, 0.05]), 100) + 2.0
TRUTH = fit_pca(X, K).directions
BUILD_COVARIANCE = [
    "eigh of the covariance", "eigh of C, k vectors", "eigsh of C (Lanczos)", "float32: eigsh of C",
    "LAE, L-BFGS", "LAE, gradient descent", "LAE, regularised Oja", "LAE, alternating",
    "LAE, alternating, tied", "LAE, alternating, Ritz", "LAE, 30 spare", "LAE, a tenth first",
    "float32: LAE, 30 spare", "float32: LAE, a tenth first",
]  # fmt: skip
QUICK = [name for name, route in ROUTES.items() if route.family != "recipe"]


@pytest.mark.parametrize("name", QUICK)
def test_every_route_arrives(name: str) -> None:
    lap = run_route(name, X, K)
    assert (lap.name, lap.family) == (name, ROUTES[name].family)
    assert lap.last.worst >= 0.9999
    assert all(point.cosines.shape == (K,) for point in lap.points)
    assert all(point.seconds > 0 for point in lap.points)
    assert all(point.worst < 0.9999 for point in lap.points[:-1])


@pytest.mark.parametrize("name", QUICK)
def test_without_a_goal_it_goes_to_its_own_end(name: str) -> None:
    lap = run_route(name, X, K, goal=None)
    assert lap.last.worst > 1 - (1e-5 if name.startswith("float32") else 1e-7)


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_train_a_pass_a_point(name: str) -> None:
    lap = run_route(name, X, K, goal=None, settings=Settings(recipe_steps=110))
    steps = -(-100 // RECIPES[name].batch_size)
    passes = math.ceil(110 / steps)
    assert_array_equal([point.steps for point in lap.points], steps * np.arange(passes + 1))
    assert_array_equal([point.passes for point in lap.points], np.arange(passes + 1))


def test_recipes_prepare_as_they_say() -> None:
    prepared = {name: recipe.prepare(X) for name, recipe in RECIPES.items()}
    assert_allclose(prepared["the article's recipe"], (X - 0.1307) / 0.3081)
    assert_allclose(prepared["+ centred"], (X - X.mean(axis=0)) / 0.3081)
    assert_allclose(prepared["+ scale of the pixels"], X - X.mean(axis=0))
    assert_allclose(prepared["Plaut's recipe"], X)
    assert ARTICLE.strength(784) == pytest.approx(0.392)
    assert {recipe.optimizer for recipe in RECIPES.values()} == {"adam", "sgd"}


def test_the_strength_of_a_recipe_is_that_of_the_mean_over_entries() -> None:
    """The article adds 5e-4 of the penalty to a mean over entries: n times less than J has it."""
    model, rows = LinearAutoencoder(8, K), torch.tensor(X)
    W1, W2 = model.encoder.weight, model.decoder.weight
    article = torch.nn.functional.mse_loss(model(rows), rows) + 5e-4 * SumL2(1.0).penalty(W1, W2)
    ours = reconstruction_loss(model, rows) + SumL2(ARTICLE.strength(8)).penalty(W1, W2)
    torch.testing.assert_close(8 * article, ours)


def test_passes() -> None:
    passes = {name: run_route(name, X, K).last.passes for name in QUICK}
    on_covariance = {name for name, count in passes.items() if count == 1}
    assert set(BUILD_COVARIANCE) - {"LAE, a tenth first", "float32: LAE, a tenth first"} == (
        on_covariance - {"scikit-learn covariance_eigh"}
    )
    assert math.isnan(passes["numpy.linalg.svd"])
    randomized = run_route("scikit-learn randomized", X, K, goal=None)
    assert_array_equal(
        [point.passes for point in randomized.points],
        [2 * point.steps + 3 for point in randomized.points],
    )
    assert passes["scikit-learn arpack"] > 10
    sample = min(100, max(100 // 10, 2 * 8))  # of 100 rows with 8 columns
    first, second = run_route("LAE, a tenth first", X, K, goal=None).points[:2]
    assert (first.passes, second.passes) == (1 + sample / 100 + 2, 1 + sample / 100 + 4)


def test_the_stopwatch_stands_still_while_it_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    now = itertools.count()
    watch = Stopwatch(TRUTH, 0.9, clock=lambda: float(next(now)))

    def judge(*columns: Any) -> Any:  # noqa: ANN401 - passed on
        for _ in range(100):
            next(now)
        return axis_alignment(*columns)

    monkeypatch.setattr("lae_helpers.benchmark.timer.axis_alignment", judge)
    assert watch.mark(lambda: TRUTH, passes=1)
    assert not watch.mark(lambda: TRUTH[:, ::-1], passes=2, steps=7)
    first, second = watch.points
    assert (first.seconds, second.seconds) == (2, 3)  # one until it pauses, one to read
    assert (first.passes, second.passes, second.steps) == (1, 2, 7)
    watch.restart()
    watch.mark(lambda: TRUTH, passes=1)
    assert watch.points[-1].seconds == 2


class Steps:
    """A clock that a route moves by as much as its turn says."""

    def __init__(self, turns: list[float]) -> None:
        self.now, self.turns = 0.0, iter(turns)

    def __call__(self) -> float:
        return self.now

    def run(self, X: FloatArray, _k: int, watch: Stopwatch, _settings: Settings) -> None:
        self.now += next(self.turns)
        watch.mark(lambda: np.eye(X.shape[1])[:, :K], passes=1)


@pytest.mark.parametrize("turns", [[3.0, 1.0, 7.0], [7.0, 3.0, 1.0], [5.0, 1.0, 3.0, 9.0]])
def test_the_race_keeps_the_median(monkeypatch: pytest.MonkeyPatch, turns: list[float]) -> None:
    clock = Steps(turns)
    monkeypatch.setattr("lae_helpers.benchmark.race.ROUTES", {"one": Route("exact", "", clock.run)})
    laps = race(X, K, repeats=len(turns), clock=clock)
    assert list(laps) == ["one"]
    assert laps["one"].last.seconds == 3.0


def test_repeated_runs_are_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def route(name: str) -> Route:
        def run(_X: FloatArray, _k: int, watch: Stopwatch, _settings: Settings) -> None:
            seen.append(name)
            watch.mark(lambda: TRUTH, passes=1)

        return Route("exact", "", run)

    monkeypatch.setattr("lae_helpers.benchmark.race.ROUTES", {name: route(name) for name in "ab"})
    race(X, K, "ba", repeats=2)
    assert seen == list("baba")


def test_the_covariance_is_a_part_of_every_route_that_builds_it() -> None:
    for name in QUICK:
        lap = run_route(name, X, K)
        if name in BUILD_COVARIANCE:
            assert 0 < lap.covariance < lap.last.seconds
        else:
            assert math.isnan(lap.covariance)


def test_the_stopwatch_notes_the_covariance() -> None:
    now = itertools.count()
    watch = Stopwatch(TRUTH, clock=lambda: float(next(now)))
    watch.note_covariance()
    watch.mark(lambda: TRUTH, passes=1)
    assert watch.covariance == 1
    assert watch.points[0].seconds == 3  # noting does not stop the time


@pytest.mark.parametrize(("factor", "works"), [(1.0, True), (1.3, False)])
def test_descent_goes_as_fast_as_it_can(
    factor: float, works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the minimum 1 / (2 (v_1 - lam)) is the limit, which lies a little above 1 / (2 v_1)."""
    rates: list[float] = []

    def spy(*inputs: Any, learning_rate: float, **options: Any) -> History:  # noqa: ANN401
        rates.append(learning_rate)
        options |= {"learning_rate": factor * learning_rate, "max_steps": 60, "tolerance": 0}
        return fit(*inputs, **options)

    monkeypatch.setattr("lae_helpers.benchmark.solvers.fit", spy)
    with nullcontext() if works else pytest.raises(DivergenceError):
        assert run_route("LAE, gradient descent", X, K).last.steps < 40
    assert_allclose(rates, 0.5 / fit_pca(X, 1).variances, rtol=1e-9)


def test_a_step_of_regularised_oja() -> None:
    C, lam = compute_moments(X).covariance, 0.4
    W = LinearAutoencoder(8, K, seed=1).decoder.weight.detach().numpy()
    stepped = W + (C @ W - W @ W.T @ C @ W - lam * W) / fit_pca(X, 1).variances[0]
    lap = run_route("LAE, regularised Oja", X, K, goal=0, settings=Settings(lam=lam, seed=1))
    directions = np.linalg.svd(stepped, full_matrices=False).U
    assert_allclose(lap.last.cosines, axis_alignment(directions, TRUTH), atol=1e-9)
    assert run_route("LAE, regularised Oja", X, K).last.steps < 16  # of half the length: 29


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [({"name": "magic"}, ValueError, "^name must be one of"), ({"k": 8}, ValueError, "^k must be"),
     ({"k": 1.5}, TypeError, "^k must be"), ({"goal": -1}, ValueError, "^goal must be"),
     ({"X": X[0]}, ValueError, "^X must be"), ({"reference": TRUTH[1:]}, ValueError, "^reference")],
)  # fmt: skip
def test_bad_arguments(change: dict[str, Any], kind: type[Exception], message: str) -> None:
    options: dict[str, Any] = {"name": QUICK[0], "X": X, "k": K} | change
    with pytest.raises(kind, match=message):
        run_route(**options)


@pytest.mark.parametrize(
    ("rows", "solver"), [(5000, "randomized"), (7839, "randomized"), (7840, "covariance_eigh")]
)
def test_what_scikit_learn_chooses_by_itself(rows: int, solver: str) -> None:
    wide = np.random.default_rng(0).standard_normal((rows, 784))
    assert PCA(16).fit(wide)._fit_svd_solver == solver


def test_the_tied_alternation_on_the_digits() -> None:
    digits = load_mnist()[0]
    lap = run_route("LAE, alternating, tied", digits, 16)
    assert lap.last.worst >= 0.9999
    assert lap.last.steps <= 60


def test_augmented_images() -> None:
    digits = load_mnist()[0][:50]
    images = AugmentedImages(digits, 250, batch_size=100)
    batches = list(images)
    assert [len(batch) for batch in batches] == [100, 100, 50]
    for once, again in zip(batches, images, strict=True):
        assert_array_equal(once, again)
    still = next(iter(AugmentedImages(digits, 60, most_shift=0, noise=0.0)))
    assert {row.tobytes() for row in still} <= {row.tobytes() for row in digits}
    moments = compute_moments(AugmentedImages(digits, 4000, noise=0.1))
    assert moments.covariance.diagonal().min() == pytest.approx(0.01, rel=0.15)
    with pytest.raises(ValueError, match=r"^X must have 784 columns"):
        AugmentedImages(np.eye(3), 10)
    with pytest.raises(ValueError, match=r"^n_samples must be"):
        AugmentedImages(digits, 0)
