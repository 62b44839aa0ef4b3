"""The chapters as files: no outputs, short cells, ids that stay readable in a diff."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))

LONGEST_CELL = 25
MEDIAN_CELL = 5
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
QUESTIONS = {"prediction", "check"}  # tags of cells that hold words, not a computation
RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}.*)?")

pytestmark = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


def code_lengths(notebook: nbformat.NotebookNode) -> dict[str, int]:
    """Count the lines of every code cell but those that only ask."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return {
        cell.id: len(cell.source.splitlines())
        for cell in cells
        if not QUESTIONS & set(cell.metadata.get("tags", []))
    }


def read(path: Path) -> nbformat.NotebookNode:
    """Read a chapter."""
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def test_is_a_valid_notebook(path: Path) -> None:
    nbformat.validate(read(path))


def test_is_committed_without_outputs(path: Path) -> None:
    code = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert not [cell.id for cell in code if cell.outputs or cell.execution_count]


def test_cells_are_short(path: Path) -> None:
    lengths = code_lengths(read(path))
    too_long = {cell: n for cell, n in lengths.items() if n > LONGEST_CELL}
    assert not too_long
    assert statistics.median(lengths.values()) <= MEDIAN_CELL


def test_cell_ids_are_unique_slugs(path: Path) -> None:
    ids = [cell.id for cell in read(path).cells]
    assert len(ids) == len(set(ids))
    assert not [i for i in ids if not SLUG.fullmatch(i) or RANDOM_ID.fullmatch(i)]


def test_runs_in_the_kernel_that_every_environment_has(path: Path) -> None:
    assert read(path).metadata.kernelspec.name == "python3"
