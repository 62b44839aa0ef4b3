"""Every page of the built site by axe's default rules, none left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.site.pages import book_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    from tests.site.conftest import Visit

    OpenPage = Callable[..., Visit]

pytestmark = pytest.mark.browser
DESKTOP, PHONE = 1280, 390

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

# Style sheets are not preloaded: axe looks for the one that the theme imports where it is not, and
# only an experimental rule, off by default, would read them.
RUN_AXE = """async () => {
    const options = { preload: { assets: ['media'] }, resultTypes: ['violations'] };
    const { violations } = await axe.run(options);
    return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target }) => `${id} at ${target.join(' ')}: ${help}`));
}"""

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


def violations(tab: Tab) -> list[str]:
    """List what axe finds on a page as it is open now."""
    tab.evaluate(PAGE_IS_AT_REST)
    tab.evaluate(AXE_SCRIPT)
    found: list[str] = tab.evaluate(RUN_AXE)
    return found


@pytest.mark.parametrize(
    ("width", "scheme", "unfolded"),
    [
        pytest.param(DESKTOP, "light", False, id="wide-light-folded"),
        pytest.param(DESKTOP, "dark", True, id="wide-dark-unfolded"),
        pytest.param(PHONE, "light", True, id="phone-light-unfolded"),
        pytest.param(PHONE, "dark", False, id="phone-dark-folded"),
    ],
)
@pytest.mark.parametrize("page", [*book_pages(), "search.html"])
def test_axe_finds_nothing(
    visit: OpenPage, page: str, width: int, scheme: str, unfolded: bool
) -> None:
    tab = visit(page, width=width, scheme=scheme).tab
    tab.evaluate(TURN_FOLDED, unfolded)
    found = violations(tab)
    tab.evaluate(TURN_FOLDED, False)
    assert found == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("page", book_pages())
def test_punctuation_stays_with_its_formula(visit: OpenPage, page: str, width: int) -> None:
    assert visit(page, width=width).tab.evaluate(ORPHANS) == []
