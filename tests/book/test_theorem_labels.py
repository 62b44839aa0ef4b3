"""Executable theorems: every labelled statement of the book has a test, and back."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
STATEMENT = re.compile(
    r"^:{3,}\{prf:(?:theorem|proposition|lemma|corollary)\}(?P<title>.*)\n"
    r"(?P<options>(?::[\w-]+:.*\n)*)",
    re.MULTILINE,
)
LABEL = re.compile(r":label:\s*(\S+)")


def prose(path: Path) -> str:
    """Read the Markdown of a page."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(c.source for c in cells if c.cell_type == "markdown") + "\n"


def statements() -> list[tuple[str, str | None]]:
    """List the page and the label of every statement in the book."""
    pages = sorted([*ROOT.glob("book/*.ipynb"), *ROOT.glob("book/*.md")])
    found: list[tuple[str, str | None]] = []
    for page in pages:
        for statement in STATEMENT.finditer(prose(page)):
            label = LABEL.search(statement["options"])
            found.append((page.stem, label and label[1]))
    return found


def marked_labels(source: str) -> set[str]:
    """Collect the labels in the ``theorem`` marks of the test functions of a module."""
    labels: set[str] = set()
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        if not function.name.startswith("test_"):
            continue
        for mark in function.decorator_list:
            match mark:
                case ast.Call(
                    func=ast.Attribute(attr="theorem"),
                    args=[ast.Constant(value=str(label))],
                ):
                    labels.add(label)
    return labels


def labels_under_test() -> set[str]:
    """Collect the labels that the tests vouch for."""
    modules = (ROOT / "tests").rglob("test_*.py")
    return set().union(*(marked_labels(m.read_text(encoding="utf-8")) for m in modules))


def test_every_statement_carries_a_label_of_its_own() -> None:
    labels = [label for _, label in statements()]
    assert [page for page, label in statements() if label is None] == []
    assert len(labels) == len(set(labels))


def test_every_statement_is_tested() -> None:
    labels = {label for _, label in statements() if label}
    assert labels - labels_under_test() == set(), "statements without a test"


def test_every_tested_label_stands_in_the_book() -> None:
    labels = {label for _, label in statements()}
    assert labels_under_test() - labels == set(), "tests without a statement"


def test_marks_are_read_from_test_functions_only() -> None:
    source = """
@pytest.mark.theorem("thm-a")
def test_a(): ...

@pytest.mark.theorem("thm-b")
def helper(): ...
"""
    assert marked_labels(source) == {"thm-a"}
