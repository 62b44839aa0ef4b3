"""The feedback figure: its summaries against NumPy, the page, and the training behind it."""

from __future__ import annotations

import functools
import gzip
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from traitlets import TraitError

from lae_helpers.feedback.base import FeedbackRule
from lae_helpers.feedback.data import LabelledImages
from lae_helpers.feedback.rules import (
    Backprop,
    FeedbackAlignment,
    InformationAlignment,
)
from lae_helpers.feedback.runs import Runs
from lae_helpers.feedback.training import train_with_feedback
from lae_helpers.widgets.feedback_figure import FeedbackFigure
from tests.widgets.rough_use import COUNT_LISTENERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

RULES: dict[str, FeedbackRule] = {
    "backprop": Backprop(),
    "fixed": FeedbackAlignment(),
    'learned <&"': InformationAlignment(),
}
NETWORKS = {"one": [12], "two": [12, 8], "four": [12, 8, 8, 8]}
EPOCHS = 4
STILL = {"reduced_motion": "reduce"}
NUMERICS = "numerics/feedback_runs.js"

browser_test = pytest.mark.browser


@functools.cache
def make_images() -> LabelledImages:
    rng = np.random.default_rng(0)
    centres, labels = rng.standard_normal((10, 12)), np.arange(80) % 10
    X = centres[labels] + 0.3 * rng.standard_normal((80, 12))
    return LabelledImages(X, labels, X[::2], labels[::2])


@functools.cache
def make_runs() -> dict[str, dict[str, Runs]]:
    settings: dict[str, Any] = {"seeds": (0, 1, 2), "epochs": EPOCHS, "batch_size": 10}
    return {
        name: {
            label: train_with_feedback(rule, make_images(), hidden, **settings)
            for label, rule in RULES.items()
        }
        for name, hidden in NETWORKS.items()
    }


def make_figure(**changes: Any) -> FeedbackFigure:  # noqa: ANN401 - any argument of it
    return FeedbackFigure(make_runs(), **{"images": make_images(), **changes})


# In Python


def test_it_starts_at_the_end_of_the_middle_network_with_all_rules() -> None:
    figure = make_figure()
    assert figure.network == "two"
    assert figure.rules == list(RULES)
    assert figure.epoch == EPOCHS
    assert figure.trainable
    assert not FeedbackFigure(make_runs()).trainable


