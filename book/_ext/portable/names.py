"""Knows how the book calls what has a label, and where it is: names, addresses, pictures."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx.util import logging

from ..named_links import BIBLIOGRAPHY, find_target
from .drawings import picture_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinxcontrib.bibtex.domain import BibtexDomain

EXTERNAL = ("http://", "https://", "mailto:")
logger = logging.getLogger(__name__)


class PageOfBook:
    """What one page knows of the book, and how it says what has no portable form.

    Parameters
    ----------
    app : Sphinx
    page : str
        The page that speaks.
    """

    def __init__(self, app: Sphinx, page: str) -> None:
        self.app, self.page = app, page

    def name(self, label: str) -> str:
        """Say what has a label on this page."""
        return str(find_target(self.app.env, self.page, label) or "")

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
        anchor = self.anchor(page, label)
        if anchor is None:
            return None
        return self.url(page, anchor) if path else ""

    def anchor(self, page: str, label: str) -> str | None:
        """Say where on a page something is: what has a label, a source by its key."""
        if page == BIBLIOGRAPHY:
            domain = cast("BibtexDomain", self.app.env.get_domain("cite"))
            return next((c.citation_id for c in domain.citations if c.key == label), None)
        target = find_target(self.app.env, page, label)
        return target.anchor if target else None

    def fault(self, message: str) -> None:
        """Warn, which fails the build."""
        logger.warning("in the portable notebook, %s", message, location=self.page)
