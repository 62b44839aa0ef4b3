"""What the explorer shows, and where: its heart on one screen, what moved, what is found, time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from lae_helpers import synthetic_data
from lae_helpers.widgets.explorer import Explorer
from tests.widgets.hosting import settle, wait_until
from tests.widgets.test_explorer import ACTIONS, only

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    Mount = Callable[..., Tab]

pytestmark = pytest.mark.browser

SMALL = synthetic_data([7.0, 5.0, 3.0, 2.0], 10)
HEADERS = {1280: 48, 390: 56}  # of the site's pages, which stay in sight
BOXES = """() => Object.fromEntries([".lae-weights", ".lae-kicks", ".lae-found", ".lae-deck"]
    .map((name) => [name, document.querySelector(name).getBoundingClientRect()])
    .map(([name, { top, bottom }]) => [name, [top + scrollY, bottom + scrollY]]))"""
PLACES = """async (n) => {
    const parts = [...document.querySelectorAll(".lae-explorer *")]
        .filter((e) => /^(canvas|button|input|label|svg|p)$/.test(e.tagName.toLowerCase()))
        .filter((e) => e.checkVisibility() && !e.closest(".lae-marks"));
    const places = () => parts.map((e) => Math.round(e.getBoundingClientRect().top));
    const first = places();
    const moved = new Set();
    while (n-- > 0) {
        await new Promise(requestAnimationFrame);
        places().forEach((y, i) =>
            y === first[i] || !parts[i].isConnected || moved.add(parts[i].outerHTML));
    }
    return [...moved];
}"""
LIT = """(selector) => document.getAnimations()
    .filter((a) => a.effect?.target?.matches?.(selector)).length"""
# What lights up stays lit, however long it takes to look at it.
PRESS_AND_HOLD = """async (button) => {
    button.click();
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    for (const animation of document.getAnimations()) animation.pause();
}"""
RINGS = """() => [...document.querySelectorAll(".lae-found .lae-ring")].map((ring) => [
    parseFloat(ring.querySelector(".lae-arc").getAttribute("stroke-dasharray")),
    parseFloat(ring.textContent), ring.classList.contains("lae-closed")])"""
HORIZONTALS = """() => [...document.querySelectorAll(".lae-plot")[1]
    .querySelectorAll("path[stroke*=muted][stroke-dasharray='6 4']")]
    .map((path) => path.getAttribute("d").match(/[\\d.]+/g).map(Number))"""
CURVE = """() => document.querySelectorAll(".lae-plot")[1]
    .querySelector("path[stroke*=first]").getAttribute("d").match(/[\\d.]+/g).map(Number)"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_heart_is_on_one_screen_and_cause_beside_effect(mount: Mount, width: int) -> None:
    height = {1280: 900, 390: 844}[width]
    tab = mount(Explorer(n_components=8), width=width)
    tab.set_viewport_size({"width": width, "height": height})
    only(tab)
    column = {1280: 672, 390: 342}[width]  # of text, on the site's pages
    tab.evaluate("px => (document.querySelector('main').style.width = `${px}px`)", column)
    settle(tab, 3)
    boxes = tab.evaluate(BOXES)
    top, bottom = boxes[".lae-weights"][0], boxes[".lae-deck"][1]
    assert bottom - top <= height - HEADERS[width] - 8
    assert 0 <= boxes[".lae-kicks"][0] - boxes[".lae-weights"][1] < 16
    tab.evaluate("document.querySelector('main').style.paddingBlock = '2000px'")
    for place in (1700, 2000, 2300, 2600):  # from above, within, below the heart
        tab.evaluate("y => scrollTo(0, y)", place)
        box = tab.locator(".lae-deck").bounding_box()
        assert box is not None
        assert -1 <= box["y"] <= height - box["height"] + 1


def test_nothing_jumps_while_it_runs(mount: Mount) -> None:
    for width in (1280, 374):
        figure = only(tab := mount(Explorer(n_components=6), width=width))
        figure.root.get_by_role("radio", name="sum", exact=True).click()
        figure.slide("speed", 6)
        figure.press(ACTIONS["GL(k)"])
        assert tab.evaluate(PLACES, 100) == []
        figure.press(ACTIONS["O(k)"])
        assert tab.evaluate(PLACES, 20) == []


