"""Feedback rules against their formulas and their fixed points."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from lae_helpers.feedback.base import FeedbackRule, Synapses
from lae_helpers.feedback.rules import (
    InformationAlignment,
    KolenPollack,
    SymmetricAlignment,
    WeightMirror,
)
from tests.feedback.small import RULES, ids


def draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def make_synapses(n_samples: int = 7, *, noise: Tensor | None = None) -> Synapses:
    return Synapses(
        W=draw(2, 3, 5, seed=1),
        activity=draw(2, n_samples, 5, seed=2),
        error=draw(2, n_samples, 3, seed=3),
        noise=draw(2, n_samples, 5, seed=4) if noise is None else noise,
        learning_rate=0.2,
        annealing=0.5,
    )


def test_every_rule_takes_the_step_of_its_formula() -> None:
    at, B = make_synapses(), draw(2, 5, 3, seed=5)
    expected: dict[str, list[Tensor]] = {rule.name: [] for rule in RULES}
    for W, a, e, x, b in zip(at.W, at.activity, at.error, at.noise, B, strict=True):
        xy, yy, ae = (
            sum(torch.outer(u, v) for u, v in zip(us, vs, strict=True)) / len(us)
            for us, vs in [(x, x @ W.T), (x @ W.T, x @ W.T), (a, e)]
        )
        expected["backprop"].append(W.T)
        expected["feedback alignment"].append(b)
        expected["Kolen–Pollack"].append(b - 0.2 * (ae + 1e-3 * b))
        expected["weight mirror"].append(b + 0.025 * (xy - b))
        expected["information alignment"].append(b + 0.025 * (1.25 * xy - 0.1 * b @ yy - b))
        expected["symmetric alignment"].append(b + 0.3 * (W.T - b))
    for rule in RULES:
        torch.testing.assert_close(rule.update(B, at), torch.stack(expected[rule.name]))


@ids
def test_a_fixed_point_is_where_the_mean_step_vanishes(rule: FeedbackRule) -> None:
    # Samples whose second moments are exactly S: the step on them is the mean step.
    samples = draw(40, 5, seed=6) @ draw(5, 5, seed=7)
    S = samples.T @ samples / 40
    at = make_synapses(40, noise=samples.expand(2, -1, -1))
    rest = rule.fixed_point(at.W, S)
    if rest is None:
        assert rule.name in {"feedback alignment", "Kolen–Pollack"}
    else:
        torch.testing.assert_close(rule.update(rest, at), rest)
        assert (rule.update(rest + 0.1, at) - rest - 0.1).norm() > 1e-3 or rule.name == "backprop"


@ids
def test_only_the_rules_that_are_not_local_feel_weights_of_silent_neurons(
    rule: FeedbackRule,
) -> None:
    silence, B = torch.zeros(2, 7, 5, dtype=torch.float64), draw(2, 5, 3, seed=5)
    at = make_synapses(noise=silence)
    heavier = Synapses(at.W + 1.0, at.activity, at.error, silence, 0.2, 0.5)
    unmoved = torch.equal(rule.update(B, at), rule.update(B, heavier))
    assert unmoved == rule.is_local


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: WeightMirror(rate=-1.0), "rate must be finite and at least zero"),
        (lambda: WeightMirror(decay=math.nan), "decay"),
        (lambda: InformationAlignment(beta=math.inf), "beta"),
        (lambda: KolenPollack(weight_decay=-1e-3), "weight_decay"),
        (lambda: SymmetricAlignment(rate="fast"), "rate"),  # type: ignore[arg-type]
    ],
)
def test_bad_coefficients_are_named(make: Any, complaint: str) -> None:  # noqa: ANN401
    with pytest.raises((TypeError, ValueError), match=complaint):
        make()
