"""Keeps a formula in a line together with the punctuation that touches it.

A browser may break a line on either side of a formula. A comma would then open the next line, and
a bracket stay behind at the end of one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# An opening bracket or the first half of a joined word; the second half of one, closing marks.
BEFORE = re.compile(r"(?:[(\[‘“]+|\b\w+-)$")
AFTER = re.compile(r"^(?:-?\w+)?[,.;:!?)\]’”…]*")


def split(node: nodes.Node | None, pattern: re.Pattern[str]) -> tuple[str, str]:
    """Split the text beside a formula into what touches the formula and the rest."""
    text = str(node) if isinstance(node, nodes.Text) else ""
    found = pattern.search(text)
    return (found[0], text[: found.start()] + text[found.end() :]) if found else ("", text)


def keep_together(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Wrap each formula that punctuation touches, with the punctuation, into one span."""
    if app.builder.format != "html":
        return
    for formula in list(doctree.findall(nodes.math)):
        whole: nodes.Element = formula
        while len(whole.parent) == 1 and isinstance(whole.parent, nodes.Inline):
            whole = whole.parent  # a symbol that is a link
        parent = whole.parent
        index = parent.index(whole)
        last = index + 1 == len(parent)
        before, earlier = split(parent[index - 1] if index else None, BEFORE)
        after, later = split(None if last else parent[index + 1], AFTER)
        if before:
            parent[index - 1] = nodes.Text(earlier)
        if after:
            parent[index + 1] = nodes.Text(later)
        if before or after:
            together = nodes.inline(classes=["together"])
            parent[index] = together
            together += [nodes.Text(before), whole, nodes.Text(after)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("doctree-resolved", keep_together)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
