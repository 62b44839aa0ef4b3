"""What follows from a change, in Python and on a page without it: the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from lae_helpers import synthetic_data
from lae_helpers.explorer.problems import PRESETS
from lae_helpers.widgets.explorer import Explorer

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

    Mount = Callable[..., Tab]

pytestmark = pytest.mark.browser

SMALL = synthetic_data([7.0, 5.0, 3.0, 2.0], 10)
SETTINGS = ("problem", "regularizer", "lam", "n_components", "seed", "start_size", "learning_rate")
ODD: dict[str, Any] = {
    "regularizer": "product",
    "lam": 0.7,
    "n_components": 2,
    "start_size": 0.5,
    "learning_rate": 0.03,
}
# Choose problems by the list, and after each read the state off the link that the page copies.
WALK_THROUGH = """async (names) => {
    const live = document.querySelector(".lae-explorer");
    const select = [...live.querySelectorAll("select")].find((one) =>
        [...one.options].some((option) => option.value === "k = n"));
    const link = [...live.querySelectorAll("button")].find((b) => b.textContent === "Copy link");
    const states = [];
    for (const name of names) {
        select.value = name;
        select.dispatchEvent(new Event("change", { bubbles: true }));
        link.click();
        const [, text] = live.querySelector("textarea").value.split("#explorer=");
        states.push(JSON.parse(decodeURIComponent(text)));
    }
    return states;
}"""


def test_a_change_of_problem_brings_the_same_settings_in_python_and_on_the_page(
    mount: Mount,
) -> None:
    names = [*PRESETS]
    order = [name for preset in np.random.default_rng(0).permutation(names).tolist()
             for name in (preset, "data", preset)]  # fmt: skip
    explorer = Explorer(SMALL, **ODD)
    tab = mount(explorer)
    tab.locator(".lae-explorer textarea").wait_for(state="attached")
    seen = set()
    for name, state in zip(order, tab.evaluate(WALK_THROUGH, order), strict=True):
        explorer.problem = name
        mine = {setting: getattr(explorer, setting) for setting in SETTINGS}
        assert mine == {setting: state[setting] for setting in SETTINGS}, name
        assert state["walk"] == explorer.walk == []
        seen.add(json.dumps(mine))
    assert len(seen) > len(PRESETS)
