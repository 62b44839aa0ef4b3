"""The plan of the house holds: what CONTRIBUTING says of rooms, sizes and homes."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = ROOT / "lae_helpers"
MODULES = sorted(PACKAGE.rglob("*.py"))
TOP = [path for path in MODULES if path.parent == PACKAGE]
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
DOORS = {"lae_helpers"} | {
    f"lae_helpers.{room}" for room in ("plotting", "regularizers", "training", "widgets")
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def bound_names(module: ast.Module) -> set[str]:
    """List what a module itself defines."""
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def imports_from_package(path: Path) -> Iterator[tuple[str, str]]:
    """Yield module and name of every import from the package in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lae_helpers"):
            for alias in node.names:
                yield str(node.module), alias.name


def test_the_ground_floor_is_seen_at_a_glance() -> None:
    assert len(TOP) <= 18


def test_a_module_is_read_in_one_sitting() -> None:
    long = {
        name_of(path): n for path in MODULES if (n := path.read_text("utf-8").count("\n")) > 230
    }
    assert not long


def test_every_room_stands_in_the_plan() -> None:
    plan = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(\w+)/`", plan, re.MULTILINE))
    assert listed == set(ROOMS)


def test_every_module_of_the_ground_floor_stands_in_the_plan() -> None:
    plan = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    missing = [path.name for path in TOP if f"`{path.name}`" not in plan]
    assert missing == ["__init__.py"]


def test_the_tests_mirror_the_rooms() -> None:
    tested = {path.name for path in (ROOT / "tests").iterdir() if any(path.glob("test_*.py"))}
    assert set(ROOMS) - {"website"} <= tested  # the website's is tested by tests/site


@pytest.mark.parametrize(
    "path", [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))], ids=lambda path: path.name
)
def test_a_name_is_imported_from_its_home(path: Path) -> None:
    homes = {name_of(module): module for module in MODULES}
    elsewhere = []
    for module, name in imports_from_package(path):
        if module in DOORS or f"{module}.{name}" in homes:
            continue
        home = ast.parse(homes[module].read_text(encoding="utf-8"))
        if name not in bound_names(home):
            elsewhere.append(f"{name} from {module}")
    assert not elsewhere
