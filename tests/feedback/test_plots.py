"""Pictures of runs."""

from __future__ import annotations

import pytest

from lae_helpers.feedback.plots import plot_runs
from lae_helpers.feedback.rules import (
    Backprop,
    FeedbackAlignment,
)
from tests.feedback.small import train


def test_pictures_of_runs_say_their_numbers() -> None:
    runs = {"a": train(Backprop()), "b": train(FeedbackAlignment())}
    last = runs["b"].weight_angles[-1].mean(axis=0)
    picture = plot_runs(runs, "weight_angles", alt="Two rules")
    for layer, angle_at_end in zip((2, 3), last, strict=True):
        assert f"layer {layer}: a " in picture.alt
        assert f"to {angle_at_end:.3g}." in picture.alt
    assert "Two rules." in picture.alt
    accuracy = plot_runs({"b": runs["b"]}, "accuracies").alt
    assert f"to {100 * runs['b'].accuracies[-1].mean():.3g}." in accuracy
    with pytest.raises(ValueError, match="quantity must be one of"):
        plot_runs(runs, "speed")
    with pytest.raises(ValueError, match="the same widths"):
        plot_runs({}, "gains")
