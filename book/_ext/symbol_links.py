"""Links a symbol of the notation to its row there, where a section first uses it by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from .ancestors import ancestors

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGE = "book/notation"
CHAPTER = re.compile(r"book/0(\d)_")
TEXT = "book/story", "book/answer"


def symbols_of(cell: nodes.entry) -> list[str]:
    """Return the symbols that a first cell explains: what stands before an equals sign."""
    return [formula.astext().split("=")[0].strip() for formula in cell.findall(nodes.math)]


def meaning_of(row: nodes.row) -> str:
    """Return the first words of what a row says, for those who hear a link."""
    said = "".join(
        text for text in row[-1].findall(nodes.Text) if not isinstance(text.parent, nodes.math)
    )
    return re.split(r"[,:;(]", said)[0].strip()


def name_rows(_app: Sphinx, doctree: nodes.document) -> None:
    """Give each row of the notation an id."""
    if doctree.settings.env.docname != PAGE:
        return
    for number, row in enumerate(doctree.findall(nodes.row)):
        if symbols_of(row[0]):
            row["ids"].append(f"symbol-{number}")


def find_rows(app: Sphinx) -> dict[str, dict[str, tuple[str, str]]]:
    """Map each chapter, and "" for every page, to its symbols: id of the row, and its meaning."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    if PAGE not in app.env.all_docs:  # a page built alone
        return found
    for row in app.env.get_doctree(PAGE).findall(nodes.row):
        if not row["ids"] or not meaning_of(row):
            continue
        chapters = re.fullmatch(r"[\d, ]+", row[1].astext())
        for chapter in re.findall(r"\d", row[1].astext()) if chapters else [""]:
            for symbol in symbols_of(row[0]):
                known = found.setdefault(chapter, {})
                known.setdefault(symbol, (row["ids"][0], meaning_of(row)))
    return found


def link_symbols(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link the first use of each symbol in a section, where it stands in a paragraph of its own."""
    chapter = CHAPTER.match(docname)
    if app.builder.format != "html" or not (chapter or docname in TEXT):
        return
    rows = find_rows(app)
    known = rows.get("", {}) | (rows.get(chapter[1], {}) if chapter else {})
    address = app.builder.get_relative_uri(docname, PAGE)
    linked: set[tuple[nodes.Element, str]] = set()
    for formula in list(doctree.findall(nodes.math)):
        symbol = formula.astext().strip()
        section = next((a for a in ancestors(formula) if isinstance(a, nodes.section)), doctree)
        if symbol not in known or (section, symbol) in linked:
            continue
        if not isinstance(formula.parent, nodes.paragraph):
            continue
        linked.add((section, symbol))
        row, meaning = known[symbol]
        link = nodes.reference(
            "", "", internal=True, refuri=f"{address}#{row}", reftitle=meaning, classes=["symbol"]
        )
        formula.replace_self(link)
        link += nodes.inline("", "", formula)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("doctree-read", name_rows)
    app.connect("doctree-resolved", link_symbols, priority=300)  # before formulas are wrapped
    return {"parallel_read_safe": True, "parallel_write_safe": True}
