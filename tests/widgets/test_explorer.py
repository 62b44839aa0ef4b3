"""The explorer on a page without a kernel: by mouse, by keyboard, by link, at random."""

from __future__ import annotations

import json
import re
import warnings
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lae_helpers import axis_alignment, replay, synthetic_data, transpose_gap
from lae_helpers.explorer.problems import PRESETS
from lae_helpers.explorer.replay import find_problem
from lae_helpers.recovery import Recovered
from lae_helpers.regularizers import REGULARIZERS
from lae_helpers.widgets.explorer import Explorer
from tests.widgets.hosting import settle, wait_until
from tests.widgets.rough_use import COUNT_LISTENERS, TURN_PAGE, assert_fits

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator
    from playwright.sync_api import Page as Tab

    from lae_helpers import LinearAutoencoder
    from lae_helpers._checks import FloatArray

    Mount = Callable[..., Tab]

pytestmark = pytest.mark.browser

SMALL = synthetic_data([7.0, 5.0, 3.0, 2.0], 10)  # 2 x 2 pixels, variances 4.9, 2.5, 0.9, 0.4
ACTIONS = {"GL(k)": "Random G in GL(k)", "O(k)": "Random rotation in O(k)", "{±1}^k": "Flip signs"}
ROWS = {
    "Columns of W₂": "Columns of W₂, and |cos|",
    "Left singular vectors": "Left singular vectors of W₂, and |cos|",
    "Principal directions": "Left singular vectors of W₂, each over the principal direction",
}
NO_NUMBER = re.compile(r"NaN|Infinity|undefined|null")
KEY = "#explorer="

COUNT_CHANGES = """([selector, milliseconds]) => new Promise((done) => {
    let changes = 0;
    const observer = new MutationObserver(() => (changes += 1));
    observer.observe(document.querySelector(selector), { childList: true });
    setTimeout(() => (observer.disconnect(), done(changes)), milliseconds);
})"""
# Every drawn frame, and every number typed, pressed or slid, in an order that the draws decide.
USE = """async (draws) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const live = document.querySelector(".lae-live");
    const seen = [];
    for (const [which, amount] of draws) {
        const all = [...live.querySelectorAll("input, select, button, summary")];
        const controls = all.filter((c) => !c.disabled && c.checkVisibility());
        const control = controls[Math.floor(which * controls.length)];
        const say = (type) => control.dispatchEvent(new Event(type, { bubbles: true }));
        if (control.type === "range") {
            const [least, most] = [Number(control.min), Number(control.max)];
            control.value = String(least + Math.round(amount * (most - least)));
            say("input");
            say("change");
        } else if (control.type === "number") {
            const typed = ["", "-1", "1e999", "0.5", "4294967296", String(amount), "7"];
            control.value = typed[Math.floor(amount * typed.length)];
            say("change");
        } else if (control.tagName === "SELECT") {
            control.selectedIndex = Math.floor(amount * control.options.length);
            say("change");
        } else {
            control.click();
        }
        if (amount > 0.9) document.documentElement.dataset.theme = which > 0.5 ? "dark" : "light";
        await frame();
        if (amount < 0.2) await frame();
        const named = [...live.querySelectorAll("svg, [aria-label]")];
        seen.push(live.textContent, ...named.map((element) => element.outerHTML));
    }
    return seen.filter((text) => /NaN|Infinity|undefined|null/.test(text));
}"""
COUNT_FRAMES = """() => {
    globalThis.pending = new Set();
    const [request, cancel] = [requestAnimationFrame, cancelAnimationFrame];
    globalThis.requestAnimationFrame = (listener) => {
        const id = request((time) => (pending.delete(id), listener(time)));
        pending.add(id);
        return id;
    };
    globalThis.cancelAnimationFrame = (id) => (pending.delete(id), cancel(id));
}"""


