"""Sentences that set a figure and follow its numbers; links that name a figure by its label."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lae_helpers import synthetic_data
from lae_helpers.widgets import Explorer, SpectrumFigure, TransposeFigure

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    Mount = Callable[..., Tab]

pytestmark = pytest.mark.browser

SMALL = synthetic_data([7.0, 5.0, 3.0, 2.0], 10)
LABELS = ("fig-first", "fig-second")
PROSE = """<p>Turn <a href="#fig-second" data-set='{"price": true, "shows": "directions"}'>the price
on</a>: the pairs differ by <span data-follows="fig-second" data-number="gap">much</span>, there by
<span data-follows="fig-first" data-number="gap">more</span>.
<a href="#fig-third" data-set='{"price": true}'>Nowhere</a>.
<a href="#fig-groups-explorer">The explorer</a>.</p>"""


def two_figures() -> list[TransposeFigure]:
    return [TransposeFigure(SMALL, n_components=2, playing=False) for _ in LABELS]


def explorer_link(**state: Any) -> str:  # noqa: ANN401 - what a fragment holds
    walk = [["sum", 0.3, 0.01, 25]]
    settings = {
        "problem": "k = n", "regularizer": "sum", "lam": 0.3, "n_components": 4, "seed": 0,
        "learning_rate": 0, "walk": walk, **state,
    }  # fmt: skip
    return "#explorer=" + quote(json.dumps(settings))


def test_a_sentence_sets_its_figure_and_no_other_by_keyboard_too(mount: Mount) -> None:
    tab = mount(*two_figures(), labels=LABELS, prose=PROSE)
    link = tab.get_by_role("link", name="the price on")
    expect(link).to_have_attribute("title", "Sets the figure")
    expect(tab.get_by_role("link", name="Nowhere")).not_to_have_class("acts")
    first, second = (tab.get_by_role("switch").nth(i) for i in range(2))
    link.press("Enter")
    expect(second).to_be_checked()
    expect(first).not_to_be_checked()
    expect(tab.get_by_role("radio", name="singular vectors").nth(1)).to_be_checked()
    assert tab.evaluate("location.hash") == ""
    second.uncheck()
    link.click()
    expect(second).to_be_checked()
    expect(tab.locator(".lae-live").nth(1)).to_be_in_viewport()
    tab.get_by_role("link", name="Nowhere").click()
    expect(tab).to_have_url(re.compile("#fig-third$"))
    assert Axe().run(tab, context="main > p").violations_count == 0


def test_numbers_in_sentences_follow_their_own_figure(mount: Mount) -> None:
    tab = mount(*two_figures(), labels=LABELS, prose=PROSE)
    first, second = (tab.locator(f"[data-follows={label}]") for label in LABELS)
    gap = tab.locator(".lae-difference .lae-heading strong").first.inner_text()
    expect(first).to_have_text(gap.removeprefix(": ").removesuffix(" of W₂"))
    before = first.inner_text()
    tab.get_by_role("switch").nth(1).press("Space")  # plays
    expect(second).not_to_have_text(before)
    expect(first).to_have_text(before)


def test_without_javascript_sentences_are_sentences(mount: Mount) -> None:
    figures = two_figures()
    tab = mount(
        *figures, labels=LABELS, prose=PROSE, context_options={"java_script_enabled": False}
    )
    expect(tab.locator("p").first).to_contain_text("the pairs differ by much, there by more")
    expect(tab.get_by_role("link", name="the price on")).to_have_attribute("href", "#fig-second")


def test_a_link_names_its_figure_by_label_and_older_ones_by_place(mount: Mount) -> None:
    said = "After 25 steps"
    for figure in ("fig-second", 1):
        tab = mount(
            Explorer(SMALL), Explorer(SMALL),
            labels=LABELS, fragment=explorer_link(figure=figure),
        )  # fmt: skip
        expect(tab.locator(".lae-sentence").nth(1)).to_contain_text(said)
        expect(tab.locator(".lae-sentence").nth(0)).to_contain_text("Starting weights")
    # The place of another figure, a figure that is gone: the first explorer takes it.
    for figure in (0, 7, "fig-gone"):
        tab = mount(
            SpectrumFigure([3.0, 1.0]), Explorer(SMALL),
            labels=LABELS, fragment=explorer_link(figure=figure),
        )  # fmt: skip
        explorer = tab.locator(".lae-explorer .lae-sentence")
        expect(explorer).to_contain_text(said)
        expect(tab.locator(".lost-link")).to_have_count(0)


def test_a_link_that_finds_no_explorer_says_so(mount: Mount) -> None:
    fragment = explorer_link(figure=0)
    tab = mount(*two_figures(), labels=LABELS, prose=PROSE, fragment=fragment)
    note = tab.get_by_role("alert")
    expect(note).to_contain_text("holds a state of the explorer, which is not on this page")
    expect(note).to_be_in_viewport()
    target = note.get_by_role("link").get_attribute("href")
    assert target is not None
    assert target.endswith(fragment)
    tab.evaluate("location.hash = ''")
    expect(note).to_have_count(0)
    assert tab.locator("main").inner_text()  # still a page
    expect(mount(prose="<p>Words</p>", fragment=fragment).get_by_role("alert")).to_be_visible()
