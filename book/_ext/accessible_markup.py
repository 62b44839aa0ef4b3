"""Markup that screen readers understand, where docutils and the theme write other.

A list of references becomes a list, and the sidebar a landmark (by a template of the same name as
the theme's).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

CITED = "cited"
NUMBER = re.compile(r"R[0-9a-f]+-(\d+)")
TEMPLATES = Path(__file__).parent / "templates"


def list_item(citation: nodes.citation) -> nodes.list_item:
    """Make an item of a reference, without its label: the list or its author and year tell it."""
    content = [child for child in citation.children if not isinstance(child, nodes.label)]
    return nodes.list_item("", *content, ids=citation["ids"])


def empty_list(citation: nodes.citation) -> nodes.Element:
    """Begin a list of references: numbered in a docstring, where the text cites by number."""
    if NUMBER.fullmatch(citation.next_node(nodes.label).astext()):
        return nodes.enumerated_list("", enumtype="arabic", prefix="", suffix=".", classes=[CITED])
    return nodes.bullet_list("", classes=["references", CITED])


def list_references(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Turn neighbouring references into a list.

    docutils gives each of them the role ``doc-biblioentry``, which has been withdrawn.
    """
    if app.builder.format != "html":
        return
    for citation in list(doctree.findall(nodes.citation)):
        parent = citation.parent
        index = parent.index(citation)
        before = parent[index - 1] if index else None
        if isinstance(before, nodes.Element) and CITED in before["classes"]:
            before.append(list_item(citation))
            parent.remove(citation)
        else:
            parent[index] = empty_list(citation)
            parent[index].append(list_item(citation))


def number_citations(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Cite by number in docstrings: numpydoc makes labels unique, and that is nothing to read."""
    for reference in doctree.findall(nodes.reference):
        if found := NUMBER.fullmatch(reference.astext().strip("[]")):
            text = reference.next_node(nodes.Text)
            text.parent.replace(text, nodes.Text(f"[{found[1]}]"))


def add_templates(_app: Sphinx, config: Config) -> None:
    """Let this folder's templates stand before the theme's."""
    config.templates_path = [*config.templates_path, str(TEMPLATES)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("config-inited", add_templates)
    app.connect("doctree-resolved", list_references)
    app.connect("doctree-resolved", number_citations)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
