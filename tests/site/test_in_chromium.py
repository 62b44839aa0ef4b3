"""Every page of the built site, as a reader has it on the screen."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.image import imread
from playwright.sync_api import expect

from tests.site.conftest import dark, expect_nothing
from tests.site.pages import CHAPTERS, DOOR, all_pages, book_pages
from tests.widgets.hosting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from tests.site.conftest import Visit

    OpenPage = Callable[..., Visit]

pytestmark = pytest.mark.browser
FOLDED = re.compile("toggle-hidden")
every_page = pytest.mark.parametrize("page", all_pages())

UNRENDERED = """() => {
    const wrong = [];
    for (const formula of document.querySelectorAll('.math')) {
        const set = formula.querySelector('math');
        const { width = 0, height = 0 } = set?.getBoundingClientRect() ?? {};
        const isFlat = formula.checkVisibility() && !(width && height);
        if (!set || isFlat) wrong.push(formula.textContent);
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const inside = walker.currentNode.parentElement;
        if (inside.closest('pre, code, script, style, noscript, annotation')) continue;
        if (/\\\\[([]|\\$\\$/.test(walker.currentNode.data))
            wrong.push(walker.currentNode.data);
    }
    return wrong;
}"""

OVERFLOW = """() => {
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth;
    if (wide <= width) return [];
    const scrolls = e => e && e !== document.body &&
        (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
    return [wide, ...[...document.querySelectorAll('main *')]
        .filter(e => e.getBoundingClientRect().right > width + 1)
        .filter(e => !scrolls(e.parentElement))
        .map(e => e.outerHTML.slice(0, 120))];
}"""

CUT_WITHOUT_A_SIGN = """() => [...document.querySelectorAll('.bd-article *')]
    .filter(e => e.scrollWidth > e.clientWidth + 2 && e.clientWidth && e.checkVisibility())
    .filter(e => getComputedStyle(e).overflowX === 'auto' && !e.hasAttribute('data-more'))
    .map(e => e.outerHTML.slice(0, 80))
"""

CUT_THOUGH_SMALLER_WOULD_FIT = """() => [...document.querySelectorAll('.formula, span.math')]
    .filter(e => e.checkVisibility() && getComputedStyle(e).overflowX === 'auto')
    .filter(e => e.clientWidth < e.scrollWidth - 2 && e.clientWidth > 0.8 * e.scrollWidth)
    .map(e => e.textContent)
"""

LIGHT_WORDS_OR_DARK_GROUND = """() => {
    const luminance = ([r, g, b]) => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    const read = (colour) => colour.match(/[0-9.]+/g).map(Number);
    const wrong = (element) => {
        const { color, backgroundColor } = getComputedStyle(element);
        const ground = read(backgroundColor);
        const words = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
        const isDark = ground[3] !== 0 && luminance(ground) < 0.8;
        return isDark || (words && luminance(read(color)) > 0.5);
    };
    return [document.body, ...document.querySelectorAll('.bd-article *')]
        .filter((element) => element.checkVisibility() && wrong(element))
        .map((element) => element.outerHTML.slice(0, 80));
}"""

# What the theme puts into the head of a page whose site and repository have addresses.
ADDRESSED = """() => {
    const download = document.querySelector('.header-article-items .dropdown-download-buttons');
    for (const kind of ['launch', 'source']) {
        const menu = download.cloneNode(true);
        menu.className = `dropdown dropdown-${kind}-buttons`;
        download.before(menu);
    }
}"""

COME = "image => { image.loading = 'eager'; return image.decode(); }"
BROKEN_IMAGES = """() => [...document.images]
    .filter(image => image.loading !== 'lazy' && !image.naturalWidth)
    .map(image => image.src)"""


@pytest.mark.parametrize("scripts", [True, False])
def test_the_door_leads_to_the_first_page(browser: Browser, address: str, *, scripts: bool) -> None:
    with browser.new_context(java_script_enabled=scripts) as context:
        tab = context.new_page()
        tab.goto(address + DOOR, wait_until="commit")
        tab.wait_for_url(address + book_pages()[0])


@every_page
def test_raises_no_error(visit: OpenPage, page: str) -> None:
    assert visit(page).console_errors == []


@every_page
def test_every_request_stays_at_home_and_succeeds(visit: OpenPage, page: str) -> None:
    opened = visit(page)
    assert opened.foreign_requests == []
    assert opened.failed_requests == []


@every_page
def test_every_formula_is_rendered(visit: OpenPage, page: str) -> None:
    expect_nothing(visit(page).tab, UNRENDERED)


@every_page
def test_every_image_is_drawn(visit: OpenPage, page: str) -> None:
    expect_nothing(visit(page).tab, BROKEN_IMAGES)


@pytest.mark.parametrize("page", book_pages())
def test_nothing_overflows_on_a_phone(visit: OpenPage, page: str) -> None:
    opened = visit(page, width=390)
    expect_nothing(opened.tab, OVERFLOW)
    with dark(opened.tab):
        expect_nothing(opened.tab, OVERFLOW)
    assert opened.console_errors == []
    expect_nothing(opened.tab, CUT_WITHOUT_A_SIGN)
    expect_nothing(opened.tab, CUT_THOUGH_SMALLER_WOULD_FIT)


@pytest.mark.parametrize("width", [360, 320])
def test_the_head_of_a_page_fits_a_narrow_phone(visit: OpenPage, width: int) -> None:
    tab = visit(CHAPTERS[0], width=width).tab
    expect_nothing(tab, OVERFLOW)
    tab.evaluate(ADDRESSED)
    expect_nothing(tab, OVERFLOW)


def test_who_reads_in_the_dark_prints_dark_on_white(visit: OpenPage) -> None:
    tab = visit("book/02_pca.html").tab
    with dark(tab):
        tab.emulate_media(media="print")
        expect_nothing(tab, LIGHT_WORDS_OR_DARK_GROUND)
        tab.emulate_media(media="screen")


def test_in_the_dark_pictures_are_dark_and_on_paper_white(visit: OpenPage) -> None:
    tab = visit("book/02_pca.html").tab
    picture = tab.locator(".cell_output img:not(.lae-fallback img)").first
    picture.evaluate(COME)

    def ground() -> Any:  # noqa: ANN401 - three numbers, of what is beside what is drawn
        drawn = imread(BytesIO(picture.screenshot()), format="png")[..., :3]
        return np.median(drawn[:5, :5], axis=(0, 1))

    with dark(tab):
        wait_until(tab, lambda: ground().max() < 0.1)
        tab.emulate_media(media="print")
        wait_until(tab, lambda: ground().min() > 0.99)
        tab.emulate_media(media="screen")


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_folded_solution_opens(visit: OpenPage, page: str) -> None:
    tab = visit(page).tab
    tab.bring_to_front()
    solutions = tab.locator(".solution.dropdown")
    assert solutions.count() == 3
    for solution in solutions.all():
        button = solution.locator("button.toggle-button")
        button.click()
        expect(solution).not_to_have_class(FOLDED)
        button.click()
        expect(solution).to_have_class(FOLDED)
