"""Folds proofs and code, so that a page can be read at three depths: story, proofs, code.

A fold is a ``details`` element, open in the page as it is built: without JavaScript, on paper and
for a search nothing is hidden. ``depths.js`` closes what the reader's depth leaves out. A cell with
the tag ``lesson`` is what the text is about, and no fold; of one with the tag ``needs-kernel`` the
picture folds too, for its controls are dead on a website.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx_proof.nodes import proof_node

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

LESSON = "tag_lesson"
ASKS = "tag_prediction"
KERNEL = "tag_needs-kernel"
PANEL = "What a kernel would show, as it was when this page was built"
BEGINNING = "Proof. "
EARLY = Path(__file__).parents[1] / "_static" / "depth_early.js"


class Fold(nodes.General, nodes.Element):
    """What a ``summary`` hides; ``depth`` is the first one at which it is open.

    What tells the answer of a prediction is "asked": no depth opens it, a click does.
    """


def visit_fold(translator: HTML5Translator, node: Fold) -> None:
    """Begin the element."""
    translator.body.append(
        f'<details class="fold" data-depth="{node["depth"]}" open>'
        f"<summary>{node['summary']}</summary>\n"
    )


def depart_fold(translator: HTML5Translator, _node: Fold) -> None:
    """End it."""
    translator.body.append("</details>\n")


def fold(node: nodes.Element, depth: str, summary: str) -> None:
    """Put a node into a fold in its place."""
    node.replace_self(Fold("", node.deepcopy(), depth=depth, summary=summary))


def fold_proof(proof: proof_node) -> None:
    """Fold a proof; its first word is the summary's."""
    first = next(iter(proof.findall(nodes.Text)), None)
    if first is not None and first.startswith(BEGINNING):
        first.parent.replace(first, nodes.Text(first[len(BEGINNING) :]))
    fold(proof, "proofs", "Proof")


def fold_cell(cell: nodes.container) -> None:
    """Fold what a cell of this kind does not show at first: its code, its picture."""
    classes = cell["classes"]
    for part in list(cell.children):
        if "cell_input" in part["classes"] and LESSON not in classes:
            fold(part, "asked" if ASKS in classes else "code", "Code")
        elif "cell_output" in part["classes"] and KERNEL in classes:
            fold(part, "code", PANEL)


def fold_page(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Fold the proofs of a page, and the code of its cells."""
    if app.builder.format != "html":
        return
    for proof in list(doctree.findall(proof_node)):
        fold_proof(proof)
    cells = [node for node in doctree.findall(nodes.container) if "cell" in node["classes"]]
    for cell in cells:
        fold_cell(cell)
    for cell in cells:
        join_next(cell)


def join_next(cell: nodes.container) -> None:
    """Put the code of a cell without a result into the fold of the cell that follows."""
    following = cell.next_node(descend=False, siblings=True)
    if not isinstance(following, nodes.container) or "cell" not in following["classes"]:
        return
    if all(isinstance(part, Fold) for part in [*cell.children, following[0]]):
        following["ids"] = [*cell["ids"], *following["ids"]]
        following[0][0:0] = [code for part in cell.children for code in part.children]
        cell.parent.remove(cell)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.add_node(Fold, html=(visit_fold, depart_fold))
    app.connect("doctree-resolved", fold_page)
    app.add_js_file(None, body=EARLY.read_text(encoding="utf-8"), priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
