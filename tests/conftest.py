"""What several kinds of tests share: the folders of the book and a real Chromium."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import expect, sync_playwright

from tools.browsing import CHROMIUM_FLAGS, CHROMIUM_NAMES, find_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
PATIENCE = 60  # seconds, on a busy machine

expect.set_options(timeout=1000 * PATIENCE)
# What takes long on a busy machine is no fault of what is tested.
settings.register_profile(
    "busy", settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
)
settings.load_profile("busy")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of the machine's Chromium, which CI has to have."""
    if path := find_chromium():
        return path
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
