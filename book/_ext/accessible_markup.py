"""Markup that screen readers understand, where docutils and the theme write other.

A list of references becomes a list, and the sidebar a landmark (by a template of the same name as
the theme's).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

TEMPLATES = Path(__file__).parent / "templates"


def list_item(citation: nodes.citation) -> nodes.list_item:
    """Make an item of a reference, without its number: the text cites by author and year."""
    content = [child for child in citation.children if not isinstance(child, nodes.label)]
    return nodes.list_item("", *content, ids=citation["ids"])


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
        if isinstance(before, nodes.bullet_list) and "references" in before["classes"]:
            before.append(list_item(citation))
            parent.remove(citation)
        else:
            parent[index] = nodes.bullet_list("", list_item(citation), classes=["references"])


def add_templates(_app: Sphinx, config: Config) -> None:
    """Let this folder's templates stand before the theme's."""
    config.templates_path = [*config.templates_path, str(TEMPLATES)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("config-inited", add_templates)
    app.connect("doctree-resolved", list_references)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
