"""Lets a link in words name what has a label: ``[Theorem 2.1](02_pca.ipynb#thm-pca)``.

Such a link reads, and opens the notebook, wherever a notebook is opened; a role is raw text where
nobody knows its label. What can become wrong is looked after here: the number in the words must be
that of the website, and author and year those of the bibliography,
``[Oja (1982)](references.md#oja1982simplified)``. A fault is a warning that says the right words.
``python -m tools.renumber`` puts numbers right.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import make_refnode
from sphinxcontrib.bibtex.citation_target import CitationTarget
from sphinxcontrib.bibtex.roles import CitationRef

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.domain import BibtexDomain

logger = logging.getLogger(__name__)

BIBLIOGRAPHY = "book/references"
EQUATION = "equation-"  # what Sphinx puts before the label of a formula
CHAPTER = "chapter"
KINDS = "Theorem|Proposition|Lemma|Corollary|Definition|Remark|Exercise|Figure"
# What words may say of a number: a kind and a number, a formula's in brackets, a chapter's.
NUMBER = re.compile(rf"\b({KINDS}|[Cc]hapter)[ \u00a0](\d+(?:\.\d+)*)|\((\d+\.\d+)\)")


class Target(NamedTuple):
    """Where a link leads on a page, and what is there: ``Theorem``, ``2.1``, or a section."""

    anchor: str
    kind: str = ""
    number: str = ""
    title: str = ""

    def __str__(self) -> str:
        """Say it in words."""
        if not self.number:
            return self.title
        return f"{self.kind} {self.number}" if self.kind else f"({self.number})"


def find_target(env: BuildEnvironment, page: str, label: str) -> Target | None:
    """Find what has a label on a page: a statement, formula, figure, exercise or section."""
    for kind, numbers in env.toc_fignumbers.get(page, {}).items():
        for anchor in (label, EQUATION + label):
            if anchor in numbers:
                number = ".".join(map(str, numbers[anchor]))
                return Target(anchor, "" if anchor != label else kind.title(), number)
    titles = env.domaindata["std"]["labels"]
    where, anchor = env.domaindata["std"]["anonlabels"].get(label, ("", ""))
    if where != page:
        return None
    return Target(anchor, title=str(titles[label][2]) if label in titles else "")


def correct(env: BuildEnvironment, page: str, label: str | None, words: str) -> str | None:
    """Put the first number that the words of a link say right; None if nothing has that label."""
    said = NUMBER.search(words)
    if said is None:
        return words
    if (said[1] or "").lower() == CHAPTER:
        chapter = ".".join(map(str, env.toc_secnumbers.get(page, {}).get("", ())))
        right = f"{said[1]} {chapter}" if chapter else ""
    else:
        target = find_target(env, page, label or "")
        right = str(target) if target and target.number else ""
    return words[: said.start()] + right + words[said.end() :] if right else None


class LinksOfOnePage(SphinxTransform):
    """When a page is read: its links to itself become like those to others, citations are noted."""

    default_priority = 870  # MyST resolves links to the same page at 879

    def apply(self, **_: object) -> None:
        """Change the document."""
        for link in list(self.document.findall(nodes.reference)):
            if link.get("id_link") and link.children:
                self.open_up(link)
        bibliography = cast("BibtexDomain", self.env.get_domain("cite"))
        for link in self.document.findall(addnodes.pending_xref):
            key = link.get("reftargetid")
            if link["reftype"] == "myst" and link["reftarget"] == BIBLIOGRAPHY and key:
                self.document.note_explicit_target(link, link)
                target = CitationTarget(key=key, pre="", post="")
                noted = CitationRef(link["ids"][0], self.env.docname, link.line, [target])
                bibliography.citation_refs.append(noted)

    def open_up(self, link: nodes.reference) -> None:
        """Leave a link to a label of the same page to the resolution below."""
        page = self.env.docname
        opened = addnodes.pending_xref(
            "",
            nodes.inline("", "", *link.children),
            reftype="myst",
            refdomain="doc",
            refdoc=page,
            reftarget=page,
            reftargetid=link["refuri"].removeprefix("#"),
            refexplicit=True,
        )
        opened.source, opened.line = link.source, link.line
        link.replace_self(opened)


class NamedLinks(SphinxPostTransform):
    """When all pages are read: links get their addresses, and their words are checked."""

    default_priority = 8  # MyST's own resolution follows at 9

    def run(self, **_: object) -> None:
        """Resolve the links of a page that name a label, and check the words of all."""
        for link in list(self.document.findall(addnodes.pending_xref)):
            if link["reftype"] == "myst" and link["refdomain"] == "doc":
                page, label = link["reftarget"], link["reftargetid"]
                if page == BIBLIOGRAPHY and label:
                    self.cite(link, label)
                else:
                    self.check(link, correct(self.env, page, label, link.astext()))
                    self.resolve(link, page, label)
        for figure in self.document.findall(nodes.figure):
            if "said" in figure:
                target = find_target(self.env, self.env.docname, figure["ids"][0])
                self.check(figure, f"{target}.", figure["said"])

    def check(self, node: nodes.Element, right: str | None, said: str | None = None) -> None:
        """Warn of words that are not right."""
        said = node.astext() if said is None else said
        if right is None:
            logger.warning("'%s' says a number, but its target has none", said, location=node)
        elif said.replace("\u00a0", " ") != right.replace("\u00a0", " "):
            message = "'%s' should be '%s': python -m tools.renumber puts numbers right"
            logger.warning(message, said, right, location=node)

    def resolve(self, link: addnodes.pending_xref, page: str, label: str | None) -> None:
        """Put a link to the anchor of a label; one that is not found is left to MyST, to report."""
        target = find_target(self.env, page, label) if label else None
        if target:
            words = nodes.inline("", "", *link[0].children)
            builder = self.app.builder
            link.replace_self(make_refnode(builder, self.env.docname, page, target.anchor, words))

    def cite(self, link: addnodes.pending_xref, key: str) -> None:
        """Put a link to an entry of the bibliography, with author and year as words."""
        domain = cast("BibtexDomain", self.env.get_domain("cite"))
        here, builder = self.env.docname, self.app.builder
        in_text = domain.resolve_xref(self.env, here, builder, "t", key, link, link)
        in_brackets = domain.resolve_xref(self.env, here, builder, "p", key, link, link)
        found = next(iter(in_text.findall(nodes.reference)), None)
        if found is None:  # the bibliography has said that it does not know the key
            link.replace_self(link[0].children)
            return
        right = in_text.astext().replace("[", "(").replace("]", ")")
        if not link.astext().endswith(")"):
            right = in_brackets.astext().strip("[]")
        self.check(link, right)
        found.children.clear()
        found += nodes.inline("", "", *link[0].children)
        found["ids"] = link["ids"]
        link.replace_self(found)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.add_transform(LinksOfOnePage)
    app.add_post_transform(NamedLinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
