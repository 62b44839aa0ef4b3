"""The landscape figure: its numerics against torch and Python, and itself in a browser."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
import traitlets
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lae_helpers.regularizers import ProductL2, Regularizer, SumL2, Unregularized
from lae_helpers.scalar.descent import ScalarLoss, choose_step, follow_gradient
from lae_helpers.scalar.plots import scalar_loss
from lae_helpers.widgets.landscape import LIMIT, LandscapeFigure
from tests.widgets.rough_use import COUNT_LISTENERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.browser

MODULE = "numerics/landscape.js"
ON_CASES = """(m, cases) => cases.map(([name, variance, lam, w1, w2, step]) => {
    const loss = m.makeScalarLoss(name, variance, lam);
    return (%s)(loss, w1, w2, step);
})"""
TRACE = """(m, [name, variance, lam, places, levels]) => {
    const values = m.samplePlane(m.makeScalarLoss(name, variance, lam), places);
    return levels.map((level) => m.traceContour(values, places, level));
}"""

Case = tuple[str, float, float, float, float, float]


def make_regularizer(name: str, lam: float) -> Regularizer:
    return {"none": Unregularized(), "product": ProductL2(lam), "sum": SumL2(lam)}[name]


def make_loss(case: Case) -> ScalarLoss:
    name, variance, lam, *_ = case
    return ScalarLoss.under(make_regularizer(name, lam), variance)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    rng = np.random.default_rng(0)
    drawn: list[Case] = []
    for name in ("none", "product", "sum"):
        for _ in range(40):
            variance = float(10 ** rng.uniform(-1, 1))
            lam = float(variance * rng.uniform(0, 2))
            w1, w2 = rng.uniform(-LIMIT, LIMIT, 2).tolist()
            step = choose_step([make_loss((name, variance, lam, w1, w2, 0.0))], w1, w2)
            drawn.append((name, variance, lam, w1, w2, step))
    return drawn


def test_loss_and_gradient_are_those_of_torch(
    run_js: Callable[..., Any], cases: list[Case]
) -> None:
    values = run_js(MODULE, ON_CASES % "m.scalarLoss", cases)
    gradients = run_js(MODULE, ON_CASES % "m.scalarGradient", cases)
    for (name, variance, lam, w1, w2, _), value, gradient in zip(
        cases, values, gradients, strict=True
    ):
        at = torch.tensor([w1, w2], dtype=torch.float64, requires_grad=True)
        loss = scalar_loss(at[:1], at[1:], variance, make_regularizer(name, lam)).sum()
        (by_autograd,) = torch.autograd.grad(loss, at)
        assert value == pytest.approx(loss.item(), rel=1e-9)
        np.testing.assert_allclose(gradient, by_autograd.numpy(), rtol=1e-9)


def test_gradient_is_the_slope_of_the_loss(run_js: Callable[..., Any], cases: list[Case]) -> None:
    slopes = """(loss, w1, w2) => {
        const h = 1e-5;
        const J = (a, b) => m.scalarLoss(loss, w1 + a, w2 + b);
        return [(J(h, 0) - J(-h, 0)) / (2 * h), (J(0, h) - J(0, -h)) / (2 * h)];
    }"""
    by_differences = run_js(MODULE, ON_CASES % slopes, cases)
    gradients = run_js(MODULE, ON_CASES % "m.scalarGradient", cases)
    np.testing.assert_allclose(gradients, by_differences, rtol=1e-6, atol=1e-7)


def test_descent_is_that_of_python(run_js: Callable[..., Any], cases: list[Case]) -> None:
    found = run_js(MODULE, ON_CASES % "m.followGradient", cases)
    steps = run_js(MODULE, ON_CASES % "(loss, w1, w2) => m.chooseStep([loss], w1, w2)", cases)
    for case, path, step in zip(cases, found, steps, strict=True):
        *_, w1, w2, expected_step = case
        assert step == pytest.approx(expected_step, rel=1e-12)
        expected = follow_gradient(make_loss(case), w1, w2, expected_step)
        assert path["arrived"] == expected.arrived
        assert abs(path["nSteps"] - len(expected.weights) + 1) <= 1
        n = min(1000, path["nSteps"], len(expected.weights) - 1) + 1
        mine = np.column_stack([path["w1"][:n], path["w2"][:n]])
        np.testing.assert_allclose(mine, expected.weights[:n], rtol=1e-9, atol=1e-12)


def test_minima_are_those_of_the_theory(run_js: Callable[..., Any], cases: list[Case]) -> None:
    for case, minima in zip(cases, run_js(MODULE, ON_CASES % "m.findMinima", cases), strict=True):
        name, variance, lam, *_ = case
        regularizer = make_regularizer(name, lam)
        product = regularizer.map_singular_values([variance])[0]
        assert minima["product"] == pytest.approx(product, rel=1e-12)
        assert minima["value"] == pytest.approx(regularizer.minimum_loss([variance], 1), abs=1e-12)
        shape = "curve" if name != "sum" else "pair" if lam < variance else "origin"
        assert minima["shape"] == shape


@pytest.mark.parametrize("name", ["none", "product", "sum"])
def test_contours_lie_on_their_levels_and_have_no_loose_ends(
    run_js: Callable[..., Any], name: str
) -> None:
    variance, lam = 1.0, 0.4
    places = np.linspace(-LIMIT, LIMIT, 97)
    loss = make_loss((name, variance, lam, 0, 0, 0))
    least = make_regularizer(name, lam).minimum_loss([variance], 1)
    levels = (least + np.geomspace(0.01, 20, 12)).tolist()
    found = run_js(MODULE, TRACE, [name, variance, lam, places.tolist(), levels])
    # Along an edge of the lattice the loss is a parabola: its bend bounds what a chord misses.
    bend = 2 * (variance + loss.on_product) * LIMIT**2 + 2 * loss.on_sum
    missed = bend * (places[1] - places[0]) ** 2 / 8
    for level, flat in zip(levels, found, strict=True):
        ends = np.array(flat).reshape(-1, 2)
        assert len(ends) > 0
        w1, w2 = torch.from_numpy(ends.copy()).T
        heights = scalar_loss(w1, w2, variance, make_regularizer(name, lam)).numpy()
        assert np.abs(heights - level).max() <= missed
        points, counts = np.unique(ends.round(9), axis=0, return_counts=True)
        inside = np.abs(points).max(axis=1) < LIMIT - 1e-9
        assert (counts[inside] % 2 == 0).all()


@pytest.mark.parametrize("corners", [[1, -2, -2, 1], [2, -1, -1, 2]])
def test_where_two_contours_pass_one_cell_they_do_not_cross(
    run_js: Callable[..., Any], corners: list[float]
) -> None:
    flat = run_js(MODULE, "(m, values) => m.traceContour(values, [0, 1], 0)", corners)
    segments = np.array(flat).reshape(2, 2, 2)
    for middle in segments.mean(axis=1):
        column, row = np.round(middle).astype(int)
        cut_off = corners[column + 2 * row]
        assert (cut_off < 0) == (sum(corners) > 0)  # on the other side than the centre


def test_tells_where_the_path_ends(mount: Callable[..., Tab]) -> None:
    tab = mount(LandscapeFigure())
    expect(tab.get_by_role("status")).to_contain_text("two minima, w₁ = w₂ = ±√(1 − λ/v)")
    sentence = tab.locator(".lae-sentence")
    expect(sentence).to_contain_text("two minima, w₁ = w₂ = ±√(1 − λ/v) = ±0.837")
    expect(sentence).to_contain_text("comes to rest at (0.837, 0.837)")
    tab.get_by_role("radio", name="none").check()
    expect(sentence).to_contain_text("the minima are the hyperbola w₁w₂ = 1")
    expect(sentence).to_contain_text("would conserve w₁² − w₂² = −2.08")
    tab.get_by_role("radio", name="product").check()
    expect(sentence).to_contain_text("v/(v + λ) = 0.769")


def test_the_minima_fall_into_the_origin(mount: Callable[..., Tab]) -> None:
    tab = mount(LandscapeFigure())
    sentence, minima = (
        tab.locator(".lae-sentence"),
        tab.locator(".lae-board .lae-plane .lae-minimum"),
    )
    slider = tab.get_by_role("slider", name="strength λ")
    saddle = tab.locator(".lae-key").get_by_text("saddle", exact=True)
    expect(minima).to_have_count(2)
    expect(saddle).to_be_visible()
    tab.get_by_role("button", name="λ = v").click()
    expect(saddle).to_be_hidden()
    expect(sentence).to_contain_text("λ = v = 1: here the two minima meet in the origin")
    expect(sentence).to_contain_text("the curvature along w₁ = w₂ is zero there")
    expect(minima).to_have_count(1)
    slider.press("ArrowRight")
    expect(sentence).to_contain_text("λ = 1.01 > v = 1: the only minimum is the origin")
    slider.press("ArrowLeft")
    expect(sentence).to_contain_text("meet in the origin")
    slider.press("ArrowLeft")
    expect(sentence).to_contain_text("λ = 0.99 < v = 1: two minima")
    expect(minima).to_have_count(2)
    tab.get_by_role("radio", name="product").check()
    slider.press("End")
    expect(sentence).to_contain_text("It shrinks, but no λ collapses it.")
    slider.press("Home")
    expect(sentence).to_contain_text("Product with λ = 0: no penalty")


def test_starts_that_are_special(mount: Callable[..., Tab]) -> None:
    tab = mount(LandscapeFigure())
    sentence, plot = tab.locator(".lae-sentence"), tab.locator(".lae-plot-box")
    expect(plot).to_be_visible()
    tab.get_by_role("button", name="the origin").click()
    expect(sentence).to_contain_text("saddle at the origin: the gradient is zero there")
    expect(plot).to_be_hidden()
    tab.get_by_role("button", name="on w₁ = −w₂").click()
    expect(sentence).to_contain_text("the one line that leads into the saddle")
    expect(sentence).to_contain_text("at a loss of 1.00, not the minimum 0.51")
    tab.get_by_role("slider", name="strength λ").press("End")
    expect(sentence).to_contain_text("comes to rest at (0.000, 0.000)")
    tab.get_by_role("button", name="the origin").click()
    expect(sentence).to_contain_text("The start (0.00, 0.00) is a minimum")
    tab.get_by_role("button", name="large decoder").click()
    expect(plot).to_be_visible()


def test_arrow_keys_and_sliders_move_the_start(mount: Callable[..., Tab]) -> None:
    tab = mount(LandscapeFigure(w1=0.5, w2=1.0))
    handle = tab.get_by_role("slider", name="Start of the path")
    handle.focus()
    handle.press("ArrowLeft")
    handle.press("Shift+ArrowUp")
    expect(handle).to_have_attribute("aria-valuetext", "w₁ = 0.45, w₂ = 1.01")
    expect(tab.get_by_role("slider", name="start w₁")).to_have_value("45")
    for _ in range(50):
        handle.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuetext", "w₁ = 2.00, w₂ = 1.01")
    tab.get_by_role("slider", name="start w₂").press("Home")
    expect(handle).to_have_attribute("aria-valuetext", "w₁ = 2.00, w₂ = −2.00")


HEAR = """() => {
    window.heard = [];
    addEventListener("keydown", ({ key }) => heard.push(key));
}"""


def test_home_end_and_page_keys_move_the_start_and_not_the_page(mount: Callable[..., Tab]) -> None:
    tab = mount(LandscapeFigure(w1=0.5, w2=1.0))
    handle = tab.get_by_role("slider", name="Start of the path")
    handle.focus()
    tab.evaluate("scrollTo(0, 200)")
    before = tab.evaluate("scrollY")
    assert before > 0
    tab.evaluate(HEAR)
    for key, said in [
        ("Home", "w₁ = −2.00, w₂ = 1.00"),
        ("PageDown", "w₁ = −2.00, w₂ = 0.50"),
        ("End", "w₁ = 2.00, w₂ = 0.50"),
        ("Shift+PageUp", "w₁ = 2.00, w₂ = 0.60"),
    ]:
        handle.press(key)
        expect(handle).to_have_attribute("aria-valuetext", said)
    assert tab.evaluate("scrollY") == before
    assert tab.evaluate("heard.filter((key) => key !== 'Shift')") == []
    # JupyterLab leaves keys alone on what carries this: it would cut a cell at an x.
    expect(handle).to_have_attribute("data-lm-suppress-shortcuts", "true")


SIZES = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const root = document.querySelector(".lae-live");
    const [lam, w1, w2] = root.querySelectorAll("input[type=range]");
    const place = (range, value) => {
        range.value = value;
        range.dispatchEvent(new Event("input"));
    };
    const heights = [];
    for (const radio of root.querySelectorAll("input[type=radio]")) {
        radio.click();
        for (const strength of [0, 30, 99, 100, 101, 200]) {
            place(lam, strength);
            for (const [a, b] of [[0, 0], [120, -120], [200, 200], [137, -136], [-155, 3]]) {
                place(w1, a);
                place(w2, b);
                await frame();
                await frame();
                heights.push(root.offsetHeight);
            }
        }
    }
    return [Math.min(...heights), Math.max(...heights)];
}"""