class Figure:
    """One explorer on a page, and what a reader does with it."""

    def __init__(self, root: Locator) -> None:
        self.root = root

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        self.button(name).click()

    def choose(self, regularizer: str) -> None:
        """Choose a loss, which lets go at once, and hold on."""
        self.root.get_by_role("radio", name=regularizer, exact=True).click()
        self.press("Pause")

    def slide(self, name: str, position: int) -> None:
        self.root.get_by_role("slider", name=name).fill(str(position))

    def open(self, summary: str) -> None:
        details = self.root.locator("details").filter(has_text=summary)
        if details.get_attribute("open") is None:
            details.locator("summary").click()

    def take_problem(self, name: str) -> None:
        self.open("ways to fail")
        self.root.get_by_role("combobox", name="data").select_option(name)

    def drawn(self, selector: str) -> Locator:
        """Give what has a selector, to be read: what was asked for is drawn."""
        settle(self.root.page)
        return self.root.locator(selector)

    @property
    def sentence(self) -> str:
        return self.drawn(".lae-sentence").inner_text()

    @property
    def effect(self) -> str:
        return self.drawn(".lae-effect").inner_text()

    @property
    def changes(self) -> dict[str, str]:
        """What the last group element did to the parts of the loss."""
        parts = self.drawn(".lae-change").all_inner_texts()
        return dict(zip(("reconstruction", "penalty", "loss"), parts, strict=True))

    @property
    def steps(self) -> int:
        found = re.search(r"([\d,]+) steps?\b", self.sentence)
        return int(found[1].replace(",", "")) if found else 0

    @property
    def gap(self) -> float:
        return read_number(self.sentence.split("transpose gap ")[1])

    def captions(self, row: str) -> list[str]:
        said = self.drawn(f'[aria-label^="{ROWS[row]}"]').get_attribute("aria-label")
        return (said or "").rpartition(": ")[2].split(", ")

    def says(self, words: str | re.Pattern[str]) -> None:
        expect(self.root.locator(".lae-sentence")).to_contain_text(words)

    def play_to_the_end(self) -> None:
        self.slide("speed", 9)
        self.press("Play")
        self.says(re.compile(r"training is over|Diverged"))
        if self.button("Pause").count():  # at rest, until something is touched
            self.press("Pause")
        expect(self.button("Play")).to_be_visible()

    def copy(self, what: str) -> str:
        self.open("Take these weights")
        self.press(what)
        expect(self.root.locator("details [role=status]")).to_contain_text("cop")
        return self.root.get_by_role("textbox", name="The state as text").input_value()


def read_number(text: str) -> float:
    """Read the number that a text begins with, as the figure writes it."""
    found = re.match(r"([\d.]+)(?: · 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", text)
    assert found is not None, text
    power = (found[2] or "⁰").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(found[1].rstrip(".")) * float(f"1e{power}")


def only(tab: Tab) -> Figure:
    """Give the one explorer of a page, mounted."""
    root = tab.locator(".lae-explorer")
    expect(root.locator(".lae-sentence")).not_to_be_empty()
    return Figure(root)


def test_play_pause_step_reset_and_speed(mount: Mount) -> None:
    tab = mount(Explorer())
    figure = only(tab)
    figure.says("Starting weights: ")
    figure.press("One step")
    figure.says("After 1 step, now with no regulariser")
    figure.slide("speed", 0)
    expect(figure.root).to_contain_text("× 0.1")
    figure.press("Play")
    expect(figure.button("One step")).to_be_disabled()
    wait_until(tab, lambda: figure.steps > 1)
    figure.press("Pause")
    settle(tab)
    slow = figure.steps
    figure.slide("speed", 9)
    figure.press("Play")
    settle(tab, 60)
    figure.press("Pause")
    settle(tab)
    fast = figure.steps
    assert fast > 5 * slow
    settle(tab, 10)
    assert figure.steps == fast
    figure.press("One step")
    settle(tab)
    assert figure.steps == fast + 1
    figure.press("Reset")
    figure.says("Starting weights: ")


def test_settings_change_what_is_learned(mount: Mount) -> None:
    tab = mount(Explorer())
    figure = only(tab)
    slider = figure.root.get_by_role("slider", name="strength λ")
    expect(slider).to_be_disabled()
    first = figure.captions("Columns of W₂")
    assert len(first) == 8
    figure.choose("sum")
    expect(slider).to_be_enabled()
    figure.slide("strength λ", 160)
    settle(tab)
    expect(slider).to_have_attribute("aria-valuetext", "10")
    figure.slide("width k", 16)
    settle(tab)
    assert len(figure.captions("Columns of W₂")) == 16
    figure.open("ways to fail")
    seed = figure.root.get_by_role("spinbutton", name="seed")
    before = figure.captions("Columns of W₂")
    seed.fill("5")
    seed.press("Enter")
    settle(tab)
    assert figure.captions("Columns of W₂") != before
    seed.fill("-5")
    seed.press("Enter")
    expect(seed).to_have_value("5")
    rate = figure.root.get_by_role("spinbutton", name="learning rate")
    expect(rate).to_be_disabled()
    figure.root.get_by_role("checkbox", name="automatic learning rate").uncheck()
    rate.fill("0.003")
    rate.press("Enter")
    expect(figure.root).to_contain_text("Learning rate 0.003: set by hand.")
    expect(figure.root).to_contain_text("64 leading principal directions, which hold 87 %")


def test_all_die_under_a_strength_above_every_variance(mount: Mount) -> None:
    tab = mount(Explorer(SMALL, regularizer="sum", lam=6.0))
    figure = only(tab)
    figure.play_to_the_end()
    figure.says("every component has died; transpose gap")
    assert figure.captions("Left singular vectors") == ["–"] * 4
    for _ in range(5):
        figure.press("One step")
    settle(tab)
    assert not NO_NUMBER.search(figure.root.inner_html())


UNSEEN_BY = {
    "none": {"GL(k)", "O(k)", "{±1}^k"},
    "product": {"GL(k)", "O(k)", "{±1}^k"},
    "sum": {"O(k)", "{±1}^k"},
    "non-uniform sum": {"{±1}^k"},
}