def test_keys_choose_a_loss_and_let_go(mount: Mount) -> None:
    figure = only(tab := mount(Explorer(SMALL)))
    tab.evaluate("addEventListener('keydown', (event) => (globalThis.passed = event.key))")
    tab.keyboard.press("3")
    settle(tab)
    figure.says("Starting weights")
    assert tab.evaluate("passed") == "3"
    figure.button("Play").focus()
    for key, name in (("2", "product"), ("4", "non-uniform sum"), ("3", "sum")):
        tab.keyboard.press(key)
        chosen = figure.root.get_by_role("radio", name=name, exact=True)
        expect(chosen).to_be_checked()
        expect(figure.button("Pause")).to_be_visible()
    assert tab.evaluate("passed") == "3"
    tab.evaluate("globalThis.passed = ''")
    tab.keyboard.press("5")
    assert tab.evaluate("passed") == "5"
    expect(chosen).to_have_accessible_description("O(k)")
    figure.open("ways to fail")
    seed = figure.root.get_by_role("spinbutton", name="seed")
    seed.fill("")
    seed.press("1")
    expect(chosen).to_be_checked()


def test_a_loss_chosen_while_a_walk_is_retraced_lets_go_after_it(mount: Mount) -> None:
    figure = only(tab := mount(Explorer(SMALL, steps=20_000)))
    figure.root.get_by_role("radio", name="sum", exact=True).evaluate("input => input.click()")
    figure.says(re.compile("^After .* now under the sum"))
    wait_until(tab, lambda: figure.steps > 20_000)
    expect(figure.button("Pause")).to_be_visible()


def test_it_rests_and_every_change_starts_it_again(mount: Mount) -> None:
    figure = only(mount(Explorer(SMALL, n_components=2, speed=1000)))
    status = figure.root.locator(".lae-status")
    figure.root.get_by_role("radio", name="sum", exact=True).click()
    expect(status).to_contain_text("at rest")
    expect(status).to_contain_text("2 of 2 directions found")
    heard = re.compile("At rest, 2 of 2 directions found|training is over")  # first this, then that
    expect(figure.root.locator(".lae-heard")).to_have_text(heard)
    steps = figure.steps
    figure.press(ACTIONS["GL(k)"])
    expect(status).not_to_contain_text(f"Step {steps:,},")
    expect(status).to_contain_text("at rest")
    steps = figure.steps
    figure.slide("strength λ", 90)
    expect(status).not_to_contain_text(f"Step {steps:,},")


def test_what_moved_lights_up_and_what_did_not(mount: Mount) -> None:
    figure = only(tab := mount(Explorer(SMALL, regularizer="sum", steps=300)))
    figure.says("After 300 steps")
    tab.wait_for_function("document.getAnimations().length === 0")
    figure.button(ACTIONS["O(k)"]).evaluate(PRESS_AND_HOLD)
    assert tab.evaluate(LIT, ".lae-readout") == 3
    assert set(figure.changes.values()) == {"unchanged"}
    assert tab.evaluate(LIT, ".lae-encoder canvas") == 4
    assert tab.evaluate(LIT, ".lae-tile") == 0  # a rotation leaves the singular vectors
    figure.button(ACTIONS["GL(k)"]).evaluate(PRESS_AND_HOLD)
    assert tab.evaluate(LIT, ".lae-tile") > 0
    assert figure.changes["reconstruction"] == "unchanged"
    assert "→" in figure.changes["loss"]
    still = only(
        tab := mount(Explorer(SMALL, steps=1), context_options={"reduced_motion": "reduce"})
    )
    still.press(ACTIONS["GL(k)"])
    settle(tab)
    assert tab.evaluate("document.getAnimations().length") == 0
    assert still.changes["loss"] == "unchanged"


