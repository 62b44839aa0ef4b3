"""Writes what a link previews: statements, formulas, figures, sources, symbols, a file for each.

A file is a script that hands its content over, because a page that is read from a folder may load
a script and nothing else. ``previews.js`` loads it when a reader rests on a link.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from .builds import file_of, when_built

if TYPE_CHECKING:
    from bs4 import Tag
    from sphinx.application import Sphinx

TARGETS = "div.proof[id], div.exercise[id], div.math[id], figure[id], tr[id], li[id]"
LEFT_OUT = "script, style, .headerlink, .eqno, .lae-live, .lae-fallback p, details, label"
LARGEST = 500_000  # characters: a still comes along, a page of them does not


def to_preview(target: Tag) -> str:
    """Return a target as it is shown beside a link, without ids, links and what runs."""
    copy = BeautifulSoup(str(target), "html.parser")
    for part in copy.select(LEFT_OUT):
        part.decompose()
    for link in copy.select("a"):
        link.unwrap()
    for part in copy.select("[id]"):
        del part["id"]
    if len(str(copy)) > LARGEST:
        for picture in copy.select("img"):
            picture.decompose()
    if target.name == "li":
        return copy.li.decode_contents() if copy.li else ""
    return f"<table>{copy}</table>" if target.name == "tr" else str(copy)


def write_previews(app: Sphinx) -> None:
    """Write the previews of all pages, when the site is built."""
    folder = Path(app.outdir) / "_static" / "previews"
    for page in app.env.all_docs:
        path = file_of(app, page)
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for target in soup.select(TARGETS):
            name = f"{page}/{target['id']}"
            file = folder / f"{name}.js"
            file.parent.mkdir(parents=True, exist_ok=True)
            content = f"preview({json.dumps(name)}, {json.dumps(to_preview(target))});\n"
            file.write_text(content, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    when_built(app, write_previews)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
