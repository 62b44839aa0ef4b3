"""Writes every page that has cells as a notebook that reads, and runs, anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..builds import when_built
from .notebooks import hand_out, write_notebooks

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("html-page-context", hand_out, priority=502)  # the theme adds its button at 501
    when_built(app, write_notebooks, priority=900)  # when the wheel is there
    return {"parallel_read_safe": True, "parallel_write_safe": True}