def test_the_loss_sees_exactly_what_its_group_does_not_hold(mount: Mount) -> None:
    tab = mount(Explorer(n_components=5))
    figure = only(tab)
    for regularizer in REGULARIZERS:
        figure.choose(regularizer)
        figure.press("Reset")
        figure.press("One step")
        for group, label in ACTIONS.items():
            figure.press(label)
            settle(tab)
            unseen = group in UNSEEN_BY[regularizer]
            expect(figure.root.locator(".lae-effect")).to_contain_text(f"{label}: ")
            changes = figure.changes
            assert changes["reconstruction"] == "unchanged"
            for part in ("penalty", "loss"):
                assert (changes[part] == "unchanged") == unseen
            assert ("loss unchanged, nothing pulls the weights back" in figure.effect) == unseen
            if not unseen:
                found = re.search(r"([\d.]+) → ([\d.]+)", changes["penalty"])
                assert found is not None
                assert found[1] != found[2]
    assert "training leads back to an orbit of {±1}ᵏ" not in figure.effect  # flips come last


def test_with_one_component_flips_are_all_that_the_sums_leave(mount: Mount) -> None:
    """For k = 1 O(1) is {±1}: the non-uniform sum is the sum."""
    figure = only(mount(Explorer(SMALL, n_components=1, regularizer="non-uniform sum")))
    figure.press("Random rotation in O(k)")
    expect(figure.root.locator(".lae-effect")).to_contain_text("loss unchanged")
    assert figure.changes["penalty"] == "unchanged"


@pytest.mark.parametrize("regularizer", REGULARIZERS)
def test_training_pulls_back_to_the_orbit_or_not(mount: Mount, regularizer: str) -> None:
    tab = mount(Explorer(SMALL, n_components=2, regularizer=regularizer))
    figure = only(tab)
    figure.play_to_the_end()
    gap, columns = figure.gap, figure.captions("Columns of W₂")
    figure.press(ACTIONS["O(k)" if regularizer == "non-uniform sum" else "GL(k)"])
    settle(tab)
    moved = figure.gap
    pulls = regularizer in {"sum", "non-uniform sum"}
    expect(figure.root.locator(".lae-effect")).to_contain_text(
        "training leads back" if pulls else "nothing pulls the weights back"
    )
    if regularizer == "non-uniform sum":
        assert columns == ["1.000", "1.000"]
        assert figure.captions("Columns of W₂") != columns
    else:
        assert moved > 0.05
        assert moved != pytest.approx(gap, rel=0.01)
    figure.play_to_the_end()
    if pulls:
        assert figure.gap < 1e-6
    else:
        assert figure.gap == pytest.approx(moved, rel=0.02)
    if regularizer == "non-uniform sum":
        assert figure.captions("Columns of W₂") == columns
    if pulls:
        assert figure.captions("Left singular vectors") == ["1.000", "1.000"]


def test_group_elements_are_refused_before_rounding_shows(mount: Mount) -> None:
    tab = mount(Explorer(SMALL))
    figure = only(tab)
    effect = figure.root.locator(".lae-effect")
    for _ in range(200):
        figure.button(ACTIONS["GL(k)"]).dispatch_event("click")
        settle(tab, 2)
        if "refused" in figure.effect:
            break
        expect(effect).to_contain_text("loss unchanged")
    expect(effect).to_contain_text("refused. The weights are so large by now")
    figure.press("Reset")
    expect(effect).to_have_text(re.compile("^Let one of these act"))
    assert set(figure.changes.values()) == {""}


def test_the_presets_say_their_reason(mount: Mount) -> None:
    tab = mount(Explorer(SMALL))
    figure = only(tab)
    for name, preset in PRESETS.items():
        figure.take_problem(name)
        expect(figure.root.locator(".lae-reason")).to_have_text(preset.reason)
        expect(
            figure.root.get_by_role("radio", name=preset.regularizer, exact=True)
        ).to_be_checked()
        settle(tab)
        assert len(figure.captions("Columns of W₂")) == preset.n_components
    figure.take_problem("data")
    expect(figure.root.locator(".lae-reason")).to_be_empty()
    settle(tab)
    assert len(figure.captions("Columns of W₂")) <= 4


def test_equal_variances_leave_a_plane(mount: Mount) -> None:
    figure = only(mount(Explorer(SMALL, problem="two equal variances", seed=2)))
    figure.play_to_the_end()
    first, second, third, fourth = figure.captions("Left singular vectors")
    assert (first, fourth) == ("1.000", "1.000")
    assert second == third != "1.000"  # one angle turns both
    dots = figure.root.locator(".lae-plot").first.locator("circle[fill^=var]")
    heights = [float(dot.get_attribute("cy") or "nan") for dot in dots.all()]
    assert heights[1] == pytest.approx(heights[2], abs=0.01)
    assert heights[0] < heights[1] - 0.5 < heights[3]


