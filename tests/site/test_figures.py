"""The interactive figures on the built site: no kernel, no network, from a server or a folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.site.conftest import expect_figures
from tests.site.pages import CHAPTERS, book_pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

    from tests.site.conftest import Visit

    OpenPage = Callable[..., Visit]

pytestmark = pytest.mark.browser
every_page = pytest.mark.parametrize("page", book_pages())

FIGURES = {
    "book/index.html": ["lae-transpose"],
    "book/story.html": [
        "lae-way-back", "lae-transpose", "lae-landscape", "lae-cloud", "lae-four-losses",
        "lae-mirror",
    ],
    "book/01_backprop_symmetry.html": ["lae-way-back"],
    "book/02_pca.html": ["lae-cloud", "lae-reconstruction"],
    "book/03_bias_elimination.html": ["lae-late-bias", "lae-bias-price"],
    "book/04_invariance_groups.html": [
        "lae-four-losses", "lae-image-pager", "lae-landscape", "lae-ladder", "lae-explorer",
    ],
    "book/05_recovery.html": ["lae-explorer", "lae-spectrum"],
    "book/06_last_symmetry.html": ["lae-orders", "lae-explorer", "lae-ladder"],
    "book/07_cost.html": ["lae-subspace"],
    "book/08_learning_the_transpose.html": ["lae-mirror", "lae-alignment", "lae-feedback"],
    "book/answer.html": ["lae-mirror"],
}  # fmt: skip
FIRST_FIGURE = """() => {
    const article = document.querySelector(".bd-article").getBoundingClientRect();
    const figure = document.querySelector(".lae-live:not(.lae-prediction)");
    const { bottom } = figure.getBoundingClientRect();
    return (bottom - article.top) / article.height;
}"""
SUM_RECOVERS = re.compile(r"under the sum .*: all 8 left singular vectors .* within [0-4]")


@pytest.mark.parametrize("page", FIGURES)
def test_every_figure_of_a_page_is_mounted(visit: OpenPage, page: str) -> None:
    opened = visit(page)
    for name in FIGURES[page]:
        expect(opened.tab.locator(f".lae-live.{name}")).to_have_count(1)
    expect(opened.tab.locator(".lae-figure > .lae-fallback:visible")).to_have_count(0)
    assert opened.console_errors == []
    assert opened.foreign_requests == []


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_has_a_live_figure_in_its_first_third(visit: OpenPage, page: str) -> None:
    assert visit(page).tab.evaluate(FIRST_FIGURE) < 1 / 3


def test_these_are_all_figures_of_the_book(site: Path) -> None:
    texts = {page: (site / page).read_text("utf-8") for page in book_pages()}
    counts = {
        page: text.count('class="lae-figure"') - text.count("cell tag_prediction")
        for page, text in texts.items()
    }
    assert {page: n for page, n in counts.items() if n} == {p: len(f) for p, f in FIGURES.items()}


@every_page
def test_no_widget_of_the_kernel_leaves_its_state_on_a_page(site: Path, page: str) -> None:
    text = (site / page).read_text("utf-8")
    assert "@jupyter-widgets/controls" not in text
    assert "require.min.js" not in text


def from_folder(browser: Browser, site: Path, page: str, fragment: str = "") -> Tab:
    tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    tab.goto((site / page).as_uri() + fragment)
    return tab


def test_the_explorer_recovers_the_directions_from_a_folder_on_disk(
    browser: Browser, site: Path
) -> None:
    tab = from_folder(browser, site, "book/04_invariance_groups.html")
    explorer = tab.locator(".lae-explorer")
    explorer.get_by_role("slider", name="speed").fill("9")
    explorer.get_by_role("radio", name="sum", exact=True).check()
    expect(explorer.get_by_role("status").first).to_contain_text(SUM_RECOVERS)
    tab.context.close()


@pytest.mark.parametrize("page", FIGURES)
def test_without_javascript_a_picture_and_its_caption_show(
    browser: Browser, site: Path, page: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((site / page).as_uri())
    pictures = tab.locator(".lae-figure .lae-fallback img")
    expect(pictures).to_have_count(len(FIGURES[page]))
    for picture in pictures.all():
        expect(picture).to_be_visible()
        assert len(picture.get_attribute("alt") or "") > 40
    captioned = tab.locator("figure:has(.lae-figure) figcaption")
    expect(captioned).to_have_count(len(FIGURES[page]))
    context.close()


@pytest.mark.parametrize("page", FIGURES)
def test_on_paper_the_picture_stands_in(browser: Browser, site: Path, page: str) -> None:
    tab = from_folder(browser, site, page)
    expect_figures(tab)
    tab.emulate_media(media="print")
    expect(tab.locator(".lae-live:visible")).to_have_count(0)
    pictures = tab.locator(".lae-figure .lae-fallback img:visible")
    expect(pictures).to_have_count(len(FIGURES[page]))
    tab.context.close()
