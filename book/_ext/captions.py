"""Gives a figure the caption that stands below it, and makes figures of drawings in the text.

A caption is a paragraph that begins with its number in bold letters, ``**Figure 4.2.** Words``,
which the website sets itself; ``named_links`` compares the two. That of a cell stands in the
Markdown cell below, that of a drawing below ``(fig-name)=`` and the drawing. So captions and
drawings are seen wherever a notebook is opened.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from .ancestors import ancestors

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

FIRST = re.compile(r"Figure \d")


def parts_of(node: nodes.Node | None) -> list[nodes.Node]:
    """List what a paragraph holds; MyST begins with an empty text."""
    if not isinstance(node, nodes.paragraph):
        return []
    return [part for part in node.children if part.astext() or isinstance(part, nodes.image)]


def cell_of(figure: nodes.figure) -> nodes.Node:
    """Find the cell whose output a figure is; a drawing stands for itself."""
    cells = (above for above in ancestors(figure) if "cell" in above.get("classes", ()))
    return next(cells, figure)


class Captions(SphinxTransform):
    """Makes figures of named drawings, and moves captions into the figures above them."""

    default_priority = 500  # before figures are noted by their captions, at 879

    def apply(self, **_: object) -> None:
        """Change the document."""
        for paragraph in list(self.document.findall(nodes.paragraph)):
            parts = parts_of(paragraph)
            if paragraph["names"] and len(parts) == 1 and isinstance(parts[0], nodes.image):
                figure = nodes.figure("", *parts)
                paragraph.replace_self(figure)  # which takes its names and ids
                self.document.ids.update(dict.fromkeys(figure["ids"], figure))
        for figure in list(self.document.findall(nodes.figure)):
            if figure["names"] and not figure.next_node(nodes.caption):
                self.add_caption(figure)

    def add_caption(self, figure: nodes.figure) -> None:
        """Move the caption below a figure into it."""
        below = cell_of(figure).next_node(descend=False, siblings=True)
        number, *words = parts_of(below) or [None]
        if not (isinstance(number, nodes.strong) and FIRST.match(number.astext())):
            logger.warning("'%s' has no caption below", figure["names"][0], location=figure)
            return
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
