"""What a frame and a response of a figure cost the main thread, by Chromium's own account."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

WATCHED = 4  # seconds
REPEATS = 3

PLAY = """async (selector) => {
    const live = document.querySelector(selector);
    await document.fonts.ready; // formulas above move the figure
    await new Promise((done) => setTimeout(done, 500));
    live.scrollIntoView();
    for (const loss of ['none', 'sum']) {
        live.querySelector(`input[value=${loss}]`)?.click();
        await new Promise((done) => setTimeout(done, 300));
    }
    const play = [...live.querySelectorAll('button')].find((b) => b.textContent.trim() === 'Play');
    play?.click();
    await new Promise((done) => setTimeout(done, 300));
}"""
COUNT_FRAMES = """(seconds) => new Promise((done) => {
    let frames = 0;
    const end = performance.now() + 1000 * seconds;
    const next = (time) => {
        frames += 1;
        if (time < end) requestAnimationFrame(next); else done(frames);
    };
    requestAnimationFrame(next);
})"""
# Every control once, from the event to the end of the frame that shows what it did.
RESPOND = """async (selector) => {
    const live = document.querySelector(selector);
    const said = {};
    const frame = () => new Promise((done) =>
        requestAnimationFrame(() => setTimeout(done)));
    for (const control of live.querySelectorAll('button, input')) {
        if (control.disabled || !control.checkVisibility() || control.type === 'file') continue;
        await frame();
        const begin = performance.now();
        if (control.type === 'range') {
            const { value, min, max } = control;
            control.value = value === max ? min : max;
            control.dispatchEvent(new Event('input', { bubbles: true }));
            control.dispatchEvent(new Event('change', { bubbles: true }));
        } else control.click();
        await frame();
        const name = control.labels?.[0]?.textContent || control.textContent;
        said[name] = Math.max(said[name] ?? 0, performance.now() - begin);
    }
    return said;
}"""


def frame_cost(page: Page, address: str, selector: str, *, slowdown: float = 1.0) -> float:
    """Return the milliseconds of the main thread's tasks a frame, while a figure plays.

    Parameters
    ----------
    page : Page
        Of the width to measure at.
    address : str
        Of a page with the figure.
    selector : str
        Of the figure, live.
    slowdown : float
        How many times slower the processor is made.
    """
    costs = []
    for _ in range(REPEATS):
        session = _open(page, address, selector, slowdown)
        page.evaluate(PLAY, selector)
        before = _task_seconds(session)
        frames: int = page.evaluate(COUNT_FRAMES, WATCHED)
        costs.append(1000 * (_task_seconds(session) - before) / frames)
        session.detach()
    return statistics.median(costs)


def responses(
    page: Page, address: str, selector: str, *, slowdown: float = 1.0
) -> dict[str, float]:
    """Return the milliseconds that each control of a figure takes to show what it does.

    Parameters
    ----------
    page, address, selector, slowdown
        As of `frame_cost`.
    """
    session = _open(page, address, selector, slowdown)
    page.evaluate(PLAY, selector)
    said: dict[str, float] = page.evaluate(RESPOND, selector)
    session.detach()
    return said


def _open(page: Page, address: str, selector: str, slowdown: float) -> CDPSession:
    page.goto("about:blank")
    page.goto(address)
    page.locator(f"{selector} canvas").first.wait_for()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})  # not what others compute
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    return session


def _task_seconds(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))
