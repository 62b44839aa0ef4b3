"""The Sphinx extension of the book: loads those beside its pages, wherever Sphinx is started.

Jupyter Book finds them by itself, but the configuration that ``jupyter-book config sphinx`` writes
for others, Read the Docs among them, says nothing of where they are. This package is installed
wherever the book can be executed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

EXTENSIONS = (
    "addresses",
    "mathml",
    "page_extras",
    "fresh_cache",
    "accessible_markup",
    "symbol_links",
    "kept_together",
    "two_colours",
    "unfolding",
    "reading_time",
    "three_depths",
    "captions",
    "named_links",
    "both_spellings",
    "light_figures",
    "light_pages",
    "light_icons",
    "previews",
    "package_reference",
    "code_links",
    "package_wheel",
    "site_files",
    "portable",
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extensions of the book that is built."""
    here = Path(app.srcdir)
    book = here / "book" if (here / "book").exists() else here  # Jupyter Book builds one page there
    if (root := str(book.parent)) not in sys.path:
        sys.path.insert(0, root)
    for name in EXTENSIONS:
        app.setup_extension(f"book._ext.{name}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
