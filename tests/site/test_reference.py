"""The reference of the package holds all that is public, and the chapters lead there."""

from __future__ import annotations

import ast
import importlib
import inspect
from typing import TYPE_CHECKING

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.public_names import MEMBERS
from tests.site.pages import CHAPTERS, ROOT, book_pages, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = ("book/api.html", "book/api_rooms.html")


def names_of(member: object) -> set[str]:
    """Return the full names that a function or class may have: of its home and of the doors."""
    parts = str(getattr(member, "__module__", "")).split(".")
    name = getattr(member, "__qualname__", "")
    return {".".join([*parts[:depth], name]) for depth in range(1, len(parts) + 1)}


def imported(page: str) -> Iterator[object]:
    """Yield the functions and classes that a chapter imports from the package."""
    for cell in nbformat.read((ROOT / page).with_suffix(".ipynb"), as_version=4).cells:
        if cell.cell_type == "code" and "lae_helpers" in cell.source:
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.ImportFrom) and str(node.module).startswith("lae_helpers"):
                    module = importlib.import_module(str(node.module))
                    members = [getattr(module, alias.name) for alias in node.names]
                    yield from (m for m in members if inspect.isroutine(m) or inspect.isclass(m))


def test_everything_public_has_an_entry(site: Path) -> None:
    entries = {identifier for page in PAGES for identifier in read_page(site / page).ids}
    of_readers = {name: m for name, m in MEMBERS.items() if ".website." not in name}
    assert len(of_readers) > 150
    assert [name for name, m in of_readers.items() if not names_of(m) & entries] == []


@pytest.mark.parametrize("page", CHAPTERS)
def test_what_a_chapter_imports_leads_to_its_entry(site: Path, page: str) -> None:
    links = {reference.partition("#")[2] for reference in read_page(site / page).references}
    members = list(imported(page))
    assert members
    assert [m for m in members if not names_of(m) & links] == []


@pytest.mark.parametrize("page", book_pages())
def test_no_link_stands_in_a_link(site: Path, page: str) -> None:
    soup = BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")
    assert [str(link) for link in soup.select("a a")] == []
