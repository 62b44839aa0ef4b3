"""Exact minimisation in turn, read and counted."""

from __future__ import annotations

import numpy as np
import pytest

from lae_helpers import LinearAutoencoder, SumL2, fit_pca, synthetic_data
from lae_helpers.benchmark.iterations import count_iterations, watch_iterations, worst_sine
from lae_helpers.moments import compute_moments

X = synthetic_data([5.0, 4.0, 3.0, 2.5, 2.0], 30) + 3.0


def test_watching_reads_before_and_after_every_iteration() -> None:
    model = LinearAutoencoder(5, 2)
    start = model.decoder.weight.detach().clone()
    weights = watch_iterations(
        model, X, SumL2(0.1), lambda: model.decoder.weight.detach().clone(), iterations=4, tied=True
    )
    assert len(weights) == 5
    assert (weights[0] == start).all()
    assert (weights[-1] == model.decoder.weight).all()


def test_sine_of_the_worst_angle() -> None:
    turn = 1e-3
    turned = [[np.cos(turn), 0.0], [np.sin(turn), 0.0], [0.0, 1.0]]
    true = np.eye(3)[:, [0, 2]]
    np.testing.assert_allclose(worst_sine(turned, true), np.sin(turn), rtol=1e-6)
    assert worst_sine(true, true) == 1e-7


@pytest.mark.parametrize("width", [2, 3])
def test_counting_stops_at_the_goal(width: int) -> None:
    moments, truth = compute_moments(X), fit_pca(X, 2).directions
    model = LinearAutoencoder(5, width)
    count = count_iterations(model, moments, truth)
    assert 2 < count < 60
    again = LinearAutoencoder(5, width)
    with pytest.raises(ValueError, match="goal must be within reach"):
        count_iterations(again, moments, truth, at_most=count - 1)


def test_labels_need_more_iterations_than_ritz_vectors() -> None:
    moments, truth = compute_moments(X), fit_pca(X, 3).directions
    by_ritz, by_labels = (
        count_iterations(
            LinearAutoencoder(5, 3), moments, truth, SumL2(0.01), tied=True, by_ritz=by_ritz
        )
        for by_ritz in (True, False)
    )
    assert by_labels > 2 * by_ritz
