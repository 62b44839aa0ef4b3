"""Every page of the built site, read as a file."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from book._ext.addresses import read_addresses
from book._ext.package_wheel import wheel_name
from tests.site.pages import (
    CHAPTERS,
    DOOR,
    ROOT,
    all_pages,
    book_pages,
    broken_references,
    read_page,
)

every_page = pytest.mark.parametrize("page", [*all_pages(), DOOR])
every_chapter = pytest.mark.parametrize("page", CHAPTERS)


@every_page
def test_introduces_itself(site: Path, page: str) -> None:
    path = site / page
    content = read_page(path)
    assert "Learning the Transpose" in content.title
    assert len(content.meta["description"]) > 20
    assert content.icons
    assert all((path.parent / icon).is_file() for icon in content.icons)


def test_the_site_lies_on_any_server_and_says_no_address_that_is_unknown(site: Path) -> None:
    known = read_addresses(ROOT / "book")
    assert (site / ".nojekyll").exists()
    assert (site / "wheels" / wheel_name(ROOT)).exists()
    assert (site / "sitemap.xml").exists() is bool(known.site)
    lost = (site / "404.html").read_text(encoding="utf-8")
    first_page = "book/index.html"
    assert f'href="{known.site and known.site + "/"}{first_page}"' in lost
    assert not broken_references(site / "404.html", site)
    for page in [*all_pages(), DOOR]:
        text = (site / page).read_text(encoding="utf-8")
        assert bool(known.site) or not re.search(r'rel="canonical"|property="og:', text)
        assert ("codespaces.new" in text) <= bool(known.site and known.repository)
        assert bool(known.repository) or "source-repository-button" not in text


def test_titles_are_distinct(site: Path) -> None:
    titles = [read_page(site / page).title for page in book_pages()]
    assert len(titles) == len(set(titles))


@every_page
def test_references_within_the_site_resolve(site: Path, page: str) -> None:
    assert broken_references(site / page, site) == []


@every_page
def test_ids_are_unique(site: Path, page: str) -> None:
    ids = read_page(site / page).ids
    assert sorted({i for i in ids if ids.count(i) > 1}) == []


@every_page
def test_images_carry_an_alt_text(site: Path, page: str) -> None:
    images = read_page(site / page).images
    unnamed = [i["src"] for i in images if not (i.get("alt") or "").strip()]
    file_names = [i["src"] for i in images if (i.get("alt") or "") in (i["src"] or "")]
    assert unnamed + file_names == []


@every_page
def test_figures_carry_a_caption(site: Path, page: str) -> None:
    content = read_page(site / page)
    assert content.figures == content.captions


@every_chapter
def test_notebook_download_is_a_working_file(site: Path, page: str) -> None:
    path = site / page
    links = [r for r in read_page(path).references if re.fullmatch(r"[^:]+\.ipynb", r)]
    downloads = {(path.parent / link).resolve() for link in links}
    assert Path(page).with_suffix(".ipynb").name in {d.name for d in downloads}
    for download in downloads:
        nbformat.validate(nbformat.read(download, as_version=4))
