"""How pytest runs the chapters, and in which order everything goes, on however many processes."""

from __future__ import annotations

import re
from pathlib import Path

import nbmake.pytest_items
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tools.chapters import LONGEST, ChapterRun

ROOT = Path(__file__).resolve().parent
LAST = ("site", "lab", "widgets")
PAGE_OF_SITE = re.compile(r"^tests/site/(?!test_in_firefox).*\[.*?([\w/]+\.html)")
TOGETHER = ("tests/lab/", "tests/site/test_in_firefox.py")  # one JupyterLab, one Firefox

nbmake.pytest_items.NotebookRun = ChapterRun  # the website is built from what it executes


class Queue(LoadScopeScheduling):
    """Hands out test by test, but together those of a page, of JupyterLab and of Firefox."""

    def _split_scope(self, nodeid: str) -> str:
        for start in TOGETHER:
            if nodeid.startswith(start):
                return start
        page = PAGE_OF_SITE.match(nodeid)
        return page[1] if page else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Queue:
    """Give the processes their queue."""
    return Queue(config, log)


def turn(item: pytest.Item) -> tuple[int, bool, str]:
    """Say when a test has its turn.

    First the chapters, the longest before the others; then the package, so that no chapter is still
    running when the site is built out of them; then the site, page by page, and other browsers.
    """
    if item.path.suffix == ".ipynb":
        return 0, item.path.stem != LONGEST, ""
    folder = item.path.parent.relative_to(ROOT).as_posix().removeprefix("tests/")
    if folder not in LAST:
        return 1, False, ""
    page = PAGE_OF_SITE.match(item.nodeid)
    needs_site = "site" in getattr(item, "fixturenames", ())
    return 2 + LAST.index(folder), needs_site, page[1] if page else ""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in order, and mark those that execute chapters."""
    items.sort(key=turn)
    for item in items:
        if item.path.suffix == ".ipynb" or "build_log" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.kernel)
