"""Every chapter has one shape: a head, predictions, five lines, questions, exercises at the end."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(ROOT.glob("book/0*.ipynb"))
KINDS = ("ask_choice", "ask_order", "ask_number", "ask_point", "ask_curve")
MOST_MENTIONS = 3


@dataclass(frozen=True)
class Cell:
    """A cell, as far as its shape is concerned."""

    kind: str
    text: str
    tags: tuple[str, ...]
    folded: bool


@cache
def cells_of(chapter: Path) -> list[Cell]:
    found = []
    for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"]:
        folded = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
        tags = tuple(cell["metadata"].get("tags", ()))
        found.append(Cell(cell["cell_type"], "".join(cell["source"]), tags, folded))
    return found


def prose_of(chapter: Path) -> str:
    return "\n\n".join(cell.text for cell in cells_of(chapter) if cell.kind == "markdown")


def calls(text: str, *names: str) -> list[ast.Call]:
    nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return [node for node in nodes if getattr(node.func, "id", "") in names]


def predictions_of(chapter: Path) -> list[tuple[Cell, ast.Call]]:
    return [
        (cell, call)
        for cell in cells_of(chapter)
        if cell.kind == "code"
        for call in calls(cell.text, *KINDS)
    ]


each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)


@each_chapter
def test_head_has_question_picture_and_needs(chapter: Path) -> None:
    head = cells_of(chapter)[0].text
    number = int(chapter.stem[:2])
    lines = [line for line in head.splitlines() if line]
    assert lines[1].startswith("# ")
    assert lines[2].startswith("**")
    assert f"(_static/bow_tie_{number}.svg)" in head
    assert re.search(r"^\*\*Needs\*\*", head, re.MULTILINE)
    assert 3 <= len(re.findall(r"^- ", head, re.MULTILINE)) <= 6


@each_chapter
def test_ends_with_five_lines_questions_and_exercises(chapter: Path) -> None:
    headings = re.findall(r"^## (.+)$", prose_of(chapter), re.MULTILINE)
    assert headings[-3:] == ["In five lines", "Check yourself", "Exercises"]
    recap = re.search(
        r"^## In five lines$(.+?)^## |\Z", prose_of(chapter), re.DOTALL | re.MULTILINE
    )
    assert recap is not None
    assert re.findall(r"^(\d)\. ", recap[1], re.MULTILINE) == list("12345")


@each_chapter
def test_checks_with_three_to_five_questions_whose_answers_differ_in_place(chapter: Path) -> None:
    quiz = [cell for cell in cells_of(chapter) if "check" in cell.tags]
    assert all(cell.folded for cell in quiz)
    questions = [call for cell in quiz for call in calls(cell.text, "Question")]
    assert len(quiz) == len(questions) + 1, "a cell for each question, and one that asks them"
    assert 3 <= len(questions) <= 5
    rights = [
        ast.literal_eval(word.value)
        for call in questions
        for word in call.keywords
        if word.arg == "right"
    ]
    assert len(rights) == len(questions)
    assert len(set(rights)) > 1


@each_chapter
def test_every_prediction_is_hidden_code_with_a_truth_that_was_computed(chapter: Path) -> None:
    found = predictions_of(chapter)
    assert len(found) >= 4
    assert len({call.func.id for _, call in found if isinstance(call.func, ast.Name)}) >= 3
    for cell, call in found:
        assert cell.folded
        assert "prediction" in cell.tags
        assert len(calls(cell.text, *KINDS)) == 1
        words = {word.arg: word.value for word in call.keywords}
        computed = {node.id for node in ast.walk(words["truth"]) if isinstance(node, ast.Name)}
        assert computed - {"int", "float", "list"}, ast.unparse(words["truth"])


@each_chapter
def test_every_prediction_has_a_result_to_cover(chapter: Path) -> None:
    marks = [
        tag for cell in cells_of(chapter) for tag in cell.tags if tag in {"prediction", "result"}
    ]
    first = marks.index("prediction")
    assert "result" in marks[first:]
    assert marks[0] == "prediction", "a result stands before the first question"


@each_chapter
def test_argues_little_with_the_article(chapter: Path) -> None:
    mentions = re.findall(r"\barticle\b|aswani2024discussing", prose_of(chapter))
    assert len(mentions) <= MOST_MENTIONS


def test_the_book_asks_thirty_times_in_all_five_kinds() -> None:
    asked = [
        getattr(call.func, "id", "") for chapter in CHAPTERS for _, call in predictions_of(chapter)
    ]
    assert len(asked) >= 30
    assert set(asked) == set(KINDS)
    assert asked.count("ask_curve") >= 4
