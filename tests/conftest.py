"""What several kinds of tests share: the folders of the book and a real Chromium."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",  # Chromium refuses to run as root with its sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# What takes longest begins first; the site is built and JupyterLab started once, by one worker.
TOGETHER = ("tests/site", "book", "tests/lab")


@pytest.hookimpl(tryfirst=True)  # the workers read the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group the tests for several workers: a folder of TOGETHER's, or a file, stays with one."""

    def place(item: pytest.Item) -> int:
        places = [i for i, folder in enumerate(TOGETHER) if item.nodeid.startswith(folder)]
        return places[0] if places else len(TOGETHER)

    items.sort(key=place)
    for item in items:
        file = item.nodeid.partition("::")[0]
        shared = [folder for folder in TOGETHER if file.startswith(folder) and folder != "book"]
        item.add_marker(pytest.mark.xdist_group(shared[0] if shared else file))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of the machine's Chromium, which CI has to have."""
    paths = [path for name in CHROMIUM_NAMES if (path := shutil.which(name))]
    if paths:
        return paths[0]
    reason = f"none of {', '.join(CHROMIUM_NAMES)} is on PATH"
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs a browser: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Start one headless Chromium for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
