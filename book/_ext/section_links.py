"""Lets a link name a section of another page: ``[chapter 4](04_invariance_groups.ipynb#sec-…)``.

Such a link opens the notebook wherever it is read, where a bare label leads nowhere without Sphinx.
MyST looks behind the ``#`` for the slugs of headings alone; here it finds the labels too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LEVEL = 0  # of a heading, which a link does not need


def offer_labels(_app: Sphinx, env: BuildEnvironment) -> None:
    """Put the labels of every page beside the slugs of its headings."""
    for label, (page, target, title) in env.domaindata["std"]["labels"].items():
        if page in env.all_docs:
            slugs = env.metadata[page].setdefault("myst_slugs", {})
            slugs.setdefault(label, (LEVEL, target, title))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("env-updated", offer_labels)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
