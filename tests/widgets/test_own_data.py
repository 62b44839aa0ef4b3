"""A reader's own data: decomposed in the page as in Python, shown by all figures, put back."""

from __future__ import annotations

import gzip
import io
import itertools
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

from lae_helpers import fit_pca, synthetic_data
from lae_helpers.widgets import Explorer, LadderFigure, ReconstructionFigure, SpectrumFigure
from lae_helpers.widgets.front_end import join_modules
from tests.widgets.hosting import settle
from tests.widgets.rough_use import assert_fits_everyone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator
    from playwright.sync_api import Page as Tab

    from lae_helpers._checks import FloatArray

pytestmark = pytest.mark.browser

FINISH = """const finish = (steps) => {
    for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
};"""
DECOMPOSE = f"""(m, tables) => {{
    {FINISH}
    return tables.map(({{ numbers, rows, columns, most }}) => {{
        const found = finish(m.decompose(Float64Array.from(numbers), rows, columns, most));
        return Object.fromEntries(Object.entries(found).map(([name, value]) =>
            [name, ArrayBuffer.isView(value) ? [...value] : value]));
    }});
}}"""
READ = """(m, files) => files.map((file) => {
    try {
        const { numbers, ...table } = m.readNpy(Uint8Array.from(file));
        return { ...table, numbers: [...numbers].map(String) };
    } catch (error) {
        return error.message;
    }
})"""


def draw_tables() -> list[tuple[str, FloatArray]]:
    rng = np.random.default_rng(0)
    tables = [
        (f"{n} x {p}", rng.standard_normal((n, p)) * rng.exponential(size=p))
        for n, p in [
            (3, 1), (3, 2), (2, 5), (5, 5), (9, 8), (200, 3), (300, 90), (40, 150), (3, 200),
            (129, 129),
        ]
    ]  # fmt: skip
    plain = rng.standard_normal((60, 12)) * np.linspace(3, 0.1, 12)
    low_rank = rng.standard_normal((50, 3)) @ rng.standard_normal((3, 20))
    wide_low_rank = rng.standard_normal((20, 3)) @ rng.standard_normal((3, 50))
    constant = plain.copy()
    constant[:, [0, 5]] = 7.1
    one = np.zeros((10, 4))
    one[3, 2] = 1.0
    return [
        *tables,
        ("rank three", low_rank),
        ("rank three, wide", wide_low_rank),
        ("constant columns", constant),
        ("one number", one),
        ("scaled up", plain * 1e12),
        ("scaled down", plain * 1e-12),
        ("scaled further", plain * 1e-200),
        ("mean far above spread", plain + 1e7),
        ("mean further above", 1e-3 * plain + 1e9),
        ("tied variances", synthetic_data([5.0, 3.0, 3.0, 3.0, 1.0], 40)),
        ("all tied", synthetic_data([2.0] * 6, 30)),
        ("steep", synthetic_data((10.0 ** -np.arange(6)).tolist(), 40)),
        ("duplicate rows", np.repeat(plain[:5], 6, axis=0)),
        ("integers", rng.integers(0, 3, (80, 16)).astype(float)),
    ]


def test_pca_in_the_page_is_fit_pca(run_js: Callable[..., Any]) -> None:
    tables = draw_tables()
    given = [
        {"numbers": X.ravel().tolist(), "rows": len(X), "columns": X.shape[1], "most": 64}
        for _, X in tables
    ]
    for (name, X), found in zip(tables, run_js("numerics/pca.js", DECOMPOSE, given), strict=True):
        m = min(64, *X.shape)
        pca = fit_pca(X, m)
        scale = pca.variances[0]
        assert found["converged"], name
        np.testing.assert_allclose(found["mean"], pca.mean, rtol=1e-13, atol=1e-16 * abs(X).max())
        variances = np.array(found["variances"])
        np.testing.assert_allclose(
            variances, pca.variances, rtol=1e-6, atol=1e-13 * scale, err_msg=name
        )
        assert found["total"] == pytest.approx(X.var(axis=0).sum(), rel=1e-9)
        directions = np.reshape(found["directions"], (m, -1)).T
        np.testing.assert_allclose(directions.T @ directions, np.eye(m), atol=1e-9, err_msg=name)
        largest = abs(directions).argmax(axis=0)
        assert (directions[largest, range(m)] > 0).all()
        ends = [-1, *np.flatnonzero(-np.diff(pca.variances) > 1e-4 * scale).tolist()]
        for first, last in itertools.pairwise(ends):  # each group of variances that tie
            own = directions[:, first + 1 : last + 1]
            theirs = pca.directions[:, first + 1 : last + 1]
            cosines = np.linalg.svd(own.T @ theirs)[1]
            np.testing.assert_allclose(cosines, 1, atol=1e-9, err_msg=f"{name}: {first}")