def test_a_component_dies_between_two_variances(mount: Mount) -> None:
    figure = only(mount(Explorer(SMALL, problem="λ between two variances")))
    figure.play_to_the_end()
    figure.says("all 4 left singular vectors of W₂ are within 0.001°")
    figure.says("1 of 5 components has died.")
    assert figure.captions("Left singular vectors") == ["1.000"] * 4 + ["–"]


def test_with_k_equal_to_n_nothing_is_learned(mount: Mount) -> None:
    tab = mount(Explorer(SMALL, problem="k = n"))
    figure = only(tab)
    figure.play_to_the_end()
    assert figure.gap > 0.1
    figure.says(re.compile(r"[0-3] of 9 left singular vectors of W₂ "))
    figure.press(ACTIONS["GL(k)"])
    settle(tab)
    assert figure.changes["reconstruction"] == "unchanged"
    assert re.search(r"reconstruction (0|[\d.]+ · 10⁻[¹²³]?.)", figure.root.inner_text())
    assert not NO_NUMBER.search(figure.root.inner_html())
    expect(figure.root).to_contain_text("minimum of the loss: 0")


def test_uncentred_data_lead_to_the_mean(mount: Mount) -> None:
    figure = only(mount(Explorer(SMALL, problem="uncentred data, no biases")))
    figure.play_to_the_end()
    problem = PRESETS["uncentred data, no biases"].problem
    expected = np.abs(np.diagonal(problem.reference[:4, :4]))  # the axes are its eigenvectors
    shown = [float(caption) for caption in figure.captions("Left singular vectors")]
    assert shown == pytest.approx(expected, abs=0.0011)
    assert max(shown) < 0.99


def test_the_saddle_holds_and_then_lets_go(mount: Mount) -> None:
    figure = only(mount(Explorer(SMALL, problem="start at a saddle")))
    figure.says("Starting weights: 2 of 3 left singular vectors")
    figure.button("One step").evaluate("(b) => { for (let i = 0; i < 60; i += 1) b.click(); }")
    figure.says("After 60 steps")
    assert figure.captions("Left singular vectors")[2] == "0.000"
    figure.slide("speed", 9)
    figure.press("Play")
    figure.says("all 3 left singular vectors of W₂ are within 0.001°")


def test_a_step_too_large_diverges_and_is_caught(mount: Mount) -> None:
    figure = only(mount(Explorer(SMALL, problem="step too large")))
    figure.play_to_the_end()
    figure.says(
        re.compile(r"Diverged after \d+ steps with learning rate 0.12: the loss is [\d.]+ · ")
    )
    for name in ("Play", "One step", *ACTIONS.values()):
        expect(figure.button(name)).to_be_disabled()
    figure.press("Reset")
    figure.root.get_by_role("checkbox", name="automatic learning rate").check()
    figure.play_to_the_end()
    figure.says("training is over")


def run_lines(lines: str, X: FloatArray | None = None) -> tuple[LinearAutoencoder, Recovered]:
    """Execute the three lines of Python that the figure gives."""
    assert lines.count("\n") == 2
    names: dict[str, Any] = {"X": X}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(lines, names)
    return names["model"], names["recovered"]


def assert_shows(figure: Figure, model: LinearAutoencoder, recovered: Recovered, k: int) -> None:
    problem = find_problem("digits")
    directions, W2 = problem.directions[:, :k], model.decoder.weight.detach().numpy()
    for row, matrix in (("Left singular vectors", recovered.directions), ("Columns of W₂", W2)):
        shown = [float(caption) for caption in figure.captions(row)]
        assert shown == pytest.approx(axis_alignment(matrix, directions), abs=0.00051)
    assert figure.gap == pytest.approx(transpose_gap(model), rel=0.06)


def test_copied_python_gives_what_is_on_the_screen(mount: Mount) -> None:
    tab = mount(Explorer(n_components=6, seed=11))
    figure = only(tab)
    figure.slide("speed", 2)
    for regularizer, action in (("product", "GL(k)"), ("sum", "O(k)"), ("none", "{±1}^k")):
        figure.choose(regularizer)
        figure.press("Play")
        settle(tab, 15)
        figure.press("Pause")
        figure.press(ACTIONS[action])
    figure.choose("non-uniform sum")
    figure.press("One step")
    settle(tab)
    lines = figure.copy("Copy as Python")
    assert 'replay("digits", n_components=6, seed=11, walk=[("product", 0.3, ' in lines
    assert_shows(figure, *run_lines(lines), k=6)


