"""The explorer in a real JupyterLab, a kernel on the other end: there, back, restarted, cleared."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from playwright.sync_api import expect

from tests.lab.conftest import ask, run_cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator
    from playwright.sync_api import Page as Tab

    from tests.lab.conftest import Laboratory

NOTEBOOK = "explorer.ipynb"
SAY = """import json
print("said:", json.dumps(%s))"""
CELLS = {
    "make": """from lae_helpers import axis_alignment, synthetic_data
from lae_helpers.widgets.explorer import Explorer
from lae_helpers.explorer.front_end_state import count_steps
X = synthetic_data([7.0, 5.0, 3.0, 2.0], 10)
explorer = Explorer(X, n_components=3)
explorer""",
    "set": """explorer.regularizer, explorer.lam, explorer.speed = "sum", 0.2, 1000
explorer.start_size = 0.05""",
    "traits": SAY % "{name: getattr(explorer, name) for name in "
    '["regularizer", "lam", "n_components", "seed", "start_size", "speed", "playing", "walk"]}',
    "play": "explorer.playing = True",
    "ask": 'explorer.act("GL(k)"); explorer.step()',
    "weights": SAY
    % """{
    "steps": count_steps(explorer.walk),
    "gap": float(abs(explorer.encoder.T - explorer.decoder).max()),
    "cosines": axis_alignment(
        explorer.recovered.directions, explorer._here.directions[:, :explorer.n_components]
    ).tolist(),
}""",
    "copied": "",
    "compare": SAY % "[float(abs(model.decoder.weight.detach().numpy() - explorer.decoder).max()), "
    "float(abs(recovered.directions - explorer.recovered.directions).max())]",
    "again": "explorer",
    "long": 'explorer.walk = [("sum", 0.2, 0.001, 30_000)]',
    "problem": 'explorer.problem = "k = n"',
    "alive": SAY % "1 + 1",
}
PICTURES = ".lae-pair-band.lae-encoder canvas"
COUNT_PICTURES = """() => {
    globalThis.pictures = 0;
    const put = CanvasRenderingContext2D.prototype.putImageData;
    CanvasRenderingContext2D.prototype.putImageData = function (...rest) {
        pictures += 1;
        return put.apply(this, rest);
    };
}"""

pytestmark = pytest.mark.browser


class Notebook:
    """The notebook of this test in its tab, cells by name."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.errors: list[str] = []
        tab.on("pageerror", lambda error: self.errors.append(str(error)))

    def cell(self, name: str) -> Locator:
        return self.tab.locator(".jp-Notebook .jp-CodeCell").nth(list(CELLS).index(name))

    def figure(self, name: str = "make") -> Locator:
        return self.cell(name).locator(".lae-explorer")

    def run(self, name: str) -> None:
        """Run a cell and wait until it has run."""
        run_cell(self.cell(name))

    def ask(self, name: str) -> Any:  # noqa: ANN401
        """Run a cell that says something, and return it."""
        return json.loads(ask(self.cell(name)))

    def says(self, words: str | re.Pattern[str], where: str = "make") -> None:
        sentence = self.figure(where).locator(".lae-sentence")
        expect(sentence).to_contain_text(words)

    def press(self, button: str, where: str = "make") -> None:
        self.figure(where).get_by_role("button", name=button, exact=True).click()

    def choose_in_menu(self, menu: str, *items: str) -> None:
        self.tab.get_by_role("menuitem", name=menu, exact=True).click()
        for item in items:
            label = self.tab.locator(".lm-Menu-itemLabel")
            label.filter(has_text=re.compile(rf"^{re.escape(item)}$")).click()


@pytest.fixture(scope="module")
def notebook(lab: Laboratory, open_notebook: Callable[[str], Tab]) -> Notebook:
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lab.folder / NOTEBOOK)
    tab = open_notebook(NOTEBOOK)
    tab.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    opened = Notebook(tab)
    opened.run("make")
    opened.says("Starting weights")
    return opened


def test_traits_go_there_and_back(notebook: Notebook) -> None:
    figure = notebook.figure()
    notebook.run("set")
    expect(figure.get_by_role("radio", name="sum", exact=True)).to_be_checked()
    expect(figure).to_contain_text("× 100")
    expect(figure.get_by_role("slider", name="strength λ")).to_have_attribute(
        "aria-valuetext", "0.2"
    )
    figure.locator("summary", has_text="ways to fail").click()
    expect(figure.get_by_role("slider", name="size of the start")).to_have_attribute(
        "aria-valuetext", "0.05"
    )
    figure.get_by_role("slider", name="size of the start").fill("30")
    figure.get_by_role("slider", name="width k").focus()
    notebook.tab.keyboard.press("ArrowLeft")
    expect(figure.locator(PICTURES)).to_have_count(2)
    figure.get_by_role("radio", name="product", exact=True).check()
    notebook.press("Reset")
    notebook.press("One step")
    notebook.says("After 1 step, now under the product")
    traits = notebook.ask("traits")
    assert (traits["regularizer"], traits["n_components"], traits["lam"]) == ("product", 2, 0.2)
    assert traits["start_size"] == 0.0316
    ((name, lam, rate, steps),) = traits["walk"]
    assert (name, lam, steps) == ("product", 0.2, 1)
    assert 0 < rate < 1


