"""What extensions ask of a build: is it over, of the whole book, where is a page, has it cells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder


def when_built(app: Sphinx, finish: Callable[[Sphinx], None], priority: int = 500) -> None:
    """Let a function be called when a website has been built, of whatever pages.

    Parameters
    ----------
    app : Sphinx
    finish : callable
        Called with the application, unless the build has failed or is of something else.
    priority : int
        Those of lower priority are called first.
    """

    def call(app: Sphinx, exception: Exception | None) -> None:
        if exception is None and app.builder.format == "html":
            finish(app)

    app.connect("build-finished", call, priority=priority)


def is_whole_book(app: Sphinx) -> bool:
    """Tell whether the whole book is built: a page alone is built in its own folder."""
    return "/" in app.config.root_doc


def has_cells(app: Sphinx, page: str) -> bool:
    """Tell whether a page holds cells of code."""
    return "kernelspec" in app.env.metadata.get(page, {})


def file_of(app: Sphinx, page: str) -> Path:
    """Say where a website has a page."""
    return Path(cast("StandaloneHTMLBuilder", app.builder).get_outfilename(page))