def test_a_small_start_by_slider_in_python_and_in_a_link(mount: Mount) -> None:
    explorer = Explorer(n_components=4)
    figure = only(tab := mount(explorer))
    figure.open("ways to fail")
    slider = figure.root.get_by_role("slider", name="size of the start")
    expect(slider).to_have_attribute("aria-valuetext", "1")
    figure.press("One step")
    settle(tab)
    assert "start_size" not in figure.copy("Copy as Python")
    for key, value in {"Home": "0.001", "ArrowRight": "0.00112", "End": "1"}.items():
        slider.press(key)
        expect(slider).to_have_attribute("aria-valuetext", value)
    figure.says("Starting weights: ")
    slider.fill("20")
    figure.says("the weights first have to grow.")
    expect(figure.root.locator(".lae-heard")).to_contain_text("the weights first have to grow.")
    figure.play_to_the_end()
    figure.says("The small start has brought the transpose; the directions need a penalty.")
    settle(tab)
    assert figure.gap < 0.01
    lines = figure.copy("Copy as Python")
    assert 'replay("digits", n_components=4, seed=0, start_size=0.01, walk=[("none"' in lines
    assert_shows(figure, *run_lines(lines), k=4)
    said, link = everything_said(figure), figure.copy("Copy link")
    other = only(mount(explorer, fragment=link[link.index("#") :]))
    other.says(said[0])
    assert everything_said(other) == said
    other.open("ways to fail")
    expect(other.root.get_by_role("slider", name="size of the start")).to_have_attribute(
        "aria-valuetext", "0.01"
    )
    assert other.copy("Copy link").split("#")[1] == link.split("#")[1]
    other.press("Reset")
    other.says("the weights first have to grow.")
    other.take_problem("k = n")
    expect(other.root.get_by_role("slider", name="size of the start")).to_have_attribute(
        "aria-valuetext", "1"
    )


def test_a_link_from_before_there_were_sizes_opens_at_size_one(mount: Mount) -> None:
    old = state_of(n_components=4)
    assert "start_size" not in old
    figure = only(tab := mount(Explorer(SMALL, start_size=0.01), fragment=old))
    figure.says("After 25 steps")
    figure.open("ways to fail")
    slider = figure.root.get_by_role("slider", name="size of the start")
    expect(slider).to_have_attribute("aria-valuetext", "1")
    settle(tab)
    model = replay("k = n", n_components=4, seed=0, walk=[("sum", 0.3, 0.01, 25)])
    assert figure.gap == pytest.approx(transpose_gap(model), rel=0.01)


BARE = """async (m, [state, basis, scales]) => {
    const listeners = [];
    const model = {
        get: (name) => state[name],
        set(name, value) {
            if (Object.is(state[name], value)) return;
            state[name] = value;
            for (const [type, listener] of listeners) if (type === `change:${name}`) listener();
        },
        on: (type, listener) => listeners.push([type, listener]),
        off() {},
        save_changes() {},
    };
    state._basis = new DataView(Int8Array.from(basis).buffer);
    state._basis_scales = new DataView(Float64Array.from(scales).buffer);
    const el = document.createElement("div");
    document.body.prepend(el);
    scrollTo(0, 0);
    const end = m.default.render({ model, el });
    const buttons = [...el.querySelectorAll("button")];
    const press = (label) => buttons.find(({ textContent }) => textContent === label).click();
    const frames = async (n) => { while (n-- > 0) await new Promise(requestAnimationFrame); };
    model.set("playing", true);
    await frames(12);
    model.set("regularizer", "sum");
    await frames(12);
    model.set("playing", false);
    await frames(2);
    press("Random G in GL(k)");
    press("One step");
    press("Copy as Python");
    const lines = el.querySelector("textarea").value;
    const read = (name) => [...new Float64Array(state[name].buffer)];
    end();
    el.remove();
    return { lines, encoder: read("_encoder"), decoder: read("_decoder"), walk: state.walk };
}"""


@pytest.mark.parametrize("start_size", [1.0, 0.05])
def test_copied_python_gives_the_very_weights(
    run_js: Callable[..., Any], start_size: float
) -> None:
    explorer = Explorer(SMALL, n_components=3, seed=4, speed=20, start_size=start_size)
    state = {name: value for name, value in explorer.get_state().items() if name[:1] != "_"}
    del state["layout"]
    state |= {"_problems": explorer._problems, "_limits": explorer._limits}
    basis = np.frombuffer(explorer._basis, dtype=np.int8).tolist()
    scales = np.frombuffer(explorer._basis_scales).tolist()
    said = run_js("explorer.js", BARE, [state, basis, scales])
    assert [entry[0] for entry in said["walk"]] == ["none", "sum", "GL(k)", "sum"]
    report = {name: np.array(said[name]).tobytes() for name in ("encoder", "decoder")}
    explorer.set_state({f"_{name}": data for name, data in report.items()} | {"walk": said["walk"]})
    model, recovered = run_lines(said["lines"], SMALL)
    assert explorer.decoder == pytest.approx(model.decoder.weight.detach().numpy(), abs=1e-9)
    assert explorer.encoder == pytest.approx(model.encoder.weight.detach().numpy(), abs=1e-9)
    assert explorer.recovered.directions == pytest.approx(recovered.directions, abs=1e-9)