def test_the_picture_says_the_numbers() -> None:
    figure = make_figure(network="four", rules=["fixed"])
    alt = figure.picture().alt
    last = make_runs()["four"]["fixed"]
    assert f"fixed {100 * last.accuracies[-1].mean():.1f} %" in alt
    assert f"to {last.weight_angles[-1].mean(axis=0)[0]:.3g}." in alt
    assert "layer 5:" in alt


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"network": "three"}, "network must be one of"),
        ({"rules": ["fixed", "hope"]}, "rules must be one of"),
        ({"epoch": EPOCHS + 1}, "epoch must be between 0 and 4"),
        ({"epoch": -1}, "epoch"),
    ],
)
def test_bad_traits_are_named(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(TraitError, match=complaint):
        make_figure(**changes)
    figure = make_figure()
    for name, value in changes.items():
        with pytest.raises(TraitError, match=complaint):
            setattr(figure, name, value)


def test_bad_runs_are_named() -> None:
    one = make_runs()["one"]
    with pytest.raises(ValueError, match="at least one network"):
        FeedbackFigure({})
    with pytest.raises(ValueError, match="the same rules"):
        FeedbackFigure({"a": one, "b": {"fixed": one["fixed"]}})


def test_rules_keep_their_order() -> None:
    figure = make_figure()
    figure.rules = ["fixed", "backprop"]
    assert figure.rules == ["backprop", "fixed"]


@pytest.mark.parametrize("rule", list(RULES))
def test_training_again_joins_the_records_and_reproduces_a_seed(rule: str) -> None:
    figure = make_figure()
    figure.train_again(rule, 1)
    figure.wait(60)
    assert not figure.busy
    assert figure.progress == 1.0
    assert figure.fresh["network"] == "two"
    assert figure.fresh["rule"] == rule
    recorded, fresh = figure.records["two"][rule], figure.fresh["record"]
    for table in ("accuracies", "weightAngles", "gains", "errorAngles"):
        slots = [[epoch[1]] for epoch in recorded[table]]
        np.testing.assert_array_equal(fresh[table], slots)
    assert figure.status.startswith(f"Done after 4 epochs: {rule} reaches ")


def test_a_training_can_be_stopped_and_a_bad_wish_is_answered() -> None:
    figure = make_figure()
    figure._hear(figure, {"kind": "train", "rule": "backprop", "seed": 7}, [])
    figure._hear(figure, {"kind": "stop"}, [])
    figure.wait(60)
    assert not figure.busy
    assert figure.status.startswith(("Stopped after", "Done after"))
    wishes: list[tuple[dict[str, Any], str]] = [
        ({"rule": "hope", "seed": 1}, "rule must be one of"),
        ({"rule": "fixed", "seed": -1}, "seed must be between 0 and 9999"),
        ({"rule": "fixed", "seed": "x"}, "seed must be an integer"),
        ({}, "rule must be one of"),
    ]
    for wish, answer in wishes:
        figure._hear(figure, {"kind": "train", **wish}, [])
        assert answer in figure.status
        assert not figure.busy
    figure._hear(figure, {"kind": "sing"}, [])
    with pytest.raises(ValueError, match="images must be given"):
        FeedbackFigure(make_runs()).train_again("fixed", 1)


def test_one_training_at_a_time_and_the_second_is_told() -> None:
    figure = make_figure()
    figure.set_trait("busy", True)
    figure.set_trait("progress", 0.5)
    with pytest.raises(RuntimeError, match="another training runs: wait for its end, or stop it"):
        figure.train_again("fixed", 1)
    figure._hear(figure, {"kind": "train", "rule": "fixed", "seed": 1}, [])
    assert "another training runs" in figure.status
    assert (figure.busy, figure.progress) == (True, 0.5)


def stop_after(figure: FeedbackFigure, epoch: int) -> None:
    """Train again, and stop as a reader would while that epoch is learned."""

    def stop(change: dict[str, Any]) -> None:
        if change["new"] >= epoch / EPOCHS and figure._training is not None:
            figure._training._stop.set()

    figure.observe(stop, names="progress")
    figure.train_again("fixed", 3)
    figure.wait(60)


def test_a_training_that_was_stopped_says_after_how_many_epochs() -> None:
    figure = make_figure()
    stop_after(figure, 1)
    assert len(figure.fresh["record"]["accuracies"]) == 2
    assert figure.status.startswith("Stopped after 1 epoch: fixed reaches")


# The numerics in the browser


@browser_test
def test_summaries_agree_with_numpy(run_js: Callable[..., Any]) -> None:
    figure = make_figure()
    for name, some in figure.records.items():
        for record in some.values():
            for epoch in (0, 2, EPOCHS, 99):
                found = run_js(NUMERICS, "(m, [r, e]) => m.summarizeRecord(r, e)", [record, epoch])
                at = min(epoch, EPOCHS)
                shares = np.array(record["accuracies"][at])
                assert found["at"] == at
                assert found["accuracy"] == pytest.approx(shares.mean())
                assert [found["lowest"], found["highest"]] == [shares.min(), shares.max()]
                for key, table in {"angle": "weightAngles", "gain": "gains",
                                   "errorAngle": "errorAngles"}.items():  # fmt: skip
                    means = np.array(record[table][at]).mean(axis=0)
                    assert len(means) == len(NETWORKS[name])
                    np.testing.assert_allclose([one[key] for one in found["layers"]], means)
    record = figure.records["two"]["fixed"]
    trace = run_js(NUMERICS, "(m, r) => m.traceMeans(m.pickLayer(r.gains, 1), 3)", record)
    np.testing.assert_allclose(trace, [[e, np.mean([s[1] for s in record["gains"][e]])]
                                       for e in range(4)])  # fmt: skip
    floors = [[[0.1, 0.05], [0.57, 0.9]], [[0.1], [0.99]], [[0.1]], [[0.1], [0.7]]]
    found = run_js(NUMERICS, "(m, all) => all.map((a) => m.findFloor([{ accuracies: a }]))", floors)
    assert found == [50, 80, 80, 70]
    found = run_js(
        NUMERICS, "(m, all) => all.map((a) => m.findCeiling([{ accuracies: a }]))", floors
    )
    assert found == [91, 100, 90, 90]


@browser_test
def test_needles_turn_and_stretch(run_js: Callable[..., Any]) -> None:
    source = "(m, all) => all.map(([a, g]) => m.placeTip(a, g))"
    cases = [[0, 0], [0, 1], [90, 1], [60, 0.5], [30, 99], [30, 1.6]]
    foot, *tips = run_js("parts/feedback_compass.js", source, cases)
    relative = [np.subtract(tip, foot) * [1, -1] for tip in tips]
    reach = float(np.linalg.norm(relative[0]))
    np.testing.assert_allclose(relative[0], np.array([0.0, reach]))
    np.testing.assert_allclose(relative[1], np.array([reach, 0.0]), atol=1e-9)
    np.testing.assert_allclose(relative[2], 0.5 * reach * np.array([np.sqrt(3) / 2, 0.5]))
    np.testing.assert_allclose(relative[3], relative[4])


# The figure on a page


def sentence(tab: Tab) -> Any:  # noqa: ANN401 - a locator
    return tab.locator(".lae-sentence")


@browser_test
def test_without_a_kernel_it_shows_the_records_and_says_what_is_missing(
    mount: Callable[..., Tab],
) -> None:
    figure = make_figure()
    tab = mount(figure, context_options=STILL)
    share = 100 * make_runs()["two"]["fixed"].accuracies[-1].mean()
    expect(sentence(tab)).to_contain_text(f"fixed {share:.1f} %")
    expect(tab.locator(".lae-feedback-training")).to_contain_text("open this chapter in JupyterLab")
    for control in ("train again", "stop"):
        expect(tab.get_by_role("button", name=control)).to_have_count(0)
    expect(tab.locator("progress")).to_be_hidden()
    expect(tab.locator(".lae-compass")).to_have_count(2)
    tab.get_by_label("four").check()
    expect(tab.locator(".lae-compass")).to_have_count(4)
    expect(sentence(tab)).to_contain_text("four, after 4 of 4 epochs")
    tab.get_by_label("error fed back").check()
    expect(tab.locator(".lae-side-by-side .lae-heading").first).to_have_text("layer 1")


@browser_test
def test_the_epochs_by_keyboard_and_by_play(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(), context_options=STILL)
    slider = tab.get_by_role("slider", name="epoch")
    slider.press("Home")
    expect(sentence(tab)).to_contain_text("two, before any training")
    slider.press("ArrowRight")
    expect(sentence(tab)).to_contain_text("after 1 of 4 epochs")
    expect(slider).to_have_attribute("aria-valuetext", "1 of 4")
    tab.get_by_role("button", name="play").click()  # still: to the end at once
    expect(sentence(tab)).to_contain_text("after 4 of 4 epochs")


@browser_test
def test_play_walks_through_the_epochs(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(epoch=2), clock=True)
    tab.get_by_role("button", name="play").click()
    tab.clock.run_for(100)
    expect(tab.get_by_role("button", name="pause")).to_be_visible()
    tab.clock.run_for(3000)
    expect(sentence(tab)).to_contain_text("after 4 of 4 epochs")
    expect(tab.get_by_role("button", name="play")).to_be_visible()


@browser_test
def test_no_rule_is_a_choice_too(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(rules=["fixed"]), context_options=STILL)
    tab.get_by_label("fixed", exact=True).uncheck()
    expect(sentence(tab)).to_contain_text("Choose a rule")
    tab.get_by_label('learned <&"').check()
    expect(sentence(tab)).to_contain_text('learned <&"')


MOUNT_BY_HAND = """async () => {
    const text = document.querySelector('script[type$="widget-state+json"]').textContent;
    const [{ state }] = Object.values(JSON.parse(text).state);
    const source = new Blob([state._esm], { type: "text/javascript" });
    const { default: frontEnd } = await import(URL.createObjectURL(source));
    const changed = new Map();
    const hand = { nListening: 0, saved: 0, sent: [], values: { ...state } };
    const emit = (name) => changed.get(`change:${name}`)?.forEach((listener) => listener());
    const model = {
        widget_manager: {},
        get: (name) => hand.values[name],
        set: (name, value) => { hand.values[name] = value; emit(name); },
        send: (content) => hand.sent.push(content),
        save_changes: () => { hand.saved += 1; },
        on: (type, f) => {
            changed.set(type, [...(changed.get(type) ?? []), f]);
            hand.nListening += 1;
        },
        off: (type, f) => {
            changed.set(type, changed.get(type).filter((g) => g !== f));
            hand.nListening -= 1;
        },
    };
    document.querySelector(".lae-figure").remove();
    const el = document.createElement("div");
    document.querySelector("main").append(el);
    window.hand = Object.assign(hand, { model, end: await frontEnd.render({ model, el }) });
}"""


@browser_test
def test_with_a_kernel_it_asks_for_trainings_and_shows_them(mount: Callable[..., Tab]) -> None:
    figure = make_figure()
    tab = mount(figure, context_options=STILL)
    tab.evaluate(COUNT_LISTENERS)
    tab.evaluate(MOUNT_BY_HAND)
    assert tab.evaluate("held") > 10
    tab.get_by_label("train", exact=True).select_option("fixed")
    tab.get_by_label("with seed").fill("7")
    tab.get_by_role("button", name="train again").click()
    assert tab.evaluate("hand.sent") == [{"kind": "train", "rule": "fixed", "seed": 7}]
    figure.train_again("fixed", 7)
    figure.wait(60)
    tab.evaluate("hand.model.set('busy', true)")
    expect(tab.get_by_role("button", name="train again")).to_be_disabled()
    tab.get_by_role("button", name="stop").click()
    assert tab.evaluate("hand.sent.at(-1)") == {"kind": "stop"}
    values = {name: getattr(figure, name) for name in ("fresh", "progress", "status", "busy")}
    tab.evaluate("v => Object.entries(v).forEach(([n, value]) => hand.model.set(n, value))", values)
    expect(sentence(tab)).to_contain_text("fixed with seed 7")
    expect(tab.locator(".lae-feedback-training")).to_contain_text("Done after 4 epochs")
    assert tab.evaluate("document.querySelector('progress').value") == 1
    tab.get_by_label("one", exact=True).check()
    expect(sentence(tab)).not_to_contain_text("seed 7")
    assert tab.evaluate("hand.saved") > 0
    tab.evaluate("hand.end()")
    assert tab.evaluate("[held, hand.nListening]") == [0, 0]


@browser_test
def test_a_seed_that_is_none_is_told_and_not_trained(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(), context_options=STILL)
    tab.evaluate(MOUNT_BY_HAND)
    status, seed = (
        tab.locator(".lae-feedback-training [role=status]"),
        tab.get_by_label("with seed"),
    )
    start = tab.get_by_role("button", name="train again")
    for typed, said in [
        ("-1", "−1 is no seed: take a whole number from 0 to 9999. Nothing was trained."),
        ("10000", "10000 is no seed: "),
        ("1.5", "1.5 is no seed: "),
        ("", "There is no seed: take a whole number from 0 to 9999. Nothing was trained."),
    ]:
        seed.fill(typed)
        start.click()
        expect(status).to_contain_text(said)
        expect(seed).to_have_attribute("aria-invalid", "true")
        expect(seed).to_be_focused()
        expect(seed).to_have_value(typed)
    assert tab.evaluate("hand.sent") == []
    seed.fill("9999")
    expect(status).to_have_text("Choose a rule and a seed to train it again.")
    start.click()
    assert tab.evaluate("hand.sent") == [{"kind": "train", "rule": "backprop", "seed": 9999}]


@browser_test
def test_a_run_that_was_stopped_is_listed_with_its_own_end(mount: Callable[..., Tab]) -> None:
    figure = make_figure(rules=["backprop"])
    stop_after(figure, 2)
    tab = mount(figure, context_options=STILL)
    expect(sentence(tab)).to_contain_text("after 4 of 4 epochs")
    expect(sentence(tab)).to_contain_text("fixed with seed 3 (ended after 2 epochs) ")
    expect(sentence(tab)).not_to_contain_text("backprop (ended")
    tab.get_by_role("slider", name="epoch").press("Home")
    expect(sentence(tab)).not_to_contain_text("ended")


@browser_test
def test_without_images_it_says_so_and_offers_no_buttons(mount: Callable[..., Tab]) -> None:
    tab = mount(FeedbackFigure(make_runs()), context_options=STILL)
    tab.evaluate(MOUNT_BY_HAND)
    expect(tab.locator(".lae-feedback-training")).to_contain_text("without their images")
    expect(tab.get_by_role("button", name="train again")).to_have_count(0)


@browser_test
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_fits_and_is_accessible(mount: Callable[..., Tab], width: int, theme: str) -> None:
    tab = mount(make_figure(network="four"), width=width)
    before = tab.locator(".lae-feedback").evaluate("e => getComputedStyle(e).backgroundColor")
    tab.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    after = tab.locator(".lae-feedback").evaluate("e => getComputedStyle(e).backgroundColor")
    assert (before == after) == (theme == "light")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.evaluate(overflow) == 0
    small = """all => all.filter((e) => e.checkVisibility()).filter((e) => {
        const r = e.getBoundingClientRect();
        return Math.min(r.width, r.height) < 24; }).length"""
    targets = ".lae-feedback :is(button, select, label:has(input), input[type=range])"
    assert tab.locator(targets).evaluate_all(small) == 0
    results = Axe().run(tab, context=".lae-live")
    assert results.violations_count == 0, results.generate_report()


@browser_test
def test_two_hundred_random_actions(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure())
    expect(tab.locator(".lae-feedback")).to_be_visible()  # its own listeners are there
    rng = np.random.default_rng(3)
    tab.evaluate("""() => {
        const { addEventListener } = EventTarget.prototype;
        window.nAdded = 0;
        EventTarget.prototype.addEventListener = function (...a) {
            if (new Error().stack.includes("blob:")) window.nAdded += 1; // not Playwright's own
            return addEventListener.apply(this, a);
        };
    }""")
    marks = tab.locator(".lae-feedback :is(input[type=radio], input[type=checkbox])")
    n_marks, slider = marks.count(), tab.get_by_role("slider", name="epoch")
    for _ in range(200):
        match rng.integers(4):
            case 0 | 1:
                marks.nth(int(rng.integers(n_marks))).click()
            case 2:
                slider.press(str(rng.choice(["Home", "End", "ArrowLeft", "ArrowRight"])))
            case _:
                tab.get_by_role("button", name=re.compile("play|pause")).click()
    tab.get_by_label("two").check()
    expect(sentence(tab)).to_contain_text("two, ")
    shown = tab.locator(".lae-feedback").evaluate("e => e.outerHTML")
    assert not re.search(r"NaN|Infinity|undefined", shown)
    assert tab.evaluate("window.nAdded") == 0


def test_is_light() -> None:
    assert len(gzip.compress(FeedbackFigure._esm.encode())) < 25_000
