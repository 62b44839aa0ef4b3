"""Solvers side by side: the median of runs that take turns, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lae_helpers import (
    fit_pca,
    synthetic_data,
)
from lae_helpers._checks import FloatArray
from lae_helpers.benchmark.comparison import compare_solvers, run_solver
from lae_helpers.benchmark.solvers import Solver
from lae_helpers.benchmark.timer import ConvergenceTimer, SolverSettings

K = 3
X = synthetic_data(10 * np.sqrt([8.0, 5.0, 3.0, 1.0, 0.5, 0.2, 0.1, 0.05]), 100) + 2.0
TRUTH = fit_pca(X, K).directions


class Steps:
    """A clock that a solver moves by as much as its turn says."""

    def __init__(self, turns: list[float]) -> None:
        self.now, self.turns = 0.0, iter(turns)

    def __call__(self) -> float:
        return self.now

    def run(
        self, X: FloatArray, _k: int, timer: ConvergenceTimer, _settings: SolverSettings
    ) -> None:
        self.now += next(self.turns)
        timer.measure(lambda: np.eye(X.shape[1])[:, :K], passes=1)


@pytest.mark.parametrize("turns", [[3.0, 1.0, 7.0], [7.0, 3.0, 1.0], [5.0, 1.0, 3.0, 9.0]])
def test_the_comparison_keeps_the_median(
    monkeypatch: pytest.MonkeyPatch, turns: list[float]
) -> None:
    clock = Steps(turns)
    monkeypatch.setattr(
        "lae_helpers.benchmark.comparison.SOLVERS", {"one": Solver("exact", "", clock.run)}
    )
    trajectories = compare_solvers(X, K, repeats=len(turns), clock=clock)
    assert list(trajectories) == ["one"]
    assert trajectories["one"].last.seconds == 3.0


def test_repeated_runs_are_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def solver(name: str) -> Solver:
        def run(
            _X: FloatArray, _k: int, timer: ConvergenceTimer, _settings: SolverSettings
        ) -> None:
            seen.append(name)
            timer.measure(lambda: TRUTH, passes=1)

        return Solver("exact", "", run)

    monkeypatch.setattr(
        "lae_helpers.benchmark.comparison.SOLVERS", {name: solver(name) for name in "ab"}
    )
    compare_solvers(X, K, "ba", repeats=2)
    assert seen == list("baba")


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [({"name": "magic"}, ValueError, "^name must be one of"), ({"k": 8}, ValueError, "^k must be"),
     ({"k": 1.5}, TypeError, "^k must be"), ({"goal": -1}, ValueError, "^goal must be"),
     ({"X": X[0]}, ValueError, "^X must be"), ({"reference": TRUTH[1:]}, ValueError, "^reference")],
)  # fmt: skip
def test_bad_arguments(change: dict[str, Any], kind: type[Exception], message: str) -> None:
    options: dict[str, Any] = {"name": "numpy.linalg.svd", "X": X, "k": K} | change
    with pytest.raises(kind, match=message):
        run_solver(**options)
