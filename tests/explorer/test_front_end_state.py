"""What the explorer's traits hold: problems, presets, and walks that are checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lae_helpers.explorer.front_end_state import (
    check_walk,
    count_steps,
    describe_problem,
    preset_settings,
)
from lae_helpers.explorer.problems import PRESETS, digits_problem


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_described_whole(name: str) -> None:
    problem, said = PRESETS[name].problem, describe_problem(name, PRESETS[name].problem)
    assert said["spectrum"] == problem.spectrum.tolist()
    basis = np.reshape(said["basis"], (problem.n_coordinates, -1)).T
    np.testing.assert_array_equal(basis, problem.basis)
    reference = said["reference"]
    if reference is None:
        reference = np.eye(*problem.reference.shape)
    found = np.reshape(reference, problem.reference.shape)
    np.testing.assert_allclose(found, problem.reference, atol=1e-10)
    assert said["preset"] == preset_settings(name) | {"reason": PRESETS[name].reason}
    assert (said["saddle"] is None) == (problem.start == "random")


def test_data_of_the_readers_bring_no_basis_and_no_settings() -> None:
    problem = digits_problem(np.random.default_rng(0).standard_normal((20, 4)))
    said = describe_problem("data", problem)
    assert said["basis"] is said["preset"] is said["reference"] is said["saddle"] is None
    assert preset_settings("data") == {}


def test_steps_are_counted_without_the_acts() -> None:
    assert count_steps([["sum", 0.3, 0.1, 20], ["O(k)", 5], ["none", 0.3, 0.1, 7]]) == 27


def test_a_walk_is_returned_as_lists() -> None:
    walk = [("sum", 0.3, 0.1, 20), ("O(k)", 5)]
    assert check_walk(walk) == [["sum", 0.3, 0.1, 20], ["O(k)", 5]]


@pytest.mark.parametrize(
    ("entry", "kind", "complaint"),
    [
        ("sum", ValueError, r"walk\[1\] must be"),
        (["sum", 0.3, 0.1], ValueError, r"walk\[1\] must be"),
        (["ridge", 0.3, 0.1, 5], ValueError, r"the regularizer of walk\[1\]"),
        (["sum", 0.0, 0.1, 5], ValueError, r"the lam of walk\[1\]"),
        (["sum", 0.3, 0.0, 5], ValueError, r"the learning_rate of walk\[1\]"),
        (["sum", 0.3, 0.1, 0.5], TypeError, r"the steps of walk\[1\]"),
        (["SO(k)", 5], ValueError, r"the group of walk\[1\]"),
        (["O(k)", 2**32], ValueError, r"the seed of walk\[1\]"),
    ],
)
def test_an_entry_that_is_none_is_named(entry: Any, kind: type[Exception], complaint: str) -> None:  # noqa: ANN401
    with pytest.raises(kind, match=complaint):
        check_walk([["O(k)", 1], entry])