def everything_said(figure: Figure) -> list[str]:
    rows = ("Columns of W₂", "Left singular vectors", "Principal directions")
    return [figure.sentence, *(caption for row in rows for caption in figure.captions(row))]


def test_a_copied_link_opens_what_was_on_the_screen(mount: Mount) -> None:
    explorer = Explorer(n_components=5)
    tab = mount(explorer)
    figure = only(tab)
    figure.slide("speed", 2)
    figure.choose("sum")
    figure.slide("strength λ", 130)
    figure.press("Play")
    settle(tab, 20)
    figure.press("Pause")
    figure.press(ACTIONS["O(k)"])
    figure.press("One step")
    settle(tab)
    said, link = everything_said(figure), figure.copy("Copy link")
    assert link.startswith("file:")
    other = only(mount(explorer, fragment=link[link.index("#") :]))
    other.says(said[0])
    assert everything_said(other) == said
    expect(other.root.get_by_role("radio", name="sum", exact=True)).to_be_checked()
    assert other.copy("Copy link").split("#")[1] == link.split("#")[1]
    figure.press("Reset")
    figure.says("Starting weights")
    tab.evaluate("fragment => (location.hash = fragment)", link[link.index("#") :])
    figure.says(said[0])
    assert everything_said(figure) == said


def state_of(**changes: object) -> str:
    state: dict[str, object] = {
        "problem": "k = n", "regularizer": "sum", "lam": 0.3, "n_components": 3, "seed": 0,
        "learning_rate": 0, "walk": [["sum", 0.3, 0.01, 25]],
    }  # fmt: skip
    return KEY + quote(json.dumps(state | changes))


DAMAGED = {
    "cut off": state_of()[:60],
    "not text": KEY + "%E0%A4%A",
    "no object": KEY + "3",
    "null": KEY + "null",
    "a list": KEY + "[]",
    "empty": KEY,
    "no problem": state_of(problem=None),
    "unknown problem": state_of(problem="letters"),
    "__proto__": state_of(problem="__proto__"),
    "constructor": state_of(problem="constructor"),
    "toString as regulariser": state_of(regularizer="toString"),
    "strength as text": state_of(lam="0.3"),
    "strength too large": state_of(lam=1e9),
    "k too large": state_of(n_components=10),
    "k no integer": state_of(n_components=2.5),
    "seed": state_of(seed=-1),
    "rate": state_of(learning_rate=7),
    "size of the start too large": state_of(start_size=1.5),
    "size of the start zero": state_of(start_size=0),
    "size of the start as text": state_of(start_size="0.1"),
    "no size of the start": state_of(start_size=None),
    "no list of steps": state_of(walk="walk"),
    "an entry that is none": state_of(walk=[None]),
    "an entry of a wrong length": state_of(walk=[["sum", 0.3, 0.1]]),
    "group": state_of(walk=[["SO(k)", 1]]),
    "huge steps": state_of(walk=[["sum", 0.3, 0.01, 10**15]]),
    "huge sum of steps": state_of(walk=[["sum", 0.3, 0.01, 900_000]] * 2),
    "half a step": state_of(walk=[["sum", 0.3, 0.01, 0.5]]),
    "huge walk": state_of(walk=[["O(k)", 1]] * 501),
    "rate of zero": state_of(walk=[["sum", 0.3, 0, 5]]),
}


def test_damaged_links_are_ignored_with_a_note(mount: Mount) -> None:
    tab = mount(Explorer(SMALL), fragment=DAMAGED["cut off"])
    figure = only(tab)
    note = figure.root.locator("details [role=status]")
    ignored = "The link's settings are damaged and were ignored: "
    expect(note).to_contain_text(ignored)
    before = everything_said(figure)
    for kind, fragment in DAMAGED.items():
        tab.evaluate("fragment => (location.hash = fragment)", state_of(problem="data"))
        figure.says("After 25 steps")
        expect(note).to_be_empty()
        figure.press("Reset")
        tab.evaluate("fragment => (location.hash = fragment)", fragment)
        expect(note, kind).to_contain_text(ignored)
        figure.says("Starting weights")
    tab.evaluate("location.hash = '#somewhere-else'")
    figure.press("One step")
    figure.says("After 1 step")
    assert len(before) == len(everything_said(figure)) + 3


def test_a_walk_too_long_for_a_link_says_so(mount: Mount) -> None:
    tab = mount(Explorer(SMALL, n_components=1))
    figure = only(tab)
    flip = figure.button(ACTIONS["{±1}^k"])
    flip.evaluate("button => { for (let i = 0; i < 501; i += 1) button.click(); }")
    figure.open("Take these weights")
    figure.press("Copy link")
    expect(figure.root.locator("details [role=status]")).to_have_text(
        "No link: its walk has more than 500 turns. Copy as Python instead, or press Reset."
    )


