"""The way-back figure: the page learns as Python does, and what it shows is so."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect
from traitlets import TraitError

from lae_helpers import load_mnist
from lae_helpers.metrics import angle
from lae_helpers.networks.backprop import (
    backpropagate,
    forward,
    sample_costs,
    weight_gradients,
)
from lae_helpers.networks.turned import turn_way_back
from lae_helpers.widgets import WayBackFigure
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.browser

BACK, RACE = "numerics/turned_back.js", "numerics/turned_race.js"
RUN = """(m, [X, classes, widths, rate, seed, degrees, nSteps]) => {
    const race = m.makeRace({ X: Float64Array.from(X), classes, widths }, rate, seed);
    const angles = [race.at(degrees).stepDegrees];
    for (let step = 0; step < nSteps; step += 1) {
        race.step(degrees);
        angles.push(race.at(degrees).stepDegrees);
    }
    return { ...race.losses, angles };
}"""


def digits(angle: float = 90.0, seed: int = 0) -> WayBackFigure:
    X, labels = load_mnist()
    return WayBackFigure(X[::10], labels[::10], angle=angle, seed=seed)


@pytest.fixture(scope="module")
def figure() -> WayBackFigure:
    """The figure of chapter 1."""
    return digits()


def step_angle(figure: WayBackFigure, degrees: float, step: int) -> float:
    network, H = figure.descend(degrees)[step], figure.start()[1]
    passed = forward(network, figure._X)
    ways = (None, [turn_way_back(network.weights[1], H, degrees)])
    g, h = (
        weight_gradients(passed, backpropagate(network, passed, figure._targets, B)) for B in ways
    )
    return angle(g.vector(), h.vector())


def count_steps(tab: Tab) -> tuple[int, float]:
    """Return the steps taken, and the seconds on the clock of the page."""
    sentence, now = tab.locator(".lae-sentence").evaluate(
        "e => [e.textContent, performance.now() / 1000]"
    )
    said = re.search(r"After (\d+) steps", sentence)
    assert said is not None
    return int(said[1]), now


@pytest.mark.parametrize(("degrees", "seed"), [(0.0, 0), (45.0, 3), (90.0, 1), (180.0, 2)])
def test_the_page_learns_as_python_does(
    run_js: Callable[..., Any], figure: WayBackFigure, degrees: float, seed: int
) -> None:
    figure = digits(seed=seed)
    X = np.frombuffer(figure.coordinates, np.int8) * figure.scale
    task = [X.tolist(), figure.classes, figure.widths]
    found = run_js(RACE, RUN, [*task, figure.learning_rate, seed, degrees, 40])
    expected = {"turned": figure.losses(degrees), "backprop": figure.losses(0)}
    for name, losses in expected.items():
        np.testing.assert_allclose(found[name], losses[:41], rtol=0, atol=1e-10)
    for step in (0, 40):
        assert found["angles"][step] == pytest.approx(step_angle(figure, degrees, step), abs=1e-7)


def test_the_angle_in_the_page_is_exact(run_js: Callable[..., Any]) -> None:
    source = """(m, degrees) => degrees.map((degrees) => {
        const { weights, H } = m.drawStart(7, [20, 8, 10]);
        const B = m.turnWayBack(weights.W2, H, 10, degrees);
        const length = (matrix) => Math.hypot(...matrix);
        const apart = m.angleBetween(B, m.transposed(weights.W2, 10));
        return [apart, length(B) / length(weights.W2)];
    })"""
    degrees = np.linspace(0, 180, 37)
    found = np.array(run_js(BACK, source, degrees.tolist()))
    np.testing.assert_allclose(np.radians(found[:, 0]), np.radians(degrees), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found[:, 1], 1, rtol=1e-13)


def test_the_wider_the_angle_the_worse_it_learns() -> None:
    figure = digits()
    for seed in range(100, 104):
        figure.seed = seed
        ends = []
        for degrees in (0, 45, 90, 135):
            network = figure.descend(degrees)[-1]
            outputs = forward(network, figure._X).pre_activations[-1]
            ends.append(float(sample_costs(network, outputs, figure._targets).mean()))
        assert ends == sorted(ends), seed
        assert ends[1] < 0.7, seed
        assert 1.0 < ends[2] < 1.95, seed


def test_it_learns_by_itself_and_says_so(mount: Callable[..., Tab], figure: WayBackFigure) -> None:
    tab = mount(figure, clock=True)
    sentence = tab.locator(".lae-sentence")
    while count_steps(tab)[0] == 0:  # until it knows that it is on screen
        tab.clock.run_for(100)
    before = count_steps(tab)
    tab.clock.run_for(3_000)
    steps, seconds = np.subtract(count_steps(tab), before)
    assert 24 * seconds < steps < 31 * seconds  # 30 a second, but for frames that came late
    tab.clock.run_for(8_000)
    expect(sentence).to_contain_text("After 300 steps")
    by_python = [float(figure.losses(degrees)[-1]) for degrees in (90, 0)]
    # Thousands of roundings apart, at a rate that no longer descends smoothly.
    said = re.findall(r"(?:loss|backprop it) is (\d\.\d\d)", sentence.inner_text())
    assert [float(number) for number in said] == pytest.approx(by_python, abs=0.15)
    expect(tab.get_by_role("button", name="play again")).to_be_visible()
    slider = tab.get_by_role("slider", name=re.compile("angle"))
    slider.press("Home")
    tab.clock.run_for(100)
    expect(sentence).to_contain_text("B is (W²)ᵀ: the step is the gradient, and this is backprop")
    expect(tab.get_by_role("button", name="pause")).to_be_visible()  # it has begun again
    tab.get_by_role("button", name="pause").click()
    slider.press("End")
    tab.clock.run_for(100)
    taken, _ = count_steps(tab)
    expect(sentence).to_contain_text(f"With B turned by 180° since step {taken}, the step")
    slider.press("Home")
    tab.clock.run_for(100)
    expect(sentence).to_contain_text("B is (W²)ᵀ: the step")  # as it has been all along


def test_sentences_turn_it_and_follow_it(mount: Callable[..., Tab]) -> None:
    prose = """<p>Try <a href="#fig-back" data-set='{"angle": 45}'>45°</a>:
        <span data-follows="fig-back" data-number="step">far</span>.</p>"""
    still = {"reduced_motion": "reduce"}
    tab = mount(digits(), labels=("fig-back",), prose=prose, context_options=still)
    step = tab.locator("[data-follows]")
    expect(step).to_have_text(f"{step_angle(digits(), 90, 0):.0f}°")
    tab.get_by_role("link", name="45°").click()
    expect(tab.locator(".lae-sentence")).to_contain_text("With B turned by 45°")
    expect(step).to_have_text(f"{step_angle(digits(), 45, 0):.0f}°")


def test_who_wants_no_motion_is_asked_first(mount: Callable[..., Tab]) -> None:
    tab = mount(digits(angle=45), context_options={"reduced_motion": "reduce"})
    sentence = tab.locator(".lae-sentence")
    expect(sentence).to_contain_text("After 0 steps")
    tab.wait_for_timeout(300)
    expect(sentence).to_contain_text("After 0 steps")
    share = np.cos(np.radians(step_angle(digits(angle=45), 45, 0))) ** 2
    expect(sentence).to_contain_text(f"downhill, with {100 * share:.0f}\u00a0% (cos²)")
    before = tab.locator(".lae-live").bounding_box()
    tab.get_by_role("button", name="play").click()
    expect(sentence).not_to_contain_text("After 0 steps")
    tab.get_by_role("button", name="pause").click()
    assert tab.locator(".lae-live").bounding_box() == before
    tab.get_by_role("button", name="other weights").click()
    expect(tab.get_by_role("button", name="pause")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_fits_everyone(mount: Callable[..., Tab], figure: WayBackFigure, width: int) -> None:
    assert_fits_everyone(mount(figure, width=width))


def test_stands_rough_use(mount: Callable[..., Tab], figure: WayBackFigure) -> None:
    use_at_random(mount(figure), actions=60)


@pytest.mark.parametrize(
    ("X", "labels", "options", "message"),
    [
        (np.zeros((601, 2)), list(range(601)), {}, "^X must hold at most 600 samples, not 601"),
        (np.eye(3), [1, 1, 1], {}, "^labels must name two classes or more, but all are 1"),
        (np.ones((3, 2)), [0, 1, 1], {}, "^X must vary"),
        (np.eye(3), [0, 1], {}, "^labels must be 3, one a sample"),
        (np.eye(3), [0, 1, 2], {"angle": 190}, "^angle must be between 0 and 180"),
        (np.eye(3), [0, 1, 2], {"seed": -1}, "^seed must be"),
    ],
)
def test_what_cannot_be_learned_is_refused(
    X: np.ndarray, labels: list[int], options: dict[str, Any], message: str
) -> None:
    with pytest.raises((ValueError, TraitError), match=message):
        WayBackFigure(X, labels, **options)


def test_the_picture_says_its_numbers(figure: WayBackFigure) -> None:
    ends = [float(figure.losses(degrees)[-1]) for degrees in (0, 90)]
    alt = figure.picture().alt
    for degrees, end in zip((0, 90), ends, strict=True):
        assert f" {degrees}°: from 2.39 at 0 to {end:.3g} at 300" in f" {alt}"


def test_the_front_end_is_light() -> None:
    assert len(gzip.compress(str(WayBackFigure._esm).encode())) < 12_000
