"""The image pager: its state and picture in Python, and the figure in the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect
from traitlets import TraitError

from lae_helpers.widgets import ImagePager
from tests.widgets.hosting import wait_until
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

A = np.arange(18.0).reshape(6, 3)
B = A[::-1]
RNG = np.random.default_rng(0)
COLUMNS, DIRECTIONS = RNG.standard_normal((2, 784, 8))
MARKS = [f"|cos| {mark:.2f}" for mark in RNG.random(8)]


def pager(captions: Mapping[str, Sequence[object]] | None = None) -> ImagePager:
    return ImagePager({"first": A, "second": B}, captions=captions, image_shape=(2, 3))


def large_pager() -> ImagePager:
    return ImagePager(
        {"Column of W₂": COLUMNS, "Principal direction": DIRECTIONS},
        captions={"Column of W₂": MARKS},
    )


def test_the_state_holds_every_image_and_caption() -> None:
    shown = pager({"first": [0.25, 0.5, 1.0]})
    assert shown.index == 1
    assert shown.captions == [["0.250", "0.500", "1.000"], ["", "", ""]]
    pixels = np.frombuffer(shown.pixels, np.int8).reshape(2, 3, 6)
    np.testing.assert_allclose(pixels[0].T * (17 / 127), A, atol=17 / 254)
    np.testing.assert_allclose(pixels[1].T * (17 / 127), B, atol=17 / 254)


def test_without_a_browser_there_are_all_images() -> None:
    bundle = pager({"first": [0.25, 0.5, 1.0]})._repr_mimebundle_()[0]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "image/png" not in bundle
    assert "0.250, 0.500, 1.000" in bundle["text/html"]


def test_a_matrix_of_zeros_is_blank() -> None:
    blank = ImagePager({"zero": np.zeros((6, 2))}, image_shape=(2, 3))
    assert set(blank.pixels) == {0}
    assert blank.picture().png


@pytest.mark.parametrize("index", [0, 4, 1.5, "2"])
def test_an_index_that_is_not_there(index: object) -> None:
    shown = pager()
    with pytest.raises(TraitError, match="index"):
        setattr(shown, "index", index)  # noqa: B010 - mypy knows that some are no integers
    assert shown.index == 1


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ({}, {}, "rows must be a mapping"),
        ({"a": A[:, 0]}, {}, "two-dimensional"),
        ({"a": A + np.inf}, {}, "finite"),
        ({"a": A, "b": B[:, :2]}, {}, "as many rows and as many columns"),
        ({"a": A}, {"image_shape": (2, 2)}, "image_shape"),
        ({"a": A}, {"captions": {"b": [1, 2, 3]}}, "no row 'b'"),
        ({"a": A}, {"captions": {"a": [1]}}, r"captions\['a'\]"),
    ],
)
def test_bad_arguments_are_named(
    rows: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ImagePager(rows, **{"image_shape": (2, 3), **options})


@pytest.mark.browser
def test_the_pages_turn_by_keyboard_and_by_touch(mount: Callable[..., Tab]) -> None:
    tab = mount(large_pager(), context_options={"has_touch": True})
    column = tab.get_by_role("img", name="Column of W₂")
    expect(column).to_have_accessible_name(f"Column of W₂, 1: {MARKS[0]}")
    pixels = "c => c.toDataURL()"
    before = column.evaluate(pixels)
    tab.get_by_role("radio", name="index 1").focus()
    tab.keyboard.press("ArrowRight")
    expect(column).to_have_accessible_name(f"Column of W₂, 2: {MARKS[1]}")
    wait_until(tab, lambda: column.evaluate(pixels) != before)
    expect(tab.get_by_role("img", name="Principal direction, 2")).to_be_visible()
    tab.get_by_role("radio", name="index 8").tap(force=True)
    expect(tab.get_by_role("status")).to_have_text(f"Index 8 of 8. Column of W₂: {MARKS[7]}.")


@pytest.mark.browser
def test_the_colours_are_those_of_the_numbers_and_of_the_theme(mount: Callable[..., Tab]) -> None:
    small = ImagePager({"a": np.array([[2.0], [-2.0], [1.0], [0.0]])}, image_shape=(2, 2))
    tab = mount(small)
    read = "c => [...c.getContext('2d').getImageData(0, 0, 2, 2).data]"
    canvas = tab.get_by_role("img", name="a, 1")
    positive, negative, zero = [118, 42, 131], [27, 120, 55], [255, 255, 255]
    half = [round((p + z) / 2) for p, z in zip(positive, zero, strict=True)]
    found = np.array(canvas.evaluate(read)).reshape(4, 4)[:, :3]
    np.testing.assert_allclose(found, [positive, negative, half, zero], atol=1)
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    tab.wait_for_function(
        "c => c.getContext('2d').getImageData(1, 1, 1, 1).data[0] < 50",
        arg=canvas.element_handle(),
    )


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pager_fits_and_is_accessible(mount: Callable[..., Tab], width: int) -> None:
    assert_fits_everyone(mount(large_pager(), width=width))


@pytest.mark.browser
def test_the_pager_stands_rough_use(mount: Callable[..., Tab]) -> None:
    use_at_random(mount(large_pager()))
