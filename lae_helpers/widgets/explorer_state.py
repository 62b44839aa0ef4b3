"""The explorer's state: what Python and its front end share, and what follows from a change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, SupportsIndex

import traitlets

from lae_helpers._checks import ArrayLike, check_choice, check_count
from lae_helpers.explorer.front_end_state import (
    check_walk,
    collect_problems,
    describe_problem,
    preset_settings,
)
from lae_helpers.explorer.problems import Problem
from lae_helpers.explorer.random import LARGEST_SEED
from lae_helpers.regularizers import REGULARIZERS
from lae_helpers.widgets import limits
from lae_helpers.widgets.checks import Count, Number, list_limits, trait_errors
from lae_helpers.widgets.own_data import TakesOwnData
from lae_helpers.widgets.quantization import quantize


def _read_buffer(buffer: memoryview, _explorer: object) -> bytes:
    """Return what a front end sends as binary, which arrives as a memory view."""
    return bytes(buffer)


class ExplorerState(TakesOwnData):
    """The traits of `Explorer`, checked, and in step with each other.

    Parameters
    ----------
    X : array_like, torch.Tensor or data frame, shape (n_samples, n_features), optional
    image_shape, feature_names
        See `Explorer`.
    **settings
        Starting values of the traits.
    """

    problem = traitlets.Unicode("digits").tag(sync=True)
    regularizer = traitlets.Enum(list(REGULARIZERS), "none").tag(sync=True)
    lam = Number(0.3, min=limits.LEAST_LAM, max=limits.MOST_LAM).tag(sync=True)
    n_components = Count(8, min=1, max=limits.MOST_COMPONENTS).tag(sync=True)
    seed = Count(0, min=0, max=LARGEST_SEED).tag(sync=True)
    start_size = Number(1.0, min=limits.LEAST_START, max=limits.MOST_START).tag(sync=True)
    learning_rate = Number(0.0, min=0.0, max=limits.MOST_RATE).tag(sync=True)
    speed = Count(10, min=1, max=limits.SPEEDS[-1]).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    walk: traitlets.List[Any] = traitlets.List().tag(sync=True)

    _problems = traitlets.Dict().tag(sync=True)
    _basis = traitlets.Bytes().tag(sync=True)
    _basis_scales = traitlets.Bytes().tag(sync=True)
    _limits = traitlets.Dict({
        **list_limits(lam=lam, n_components=n_components, seed=seed, start_size=start_size,
                      learning_rate=learning_rate),
        "speeds": list(limits.SPEEDS),
    }).tag(sync=True)  # fmt: skip
    _encoder = traitlets.Bytes().tag(sync=True, from_json=_read_buffer)
    _decoder = traitlets.Bytes().tag(sync=True, from_json=_read_buffer)
    _request: traitlets.List[Any] = traitlets.List(["", 0]).tag(sync=True)

    _reported = False

    def __init__(
        self,
        X: ArrayLike | None,
        image_shape: Sequence[SupportsIndex] | None,
        feature_names: Sequence[object] | None,
        **settings: object,
    ) -> None:
        self._by_name = collect_problems(X, image_shape, feature_names)
        own = next(iter(self._by_name))
        integers, scales = quantize(self._by_name[own].basis, axis=0)
        super().__init__(
            _problems={name: describe_problem(name, p) for name, p in self._by_name.items()},
            _basis=integers.T.tobytes(),
            _basis_scales=scales.tobytes(),
            **{
                "problem": own,
                "n_components": min(8, self._by_name[own].most_components),
                **preset_settings(str(settings.get("problem", own))),
                **settings,
            },
        )
        self.observe(self._take_settings, names="problem")
        self.observe(self._begin_afresh, names=["n_components", "seed", "start_size"])
        self.observe(self._forget_weights, names="walk")

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a front end reports: weights and walk belong together then."""
        self._reported = True
        try:
            super().set_state(sync_data)
        finally:
            self._reported = False

    @property
    def _here(self) -> Problem:
        return self._by_name[self.problem]

    @traitlets.validate("problem")
    def _check_problem(self, proposal: dict[str, Any]) -> str:
        with trait_errors():
            return check_choice("problem", proposal["value"], self._by_name)

    @traitlets.validate("n_components")
    def _check_components(self, proposal: dict[str, Any]) -> int:
        with trait_errors():
            problem = check_choice("problem", self.problem, self._by_name)
            most, why = self._by_name[problem].most_components, f" for the problem {problem!r}"
            return check_count("n_components", proposal["value"], at_most=most, why=why)

    @traitlets.validate("walk")
    def _check_walk(self, proposal: dict[str, Any]) -> list[list[Any]]:
        with trait_errors():
            return check_walk(proposal["value"])

    def _take_settings(self, change: dict[str, Any]) -> None:
        if self._reported:
            return
        self.playing = False
        # As the front end has it: a rate of one's own was for another problem.
        fitting = {
            "n_components": min(self.n_components, self._here.most_components),
            "learning_rate": 0.0,
        }
        for name, value in (fitting | preset_settings(change["new"])).items():
            self.set_trait(name, value)
        self._begin_afresh()

    def _begin_afresh(self, _change: object = None) -> None:
        if not self._reported:
            self.walk = []
            self._forget_weights()

    def _forget_weights(self, _change: object = None) -> None:
        """Let the weights be those at the end of the walk, until a front end reports others."""
        if not self._reported:
            self._encoder = self._decoder = b""
