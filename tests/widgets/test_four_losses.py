"""Four losses from one start: their descents against Python, and the figure in a browser."""

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
from lae_helpers.recovery import recover_from_decoder
from lae_helpers.regularizers import REGULARIZERS, SPREAD
from lae_helpers.widgets.four_losses import POSITIONS, START_SIZE, STEPS, FourLossesFigure
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    Mount = Callable[..., Tab]
    RunJs = Callable[..., Any]

pytestmark = pytest.mark.browser

MODULE = "numerics/four_losses.js"
RUN = """(m, { spectrum, settings, positions }) => {
    const losses = m.startLosses(Float64Array.from(spectrum), settings);
    return {
        rate: losses.rate,
        steps: positions.map((p) => m.stepsAt(p, settings.last, settings.nSteps)),
        moments: positions.map((p) => m.momentAt(losses, p).weights.map((weights) => {
            const { gap, columnCosines, vectorCosines, vectors } = m.inspect(weights);
            return {
                W: [...weights.W], V: [...weights.V], gap, columnCosines, vectorCosines,
                vectors: [...vectors],
            };
        })),
    };
}"""
SMALL = synthetic_data([7.0, 5.0, 3.0, 2.0], 10)


@pytest.fixture(scope="module")
def run(run_js: RunJs) -> Callable[..., Any]:
    """Give a function that goes through positions in this order."""
    spectrum = find_problem("digits").spectrum.tolist()

    def go(positions: list[int], seed: int = 0) -> object:
        settings = {
            "k": 4, "seed": seed, "size": START_SIZE, "lam": 1.8, "spread": SPREAD,
            "last": POSITIONS, "nSteps": STEPS,
        }  # fmt: skip
        return run_js(MODULE, RUN, {
            "spectrum": spectrum, "settings": settings, "positions": positions,
        })  # fmt: skip

    return go


def test_every_position_is_a_descent_of_python(run: Callable[..., Any]) -> None:
    found = run([0, 60, 120, 60], seed=3)
    assert found["moments"][3] == found["moments"][1]  # back is where it was
    for i, name in enumerate(REGULARIZERS):
        walk = [(name, 1.8, found["rate"], found["steps"][2])]
        W1, W2 = replay_weights("digits", n_components=4, walk=walk, seed=3, start_size=START_SIZE)
        moment = found["moments"][2][i]
        np.testing.assert_allclose(np.reshape(moment["V"], (-1, 4)).T, W1, atol=1e-9)
        np.testing.assert_allclose(np.reshape(moment["W"], (-1, 4)), W2, atol=1e-9)
        model = make_model(W1, W2)
        directions = recover_from_decoder(model).directions
        lined_up = (directions * np.reshape(moment["vectors"], (-1, 4))).sum(axis=0)
        np.testing.assert_allclose(np.abs(lined_up), 1, atol=1e-9)
        np.testing.assert_allclose(
            moment["vectorCosines"], np.abs(np.diag(directions[:4])), atol=1e-9
        )
        np.testing.assert_allclose(
            moment["columnCosines"], np.abs(np.diag(W2[:4])) / np.linalg.norm(W2, axis=0)
        )


def test_a_far_position_is_reached_in_pieces(run_js: RunJs) -> None:
    source = """(m, spectrum) => {
        const start = () => m.startLosses(Float64Array.from(spectrum), {
            k: 4, seed: 1, size: 2, lam: 1.8, spread: [0.5, 1.5], last: 200, nSteps: 10000,
        });
        const losses = start();
        const first = m.momentAt(losses, 200, performance.now() + 5).reached;
        const at = m.momentAt(losses, 200);
        const whole = m.momentAt(start(), 200);
        return [first, at.reached, at.weights.every(({ W }, i) =>
            W.every((w, j) => w === whole.weights[i].W[j]))];
    }"""
    first, last, same = run_js(MODULE, source, find_problem("digits").spectrum.tolist())
    assert 0 < first < last == POSITIONS
    assert same


