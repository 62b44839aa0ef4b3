"""Late bias and price of the bias: against autograd, SciPy and the theorems; and in a browser."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect
from scipy.optimize import minimize

from lae_helpers import LinearAutoencoder, fit_pca, reconstruction_loss
from lae_helpers.explorer.points import BIAS_RATE, BIAS_STEPS, angle_between, angle_of
from lae_helpers.moments import compute_moments
from lae_helpers.widgets import LadderFigure
from lae_helpers.widgets.bias_price import BiasPriceFigure
from lae_helpers.widgets.late_bias import BiasPath, LateBiasFigure
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    from lae_helpers._checks import FloatArray
    from lae_helpers.widgets.base import InteractiveFigure

MODULE = "numerics/biases.js"
MEANS = [(1.2, -1.4), (-0.3, 0.8), (0.0, 0.0)]
FIRST_UNSEEN = 100  # of the seeds that no setting was chosen by


def descend_by_autograd(path: BiasPath, Y: FloatArray, *, bias: bool, n_steps: int) -> FloatArray:
    """Return encoder and decoder after every step of PyTorch's gradient descent."""
    model = LinearAutoencoder(2, 1, bias=bias)
    with torch.no_grad():
        model.encoder.weight.copy_(torch.tensor(path.encoder[:1]))
        model.decoder.weight.copy_(torch.tensor(path.decoder[:1]).T)
        if bias:
            model.encoder.bias.zero_()
            model.decoder.bias.zero_()
    optimizer = torch.optim.SGD(model.parameters(), lr=BIAS_RATE)
    weights = []
    for _ in range(n_steps):
        state = model.encoder.weight[0], model.decoder.weight[:, 0]
        weights.append(torch.cat(state).detach().numpy().copy())
        optimizer.zero_grad()
        reconstruction_loss(model, torch.tensor(Y)).backward()
        optimizer.step()
    return np.array(weights)


def weights_of(path: BiasPath, n_steps: int) -> FloatArray:
    return np.hstack([path.encoder, path.decoder])[:n_steps]


def arrival(angles: FloatArray) -> int:
    """Return the step from which on an angle stays within five degrees."""
    return int(np.flatnonzero(np.append(90.0, angles) >= 5)[-1])


def loss_of(path: BiasPath, step: int, Y: FloatArray) -> float:
    return float(np.square(Y - path.rebuild(step, Y)).sum(axis=1).mean())


@pytest.mark.parametrize("mean", MEANS)
def test_a_learned_bias_descends_as_torch_does(mean: tuple[float, float]) -> None:
    figure = LateBiasFigure(mean=mean, seed=5)
    path = figure.paths()["learned"]
    expected = descend_by_autograd(path, figure.points, bias=True, n_steps=200)
    np.testing.assert_allclose(weights_of(path, 200), expected, atol=1e-10)


@pytest.mark.theorem("thm-bias-elimination")
@pytest.mark.parametrize("mean", MEANS)
def test_with_the_best_bias_the_weights_learn_as_on_centred_data(mean: tuple[float, float]) -> None:
    """What the elimination of the biases says of the gradient."""
    figure = LateBiasFigure(mean=mean, seed=5)
    path, Y = figure.paths()["best"], figure.points
    expected = descend_by_autograd(path, Y - Y.mean(axis=0), bias=False, n_steps=200)
    np.testing.assert_allclose(weights_of(path, 200), expected, atol=1e-10)
    for step in (0, 17, 200):
        image = path.rebuild(step, np.array([figure.mean]))[0]
        np.testing.assert_allclose(image, figure.mean, atol=1e-12)


def test_no_step_raises_the_loss_and_both_end_at_pca() -> None:
    for mean in (*MEANS, (1.5, -1.5), (-1.5, -1.5)):
        for seed in range(FIRST_UNSEEN, FIRST_UNSEEN + 5):
            figure = LateBiasFigure(mean=mean, seed=seed)
            Y = figure.points
            least = fit_pca(Y, 2).variances[1]
            for path in figure.paths().values():
                losses = [loss_of(path, step, Y) for step in range(0, BIAS_STEPS + 1, 10)]
                assert (np.diff(losses) <= 1e-12).all()
                assert losses[-1] == pytest.approx(least, abs=0.02)


def test_a_learned_bias_is_late_on_seeds_that_no_setting_was_chosen_by() -> None:
    """Steps until within five degrees of u₁ for good, and where the decoder points before."""
    late, early, farthest = [], [], []
    for seed in range(FIRST_UNSEEN, FIRST_UNSEEN + 10):
        angles = LateBiasFigure(seed=seed).angles()
        late.append(arrival(angles["learned"]))
        early.append(arrival(angles["best"]))
        farthest.append(angles["learned"][20:].max())
    assert np.median(late) > 2 * np.median(early)
    assert np.median(farthest) > 45