def test_two_explorers_on_a_page_do_not_meet(mount: Mount) -> None:
    tab = mount(Explorer(SMALL, regularizer="sum"), Explorer(n_components=3))
    first, second = (Figure(tab.locator(".lae-explorer").nth(i)) for i in range(2))
    second.choose("product")
    second.press("Reset")
    expect(first.root.get_by_role("radio", name="sum", exact=True)).to_be_checked()
    first.press("One step")
    first.says("After 1 step, now under the sum")
    second.says("Starting weights")
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids)) > 8
    second.press("One step")
    second.press("One step")
    settle(tab)
    link = second.copy("Copy link")
    fragment = link[link.index("#") :]
    assert json.loads(unquote(fragment[len(KEY) :]))["figure"] == 1
    other = mount(Explorer(SMALL), Explorer(n_components=3), fragment=fragment)
    again = [Figure(other.locator(".lae-explorer").nth(i)) for i in range(2)]
    again[1].says("After 2 steps, now under the product")
    again[0].says("Starting weights")
    assert again[1].root.evaluate("root => root.getBoundingClientRect().top") < 450


def test_nothing_runs_off_screen_or_paused(mount: Mount) -> None:
    tab = mount(Explorer(SMALL, regularizer="non-uniform sum", n_components=4, lam=0.01))
    figure = only(tab)
    tab.evaluate("document.body.style.paddingBottom = '4000px'")
    tab.evaluate(COUNT_FRAMES)
    tab.evaluate(TURN_PAGE, "pagehide")
    tab.evaluate(TURN_PAGE, "pageshow")
    figure.slide("speed", 2)
    figure.press("Play")
    wait_until(tab, lambda: figure.steps > 0)
    assert tab.evaluate("pending.size") > 0
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    tab.wait_for_function("pending.size === 0", polling=50)
    away = figure.steps
    settle(tab, 20)
    assert tab.evaluate("pending.size") == 0
    assert figure.steps == away
    tab.evaluate("scrollTo(0, 0)")
    wait_until(tab, lambda: figure.steps > away)
    figure.press("Pause")
    tab.wait_for_function("pending.size === 0", polling=50)
    paused = figure.steps
    settle(tab, 20)
    assert tab.evaluate("pending.size") == 0
    assert figure.steps == paused


def test_coming_back_to_the_page_goes_on_from_the_same_weights(mount: Mount) -> None:
    tab = mount(Explorer(SMALL, regularizer="non-uniform sum", lam=0.01))
    figure = only(tab)
    figure.slide("speed", 9)
    figure.press("Play")
    wait_until(tab, lambda: figure.steps > 100)
    figure.slide("speed", 0)
    figure.press("Pause")
    settle(tab)
    before = figure.steps

    def leave_and_come_back() -> None:
        tab.evaluate(TURN_PAGE, "pagehide")
        expect(figure.root).to_have_count(0)
        tab.evaluate(TURN_PAGE, "pageshow")
        figure.says(re.compile(r"After [\d,]+ steps"))

    leave_and_come_back()
    assert figure.steps == before
    figure.press("Play")
    leave_and_come_back()
    wait_until(tab, lambda: figure.steps > before)  # it goes on by itself
    figure.press("Pause")
    settle(tab)
    paused = figure.steps
    figure.press("One step")
    settle(tab)
    assert figure.steps == paused + 1


def test_two_hundred_random_actions(mount: Mount) -> None:
    tab = mount(Explorer(n_components=4))
    live = tab.locator(".lae-live")
    expect(live).to_have_count(1)
    tab.evaluate(TURN_PAGE, "pagehide")
    expect(live).to_have_count(0)
    tab.evaluate(COUNT_LISTENERS)
    tab.evaluate(COUNT_FRAMES)
    tab.evaluate(TURN_PAGE, "pageshow")
    expect(live).to_have_count(1)
    only(tab).open("Your own data")  # what it holds is loaded now, and would count as a leak later
    expect(live.locator("[type=file]")).to_be_visible()
    held = tab.evaluate("held")
    assert held > 10
    assert tab.evaluate(USE, np.random.default_rng(3).random((200, 2)).tolist()) == []
    assert tab.evaluate("held") == held
    tab.evaluate(TURN_PAGE, "pagehide")
    expect(live).to_have_count(0)
    assert tab.evaluate("held") == 0
    assert tab.evaluate("pending.size") == 0