@pytest.mark.parametrize("width", [390, 600, 1280])
def test_nothing_below_moves_while_the_start_does(mount: Callable[..., Tab], width: int) -> None:
    tab = mount(LandscapeFigure(), width=width)
    expect(tab.locator(".lae-handle")).to_be_visible()
    least, most = tab.evaluate(SIZES)
    assert least == most


def test_pointer_drags_and_clicks(mount: Callable[..., Tab]) -> None:
    tab = mount(LandscapeFigure())
    plane, handle = tab.locator(".lae-board .lae-plane"), tab.locator(".lae-handle")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    assert box is not None
    x, y, side = box["x"], box["y"], box["width"]
    tab.mouse.click(x + 0.75 * side, y + 0.25 * side)
    expect(handle).to_have_attribute("aria-valuetext", "w₁ = 1.00, w₂ = 1.00")
    tab.mouse.down()
    tab.mouse.move(x + 0.5 * side, y + 0.75 * side)
    expect(handle).to_have_attribute("aria-valuetext", "w₁ = 0.00, w₂ = −1.00")
    tab.mouse.move(x + 3 * side, y - 3 * side)
    tab.mouse.up()
    expect(handle).to_have_attribute("aria-valuetext", "w₁ = 2.00, w₂ = 2.00")
    tab.mouse.move(x + 0.5 * side, y + 0.5 * side)
    expect(handle).to_have_attribute("aria-valuetext", "w₁ = 2.00, w₂ = 2.00")