@pytest.mark.theorem("prop-penalised-bias")
@settings(deadline=None, max_examples=40)
@given(st.floats(0, 1), st.tuples(*[st.floats(-1.5, 1.5)] * 2))
def test_error_and_price_are_the_smaller_eigenvalue(
    gamma: float, mean: tuple[float, float]
) -> None:
    figure = BiasPriceFigure(gamma=gamma, mean=mean)
    moments = compute_moments(figure.points)
    loaded = moments.covariance + gamma * np.outer(moments.mean, moments.mean)
    assert figure.error + figure.price == pytest.approx(np.linalg.eigvalsh(loaded)[0], abs=1e-10)


@pytest.mark.theorem("prop-penalised-bias")
@pytest.mark.parametrize("gamma", [0.0, 0.2, 0.7, 0.95])
def test_no_autoencoder_does_better_at_that_price(gamma: float) -> None:
    figure = BiasPriceFigure(gamma=gamma)
    Y, beta = figure.points, gamma / (1 - gamma)

    def priced(parameters: FloatArray) -> float:
        encoder, decoder, (hidden, *bias) = np.split(parameters, [2, 4])
        images = np.outer(Y @ encoder + hidden, decoder) + bias
        return float(np.square(Y - images).sum(axis=1).mean() + beta * np.square(bias).sum())

    at_minimum = np.concatenate([figure.decoder, figure.decoder, [0.0], figure.bias])
    assert priced(at_minimum) == pytest.approx(figure.error + figure.price)
    rng = np.random.default_rng(0)
    found = [minimize(priced, rng.normal(size=7), tol=1e-12).fun for _ in range(4)]
    assert min(found) == pytest.approx(figure.error + figure.price, rel=1e-6)
    assert min(found) >= figure.error + figure.price - 1e-9


def test_the_ends_are_pca_and_pca_without_centring() -> None:
    figure = BiasPriceFigure(gamma=0.0)
    pca, mean = fit_pca(figure.points, 2), np.array(figure.mean)
    assert abs(figure.decoder @ pca.directions[:, 0]) == pytest.approx(1)
    assert figure.error == pytest.approx(pca.variances[1])
    np.testing.assert_allclose(figure.reconstruct(), fit_pca(figure.points, 1).reconstruct(
        figure.points), atol=1e-12)  # fmt: skip
    beside = mean - figure.decoder * (figure.decoder @ mean)
    np.testing.assert_allclose(figure.bias, beside, atol=1e-12)
    figure.gamma = 1.0
    w = np.linalg.eigh(figure.points.T @ figure.points).eigenvectors[:, -1]
    assert abs(figure.decoder @ w) == pytest.approx(1)
    np.testing.assert_array_equal(figure.bias, 0)
    assert figure.price == 0


@pytest.mark.browser
def test_the_page_learns_as_python_does(run_js: Callable[..., Any]) -> None:
    follow = """(m, [C, mean, seed, best]) => m.followBiases(C, mean, seed, best)
        .map(({ encoder, decoder, hidden, bias }) => [...encoder, ...decoder, hidden, ...bias])"""
    for mean in MEANS:
        figure = LateBiasFigure(mean=mean, seed=77)
        C = compute_moments(figure.points).covariance
        for name, path in figure.paths().items():
            given = [[C[0, 0], C[0, 1], C[1, 1]], figure.mean, 77, name == "best"]
            found = np.array(run_js(MODULE, follow, given))
            expected = np.column_stack([path.encoder, path.decoder, path.hidden, path.bias])
            np.testing.assert_allclose(found, expected, atol=1e-9)


@pytest.mark.browser
def test_the_page_prices_as_python_does(run_js: Callable[..., Any]) -> None:
    for gamma in (0.0, 0.3, 1.0):
        figure = BiasPriceFigure(gamma=gamma)
        C = compute_moments(figure.points).covariance
        given = [[C[0, 0], C[0, 1], C[1, 1]], figure.mean, gamma]
        found = run_js(MODULE, "(m, given) => m.solvePriced(...given)", given)
        assert [found["error"], found["price"]] == pytest.approx([figure.error, figure.price])
        np.testing.assert_allclose(found["network"]["bias"], figure.bias, atol=1e-12)
        turned = angle_between(
            angle_of(np.array(found["network"]["decoder"])), angle_of(figure.decoder)
        )
        assert turned < 1e-6


@pytest.mark.browser
def test_play_goes_to_the_end_pauses_and_begins_again(mount: Callable[..., Tab]) -> None:
    figure = LateBiasFigure()
    tab = mount(figure, clock=True)
    play = tab.locator(".lae-primary")
    steps = tab.get_by_role("slider", name="step")
    sentence = tab.locator(".lae-sentence")
    angles = figure.angles()
    tab.clock.run_for(100)
    expect(tab.locator(".lae-arrivals")).to_have_text(
        f"Within 5° of u₁: from step {arrival(angles['learned'])} on if the bias learns, "
        f"from step {arrival(angles['best'])} on if it is always the best."
    )
    play.click()
    tab.clock.run_for(3000)
    expect(play).to_have_text("Pause")
    middle = int(steps.input_value())
    assert 20 < middle < 120  # a quarter of the time, a sixteenth of the steps
    expect(sentence).to_contain_text(f"{angles['learned'][middle]:.0f}° from u₁")
    play.click()
    tab.clock.run_for(1000)
    paused = int(steps.input_value())
    assert paused - middle < 10
    play.click()
    tab.clock.run_for(500)
    assert paused < int(steps.input_value()) < paused + 60
    tab.clock.run_for(12_000)
    expect(steps).to_have_value(str(BIAS_STEPS))
    expect(play).to_have_text("Play")
    play.click()
    tab.clock.run_for(500)
    assert int(steps.input_value()) < 10


