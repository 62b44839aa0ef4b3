"""The book on paper: nothing is cut, and its PDF has bookmarks and links that lead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from pypdf import PdfReader

from tests.site.pages import ROOT, book_pages
from tools.contents import read_contents
from tools.print_book import assemble, main, name_of, print_book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab
    from pypdf import PageObject

    from tests.site.conftest import Visit

    OpenPage = Callable[..., Visit]

pytestmark = pytest.mark.browser

COLUMN = 664  # pixels at 96 dpi: the text on A4, which is narrower than Letter
FEW = ("book/02_pca", "book/references")

# What is drawn beyond the edge of the text, or is hidden in a box that would scroll.
CUT = """() => {
    const article = document.querySelector('.bd-article');
    const edge = article.getBoundingClientRect().right + 1;
    const drawn = 'math, math *, table, pre, img, svg, code, figcaption, p, li';
    const cut = [...article.querySelectorAll(drawn)].filter((one) =>
        one.checkVisibility({ visibilityProperty: true }) && !one.closest('annotation'));
    const hides = (one) => one.scrollWidth > one.clientWidth + 2 && one.clientWidth &&
        getComputedStyle(one).overflowX !== 'visible' && one.clientWidth > 1;
    return [
        ...cut.filter((one) => one.getBoundingClientRect().right > edge),
        ...[...article.querySelectorAll('*')].filter((one) => one.checkVisibility() && hides(one)),
    ].map((one) => `${one.tagName}: ${one.closest('[id]')?.id}: ${one.textContent.slice(0, 80)}`);
}"""

TOO_WIDE = r"""() => {
    const formula = document.querySelector('.bd-article div.math').cloneNode(true);
    formula.id = 'too-wide';
    const set = formula.querySelector('math');
    set.removeAttribute('style');
    set.innerHTML = `<mrow>${'<mi>x</mi><mo>+</mo>'.repeat(60)}</mrow>`;
    document.querySelector('.bd-article section').append(formula);
}"""


@pytest.fixture
def on_paper(visit: OpenPage) -> Iterator[Callable[[str], Tab]]:
    """Give a function that lays a page out as it is on A4, and bring it back to the screen."""
    tabs = []

    def lay_out(page: str) -> Tab:
        tab = visit(page).tab
        tabs.append(tab)
        before = tab.viewport_size
        assert before
        tab.emulate_media(media="print")
        tab.set_viewport_size({"width": COLUMN, "height": before["height"]})
        tab.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        return tab

    yield lay_out
    for tab in tabs:
        tab.evaluate("() => dispatchEvent(new Event('afterprint'))")
        tab.set_viewport_size({"width": 1280, "height": 900})
        tab.emulate_media(media="screen")


@pytest.mark.parametrize("page", book_pages())
def test_nothing_is_cut_on_paper(on_paper: Callable[[str], Tab], page: str) -> None:
    tab = on_paper(page)
    assert tab.evaluate("document.querySelector('.bd-article').clientWidth") == COLUMN
    assert tab.evaluate(CUT) == []


def test_a_formula_wider_than_paper_is_seen_and_set_smaller(on_paper: Callable[[str], Tab]) -> None:
    tab = on_paper("book/02_pca.html")
    tab.evaluate(TOO_WIDE)
    assert "too-wide" in str(tab.evaluate(CUT))
    tab.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate(CUT) == []
    tab.evaluate("() => document.querySelector('#too-wide').remove()")


@pytest.fixture(scope="module")
def printed(browser: Browser, site: Path, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    """Print two pages of the book as one."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    path = tmp_path_factory.mktemp("print") / "few.pdf"
    print_book(browser, site, assemble(site, [("A part", FEW)], config), path)
    return PdfReader(path)


def test_the_outline_has_chapters_and_sections_in_order(printed: PdfReader) -> None:
    chapters = [one for one in printed.outline if not isinstance(one, list)]
    assert [str(one.title) for one in chapters] == ["2. Principal component analysis", "References"]
    pages = [printed.get_destination_page_number(one) or 0 for one in chapters]
    assert 2 <= pages[0] < pages[1] < len(printed.pages)
    (sections,) = [one for one in printed.outline if isinstance(one, list)]
    titles = [str(one.title) for one in sections if not isinstance(one, list)]
    assert len(titles) > 10
    assert [title.split(" ")[0] for title in titles] == [f"2.{n + 1}." for n in range(len(titles))]


def test_pages_are_numbered_and_hold_no_source_of_formulas(printed: PdfReader) -> None:
    texts = [page.extract_text() for page in printed.pages]
    for number, text in enumerate(texts[2:], start=3):
        assert re.search(rf"(^|\n)\s*{number}\s*(\n|$)", text), number
    assert texts[0].startswith("Learning the Transpose")
    everything = "\n".join(texts)
    assert "Contents" in everything
    assert not re.search(r"\\(frac|top|lambda|begin|\(|\[)|\$\$", everything)
    assert not re.search(r"^(Show|Hide|Code|Copy)$", everything, re.MULTILINE)


def test_links_lead_within_the_book(printed: PdfReader) -> None:
    names = printed.named_destinations
    links = [
        link.get_object()
        for page in printed.pages
        for link in page.get("/Annots") or []
        if link.get_object()["/Subtype"] == "/Link"
    ]
    within = [link["/Dest"].removeprefix("/") for link in links if "/Dest" in link]
    assert len(within) > 30
    assert set(within) <= {name.removeprefix("/") for name in names}
    assert any(name.startswith(name_of(FEW[1])) for name in within)  # from the chapter
    assert not [link for link in links if "127.0.0.1" in str(link.get("/A"))]


def test_what_describes_its_structure_is_packed(printed: PdfReader) -> None:
    alone, packed = (
        sum(map(len, table.values())) for table in (printed.xref, {0: printed.xref_objStm})
    )
    assert packed > 3 * alone


def test_no_shadow_became_a_picture(printed: PdfReader) -> None:
    pictures = [picture for page in printed.pages for picture in drawn_on(page)]
    assert pictures
    assert not [one for one in pictures if one["/ColorSpace"] == "/DeviceGray"]


def drawn_on(page: PageObject) -> list[Any]:
    """Give the pictures of a page, and those that its transparent parts hold."""
    resources: Any = page["/Resources"]
    objects, found = dict(resources.get("/XObject", {})), []
    while objects:
        one: Any = objects.popitem()[1].get_object()
        if one["/Subtype"] == "/Image":
            found.append(one)
        else:
            objects |= one.get("/Resources", {}).get("/XObject", {})
    return found


def test_the_book_has_every_page_in_order() -> None:
    listed = [f"{page}.html" for _, group in read_contents() for page in group]
    assert listed == book_pages()


def test_without_a_browser_or_a_site_it_says_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: Path
) -> None:
    assert site.is_dir()
    monkeypatch.setattr("tools.print_book.find_chromium", lambda: None)
    with pytest.raises(SystemExit, match=r"chromium.*PATH"):
        main()
    monkeypatch.setattr("tools.print_book.SITE", tmp_path)
    with pytest.raises(SystemExit, match="make book"):
        main()
