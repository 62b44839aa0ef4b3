"""The mirror figure: its steps in the browser against the rules in Python, and the page."""

from __future__ import annotations

import functools
import gzip
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from traitlets import TraitError

from lae_helpers.feedback.looks import look_of
from lae_helpers.metrics import angle
from lae_helpers.widgets import AlignmentFigure, MirrorFigure
from lae_helpers.widgets.mirror_figure import ACTIVE, ALIGNMENT, LABELS, MIRROR, RUN
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    from lae_helpers._checks import FloatArray

ABOVE, BELOW = 3, 7
STILL = {"reduced_motion": "reduce"}
WALK = [[MIRROR, 30], [ALIGNMENT, 40], [ACTIVE, 25], [MIRROR, RUN]]
REPLAY = """(m, [figure, weights, activity]) => {
    const [above, below] = figure.shape;
    const layer = { above, below, W: Float64Array.from(weights), activity, scale: figure.scale };
    const feedback = m.startFeedback(layer, figure.seed);
    for (const [label, count] of figure.walk) {
        for (let step = 0; step < count; step += 1) {
            m.stepFeedback(feedback, layer, figure.rules[label], step, figure.settings);
        }
    }
    const { transposed, difference, ...sizes } = m.compareFeedback(layer, feedback.B);
    return { B: [...feedback.B], transposed: [...transposed], difference: [...difference], sizes };
}"""


@functools.cache
def make_layer(seed: int = 0) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    W = rng.standard_normal((ABOVE, BELOW)) / 2
    return W, np.maximum(rng.standard_normal((20, BELOW)) @ rng.standard_normal((BELOW, BELOW)), 0)


def make_figure(**changes: Any) -> MirrorFigure:  # noqa: ANN401 - any trait of it
    figure = MirrorFigure(*make_layer(), seed=3)
    for name, value in changes.items():
        setattr(figure, name, value)
    return figure


def weights_of(figure: MirrorFigure) -> FloatArray:
    return np.frombuffer(figure._weights).reshape(figure.shape)


# In Python


def test_resting_places_are_those_of_the_rules() -> None:
    figure = make_figure()
    W, resting = weights_of(figure), figure.resting()
    np.testing.assert_allclose(resting[MIRROR], W.T)
    ridge = W.T @ np.linalg.inv(W @ W.T + np.eye(ABOVE))
    np.testing.assert_allclose(resting[ALIGNMENT], ridge)
    integers = np.frombuffer(figure._activity, dtype=np.int8).reshape(-1, BELOW).astype(float)
    turned = integers.T @ integers @ W.T
    np.testing.assert_allclose(resting[ACTIVE] / np.linalg.norm(W), turned / np.linalg.norm(turned))
    for label, (degrees, gain) in figure.rests.items():
        B = torch.from_numpy(resting[label])
        assert degrees == angle(B, torch.from_numpy(W.T.copy()))
        assert gain == pytest.approx(np.linalg.norm(resting[label]) / np.linalg.norm(W))


def test_sorting_the_neurons_below_changes_nothing_else() -> None:
    (W, _), figure = make_layer(), make_figure()
    found = weights_of(figure)
    assert sorted(map(tuple, W.T)) == sorted(map(tuple, found.T))
    best = found.argmax(axis=0)
    assert (np.diff(best) >= 0).all()
    for j in range(ABOVE):
        assert (np.diff(found[j, best == j]) <= 0).all()
    np.testing.assert_allclose(figure.rests[ACTIVE][1], 1)


