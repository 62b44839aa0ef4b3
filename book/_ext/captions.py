"""Gives a figure the caption that stands below its cell: a Markdown cell with the tag ``caption``.

So a caption is read wherever a notebook is opened. It begins with its number in bold letters,
``**Figure 4.2.** Words``, which the website sets itself; ``named_links`` compares the two.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

FIRST = re.compile(r"Figure \d")


def parts_of(node: nodes.Node | None) -> list[nodes.Node]:
    """Split a paragraph that is a caption into its number and its words."""
    if not isinstance(node, nodes.paragraph):
        return []
    parts = [part for part in node.children if part.astext()]  # MyST begins with an empty text
    first = parts[0] if parts else None
    return parts if isinstance(first, nodes.strong) and FIRST.match(first.astext()) else []


class Captions(SphinxTransform):
    """Moves the paragraph after the cell of a figure that has none into the figure."""

    default_priority = 500  # before figures are noted by their captions, at 879

    def apply(self, **_: object) -> None:
        """Change the document."""
        for figure in list(self.document.findall(nodes.figure)):
            if not figure["names"] or figure.next_node(nodes.caption):
                continue
            cell: nodes.Node = figure
            while cell.parent and "cell" not in cell.get("classes", ()):
                cell = cell.parent
            below = cell.next_node(descend=False, siblings=True)
            if not (parts := parts_of(below)):
                logger.warning("'%s' has no caption below", figure["names"][0], location=figure)
                continue
            number, *words = parts
            if words and isinstance(words[0], nodes.Text):
                words[0] = nodes.Text(words[0].lstrip())
            below.parent.remove(below)
            caption = nodes.caption(below.rawsource, "", *words)
            caption.source, caption.line = below.source, below.line
            figure["said"] = number.astext()
            figure.append(caption)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.add_transform(Captions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
