"""The site, built once, served on loopback and looked at in Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from playwright.sync_api import expect

from tests.conftest import PATIENCE
from tools.browsing import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Route
    from playwright.sync_api import Page as Tab

ROOT = Path(__file__).resolve().parents[2]
EXECUTE = ("python", "-m", "tools.chapters")
BUILD = ("build", ".", "-W", "-n", "--keep-going", "--all")

# What has been painted is told after what has moved.
LOADED = "performance.getEntriesByType('resource').map((entry) => entry.name)"
SHIFT = """() => new Promise((resolve) => {
    let moved = 0;
    const observer = new PerformanceObserver((list) => {
        for (const { value, hadRecentInput } of list.getEntriesByType('layout-shift'))
            moved += hadRecentInput ? 0 : value;
        if (list.getEntriesByType('paint').length) resolve(moved);
    });
    for (const type of ['layout-shift', 'paint']) observer.observe({ type, buffered: true });
})"""


def build_book(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Build the book in a folder, by the command of ``make book`` if no other is given.

    A ``lae_helpers`` in the folder stands before the installed one.
    """
    program, *arguments = command or ("jupyter-book", *BUILD)
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.run(
        [str(Path(sys.executable).with_name(program)), *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


@pytest.fixture(scope="session")
def build_log(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """Build the site as ``make book`` does, once for all processes, and give what that said."""
    folder = tmp_path_factory.getbasetemp()
    log = (folder if worker_id == "master" else folder.parent) / "site.log"
    with FileLock(log.with_suffix(".lock")):
        if not log.exists():
            said = ""
            for command in (EXECUTE, ("jupyter-book", *BUILD)):
                run = build_book(ROOT, *command)
                said += run.stdout
                assert run.returncode == 0, said
            log.write_text(said, encoding="utf-8")
    return log.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def site(build_log: str) -> Path:
    """Give the folder of the built site."""
    assert build_log
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the site on loopback and give its address."""
    with serve(site) as address:
        yield address


@dataclass
class Visit:
    """A page as a reader has it open, and everything that went wrong on the way."""

    tab: Tab
    console_errors: list[str] = field(default_factory=list)
    failed_requests: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)
    shift: float = 0.0  # how much moved, unasked, until the page was there
    loaded: list[str] = field(default_factory=list)  # what it had asked for until then


def listen(tab: Tab, address: str) -> Visit:
    """Write down errors, and block and write down requests to other hosts."""
    visit = Visit(tab)

    def keep_at_home(route: Route) -> None:
        if route.request.url.startswith(address):
            route.continue_()
        else:
            visit.foreign_requests.append(route.request.url)
            route.abort()

    tab.route(lambda url: not url.startswith(("data:", "blob:")), keep_at_home)
    tab.on(
        "console",
        lambda m: (
            visit.console_errors.append(f"{m.text} ({m.location['url']})")
            if m.type == "error"
            else None
        ),
    )
    tab.on("pageerror", lambda error: visit.console_errors.append(str(error)))
    tab.on("requestfailed", lambda r: visit.failed_requests.append(r.url))
    tab.on(
        "response",
        lambda r: visit.failed_requests.append(r.url) if r.status >= 400 else None,
    )
    return visit


def expect_nothing(tab: Tab, listed: str) -> None:
    """Expect that a script, which lists what is wrong on a page, comes to list nothing."""
    deadline = time.monotonic() + PATIENCE
    while wrong := tab.evaluate(listed):
        assert time.monotonic() < deadline, wrong
        tab.wait_for_timeout(50)


def expect_figures(tab: Tab) -> None:
    """Expect that every figure of a page is alive."""
    expect(tab.locator(".lae-figure:not(:has(.lae-live))")).to_have_count(0)


@contextmanager
def dark(tab: Tab) -> Iterator[None]:
    """Show a page as a reader has it whose screen turns dark."""
    tab.emulate_media(color_scheme="dark")
    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    try:
        yield
    finally:
        tab.emulate_media(color_scheme="light")
        expect(tab.locator("html")).to_have_attribute("data-theme", "light")


@pytest.fixture(scope="session")
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Give a function that opens a page and waits until it is there, its figures and fonts too.

    What is open of another page is closed: tests come page by page.
    """
    contexts: dict[tuple[int, str], BrowserContext] = {}
    visits: dict[tuple[str, int, str], Visit] = {}

    def open_page(page: str, width: int = 1280, scheme: str = "light") -> Visit:
        key = (page, width, scheme)
        for other in [other for other in visits if other[0] != page]:
            visits.pop(other).tab.close()
        if key not in visits:
            if (width, scheme) not in contexts:
                contexts[width, scheme] = browser.new_context(
                    viewport={"width": width, "height": 900},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
                contexts[width, scheme].set_default_timeout(1000 * PATIENCE)
            visits[key] = listen(contexts[width, scheme].new_page(), address)
            visits[key].tab.goto(address + page, wait_until="load")
            visits[key].tab.wait_for_load_state("networkidle")
            expect_figures(visits[key].tab)
            visits[key].tab.evaluate("document.fonts.ready.then(() => true)")
            visits[key].shift = visits[key].tab.evaluate(SHIFT)
            visits[key].loaded = visits[key].tab.evaluate(LOADED)
        return visits[key]

    yield open_page
    for context in contexts.values():
        context.close()
