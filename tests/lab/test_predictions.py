"""Predictions and questions in a real JupyterLab: answered there, read back, opened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from playwright.sync_api import expect

from tests.lab.conftest import ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator
    from playwright.sync_api import Page as Tab

    from tests.lab.conftest import Laboratory

NOTEBOOK = "predictions_of_five_kinds.ipynb"
HEAD = """# Asked

![The bow-tie, data lit](_static/bow_tie_2.svg)

:::{div} tag_result

Seen.

:::"""
IMPORTS = """import json
from lae_helpers.plotting import Table
from lae_helpers.widgets import (
    CloudFigure, Question, ask_choice, ask_curve, ask_number, ask_order, ask_point, check_yourself,
)"""
ASKED = {
    "choice": 'choice = ask_choice("Which?", ["one", "other"], truth=1, why="So.")\nchoice',
    "order": 'order = ask_order("Order?", ["a", "b", "c"], truth=[2, 0, 1], why="So.")\norder',
    "number": 'number = ask_number("How large?", truth=7, limits=(0, 10), why="So.")\nnumber',
    "point": """point = ask_point(
    "Where?", truth=(1, 1), limits=((-2, 2), (-2, 2)), labels=("x", "y"), why="So."
)
point""",
    "curve": """curve = ask_curve(
    "How?", x=[0, 1, 2, 3, 4], truth=[1, 1, 1, 1, 1], limits=(0, 4), why="So."
)
curve""",
}
CHECK = """check_yourself(
    Question("2 + 2?", {"three": "One is missing.", "four": "Count."}, right=1)
)"""
TABLE = 'Table(("rule", "angle"), [("weight mirror", "5°"), ("as drawn", "90°")])'
SAY = """print("said:", json.dumps({
    asked.kind: [asked.guess, asked.committed, asked.sure]
    for asked in (choice, order, number, point, curve)
}))"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def errors() -> list[str]:
    """What the page complains of."""
    return []


@pytest.fixture(scope="module")
def notebook(lab: Laboratory, run_all: Callable[[str], Tab], errors: list[str]) -> Tab:
    """A notebook that asks, sources folded as the chapters fold them; all of its cells run."""
    folded = [
        nbformat.v4.new_code_cell(source, metadata={"jupyter": {"source_hidden": True}})
        for source in (*ASKED.values(), CHECK)
    ]
    cells = [
        nbformat.v4.new_markdown_cell(HEAD),
        nbformat.v4.new_code_cell(IMPORTS),
        *folded,
        # Its style sheet comes after that of the predictions, as a later figure's does.
        *map(nbformat.v4.new_code_cell, ("CloudFigure()", TABLE, SAY)),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lab.folder / NOTEBOOK)
    tab = run_all(NOTEBOOK)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    return tab


def asked(notebook: Tab, kind: str) -> Locator:
    one = notebook.locator(".lae-live.lae-prediction").nth(list(ASKED).index(kind))
    one.scroll_into_view_if_needed()
    return one


def read(notebook: Tab) -> dict[str, Any]:
    """Run the last cell again, and return what it says."""
    answers: dict[str, Any] = json.loads(ask(notebook.locator(".jp-Notebook .jp-CodeCell").last))
    return answers


def test_head_and_covered_prose_look_as_meant(notebook: Tab) -> None:
    head = notebook.locator(".jp-MarkdownCell .myst").first
    picture = head.get_by_role("img", name="The bow-tie, data lit")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    expect(head).to_contain_text("Seen.")
    assert ":::" not in head.inner_text()
    assert "tag_result" not in head.inner_text()


def test_sources_are_folded_and_have_run(notebook: Tab) -> None:
    folded = notebook.locator(".jp-CodeCell:has(.jp-InputPlaceholder)")
    expect(folded).to_have_count(len(ASKED) + 1)
    expect(folded.locator(".lae-live.lae-prediction")).to_have_count(len(ASKED))
    expect(folded.locator(".lae-quiz")).to_be_visible()
    expect(folded.locator(".cm-content:visible")).to_have_count(0)


def test_each_kind_is_answered_and_python_reads_it(notebook: Tab, errors: list[str]) -> None:
    assert read(notebook) == {kind: [[], False, "guessing"] for kind in ASKED}
    asked(notebook, "choice").get_by_role("radio", name="one").check()
    asked(notebook, "choice").get_by_role("radio", name="certain").check()
    asked(notebook, "order").get_by_role("button", name="c: earlier").click()
    asked(notebook, "number").get_by_role("slider").fill("100")  # of 200
    asked(notebook, "point").get_by_role("slider", name="x").fill("150")
    asked(notebook, "point").get_by_role("slider", name="y").fill("50")
    box = asked(notebook, "curve").locator("svg.lae-plot").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    notebook.mouse.move(box["x"] + 60, box["y"] + 20)
    notebook.mouse.down()
    notebook.mouse.move(middle, box["y"] + 120, steps=6)
    notebook.mouse.up()
    for kind in ASKED:
        one = asked(notebook, kind)
        expect(one).not_to_contain_text("So.")
        one.get_by_role("button", name="Commit").click()
        expect(one.get_by_role("status")).to_contain_text("So.")
    answers = read(notebook)
    heights = answers.pop("curve")[0]
    assert answers == {
        "choice": [[0], True, "certain"],
        "order": [[0, 2, 1], True, "guessing"],
        "number": [[5], True, "guessing"],
        "point": [[1, -1], True, "guessing"],
    }
    assert heights[0] > heights[1] > heights[2]
    assert heights[2] == heights[3] == heights[4]  # not drawn: as at the last place that was
    assert errors == []


def test_a_later_figure_leaves_the_looks_of_a_prediction_alone(notebook: Tab) -> None:
    expect(notebook.locator(".lae-live.lae-cloud")).to_have_count(1)
    one = asked(notebook, "choice")
    expect(one).to_have_css("border-inline-start-width", "4px")
    left = [box["x"] for label in one.locator(".lae-choice").first.locator("label").all()
            if (box := label.bounding_box())]  # fmt: skip
    assert len(left) == 2
    assert left[0] == left[1]


def test_options_open_their_reasons(notebook: Tab) -> None:
    quiz = notebook.locator(".lae-quiz")
    quiz.scroll_into_view_if_needed()
    for option, reason in (("three", "No. One is missing."), ("four", "Right. Count.")):
        fold = quiz.locator("summary", has_text=option)
        expect(fold).to_have_css("cursor", "pointer")
        expect(fold).to_have_css("display", "list-item")  # with its triangle
        expect(quiz.get_by_text(reason)).to_be_hidden()
        fold.click()
        expect(quiz.get_by_text(reason)).to_be_visible()


def test_a_table_is_a_table(notebook: Tab) -> None:
    table = notebook.locator("table.lae-table")
    expect(table.get_by_role("rowheader")).to_have_text(["weight mirror", "as drawn"])
    expect(table.get_by_role("columnheader")).to_have_text(["rule", "angle"])