def test_weights_come_back_when_the_reader_pauses(notebook: Notebook) -> None:
    notebook.figure().get_by_role("radio", name="sum", exact=True).check()  # and off it goes
    notebook.says("training is over")
    notebook.press("Pause")
    weights = notebook.ask("weights")
    assert weights["steps"] > 100
    assert weights["gap"] < 1e-6
    assert weights["cosines"] == pytest.approx([1, 1], abs=1e-6)
    notebook.run("ask")
    expect(notebook.figure().locator(".lae-effect")).to_contain_text("training leads back to")
    assert notebook.ask("weights")["gap"] > 1e-3
    notebook.figure().get_by_role("slider", name="speed").fill("2")
    before = notebook.figure().locator(".lae-sentence").inner_text()
    notebook.run("play")
    expect(notebook.figure().locator(".lae-sentence")).not_to_have_text(before)
    notebook.press("Pause")
    paused = notebook.ask("weights")
    assert paused["steps"] > weights["steps"]
    assert notebook.ask("traits")["playing"] is False


def test_copied_python_gives_the_same_decoder(notebook: Notebook) -> None:
    figure = notebook.figure()
    figure.locator("summary", has_text="Take these weights").click()
    expect(figure.get_by_role("button", name="Copy link")).to_be_hidden()
    notebook.press("Copy as Python")
    lines = figure.get_by_role("textbox", name="The state as text").input_value()
    assert lines.count("\n") == 2
    assert "replay(X, n_components=2, seed=0, start_size=0.0316, walk=" in lines
    notebook.cell("copied").locator(".cm-content").click()
    notebook.tab.keyboard.insert_text(lines)
    notebook.run("copied")
    assert max(notebook.ask("compare")) < 1e-6


def test_two_views_show_one_walk(notebook: Notebook) -> None:
    notebook.run("again")
    sentence = notebook.figure().locator(".lae-sentence").inner_text()
    notebook.says(sentence, where="again")
    notebook.press("One step", where="again")
    for where in ("make", "again"):
        notebook.says(re.compile(r"After [\d,]+ steps"), where=where)
        said = notebook.figure(where).locator(".lae-sentence")
        expect(said).not_to_have_text(sentence)
    first, second = (
        notebook.figure(where).locator(".lae-sentence").inner_text() for where in ("make", "again")
    )
    assert first == second != sentence


def test_a_long_walk_from_python_is_retraced_beside_the_page(notebook: Notebook) -> None:
    addresses: list[str] = []
    notebook.tab.on("worker", lambda worker: addresses.append(worker.url))
    notebook.run("long")
    notebook.says("After 30,000 steps")
    assert any(address.startswith("blob:") for address in addresses)
    weights = notebook.ask("weights")
    assert weights["steps"] == 30_000
    assert weights["gap"] < 1e-3


def test_a_narrower_width_and_a_new_problem_from_python(notebook: Notebook) -> None:
    notebook.run("problem")
    expect(notebook.figure().locator(PICTURES)).to_have_count(9)
    traits = notebook.ask("traits")
    assert (traits["regularizer"], traits["n_components"], traits["walk"]) == ("none", 9, [])
    figure = notebook.figure()
    figure.get_by_role("combobox", name="data").select_option("data")
    expect(figure.locator(PICTURES)).to_have_count(4)
    assert notebook.ask("traits")["n_components"] == 4
    assert notebook.ask("weights")["steps"] == 0


def test_the_theme_of_jupyterlab_is_followed(notebook: Notebook) -> None:
    canvas = notebook.figure().locator("canvas").first
    light = canvas.evaluate("canvas => canvas.toDataURL()")
    notebook.choose_in_menu("Settings", "Theme", "JupyterLab Dark")
    expect(notebook.tab.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    expect(notebook.figure()).to_have_css("background-color", "rgb(20, 24, 30)")
    notebook.tab.wait_for_function(
        "([c, old]) => c.toDataURL() !== old", arg=[canvas.element_handle(), light]
    )
    notebook.choose_in_menu("Settings", "Theme", "JupyterLab Light")
    expect(notebook.tab.locator("body")).to_have_attribute("data-jp-theme-light", "true")


def test_clearing_the_output_stops_everything(notebook: Notebook) -> None:
    notebook.tab.evaluate(COUNT_PICTURES)
    notebook.figure().get_by_role("radio", name="non-uniform sum", exact=True).check()
    notebook.figure().get_by_role("slider", name="speed").fill("0")
    notebook.says("non-uniform sum")
    assert notebook.tab.evaluate("pictures") > 0
    notebook.choose_in_menu("Edit", "Clear Outputs of All Cells")
    expect(notebook.tab.locator(".lae-explorer")).to_have_count(0)
    notebook.tab.wait_for_timeout(200)
    pictures = notebook.tab.evaluate("pictures")
    notebook.tab.wait_for_timeout(1000)
    assert notebook.tab.evaluate("pictures") == pictures
    notebook.run("again")
    notebook.says(re.compile(r"After [\d,]+ steps?, now under the non-uniform sum"), where="again")
    notebook.press("Pause", where="again")


def test_a_kernel_that_restarts_leaves_the_page_usable(notebook: Notebook) -> None:
    notebook.figure("again").locator("summary", has_text="ways to fail").click()
    size = notebook.figure("again").get_by_role("slider", name="size of the start")
    size.fill("20")
    notebook.says("the weights first have to grow", where="again")
    notebook.choose_in_menu("Kernel", "Restart Kernel…")
    with notebook.tab.expect_response(re.compile("/restart")):
        notebook.tab.get_by_role("button", name="Confirm Kernel Restart").click()
    notebook.tab.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    notebook.press("Reset", where="again")  # its Python is gone, it goes on by itself
    notebook.press("One step", where="again")
    notebook.says("After 1 step", where="again")
    notebook.says("the weights first have to grow", where="again")
    expect(size).to_have_attribute("aria-valuetext", "0.01")
    assert notebook.ask("alive") == 2
    notebook.run("make")
    notebook.says("Starting weights")
    notebook.press("One step")
    notebook.says("After 1 step")
    assert notebook.ask("weights")["steps"] == 1
    assert notebook.errors == []
