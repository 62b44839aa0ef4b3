"""The orders figure: indices by autograd, steps against Python's rules, and the figure."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from traitlets import TraitError

from lae_helpers import NonuniformSumL2
from lae_helpers.autoencoder import moment_loss
from lae_helpers.ordering.rules import follow_rule, rotation_augmented, sum_descent
from lae_helpers.widgets import OrdersFigure
from lae_helpers.widgets.orders_figure import ORDERS, Order
from tests.widgets.rough_use import assert_fits_everyone, use_at_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    from lae_helpers._checks import FloatArray

MODULE = "numerics/orders.js"
browser_test = pytest.mark.browser


def weights_at(figure: OrdersFigure, order: Order) -> tuple[FloatArray, FloatArray]:
    held = np.array(order) - 1
    lengths = np.sqrt(1 - figure.strengths() / np.array(figure.variances)[held])
    W2 = np.eye(len(figure.variances))[:, held] * lengths
    return W2.T, W2


def loss_of(figure: OrdersFigure, flat: torch.Tensor) -> torch.Tensor:
    n = len(figure.variances)
    W1, W2 = flat[: 3 * n].reshape(3, n), flat[3 * n :].reshape(n, 3)
    v = torch.tensor(figure.variances, dtype=torch.float64)
    penalty = NonuniformSumL2(figure.strengths()).penalty(W1, W2)
    return moment_loss(W1, W2, v.diag(), v.new_zeros(n)) + penalty


def flatten(weights: tuple[FloatArray, FloatArray]) -> FloatArray:
    return np.concatenate([W.ravel() for W in weights])


def drawn_figures() -> list[OrdersFigure]:
    rng = np.random.default_rng(0)
    figures = [OrdersFigure()]
    for _ in range(3):
        v = np.sort(rng.uniform(0.5, 6, 5))[::-1]
        figures.append(OrdersFigure(v, lams=np.sort(rng.uniform(0.1, 0.95, 3)) * v[2]))
    return figures


def test_index_and_loss_of_each_order_are_those_of_autograd() -> None:
    for figure in drawn_figures():
        minimum = NonuniformSumL2(figure.lams).minimum_loss(figure.variances, 3)
        for order in ORDERS:
            flat = torch.from_numpy(flatten(weights_at(figure, order))).requires_grad_()
            value = loss_of(figure, flat)
            (gradient,) = torch.autograd.grad(value, flat)
            assert gradient.abs().max() < 1e-12
            assert float(value.detach()) - minimum == pytest.approx(figure.losses()[order])

            def loss(x: torch.Tensor, figure: OrdersFigure = figure) -> torch.Tensor:
                return loss_of(figure, x)

            hessian = torch.autograd.functional.hessian(loss, flat.detach())
            negative = int((torch.linalg.eigvalsh(hessian) < 0).sum())
            assert negative == figure.indices()[order]


def test_as_many_directions_grow_beside_a_rotation() -> None:
    """The derivative of the rule at a rest point, by central differences."""
    figure = OrdersFigure(rule="rotation")
    C, n = np.diag(figure.variances), len(figure.variances)

    def velocity(flat: FloatArray) -> FloatArray:
        W1, W2 = flat[: 3 * n].reshape(3, n), flat[3 * n :].reshape(n, 3)
        return flatten(rotation_augmented(W1, W2, C, figure.strengths()))

    for order in ORDERS:
        at = flatten(weights_at(figure, order))
        assert np.abs(velocity(at)).max() < 1e-12
        h = 1e-5 * np.eye(len(at))
        columns = [(velocity(at + step) - velocity(at - step)) / 2e-5 for step in h]
        growth = np.linalg.eigvals(np.array(columns).T).real
        assert (growth > 1e-6).sum() == figure.indices()[order]
        assert figure.losses()[order] == pytest.approx(0)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"variances": [2.0, 1.0]}, "variances must be three to eight"),
        ({"variances": [1.0, 2.0, 3.0]}, "variances must be three to eight, positive and desc"),
        ({"lams": [0.2, 1.0, 2.0]}, "lams must be three, positive, ascending and below"),
        ({"rule": "none"}, "rule"),
        ({"order": [1, 2, 2]}, "order must be a permutation of 1, 2, 3"),
        ({"order": "123"}, "order must"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises((TypeError, ValueError, TraitError), match=complaint):
        OrdersFigure(**arguments)


def test_the_picture_says_index_and_loss() -> None:
    alt = OrdersFigure(order=[3, 1, 2]).picture().alt
    assert "3 2 1: index 3, 0.84 above the minimum" in alt
    assert "at 3 1 2 is diagonal, with 1.8, 5, 1.9" in alt


def test_the_figure_is_light() -> None:
    assert len(gzip.compress(OrdersFigure()._esm.encode())) < 15_000


@browser_test
def test_the_page_steps_as_python_does(run_js: Callable[..., Any]) -> None:
    figure = OrdersFigure()
    rng, n = np.random.default_rng(1), len(figure.variances)
    C, rate = np.diag(figure.variances), 0.04
    source = """(m, [order, variances, strengths, noise, turning]) => {
        const weights = m.startNear(order, variances, strengths, noise);
        m.sortBySteps(weights, variances, strengths, { turning, rate: 0.04, nSteps: 40 });
        return [...[weights.W, weights.V, m.covarianceOfCodes(weights, variances)].map(
            (values) => Array.from(values)), m.lossAbove(order, variances, strengths)];
    }"""
    for figure.rule, rule in (
        ("different strengths", sum_descent),
        ("rotation", rotation_augmented),
    ):
        for order in ORDERS:
            noise = 0.05 * rng.normal(size=(2, n, 3))
            case = [order, figure.variances, figure.strengths().tolist(), noise.ravel().tolist()]
            W, V, Z, above = run_js(MODULE, source, [*case, figure.rule == "rotation"])
            W1, W2 = weights_at(figure, order)
            start = W1 + noise[1].T, W2 + noise[0]
            ((W1, W2),) = follow_rule(
                rule, start, C, strengths=figure.strengths(), learning_rate=rate, records=[40]
            )
            np.testing.assert_allclose(np.reshape(W, (n, 3)), W2, rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(np.reshape(V, (n, 3)), W1.T, rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(np.reshape(Z, (3, 3)), W1 @ C @ W1.T, rtol=1e-8, atol=1e-12)
            assert above == pytest.approx(figure.losses()[order], abs=1e-12)


@browser_test
def test_the_orders_are_the_corners_of_a_hexagon_and_the_rest_is_inside(
    run_js: Callable[..., Any],
) -> None:
    indices, edges = run_js(MODULE, "m => [m.ORDERS.map(m.countInversions), m.EDGES]")
    assert indices == list(OrdersFigure().indices().values())
    assert len(edges) == 6
    assert all(
        OrdersFigure().indices()[tuple(b)] == OrdersFigure().indices()[tuple(a)] + 1
        for a, b in edges
    )
    place = "(m, all) => all.map((W) => m.placeAmongOrders({ W, n: 3 }))"
    corners = {o: np.eye(3)[:, np.array(o) - 1].ravel().tolist() for o in ORDERS}
    points = np.array(run_js(MODULE, place, list(corners.values())))
    np.testing.assert_allclose(np.hypot(*points.T), 2)
    at = dict(zip(ORDERS, points, strict=True))
    for a, b in edges:
        assert np.hypot(*(at[tuple(a)] - at[tuple(b)])) == pytest.approx(2)
    assert min(at, key=lambda order: at[order][1]) == (1, 2, 3)
    # Squares of an orthogonal matrix are doubly stochastic: a mixture of orders (Birkhoff).
    turns = np.linalg.qr(np.random.default_rng(2).normal(size=(200, 3, 3))).Q
    inside = np.array(run_js(MODULE, place, turns.reshape(200, 9).tolist()))
    normals = np.array([[np.cos(a), np.sin(a)] for a in np.pi / 3 * np.arange(6)])
    assert (inside @ normals.T).max() <= np.sqrt(3) + 1e-9
    assert (points @ normals.T).max() == pytest.approx(np.sqrt(3))


@browser_test
@pytest.mark.parametrize("rule", ["different strengths", "rotation"])
def test_the_network_sorts_itself(mount: Callable[..., Tab], rule: str) -> None:
    tab = mount(OrdersFigure([9, 4, 1.9], lams=[0.1, 0.8, 1.5], rule=rule))
    said = tab.locator(".lae-sentence")
    expect(said).to_contain_text("Start: near the order 2 3 1 (component 1 holds u₂")
    tab.get_by_role("button", name="order 3 2 1: 3").click()
    expect(said).to_contain_text("near the order 1 2 3")
    expect(tab.get_by_role("button", name="Play")).to_be_visible()
    entries = tab.locator(".lae-heat span").all_inner_texts()
    Z = np.array([text.replace("−", "-") for text in entries], dtype=float).reshape(3, 3)
    figure = OrdersFigure([9, 4, 1.9], lams=[0.1, 0.8, 1.5], rule=rule, order=[1, 2, 3])
    np.testing.assert_allclose(Z.diagonal(), figure.codes().diagonal(), atol=0.1)
    assert np.abs(Z - np.diag(Z.diagonal())).max() < 0.35
    expect(tab.locator(".lae-near").first).to_have_text(re.compile("^1 2 3"))


@browser_test
def test_the_rule_names_what_leads_away(mount: Callable[..., Tab]) -> None:
    tab = mount(OrdersFigure())
    expect(tab.get_by_role("button", name="order 2 3 1")).to_contain_text("2 ways down")
    expect(tab.get_by_role("button", name="order 2 3 1")).to_contain_text("+0.634")
    tab.get_by_role("radio", name="rotation").check()
    expect(tab.get_by_role("button", name="order 2 3 1")).to_contain_text("2 entries grow")
    expect(tab.get_by_role("button", name="order 1 3 2")).to_contain_text("1 entry grows")


@browser_test
@pytest.mark.parametrize("width", [390, 1280])
def test_the_figure_fits_and_is_accessible(mount: Callable[..., Tab], width: int) -> None:
    assert_fits_everyone(mount(OrdersFigure(), width=width))


@browser_test
def test_the_figure_stands_rough_use_and_keeps_its_height(mount: Callable[..., Tab]) -> None:
    tab = mount(OrdersFigure(), width=390)
    root = tab.locator(".lae-live")
    heights = root.evaluate("""async (root) => {
        const heights = new Set([root.offsetHeight]);
        for (const button of root.querySelectorAll(".lae-graph button")) {
            button.click();
            for (let i = 0; i < 20; i += 1) {
                await new Promise(requestAnimationFrame);
                heights.add(root.offsetHeight);
            }
        }
        return heights.size;
    }""")
    assert heights == 1
    use_at_random(tab, actions=100)
