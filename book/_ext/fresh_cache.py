"""Executes the chapters again when the package that they import has changed.

The cache of executed notebooks looks at the chapters' own cells alone.
Sphinx looks at their files alone, and writes only the pages that it has read.
Without this extension a page could show numbers of yesterday's package.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

PACKAGE = "lae_helpers"
CACHE = ".jupyter_cache"
logger = logging.getLogger(__name__)


def package_files() -> list[Path]:
    """List the files of the installed package, those of the interpreter apart."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return []
    files = [path for path in Path(spec.origin).parent.rglob("*") if path.is_file()]
    return sorted(path for path in files if "__pycache__" not in path.parts)


def digest(files: list[Path]) -> str:
    """Hash the names and the contents of files."""
    content = hashlib.sha256()
    for path in files:
        content.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return content.hexdigest()


class Stamp:
    """The file in a folder that says which state of the package its content comes from."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / ".executed_with"

    def says(self, state: str) -> bool:
        """Tell whether the content comes from a state."""
        return self.path.exists() and self.path.read_text(encoding="utf-8") == state

    def write(self, state: str) -> None:
        """Say that from now on all of the content comes from a state."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(state, encoding="utf-8")


def current_state(source: Path) -> str:
    """Hash the installed package and the pins beside the book: what its chapters import."""
    return digest(package_files() + sorted(source.glob("requirements*")))


def empty_if_stale(build: Path, state: str) -> bool:
    """Empty the cache in a folder if it was filled in another state, and tell whether it was."""
    if Stamp(build).says(state):
        return False
    if (cache := build / CACHE).exists():
        shutil.rmtree(cache)
    Stamp(build).write(state)
    return True


class Freshness:
    """One build's answers to what has to be executed, read and written again.

    The cache is stamped when it is emptied, the pages are when a build of them has come to its
    end: one that was interrupted leaves pages behind that Sphinx would take for finished.
    """

    def __init__(self) -> None:
        self.state = ""

    def drop_stale_cache(self, app: Sphinx) -> None:
        """Empty the cache if it was filled with another state of the package or its pins."""
        self.state = current_state(Path(app.srcdir))
        if empty_if_stale(Path(app.outdir).parent, self.state):
            logger.info("The package has changed: every chapter is executed again.")

    def list_stale_pages(self, app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
        """List the pages to read again though their sources have not changed.

        Those are all if they were built with another state, or else those whose execution failed.
        """
        if not Stamp(Path(app.outdir)).says(self.state):
            return sorted(env.found_docs)
        notebooks = getattr(env, "nb_metadata", {})  # a fresh environment has none yet
        outcomes = {page: notebook.get("exec_data") for page, notebook in notebooks.items()}
        return [page for page, outcome in outcomes.items() if outcome and not outcome["succeeded"]]

    def stamp_pages(self, app: Sphinx, exception: Exception | None) -> None:
        """Say with which state the pages were built, once they all are."""
        if exception is None:
            Stamp(Path(app.outdir)).write(self.state)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    freshness = Freshness()
    app.connect("builder-inited", freshness.drop_stale_cache)
    app.connect("env-get-outdated", freshness.list_stale_pages)
    app.connect("build-finished", freshness.stamp_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
