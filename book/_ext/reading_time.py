"""Says under a chapter's title how long it takes to read, counted from what stands in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx_proof.nodes import proof_node

from .ancestors import ancestors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

TIMED = re.compile(r"book/(\d\d_\w+|story)")
WORDS_A_MINUTE = 180
PROOF_WORDS_A_MINUTE = 60  # a formula is a word or two here, and is thought about
FIGURES_A_MINUTE = 1


def count_words(parts: Iterable[nodes.Node]) -> int:
    """Count the words of paragraphs and items, without code and what cells put out."""
    return sum(len(part.astext().split()) for part in parts)


def is_aside(node: nodes.Node) -> bool:
    """Tell whether a node stands in a proof, a cell or a solution."""
    return any(
        isinstance(above, proof_node)
        or "solution" in type(above).__name__
        or (isinstance(above, nodes.container) and "cell" in above["classes"])
        for above in ancestors(node)
    )


def add_reading_time(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the minutes under the title."""
    if not TIMED.fullmatch(docname) or app.builder.format != "html":
        return
    told = count_words(p for p in doctree.findall(nodes.paragraph) if not is_aside(p))
    proved = count_words(doctree.findall(proof_node))
    figures = len(list(doctree.findall(nodes.figure)))
    minutes = told / WORDS_A_MINUTE + figures / FIGURES_A_MINUTE
    words = f"{minutes:.0f} minutes"
    if proved:
        words += f", {minutes + proved / PROOF_WORDS_A_MINUTE:.0f} with the proofs"
    title = next(iter(doctree.findall(nodes.title)))
    time = nodes.container("", nodes.Text(f"{words}."), classes=["reading-time"])
    title.parent.insert(title.parent.index(title) + 1, time)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("doctree-resolved", add_reading_time, priority=400)  # before anything folds
    return {"parallel_read_safe": True, "parallel_write_safe": True}
