"""The spectrum figure: theory in the browser against lae_helpers, and what the figure shows."""

from __future__ import annotations

import gzip
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect
from traitlets import TraitError

from lae_helpers import (
    LinearAutoencoder,
    SumL2,
    fit,
    recover_from_decoder,
    synthetic_data,
)
from lae_helpers.recovery import Recovered
from lae_helpers.regularizers import SPREAD, make_regularizer
from lae_helpers.widgets import SpectrumFigure
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    from lae_helpers._checks import FloatArray

VARIANCES = [4.0, 2.0, 1.0, 0.1]
NUMERICS = "numerics/shrinkage.js"
PENALTIES = ["product", "sum", "non-uniform sum"]


def predicted(lam: float) -> FloatArray:
    values = SumL2(lam).decoder_singular_values(VARIANCES)
    assert values is not None
    return values


def make_figure(**options: Any) -> SpectrumFigure:  # noqa: ANN401 - handed on
    return SpectrumFigure(VARIANCES, measured={0.3: predicted(0.3), 1.5: predicted(1.5)}, **options)


def draw_cases(n: int) -> list[tuple[str, float, list[float]]]:
    rng = np.random.default_rng(0)
    cases = []
    for i in range(n):
        variances = np.sort(rng.exponential(size=rng.integers(1, 17)))[::-1]
        if i % 4 == 0:
            variances[-1] = 0.0
        lam = float(10 ** rng.uniform(-3, 1)) if i % 5 else float(variances[0])
        cases.append((PENALTIES[i % 3], lam or 1.0, variances.tolist()))
    return cases


def test_the_picture_shows_what_was_measured_at_its_strength() -> None:
    figure = make_figure()
    alt = figure.picture().alt
    assert "theory, W₂: from 0.962" in alt
    assert "W₂ of a trained network: from 0.962" in alt
    figure.lam = 0.5
    assert "trained" not in figure.picture().alt
    figure.lam, figure.regularizer = 0.3, "product"
    alt = figure.picture().alt
    assert "trained" not in alt
    assert "theory, W₂:" not in alt
    assert "theory, W₂W₁: from 0.93" in alt


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lam", 1e-4),
        ("lam", 11.0),
        ("lam", math.nan),
        ("lam", "0.3"),
        ("regularizer", "none"),
        ("variances", [1.0]),
        ("measured", []),
    ],
)
def test_bad_traits_are_named(name: str, value: object) -> None:
    figure = make_figure()
    with pytest.raises(TraitError, match=name):
        setattr(figure, name, value)
    assert (figure.lam, figure.regularizer) == (0.3, "sum")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"variances": [1.0, 2.0]}, "variances must be at least zero and in descending order"),
        ({"variances": [np.nan]}, "variances must be finite"),
        ({"lam": "0.3"}, "lam must be a real number"),
        ({"lam": 20.0}, "lam"),
        ({"regularizer": "ridge"}, "regularizer"),
        ({"measured": {0.3: [0.5]}}, r"measured\[0.3\] must be 4"),
        ({"measured": {0.3: [1, 1, 1, np.inf]}}, r"measured\[0.3\] must be finite"),
        ({"measured": {0.3: [1, 1, 1, -0.1]}}, r"measured\[0.3\] must be at least zero"),
        ({"measured": {20.0: predicted(0.3)}}, "a key of measured must be between"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError, TraitError), match=message):
        SpectrumFigure(**{"variances": VARIANCES, **arguments})


def test_the_figure_is_light() -> None:
    assert len(gzip.compress(make_figure()._esm.encode())) < 15_000


@pytest.mark.browser
def test_theory_agrees_with_python(run_js: Callable[..., Any]) -> None:
    cases = draw_cases(60)
    source = "(m, [cases, spread]) => cases.map((c) => m.predictSpectrum(...c, spread))"
    found = run_js(NUMERICS, source, [cases, SPREAD])
    for (name, lam, variances), theory in zip(cases, found, strict=True):
        regularizer = make_regularizer(name, lam, len(variances))
        expected = regularizer.map_singular_values(variances)
        np.testing.assert_allclose(theory["map"], expected, rtol=1e-9, atol=1e-15)
        values = regularizer.decoder_singular_values(variances)
        if values is None:
            assert theory["decoder"] is None
        else:
            np.testing.assert_allclose(theory["decoder"], values, rtol=1e-9, atol=1e-15)


@pytest.mark.browser
def test_every_point_of_a_curve_is_where_theory_puts_it(run_js: Callable[..., Any]) -> None:
    cases = draw_cases(30)
    source = """(m, [cases, spread]) =>
        cases.map(([r, , v]) => m.traceSpectrum(r, v, [0.001, 10], spread))"""
    found = run_js(NUMERICS, source, [cases, SPREAD])
    for (name, _, variances), curves in zip(cases, found, strict=True):
        assert len(curves) == len(variances)
        for i, curve in enumerate(curves):
            weakest = make_regularizer(name, 0.001, len(variances))
            if weakest.map_singular_values(variances)[i] == 0:
                assert curve == []
                continue
            strengths, values = np.array(curve).T
            assert strengths[0] == 0.001
            assert (np.diff(strengths) > 0).all()
            for lam, value in curve[::7]:
                theory = make_regularizer(name, lam, len(variances))
                expected = theory.decoder_singular_values(variances)
                if expected is None:
                    expected = theory.map_singular_values(variances)
                assert value**2 == pytest.approx(expected[i] ** 2, rel=1e-9, abs=1e-12)
            if values[-1] > 0:
                assert strengths[-1] == 10


