"""The tables of chapter 8 say what is in the record."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lae_helpers.feedback.records import Trial
from lae_helpers.feedback.report import (
    best_by_step,
    points_behind,
    tabulate_settings,
    tabulate_standings,
    tabulate_ways_back,
)
from lae_helpers.feedback.rules import Backprop, FeedbackAlignment, InformationAlignment
from lae_helpers.feedback.runs import Runs

RUN = Runs(
    rule=Backprop(), widths=(3, 4, 4, 2), seeds=(0, 1), epochs=1, learning_rate=0.1, batch_size=5,
    accuracies=np.array([[0.1, 0.2], [0.9, 0.94]]),
    weight_angles=np.zeros((2, 2, 2)),
    gains=np.ones((2, 2, 2)),
    error_angles=np.zeros((2, 2, 2)),
    networks=(),
)  # fmt: skip
TURNED = np.array([[[90.0, 90.0]] * 2, [[10.0, 30.0], [14.0, 34.0]]])
FIXED = replace(
    RUN,
    accuracies=np.array([[0.1, 0.2], [0.85, 0.92]]),
    weight_angles=TURNED,
    error_angles=TURNED / 2,
    gains=TURNED / 10,
)
RUNS = {"backprop": RUN, "fixed": FIXED}


def test_what_a_rule_is_behind_is_counted_seed_by_seed() -> None:
    np.testing.assert_allclose(points_behind(RUNS, "fixed"), [5, 2])
    assert list(tabulate_standings(RUNS).rows) == [
        ("backprop", "92.0 ± 2.8", "–", "–"),
        ("fixed", "88.5 ± 4.9", "3.5 ± 2.1", "5.0"),
    ]


def test_the_ways_back_are_told_by_their_last_record() -> None:
    assert list(tabulate_ways_back(RUNS).rows) == [
        ("backprop", "0°", "0°", "1.00"),
        ("fixed", "12°\u00a0to\u00a032°", "6°", "1.20\u00a0to\u00a03.20"),
    ]


def test_settings_are_told_with_those_that_failed() -> None:
    def trial(step: float, epochs: int, *accuracies: float, length: float = 1.0) -> Trial:
        return Trial(FeedbackAlignment(length=length), step, epochs, np.array(accuracies))

    tried = [trial(0.1, 10, 0.5, 0.7), trial(0.2, 10, 0.9, 0.0), trial(0.1, 10, 0.8, 0.8, length=2)]
    tried += [trial(0.1, 20, 0.8), trial(0.1, 20, 0.9, length=2)]
    aligned = Trial(InformationAlignment(rate=0.3, alpha=4), 0.4, 10, np.array([0.9]))
    steps, best = best_by_step(tried)
    np.testing.assert_allclose(steps, [0.1, 0.2])
    np.testing.assert_allclose(best, [80, 45])
    assert list(tabulate_settings({"two": {"fixed": tried, "aligned": [aligned]}}).rows) == [
        ("fixed", "step 0.1, length 2 (1 of 3 fail)"),
        ("aligned", "step 0.4, rate 0.3, α 4 (0 of 1 fail)"),
    ]
