"""The subspace figure: its iterations against torch, SciPy and the closed form, and the figure."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import scipy.linalg
import torch
from playwright.sync_api import expect
from traitlets import TraitError

from lae_helpers import LinearAutoencoder, SumL2, fit
from lae_helpers.moments import Moments
from lae_helpers.widgets import SubspaceFigure
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    from lae_helpers._checks import FloatArray

MODULE = "numerics/subspace.js"
browser_test = pytest.mark.browser


def draw_figures(n: int) -> list[SubspaceFigure]:
    rng = np.random.default_rng(0)
    figures = []
    for _ in range(n):
        second = rng.uniform(0.5, 3)
        figures.append(
            SubspaceFigure(
                [second * rng.uniform(1.1, 4), second],
                gap=rng.uniform(0.05, 0.95),
                lam=second * rng.uniform(0.02, 0.9),
                start=rng.uniform(-1, 1, (3, 2)),
            )
        )
    return figures


def principal_angle(W: FloatArray) -> float:
    """Return the largest angle with the plane of the first two axes, by SciPy."""
    return float(scipy.linalg.subspace_angles(W, np.eye(3)[:, :2])[0])


def test_the_iterations_are_those_that_fit_trains() -> None:
    figure = SubspaceFigure()
    moments = Moments(np.zeros(3), np.diag(figure.spectrum()), 100)
    for iterations in (1, 7):
        model = LinearAutoencoder(3, 2)
        with torch.no_grad():
            model.decoder.weight.copy_(torch.tensor(figure.start))
            model.encoder.weight.copy_(torch.tensor(figure.start).T)
        options: dict[str, Any] = {"optimizer": "alternating", "tied": True}
        fit(model, moments, SumL2(figure.lam), max_steps=iterations, tolerance=0, **options)
        trained = model.decoder.weight.detach().numpy()
        np.testing.assert_allclose(figure.decoders()[iterations], trained, rtol=0, atol=1e-6)


def test_the_tilt_is_bounded_in_every_iteration_and_exactly_where_the_text_says() -> None:
    """The normal of CS is C^-1 times that of S: exact for planes that hold the first axis."""
    for figure in draw_figures(40):
        v, tangents = figure.spectrum(), figure.tangents()
        by_scipy = np.tan([principal_angle(W) for W in figure.decoders()[:4]])
        np.testing.assert_allclose(tangents[:4], by_scipy, rtol=1e-6)
        a, b, c = np.cross(*np.array(figure.start).T)
        t = np.arange(len(tangents))
        closed = np.hypot(a * (v[2] / v[0]) ** t, b * (v[2] / v[1]) ** t) / abs(c)
        np.testing.assert_allclose(tangents, closed, rtol=1e-7, atol=1e-13)
        falls = closed[1:] / closed[:-1]
        assert (falls <= figure.gap * (1 + 1e-12)).all()
        assert (falls >= v[2] / v[0] * (1 - 1e-12)).all()
        assert (np.diff(falls) >= -1e-12).all()  # towards the bound
    through_first = SubspaceFigure(start=[[0.7, 0.0], [0.0, 0.4], [0.0, 0.9]]).tangents()
    np.testing.assert_allclose(through_first[1:] / through_first[:-1], 0.7, rtol=1e-9)
    through_second = SubspaceFigure(start=[[0.4, 0.0], [0.0, 0.7], [0.9, 0.0]]).tangents()
    np.testing.assert_allclose(through_second[1:] / through_second[:-1], 0.35, rtol=1e-9)


def test_near_the_end_the_labels_sway_by_their_multipliers() -> None:
    figure = SubspaceFigure(gap=0.3, lam=0.4)
    ends = np.sqrt(1 - figure.lam / np.array(figure.variances))
    errors = np.linalg.norm(figure.decoders()[:, :2], axis=2) - ends
    for i, iterations in ((0, 20), (1, 6)):
        multiplier = -(1 - 2 * figure.lam / figure.variances[i])
        factor = errors[iterations + 2, i] / errors[iterations, i]
        assert factor == pytest.approx(multiplier**2, rel=0.1)
    assert (np.diff(np.sign(errors[10:, 0])) != 0).all()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"variances": [1.0, 2.0]}, "variances must be two, positive and descending"),
        ({"gap": 1.0}, "gap must be between 0.05 and 0.95"),
        ({"lam": 2.0}, "lam must be between 0.04 and 1.8, shares of the second variance"),
        ({"iterations": 25}, "iterations"),
        ({"start": np.eye(3)[:, 1:]}, "start must be 3 x 2"),
        ({"start": np.eye(2)}, "start must be 3 x 2"),
        ({"start": [[np.nan, 0], [0, 1], [0, 0]]}, "start must be finite"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises((ValueError, TraitError), match=complaint):
        SubspaceFigure(**arguments)


def test_the_picture_says_the_tilt() -> None:
    figure = SubspaceFigure(iterations=3)
    degrees = np.degrees(principal_angle(figure.decoders()[3]))
    assert f"{degrees:.3g}° after 3 iterations" in figure.picture().alt


def test_the_figure_is_light() -> None:
    assert len(gzip.compress(SubspaceFigure()._esm.encode())) < 15_000


@browser_test
def test_the_page_computes_what_python_does(run_js: Callable[..., Any]) -> None:
    figures = draw_figures(30)
    cases = [[f.start, f.spectrum().tolist(), f.lam] for f in figures]
    source = """(m, cases) => cases.map(([start, spectrum, lam]) => {
        const all = m.followIterations(start, spectrum, lam, 24);
        return [all, all.map(m.tangentOfTilt), all.map(m.readLabels), m.halfAxes(start),
            m.cutEllipsoid(start, spectrum), m.iterate(start, spectrum, lam, 0.4)];
    })"""
    for figure, found in zip(figures, run_js(MODULE, source, cases), strict=True):
        decoders, tangents, labels, halves, cut, between = map(np.array, found)
        W, v = figure.decoders(), figure.spectrum()
        np.testing.assert_allclose(decoders, W, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(tangents, figure.tangents(), rtol=1e-6, atol=1e-12)
        np.testing.assert_allclose(labels, np.linalg.norm(W[:, :2], axis=2), rtol=1e-7)
        values = np.linalg.svd(W[0])[1]
        np.testing.assert_allclose(np.linalg.norm(halves, axis=1), values, rtol=1e-9)
        assert abs(halves[0] @ halves[1]) < 1e-12
        # Points of the plane on the ellipsoid: of length one, at right angles, as C^-1 measures.
        np.testing.assert_allclose(cut @ np.diag(1 / v) @ cut.T, np.eye(2), atol=1e-9)
        both = np.hstack([W[0], cut.T])
        assert np.linalg.svd(both)[1][2] < 1e-9
        part = np.hstack([np.diag(v**0.4) @ W[0], between])
        assert np.linalg.svd(part)[1][2] < 1e-9


@browser_test
def test_another_start_is_one_that_python_takes(run_js: Callable[..., Any]) -> None:
    starts = run_js(
        "subspace_figure.js", "m => Array.from({ length: 200 }, () => m.drawStart(Math.random))"
    )
    for start in starts:
        assert SubspaceFigure(start=start).tangents()[0] > 0.2


@browser_test
def test_iterations_by_hand(mount: Callable[..., Tab]) -> None:
    figure = SubspaceFigure()
    tangents = figure.tangents()
    tab = mount(figure)
    said, one = tab.locator(".lae-sentence"), tab.get_by_role("button", name="One iteration")
    expect(said).to_contain_text("Before the first iteration: the plane is tilted by 76.1°")
    one.click()
    expect(said).to_contain_text(f"became {tangents[1] / tangents[0]:.3f} times as large")
    dots = tab.get_by_role("img", name="tan of the tilt").locator("circle")
    expect(dots).to_have_count(2)
    for _ in range(23):
        one.click()
    expect(one).to_be_disabled()
    expect(said).to_contain_text("Iteration 24: the plane is tilted by less than 0.1°")
    gap = tab.get_by_role("slider", name="v₃/v₂")
    gap.press("Home")
    expect(said).to_contain_text("v₃/v₂ = 0.05 is the most it can be")
    tab.get_by_role("button", name="Another start").click()
    expect(said).to_contain_text("Before the first iteration")
    tab.get_by_role("button", name="Start again").click()
    expect(said).to_contain_text("tilted by 76.1°")


@browser_test
def test_the_view_is_turned_by_mouse_and_keys(mount: Callable[..., Tab]) -> None:
    tab = mount(SubspaceFigure())
    view = tab.get_by_role("slider", name="View of the ellipsoid")
    outline = tab.locator(".lae-outline")
    before = outline.get_attribute("d")
    view.press("ArrowRight")
    view.press("PageUp")
    expect(view).to_have_attribute("aria-valuetext", "turned by −45°, seen from 70° above")
    expect(outline).not_to_have_attribute("d", before or "")
    box = view.bounding_box()
    assert box is not None
    tab.mouse.move(box["x"] + 50, box["y"] + 50)
    tab.mouse.down()
    tab.mouse.move(box["x"] + 150, box["y"] + 50, steps=2)
    tab.mouse.up()
    expect(view).to_have_attribute("aria-valuetext", "turned by −95°, seen from 70° above")


@browser_test
@pytest.mark.parametrize("reduced", [False, True])
def test_play_takes_its_iterations_one_by_one(mount: Callable[..., Tab], reduced: bool) -> None:
    options = {"reduced_motion": "reduce"} if reduced else {}
    tab = mount(SubspaceFigure(iterations=22), context_options=options)
    shapes = """async (play) => {
        const seen = new Set();
        play.click();
        do {
            seen.add(document.querySelector(".lae-cut").getAttribute("d"));
            await new Promise(requestAnimationFrame);
        } while (play.textContent === "Pause");
        return seen.size;
    }"""
    found = tab.get_by_role("button", name="Play").evaluate(shapes)
    assert (found <= 3) == reduced
    expect(tab.locator(".lae-sentence")).to_contain_text("Iteration 24")


@browser_test
@pytest.mark.parametrize("width", [390, 1280])
def test_the_figure_fits_and_is_accessible(mount: Callable[..., Tab], width: int) -> None:
    assert_fits_everyone(mount(SubspaceFigure(), width=width))


@browser_test
def test_the_figure_stands_rough_use_and_keeps_its_height(mount: Callable[..., Tab]) -> None:
    tab = mount(SubspaceFigure(), width=390)
    root = tab.locator(".lae-live")
    height = root.evaluate("e => e.offsetHeight")
    for _ in range(24):
        tab.get_by_role("button", name="One iteration").click()
        assert root.evaluate("e => e.offsetHeight") == height
    use_at_random(tab, actions=100)
