"""How pytest runs the chapters, and in which order everything goes, on however many processes."""

from __future__ import annotations

from pathlib import Path

import nbmake.pytest_items
import pytest

from tools.chapters import LONGEST, ChapterRun

ROOT = Path(__file__).resolve().parent
LAST = ("site", "lab", "widgets")

nbmake.pytest_items.NotebookRun = ChapterRun  # the website is built from what it executes


def folder(item: pytest.Item) -> str:
    """Name the folder of tests that a test is in."""
    return item.path.parent.relative_to(ROOT).as_posix().removeprefix("tests/")


def group(item: pytest.Item) -> str:
    """Name what one process does as a whole: the tests of a page, those of JupyterLab."""
    if folder(item) == "site" and isinstance(item, pytest.Function) and hasattr(item, "callspec"):
        return str(item.callspec.params.get("page", ""))
    return "lab" if folder(item) == "lab" else ""


def turn(item: pytest.Item) -> tuple[int, bool, str]:
    """Say when a test has its turn.

    First the chapters, the longest before the others; then the package, so that no chapter is still
    running when the site is built out of them; then the site, page by page, and other browsers.
    """
    if item.path.suffix == ".ipynb":
        return 0, item.path.stem != LONGEST, ""
    if folder(item) not in LAST:
        return 1, False, ""
    needs_site = "site" in getattr(item, "fixturenames", ())
    return 2 + LAST.index(folder(item)), needs_site, group(item)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in order, keep together what shares a page or a server, mark what executes."""
    items.sort(key=turn)
    for item in items:
        if name := group(item):
            item.add_marker(pytest.mark.xdist_group(name))
        if item.path.suffix == ".ipynb" or "build_log" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.kernel)
