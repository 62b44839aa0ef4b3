"""Small cases for the tests of this room: every rule, few images, short trainings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lae_helpers.feedback.base import FeedbackRule
from lae_helpers.feedback.data import LabelledImages
from lae_helpers.feedback.rules import RULES as KINDS
from lae_helpers.feedback.runs import Runs
from lae_helpers.feedback.training import train_with_feedback

RULES = [kind() for kind in KINDS]
ids = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def make_images(n: int = 120, n_features: int = 12, seed: int = 0) -> LabelledImages:
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((10, n_features))
    labels = np.arange(n) % 10
    X = centres[labels] + 0.3 * rng.standard_normal((n, n_features))
    return LabelledImages(X, labels, X[::3], labels[::3])


def train(rule: FeedbackRule, **changes: Any) -> Runs:  # noqa: ANN401 - any argument of it
    settings = {"seeds": (0, 1), "epochs": 3, "batch_size": 10, "learning_rate": 0.2}
    return train_with_feedback(rule, make_images(), (24, 16), **{**settings, **changes})
