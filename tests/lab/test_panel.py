"""The interactive figures of chapter 4, in a real JupyterLab, by mouse and by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.widgets.hosting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator
    from playwright.sync_api import Page as Tab

CHAPTER = "04_invariance_groups.ipynb"
MOMENT, WHILE = 60_000, 240_000  # milliseconds

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chapter(run_all: Callable[[str], Tab]) -> Tab:
    """Chapter 4, all of its cells run."""
    return run_all(CHAPTER)


@pytest.fixture
def panel(chapter: Tab) -> Locator:
    """Scroll the training panel into view."""
    panel = chapter.locator(".lae-training-panel")
    panel.scroll_into_view_if_needed()
    return panel


def picture(figure: Locator) -> str:
    source = figure.locator("img").get_attribute("src")
    assert source is not None
    return source


def says(panel: Locator, words: str | re.Pattern[str], timeout: int = MOMENT) -> None:
    expect(panel.locator(".lae-status")).to_contain_text(words, timeout=timeout)


def button(panel: Locator, label: str) -> Locator:
    return panel.get_by_role("button").filter(has_text=re.compile(rf"^\s*{label}\s*$"))


def press(panel: Locator, label: str) -> None:
    button(panel, label).click()


def test_the_panel_trains_restarts_and_stops(panel: Locator) -> None:
    expect(panel.get_by_role("img")).to_have_attribute("alt", re.compile("[|]cos[|]"))

    press(panel, "none")
    press(panel, "Start")
    says(panel, "Training: no regulariser")
    first = picture(panel)
    expect(panel.locator("img")).not_to_have_attribute("src", first, timeout=MOMENT)
    second = picture(panel)
    expect(panel.locator("img")).not_to_have_attribute("src", second, timeout=MOMENT)
    says(panel, "Training: no regulariser")

    press(panel, "sum")  # while it trains
    says(panel, "Training: sum")
    says(panel, re.compile(r"Done.*sum.*transpose gap \d(\.\d)?e-0[4-9]"), timeout=WHILE)
    recovered = re.compile(r"left singular vectors of W₂, \|cos\| (1\.000, )*1\.000;")
    expect(panel.get_by_role("img")).to_have_attribute("alt", recovered)

    press(panel, "non-uniform sum")
    says(panel, "Press Start")
    press(panel, "Start")
    says(panel, re.compile(r"Training: non-uniform sum.*step \d+"))
    press(panel, "Stop")
    says(panel, "Stopped")
    expect(button(panel, "Start")).to_be_enabled()
    says(panel, re.compile(r"step \d+"))

    press(panel, "Reset")
    says(panel, "Ready: non-uniform sum")


def test_the_controls_fit_the_words_they_carry(panel: Locator) -> None:
    for control in panel.get_by_role("button").all():
        assert control.evaluate("b => b.scrollWidth <= b.clientWidth"), control.inner_text()


def test_the_controls_say_what_they_are_and_how_they_stand(panel: Locator) -> None:
    press(panel, "sum")
    group = panel.get_by_role("group", name="regulariser")
    expect(group.get_by_role("button")).to_have_text(["none", "product", "sum", "non-uniform sum"])
    for number, pressed in enumerate(("false", "false", "true", "false")):
        expect(group.get_by_role("button").nth(number)).to_have_attribute("aria-pressed", pressed)
    strength = panel.get_by_role("slider", name="strength λ")
    before = float(strength.get_attribute("aria-valuenow") or "")
    typed = panel.get_by_role("textbox", name="strength λ, typed")
    old = typed.inner_text()
    strength.press("ArrowRight")
    expect(typed).not_to_have_text(old)
    shown = typed.inner_text()
    for name in ("aria-valuenow", "aria-valuetext"):
        expect(strength).to_have_attribute(name, shown)
    assert before < float(shown) < 1.3 * before
    expect(strength).to_have_attribute("aria-valuemin", "0.001")
    expect(strength).to_have_attribute("aria-valuemax", "10")
    expect(panel.get_by_role("slider", name="width k")).to_have_attribute("aria-valuetext", "8")
    expect(panel.get_by_role("combobox", name="optimiser")).to_be_visible()
    expect(panel.get_by_role("progressbar", name="training")).to_be_visible()
    says(panel, f"λ = {float(shown):.3g}")
    expect(panel.get_by_role("status")).to_contain_text(f"λ = {float(shown):.3g}")


def test_the_picture_is_dark_in_the_dark_and_the_choice_told_in_forced_colours(
    chapter: Tab, panel: Locator
) -> None:
    press(panel, "sum")
    image = panel.get_by_role("img")
    expect(image).to_have_css("filter", "none")
    chapter.evaluate("document.body.dataset.jpThemeLight = 'false'")
    expect(image).to_have_css("filter", re.compile(r"^invert\(1\)"))
    chapter.evaluate("document.body.dataset.jpThemeLight = 'true'")
    grounds = "b => getComputedStyle(b).backgroundColor"
    chapter.emulate_media(forced_colors="active")
    chosen, other = (button(panel, name) for name in ("sum", "none"))
    wait_until(chapter, lambda: chosen.evaluate(grounds) != other.evaluate(grounds))
    chapter.emulate_media(forced_colors="none")


def test_the_pager_turns_by_keyboard(chapter: Tab) -> None:
    pager = chapter.locator(".lae-image-pager")
    pager.scroll_into_view_if_needed()
    column = pager.get_by_role("img", name="Column of W₂")
    expect(column).to_have_accessible_name(re.compile(r"Column of W₂, 1: \|cos\| \d"))
    before = column.evaluate("canvas => canvas.toDataURL()")
    pager.get_by_role("radio", name="index 1").focus()
    chapter.keyboard.press("ArrowRight")
    expect(column).to_have_accessible_name(re.compile("Column of W₂, 2"))
    wait_until(chapter, lambda: column.evaluate("canvas => canvas.toDataURL()") != before)
    chapter.keyboard.press("ArrowDown")  # the notebook's own key for the next cell
    expect(column).to_have_accessible_name(re.compile("Column of W₂, 3"))
    expect(pager.get_by_role("radio", name="index 3")).to_be_focused()


def test_nothing_went_wrong_in_the_kernel(chapter: Tab) -> None:
    expect(chapter.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    assert "Error" not in "".join(chapter.locator(".jp-OutputArea-output").all_inner_texts())
