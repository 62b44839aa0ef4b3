"""Links from code to the reference of the package.

What names a public function or class leads to its entry: a name in the cells of a chapter (once a
cell), code in the prose, and a single-quoted name in a docstring, short or in full.
sphinx-codeautolink cannot do the first: it fails on the untitled sections that sphinx-proof makes.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.util.nodes import make_refnode

from .ancestors import ancestors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.domains.python import ObjectEntry, PythonDomain
    from sphinx.environment import BuildEnvironment

PACKAGE = "lae_helpers"
CALLABLE = {"class", "exception", "function"}
LANGUAGES = {"ipython3", "python"}
CELL = re.compile(rf'<div class="highlight-(?:{"|".join(LANGUAGES)}) .*?</pre>', re.DOTALL)
# A name or one behind a module's, but no attribute, no keyword and no target of an assignment.
NAME = re.compile(
    r'(?<!<span class="o">\.</span>)<span class="n">(\w+)</span>'
    r'(?:<span class="o">\.</span><span class="n">(\w+)</span>)?(?! ?<span class="o">=</span>)'
)


def entries(env: BuildEnvironment) -> dict[str, ObjectEntry]:
    """Return the entries of the reference by their full names, a second name's too."""
    return cast("PythonDomain", env.get_domain("py")).objects


def find_entry(env: BuildEnvironment, name: str) -> tuple[ObjectEntry, str] | None:
    """Return the one entry that a name, short or in full, can mean, and its full name.

    A function or class goes before a method, and that before a module, which has the name of what
    it is there for.
    """
    found: tuple[dict[str, tuple[ObjectEntry, str]], ...] = ({}, {}, {})
    for full, entry in entries(env).items():
        if f".{full}".endswith(f".{name}") and full.startswith(PACKAGE) and not entry.aliased:
            rank = 0 if entry.objtype in CALLABLE else 2 if entry.objtype == "module" else 1
            found[rank][entry.node_id] = (entry, full)
    candidates = list(next(filter(None, found), {}).values())
    return candidates[0] if len(candidates) == 1 else None


def home(env: BuildEnvironment, member: object) -> tuple[ObjectEntry, str] | None:
    """Return the entry of a function or class, where it is defined or at a door, and its name."""
    known, place = entries(env), getattr(member, "__module__", None) or ""
    while place:
        full = f"{place}.{getattr(member, '__qualname__', '')}"
        if full in known:
            return known[full], full
        place = place.rpartition(".")[0]
    return None


def link(
    app: Sphinx, page: str, entry: ObjectEntry, full: str, content: nodes.Node
) -> nodes.reference:
    """Make a link from a page to an entry."""
    return make_refnode(app.builder, page, entry.docname, entry.node_id, content, full)


def resolve_short_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element
) -> nodes.reference | None:
    """Link a name in a docstring that is unique in the package."""
    found = find_entry(env, node["reftarget"]) if node.get("refdomain") == "py" else None
    return link(app, node["refdoc"], *found, content) if found else None


def imports(doctree: nodes.document) -> Iterator[tuple[str, Any]]:
    """Yield what the cells of a page import from the package, by the names that it has there."""
    for block in doctree.findall(nodes.literal_block):
        if block.get("language") in LANGUAGES and PACKAGE in block.astext():
            for node in ast.walk(ast.parse(block.astext())):
                yield from imported(node)


def imported(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Yield what one node of a syntax tree imports from the package."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name == PACKAGE or (alias.asname and alias.name.startswith(f"{PACKAGE}.")):
                yield alias.asname or alias.name, importlib.import_module(alias.name)
    elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
        module = importlib.import_module(str(node.module))
        for alias in node.names:
            yield alias.asname or alias.name, getattr(module, alias.name)


def link_prose(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link the code in the prose of a page that names a function or class.

    In a chapter only what it imports is meant: ``PCA`` may be another library's.
    """
    known = dict(imports(doctree))
    for literal in list(doctree.findall(nodes.literal)):
        if any(isinstance(node, nodes.reference | nodes.title) for node in ancestors(literal)):
            continue
        name = literal.astext()
        found = home(app.env, known.get(name)) if known else find_entry(app.env, name)
        if found and found[0].objtype in CALLABLE and found[0].docname != docname:
            literal.replace_self(link(app, docname, *found, literal.deepcopy()))


def link_cells(
    app: Sphinx,
    pagename: str,
    _templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Link the names in the cells of a page that it has imported from the package."""
    known = dict(imports(doctree)) if doctree else {}

    def address(member: object) -> str | None:
        if (found := home(app.env, member)) is None:
            return None
        uri = app.builder.get_relative_uri(pagename, found[0].docname)
        return f"{uri}#{found[0].node_id}"

    def link_cell(cell: re.Match[str]) -> str:
        seen = set()

        def link_name(found: re.Match[str]) -> str:
            member = known.get(found[1])
            if inspect.ismodule(member):
                member = getattr(member, found[2] or "", None)
            target = address(member)
            if target is None or target in seen:
                return found[0]
            seen.add(target)
            return f'<a class="code-link" href="{target}">{found[0]}</a>'

        return NAME.sub(link_name, cell[0])

    if known:
        context["body"] = CELL.sub(link_cell, context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("missing-reference", resolve_short_name)
    app.connect("doctree-resolved", link_prose)
    app.connect("html-page-context", link_cells)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
