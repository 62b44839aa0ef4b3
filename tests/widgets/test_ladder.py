"""The ladder figure: its numerics in the browser against NumPy and lae_helpers, and the figure."""

from __future__ import annotations

import gzip
import itertools
import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from traitlets import TraitError

from lae_helpers import NonuniformSumL2, ProductL2, SumL2, Unregularized, fit_pca, synthetic_data
from lae_helpers.autoencoder import moment_loss
from lae_helpers.moments import compute_moments
from lae_helpers.widgets.ladder import FLOOR, LadderFigure
from tests.widgets.hosting import settle
from tests.widgets.rough_use import COUNT_LISTENERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    from lae_helpers._checks import FloatArray

VARIANCES, LAM, LAMS = [5.19, 0.826], 0.3, [0.1, 0.8]
LIMITS = {"floor": FLOOR, "entry": 2.0, "tolerance": 1e-9}
SLANTED = [[1.2, 0.5], [0.3, 0.8]]
TURN = [[0.8, -0.6], [0.6, 0.8]]
GEOMETRY, LOSSES = "numerics/two_by_two.js", "numerics/ladder.js"
DIALS = ["none", "product", "sum", "non-uniform sum"]

browser_test = pytest.mark.browser


def make_figure(matrix: object = SLANTED) -> LadderFigure:
    return LadderFigure(VARIANCES, lam=LAM, lams=LAMS, matrix=matrix)  # type: ignore[arg-type]


def draw_matrices(n: int, seed: int = 0) -> FloatArray:
    """Draw matrices that the figure lets in, some of them close to its edge."""
    rng = np.random.default_rng(seed)
    left, right = np.linalg.qr(rng.normal(size=(2, n, 2, 2)))[0]
    large, small = rng.uniform(0.9, 1.9, n), np.geomspace(1.001 * FLOOR, 0.9, n)
    stretches = np.stack([large, small], axis=-1)[:, None, :]
    matrices: FloatArray = left * stretches @ right
    return matrices


# The mathematics that the figure shows


def test_the_changes_are_those_of_the_whole_model() -> None:
    X = synthetic_data(np.sqrt(20) * np.array([2.5, 2.0, 1.6, 1.2, 0.8]), 20)
    C = torch.from_numpy(compute_moments(X).covariance)
    pca = fit_pca(X, 5)
    k, moved_components = 4, [0, 3]
    s = np.sqrt(pca.variances[:k] / (pca.variances[:k] + LAM))
    W2 = torch.from_numpy(pca.directions[:, :k] * s)
    strengths = [0.1, 0.3, 0.5, 0.8]
    ladder = [Unregularized(), ProductL2(LAM), SumL2(LAM), NonuniformSumL2(strengths)]
    for matrix in draw_matrices(20):
        G = torch.eye(k, dtype=torch.float64)
        G[np.ix_(moved_components, moved_components)] = torch.from_numpy(matrix)
        figure = LadderFigure(
            pca.variances[moved_components], lam=LAM, lams=[0.1, 0.8], matrix=matrix
        )
        for regularizer, change in zip(ladder, figure.changes.values(), strict=True):
            before, after = (
                moment_loss(W1, D, C, C.new_zeros(5)) + regularizer.penalty(W1, D)
                for W1, D in [(W2.T, W2), (torch.linalg.solve(G, W2.T), W2 @ G)]
            )
            assert change == pytest.approx(float(after - before), rel=1e-9, abs=1e-11)