def saved(array: Any, *, version: tuple[int, int] = (1, 0)) -> list[int]:  # noqa: ANN401
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asanyarray(array), version=version)
    return list(buffer.getvalue())


def test_numpys_files_are_read_as_numpy_reads_them(run_js: Callable[..., Any]) -> None:
    rng = np.random.default_rng(1)
    table = rng.integers(0, 100, (5, 6))
    arrays = [
        table.astype(f"{order}{kind}")
        for kind in ("f8", "f4", "f2", "i8", "i4", "i2", "u8", "u4", "u2")
        for order in "<>"
    ]
    arrays += [table.astype("i1"), table.astype("u1"), table > 50, rng.random((5, 6)).astype("f2")]
    arrays += [np.array([[1e-7, -6e4], [6e-8, 0.0]], "f2"), rng.random((4, 3, 2))]
    arrays += [np.asfortranarray(rng.random((5, 6))), np.asfortranarray(rng.random((4, 3, 2)))]
    arrays += [rng.random((4, 1, 3, 2)), np.asfortranarray(rng.random((4, 3, 2, 1)).astype(">f4"))]
    files = [saved(array) for array in arrays]
    files += [saved(table, version=(2, 0)), saved(table, version=(3, 0))]
    arrays += [table, table]
    for array, found in zip(arrays, run_js("numerics/npy.js", READ, files), strict=True):
        assert not isinstance(found, str), found
        assert found["rows"] == len(array)
        sides = [side for side in array.shape[1:] if array.ndim < 4 or side > 1]
        assert found["shape"] == (sides if len(sides) == 2 else None)
        numbers = [float(number) for number in found["numbers"]]
        np.testing.assert_array_equal(numbers, array.astype(float).ravel())


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (saved(np.zeros(4)), "The array has the shape (4,): save one of shape (samples, columns)"),
        (saved(np.zeros(())), "The array has the shape ()"),
        (saved(np.zeros((2, 3, 4, 5))), "The array has the shape (2, 3, 4, 5)"),
        (saved(np.zeros((2, 2), complex)), "The array holds dtype c16, not real numbers"),
        (saved(np.array([["a", "b"]])), "The array holds dtype U1, not real numbers"),
        (saved(np.array([(1.0, 2)], [("a", float), ("b", int)])), "The array holds records"),
        (saved(np.zeros((3, 3)))[:-1], "The file ends before its array does"),
        (saved(np.zeros((3, 3)))[:11], "The file ends before its array does"),
        ([*saved(np.zeros((3, 3)))[:6], 9, *saved(np.zeros((3, 3)))[7:]], "The header of this"),
    ],
)
def test_what_is_wrong_with_an_array_is_said(
    run_js: Callable[..., Any], file: list[int], message: str
) -> None:
    assert run_js("numerics/npy.js", READ, [file])[0].startswith(message)


def all_figures() -> tuple[Explorer, SpectrumFigure, ReconstructionFigure, LadderFigure]:
    rng = np.random.default_rng(2)
    images = rng.random((30, 16))
    return (
        Explorer(synthetic_data([9.0, 8.0, 6.0, 5.0], 10), regularizer="sum"),
        SpectrumFigure([4.0, 2.0, 1.0, 0.5]),
        ReconstructionFigure(images, np.arange(30) % 3),
        LadderFigure([5.0, 3.8]),
    )


def write_flowers(path: Path) -> FloatArray:
    """Write a table of three columns with decimal commas and names, and return its numbers."""
    rng = np.random.default_rng(3)
    table: FloatArray = np.round(rng.standard_normal((40, 3)) * [2, 1, 0.5] + [5, 3, 1], 3)
    names = ["iris", "rose"] * 20
    lines = ["length;width;height;flower"]
    for numbers, name in zip(table.tolist(), names, strict=True):
        lines.append(";".join([*(str(number).replace(".", ",") for number in numbers), name]))
    path.write_text("\r\n".join(lines), encoding="utf-8-sig")
    return table