def test_a_run_comes_close_to_where_its_rule_rests() -> None:
    for seed in range(3):
        for label in LABELS:
            figure = make_figure(walk=[[label, RUN]], seed=seed)
            rest = figure.resting()[label]
            away = np.linalg.norm(figure.feedback() - rest) / np.linalg.norm(rest)
            assert away < 0.25
            figure.walk = [[label, 0]]
            assert np.linalg.norm(figure.feedback() - rest) > 0.5 * np.linalg.norm(rest)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"walk": [["hope", 1]]}, "a name of walk must be one of"),
        ({"walk": [[MIRROR, RUN + 1]]}, "a count of walk must be between 0 and 400"),
        ({"walk": [[MIRROR]]}, "walk must hold pairs"),
        ({"walk": []}, "the runs of walk"),
        ({"walk": [[MIRROR, 1]] * 41}, "the runs of walk"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
    ],
)
def test_bad_traits_are_named(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(TraitError, match=complaint):
        make_figure(**changes)


def test_bad_arguments_are_named() -> None:
    W, activity = make_layer()
    for arguments, complaint in [
        ((W, activity[:, 1:]), "activity must have as many columns as W, 7"),
        ((W, 0 * activity), "activity must reach the layer above"),
        ((W, np.tile(activity, (26, 1))), "the samples of activity must be between 1 and 500"),
        ((W[0], activity), "W must"),
    ]:
        with pytest.raises(ValueError, match=complaint):
            MirrorFigure(*arguments)


def test_the_picture_says_where_each_rests() -> None:
    figure = make_figure()
    for label in LABELS:
        degrees, gain = figure.rests[label]
        said = f"{label}: B rests {degrees:.1f}° from Wᵀ, {gain:.2f} times as long"
        assert said in figure.picture().alt


def test_the_figure_is_light() -> None:
    assert len(gzip.compress(make_figure()._esm.encode())) < 15_000


# The numerics in the browser


@pytest.mark.browser
def test_the_page_takes_the_steps_of_the_rules(run_js: Callable[..., Any]) -> None:
    figure = make_figure(walk=WALK)
    given = {
        "shape": figure.shape, "seed": figure.seed, "walk": figure.walk, "scale": figure._scale,
        "rules": figure._rules, "settings": figure._settings,
    }  # fmt: skip
    W = weights_of(figure)
    integers = np.frombuffer(figure._activity, dtype=np.int8).tolist()
    found = run_js("numerics/mirror.js", REPLAY, [given, W.ravel().tolist(), integers])
    B = figure.feedback()
    np.testing.assert_allclose(found["B"], B.ravel(), rtol=0, atol=1e-10)
    np.testing.assert_array_equal(np.reshape(found["transposed"], W.shape),
                                  np.reshape(found["B"], B.shape).T)  # fmt: skip
    exact = angle(torch.from_numpy(B), torch.from_numpy(W.T.copy()))
    assert found["sizes"]["angle"] == pytest.approx(exact, abs=1e-10)
    assert found["sizes"]["gain"] == pytest.approx(np.linalg.norm(B) / np.linalg.norm(W))
    nearest = np.vdot(W, B.T) / np.vdot(B, B) * B.T
    np.testing.assert_allclose(found["difference"], (W - nearest).ravel(), atol=1e-10)
    assert np.linalg.norm(found["difference"]) == pytest.approx(
        np.sin(np.radians(exact)) * np.linalg.norm(W)
    )


# The figure on a page


def sentence(tab: Tab) -> Any:  # noqa: ANN401 - a locator
    return tab.locator(".lae-sentence")


@pytest.mark.browser
def test_noise_runs_by_itself_and_comes_to_rest_in_ten_seconds(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure())
    expect(tab.get_by_role("button", name="pause")).to_be_visible()
    expect(sentence(tab)).to_contain_text(f"After {RUN} of {RUN} batches")
    expect(tab.get_by_role("button", name="run again")).to_be_visible()
    found = re.search(r"B is ([\d.]+)° from Wᵀ and ([\d.]+) times", sentence(tab).inner_text())
    assert found
    B = make_figure(walk=[[MIRROR, RUN]]).feedback()
    W = weights_of(make_figure())
    assert float(found[1]) == round(angle(torch.from_numpy(B), torch.from_numpy(W.T.copy())), 1)
    assert float(found[2]) == round(float(np.linalg.norm(B) / np.linalg.norm(W)), 2)


@pytest.mark.browser
def test_without_motion_a_choice_leads_to_its_end_and_goes_on_from_there(
    mount: Callable[..., Tab],
) -> None:
    figure = make_figure()
    tab = mount(figure, context_options=STILL)
    expect(sentence(tab)).to_contain_text("Before any noise")
    tab.get_by_role("button", name="play").click()
    expect(sentence(tab)).to_contain_text(f"After {RUN}")
    tab.get_by_label(ALIGNMENT).check()
    rest, gain = figure.rests[ALIGNMENT]
    expect(sentence(tab)).to_contain_text(f"rest {rest:.1f}° away, {gain:.2f} times as long")
    expect(sentence(tab)).to_contain_text(f"After {RUN}")
    tab.get_by_label(ACTIVE).check()
    expect(sentence(tab)).to_contain_text(f"After {RUN} of {RUN} batches of activity")
    B = make_figure(walk=[[label, RUN] for label in LABELS]).feedback()
    W = weights_of(figure)
    degrees = angle(torch.from_numpy(B), torch.from_numpy(W.T.copy()))
    expect(sentence(tab)).to_contain_text(f"B is {degrees:.1f}° from Wᵀ")
    needle = tab.locator(".lae-compass path[stroke-dasharray]")
    look = look_of(ACTIVE)
    assert look is not None
    expect(needle).to_have_attribute("stroke", f"var(--lae-{look.colour})")
    tab.get_by_role("button", name="start over").click()
    alone = make_figure(walk=[[ACTIVE, RUN]]).feedback()
    degrees = angle(torch.from_numpy(alone), torch.from_numpy(W.T.copy()))
    expect(sentence(tab)).to_contain_text(f"B is {degrees:.1f}° from Wᵀ")


@pytest.mark.browser
def test_a_saved_walk_is_shown_again(mount: Callable[..., Tab]) -> None:
    figure = make_figure(walk=[[ACTIVE, 0], *WALK])
    tab = mount(figure)
    expect(sentence(tab)).to_contain_text(f"After {RUN} of {RUN} batches of noise")
    degrees = angle(torch.from_numpy(figure.feedback()),
                    torch.from_numpy(weights_of(figure).T.copy()))  # fmt: skip
    expect(sentence(tab)).to_contain_text(f"B is {degrees:.1f}° from Wᵀ")


@pytest.mark.browser
def test_nothing_below_moves_while_it_runs(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(), width=390)
    heights = set()
    for label in LABELS:
        tab.get_by_label(label, exact=True).check()
        tab.wait_for_timeout(300)
        heights.add(tab.locator(".lae-live").evaluate("live => live.offsetHeight"))
    assert len(heights) == 1


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_everyone(mount: Callable[..., Tab], width: int) -> None:
    assert_fits_everyone(mount(make_figure(), width=width, context_options=STILL))


@pytest.mark.browser
def test_it_stands_rough_use(mount: Callable[..., Tab]) -> None:
    use_at_random(mount(make_figure()), actions=60)


@pytest.mark.browser
def test_its_layout_holds_where_another_figure_brings_its_style_sheet(
    mount: Callable[..., Tab],
) -> None:
    figure = make_figure()
    tab = mount(figure, AlignmentFigure(weights_of(figure)), context_options=STILL)
    expect(tab.locator(".lae-alignment")).to_be_visible()
    labels = tab.locator(".lae-mirror .lae-choice label")
    tops = labels.evaluate_all("all => all.map((label) => label.getBoundingClientRect().top)")
    assert len(tops) == 3
    assert len(set(tops)) == 1
