"""A chapter takes its code from the core of the package and from the room of its own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import nbformat
import pytest

from tests.conftest import BOOK

if TYPE_CHECKING:
    from pathlib import Path

ROOMS = {"benchmark", "explorer", "feedback", "networks", "ordering", "scalar", "website"}
OPEN = {
    "01_backprop_symmetry": {"networks"},
    "04_invariance_groups": {"scalar"},
    "06_last_symmetry": {"ordering"},
    "07_cost": {"benchmark"},
    "08_learning_the_transpose": {"feedback", "networks"},
}
CHAPTERS = sorted(BOOK.glob("0*.ipynb"))


def imports(chapter: Path) -> list[tuple[str, str]]:
    """List what a chapter imports from the package: modules and names."""
    cells = nbformat.read(chapter, as_version=4).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    found = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    return [
        (node.module, alias.name)
        for node in found
        if node.module and node.module.split(".")[0] == "lae_helpers"
        for alias in node.names
    ]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_opens_the_doors_of_its_own_room_only(chapter: Path) -> None:
    entered = {(module + ".").split(".")[1] for module, _ in imports(chapter)}
    assert entered & ROOMS <= OPEN.get(chapter.stem, set())


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_takes_nothing_private(chapter: Path) -> None:
    private = [f"{m}.{n}" for m, n in imports(chapter) if "._" in f".{m}.{n}"]
    assert not private