@pytest.mark.browser
def test_variances_are_read_back_as_in_python(run_js: Callable[..., Any]) -> None:
    values = np.sort(np.random.default_rng(1).random(16))[::-1]
    found = run_js(NUMERICS, "(m, s) => m.readBackVariances(s, 0.3)", values.tolist())
    expected = Recovered(np.eye(16), values).variances(0.3)
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    undefined = run_js(NUMERICS, "m => m.readBackVariances([1.2, 1], 0.3).every(Number.isNaN)")
    assert undefined


@pytest.mark.browser
def test_the_slider_stops_at_every_trained_strength(run_js: Callable[..., Any]) -> None:
    trained = [0.05, 0.3, 1.0, 1.01, 5.5]
    stops = run_js(
        "spectrum_figure.js", "(m, trained) => m.placeStops([0.001, 10], trained)", trained
    )
    assert set(trained) <= set(stops)
    assert (stops[0], stops[-1]) == (0.001, 10)
    factors = np.array(stops[1:]) / stops[:-1]
    assert factors.min() > 1
    assert factors.max() < 1.13


@pytest.mark.browser
def test_a_trained_network_lies_on_the_theory(mount: Callable[..., Tab]) -> None:
    X = synthetic_data(np.sqrt(50 * np.array([*VARIANCES, 0.05])), 50)
    model = LinearAutoencoder(5, 4)
    fit(model, X, SumL2(0.3), tolerance=1e-8)
    found = recover_from_decoder(model).singular_values
    tab = mount(SpectrumFigure(VARIANCES, measured={0.3: found}))
    expect(tab.locator(".lae-sentence")).to_contain_text("1 of 4 components")
    expect(tab.locator(".lae-sentence")).to_contain_text("The network trained at this λ agrees")
    for title, n_dots in (("At this λ", 4), ("Variances", 3)):  # no variance of what was given up
        plot = tab.get_by_role("img", name=title)
        centres = """(plot, fill) => [...plot.querySelectorAll("circle")]
            .filter((c) => (c.getAttribute("fill") !== "none") === fill)
            .map((c) => [Number(c.getAttribute("cx")), Number(c.getAttribute("cy"))])"""
        rings, dots = (np.array(plot.evaluate(centres, fill)) for fill in (False, True))
        assert (len(rings), len(dots)) == (4, n_dots)
        np.testing.assert_allclose(rings[:3], dots[:3], atol=0.2)


@pytest.mark.browser
def test_the_sentence_follows_the_keyboard(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure())
    sentence, slider = tab.locator(".lae-sentence"), tab.get_by_role("slider")
    expect(sentence).to_contain_text("λ = 0.3: singular values of W₂ from 0.962 to 0.837")
    trained = tab.get_by_role("radio", name="0.3", exact=True)
    expect(trained).to_be_checked()
    slider.focus()
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "0.316")
    expect(trained).not_to_be_checked()
    expect(sentence).not_to_contain_text("trained")
    slider.press("ArrowLeft")
    expect(trained).to_be_checked()
    slider.press("Home")
    expect(sentence).to_contain_text("All are kept")
    slider.press("End")
    expect(sentence).to_contain_text("so that every component is given up")
    trained.focus()
    tab.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "1.5")
    expect(sentence).to_contain_text("2 of 4 components")
    tab.get_by_role("radio", name="product").check()
    expect(sentence).to_contain_text("singular values of W₂W₁ from 0.727 to 0.063")
    expect(trained).not_to_be_checked()
    tab.get_by_role("radio", name="non-uniform sum").check()
    expect(sentence).to_contain_text("λ₁ to λₖ from 0.75 to 2.25")
    expect(tab.get_by_role("status")).to_have_text(sentence.inner_text())


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_figure_fits_and_is_accessible(mount: Callable[..., Tab], width: int) -> None:
    assert_fits_everyone(mount(make_figure(), width=width))


@pytest.mark.browser
@pytest.mark.parametrize("variances", [VARIANCES, [2.0], [1.0, 1.0, 0.0], [0.0]])
def test_the_figure_stands_rough_use(mount: Callable[..., Tab], variances: list[float]) -> None:
    noisy = np.full(len(variances), 1.0)
    use_at_random(mount(SpectrumFigure(variances, measured={0.3: noisy})), actions=100)


SLIDE = """async () => {
    const root = document.querySelector(".lae-live");
    const range = root.querySelector("input[type=range]");
    const frame = () => new Promise(requestAnimationFrame);
    const heights = new Set();
    for (const radio of root.querySelectorAll("input[type=radio]")) {
        radio.click();
        for (let place = 0; place <= Number(range.max); place += 12) {
            heights.add(root.offsetHeight);
            range.value = place;
            range.dispatchEvent(new Event("input"));
            await frame();
            await frame();
        }
    }
    return heights.size;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_below_moves_with_the_slider(mount: Callable[..., Tab], width: int) -> None:
    tab = mount(make_figure(), width=width)
    expect(tab.locator(".lae-sentence")).not_to_be_empty()
    assert tab.evaluate(SLIDE) == 1