def test_everything_is_done_by_keyboard(mount: Mount) -> None:
    tab = mount(Explorer(SMALL))
    figure = only(tab)
    figure.says("Starting weights")
    press = tab.keyboard.press

    def tab_to(name: str) -> None:
        settle(tab)
        for _ in range(30):
            press("Tab")
            focused = tab.evaluate("""() => {
                const e = document.activeElement;
                return [(e.labels?.[0] ?? e).textContent, getComputedStyle(e).outlineStyle,
                    parseFloat(getComputedStyle(e).outlineWidth)];
            }""")
            assert focused[1] == "solid"
            assert focused[2] >= 2
            if focused[0].strip() == name:
                return
        pytest.fail(f"no way to {name!r} by the tabulator key")

    for label in ACTIONS.values():
        tab_to(label)
        press("Enter")
        expect(figure.root.locator(".lae-effect")).to_contain_text(f"{label}: ")
    tab_to("noneGL(k)")
    press("ArrowRight")
    press("ArrowRight")
    expect(figure.root.get_by_role("radio", name="sum", exact=True)).to_be_checked()
    tab_to("Pause")
    press("Space")
    settle(tab)
    assert figure.steps > 0
    tab_to("time")
    press("Home")
    figure.says("Starting weights")
    tab_to("Back to now")
    press("Enter")
    settle(tab)
    assert figure.steps > 0
    tab_to("strength λ")
    press("End")
    tab_to("width k")
    press("ArrowLeft")
    settle(tab)
    assert len(figure.captions("Columns of W₂")) == 3
    tab_to("speed")
    press("Home")
    expect(figure.root).to_contain_text("× 0.1")
    tab_to("One step")
    press("Enter")
    figure.says("After 1 step")
    tab_to("Reset")
    press("Enter")
    figure.says("Starting weights")
    tab_to("Start, step size and ways to fail")
    press("Enter")
    tab_to("data")
    press("ArrowDown")
    expect(figure.root.locator(".lae-reason")).to_contain_text("v₂ = v₃ = 4")
    tab_to("seed")
    press("ArrowUp")
    press("Enter")
    expect(figure.root.get_by_role("spinbutton", name="seed")).to_have_value("1")
    tab_to("size of the start")
    press("Home")
    figure.says("the weights first have to grow.")
    tab_to("automatic learning rate")
    press("Space")
    settle(tab)
    tab_to("learning rate")
    tab.keyboard.type("5")
    press("Enter")
    tab_to("Take these weights with you")
    press("Enter")
    tab_to("Copy as Python")
    press("Enter")
    expect(figure.root.get_by_role("textbox", name="The state as text")).to_be_visible()


def test_a_reason_can_be_folded_away(mount: Mount) -> None:
    tab = mount(Explorer(SMALL))
    figure = only(tab)
    figure.take_problem("k = n")
    reason = figure.root.locator(".lae-reason")
    expect(reason).to_be_visible()
    figure.root.locator(".lae-more summary").click()
    figure.press("One step")
    settle(tab)
    expect(reason).to_be_hidden()


def test_the_live_sentence_waits_for_rest(mount: Mount) -> None:
    tab = mount(Explorer(SMALL, regularizer="non-uniform sum", lam=0.01, speed=5))
    figure = only(tab)
    heard = figure.root.locator(".lae-heard")
    assert heard.get_attribute("role") == "status"
    expect(heard).to_have_text(figure.sentence)
    figure.press("Play")
    assert tab.evaluate(COUNT_CHANGES, [".lae-heard", 1500]) == 0
    said: set[str] = set()

    def says_ever_more() -> bool:
        said.add(figure.sentence)
        return len(said) > 5

    wait_until(tab, says_ever_more)
    figure.press("Pause")
    settle(tab)
    expect(heard).to_have_text(figure.sentence)


def test_reduced_motion_shows_a_picture_a_second(mount: Mount) -> None:
    explorer = Explorer(SMALL, regularizer="non-uniform sum", lam=0.01, speed=5)
    figure = only(tab := mount(explorer, context_options={"reduced_motion": "reduce"}))
    figure.press("Play")
    assert tab.evaluate(COUNT_CHANGES, [".lae-sentence", 2500]) <= 4
    wait_until(tab, lambda: figure.steps > 10)
    figure.press("Pause")


def test_a_theme_that_changes_is_followed_at_once(mount: Mount) -> None:
    tab = mount(Explorer(SMALL))
    only(tab)
    read = "[...document.querySelectorAll('.lae-live canvas')].map((canvas) => canvas.toDataURL())"
    light = tab.evaluate(read)
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    settle(tab)
    dark = tab.evaluate(read)
    assert len(light) == len(dark) == 5 * 4 + 2
    assert all(one != other for one, other in zip(light, dark, strict=True))
    tab.evaluate("document.documentElement.dataset.theme = 'light'")
    settle(tab)
    assert tab.evaluate(read) == light


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_axe_finds_nothing(mount: Mount, width: int) -> None:
    tab = mount(Explorer(n_components=16, regularizer="sum", steps=50), width=width)
    figure = only(tab)
    figure.says("After 50 steps")
    assert_fits(tab)
    for summary in ("ways to fail", "Take these weights"):
        figure.open(summary)
    figure.copy("Copy as Python")
    figure.press(ACTIONS["GL(k)"])
    figure.take_problem("step too large")
    figure.take_problem("digits")
    figure.slide("width k", 16)
    for theme in ("light", "dark"):
        tab.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
        settle(tab)
        assert_fits(tab)
        assert Axe().run(tab).response["violations"] == []
