"""What figures draw with: axes and their ticks, colours of numbers, orthogonal columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

from lae_helpers.widgets import ImagePager, LandscapeFigure, SpectrumFigure

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 640, 300
# Of each tick its label and where it stands, along the bottom and up the left side.
DRAW_AXES = """(m, cases) => cases.map(([options, content]) => {
    const plot = m.makePlot({ title: "", xLabel: "", height: 300, ...options });
    document.body.append(plot.root);
    plot.svg.style.width = "640px";
    plot.draw({ series: [], ...content });
    const read = (anchor, axis) => [...plot.svg.querySelectorAll("path + text")]
        .filter((text) => text.getAttribute("text-anchor") === anchor)
        .map((text) => [text.textContent, Number(text.getAttribute(axis))]);
    const ticks = [read("middle", "x"), read("end", "y")];
    plot.root.remove();
    return ticks;
})"""
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
THEME = {
    "zero": [200, 100, 0],
    "positive": [0, 100, 255],
    "negative": [250, 0, 50],
    "ink": [20, 20, 20],
}
PAINT = """(m, [values, columns, limit, theme]) => {
    const canvas = document.createElement("canvas");
    m.paint(canvas, values, columns, limit, theme);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return [[canvas.height, canvas.width], Array.from(data)];
}"""
HEAT = """(m, [values, theme]) => {
    const { root, draw } = m.makeHeatMap("overlap");
    draw(Float64Array.from(values), theme);
    const canvas = root.querySelector("canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return [root.getAttribute("aria-label"), Array.from(data)];
}"""

Ticks = list[tuple[float, float]]


def value_of(label: str) -> float:
    """Read a tick's label."""
    front, _, power = label.rpartition("10") if label[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹" else (label, "", "0")
    number = front.removesuffix(" · ").replace("−", "-") or "1"
    return float(number) * 10.0 ** int(power.translate(RAISED))


def draw_axes(run_js: Callable[..., Any], cases: list[Any]) -> list[tuple[Ticks, Ticks]]:
    def read(axis: list[tuple[str, float]]) -> Ticks:
        return [(value_of(label), place) for label, place in axis]

    drawn = run_js("parts/plot.js", DRAW_AXES, cases)
    return [(read(across), read(up)) for across, up in drawn]


def test_linear_ticks_are_round_and_as_close_as_labels_allow(run_js: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)
    sizes = 10 ** rng.uniform(-3, 3, 60)
    lows = sizes * rng.uniform(-2, 2, 60)
    ranges = [[low, low + size] for low, size in zip(lows, sizes, strict=True)]
    drawn = draw_axes(run_js, [[{}, {"x": one, "y": one}] for one in ranges])
    for (low, high), axes in zip(ranges, drawn, strict=True):
        for ticks, length in zip(axes, (WIDTH - 62, HEIGHT - 44), strict=True):
            values, places = np.array(ticks).T
            step = np.diff(values).mean()
            assert round(step / 10 ** np.floor(np.log10(step * 1.0001)), 3) in {1, 2, 5}
            assert step / (high - low) * length * 1.001 >= 55
            assert step / (high - low) * length <= 2.5 * 55 * 1.001
            np.testing.assert_allclose(values / step, np.round(values / step), atol=0.02)
            assert values[0] - step < low <= values[0] + 0.01 * step
            assert values[-1] - 0.01 * step <= high < values[-1] + step
            ends = np.array([low, high]) if len(values) > 2 else values
            along = np.polyval(np.polyfit(values, places, 1), ends)
            assert abs(abs(along[1] - along[0]) - length * (ends[1] - ends[0]) / (high - low)) < 1


def test_ticks_of_many_decades_are_powers_of_ten(run_js: Callable[..., Any]) -> None:
    decades = [(-3, 0), (0, 3), (-12, 2), (-1, 10), (-30, 0)]
    ranges = [[10.0**low, 10.0**high] for low, high in decades]
    options = {"xLog": True, "yLog": True}
    drawn = draw_axes(run_js, [[options, {"x": one, "y": one}] for one in ranges])
    for (low, high), axes in zip(decades, drawn, strict=True):
        for ticks, length in zip(axes, (WIDTH - 62, HEIGHT - 44), strict=True):
            powers = np.log10([value for value, _ in ticks])
            step = int(max(1, np.ceil((high - low) * 28 / length)))
            wanted = [p for p in range(low, high + 1) if p % step == 0]
            np.testing.assert_allclose(powers, wanted, atol=1e-9)
            places = [place for _, place in ticks]
            np.testing.assert_allclose(
                np.abs(np.diff(places)), step * length / (high - low), rtol=1e-9
            )


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((1, 10), [1, 2, 5, 10]),
        ((0.02, 1), [0.02, 0.05, 0.1, 0.2, 0.5, 1]),
        ((2, 9), [2, 3, 4, 5, 6, 8]),
        ((0.09, 0.31), [0.1, 0.15, 0.2, 0.3]),
        ((900, 2100), [1000, 1500, 2000]),
    ],
)
def test_ticks_of_a_short_logarithmic_axis(
    run_js: Callable[..., Any], ends: tuple[float, float], expected: list[float]
) -> None:
    content = {"x": ends, "y": [0, 1]}
    ((across, _),) = draw_axes(run_js, [[{"xLog": True}, content]])
    values, places = zip(*across, strict=True)
    assert list(values) == pytest.approx(expected)
    low, high = np.log10(ends)
    wanted = 50 + (np.log10(values) - low) / (high - low) * (WIDTH - 62)
    np.testing.assert_allclose(places, wanted, atol=1e-6)


