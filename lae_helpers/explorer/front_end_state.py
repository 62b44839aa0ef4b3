"""The explorer's problems and presets as its front end reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, SupportsIndex

import numpy as np

from lae_helpers._checks import (
    ArrayLike,
    check_choice,
    check_count,
    check_positive,
)
from lae_helpers._layouts import find_layout, lay_out
from lae_helpers.explorer.problems import (
    PRESETS,
    SADDLE_LAM,
    SADDLE_NOISE,
    Problem,
    digits_problem,
)
from lae_helpers.explorer.random import GROUP_DRAWS, LARGEST_SEED
from lae_helpers.explorer.replay import DIGITS, find_problem
from lae_helpers.regularizers import REGULARIZERS, SPREAD


def collect_problems(
    X: ArrayLike | None,
    image_shape: Sequence[SupportsIndex] | None = None,
    feature_names: Sequence[object] | None = None,
) -> dict[str, Problem]:
    """Return by their names what the explorer can learn: first the data, then the presets.

    Parameters
    ----------
    X : array_like, torch.Tensor, data frame or None
        Called "data"; the bundled digits, "digits", if None.
    image_shape, feature_names
        As of ``lay_out``.

    Returns
    -------
    dict of str to Problem

    Raises
    ------
    TypeError, ValueError
        If the data are none, do not vary, or are not drawn so.
    """
    if X is None:
        if image_shape is not None or feature_names is not None:
            raise ValueError("image_shape and feature_names must come with an X of your own")
        own = {DIGITS: find_problem(DIGITS)}
    else:
        own = {"data": digits_problem(*lay_out(X, image_shape, feature_names))}
    return own | {name: preset.problem for name, preset in PRESETS.items()}


def describe_problem(name: str, problem: Problem) -> dict[str, Any]:
    """Return a problem as the front end's traits hold it, matrices row by row.

    The basis of the reader's data is not among it: the explorer sends that one in eight bits. The
    reference is None where the principal directions are the axes, the saddle's strength and noise
    where the start is none; the spread is that of the strengths of the non-uniform sum.

    Parameters
    ----------
    name : str
        Of the problem: that of a preset brings its settings and its reason.
    problem : Problem
    """
    n_coordinates, n_directions = problem.reference.shape
    on_axes = np.allclose(problem.reference, np.eye(n_coordinates, n_directions), atol=1e-10)
    preset = PRESETS.get(name)
    return {
        "spectrum": problem.spectrum.tolist(),
        "rest": problem.rest,
        "reference": None if on_axes else problem.reference.ravel().tolist(),
        "variances": problem.variances.tolist(),
        "saddle": [SADDLE_LAM, SADDLE_NOISE] if problem.start == "saddle" else None,
        "spread": list(SPREAD),
        "basis": problem.basis.T.ravel().tolist() if preset else None,
        "layout": (problem.layout or find_layout(len(problem.basis))).describe(),
        "preset": preset and {**preset_settings(name), "reason": preset.reason},
    }


def preset_settings(name: str) -> dict[str, Any]:
    """Return the settings that a preset brings along; none for data of the reader's."""
    preset = PRESETS.get(name)
    if preset is None:
        return {}
    return {
        "regularizer": preset.regularizer,
        "lam": preset.lam,
        "n_components": preset.n_components,
        "start_size": 1.0,
        "learning_rate": preset.learning_rate,
    }


def count_steps(walk: Sequence[Sequence[Any]]) -> int:
    """Return how many steps of descent a walk holds."""
    return sum(entry[3] for entry in walk if len(entry) == 4)


def check_walk(walk: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Return a walk as lists, checked; see `replay` for what it may hold.

    Raises
    ------
    TypeError, ValueError
        If an entry is none; the message says which.
    """
    return [_check_entry(f"walk[{index}]", entry) for index, entry in enumerate(walk)]


def _check_entry(name: str, entry: Sequence[Any]) -> list[Any]:
    if not isinstance(entry, list | tuple) or len(entry) not in {2, 4}:
        raise ValueError(
            f"{name} must be (regularizer, lam, learning_rate, steps) or (group, seed), "
            f"but it is {entry!r}"
        )
    if len(entry) == 2:
        group, seed = entry
        check_choice(f"the group of {name}", group, GROUP_DRAWS)
        return [group, check_count(f"the seed of {name}", seed, at_least=0, at_most=LARGEST_SEED)]
    regularizer, lam, rate, steps = entry
    return [
        check_choice(f"the regularizer of {name}", regularizer, REGULARIZERS),
        check_positive(f"the lam of {name}", lam),
        check_positive(f"the learning_rate of {name}", rate),
        check_count(f"the steps of {name}", steps),
    ]