def test_fingers_tap_and_may_scroll(mount: Callable[..., Tab]) -> None:
    tab = mount(LandscapeFigure(), width=390, context_options={"has_touch": True})
    plane, handle = tab.locator(".lae-board .lae-plane"), tab.locator(".lae-handle")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    assert box is not None
    tab.touchscreen.tap(box["x"] + 0.25 * box["width"], box["y"] + 0.75 * box["width"])
    expect(handle).to_have_attribute("aria-valuetext", "w₁ = −1.00, w₂ = −1.00")
    assert plane.evaluate("e => getComputedStyle(e).touchAction") == "manipulation"
    assert handle.evaluate("e => getComputedStyle(e).touchAction") == "none"
    grip = handle.bounding_box()
    assert grip is not None
    assert min(grip["width"], grip["height"]) >= 24


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_and_no_wider_than_the_page(
    mount: Callable[..., Tab], theme: str, width: int
) -> None:
    tab = mount(LandscapeFigure(), width=width)
    expect(tab.locator(".lae-board .lae-contour")).to_have_count(16)
    before = tab.locator(".lae-board canvas").evaluate("e => e.toDataURL()")
    tab.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    if theme == "dark":
        tab.evaluate("document.body.style.background = '#14181e'")
        tab.evaluate("document.body.style.color = '#e6edf3'")
        tab.wait_for_function(
            "old => document.querySelector('.lae-board canvas').toDataURL() !== old", arg=before
        )
    assert Axe().run(tab).response["violations"] == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_two_hundred_random_actions(mount: Callable[..., Tab]) -> None:
    tab = mount(LandscapeFigure())
    expect(tab.locator(".lae-handle")).to_be_visible()
    result = tab.evaluate("""async () => {
        let seed = 7;
        const draw = (n) => {
            seed = (seed * 1103515245 + 12345) % 2147483648;
            return Math.floor((seed / 2147483648) * n);
        };
        const counted = { added: 0 };
        const add = EventTarget.prototype.addEventListener;
        EventTarget.prototype.addEventListener = function (...all) {
            counted.added += 1;
            return add.apply(this, all);
        };
        const root = document.querySelector('.lae-live');
        const plane = root.querySelector('.lae-board .lae-plane');
        const handle = root.querySelector('.lae-handle');
        const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
        const bad = [];
        for (let i = 0; i < 200; i += 1) {
            const kind = draw(5);
            if (kind === 0) {
                const radios = root.querySelectorAll('input[type=radio]');
                radios[draw(radios.length)].click();
            } else if (kind === 1) {
                const ranges = root.querySelectorAll('input[type=range]');
                const range = ranges[draw(ranges.length)];
                const [least, most] = [Number(range.min), Number(range.max)];
                range.value = least + draw(most - least + 1);
                range.dispatchEvent(new Event('input'));
                range.dispatchEvent(new Event('change'));
            } else if (kind === 2) {
                const buttons = root.querySelectorAll('button');
                buttons[draw(buttons.length)].click();
            } else if (kind === 3) {
                const box = plane.getBoundingClientRect();
                const at = { clientX: box.x + draw(box.width), clientY: box.y + draw(box.height) };
                plane.dispatchEvent(new MouseEvent('click', { bubbles: true, ...at }));
            } else {
                const press = { key: keys[draw(4)], shiftKey: draw(2) > 0, bubbles: true };
                handle.dispatchEvent(new KeyboardEvent('keydown', press));
            }
            await new Promise(requestAnimationFrame);
            if (/NaN|Infinity|undefined/.test(root.innerHTML)) bad.push(i);
        }
        EventTarget.prototype.addEventListener = add;
        const sentence = root.querySelector('.lae-sentence').textContent;
        return { bad, added: counted.added, sentence };
    }""")
    assert result["bad"] == []
    assert result["added"] == 0
    assert re.search(r"the path|The start", result["sentence"])


