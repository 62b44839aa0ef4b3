"""Gives the words encoder and decoder, in prose, the colours that the two have in every figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from .ancestors import ancestors

if TYPE_CHECKING:
    from sphinx.application import Sphinx

WORD = re.compile(r"\b((?:en|de)coder)(?=(?:s|’s)?\b)", re.IGNORECASE)
# Names in code, links and headings have colours of their own.
PROSE = (nodes.paragraph, nodes.caption, nodes.emphasis, nodes.strong)


def colour_words(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Wrap each of the words, where it stands in prose, into a span with its own class."""
    if app.builder.format != "html":
        return
    for text in list(doctree.findall(nodes.Text)):
        if not isinstance(text.parent, PROSE) or not WORD.search(text):
            continue
        if any(isinstance(above, nodes.title | nodes.reference) for above in ancestors(text)):
            continue
        parts = WORD.split(text)
        spans = [
            nodes.inline("", part, classes=[part.lower()]) if i % 2 else nodes.Text(part)
            for i, part in enumerate(parts)
            if part
        ]
        text.parent.replace(text, spans)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("doctree-resolved", colour_words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
