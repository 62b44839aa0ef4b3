"""Predictions: what is asked, how far a guess is from the truth, and what is covered until then."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from lae_helpers.widgets import (
    Prediction,
    SpectrumFigure,
    ask_choice,
    ask_curve,
    ask_number,
    ask_order,
    ask_point,
)
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

WHY = "Because it is so."
SQUARE = ((-2.0, 2.0), (-2.0, 2.0))
X = np.arange(1.0, 9.0)


def make_all() -> list[Prediction]:
    return [
        ask_choice("Which?", ["the one", "the other"], truth=1, why=WHY),
        ask_order("In which order?", ["a", "b", "c"], truth=[2, 0, 1], why=WHY),
        ask_number("How large?", truth=0.5, limits=(0.01, 100), log=True, label="gap", why=WHY),
        ask_point("Where?", truth=(1.0, -1.0), limits=SQUARE, labels=("w₁", "w₂"), why=WHY),
        ask_curve("How does it fall?", x=X, truth=1 / X, limits=(0, 1), why=WHY),
    ]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: ask_choice("?", ["a", "b"], truth=2, why=WHY), "truth must be between 0 and 1"),
        (lambda: ask_order("?", ["a", "b"], truth=[0, 0], why=WHY), "truth must be an order of"),
        (lambda: ask_number("?", truth=2, limits=(0, 1), why=WHY), "truth must be between 0 and 1"),
        (
            lambda: ask_number("?", truth=0, limits=(0, 1), log=True, why=WHY),
            "limits must be finite and pos",
        ),
        (lambda: ask_number("?", truth=1, limits=(2, 1), why=WHY), "limits must go from a smaller"),
        (lambda: ask_point("?", truth=(0, 9), limits=SQUARE, why=WHY), "truth must be"),
        (lambda: ask_curve("?", x=[0, 0], truth=[1, 1], limits=(0, 1), why=WHY), "x must be two"),
        (lambda: ask_curve("?", x=[0, 1], truth=[1], limits=(0, 1), why=WHY), "truth must be 2"),
        (
            lambda: ask_number("?", truth=1, limits=(0, 2), tolerance=2, why=WHY),
            "tolerance must be",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(ask: Callable[[], Prediction], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ask()


def test_nothing_of_the_truth_is_said_before() -> None:
    for prediction in make_all():
        bundle = prediction._repr_mimebundle_()[0]
        assert prediction.question in bundle["text/html"]
        assert WHY not in bundle["text/html"]
        assert WHY not in bundle["text/plain"]


@pytest.mark.browser
def test_each_kind_takes_an_answer_and_shows_the_truth(mount: Callable[..., Tab]) -> None:
    tab = mount(*make_all())
    choice, order, number, point, curve = tab.locator(".lae-prediction").all()
    for one in (choice, order, number, point, curve):
        expect(one).not_to_contain_text(WHY)
        commit = one.get_by_role("button", name="Commit")
        expect(commit).to_be_enabled(enabled=one is order)  # an order stands there from the start
    choice.get_by_role("radio", name="the one").check()
    order.get_by_role("button", name="c: earlier").click()
    order.get_by_role("button", name="c: earlier").click()
    number.get_by_role("slider", name="gap").fill("150")
    point.get_by_role("slider", name="w₁").fill("150")
    point.get_by_role("slider", name="w₂").fill("50")
    box = curve.locator("svg.lae-plot").bounding_box()
    assert box is not None
    tab.mouse.move(box["x"] + 60, box["y"] + 20)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] - 20, box["y"] + 20, steps=6)
    tab.mouse.up()
    for one in (choice, order, number, point, curve):
        one.get_by_role("button", name="Commit").click()
        expect(one.get_by_role("status")).to_contain_text(WHY)
        expect(one.get_by_role("button", name="Predict again")).to_be_focused()
    expect(choice.get_by_role("status")).to_contain_text("It is “the other”; you chose “the one”.")
    expect(order.get_by_role("status")).to_contain_text("Right, all of them.")
    expect(number.get_by_role("status")).to_contain_text("it is 0.5, you said 10, a factor of 20")
    expect(point.get_by_role("status")).to_contain_text("A hit")
    expect(curve.get_by_role("status")).to_contain_text("nearly everywhere too high")


@pytest.mark.browser
def test_it_can_be_passed_over_and_asked_again(mount: Callable[..., Tab]) -> None:
    tab = mount(ask_choice("Which?", ["the one", "the other"], truth=1, why=WHY))
    tab.get_by_role("button", name="Just show me").click()
    expect(tab.get_by_role("status")).to_have_text(WHY)
    tab.get_by_role("button", name="Predict again").click()
    expect(tab.locator(".lae-prediction")).not_to_contain_text(WHY)
    expect(tab.get_by_role("button", name="Commit")).to_be_visible()


@pytest.mark.browser
def test_it_looks_the_same_when_another_figure_brings_its_styles(mount: Callable[..., Tab]) -> None:
    long = "the other, " + "of which much more is to be said " * 5
    tab = mount(ask_choice("Which?", ["the one", long], truth=1, why=WHY), SpectrumFigure([2, 1]))
    prediction = tab.locator(".lae-prediction")
    expect(prediction).to_have_css("border-inline-start-width", "4px")
    for _ in "covered", "shown":
        boxes = prediction.locator(".lae-choice label > input").evaluate_all(
            "all => all.slice(0, 2).map((one) => one.getBoundingClientRect().toJSON())"
        )
        assert boxes[0]["left"] == boxes[1]["left"]
        assert boxes[0]["width"] == boxes[1]["width"]
        if tab.get_by_role("button", name="Just show me").is_visible():
            tab.get_by_role("button", name="Just show me").click()


@pytest.mark.browser
def test_a_legend_names_what_is_drawn(mount: Callable[..., Tab]) -> None:
    tab = mount(*make_all()[3:])
    point, curve = tab.locator(".lae-prediction").all()
    expect(tab.locator(".lae-key")).to_have_count(0)
    top = curve.bounding_box()
    point.get_by_role("slider", name="w₁").fill("150")
    expect(point.locator(".lae-key")).to_have_text(["your point"])
    assert curve.bounding_box() == top
    curve.get_by_role("button", name="Just show me").click()
    expect(curve.locator(".lae-key")).to_have_text(["what is"])


@pytest.mark.browser
@pytest.mark.parametrize("which", range(5))
def test_it_stands_rough_use_and_fits_everyone(mount: Callable[..., Tab], which: int) -> None:
    use_at_random(mount(make_all()[which]), actions=60)
    for width in (1280, 390):
        assert_fits_everyone(mount(make_all()[which], width=width))


def test_the_front_end_is_light() -> None:
    assert len(gzip.compress(Prediction._esm.encode())) < 12_000