def test_every_listener_ends_with_the_figure(mount: Callable[..., Tab]) -> None:
    tab = mount(LandscapeFigure())
    expect(tab.locator(".lae-handle")).to_be_visible()
    leave = "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))"
    tab.evaluate(leave)
    expect(tab.locator(".lae-live")).to_have_count(0)
    tab.evaluate(COUNT_LISTENERS)
    tab.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(tab.locator(".lae-handle")).to_be_visible()
    assert tab.evaluate("held") > 10
    tab.evaluate(leave)
    expect(tab.locator(".lae-live")).to_have_count(0)
    assert tab.evaluate("held") == 0


def test_bad_values_raise_with_the_name_of_the_trait() -> None:
    figure = LandscapeFigure(variance=2.0, lam=4.0)
    for name, value in [
        ("lam", 4.1), ("lam", float("nan")), ("lam", -0.1), ("w1", 2.5), ("w2", float("nan")),
        ("w1", "far"), ("regularizer", "cube"), ("variance", 3.0),
    ]:  # fmt: skip
        with pytest.raises(traitlets.TraitError, match=name):
            setattr(figure, name, value)
    for variance in (0.0, 1000.0):
        with pytest.raises(traitlets.TraitError, match=r"^variance must be between 0.01 and 100"):
            LandscapeFigure(variance=variance)
    with pytest.raises(traitlets.TraitError, match="lam"):
        LandscapeFigure(lam=2.5)


