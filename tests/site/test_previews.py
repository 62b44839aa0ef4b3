"""A link shows what it leads to, and every link that should has something to show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import expect

from tests.site.conftest import expect_figures, listen
from tests.site.pages import book_pages, read_page

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

PREVIEWED = re.compile(r"(thm|prop|cor|lem|def|rem|ex|fig|equation|symbol|id)[-\d]")
WITHIN = """() => {
    const { left, top, right, bottom } = document.querySelector("#preview").getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("page", book_pages())
def test_every_link_to_a_statement_has_a_preview(site: Path, page: str) -> None:
    missing = []
    for reference in read_page(site / page).references:
        address, label = urldefrag(reference)
        if not PREVIEWED.match(label) or ":" in address:
            continue
        target = (site / page).parent / address if address else site / page
        name = target.resolve().relative_to(site.resolve()).with_suffix("")
        if not (site / "_static" / "previews" / name / f"{label}.js").exists():
            missing.append(reference)
    assert missing == []


@pytest.mark.browser
def test_resting_on_a_link_shows_it_and_escape_hides_it(browser: Browser, site: Path) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    visit = listen(tab, site.as_uri())
    tab.goto((site / "book/story.html").as_uri())
    expect_figures(tab)  # or what is below them would move from under the mouse
    preview = tab.locator("#preview")
    link = tab.locator(".bd-article a[href$='#thm-transpose']").first
    link.hover()
    expect(preview).to_contain_text("Transpose theorem")
    expect(preview.locator("math").first).to_be_visible()
    expect(link).to_have_attribute("aria-describedby", "preview")
    tab.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    symbol = tab.locator(".bd-article a.symbol").first
    symbol.focus()
    expect(preview).to_be_visible()
    tab.wait_for_function(WITHIN)
    assert visit.console_errors == []
    tab.close()
