"""Knows how the book calls what has a label, and where it is: names, addresses, pictures."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sphinx.util import logging

from .drawings import picture_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

EXTERNAL = ("http://", "https://", "mailto:")
EQUATION = "equation-"  # what Sphinx puts before the label of a formula
logger = logging.getLogger(__name__)


class Target(NamedTuple):
    """A page, a place on it, and how that is called."""

    page: str
    anchor: str
    name: str


def collect_targets(app: Sphinx) -> dict[str, Target]:
    """Map every label of the book to its target: sections, and all that has a number."""
    env = app.env
    targets = {
        label: Target(page, anchor, "")
        for label, (page, anchor) in env.domaindata["std"]["anonlabels"].items()
    }
    for label, (page, anchor, title) in env.domaindata["std"]["labels"].items():
        targets[label] = Target(page, anchor, str(title))
    for page, kinds in env.toc_fignumbers.items():
        for kind, numbers in kinds.items():
            for anchor, parts in numbers.items():
                number = ".".join(map(str, parts))
                name = f"({number})" if kind == "displaymath" else f"{kind.title()} {number}"
                targets[anchor.removeprefix(EQUATION)] = Target(page, anchor, name)
    for citation in env.domaindata["cite"]["citations"]:
        page = citation.bibliography_key.docname
        targets[citation.key] = Target(page, citation.citation_id, "")
    return targets


class PageOfBook:
    """What one page knows of the book, and how it says what has no portable form.

    Parameters
    ----------
    app : Sphinx
    targets : dict of str to Target
    page : str
        The page that speaks.
    """

    def __init__(self, app: Sphinx, targets: dict[str, Target], page: str) -> None:
        self.app, self.targets, self.page = app, targets, page

    def name(self, label: str) -> str:
        """Say what has a label."""
        return self.targets[label].name if label in self.targets else ""

    def url(self, page: str, anchor: str = "") -> str:
        """Say where a page of the website is; "" if the site has no address."""
        if not (site := self.app.config.html_baseurl):
            return ""
        place = f"#{anchor}" if anchor else ""
        return posixpath.join(site, self.app.builder.get_target_uri(page)) + place

    def picture(self, path: str, alt: str) -> str:
        """Give a drawing of the book as an element that holds its picture."""
        try:
            return picture_of(Path(self.app.srcdir, posixpath.dirname(self.page), path), alt)
        except ValueError as error:
            self.fault(str(error))
            return alt

    def address(self, target: str) -> str | None:
        """Say where a link leads: "" within the page, and if the site has no address."""
        if target.startswith(EXTERNAL):
            return target
        path, _, label = target.partition("#")
        page = posixpath.normpath(posixpath.join(posixpath.dirname(self.page), path))
        page = posixpath.splitext(page)[0] if path else self.page
        if page not in self.app.env.all_docs:
            return None
        if not label:
            return self.url(page)
        found = self.targets.get(label)
        if found is None or found.page != page:
            return None
        return self.url(page, found.anchor) if path else ""

    def fault(self, message: str) -> None:
        """Warn, which fails the build."""
        logger.warning("in the portable notebook, %s", message, location=self.page)