def test_picture_says_its_numbers() -> None:
    figure = LandscapeFigure(lam=0.75, w1=1.5, w2=0.5)
    picture = figure.picture()
    assert "two minima, at plus and minus (0.5, 0.5)" in picture.alt
    assert "the path ends at (0.5, 0.5)" in picture.alt
    ends = {name: path.weights[-1].prod() for name, path in figure.paths().items()}
    assert ends == pytest.approx({"none": 1.0, "product": 4 / 7, "sum": 0.25}, abs=1e-6)


def test_the_front_end_is_light() -> None:
    assert len(gzip.compress(str(LandscapeFigure._esm).encode())) < 25_000


def test_the_valley_is_drawn_on_the_hyperbola_and_the_guide_on_its_curve(
    mount: Callable[..., Tab],
) -> None:
    tab = mount(LandscapeFigure(regularizer="none", w1=-1.5, w2=1.8))
    points = {}
    for name in ("valley", "kept"):
        d = tab.locator(f".lae-{name}").first.get_attribute("d") or ""
        pairs = [pair.split() for pair in d.removeprefix("M").split("L")]
        points[name] = np.array(pairs, dtype=float).T
    np.testing.assert_allclose(points["valley"].prod(axis=0), 1.0, atol=1e-3)
    first, second = points["kept"] ** 2
    np.testing.assert_allclose(first - second, 1.5**2 - 1.8**2, atol=1e-3)