def test_positions_are_even_in_steps_and_then_in_their_logarithm(run_js: RunJs) -> None:
    places = "(m, [last, n]) => Array.from({ length: last + 1 }, (_, p) => m.stepsAt(p, last, n))"
    steps = run_js(MODULE, places, [POSITIONS, STEPS])
    assert (steps[0], steps[-1]) == (0, STEPS)
    assert (np.diff(steps) >= 0).all()
    late = np.log(np.array(steps[120:]))
    np.testing.assert_allclose(np.diff(late), np.diff(late).mean(), rtol=0.2)


def test_the_ladder_holds_from_ten_other_starts(run: Callable[..., Any]) -> None:
    worst = []
    for seed in range(100, 110):
        ((none, product, total, uneven),) = run([POSITIONS], seed=seed)["moments"]
        for loose in (none, product):
            assert loose["gap"] > 0.3
            assert min(loose["vectorCosines"]) < 0.9
        for tight in (total, uneven):
            assert tight["gap"] < 0.02
        assert min(total["vectorCosines"]) > 0.999
        assert min(total["columnCosines"]) < 0.95
        worst.append(min(uneven["columnCosines"]))
    assert np.median(worst) > 0.99  # slow, and not from every start equally
    assert min(worst) > 0.8


def test_play_scrub_and_another_start(mount: Mount) -> None:
    tab = mount(FourLossesFigure(), clock=True)
    live, sentence = tab.locator(".lae-live"), tab.locator(".lae-sentence")
    slider = tab.get_by_role("slider", name="steps")
    expect(sentence).to_contain_text("After 0 steps.")
    height = live.evaluate("live => live.offsetHeight")
    tab.get_by_role("button", name="Play").click()
    tab.clock.run_for(6000)
    expect(sentence).not_to_contain_text("After 0 steps.")
    tab.clock.run_for(8000)
    expect(sentence).to_contain_text("After 10,000 steps.")
    expect(sentence).to_contain_text("within 5 %: sum and non-uniform sum; all")
    expect(sentence).to_contain_text(
        "as singular vectors: sum and non-uniform sum; as columns: non"
    )
    uneven = tab.get_by_role("group", name="non-uniform sum")
    expect(uneven.locator(".lae-mark", has_text="✓")).to_have_count(8)
    expect(tab.get_by_role("group", name="no penalty").locator(".lae-found")).to_have_count(0)
    expect(
        uneven.get_by_role("img", name="columns of W₂: 4 of 4 are principal directions")
    ).to_be_visible()
    assert live.evaluate("live => live.offsetHeight") == height
    ended = live.inner_html()
    slider.press("Home")
    tab.clock.run_for(100)
    expect(sentence).to_contain_text("After 0 steps.")
    slider.press("End")
    tab.clock.run_for(100)
    assert live.inner_html() == ended
    tab.get_by_role("button", name="Another start").click()
    tab.clock.run_for(2000)
    tab.get_by_role("button", name="Pause").click()
    tab.clock.run_for(100)
    still = sentence.inner_text()
    tab.clock.run_for(1000)
    assert re.search(r"After [1-9]\d* steps", still)
    assert sentence.inner_text() == still


@pytest.mark.parametrize("width", [390, 1280])
def test_fits_and_is_accessible(mount: Mount, width: int) -> None:
    assert_fits_everyone(mount(FourLossesFigure(position=POSITIONS), width=width))


def test_stands_rough_use(mount: Mount) -> None:
    use_at_random(mount(FourLossesFigure(SMALL, n_components=2, lam=0.3)), actions=100)


def test_is_light() -> None:
    assert len(gzip.compress(FourLossesFigure(SMALL, n_components=2)._esm.encode())) < 15_000


def test_the_picture_and_what_it_refuses() -> None:
    figure = FourLossesFigure(SMALL, n_components=2, lam=0.3)
    gaps = figure.gaps()
    assert max(gaps["sum"], gaps["non-uniform sum"]) < 0.02 < min(gaps["none"], gaps["product"])
    assert f"none {gaps['none']:.0%}, product {gaps['product']:.0%}, sum 0%" in figure.picture().alt
    with pytest.raises(traitlets.TraitError, match="position must be"):
        figure.position = 201
    with pytest.raises(ValueError, match="n_components must be at most 4 here, not 6"):
        FourLossesFigure(SMALL, n_components=6)