def open_door(tab: Tab, figure: str) -> Locator:
    door = tab.locator(f".lae-{figure} .lae-own")
    door.get_by_text("Your own data").click()
    expect(door.get_by_label("file", exact=True)).to_be_visible()
    return door


def test_all_figures_learn_a_file_until_it_is_put_back(
    mount: Callable[..., Tab], tmp_path: Path
) -> None:
    table = write_flowers(tmp_path / "flowers.csv")
    pca = fit_pca(table, 3)
    tab = mount(*all_figures())
    before = {
        k: tab.locator(f".lae-{k} .lae-sentence").inner_text() for k in ("spectrum", "ladder")
    }
    door = open_door(tab, "explorer")
    door.get_by_label("file", exact=True).set_input_files(tmp_path / "flowers.csv")
    backs = tab.get_by_role("button", name="Put the digits back")
    expect(backs).to_have_count(4)
    expect(door.get_by_role("status")).to_have_text("flowers.csv is learned.")
    expect(tab.locator(".lae-ladder .lae-own")).to_contain_text("flowers.csv: 40 samples of 3")
    expect(tab.locator(".lae-explorer")).to_contain_text("from the top: length, width, height.")
    tiles = tab.get_by_role("img", name=re.compile("^Left singular vectors of W₂, each over"))
    expect(tiles).to_have_accessible_name(re.compile(f"each: {pca.variances[0]:.2f}, "))
    kept = sum(pca.variances > 0.3)
    expect(tab.locator(".lae-spectrum .lae-sentence")).to_contain_text(f"{3 - kept} of 3 compo")
    expect(tab.locator(".lae-reconstruction .lae-sentence")).to_contain_text("this iris")
    expect(tab.locator(".lae-ladder")).to_contain_text(
        f"{(pca.variances[0] / (pca.variances[0] + 0.3)) ** 0.5:.3f}"
    )
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    backs.last.click()
    expect(backs).to_have_count(0)
    for figure, sentence in before.items():
        expect(tab.locator(f".lae-{figure} .lae-sentence")).to_have_text(sentence)


def test_the_errors_of_a_reconstruction_are_those_of_pca(
    mount: Callable[..., Tab], tmp_path: Path
) -> None:
    images = np.random.default_rng(4).random((25, 3, 5))
    np.save(tmp_path / "small.npy", images)
    tab = mount(all_figures()[2])
    door = open_door(tab, "reconstruction")
    door.get_by_label("file", exact=True).set_input_files(tmp_path / "small.npy")
    sentence = tab.locator(".lae-reconstruction .lae-sentence")
    expect(sentence).to_contain_text("With 15 numbers")
    expect(tab.locator(".lae-own select option").first).to_have_text("an image of 3 × 5")
    expect(tab.locator(".lae-own")).to_contain_text("multiplied by ")
    factor = float(tab.locator(".lae-own").inner_text().split("multiplied by ")[1].split(",")[0])
    own = ReconstructionFigure(factor * images)
    slider = tab.locator(".lae-reconstruction").get_by_role("slider")
    slider.press("Home")
    for k in range(1, 4):
        slider.press("ArrowRight")
        expect(sentence).to_contain_text(f"With {k} number")
        for errors in (own.errors[0], own.average_errors):
            assert f"{float(f'{errors[k]:.3g}'):g}" in sentence.inner_text()


