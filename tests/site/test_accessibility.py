"""Every page of the built site by axe's default rules, none left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.site.conftest import dark, expect_nothing
from tests.site.pages import book_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    from tests.site.conftest import Visit

    OpenPage = Callable[..., Visit]

pytestmark = pytest.mark.browser
DESKTOP, PHONE = 1280, 390
PAGES = [*book_pages(), "search.html"]

# What is folded is part of the page too, and axe looks at what is visible only.
TURN_FOLDED = """open => {
    for (const details of document.querySelectorAll('details')) details.open = open;
    for (const button of document.querySelectorAll('.toggle .toggle-button'))
        if (button.closest('.toggle').matches('.toggle-hidden') === open) button.click();
}"""

# Observers of sizes have had their turn, and colours are no longer on their way.
PAGE_IS_AT_REST = """async () => {
    for (let frame = 0; frame < 3; frame++)
        await new Promise(requestAnimationFrame);
    const ending = document.getAnimations()
        .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(ending.map(animation => animation.finished));
}"""

# Thousands of words of code have a dozen looks between them: of those that look alike, on a ground
# of the same colour, the contrast of the first is judged. So it is with the letters of formulas.
SPARE_REPETITIONS = """() => {
    const groundOf = (element) => {
        const { backgroundColor } = getComputedStyle(element);
        const isClear = /, 0\\)$/.test(backgroundColor) && element.parentElement;
        return isClear ? groundOf(element.parentElement) : backgroundColor;
    };
    const looks = new Set();
    for (const word of document.querySelectorAll('pre span:not(:has(*)), math :not(:has(*))')) {
        const { color, fontSize, fontWeight, opacity } = getComputedStyle(word);
        const shown = word.checkVisibility() && word.textContent.trim() !== '';
        const look = [groundOf(word), color, fontSize, fontWeight, opacity, shown].join();
        word.toggleAttribute('data-spared', looks.has(look));
        looks.add(look);
    }
    axe.configure({ rules: [{ id: 'color-contrast', selector: ':not([data-spared])' }] });
}"""

# Style sheets are not preloaded: axe looks for the one that the theme imports where it is not, and
# only an experimental rule, off by default, would read them.
RUN_AXE = """async ({ parts, ...rules }) => {
    const shown = parts.filter((part) => document.querySelector(part)).map((part) => [part]);
    const options = { preload: { assets: ['media'] }, resultTypes: ['violations'], ...rules };
    const { violations } = await axe.run({ include: shown }, options);
    return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target }) => `${id} at ${target.join(' ')}: ${help}`));
}"""

# The two rules that read colours take most of the time, and do not depend on the width. What they
# may find on a phone alone is in its header, and what they may find folded alone is on a button.
COLOURS = ["color-contrast", "link-in-text-block"]
EVERYTHING: dict[str, object] = {"parts": ["html"]}
NO_COLOURS: dict[str, object] = {
    "parts": ["html"],
    "rules": {rule: {"enabled": False} for rule in COLOURS},
}
COLOURS_OF_ALL: dict[str, object] = {"parts": ["html"], "runOnly": COLOURS}
COLOURS_OF_A_PHONE: dict[str, object] = {
    "parts": ["header", ".bd-header", ".bd-header-article", ".toggle-button", "summary"],
    "runOnly": COLOURS,
}

ORPHANS = """() => {
    const orphans = [];
    for (const { firstChild, children: [formula], lastChild } of
            document.querySelectorAll('.bd-article .together')) {
        const box = formula.getBoundingClientRect();
        for (const text of [firstChild, lastChild]) {
            if (text === formula || !box.width) continue;
            const range = document.createRange();
            range.selectNodeContents(text);
            const { top, bottom } = range.getBoundingClientRect();
            if (top >= box.bottom || bottom <= box.top) orphans.push(formula.textContent);
        }
    }
    return orphans;
}"""


def violations(tab: Tab, *runs: dict[str, object], unfolded: bool = False) -> list[str]:
    """List what axe finds on a page as it is open now."""
    tab.bring_to_front()
    tab.evaluate(TURN_FOLDED, unfolded)
    tab.evaluate(PAGE_IS_AT_REST)
    tab.evaluate(AXE_SCRIPT)
    tab.evaluate(SPARE_REPETITIONS)
    found: list[str] = [fault for run in runs for fault in tab.evaluate(RUN_AXE, run)]
    tab.evaluate(TURN_FOLDED, False)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(visit: OpenPage, page: str) -> None:
    assert violations(visit(page).tab, EVERYTHING, unfolded=True) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_colour_of_the_dark_can_be_seen(visit: OpenPage, page: str) -> None:
    tab = visit(page).tab
    with dark(tab):
        assert violations(tab, COLOURS_OF_ALL, unfolded=True) == []


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_on_a_phone(visit: OpenPage, page: str) -> None:
    assert violations(visit(page, width=PHONE).tab, NO_COLOURS, COLOURS_OF_A_PHONE) == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_axe_finds_nothing_where_it_is_dark_from_the_start(visit: OpenPage, width: int) -> None:
    assert violations(visit("book/index.html", width=width, scheme="dark").tab, EVERYTHING) == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("page", book_pages())
def test_punctuation_stays_with_its_formula(visit: OpenPage, page: str, width: int) -> None:
    expect_nothing(visit(page, width=width).tab, ORPHANS)
