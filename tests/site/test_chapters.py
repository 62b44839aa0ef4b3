"""The chapters are executed by nbmake, and the website is built from what they gave."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.site.conftest import BUILD, EXECUTE, build_book
from tests.site.test_build import write_book
from tools import chapters

pytestmark = pytest.mark.kernel
ROOT = Path(__file__).resolve().parents[2]


def write_chapter(folder: Path, code: str) -> Path:
    """Write a book whose only page is a notebook, and what executes it beside it."""
    page = write_book(folder, code)
    (folder / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "chapters.py", folder / "tools")
    return page


def test_what_nbmake_has_executed_sphinx_does_not_execute_again(tmp_path: Path) -> None:
    page = write_chapter(tmp_path, "print('from the cell of', __import__('os').getcwd()[-4:])")
    executed = build_book(tmp_path, *EXECUTE)
    assert executed.returncode == 0, executed.stdout
    assert "index" in executed.stdout
    built = build_book(tmp_path, "jupyter-book", *BUILD)
    assert built.returncode == 0, built.stdout
    assert "Using cached notebook" in built.stdout
    assert "Executing notebook" not in built.stdout
    assert "from the cell of book" in page.read_text(encoding="utf-8")
    again = build_book(tmp_path, *EXECUTE)
    assert (again.returncode, again.stdout) == (0, "")


def test_a_chapter_that_fails_shows_its_cell_and_is_not_kept(tmp_path: Path) -> None:
    write_chapter(tmp_path, "lost = 1 / 0")
    for _ in range(2):
        run = build_book(tmp_path, *EXECUTE)
        assert run.returncode == 1
        assert "index" in run.stdout
        assert "lost = 1 / 0" in run.stdout
        assert "ZeroDivisionError" in run.stdout


def test_a_chapter_is_not_kept_if_the_package_changed_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_book(tmp_path, "1")
    states = iter(["before", "after", "after", "after"])
    monkeypatch.setattr(chapters, "BOOK", tmp_path / "book")
    monkeypatch.setattr(chapters, "BUILD", tmp_path / "_build")
    monkeypatch.setattr(chapters, "current_state", lambda _: next(states))
    path = tmp_path / "book" / "index.ipynb"
    assert chapters.execute(path)[1] == ""
    assert not (tmp_path / "_build" / ".jupyter_cache").exists()
    assert chapters.execute(path)[1] == ""
    assert (tmp_path / "_build" / ".jupyter_cache").exists()


def test_the_longest_chapter_begins_first() -> None:
    assert (chapters.BOOK / f"{chapters.LONGEST}.ipynb").exists()
