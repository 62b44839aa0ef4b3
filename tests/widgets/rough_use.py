"""What a figure has to stand: many actions in any order, and its own end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

COUNT_LISTENERS = """() => {
    globalThis.held = 0;
    const add = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (type, listener, options) {
        const signal = this instanceof AbortSignal ? this : options?.signal;
        if (signal) add.call(signal, "abort", () => (held -= 1));
        if (signal || this instanceof Node) held += 1; // Playwright listens to the window
        return add.call(this, type, listener, options);
    };
}"""
TURN_PAGE = "type => dispatchEvent(new PageTransitionEvent(type, { persisted: true }))"
USE = """async (draws) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    for (const [which, amount] of draws) {
        const all = [...document.querySelectorAll(".lae-live :is(input, select, button)")];
        const controls = all.filter((c) => !c.disabled && c.checkVisibility());
        const control = controls[Math.floor(which * controls.length)];
        if (control.type === "range") {
            const [least, most] = [Number(control.min), Number(control.max)];
            control.value = String(least + Math.round(amount * (most - least)));
            control.dispatchEvent(new Event("input", { bubbles: true }));
            control.dispatchEvent(new Event("change", { bubbles: true }));
        } else if (control.tagName === "SELECT") {
            control.selectedIndex = Math.floor(amount * control.options.length);
            control.dispatchEvent(new Event("change", { bubbles: true }));
        } else {
            control.click();
        }
        if (amount > 0.9) document.documentElement.dataset.theme = which > 0.5 ? "dark" : "light";
        await frame();
    }
    await frame();
    return document.querySelector(".lae-live").outerHTML;
}"""


def use_at_random(tab: Tab, actions: int = 200, seed: int = 0) -> None:
    """Mount the page's one figure anew, use it at random and end it; `mount` sees its errors.

    Raises
    ------
    AssertionError
        If a number on the page is none, or listeners grow in number or outlive the figure.
    """
    live = tab.locator(".lae-live")
    expect(live).to_have_count(1)
    tab.evaluate(TURN_PAGE, "pagehide")
    expect(live).to_have_count(0)
    tab.evaluate(COUNT_LISTENERS)
    tab.evaluate(TURN_PAGE, "pageshow")
    expect(live).to_have_count(1)
    expect(tab.locator(".lae-sentence")).not_to_be_empty()
    held = tab.evaluate("held")
    assert held > 0
    page = tab.evaluate(USE, np.random.default_rng(seed).random((actions, 2)).tolist())
    assert not re.search(r"NaN|Infinity|undefined", page)
    assert tab.evaluate("held") == held
    tab.evaluate(TURN_PAGE, "pagehide")
    expect(live).to_have_count(0)
    assert tab.evaluate("held") == 0


def assert_fits(tab: Tab) -> None:
    """Assert that nothing is wider than the page, and that what is touched is large enough."""
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = """() => [...document.querySelectorAll(".lae-live :is(button, select, input)")]
        .filter((c) => c.checkVisibility())
        .map((c) => (c.type === "radio" ? c.closest("label") : c).getBoundingClientRect())
        .filter(({ width, height }) => width < 24 || height < 24).length"""
    assert tab.evaluate(small) == 0


def assert_fits_everyone(tab: Tab) -> None:
    """Assert that the figure fits, and that axe finds nothing in it, by day and by night."""
    expect(tab.locator(".lae-live")).to_be_visible()
    assert_fits(tab)
    for theme in ("light", "dark"):
        tab.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
        results = Axe().run(tab, context=".lae-live")
        assert results.violations_count == 0, results.generate_report()