def test_a_needle_is_still_exactly_on_the_group_of_its_loss() -> None:
    variances = np.array(VARIANCES)
    D = np.diag(variances / (variances + LAM))
    for G in draw_matrices(200, seed=1):
        none, product, total, nonuniform = make_figure(G).changes.values()
        assert abs(none) < 1e-11
        assert abs(product) < 1e-11
        H = G @ G.T
        price = LAM * np.trace(D @ (H + np.linalg.inv(H) - 2 * np.eye(2)))
        assert total == pytest.approx(price, rel=1e-9)
        # Above zero off O(2), for every singular value other than one adds to it.
        stretches = np.linalg.svd(G)[1]
        assert total >= LAM * D[1, 1] * ((stretches - 1 / stretches) ** 2).sum() * (1 - 1e-9)
        # The non-uniform sum is the weaker strength on all and what is left over on component 2.
        assert nonuniform >= LAMS[0] / LAM * total - 1e-12
    for angle in np.linspace(0, 2 * np.pi, 41):
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        for G in (turn, turn @ np.diag([1.0, -1.0])):
            *others, nonuniform = make_figure(G).changes.values()
            np.testing.assert_allclose(others, 0.0, atol=1e-12)
            price = 2 * (LAMS[1] - LAMS[0]) * (D[0, 0] - D[1, 1]) * math.sin(angle) ** 2
            assert nonuniform == pytest.approx(price, abs=1e-12)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"matrix": [[1.0, 2.0], [0.5, 1.0]]}, "matrix must have a smallest singular value"),
        ({"matrix": [[3.0, 0.0], [0.0, 1.0]]}, "matrix must be 2 x 2"),
        ({"matrix": np.eye(3)}, "matrix must be 2 x 2"),
        ({"matrix": [[np.nan, 0.0], [0.0, 1.0]]}, "matrix must be finite"),
        ({"matrix": "G"}, "matrix must"),
        ({"lam": 0.0}, "lam must be between"),
        ({"lams": [0.8, 0.1]}, "lams must be two, ascending"),
        ({"lams": [0.1, 11.0]}, "lams must be between"),
        ({"variances": [1.0, 1.0]}, "variances must be two"),
        ({"variances": [1.0]}, "variances must be two"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises((ValueError, TraitError), match=complaint):
        LadderFigure(**{"variances": VARIANCES, **arguments})


def test_bad_traits_are_named_and_good_ones_kept() -> None:
    figure = make_figure()
    for name, value in [("matrix", [[1, 1], [1, 1]]), ("lam", math.nan), ("lams", [0.2, 0.2])]:
        with pytest.raises(TraitError, match=name):
            setattr(figure, name, value)
    figure.matrix = torch.tensor(TURN)
    np.testing.assert_allclose(figure.matrix, TURN, atol=1e-7)
    with pytest.raises(TraitError, match="variances"):
        figure.variances = [2.0, 1.0]
    assert LadderFigure(VARIANCES, lam=0.4).lams == pytest.approx([0.2, 0.6])


def test_the_picture_says_the_numbers() -> None:
    figure = make_figure()
    alt = figure.picture().alt
    assert "none: no change; product: no change" in alt
    assert f"sum: {figure.changes['sum']:+.3g}" in alt
    assert "det G = 0.81" in alt


# The numerics in the browser


@browser_test
def test_changes_agree_with_python(run_js: Callable[..., Any]) -> None:
    rng = np.random.default_rng(2)
    cases = []
    for G in draw_matrices(60, seed=3):
        variances = np.sort(rng.uniform(0.1, 10, 2))[::-1].tolist()
        lams = np.sort(rng.uniform(0.01, 5, 2)).tolist()
        cases.append((G.tolist(), {"variances": variances, "lam": rng.uniform(0.01, 5),
                                   "lams": lams}))  # fmt: skip
    found = run_js(LOSSES, "(m, cases) => cases.map(([G, p]) => m.changeLosses(G, p))", cases)
    for (G, problem), changes in zip(cases, found, strict=True):
        expected = list(LadderFigure(**problem, matrix=G).changes.values())
        np.testing.assert_allclose(changes, expected, rtol=1e-9, atol=1e-10)


@browser_test
def test_matrices_agree_with_numpy(run_js: Callable[..., Any]) -> None:
    matrices = draw_matrices(60, seed=4)
    source = """(m, all) => all.map((G) => [
        m.findSingularValues(G), m.nearestOrthogonal(G), m.nearestSigns(G), m.determinant(G)])"""
    flips = [np.diag(signs) for signs in itertools.product([1.0, -1.0], repeat=2)]
    for G, (values, orthogonal, signs, det) in zip(
        matrices, run_js(GEOMETRY, source, matrices.tolist()), strict=True
    ):
        left, expected, right = np.linalg.svd(G)
        np.testing.assert_allclose(values, expected, rtol=1e-9)
        np.testing.assert_allclose(orthogonal, left @ right, atol=1e-12)
        assert det == pytest.approx(np.linalg.det(G), rel=1e-9)
        nearest = flips[int(np.argmin([np.linalg.norm(G - flip) for flip in flips]))]
        np.testing.assert_array_equal(signs, nearest)


@browser_test
def test_a_singular_value_near_zero_has_all_its_digits(run_js: Callable[..., Any]) -> None:
    """The smaller one is |det| / the larger, not a difference of two numbers that are close."""
    near = [[1, 1], [1, 1 + 2**-40]]
    largest, smallest = run_js(GEOMETRY, "(m, G) => m.findSingularValues(G)", near)
    assert smallest == pytest.approx(2**-41, rel=1e-11)
    assert largest == pytest.approx(2, rel=1e-11)


@browser_test
def test_the_groups_are_told_apart(run_js: Callable[..., Any]) -> None:
    eye = np.eye(2)
    cases = [eye, -eye, np.diag([1, -1.0]), np.array(TURN), eye[::-1], eye * (1 + 1e-8),
             np.array(SLANTED), np.array([[1, 1e-8], [-1e-8, 1]])]  # fmt: skip
    found = run_js(
        LOSSES, "(m, all) => all.map((G) => m.findGroup(G, 1e-9))", [c.tolist() for c in cases]
    )
    assert found == ["{±1}²"] * 3 + ["O(2)"] * 2 + ["GL(2)"] * 2 + ["O(2)"]


@browser_test
def test_a_column_moves_as_far_as_the_group_goes(run_js: Callable[..., Any]) -> None:
    rng = np.random.default_rng(5)
    matrices = draw_matrices(300, seed=6)
    wanted = rng.uniform(-3, 3, size=(300, 2))
    source = """(m, [all, limits]) => all.map(
        ([G, j, column]) => [m.moveColumn(G, j, column, limits), m.isAllowed(G, limits)])"""
    cases = [[G.tolist(), i % 2, to.tolist()] for i, (G, to) in
             enumerate(zip(matrices, wanted, strict=True))]  # fmt: skip
    at_the_edge = 0
    for (before, j, to), (after, started_inside) in zip(
        cases, run_js(GEOMETRY, source, [cases, LIMITS]), strict=True
    ):
        old, new = np.array(before), np.array(after)
        assert started_inside
        np.testing.assert_array_equal(new[:, 1 - j], old[:, 1 - j])
        assert np.abs(new).max() <= 2.0
        assert np.linalg.det(new) * np.linalg.det(old) > 0
        smallest = np.linalg.svd(new)[1][1]
        assert smallest >= FLOOR * (1 - 1e-8)
        direct = old.copy()
        direct[:, j] = np.clip(to, -2, 2)
        if np.linalg.det(direct) * np.linalg.det(old) > 0 and np.linalg.svd(direct)[1][1] > FLOOR:
            np.testing.assert_array_equal(new, direct)
        else:
            on_floor = math.isclose(smallest, FLOOR, rel_tol=1e-6)
            assert on_floor or math.isclose(np.abs(new).max(), 2.0, rel_tol=1e-12)
            at_the_edge += on_floor
    assert at_the_edge > 50


@browser_test
def test_the_path_between_two_matrices_stays_invertible(run_js: Callable[..., Any]) -> None:
    matrices = draw_matrices(80, seed=7)
    pairs = [[a.tolist(), b.tolist()] for a, b in itertools.pairwise(matrices)]
    times = np.linspace(0, 1, 9).tolist()
    source = "(m, [pairs, ts]) => pairs.map(([a, b]) => ts.map((t) => m.blend(a, b, t)))"
    for (start, end), path in zip(pairs, run_js(GEOMETRY, source, [pairs, times]), strict=True):
        np.testing.assert_array_equal(path[-1], end)
        if np.linalg.det(start) * np.linalg.det(end) < 0:
            np.testing.assert_array_equal(path[0], end)
            continue
        np.testing.assert_allclose(path[0], start, atol=1e-12)
        values = np.linalg.svd(np.array(path))[1][:, 1]
        assert (np.linalg.det(path) * np.linalg.det(end) > 0).all()
        assert values.min() >= min(values[0], values[-1]) * (1 - 1e-9)


@browser_test
def test_random_matrices_are_let_in(run_js: Callable[..., Any]) -> None:
    source = """(m, limits) => Array.from({ length: 500 }, () => m.drawMatrix(Math.random))
        .map((G) => [m.isAllowed(G, limits), m.determinant(G) > 0])"""
    found = np.array(run_js(GEOMETRY, source, LIMITS))
    assert found[:, 0].all()
    assert 0.3 < found[:, 1].mean() < 0.7
    largest = [[2, 0], [0, -2]]
    assert run_js(GEOMETRY, "(m, [G, limits]) => m.isAllowed(G, limits)", [largest, LIMITS])
    bad = [None, "G", [[1, 2], [2, 4]], [[1, None], [0, 1]], [[9, 0], [0, 1]], [[1, 0, 0], [0, 1]]]
    refused = run_js(GEOMETRY, "(m, [bad, l]) => bad.map((G) => m.isAllowed(G, l))", [bad, LIMITS])
    assert refused == [False] * len(bad)


# The mounted figure


STILL = {"reduced_motion": "reduce"}


def read_matrix(tab: Tab) -> FloatArray:
    settle(tab)
    values = tab.locator(".lae-ladder input").evaluate_all("all => all.map((i) => i.value)")
    return np.array(values, dtype=float).reshape(2, 2)


def read_dials(tab: Tab) -> list[str]:
    settle(tab)
    return tab.locator(".lae-change").all_inner_texts()


@browser_test
def test_shows_what_python_computes(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure())
    changes = make_figure().changes
    assert read_dials(tab) == ["still", "still", f"ΔJ = +{changes['sum']:.3f}",
                               f"ΔJ = +{changes['non-uniform sum']:.3f}"]  # fmt: skip
    np.testing.assert_array_equal(read_matrix(tab), SLANTED)
    expect(tab.get_by_role("status")).to_have_text(
        "G is not orthogonal, its singular values are 1.45 and 0.558: the loss with the sum "
        f"changes by +{changes['sum']:.3f}, that with the non-uniform sum by "
        f"+{changes['non-uniform sum']:.3f}; none and product see only W₂W₁, "
        "which G leaves as it is."
    )


@browser_test
def test_the_buttons_climb_down_the_ladder(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(), context_options=STILL)
    tab.get_by_role("button", name="nearest orthogonal matrix").click()
    expect(tab.locator(".lae-sentence")).to_contain_text("rotation by −5.7°")
    assert read_dials(tab)[:3] == ["still"] * 3
    assert read_dials(tab)[3].startswith("ΔJ = +")
    tab.get_by_role("button", name="reflect").click()
    expect(tab.locator(".lae-sentence")).to_contain_text("a reflection, with its mirror at −2.9°")
    expect(tab.locator(".lae-facts")).to_contain_text("det G = −1,")
    tab.get_by_role("button", name="nearest sign flip").click()
    expect(tab.locator(".lae-sentence")).to_contain_text("G = diag(1, −1) only flips signs")
    assert read_dials(tab) == ["still"] * 4
    tab.get_by_role("button", name="identity").click()
    expect(tab.locator(".lae-sentence")).to_contain_text("G is the identity")
    expect(tab.locator(".lae-set.lae-holds")).to_have_count(3)


@browser_test
def test_buttons_travel_where_motion_is_welcome(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure())
    tab.get_by_role("button", name="nearest orthogonal matrix").click()
    expect(tab.locator(".lae-sentence")).to_contain_text("rotation by −5.7°")
    tab.get_by_role("button", name="random G").click()
    tab.get_by_role("button", name="identity").click()
    expect(tab.locator(".lae-sentence")).to_contain_text("G is the identity")


@browser_test
def test_arrow_keys_move_an_arrow_and_stop_before_a_singular_matrix(
    mount: Callable[..., Tab],
) -> None:
    tab = mount(make_figure(np.eye(2)), context_options=STILL)
    handle = tab.get_by_role("slider", name="Ge₂")
    handle.press("ArrowRight")
    handle.press("Shift+ArrowUp")
    np.testing.assert_allclose(read_matrix(tab), [[1, 0.05], [0, 1.01]])
    expect(handle).to_have_attribute("aria-valuetext", "x 0.05, y 1.01")
    for _ in range(5):
        handle.press("PageDown")
    expect(tab.locator(".lae-sentence")).to_contain_text("det G = 0 is not in GL(2)")
    expect(tab.locator(".lae-facts")).to_contain_text("and 0.05; det G = 0.05")
    expect(tab.locator(".lae-singular.lae-held")).to_have_count(1)
    tab.get_by_role("button", name="reflect").click()
    expect(tab.locator(".lae-facts")).to_contain_text("det G < 0")


@browser_test
def test_numbers_are_typed_and_nonsense_is_ignored(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(np.eye(2)), context_options=STILL)
    entry = tab.get_by_role("spinbutton", name="G₁₂")
    entry.fill("0.75")
    entry.press("Enter")
    expect(tab.locator(".lae-sentence")).to_contain_text("not orthogonal")
    entry.fill("")
    entry.press("Enter")
    expect(entry).to_have_value("0.75")
    entry.fill("1e300")
    entry.press("Enter")
    expect(entry).to_have_value("2")
    first = tab.get_by_role("spinbutton", name="G₁₁")
    first.fill("-1")
    first.press("Enter")
    np.testing.assert_array_equal(read_matrix(tab), [[-1, 2], [0, 1]])


@browser_test
def test_a_matrix_is_typed_in_reading_order(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(np.eye(2)), context_options=STILL)
    said, entries = tab.locator(".lae-sentence"), tab.get_by_role("spinbutton")

    def type_in(i: int, text: str) -> None:
        entries.nth(i).fill(text)
        entries.nth(i).press("Enter")

    type_in(3, "-1")
    expect(said).to_contain_text("G = diag(1, −1) only flips signs")
    type_in(3, "1")
    type_in(0, "0")
    expect(said).to_contain_text("not let in: det G = 0 is not in GL(2)")
    expect(entries.first).to_have_attribute("aria-invalid", "true")
    np.testing.assert_array_equal(read_matrix(tab), [[0, 0], [0, 1]])
    assert read_dials(tab) == ["still"] * 4  # the arrows have stayed where they were
    entries.nth(1).fill("-1")
    tab.evaluate("() => new Promise((done) => setTimeout(done, 100))")  # what is drawn meanwhile
    expect(entries.nth(1)).to_have_value("-1")
    entries.nth(1).press("Enter")
    type_in(2, "1")
    expect(entries.first).to_have_attribute("aria-invalid", "false")
    type_in(3, "0")
    expect(said).to_contain_text("rotation by 90.0°")
    type_in(1, "0.01")
    expect(said).to_contain_text("their smallest singular value, 0.01, is below 0.05")
    entries.first.fill("0.5")
    entries.first.fill("0")  # taken back: no change, and no longer being typed
    tab.get_by_role("button", name="identity").click()
    expect(said).to_contain_text("G is the identity")
    np.testing.assert_array_equal(read_matrix(tab), np.eye(2))


@browser_test
def test_arrows_are_dragged_until_all_needles_rest(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(TURN), context_options=STILL)
    at = {1.0: 0.7, 0.0: 0.5}  # of the plane, which shows coordinates up to 2.5
    off = 0.012  # some pixels beside the diamond
    drag(tab, "Ge₁", (at[1.0] + off, at[0.0] - off))
    drag(tab, "Ge₂", (at[0.0] + off, 1 - at[1.0] - off))
    expect(tab.locator(".lae-sentence")).to_contain_text("G is the identity")
    assert read_dials(tab) == ["still"] * 4
    drag(tab, "Ge₁", (0.5 + 0.2 * math.cos(1) + off / 2, 0.5 - 0.2 * math.sin(1)))
    assert np.hypot(*read_matrix(tab)[:, 0]) == pytest.approx(1, abs=1e-3)
    drag(tab, "Ge₂", (0.5 - 0.2 * math.sin(1) + off, 0.5 - 0.2 * math.cos(1)))
    assert read_dials(tab)[:3] == ["still"] * 3  # at a right angle
    expect(tab.locator(".lae-sentence")).to_contain_text("a rotation by 5")


@browser_test
def test_the_grip_turns_both_arrows(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(TURN), context_options=STILL)
    grip, said = tab.get_by_role("slider", name="turn both"), tab.locator(".lae-sentence")
    drag(tab, "turn both", (0.1, 0.4))
    expect(said).to_contain_text("G is a rotation by −14.")
    drag(tab, "turn both", (0.1, 0.49))
    expect(said).to_contain_text("G is the identity")
    for key, angle in [("PageUp", "50.0"), ("Shift+ArrowLeft", "49.0"), ("ArrowUp", "55.0")]:
        grip.press(key)
        expect(said).to_contain_text(f"rotation by {angle}°")
    grip.press("End")
    expect(said).to_contain_text("G = diag(−1, −1) only flips signs")
    tab.get_by_role("button", name="reflect").click()
    for _ in range(18):
        grip.press("ArrowLeft")
    expect(said).to_contain_text("a reflection, with its mirror at 45.0°")


@browser_test
def test_a_hand_is_led_to_places_that_leave_needles_still(run_js: Callable[..., Any]) -> None:
    angle = 0.4
    other = [math.cos(angle), math.sin(angle)]
    G = [[1.3, other[0]], [0.2, other[1]]]
    on_circle = [0.6, 0.8]
    cases = [
        ([0.95, 0.05], [1.0, 0.0]),
        ([-1.04, -0.03], [-1.0, 0.0]),
        ([-0.42, 0.9], [-other[1], other[0]]),
        ([0.6 * 1.03, 0.8 * 1.03], on_circle),
        ([0.5, 0.5], [0.5, 0.5]),
        ([1.8, 0.4], [1.8, 0.4]),
    ]
    source = "(m, [G, all]) => all.map(([column]) => m.snapColumn(G, 0, column))"
    found = run_js(GEOMETRY, source, [G, cases])
    np.testing.assert_allclose(found, [meant for _, meant in cases], rtol=0, atol=1e-15)


def drag(tab: Tab, name: str, to: tuple[float, float]) -> None:
    """Drag a handle by the mouse to a point of the plane, given as parts of its width."""
    settle(tab)
    handle = tab.get_by_role("slider", name=name).bounding_box()
    plane = tab.locator(".lae-plane").bounding_box()
    assert handle is not None
    assert plane is not None
    tab.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(plane["x"] + to[0] * plane["width"], plane["y"] + to[1] * plane["height"],
                   steps=3)  # fmt: skip
    tab.mouse.up()


@browser_test
def test_an_arrow_is_dragged(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(np.eye(2)), context_options=STILL)
    drag(tab, "Ge₁", (0.8, 0.3))  # the plane shows coordinates up to 2.5
    expect(tab.locator(".lae-sentence")).to_contain_text("not orthogonal")
    np.testing.assert_allclose(read_matrix(tab)[:, 0], [1.5, 1.0], atol=0.03)
    drag(tab, "Ge₁", (-1.0, 0.9))
    assert np.linalg.svd(read_matrix(tab))[1][1] > 0.9 * FLOOR
    assert np.linalg.det(read_matrix(tab)) > 0


@browser_test
@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_fits_and_is_accessible(mount: Callable[..., Tab], width: int, theme: str) -> None:
    tab = mount(make_figure(), width=width)
    before = tab.locator(".lae-ladder").evaluate("e => getComputedStyle(e).backgroundColor")
    tab.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    after = tab.locator(".lae-ladder").evaluate("e => getComputedStyle(e).backgroundColor")
    assert (before == after) == (theme == "light")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert tab.evaluate(overflow) == 0
    small = """all => all.filter((e) => { const r = e.getBoundingClientRect();
        return Math.min(r.width, r.height) < 24; }).length"""
    assert tab.locator(".lae-ladder :is(button, input, [tabindex])").evaluate_all(small) == 0
    results = Axe().run(tab, context=".lae-live")
    assert results.violations_count == 0, results.generate_report()


@browser_test
def test_two_hundred_random_actions(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure())
    expect(tab.locator(".lae-sentence")).not_to_be_empty()  # else its own listeners would count
    rng = np.random.default_rng(8)
    tab.evaluate("""() => {
        const { addEventListener } = EventTarget.prototype;
        window.nAdded = 0;
        EventTarget.prototype.addEventListener = function (...a) {
            if (this instanceof Node) window.nAdded += 1; // the driver listens to windows
            return addEventListener.apply(this, a);
        };
    }""")
    buttons, entries = tab.locator(".lae-ladder button"), tab.locator(".lae-ladder input")
    handles = tab.get_by_role("slider")
    for _ in range(200):
        action = int(rng.integers(5))
        if action == 0:
            buttons.nth(int(rng.integers(5))).click()
        elif action == 1:
            entries.nth(int(rng.integers(4))).fill(f"{rng.uniform(-3, 3):.2f}")
        elif action == 2:
            arrow = rng.choice(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Tab"])
            handles.nth(int(rng.integers(2))).press(arrow)
        elif action == 3:
            tab.evaluate(
                "theme => { document.documentElement.dataset.theme = theme; }",
                rng.choice(["light", "dark"]),
            )
        else:
            drag(tab, f"Ge{rng.choice(['₁', '₂'])}", (rng.uniform(), rng.uniform()))
    tab.get_by_role("button", name="identity").click()
    expect(tab.locator(".lae-sentence")).to_contain_text("G is the identity")
    shown = tab.locator(".lae-ladder").evaluate("e => e.outerHTML")
    assert not re.search(r"NaN|Infinity|undefined", shown)
    assert tab.evaluate("window.nAdded") == 0


MOUNT_BY_HAND = """async (matrix) => {
    const text = document.querySelector('script[type$="widget-state+json"]').textContent;
    const [{ state }] = Object.values(JSON.parse(text).state);
    const source = new Blob([state._esm], { type: "text/javascript" });
    const { default: frontEnd } = await import(URL.createObjectURL(source));
    const changed = new Map();
    const values = { ...state, ...(matrix === null ? {} : { matrix }) };
    const hand = { nListening: 0, saved: [], values };
    const emit = (name) => changed.get(`change:${name}`)?.forEach((listener) => listener());
    const model = {
        get: (name) => values[name],
        set: (name, value) => { values[name] = value; emit(name); },
        save_changes: () => hand.saved.push(JSON.stringify(values.matrix)),
        on: (type, listener) => {
            hand.nListening += 1;
            changed.set(type, [...(changed.get(type) ?? []), listener]);
        },
        off: (type, listener) => {
            hand.nListening -= 1;
            changed.set(type, changed.get(type).filter((other) => other !== listener));
        },
    };
    document.querySelector(".lae-figure").remove();
    const el = document.createElement("div");
    const style = document.createElement("style");
    style.textContent = state._css;
    el.append(style);
    document.querySelector("main").append(el);
    window.hand = Object.assign(hand, { model, end: await frontEnd.render({ model, el }) });
}"""


@browser_test
def test_the_matrix_goes_to_python_when_a_gesture_ends(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(np.eye(2)))
    tab.evaluate(COUNT_LISTENERS)
    tab.evaluate(MOUNT_BY_HAND, None)
    drag(tab, "Ge₁", (0.8, 0.3))
    assert tab.evaluate("hand.saved.length") == 1
    handle = tab.get_by_role("slider", name="Ge₂")
    handle.focus()
    tab.keyboard.down("ArrowLeft")
    assert tab.evaluate("hand.saved.length") == 1
    tab.keyboard.up("ArrowLeft")
    assert tab.evaluate("hand.saved.length") == 2
    tab.get_by_role("button", name="random G").click()
    assert tab.evaluate("hand.saved.length") == 3
    figure = make_figure()
    figure.matrix = tab.evaluate("hand.values.matrix")
    tab.evaluate("G => hand.model.set('matrix', G)", TURN)
    expect(tab.locator(".lae-sentence")).to_contain_text("rotation by 36.9°")
    assert tab.evaluate("hand.saved.length") == 3
    tab.evaluate("hand.model.set('lam', 0.5)")
    expect(tab.locator(".lae-dial").nth(1)).to_contain_text("λ = 0.5")
    assert tab.evaluate("Math.min(held, 10 * hand.nListening)") > 10
    tab.evaluate("hand.end()")
    assert tab.evaluate("[held, hand.nListening]") == [0, 0]


@browser_test
@pytest.mark.parametrize("damage", ["rubbish", [[1, 2], [2, 4]], [[1], []], [[1, 0], [0, 1e9]]])
def test_a_damaged_matrix_is_not_let_in(mount: Callable[..., Tab], damage: object) -> None:
    tab = mount(make_figure())
    tab.evaluate(MOUNT_BY_HAND, damage)
    expect(tab.locator(".lae-sentence")).to_contain_text("G is the identity")
    tab.evaluate("damage => hand.model.set('matrix', damage)", damage)
    np.testing.assert_array_equal(read_matrix(tab), np.eye(2))


@browser_test
def test_near_a_group_is_not_in_it(mount: Callable[..., Tab]) -> None:
    tab = mount(make_figure(np.eye(2) * (1 + 1e-6)))
    expect(tab.locator(".lae-sentence")).to_contain_text("only by 1.4 · 10⁻⁶ away from O(2)")
    assert read_dials(tab) == ["still"] * 4
    expect(tab.locator(".lae-set.lae-holds")).to_have_count(1)


def test_is_light() -> None:
    assert len(gzip.compress(LadderFigure._esm.encode())) < 25_000


TYPE_ALL = """async (matrices) => {
    const root = document.querySelector(".lae-live");
    const entries = root.querySelectorAll("input");
    const frame = () => new Promise(requestAnimationFrame);
    const heights = new Set();
    for (const matrix of matrices) {
        matrix.flat().forEach((value, i) => {
            entries[i].value = value;
            entries[i].dispatchEvent(new Event("change"));
        });
        await frame();
        await frame();
        heights.add(root.offsetHeight);
    }
    return heights.size;
}"""


@browser_test
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_below_moves_with_the_arrows(mount: Callable[..., Tab], width: int) -> None:
    tab = mount(make_figure(), width=width)
    expect(tab.locator(".lae-sentence")).not_to_be_empty()
    special = [np.eye(2), np.diag([-1, 1]), np.array(TURN), np.ones((2, 2)), np.diag([-1, FLOOR]),
               np.array([[-1.234, 0.5], [1.77, 0.123]]), np.eye(2) * (1 + 1e-7)]  # fmt: skip
    matrices = [G.tolist() for G in (*special, *draw_matrices(20, seed=9))]
    assert tab.evaluate(TYPE_ALL, matrices) == 1
