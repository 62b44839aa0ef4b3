"""The cloud figure: its numerics against NumPy and `fit_pca`, and itself in a browser."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from lae_helpers import fit_pca
from lae_helpers.explorer.points import FIRST_OTHER, angle_between, draw_points
from lae_helpers.widgets import LadderFigure
from lae_helpers.widgets.cloud import CloudFigure, expected_sway, other_angles, sway
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

MODULE = "numerics/cloud.js"
CASES = [
    CloudFigure(angle=100.0),
    CloudFigure(angle=0.0, ratio=0.9, mean=(1.5, 0.3), seed=7),
    CloudFigure(angle=33.3, ratio=0.01, mean=(-0.4, 1.1), centred=False, seed=9999),
    CloudFigure(angle=179.0, ratio=1.0, mean=(0.0, 0.0), centred=False, seed=123),
]


@pytest.mark.theorem("prop-two-views")
@settings(deadline=None, max_examples=60)
@given(
    st.floats(0, 180), st.floats(0.01, 1), st.tuples(*[st.floats(-1.5, 1.5)] * 2),
    st.booleans(), st.integers(0, 9999),
)  # fmt: skip
def test_error_and_variance_add_up_and_the_best_line_has_the_least_error(
    angle: float, ratio: float, mean: tuple[float, float], centred: bool, seed: int
) -> None:
    figure = CloudFigure(angle=angle, ratio=ratio, mean=mean, centred=centred, seed=seed)
    points = figure.points
    about = points - points.mean(axis=0) if centred else points
    radians = np.radians(angle)
    across = about @ [-np.sin(radians), np.cos(radians)]
    assert figure.error == pytest.approx(np.square(across).mean(), abs=1e-12)
    assert figure.error + figure.variance == pytest.approx(np.square(about).sum() / len(points))
    lost = figure.error
    figure.angle = figure.best_angle
    assert figure.error <= lost + 1e-12


def test_the_mean_is_where_it_was_put_and_the_best_line_is_that_of_pca() -> None:
    figure = CloudFigure(mean=(1.2, -0.7), ratio=0.3, seed=4)
    np.testing.assert_allclose(figure.points.mean(axis=0), [1.2, -0.7])
    pca = fit_pca(figure.points, 2)
    figure.angle = figure.best_angle
    np.testing.assert_allclose([figure.variance, figure.error], pca.variances)


@pytest.mark.theorem("prop-uncentred")
def test_without_centring_the_best_line_obeys_the_bound_and_the_sandwich() -> None:
    for seed in range(20):
        figure = CloudFigure(mean=(1.3, -1.1), seed=seed, centred=False)
        pca, mean = fit_pca(figure.points, 2), np.array(figure.mean)
        unit = mean / np.linalg.norm(mean)
        C = pca.directions * pca.variances @ pca.directions.T
        pull = C @ unit - unit * (unit @ C @ unit)
        gap = mean @ mean + unit @ C @ unit - pca.variances[0]
        figure.angle = figure.best_angle
        to_mean = angle_between(figure.angle, np.degrees(np.arctan2(mean[1], mean[0])))
        assert np.sin(np.radians(to_mean)) <= np.linalg.norm(pull) / gap
        assert pca.variances[1] <= figure.error <= pca.variances.sum()


@pytest.mark.parametrize("ratio", [0.05, 0.2, 0.4])
def test_the_first_direction_sways_as_the_formula_says(ratio: float) -> None:
    """Over many lots of forty, whose root mean square has a spread of about a ninth."""
    lots = [
        [
            angle_between(np.degrees(np.arctan2(u[1], u[0])), 30.0)
            for i in range(40)
            for u in [fit_pca(draw_points(20_000 + 40 * lot + i, ratio), 1).directions[:, 0]]
        ]
        for lot in range(10)
    ]
    measured = np.sqrt(np.square(lots).mean())
    assert measured == pytest.approx(expected_sway(ratio), rel=0.25)
    assert sway(other_angles(ratio)) == pytest.approx(expected_sway(ratio), rel=0.25)


def test_equal_variances_leave_the_direction_to_chance() -> None:
    assert expected_sway(1.0) == np.inf
    assert sway(other_angles(1.0)) == pytest.approx(90 / np.sqrt(3), rel=0.2)


@pytest.mark.browser
def test_the_page_draws_and_measures_what_python_does(run_js: Callable[..., Any]) -> None:
    compute = """(m, cases) => cases.map(({ angle, ratio, mean, centred, seed }) => {
        const points = m.drawPoints(seed, ratio, mean);
        const covariance = m.momentOf(m.drawPoints(seed, ratio));
        const moment = centred ? covariance : m.addMean(covariance, mean, 1);
        return { points, split: m.splitMoment(moment, angle), best: m.decompose(moment).angle,
                 pca: m.decompose(covariance).values };
    })"""
    names = "angle", "ratio", "mean", "centred", "seed"
    cases = [{name: getattr(figure, name) for name in names} for figure in CASES]
    for figure, found in zip(CASES, run_js(MODULE, compute, cases), strict=True):
        np.testing.assert_allclose(found["points"], figure.points, atol=1e-12)
        np.testing.assert_allclose(found["pca"], fit_pca(figure.points, 2).variances, rtol=1e-9)
        assert found["split"] == pytest.approx(
            {"kept": figure.variance, "lost": figure.error}, abs=1e-12
        )
        assert angle_between(found["best"], figure.best_angle) < 1e-6


@pytest.mark.browser
def test_the_page_sways_as_python_does(run_js: Callable[..., Any]) -> None:
    for ratio in (0.2, 1.0):
        others = run_js(MODULE, "(m, ratio) => m.otherAngles(ratio)", ratio)
        expected = other_angles(ratio)
        apart = [angle_between(*pair) for pair in zip(others, expected, strict=True)]
        assert max(apart) < 1e-6
        assert run_js(MODULE, "(m, angles) => m.sway(angles)", others) == pytest.approx(
            sway(expected)
        )
    assert run_js(MODULE, "(m, r) => m.expectedSway(r)", 0.2) == pytest.approx(expected_sway(0.2))


@pytest.mark.browser
def test_by_keyboard_a_reader_turns_moves_and_snaps(mount: Callable[..., Tab]) -> None:
    figure = CloudFigure(angle=40.0)
    tab = mount(figure, context_options={"reduced_motion": "reduce"})
    pca = fit_pca(figure.points, 2)
    line, mean = tab.locator(".lae-line-grip"), tab.locator(".lae-mean-grip")
    sentence = tab.locator(".lae-sentence")
    line.press("ArrowRight")
    line.press("PageUp")
    figure.angle = 51.0
    expect(line).to_have_attribute("aria-valuetext", f"51°, error {figure.error:.2f}")
    expect(tab.locator(".lae-sum")).to_contain_text(
        f"error {figure.error:.2f} + variance {figure.variance:.2f} = {pca.variances.sum():.2f}"
    )
    tab.get_by_role("button", name="snap to u₁").click()
    expect(sentence).to_contain_text(
        f"the error is least, v₂ = {pca.variances[1]:.2f}, "
        f"and the variance greatest, v₁ = {pca.variances[0]:.2f}"
    )
    line.press("Home")
    expect(line).to_have_attribute("aria-valuenow", "0")
    line.press("End")
    expect(line).to_have_attribute("aria-valuenow", "179")
    expect(tab.get_by_role("slider", name="line at")).to_have_value("179")
    tab.get_by_role("radio", name="the origin").check()
    expect(sentence).to_contain_text("‖μ‖² = 1.45")
    mean.press("ArrowLeft")
    mean.press("Shift+ArrowUp")
    expect(mean).to_have_attribute("aria-valuetext", "(0.70, −0.89)")
    mean.press("PageDown")
    mean.press("Home")
    expect(mean).to_have_attribute("aria-valuetext", "(−1.50, −1.50)")
    assert tab.evaluate("scrollY") == 0


@pytest.mark.browser
def test_what_the_pointer_drags(mount: Callable[..., Tab]) -> None:
    tab = mount(CloudFigure(mean=(0.0, 0.0)))
    plane, line = tab.locator(".lae-points"), tab.locator(".lae-line-grip")
    box, grip = plane.bounding_box(), line.bounding_box()
    assert box is not None
    assert grip is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    tab.mouse.down()
    for dx, dy, angle in ((80, -80, 45), (0, -90, 90), (-80, -80, 135), (-80, 80, 45)):
        tab.mouse.move(middle[0] + dx, middle[1] + dy, steps=5)
        expect(line).to_have_attribute("aria-valuenow", str(angle))
        held = line.bounding_box()
        assert held is not None  # under the pointer, not at the line's other end
        assert (held["x"] + held["width"] / 2 - middle[0]) * dx >= 0
        assert (held["y"] + held["height"] / 2 - middle[1]) * dy > 0
    tab.mouse.up()
    tab.get_by_role("radio", name="the origin").check()
    expect(tab.locator(".lae-sentence")).to_contain_text("the data are centred as they are")
    tab.get_by_role("radio", name="the mean").check()
    tab.mouse.move(*middle)
    tab.mouse.down()
    tab.mouse.move(middle[0] + box["width"] / 4, middle[1], steps=3)
    tab.mouse.up()
    expect(tab.locator(".lae-mean-grip")).to_have_attribute("aria-valuetext", "(1.50, 0.00)")
    tab.mouse.click(middle[0] + box["width"] * 1.5 / 6.4, middle[1] - 100)
    expect(line).to_have_attribute("aria-valuenow", "90")


@pytest.mark.browser
def test_a_new_sample_sways_the_more_the_closer_the_variances(mount: Callable[..., Tab]) -> None:
    tab = mount(CloudFigure())
    words, best = tab.locator(".lae-swaying"), tab.locator(".lae-best")
    expect(words).to_contain_text(f"They sway by {sway(other_angles(0.2)):.1f}°")
    expect(words).to_contain_text(f"the formula says {expected_sway(0.2):.1f}°")
    before = best.get_attribute("d")
    tab.get_by_role("button", name="new sample").click()
    expect(best).not_to_have_attribute("d", before or "")
    tab.get_by_role("slider", name="v₂ / v₁").press("End")
    expect(words).to_contain_text(f"They sway by {sway(other_angles(1.0)):.0f}°")
    expect(words).to_contain_text("chance alone would give 52°")


@pytest.mark.browser
def test_nothing_below_moves_while_a_reader_turns_and_snaps(mount: Callable[..., Tab]) -> None:
    """On a page with a second figure, whose style sheets come later."""
    for width in (390, 1280):
        tab = mount(CloudFigure(), LadderFigure([2.0, 1.0]), width=width)
        slider, ratio = (tab.get_by_role("slider", name=n) for n in ("line at", "v₂ / v₁"))
        heights = set()
        for name in ("the mean", "the origin"):
            tab.get_by_role("radio", name=name).check()
            for key in ("Home", "End", "PageDown"):
                for control in (slider, ratio, tab.locator(".lae-mean-grip")):
                    control.press(key)
                    tab.evaluate("new Promise(requestAnimationFrame)")
                    heights.add(tab.locator(".lae-cloud").evaluate("e => e.offsetHeight"))
        tab.get_by_role("button", name="snap to w").click()
        expect(tab.locator(".lae-cloud").get_by_role("status")).to_contain_text(
            "The best line, w, lies"
        )
        heights.add(tab.locator(".lae-cloud").evaluate("e => e.offsetHeight"))
        assert len(heights) == 1


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_fits_every_reader_and_stands_rough_use(mount: Callable[..., Tab], width: int) -> None:
    tab = mount(CloudFigure(), width=width)
    assert_fits_everyone(tab)
    for radio in tab.get_by_role("radio").all():
        assert radio.evaluate("radio => radio.offsetWidth") == 20
    use_at_random(tab, actions=60)


def test_bad_values_raise_with_the_name_of_the_trait() -> None:
    figure = CloudFigure()
    bad: list[tuple[str, Any]] = [
        ("angle", 181.0), ("ratio", 0.0), ("ratio", "wide"), ("seed", FIRST_OTHER), ("seed", 0.5),
        ("mean", [1.6, 0.0]), ("mean", [0.0]), ("centred", "yes"),
    ]  # fmt: skip
    for name, value in bad:
        with pytest.raises(traitlets.TraitError, match=name):
            setattr(figure, name, value)


def test_picture_says_its_numbers() -> None:
    figure = CloudFigure(angle=10.0, centred=False)
    said = figure.picture().alt
    assert f"Error {figure.error:.2f} and variance {figure.variance:.2f}" in said
    assert "the origin, away from their mean" in said
    assert f"w, is at {figure.best_angle:.0f}°" in said


def test_the_front_end_is_light() -> None:
    assert len(gzip.compress(str(CloudFigure._esm).encode())) < 12_000