def test_copied_python_reads_the_file_and_gives_the_weights_of_the_page(
    mount: Callable[..., Tab], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = write_flowers(tmp_path / "flowers.csv") * [1000, 1, 1]
    lines = ["length,width,height", *(",".join(map(str, row)) for row in table.tolist())]
    (tmp_path / "units.csv").write_text("\n".join(lines), "utf-8")
    tab = mount(all_figures()[0])
    door = open_door(tab, "explorer")
    door.get_by_text("every column to the same spread").click()
    door.get_by_label("file", exact=True).set_input_files(tmp_path / "units.csv")
    expect(door).to_contain_text("Every column was divided by its spread.")
    for _ in range(3):
        tab.get_by_role("button", name="One step").click()
    tab.get_by_text("Take these weights with you").click()
    tab.get_by_role("button", name="Copy link").click()
    expect(tab.get_by_text("No link: it cannot carry your data")).to_be_visible()
    tab.get_by_role("button", name="Copy as Python").click()
    code = tab.locator("textarea").input_value()
    assert 'pd.read_csv("units.csv").to_numpy(float)  # your own file' in code
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = {}
    exec(code, found)
    evened = (table - table.mean(axis=0)) / table.std(axis=0)
    directions = fit_pca(evened, 3).directions
    W2 = found["model"].decoder.weight.detach().numpy()
    cosines = abs((W2 / np.linalg.norm(W2, axis=0) * directions).sum(axis=0))
    rings = tab.get_by_role("img", name=re.compile("^Columns of W₂"))
    settle(tab)
    shown = re.findall(r"\d\.\d{3}", str(rings.get_attribute("aria-label")))
    np.testing.assert_allclose([float(cosine) for cosine in shown], cosines, atol=6e-4)


def test_a_file_may_be_dropped_and_a_wrong_one_is_answered(mount: Callable[..., Tab]) -> None:
    tab = mount(all_figures()[3])
    tab.evaluate("globalThis.Worker = undefined")  # so that the page has to do it
    drop = """(element, [name, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([text], name));
        element.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
    }"""
    ladder = tab.locator(".lae-ladder")
    ladder.evaluate(drop, ["bad.csv", "a,b\n1,2\n3,four\n5,6"])
    status = ladder.locator(".lae-own-said")
    expect(status).to_have_text(
        "bad.csv: Line 3, column “b”: “four” is no number; correct it, or leave the line out."
    )
    ladder.evaluate(drop, ["one.csv", "a,b\n1,2\n2,4\n3,6\n"])
    expect(ladder.locator(".lae-own")).to_contain_text("This figure needs two different variances")
    ladder.evaluate(drop, ["good.csv", "a,b\n1,2\n2,4.5\n3,5\n"])
    expect(ladder.locator(".lae-own")).to_contain_text("good.csv: 3 samples of 2 numbers")


def test_sentences_of_the_page_set_the_figure_with_own_data_too(
    mount: Callable[..., Tab], tmp_path: Path
) -> None:
    write_flowers(tmp_path / "flowers.csv")
    link = """<a href="#fig-s" data-set='{"lam": 2}'>larger</a>"""
    tab = mount(all_figures()[1], labels=("fig-s",), prose=f"<p>{link}</p>")
    door = open_door(tab, "spectrum")
    door.get_by_label("file", exact=True).set_input_files(tmp_path / "flowers.csv")
    expect(door).to_contain_text("flowers.csv is learned.")
    tab.get_by_role("link", name="larger").click()
    expect(tab.locator(".lae-spectrum .lae-sentence")).to_contain_text("λ = 2:")


def test_digits_drawn_by_hand_are_learned(mount: Callable[..., Tab]) -> None:
    tab = mount(all_figures()[0], width=390)
    door = open_door(tab, "explorer")
    door.get_by_text("Or draw").click()
    pad = door.get_by_role("application")
    learn = door.get_by_role("button", name="Learn the drawings")
    for i in range(4):
        expect(learn).to_be_disabled() if i < 3 else expect(learn).to_be_enabled()
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        tab.mouse.move(box["x"] + 40, box["y"] + 40)
        tab.mouse.down()
        tab.mouse.move(box["x"] + 60 + 25 * i, box["y"] + 130 - 20 * i, steps=5)
        tab.mouse.up()
        pad.press("ArrowDown")
        door.get_by_role("button", name="Add this one").click()
    expect(door).to_contain_text("4 drawn: enough for k = 3 components at most.")
    with tab.expect_download() as saving:
        door.get_by_role("button", name="Save them as NPY").click()
    images = np.load(saving.value.path())
    assert images.shape == (4, 28, 28)
    assert (images.max(axis=(1, 2)) == 1).all()
    learn.click()
    expect(door).to_contain_text("drawn.npy: 4 samples of 784 numbers")
    expect(tab.get_by_role("slider", name="width k")).to_have_value("3")
    assert_fits_everyone(tab)


def test_what_reads_files_is_light() -> None:
    assert len(gzip.compress(join_modules("own_data.js").encode())) <= 20_000
