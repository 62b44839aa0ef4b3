"""A rule keeps its colour and its dash in the live figures too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from lae_helpers.feedback.looks import look_of
from lae_helpers.feedback.records import load_recording
from lae_helpers.widgets import FeedbackFigure

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

NETWORK = "4 hidden layers"


@pytest.mark.browser
def test_the_live_figure_draws_with_the_looks(mount: Callable[..., Tab]) -> None:
    tab = mount(FeedbackFigure(load_recording().runs, network=NETWORK))
    keys = tab.locator(".lae-feedback .lae-key")
    expect(keys).to_have_count(len(load_recording().runs[NETWORK]))
    found = keys.evaluate_all(
        """keys => keys.map((key) => {
            const path = key.querySelector("path");
            return [key.textContent, path.getAttribute("stroke"),
                (path.getAttribute("stroke-dasharray") ?? "").split(" ").map(Number)];
        })"""
    )
    needles = tab.locator(".lae-compass").first.locator("path[stroke-width]")
    strokes = needles.evaluate_all("all => all.map((needle) => needle.getAttribute('stroke'))")
    for (label, stroke, dash), needle in zip(found, strokes, strict=True):
        look = look_of(label)
        assert look is not None
        assert stroke == needle == f"var(--lae-{look.colour})"
        assert tuple(part / 2 for part in dash if part) == look.dash
