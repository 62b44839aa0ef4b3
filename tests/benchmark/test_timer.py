"""The timer stands still while it judges, and remembers when the covariance was there."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from lae_helpers import (
    axis_alignment,
    fit_pca,
    synthetic_data,
)
from lae_helpers.benchmark.timer import ConvergenceTimer

K = 3
X = synthetic_data(10 * np.sqrt([8.0, 5.0, 3.0, 1.0, 0.5, 0.2, 0.1, 0.05]), 100) + 2.0
TRUTH = fit_pca(X, K).directions


def test_the_timer_stands_still_while_it_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    now = itertools.count()
    timer = ConvergenceTimer(TRUTH, 0.9, clock=lambda: float(next(now)))

    def judge(*columns: Any) -> Any:  # noqa: ANN401 - passed on
        for _ in range(100):
            next(now)
        return axis_alignment(*columns)

    monkeypatch.setattr("lae_helpers.benchmark.timer.axis_alignment", judge)
    assert timer.measure(lambda: TRUTH, passes=1)
    assert not timer.measure(lambda: TRUTH[:, ::-1], passes=2, steps=7)
    first, second = timer.measurements
    assert (first.seconds, second.seconds) == (2, 3)  # one until it pauses, one to read
    assert (first.passes, second.passes, second.steps) == (1, 2, 7)
    timer.restart()
    timer.measure(lambda: TRUTH, passes=1)
    assert timer.measurements[-1].seconds == 2


def test_the_timer_notes_the_covariance() -> None:
    now = itertools.count()
    timer = ConvergenceTimer(TRUTH, clock=lambda: float(next(now)))
    timer.note_covariance()
    timer.measure(lambda: TRUTH, passes=1)
    assert timer.covariance == 1
    assert timer.measurements[0].seconds == 3  # noting does not stop the time