@pytest.mark.browser
def test_the_best_bias_hits_the_mean_at_once(mount: Callable[..., Tab]) -> None:
    figure = LateBiasFigure(step=50)
    tab = mount(figure)
    sentence = tab.locator(".lae-sentence")
    path, mean = figure.paths()["learned"], np.array(figure.mean)
    miss = np.linalg.norm(mean - path.rebuild(50, mean[np.newaxis])[0])
    across = fit_pca(figure.points, 2).directions[:, 1]
    share = 100 * (across @ path.bias[50]) / (across @ mean)
    expect(sentence).to_contain_text(f"Step 50: the network misses the mean by {miss:.2f}.")
    expect(sentence).to_contain_text(f"The bias gives {share:.0f} % of what only it can.")
    tab.get_by_role("radio", name="always the best").check()
    expect(sentence).to_contain_text("misses the mean by 0.00")
    before = tab.locator(".lae-arrivals").text_content() or ""
    tab.get_by_role("button", name="other weights").click()
    expect(tab.locator(".lae-arrivals")).not_to_have_text(before)
    grip = tab.locator(".lae-mean-grip")
    for _ in range(3):
        grip.press("ArrowLeft")
    expect(grip).to_have_attribute("aria-valuetext", "(0.90, −1.40)")


@pytest.mark.browser
def test_the_slider_leads_from_one_pca_to_the_other(mount: Callable[..., Tab]) -> None:
    figure = BiasPriceFigure()
    tab = mount(figure)
    slider, sentence = tab.get_by_role("slider", name="γ"), tab.locator(".lae-sentence")
    bar = tab.locator(".lae-sum")
    expect(bar).to_contain_text(f"error {figure.error:.2f} + price β‖b₂‖² {figure.price:.2f}")
    slider.press("Home")
    expect(sentence).to_contain_text("β = 0.00")
    expect(sentence).to_contain_text("100 % of the way from the origin to the mean")
    expect(sentence).to_contain_text("The decoder is 0° from u₁")
    slider.press("End")
    expect(sentence).to_contain_text("β is infinite, and b₂ = 0")
    figure.gamma = 1.0
    expect(bar).to_contain_text(f"error {figure.error:.2f} + price β‖b₂‖² 0.00")


@pytest.mark.browser
@pytest.mark.parametrize("make", [LateBiasFigure, BiasPriceFigure])
@pytest.mark.parametrize("width", [390, 1280])
def test_fits_every_reader_and_stands_rough_use(
    mount: Callable[..., Tab], make: Callable[[], InteractiveFigure], width: int
) -> None:
    tab = mount(make(), width=width)
    assert_fits_everyone(tab)
    use_at_random(tab, actions=60)


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_below_moves_whatever_a_reader_does(mount: Callable[..., Tab], width: int) -> None:
    tab = mount(LateBiasFigure(), BiasPriceFigure(), LadderFigure([2.0, 1.0]), width=width)
    for name in (".lae-late-bias", ".lae-bias-price"):
        live = tab.locator(name)
        heights = set()
        for control in live.get_by_role("slider").all():
            for key in ("Home", "ArrowRight", "PageUp", "End"):
                control.press(key)
                tab.evaluate("new Promise(requestAnimationFrame)")
                heights.add(live.evaluate("e => e.offsetHeight"))
        assert len(heights) == 1


def test_bad_values_raise_with_the_name_of_the_trait() -> None:
    late, price = LateBiasFigure(), BiasPriceFigure()
    bad: list[tuple[InteractiveFigure, str, Any]] = [
        (late, "step", BIAS_STEPS + 1), (late, "bias", "none"), (late, "mean", [0.0, 1.6]),
        (late, "seed", -1), (price, "gamma", 1.1), (price, "gamma", float("nan")),
        (price, "mean", [1.0]),
    ]  # fmt: skip
    for figure, name, value in bad:
        with pytest.raises(traitlets.TraitError, match=name):
            setattr(figure, name, value)


def test_pictures_say_their_numbers() -> None:
    late = LateBiasFigure(step=200)
    assert f"{late.angles()['learned'][200]:.0f}° at step 200" in late.picture().alt
    price = BiasPriceFigure(gamma=0.5)
    assert f"Error {price.error:.2f} and price {price.price:.2f}" in price.picture().alt


@pytest.mark.parametrize("figure", [LateBiasFigure, BiasPriceFigure])
def test_the_front_end_is_light(figure: type[InteractiveFigure]) -> None:
    assert len(gzip.compress(str(figure._esm).encode())) < 20_000
