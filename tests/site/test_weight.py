"""What a page weighs, and that nothing of it moves when it comes."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.site.conftest import expect_figures
from tests.site.pages import all_pages, read_page
from tools.bench_load import BARS, COMPRESSED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.site.conftest import Visit

    OpenPage = Callable[..., Visit]

SMALL = 2000  # characters: what a page may hold of a picture itself
every_page = pytest.mark.parametrize("page", all_pages())


def weight(path: Path) -> int:
    """Return the size of a file as a server sends it."""
    content = path.read_bytes()
    return len(gzip.compress(content) if path.suffix in COMPRESSED else content)


@every_page
def test_pictures_are_files_whose_size_is_known(site: Path, page: str) -> None:
    images = read_page(site / page).images
    large = [i for i in images if len(i["src"] or "") > SMALL]
    sizeless = [i["src"] for i in images if not (i.get("width") and i.get("height"))]
    assert large + sizeless == []


@pytest.mark.browser
@every_page
def test_a_page_is_light_and_stays_in_its_place(
    visit: OpenPage, address: str, site: Path, page: str
) -> None:
    opened = visit(page, width=390)
    assert opened.shift <= BARS["shift"]
    ours = {urlsplit(url).path.lstrip("/") for url in opened.loaded if url.startswith(address)}
    assert not [file for file in ours if "fontawesome" in file]
    sizes = {file: weight(site / file) for file in {page, *ours}}
    heaviest = sorted(sizes, key=sizes.__getitem__)[-5:]
    total = sum(sizes.values()) / 1000
    assert total <= BARS["kB"], {file: sizes[file] for file in heaviest}


# Where what comes late would move it: the logo, the buttons of the head, the first figure.
PLACES = """() => [".logo__title", ".article-header-buttons", "#fig-transpose figcaption"]
    .map((name) => document.querySelector(name).getBoundingClientRect())
    .map(({ left, top }) => [left, top])"""

NEAR = """(found, places) => found.flat().every((one, i) => Math.abs(one - places.flat()[i]) < 2)"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_without_its_scripts_and_pictures_has_room_for_them(
    browser: Browser, address: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    bare, whole = context.new_page(), context.new_page()
    bare.route(re.compile(r"\.(js|svg|webp)\b"), lambda route: route.abort())
    for tab in (bare, whole):
        tab.goto(address + "book/index.html")
        expect(tab.locator("html")).to_have_attribute("data-theme", scheme)
        tab.evaluate("document.fonts.ready.then(() => true)")
    expect_figures(whole)
    places = whole.evaluate(PLACES)
    bare.wait_for_function(f"(places) => ({NEAR})(({PLACES})(), places)", arg=places)
    context.close()
