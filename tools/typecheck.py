"""Run mypy over the package, the tests and the code cells of the chapters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
EXPORTED = ROOT / "_build" / "typecheck"
SOURCES = ["lae_helpers", "tests", "tools", "book/_ext"]


def export(chapter: Path, folder: Path) -> Path:
    """Write the code cells of a chapter as one module, each under its cell's id."""
    notebook = nbformat.read(chapter, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    module = folder / f"chapter_{chapter.stem}.py"
    module.write_text("\n\n".join(f"# cell {c.id}\n{c.source}" for c in cells) + "\n", "utf-8")
    return module


def main() -> int:
    """Return mypy's exit status."""
    EXPORTED.mkdir(parents=True, exist_ok=True)
    for stale in EXPORTED.glob("*.py"):
        stale.unlink()
    chapters = sorted((ROOT / "book").glob("*.ipynb"))
    modules = [export(chapter, EXPORTED) for chapter in chapters]
    command = [sys.executable, "-m", "mypy", *SOURCES, *map(str, modules)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
