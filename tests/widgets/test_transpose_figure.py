"""The first figure: its descent by the clock against Python, and itself in a browser."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import traitlets
from playwright.sync_api import expect

from lae_helpers import synthetic_data
from lae_helpers.explorer.replay import find_problem, replay_weights
from lae_helpers.explorer.weights import make_model
from lae_helpers.metrics import transpose_gap
from lae_helpers.widgets.transpose_figure import SIZES, TransposeFigure
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    Mount = Callable[..., Tab]
    RunJs = Callable[..., Any]

pytestmark = pytest.mark.browser

MODULE = "numerics/timed_descent.js"
LAM, K = 0.3, 6
# One run by frames, its price by [seconds, price], and what it was at every tenth of a second.
RUN = """async (m, { spectrum, seed, size, frames, phases }) => {
    const { transposeGap, computeLoss } = await import('/numerics/autoencoder.js');
    const { leftSingularVectors } = await import('/numerics/linear_algebra.js');
    const run = m.startRun(Float64Array.from(spectrum), { k: 6, seed, size, lam: 0.3 });
    const trace = [];
    const look = (price) => {
        const { W, n, k } = run.weights;
        const { vectors } = leftSingularVectors(W, n, k);
        const loss = computeLoss(run.weights, run.spectrum, price ? run.priced : run.free);
        const cosines = Array.from({ length: k }, (_, j) => Math.abs(vectors[j * k + j]));
        return {
            steps: run.steps, gap: transposeGap(run.weights), cosine: Math.min(...cosines),
            loss: loss.reconstruction + loss.penalty,
        };
    };
    trace.push(look(false));
    for (const [seconds, price] of phases) {
        run.since = 0;
        for (let frame = 1; frame <= seconds * frames; frame += 1) {
            m.advanceRun(run, price, 1 / frames);
            if (frame % (frames / 10) === 0) trace.push(look(price));
        }
    }
    return { trace, rate: run.rate, W: [...run.weights.W], V: [...run.weights.V] };
}"""
SEEDS = range(100, 110)


@pytest.fixture(scope="module")
def run(run_js: RunJs) -> Callable[..., Any]:
    """Give a function that runs the descent of the digits; a phase is its seconds and the price."""
    spectrum = find_problem("digits").spectrum.tolist()

    def go(
        *phases: tuple[float, bool], seed: int = 0, start: str = "large", frames: int = 60
    ) -> object:
        argument = {
            "spectrum": spectrum, "seed": seed, "size": SIZES[start], "frames": frames,
            "phases": phases,
        }  # fmt: skip
        return run_js(MODULE, RUN, argument)

    return go


def read(found: dict[str, Any], name: str) -> np.ndarray[Any, Any]:
    return np.array([moment[name] for moment in found["trace"]])


def test_the_run_is_the_descent_of_python(run: Callable[..., Any]) -> None:
    phases = ((2, False), (3, True), (1, False))
    found = run(*phases, seed=7)
    steps = read(found, "steps")[np.cumsum([0, 20, 30, 10])]
    walk = [
        ("sum" if price else "none", LAM, found["rate"], int(count))
        for (_, price), count in zip(phases, np.diff(steps), strict=True)
    ]
    W1, W2 = replay_weights("digits", n_components=K, walk=walk, seed=7, start_size=3.0)
    np.testing.assert_allclose(np.reshape(found["V"], (-1, K)).T, W1, atol=1e-9)
    np.testing.assert_allclose(np.reshape(found["W"], (-1, K)), W2, atol=1e-9)
    assert transpose_gap(make_model(W1, W2)) == pytest.approx(read(found, "gap")[-1])


def test_motion_goes_by_seconds_and_not_by_frames(run: Callable[..., Any]) -> None:
    slow, usual, fast = (run((2, False), (3, True), frames=frames) for frames in (30, 60, 120))
    for other in (slow, fast):
        assert np.abs(read(other, "steps") - read(usual, "steps")).max() <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_ten_seconds_show_what_the_price_does_slowly_enough(
    run: Callable[..., Any], seed: int
) -> None:
    found = run((4, False), (6, True), (6, True), seed=seed)
    gaps, cosines, losses = (read(found, name) for name in ("gap", "cosine", "loss"))
    assert gaps[0] > 1.2
    assert (gaps[:41] > 0.8).all()
    assert gaps[50] > 0.7  # at five seconds the switch is seen, and the pairs still differ
    assert gaps[100] < 0.06  # at ten they are alike
    assert np.abs(np.diff(gaps[41:])).max() < 0.08  # nothing jumps
    assert cosines[40] < 0.6
    assert cosines[-1] > 0.97
    for phase in (losses[:41], losses[41:]):
        assert (np.diff(phase) <= 1e-9 * phase[:-1]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_without_the_price_strangers_stay_strangers_and_what_is_alike_stays_alike(
    run: Callable[..., Any], seed: int
) -> None:
    assert read(run((25, False), seed=seed), "gap").min() > 0.8
    after = read(run((2, False), (6, True), (15, False), seed=seed), "gap")[80:]
    assert (np.diff(after) < 1e-9).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_small_start_brings_the_transposes_and_not_the_directions(
    run: Callable[..., Any], seed: int
) -> None:
    found = run((10, False), seed=seed, start="small")
    assert read(found, "gap")[-1] < 0.06
    assert read(found, "cosine")[-1] < 0.9


def test_it_starts_by_itself_and_turns_the_price_on_once(mount: Mount) -> None:
    tab = mount(TransposeFigure(), clock=True)
    switch, sentence = tab.get_by_role("switch"), tab.locator(".lae-sentence")
    difference = tab.locator(".lae-difference .lae-heading strong").first
    expect(switch).not_to_be_checked()
    height = tab.locator(".lae-live").evaluate("live => live.offsetHeight")
    tab.clock.run_for(3000)
    expect(sentence).to_contain_text("Without weight decay the error is 3")
    expect(sentence).to_contain_text("and still the pairs are strangers.")
    assert read_percent(difference.inner_text()) > 90
    expect(tab.locator(".lae-by-itself")).to_be_empty()
    tab.clock.run_for(2000)
    expect(switch).to_be_checked()
    expect(tab.locator(".lae-by-itself")).to_have_text(re.compile("switched on by the figure"))
    expect(sentence).to_contain_text("the pairs draw together, from 9")
    tab.clock.run_for(6000)
    expect(sentence).to_contain_text("W₁ has become W₂ᵀ, to within")
    expect(difference).to_have_text(re.compile(r"^: [0-3](\.\d+)? %$"))
    marks = tab.locator(".lae-gap-trace .lae-marks")
    expect(marks).to_have_attribute("d", re.compile("^M[0-9.]+ 0V40$"))  # one switch
    before = difference.inner_text()
    switch.press("Space")
    tab.clock.run_for(9000)
    expect(switch).not_to_be_checked()
    expect(sentence).to_contain_text("nothing pulls the pairs apart: what they have learned stays;")
    assert read_percent(difference.inner_text()) <= read_percent(before)
    expect(tab.locator(".lae-by-itself")).to_be_empty()
    tab.get_by_role("button", name="Again").click()
    tab.clock.run_for(9000)
    expect(switch).not_to_be_checked()
    expect(sentence).to_contain_text("Without weight decay the error is")
    assert tab.locator(".lae-live").evaluate("live => live.offsetHeight") == height
    tab.clock.run_for(18_000)
    expect(tab.get_by_role("button", name="At rest")).to_be_disabled()
    switch.press("Space")
    tab.clock.run_for(100)
    expect(tab.get_by_role("button", name="Pause")).to_be_enabled()


def read_percent(text: str) -> float:
    found = re.search(r"[\d.]+(?= %)", text)
    assert found, text
    return float(found[0])


def test_a_reader_who_has_chosen_is_left_alone(mount: Mount) -> None:
    tab = mount(TransposeFigure(), clock=True)
    switch = tab.get_by_role("switch")
    switch.check()
    switch.uncheck()
    tab.clock.run_for(6000)
    expect(switch).not_to_be_checked()
    tab.get_by_role("button", name="Pause").click()
    tab.clock.run_for(1000)  # what is heard comes when the sentence has come to rest
    still = tab.locator(".lae-live").inner_html()
    tab.clock.run_for(1000)
    assert tab.locator(".lae-live").inner_html() == still


def test_with_reduced_motion_it_waits_for_play(mount: Mount) -> None:
    tab = mount(TransposeFigure(), clock=True, context_options={"reduced_motion": "reduce"})
    tab.clock.run_for(6000)
    expect(tab.get_by_role("switch")).not_to_be_checked()
    tab.get_by_role("button", name="Play").click()
    tab.clock.run_for(6000)
    expect(tab.get_by_role("switch")).to_be_checked()


def test_the_singular_vectors_and_the_small_start(mount: Mount) -> None:
    tab = mount(TransposeFigure(), clock=True)
    sentence = tab.locator(".lae-sentence")
    height = tab.locator(".lae-live").evaluate("live => live.offsetHeight")
    tab.get_by_role("radio", name="singular vectors").check()
    tab.clock.run_for(3000)
    expect(sentence).to_contain_text("Without weight decay, 0 of 6 singular vectors")
    tab.get_by_role("switch").check()
    tab.clock.run_for(11_000)
    expect(sentence).to_contain_text("all singular vectors of W₂ are principal directions")
    assert tab.locator(".lae-live").evaluate("live => live.offsetHeight") == height
    tab.get_by_role("radio", name="small").check()
    tab.clock.run_for(100)
    expect(tab.get_by_role("switch")).not_to_be_checked()
    tab.clock.run_for(9000)
    expect(sentence).not_to_contain_text("all singular vectors")
    tab.get_by_role("radio", name="weights").check()
    tab.clock.run_for(200)
    expect(sentence).to_contain_text(
        "Without weight decay, from small weights, the pairs come close"
    )
    assert read_percent(tab.locator(".lae-difference .lae-heading strong").first.inner_text()) < 7


@pytest.mark.parametrize("width", [390, 1280])
def test_fits_and_is_accessible(mount: Mount, width: int) -> None:
    assert_fits_everyone(mount(TransposeFigure(playing=False), width=width))


def test_stands_rough_use(mount: Mount) -> None:
    use_at_random(mount(TransposeFigure(n_components=2)))


def test_is_light() -> None:
    assert len(gzip.compress(TransposeFigure()._esm.encode())) < 15_000


def test_the_picture_shows_both(mount: Mount) -> None:
    figure = TransposeFigure()
    without, with_it = figure.gaps()
    assert without > 0.8
    assert with_it < 0.02
    assert f"differ by {without:.0%} of W₂, with it by {with_it:.1%}" in figure.picture().alt
    tab = mount(figure, context_options={"java_script_enabled": False})
    expect(tab.locator(".lae-fallback img")).to_be_visible()


def test_own_data_and_what_it_refuses() -> None:
    small = synthetic_data([7.0, 5.0, 3.0, 2.0], 10)
    figure = TransposeFigure(small, n_components=2)
    assert figure.features == {"rows": 2, "columns": 2}
    assert figure.gaps()[1] < 0.05
    with pytest.raises(ValueError, match="n_components must be at most 4 here, not 6"):
        TransposeFigure(small)
    with pytest.raises(traitlets.TraitError, match="lam must be"):
        TransposeFigure(lam=0.0)
    with pytest.raises(traitlets.TraitError):
        TransposeFigure(start="medium")
    with pytest.raises(TypeError, match="did you mean 'price'"):
        TransposeFigure(prize=True)
    assert TransposeFigure(np.eye(5), n_components=2).features == {"names": list("12345")}
