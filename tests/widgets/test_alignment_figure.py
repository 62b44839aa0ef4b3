"""The alignment figure: its curve against the rule at rest, and the page."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from traitlets import TraitError

from lae_helpers.feedback.looks import LOOKS
from lae_helpers.feedback.rules import InformationAlignment
from lae_helpers.metrics import angle
from lae_helpers.widgets import AlignmentFigure
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab
    from torch import Tensor

BETAS = [0.0, 0.05, 0.3, 0.5, 0.95, 1.0]


def draw_layer(seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(4, 9, generator=generator, dtype=torch.float64)


def feedback_at_rest(W: Tensor, beta: float) -> Tensor:
    rule = InformationAlignment(alpha=1.0, beta=beta, gamma=1.0 - beta)
    return rule.fixed_point(W, torch.eye(W.shape[1], dtype=torch.float64))


@pytest.mark.theorem("prop-angle-gain")
@pytest.mark.parametrize("beta", BETAS)
def test_the_dots_are_the_singular_values_of_the_rule_at_rest(beta: float) -> None:
    for seed in range(5):
        W = draw_layer(seed)
        found = np.sort(AlignmentFigure(W, beta=beta).shrunken())[::-1]
        np.testing.assert_allclose(found, torch.linalg.svdvals(feedback_at_rest(W, beta)))


def test_directions_that_w_has_not_are_left_out() -> None:
    W = draw_layer()
    figure = AlignmentFigure(torch.cat([W, W]))
    assert len(figure.singular_values) == 4
    np.testing.assert_allclose(figure.singular_values, 2**0.5 * torch.linalg.svdvals(W))


def test_bad_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="W must have an entry that is not zero"):
        AlignmentFigure(np.zeros((2, 3)))
    for beta in (-0.1, 1.1, "half"):
        with pytest.raises(TraitError, match="beta"):
            AlignmentFigure(draw_layer(), beta=beta)  # type: ignore[arg-type]


def test_the_picture_says_the_angles() -> None:
    W = draw_layer()
    B = feedback_at_rest(W, 0.3)
    alt = AlignmentFigure(W, beta=0.3).picture().alt
    assert f"B is {angle(B, W.T):.1f}° from the transpose" in alt
    assert f"{angle(B, torch.linalg.pinv(W)):.1f}° from the pseudo-inverse" in alt


def test_the_figure_is_light() -> None:
    assert len(gzip.compress(AlignmentFigure(draw_layer())._esm.encode())) < 10_000


@pytest.mark.browser
@pytest.mark.theorem("prop-two-ends")
def test_the_page_agrees_with_the_rule_and_the_turn_grows_with_beta(
    run_js: Callable[..., Any],
) -> None:
    source = "(m, [g, betas]) => betas.map((beta) => m.alignSpectrum(g, beta))"
    W = draw_layer()
    g = torch.linalg.svdvals(W).tolist()
    found = run_js("numerics/alignment.js", source, [g, BETAS])
    for beta, one in zip(BETAS, found, strict=True):
        B = feedback_at_rest(W, beta)
        expected = AlignmentFigure(W, beta=beta).shrunken()
        np.testing.assert_allclose(one["shrunken"], expected, rtol=1e-12)
        assert one["toTranspose"] == pytest.approx(angle(B, W.T), abs=1e-10)
        assert one["toInverse"] == pytest.approx(angle(B, torch.linalg.pinv(W)), abs=1e-10)
        assert one["gain"] == pytest.approx(float(B.norm() / W.norm()), abs=1e-10)
    assert (np.diff([one["toTranspose"] for one in found]) > 0).all()
    assert (np.diff([one["toInverse"] for one in found]) < 0).all()
    assert found[0]["toTranspose"] == 0
    assert found[-1]["toInverse"] < 1e-10


@pytest.mark.browser
def test_the_slider_goes_from_end_to_end(mount: Callable[..., Tab]) -> None:
    W = draw_layer()
    tab = mount(AlignmentFigure(W))
    slider = tab.get_by_role("slider", name="β")
    sentence = tab.locator(".lae-sentence")
    slider.press("Home")
    expect(sentence).to_contain_text("β = 0.00, γ = 1.00: B is 0.0° from Wᵀ")
    expect(sentence).to_contain_text("1.00 times as long")
    slider.press("End")
    expect(sentence).to_contain_text("0.0° from W⁺")
    expect(slider).to_have_attribute("aria-valuetext", "1.00")
    curve = tab.get_by_role("img", name="Singular value h of B")
    dash = " ".join(f"{2 * part:g}" for part in LOOKS["information alignment"].dash)
    expect(curve.locator(f'path[stroke-dasharray="{dash}"]')).to_have_count(1)
    expect(curve.locator("circle")).to_have_count(4)


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_everyone_and_stands_rough_use(mount: Callable[..., Tab], width: int) -> None:
    tab = mount(AlignmentFigure(draw_layer()), width=width)
    assert_fits_everyone(tab)
    use_at_random(tab, actions=40)
