"""Lets a drawing of folded and unfolded backpropagation be folded by a checkbox, without a script.

Paper, and whoever reads the notebook itself, has both drawings in one picture; the website draws
one, in which the way back turns over.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DRAWING = Path(__file__).with_name("unfold.svg")
PICTURE = "unfolding.svg"
BOX = '<label><input type="checkbox" class="lae-unfold"> unfold the way back</label>'


def add_drawing(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put the drawing that unfolds before the picture of both, which stays for paper."""
    if app.builder.format != "html":
        return
    for picture in list(doctree.findall(nodes.image)):
        if not picture["uri"].endswith(PICTURE):
            continue
        said = html.escape(picture["alt"], quote=True)
        drawing = DRAWING.read_text(encoding="utf-8").replace("<svg ", f'<svg aria-label="{said}" ')
        live = nodes.raw("", f'<div class="lae-unfolding">{BOX}{drawing}</div>', format="html")
        picture.parent.insert(picture.parent.index(picture), live)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("doctree-resolved", add_drawing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
