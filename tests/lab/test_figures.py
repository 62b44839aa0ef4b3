"""Ladder, landscape and others in a real JupyterLab: set in Python, seen; dragged, read back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

from tests.lab.conftest import ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page as Tab

    from tests.lab.conftest import Laboratory

NOTEBOOK = "figures.ipynb"
CELLS = [
    """from lae_helpers.widgets import (
    FourLossesFigure, LadderFigure, LandscapeFigure, MirrorFigure, OrdersFigure,
    SpectrumFigure, SubspaceFigure, TransposeFigure,
)
ladder = LadderFigure([5.0, 1.0])
ladder""",
    "landscape = LandscapeFigure()\nlandscape",
    "spectrum = SpectrumFigure([5.0, 2.0, 1.0])\nspectrum",
    "orders = OrdersFigure()\norders",
    "subspace = SubspaceFigure()\nsubspace",
    "mirror = MirrorFigure([[1, 0], [0, 1]], [[1, 0], [0, 1]])\nmirror",
    "mirror.walk = [('weight mirror', 100), ('information alignment', 400)]",
    "first = TransposeFigure()\nfirst",
    "first",  # a second view, of the same run
    "losses = FourLossesFigure(n_components=2)\nlosses",
    """landscape.lam, spectrum.lam, ladder.matrix = 0.7, 3.0, [[0, 1], [-1, 0]]
orders.order, subspace.iterations = [3, 1, 2], 5
first.price, losses.position = True, 200""",
    'print(f"said: {ladder.matrix} landscape {landscape.w1, landscape.w2} λ {spectrum.lam}")',
]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def notebook(lab: Laboratory, run_all: Callable[[str], Tab]) -> Tab:
    """A notebook with figures, all of its cells run."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lab.folder / NOTEBOOK)
    return run_all(NOTEBOOK)


def test_what_python_sets_the_page_shows(notebook: Tab) -> None:
    landscape, spectrum = notebook.locator(".lae-landscape"), notebook.locator(".lae-spectrum")
    expect(landscape.locator(".lae-sentence")).to_contain_text("λ = 0.7")
    expect(spectrum.locator(".lae-sentence")).to_contain_text("λ = 3")
    orders, subspace = notebook.locator(".lae-orders"), notebook.locator(".lae-subspace")
    expect(orders.locator(".lae-sentence")).to_contain_text("near the order 3 1 2")
    expect(subspace.locator(".lae-sentence")).to_contain_text("Iteration 5")
    entries = notebook.locator(".lae-ladder").get_by_role("spinbutton")
    for entry, value in zip(entries.all(), ("0", "1", "-1", "0"), strict=True):
        expect(entry).to_have_value(value)
    walked = notebook.locator(".lae-mirror .lae-sentence")
    expect(walked).to_contain_text("After 400 of 400 batches of noise")
    expect(walked).to_contain_text("comes to rest 0.0° away, 0.50 times as long")


def test_a_readers_own_data_stay_in_the_page(notebook: Tab, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,b\n3,0\n-3,0\n0,1\n0,-1\n", "utf-8")
    spectrum, ladder = notebook.locator(".lae-spectrum"), notebook.locator(".lae-ladder")
    spectrum.get_by_text("Your own data").click()
    spectrum.get_by_label("file", exact=True).set_input_files(tmp_path / "own.csv")
    expect(spectrum).to_contain_text("own.csv: 4 samples of 2 numbers")
    expect(spectrum.locator(".lae-sentence")).to_contain_text("1 of 2 components")
    expect(ladder).to_contain_text("own.csv")
    ladder.get_by_role("button", name="Put the first data back").click()
    expect(ladder).not_to_contain_text("own.csv")
    expect(spectrum.locator(".lae-sentence")).to_contain_text("2 of 3 components")


def test_two_views_of_the_first_figure_share_one_run(notebook: Tab) -> None:
    first = notebook.locator(".lae-transpose")
    expect(first).to_have_count(2)
    first.last.scroll_into_view_if_needed()
    told = first.locator(".lae-sentence")
    expect(told.last).to_contain_text("W₁ has become W₂ᵀ")
    first.last.get_by_role("switch").press("Space")
    for sentence in told.all():
        expect(sentence).to_contain_text("It is off again")
    losses = notebook.locator(".lae-four-losses .lae-sentence")
    expect(losses).to_contain_text("After 10,000 steps")


def test_keys_on_a_handle_leave_the_cells_alone(notebook: Tab) -> None:
    cells = notebook.locator(".jp-Notebook .jp-Cell")
    before = cells.count()
    for handle in notebook.locator(":is(.lae-ladder, .lae-landscape) .lae-handle").all():
        handle.scroll_into_view_if_needed()
        handle.click()  # and the notebook is in command mode
        for key in ("b", "a", "x", "Home", "PageDown"):
            handle.press(key)
            assert cells.count() == before, key
            expect(handle).to_be_focused()


def test_what_the_reader_drags_python_reads(notebook: Tab) -> None:
    ladder = notebook.locator(".lae-ladder")
    ladder.scroll_into_view_if_needed()
    handle = ladder.get_by_role("slider").first.bounding_box()
    assert handle is not None
    middle = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    notebook.mouse.move(*middle)
    notebook.mouse.down()
    notebook.mouse.move(middle[0] + 20, middle[1] + 20, steps=4)
    notebook.mouse.up()
    start = notebook.locator(".lae-landscape").get_by_role("slider", name=re.compile("start w₁"))
    before = start.input_value()
    start.focus()
    start.press("ArrowRight")
    expect(start).not_to_have_value(before)
    last = notebook.locator(".jp-Notebook .jp-CodeCell").nth(len(CELLS) - 1)
    old = last.locator(".jp-OutputArea-output").inner_text()
    new = ask(last)
    assert "[[0.0, 1.0], [-1.0, 0.0]]" not in new
    assert new.split("landscape")[1] != old.split("landscape")[1]