def test_numbers_become_colours_by_sign_and_size(run_js: Callable[..., Any]) -> None:
    values = [0, 2, -2, 1, -1, 5]
    shape, found = run_js("parts/colours.js", PAINT, [values, 3, 2, THEME])
    assert shape == [2, 3]
    zero, positive, negative = (np.array(THEME[name]) for name in ("zero", "positive", "negative"))
    middles = [(zero + end) / 2 for end in (positive, negative)]
    pixels = np.array(found).reshape(6, 4)
    np.testing.assert_array_equal(pixels[:, 3], 255)
    wanted = [zero, positive, negative, *middles, positive]
    np.testing.assert_allclose(pixels[:, :3], wanted, atol=1)


def test_a_heat_map_shows_magnitudes_in_one_colour(run_js: Callable[..., Any]) -> None:
    said, found = run_js("parts/heat_map.js", HEAT, [[-1, 0.5, -0.5, 0.25], THEME])
    assert said == "overlap: on the diagonal 1.00, 0.25"
    pixels = np.array(found).reshape(4, 4)[:, :3]
    zero, full = np.array(THEME["zero"]), np.array(THEME["ink"])
    shares = np.array([[1], [0.5], [0.5], [0.25]])
    np.testing.assert_allclose(pixels, zero + shares * (full - zero), atol=1)


@pytest.mark.parametrize("k", [2, 5, 8])
def test_columns_that_nearly_coincide_are_made_orthogonal(
    run_js: Callable[..., Any], k: int
) -> None:
    matrix = np.ones((k, k)) + 1e-7 * np.eye(k)  # one pass of Gram and Schmidt leaves 1e-9
    source = "(m, [values, k]) => Array.from(m.orthogonalize(Float64Array.from(values), k))"
    found = run_js("numerics/linear_algebra.js", source, [matrix.ravel().tolist(), k])
    Q = np.array(found).reshape(k, k)
    np.testing.assert_allclose(Q.T @ Q, np.eye(k), atol=1e-14)
    R = Q.T @ matrix
    np.testing.assert_allclose(np.tril(R, -1), 0, atol=1e-14)
    assert (np.diag(R) > 0).all()


def test_forced_colours_leave_labels_and_choices_to_be_seen(mount: Callable[..., Tab]) -> None:
    pager = ImagePager({"a": np.eye(4)}, image_shape=(2, 2))
    forced = {"forced_colors": "active", "color_scheme": "dark"}
    tab = mount(pager, SpectrumFigure([2.0, 1.0]), LandscapeFigure(), context_options=forced)
    expect(tab.locator(".lae-live")).to_have_count(3)
    backs = tab.locator(".lae-thumbnails label").evaluate_all(
        "all => all.map((label) => getComputedStyle(label).backgroundColor)"
    )
    assert backs[0] not in backs[1:]
    ink = tab.locator(".lae-spectrum").evaluate("e => getComputedStyle(e).color")
    for drawing in (".lae-spectrum", ".lae-landscape"):
        text = tab.locator(f"{drawing} .lae-plot text").first
        assert text.evaluate("e => getComputedStyle(e).fill") == ink
    # Where the ground is painted in the theme's colours, so is what is drawn on it.
    saddle = tab.locator(".lae-board .lae-plane .lae-saddle")
    assert saddle.evaluate("e => getComputedStyle(e).stroke") != ink


def test_paper_shows_what_the_reader_made(mount: Callable[..., Tab]) -> None:
    """Even from the dark; a figure that nobody has touched is the picture of the build."""
    tab = mount(LandscapeFigure(lam=0.5), LandscapeFigure())
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    lives = tab.locator(".lae-live")
    pictures = tab.locator(".lae-fallback img")
    expect(lives).to_have_count(2)
    lives.nth(1).get_by_role("radio").nth(1).check()
    expect(pictures.nth(0)).to_be_hidden()
    expect(lives.nth(1)).to_have_css("color", "rgb(230, 237, 243)")
    tab.emulate_media(media="print")
    expect(lives.nth(0)).to_be_hidden()
    expect(pictures.nth(0)).to_be_visible()
    expect(lives.nth(1)).to_be_visible()
    expect(lives.nth(1)).to_have_css("color", "rgb(31, 35, 40)")
    expect(pictures.nth(1)).to_be_hidden()
    expect(lives.nth(1).locator("[type=range]:visible")).to_have_count(0)


def test_ticks_say_zero_and_powers(run_js: Callable[..., Any]) -> None:
    ticks = run_js(
        "parts/plot.js", "m => [0, 0.01, 1, 100, 1e4, 1e-3].map((t) => m.sayTick(t, true))"
    )
    assert ticks == ["0", "0.01", "1", "100", "10⁴", "10⁻³"]
    assert run_js("parts/plot.js", "m => m.sayTick(-2, false)") == "−2"