def test_a_ring_closes_as_a_vector_arrives(mount: Mount) -> None:
    figure = only(tab := mount(Explorer(SMALL, regularizer="sum", lam=0.2, speed=100)))
    figure.press("Play")
    seen = []
    for _ in range(400):
        seen += tab.evaluate(RINGS)
        if all(closed for *_, closed in seen[-4:]):
            break
        settle(tab, 3)
    assert len({closed for *_, closed in seen}) == 2
    for drawn, said, closed in seen:
        assert drawn == pytest.approx(90 - said, abs=0.51)
        assert closed == (said <= 5) or said == 5.0


def test_time_can_be_dragged_back(mount: Mount) -> None:
    figure = only(tab := mount(Explorer(SMALL, n_components=3, steps=40, speed=100)))
    figure.root.get_by_role("radio", name="sum", exact=True).click()
    settle(tab, 40)
    figure.press(ACTIONS["O(k)"])
    settle(tab, 20)
    figure.press("Pause")
    settle(tab)
    said, steps, gap = figure.sentence, figure.steps, figure.gap
    scrubber = figure.root.get_by_role("slider", name="time")
    now = figure.button("Back to now")
    expect(now).to_be_disabled()
    marks = figure.root.locator(".lae-marks span")
    expect(marks).to_have_count(2)
    expect(marks.first).to_have_text("sum, λ 0.3")
    scrubber.press("Home")
    figure.says("Starting weights")
    expect(scrubber).to_have_attribute("aria-valuetext", re.compile("^step 0"))
    expect(figure.root.get_by_role("radio", name="none", exact=True)).to_be_checked()
    now.click()
    settle(tab)
    assert (figure.sentence, figure.steps, figure.gap) == (said, steps, gap)
    scrubber.press("PageDown")
    expect(figure.root.locator(".lae-status")).to_contain_text("looking back")
    settle(tab)
    assert figure.steps < steps
    earlier = figure.steps
    figure.press("Play from here")
    wait_until(tab, lambda: figure.steps > earlier)
    figure.press("Pause")
    expect(now).to_be_disabled()


def test_each_loss_has_its_minimum_over_its_own_stretch(mount: Mount) -> None:
    figure = only(tab := mount(Explorer(SMALL, n_components=2, steps=60, speed=100)))
    figure.root.get_by_role("radio", name="sum", exact=True).click()
    settle(tab, 60)
    figure.press("Pause")
    settle(tab)
    curve = tab.evaluate(CURVE)
    points = list(zip(curve[::2], curve[1::2], strict=True))
    assert points[0][0] == pytest.approx(50, abs=0.1)  # step 0 stands where the axis begins
    minima = tab.evaluate(HORIZONTALS)
    assert len(minima) == 2
    (left, low, middle, _), (begin, high, right, _) = minima
    assert left < middle == begin < right
    assert high < low  # higher up: the penalty costs
    for x, y in points:  # nowhere below the minimum of its own loss
        assert y <= (low if x < middle else high if x > middle else low) + 0.3
    legend = figure.root.locator(".lae-plot-box", has_text="reconstruction").locator(".lae-key")
    for key in legend.all():
        expect(key.locator("svg")).to_have_count(1)
    heats = figure.root.locator(".lae-heat canvas").all()
    assert len({heat.evaluate("e => e.getBoundingClientRect().top") for heat in heats}) == 1


def test_the_focus_stays_when_the_descent_diverges(mount: Mount) -> None:
    figure = only(tab := mount(Explorer(SMALL, problem="step too large", speed=1000)))
    figure.press("Play")
    figure.says("Diverged after")
    expect(figure.button("Play")).to_be_focused()
    expect(figure.button("Play")).to_be_disabled()
    tab.keyboard.press("Enter")
    settle(tab)
    expect(figure.button("Play")).to_be_visible()
    expect(figure.root.locator(".lae-heard")).to_contain_text("Diverged")
    figure.root.get_by_role("slider", name="time").press("PageDown")
    expect(figure.button("Play from here")).to_be_enabled()


def test_forced_colours_tell_the_chosen_loss(mount: Mount) -> None:
    figure = only(mount(Explorer(SMALL), context_options={"forced_colors": "active"}))
    labels = figure.root.locator(".lae-losses label")
    grounds = [label.evaluate("e => getComputedStyle(e).backgroundColor") for label in labels.all()]
    assert grounds[0] not in grounds[1:]
