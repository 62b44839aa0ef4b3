"""The website's host script: figures mounted without a kernel, from a file, several on a page."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from lae_helpers.widgets.spectrum_figure import SpectrumFigure
from tests.conftest import BOOK
from tests.widgets.hosting import page_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.browser

VARIANCES = [4.0, 2.0, 1.0, 0.1]
STRICT = """<meta http-equiv="Content-Security-Policy" content="default-src 'none';
 img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">"""


def test_the_host_is_small() -> None:
    host = (BOOK / "_static" / "figure_host.js").read_text(encoding="utf-8")
    lines = [line.strip() for line in host.splitlines()]
    assert len([line for line in lines if line and not line.startswith(("/*", "*"))]) < 140
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
