"""The three depths of reading: what folds, what opens it, and where nothing does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.site.conftest import expect_figures, listen
from tests.site.pages import CHAPTERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.browser
CHAPTER = "book/05_recovery.html"
OPEN = """() => {
    const count = (depth) => {
        const folds = [...document.querySelectorAll(`details.fold[data-depth="${depth}"]`)];
        return [folds.filter((fold) => fold.open).length, folds.length];
    };
    return [count("proofs"), count("code")];
}"""
HIGHEST = 18_000  # pixels of a chapter at first sight, on average
INSIDE = """() => {
    const fold = document.querySelector('details.fold[data-depth="proofs"] [id]');
    return fold.id;
}"""


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_a_depth_opens_what_it_promises_and_stays(tab: Tab, address: str) -> None:
    visit = listen(tab, address)
    tab.goto(address + CHAPTER)
    (open_proofs, proofs), (open_code, code) = tab.evaluate(OPEN)
    assert (open_proofs, open_code) == (0, 0)
    assert proofs > 3
    assert code > 20
    tab.get_by_role("radio", name="proofs").check()
    assert tab.evaluate(OPEN) == [[proofs, proofs], [0, code]]
    expect(tab).to_have_url(re.compile(r"\?depth=proofs$"))
    tab.goto(address + "book/02_pca.html")
    expect(tab.get_by_role("radio", name="proofs")).to_be_checked()
    (open_proofs, proofs), (open_code, _) = tab.evaluate(OPEN)
    assert (open_proofs, open_code) == (proofs, 0)
    tab.goto(address + CHAPTER + "?depth=code")
    expect(tab.get_by_role("radio", name="code")).to_be_checked()
    (open_proofs, proofs), (open_code, code) = tab.evaluate(OPEN)
    assert (open_proofs, open_code) == (proofs, code)
    tab.emulate_media(media="print")
    asking = tab.locator("details.fold[data-depth='asked']")
    assert asking.count() >= 4
    assert not any(code.is_visible() for code in asking.all())  # it knows the answers
    tab.emulate_media(media="screen")
    tab.get_by_role("radio", name="story").check()
    expect(tab).to_have_url(address + CHAPTER)
    assert visit.console_errors == []


def test_what_is_read_stays_where_it_is(tab: Tab, address: str) -> None:
    tab.goto(address + CHAPTER)
    expect_figures(tab)  # which may be taller than their pictures
    heading = tab.locator("h2").nth(3)
    heading.evaluate("element => element.scrollIntoView({ behavior: 'instant' })")
    before = heading.evaluate("element => element.getBoundingClientRect().top")
    tab.get_by_role("radio", name="code").check()
    after = heading.evaluate("element => element.getBoundingClientRect().top")
    assert after == pytest.approx(before, abs=2)


def test_a_link_into_a_fold_opens_it(tab: Tab, address: str) -> None:
    tab.goto(address + CHAPTER)
    target = tab.evaluate(INSIDE)
    expect(tab.locator(f'[id="{target}"]')).to_be_hidden()
    tab.evaluate("id => { location.hash = id; }", target)
    expect(tab.locator(f'[id="{target}"]')).to_be_in_viewport()
    other = tab.context.new_page()
    other.goto(f"{address}{CHAPTER}#{target}")
    expect(other.locator(f'[id="{target}"]')).to_be_in_viewport()


def test_paper_has_everything(tab: Tab, site: Path) -> None:
    tab.goto((site / CHAPTER).as_uri())
    tab.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    (open_proofs, proofs), (open_code, code) = tab.evaluate(OPEN)
    assert (open_proofs, open_code) == (proofs, code)
    tab.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert [opened for opened, _ in tab.evaluate(OPEN)] == [0, 0]


@pytest.mark.parametrize("page", CHAPTERS)
def test_without_javascript_nothing_is_folded(browser: Browser, site: Path, page: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((site / page).as_uri())
    folds = tab.locator("details.fold")
    assert folds.count() > 10
    assert tab.locator("details.fold:not([open])").count() == 0
    context.close()


def test_chapters_are_not_long_at_first_sight(tab: Tab, site: Path) -> None:
    heights = {}
    for page in CHAPTERS:
        tab.goto((site / page).as_uri())
        expect_figures(tab)
        tab.evaluate("document.fonts.ready.then(() => true)")
        heights[page] = tab.evaluate("document.documentElement.scrollHeight")
    assert sum(heights.values()) / len(heights) <= HIGHEST, heights


def test_cells_and_text_are_covered_until_their_question_is_answered(
    tab: Tab, address: str
) -> None:
    tab.goto(address + "book/03_bias_elimination.html")
    results = tab.locator(":is(.tag_result, .tag-result)")
    expect(tab.locator(".lae-covered")).to_have_count(results.count())
    assert tab.locator(".tag-result").count() > 0
    show = tab.get_by_role("button", name="Just show me")
    for left in reversed(range(show.count())):
        show.first.click()
        expect(show).to_have_count(left)
    expect(tab.locator(".lae-covered")).to_have_count(0)


def test_a_link_into_what_is_covered_uncovers_it(tab: Tab, address: str) -> None:
    tab.goto(address + "book/03_bias_elimination.html")
    bowl = tab.locator("#prop-optimal-bias")
    result = tab.locator(".tag-result", has=bowl)
    expect(result).to_have_class(re.compile("lae-covered"))
    tab.evaluate("() => { location.hash = 'prop-optimal-bias' }")
    expect(result).not_to_have_class(re.compile("lae-covered"))
    expect(bowl).to_be_in_viewport()
    tab.evaluate("() => { location.hash = '' }")
    expect(bowl).to_be_visible()
    tab.goto(address + "book/02_pca.html#thm-pca")
    expect(tab.locator(".lae-covered")).not_to_have_count(0)
    expect(tab.locator("#thm-pca")).to_be_in_viewport()
