"""The reconstruction figure: exact errors in Python and in the browser, and what it shows."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect
from traitlets import TraitError

from lae_helpers import fit_pca, load_mnist
from lae_helpers.widgets import ReconstructionFigure
from tests.widgets.hosting import saved_state, settle
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

RNG = np.random.default_rng(0)
SMALL = RNG.random((40, 12))
DIGITS = RNG.integers(0, 4, 40)
SHAPE = (3, 4)
NUMERICS = "numerics/rebuilding.js"


def small_figure(n_components: int = 12) -> ReconstructionFigure:
    return ReconstructionFigure(
        SMALL, DIGITS, images=[3, 1, 7], n_components=n_components, k=2, image_shape=SHAPE
    )


@pytest.fixture(scope="module")
def mnist_figure() -> ReconstructionFigure:
    """The figure of chapter 2."""
    return ReconstructionFigure(*load_mnist())


def test_the_errors_are_those_of_pca() -> None:
    figure = small_figure(n_components=5)
    centred = SMALL - SMALL.mean(axis=0)
    for k in range(6):
        rest = SMALL - fit_pca(SMALL, k).reconstruct(SMALL) if k else centred
        errors = np.square(rest).sum(axis=1)
        np.testing.assert_allclose(figure.errors[:, k], errors[[3, 1, 7]], rtol=1e-10)
        np.testing.assert_allclose(figure.average_errors[k], errors.mean(), rtol=1e-10)
    total = fit_pca(SMALL, 12).variances
    np.testing.assert_allclose(figure.average_errors[2], total[2:].sum(), rtol=1e-10)


def test_the_pictures_of_digits_are_right_to_three_shades(
    mnist_figure: ReconstructionFigure,
) -> None:
    X, labels = load_mnist()
    first = [int(np.flatnonzero(labels == digit)[0]) for digit in range(10)]
    assert mnist_figure.images == first
    assert mnist_figure.labels == [str(digit) for digit in range(10)]
    pixels = np.frombuffer(mnist_figure.pixels, np.uint8).reshape(10, 784) / 255
    np.testing.assert_allclose(pixels, X[first], atol=1e-12)
    integers = np.frombuffer(mnist_figure.directions, np.int8).reshape(128, 784)
    shown = integers * np.frombuffer(mnist_figure.scales)[:, np.newaxis]
    rebuilt = np.frombuffer(mnist_figure.mean) + np.frombuffer(mnist_figure.codes).reshape(
        10, 128
    ) @ shown  # fmt: skip
    apart = np.abs(rebuilt - fit_pca(X, 128).reconstruct(X[first])).max()
    assert apart < 3 / 255  # three shades of grey


def test_the_figure_is_light(mnist_figure: ReconstructionFigure) -> None:
    state = saved_state(mnist_figure)
    module = state["state"].pop("_esm")
    assert len(gzip.compress(module.encode())) < 15_000
    assert len(gzip.compress(json.dumps(state).encode())) < 200_000


def test_the_picture_says_the_numbers() -> None:
    figure = small_figure()
    figure.image, figure.k = 1, 4
    alt = figure.picture().alt
    for errors in (figure.errors[1], figure.average_errors):
        assert f"squared error {errors[4]:.3g} of {errors[0]:.3g} at k = 4" in alt


def test_a_table_is_drawn_in_bars_from_its_mean() -> None:
    rng = np.random.default_rng(3)
    table = rng.standard_normal((30, 5)) * [1, 2, 3, 4, 5] + 1e6
    figure = ReconstructionFigure(table, feature_names=list("abcde"))
    assert figure.features == {"names": list("abcde")}
    assert figure.images == np.linspace(0, 29, 10).astype(int).tolist()
    assert (figure.labels, figure.k) == ([], 5)
    low, high = figure.pixel_range
    shown = np.frombuffer(figure.pixels, np.uint8).reshape(10, 5) / 255 * (high - low) + low
    expected = (table - table.mean(axis=0))[figure.images]
    np.testing.assert_allclose(shown, expected, atol=(high - low) / 500)
    assert set(figure.mean) == {0}
    assert figure.picture().alt.startswith("Row 0, its reconstruction")
    assert "row 0: squared error" in figure.picture().alt


def test_labels_may_be_words_and_too_many_of_them_choose_no_rows() -> None:
    species = np.array(["iris", "rose", "oak", "rose"] * 10)
    figure = ReconstructionFigure(SMALL, species)
    assert (figure.labels, figure.images) == (["oak", "iris", "rose"], [2, 0, 1])
    assert "this oak" in figure.picture().alt
    many = ReconstructionFigure(SMALL, np.arange(40))
    assert many.images == np.linspace(0, 39, 10).astype(int).tolist()
    assert many.labels == list(map(str, many.images))
    with pytest.raises(ValueError, match="labels must be 40, one a sample"):
        ReconstructionFigure(SMALL, ["a", "b"])


@pytest.mark.parametrize(
    ("name", "value"), [("k", 13), ("k", -1), ("k", "2"), ("k", 1.5), ("image", 0), ("image", 39)]
)
def test_bad_traits_are_named(name: str, value: object) -> None:
    figure = small_figure()
    with pytest.raises(TraitError, match=name):
        setattr(figure, name, value)
    assert (figure.k, figure.image) == (2, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"X": SMALL[:, :11]}, "image_shape must be of 11 pixels"),
        ({"X": SMALL + np.nan}, "X must be finite"),
        ({"labels": DIGITS[:-1]}, "labels must be 40"),
        ({"labels": DIGITS / 2}, "labels must be integers"),
        ({"images": []}, "images must be distinct"),
        ({"images": [1, 1]}, "images must be distinct"),
        ({"images": [40]}, "images must be between 0 and 39"),
        ({"images": [1.0]}, "images must be an integer"),
        ({"n_components": 13}, "n_components must be between 1 and 12"),
        ({"k": 13}, "k must be between 0 and 12"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    usual = {"X": SMALL, "labels": DIGITS, "n_components": 12, "k": 2, "image_shape": SHAPE}
    with pytest.raises((TypeError, ValueError, TraitError), match=message):
        ReconstructionFigure(**{**usual, **arguments})


@pytest.mark.browser
def test_the_numerics_agree_with_numpy(run_js: Callable[..., Any]) -> None:
    rng = np.random.default_rng(1)
    cases = []
    for _ in range(30):
        n, m = rng.integers(2, 30, 2).tolist()
        cases.append({
            "codes": (rng.standard_normal(m) * 10.0 ** rng.integers(-3, 3, m)).tolist(),
            "beyond": float(rng.random() * rng.integers(0, 2)),
            "mean": rng.standard_normal(n).tolist(),
            "scales": rng.random(m).tolist(),
            "directions": rng.integers(-127, 128, m * n).tolist(),
            "k": int(rng.integers(0, m + 1)),
        })  # fmt: skip
    source = """(m, cases) => cases.map((c) => {
        const errors = m.squaredErrors(c.codes.map((x) => x * x), c.beyond);
        const image = Array.from(m.rebuildImage(c, c.codes, c.k));
        const last = c.k ? Array.from(m.codeTerm(c, c.codes[c.k - 1], c.k - 1)) : [];
        return [Array.from(errors), m.shareKept(errors, c.k), image, last];
    })"""
    for case, (errors, share, image, last) in zip(
        cases, run_js(NUMERICS, source, cases), strict=True
    ):
        codes, k = np.array(case["codes"]), case["k"]
        expected = [(codes[j:] ** 2).sum() + case["beyond"] for j in range(len(codes) + 1)]
        np.testing.assert_allclose(errors, expected, rtol=1e-12)
        assert share == pytest.approx(1 - expected[k] / expected[0], rel=1e-9, abs=1e-12)
        scaled = np.reshape(case["directions"], (len(codes), -1)) * np.c_[case["scales"]]
        terms = codes[:, np.newaxis] * scaled
        np.testing.assert_allclose(image, case["mean"] + terms[:k].sum(axis=0), atol=1e-9)
        if k:
            np.testing.assert_allclose(last, terms[k - 1], rtol=1e-12)


@pytest.mark.browser
def test_nothing_to_keep_is_kept(run_js: Callable[..., Any]) -> None:
    assert run_js(NUMERICS, "m => m.shareKept(m.squaredErrors([0, 0], 0), 1)") == 1


@pytest.mark.browser
def test_the_sentence_says_what_python_says(
    mount: Callable[..., Tab], mnist_figure: ReconstructionFigure
) -> None:
    tab = mount(mnist_figure)
    slider, sentence = tab.get_by_role("slider"), tab.locator(".lae-sentence")
    tab.get_by_role("radio", name=re.compile("^3, row")).focus()
    tab.keyboard.press("ArrowRight")  # on to the 4
    slider.focus()
    slider.press("End")
    expect(sentence).to_contain_text("With 128 numbers the squared error of this 4 is ")
    slider.press("Home")
    expect(sentence).to_contain_text("With no numbers every sample is rebuilt as the mean")
    for k in range(1, 8):
        slider.press("ArrowRight")
        expect(sentence).to_contain_text(f"With {k} number")
        numbers = re.findall(r"[\d.]+(?= %|: of|, \d|,| is kept| of )", sentence.inner_text())
        own, average = mnist_figure.errors[4], mnist_figure.average_errors
        for errors in (own, average):
            for number in (errors[k], errors[0]):
                assert f"{float(f'{number:.3g}'):g}" in numbers
            assert f"{100 * (1 - errors[k] / errors[0]):.1f}" in numbers
    expect(tab.get_by_role("status")).to_have_text(sentence.inner_text())


@pytest.mark.browser
def test_pictures_follow_the_slider_and_the_theme(mount: Callable[..., Tab]) -> None:
    tab = mount(small_figure())
    rebuilt = tab.get_by_role("img", name="rebuilt ŷ")
    expect(rebuilt).to_have_accessible_name("rebuilt ŷ: from 2 numbers")
    read = "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    before = rebuilt.evaluate(read)
    tab.get_by_role("slider").press("End")
    expect(rebuilt).to_have_accessible_name("rebuilt ŷ: from 12 numbers")
    settle(tab)
    whole = np.array(rebuilt.evaluate(read)).reshape(12, 4)
    original = np.array(tab.get_by_role("img", name="original").evaluate(read)).reshape(12, 4)
    assert whole.ravel().tolist() != before
    assert np.abs(whole - original).max() <= 4  # of 255: rounded directions
    ink = 255 - SMALL[3] * (255 - 31)  # the ink of the light theme is #1f2328
    np.testing.assert_allclose(original[:, 0], ink, atol=1)
    expect(tab.get_by_role("img", name="last term added")).to_have_accessible_name(
        re.compile(r"−?\d+\.\d\d × direction 12")
    )
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    tab.wait_for_function(
        "([c, before]) => c.getContext('2d').getImageData(0, 0, 1, 1).data[0] !== before",
        arg=[rebuilt.element_handle(), int(whole[0, 0])],
    )


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_figure_fits_and_is_accessible(
    mount: Callable[..., Tab], mnist_figure: ReconstructionFigure, width: int
) -> None:
    assert_fits_everyone(mount(mnist_figure, width=width))


@pytest.mark.browser
def test_the_figure_stands_rough_use(
    mount: Callable[..., Tab], mnist_figure: ReconstructionFigure
) -> None:
    use_at_random(mount(mnist_figure))
