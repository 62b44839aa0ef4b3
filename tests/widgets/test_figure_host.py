"""The website's host script: figures mounted without a kernel, from a file, several on a page."""

from __future__ import annotations

import html
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from book._ext.light_figures import spread_figures
from lae_helpers.widgets.spectrum_figure import SpectrumFigure
from tests.conftest import BOOK
from tests.widgets.hosting import page_with, settle, wait_until
from tools.browsing import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Route
    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.browser

VARIANCES = [4.0, 2.0, 1.0, 0.1]
STRICT = """<meta http-equiv="Content-Security-Policy" content="default-src 'none';
 img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">"""


def test_the_host_is_small() -> None:
    host = (BOOK / "_static" / "figure_host.js").read_text(encoding="utf-8")
    lines = [line.strip() for line in host.splitlines()]
    assert len([line for line in lines if line and not line.startswith(("/*", "*"))]) < 175
    assert "http" not in host


def test_mounts_several_figures_and_hides_their_pictures(mount: Callable[..., Tab]) -> None:
    tab = mount(SpectrumFigure(VARIANCES), SpectrumFigure(VARIANCES, lam=1.5))
    expect(tab.locator(".lae-live")).to_have_count(2)
    expect(tab.locator(".lae-fallback").first).to_be_hidden()
    slider = tab.get_by_role("slider").first
    slider.focus()
    slider.press("End")
    expect(tab.get_by_role("status").first).to_contain_text("every component is given up")
    expect(tab.get_by_role("status").last).to_contain_text("2 of 4 components")


def test_a_figure_whose_state_is_missing_shows_its_picture(mount: Callable[..., Tab]) -> None:
    tab = mount(SpectrumFigure(VARIANCES), with_state=False)
    expect(tab.get_by_role("img")).to_be_visible()
    expect(tab.locator(".lae-live")).to_have_count(0)


def test_without_javascript_and_on_paper_the_picture_shows(mount: Callable[..., Tab]) -> None:
    tab = mount(SpectrumFigure(VARIANCES), context_options={"java_script_enabled": False})
    expect(tab.locator(".lae-fallback img")).to_be_visible()
    tab = mount(SpectrumFigure(VARIANCES))
    expect(tab.locator(".lae-live")).to_be_visible()
    tab.emulate_media(media="print")
    expect(tab.locator(".lae-live")).to_be_hidden()
    expect(tab.locator(".lae-fallback img")).to_be_visible()


def test_leaving_the_page_ends_the_figures_and_coming_back_mounts_them(
    mount: Callable[..., Tab],
) -> None:
    tab = mount(SpectrumFigure(VARIANCES))
    expect(tab.locator(".lae-live")).to_be_visible()
    tab.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(tab.locator(".lae-live")).to_have_count(0)
    tab.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(tab.locator(".lae-live")).to_have_count(1)


def test_where_modules_are_forbidden_the_picture_stays(browser: Browser, tmp_path: Path) -> None:
    page = page_with(SpectrumFigure(VARIANCES)).replace("<head>", f"<head>{STRICT}")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    tab = browser.new_page()
    with tab.expect_console_message(lambda message: "import" in message.text):
        tab.goto((tmp_path / "page.html").as_uri())
    expect(tab.get_by_role("img")).to_be_visible()
    expect(tab.locator(".lae-live")).to_have_count(0)
    tab.close()


def test_a_sandboxed_frame_shows_the_live_figure(browser: Browser) -> None:
    tab = browser.new_page()
    framed = html.escape(page_with(SpectrumFigure(VARIANCES)))
    tab.set_content(f'<iframe sandbox="allow-scripts" srcdoc="{framed}"></iframe>')
    frame = tab.frame_locator("iframe")
    expect(frame.locator(".lae-live.lae-spectrum")).to_be_visible()
    expect(frame.locator(".lae-fallback")).to_be_hidden()
    tab.close()


class Line:
    """A line on which the parts of a figure are lost, or held back, until it is mended."""

    def __init__(self) -> None:
        self.mended = False
        self.asked: list[str] = []
        self.held: list[Route] | None = None

    def pass_on(self, route: Route) -> None:
        self.asked.append(route.request.url)
        if self.mended:
            route.continue_()
        elif self.held is None:
            route.abort()
        else:
            self.held.append(route)

    def mend(self) -> None:
        self.mended = True
        for route in self.held or []:
            route.continue_()


@contextmanager
def page_on_a_line(browser: Browser, folder: Path, line: Line) -> Iterator[Tab]:
    """Open a page whose figure lies in files, as on the website."""
    parts = "_static/figures/"
    page = spread_figures(page_with(SpectrumFigure(VARIANCES)), folder / parts, parts)
    (folder / "page.html").write_text(page, encoding="utf-8")
    with serve(folder) as address:
        tab = browser.new_page()
        tab.clock.install()
        tab.route(f"**/{parts}*.js", line.pass_on)
        with tab.expect_request(f"**/{parts}*.js"):
            tab.goto(f"{address}page.html", wait_until="commit")
        expect(tab.get_by_role("img")).to_be_visible()
        yield tab
        tab.close()


def wait_until_asked_again(tab: Tab, line: Line) -> None:
    before = len(line.asked)

    def asked() -> bool:
        tab.clock.run_for(1000)  # the pause begins when the page has heard of the loss
        return len(line.asked) > before

    wait_until(tab, asked)


def test_what_a_dropped_line_lost_is_asked_for_once_more(browser: Browser, tmp_path: Path) -> None:
    line = Line()
    with page_on_a_line(browser, tmp_path, line) as tab:
        line.mend()
        wait_until_asked_again(tab, line)
        expect(tab.locator(".lae-live.lae-spectrum")).to_be_visible()
        expect(tab.locator(".lae-fallback")).to_be_hidden()


def test_a_figure_that_does_not_come_says_so_and_is_asked_for_by_its_reader(
    browser: Browser, tmp_path: Path
) -> None:
    line = Line()
    with page_on_a_line(browser, tmp_path, line) as tab:
        note = tab.get_by_role("status")
        again = note.get_by_role("button", name="Try again")
        wait_until_asked_again(tab, line)
        expect(note).to_have_text("The live figure did not come. Try again")
        expect(tab.get_by_role("img")).to_be_visible()
        again.click()
        wait_until_asked_again(tab, line)
        expect(note).to_have_text("The live figure did not come. Try again")
        line.mend()
        again.click()
        expect(tab.locator(".lae-live.lae-spectrum")).to_be_visible()
        expect(tab.locator(".lae-lost")).to_have_count(0)


def test_who_leaves_while_a_figure_comes_and_returns_finds_it(
    browser: Browser, tmp_path: Path
) -> None:
    line = Line()
    line.held = []
    with page_on_a_line(browser, tmp_path, line) as tab:
        for event in ("pagehide", "pageshow"):
            tab.evaluate(
                f"dispatchEvent(new PageTransitionEvent('{event}', {{ persisted: true }}))"
            )
        line.mend()
        expect(tab.locator(".lae-live.lae-spectrum")).to_be_visible()
        settle(tab)
        expect(tab.locator(".lae-live.lae-spectrum")).to_have_count(1)
        expect(tab.locator(".lae-fallback")).to_be_hidden()
