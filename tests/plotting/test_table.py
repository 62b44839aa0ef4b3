"""A table is a table to a page, and lines of text to a terminal."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from lae_helpers.plotting import Table


class Cells(HTMLParser):
    """Collects the text of every cell, by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.scopes: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in {"th", "td"}:
            self.rows[-1].append("")
            self.scopes.append(dict(attrs).get("scope"))

    def handle_data(self, data: str) -> None:
        self.rows[-1][-1] += data


def test_a_page_gets_every_entry_with_its_head() -> None:
    cells = Cells()
    cells.feed(Table(("rule", "angle < 90°"), [("A & B", "5°"), ("C", "7°")])._repr_html_())
    assert cells.rows == [["rule", "angle < 90°"], ["A & B", "5°"], ["C", "7°"]]
    assert cells.scopes == ["col", "col", "row", None, "row", None]


def test_a_row_has_one_entry_a_column() -> None:
    with pytest.raises(ValueError, match=r"rows must have 2 entries, one a column, not \['a'\]"):
        Table(("rule", "angle"), [("a",)])
