"""Front ends in a real Chromium: their numerics by themselves, and whole figures without a book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from lae_helpers.widgets.front_end import SCRIPTS
from tests.conftest import PATIENCE
from tests.widgets.hosting import page_with, settle, wait_until_seen
from tools.browsing import serve

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ViewportSize
    from playwright.sync_api import Page as Tab

    from lae_helpers.widgets.base import InteractiveFigure

RUN = """async ([module, source, argument]) => {
    const run = new Function('m', 'argument', `return (${source})(m, argument)`);
    return run(await import(module), argument);
}"""


@pytest.fixture(scope="session")
def modules(browser: Browser) -> Iterator[Tab]:
    """Open a tab that may import the front end's modules."""
    with serve(SCRIPTS) as address:
        tab = browser.new_page()
        tab.goto(f"{address}explorer.js")
        yield tab
        tab.close()


@pytest.fixture(scope="session")
def run_js(modules: Tab) -> Callable[..., Any]:
    """Give a function that runs ``(m, argument) => ...`` with an imported module as ``m``."""

    def run(module: str, source: str, argument: object = None) -> object:
        return modules.evaluate(RUN, [f"/{module}", source, argument])

    return run


@pytest.fixture
def mount(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Tab]]:
    """Give a function that shows figures on a page on disk, without a kernel, and waits for them.

    When the test ends, no page may have raised an error or asked for anything but itself.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_page(
        *figures: InteractiveFigure,
        width: int = 1280,
        with_state: bool = True,
        fragment: str = "",
        labels: tuple[str, ...] = (),
        prose: str = "",
        clock: bool = False,
        context_options: dict[str, Any] | None = None,
    ) -> Tab:
        path = tmp_path / f"page{len(contexts)}.html"
        page = page_with(*figures, with_state=with_state, labels=labels, prose=prose)
        path.write_text(page, encoding="utf-8")
        size: ViewportSize = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, **(context_options or {}))
        contexts.append(context)
        context.set_default_timeout(1000 * PATIENCE)
        tab = context.new_page()
        if clock:  # that stands still until a test lets it run
            tab.clock.install(time=0)
            tab.clock.pause_at(1)
        tab.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "blob:", "data:")) else
            troubles.append(r.url),
        )  # fmt: skip
        tab.goto(path.as_uri() + fragment)
        options = context_options or {}
        if with_state and options.get("java_script_enabled", True):
            expect(tab.locator(".lae-live")).to_have_count(len(figures))
            wait_until_seen(tab)
            if not clock:
                settle(tab)
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
