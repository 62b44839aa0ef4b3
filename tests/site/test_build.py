"""What has to stop the build does stop it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.site.conftest import BUILD, EXECUTE, build_book

pytestmark = pytest.mark.kernel
ROOT = Path(__file__).resolve().parents[2]
PLAIN = ("jupyter-book", "build", ".")
TOC = "format: jb-book\nroot: book/index\n"
READ_NUMBER = """from importlib.util import find_spec
from pathlib import Path
print(Path(find_spec("lae_helpers").origin).with_name("number.txt").read_text())"""


def write_book(folder: Path, code: str, prose: str = "Some prose about $x$.") -> Path:
    """Write a one-page book under the real configuration, and return where its page will be."""
    book = folder / "book"
    book.mkdir(parents=True)
    shutil.copy(ROOT / "_config.yml", folder)
    shutil.copy(ROOT / "book" / "references.bib", book)
    for name in ("_static", "_ext"):
        shutil.copytree(ROOT / "book" / name, book / name)
    (folder / "_toc.yml").write_text(TOC, encoding="utf-8")
    cells = [new_markdown_cell(f"# A page\n\n{prose}"), new_code_cell(code)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), book / "index.ipynb")
    return folder / "_build" / "html" / "book" / "index.html"


def test_every_chapter_is_executed_once(request: pytest.FixtureRequest, build_log: str) -> None:
    chapters = sorted(path.stem for path in (ROOT / "book").glob("*.ipynb"))
    assert len(re.findall("Using cached notebook", build_log)) >= len(chapters)
    by_sphinx = re.findall(r"(\w+)\.\w+: Executing notebook", build_log)
    assert set(by_sphinx) & set(chapters) == set()  # pages in Markdown only
    tested = {item.path.stem for item in request.session.items if item.path.suffix == ".ipynb"}
    by_make_book = set(re.findall(r"^(\w+) +executed in", build_log, re.MULTILINE))
    assert tested & by_make_book == set()


def test_a_sound_page_passes_and_is_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "un été à lire"
    write_book(folder, "print(1 + 1)")
    first = build_book(folder)
    assert first.returncode == 0, first.stdout
    assert "Using cached notebook" in build_book(folder).stdout
    assert "0 added, 0 changed" in build_book(folder, *PLAIN).stdout


def test_a_failing_cell_stops_the_build_and_is_tried_again(tmp_path: Path) -> None:
    data = tmp_path / "data.txt"
    page = write_book(tmp_path, f"from pathlib import Path\nprint(Path({str(data)!r}).read_text())")
    first = build_book(tmp_path)
    assert first.returncode != 0
    assert "FileNotFoundError" in first.stdout
    data.write_text("here by now", encoding="utf-8")
    again = build_book(tmp_path, *PLAIN)
    assert again.returncode == 0, again.stdout
    assert "here by now" in page.read_text(encoding="utf-8")


def test_a_sphinx_warning_stops_the_build(tmp_path: Path) -> None:
    write_book(tmp_path, "1", prose="See {eq}`nowhere`.")
    run = build_book(tmp_path)
    assert run.returncode != 0
    assert "nowhere" in run.stdout


def test_a_warning_that_leaks_into_a_page_stops_the_build(tmp_path: Path) -> None:
    write_book(tmp_path, "import sys; print('progress', file=sys.stderr)")
    assert build_book(tmp_path).returncode != 0


def test_a_changed_package_changes_the_pages(tmp_path: Path) -> None:
    number = tmp_path / "lae_helpers" / "number.txt"
    shutil.copytree(ROOT / "lae_helpers", number.parent)
    number.write_text("of the package of yesterday", encoding="utf-8")
    page = write_book(tmp_path, READ_NUMBER)
    assert build_book(tmp_path, *PLAIN).returncode == 0
    assert "of yesterday" in page.read_text(encoding="utf-8")

    number.write_text("of the package of today", encoding="utf-8")
    again = build_book(tmp_path, *PLAIN)
    assert "every chapter is executed again" in again.stdout
    assert "of today" in page.read_text(encoding="utf-8")

    number.write_text("of the package of tomorrow", encoding="utf-8")
    extras = tmp_path / "book" / "_ext" / "page_extras.py"
    sound = extras.read_text(encoding="utf-8")
    extras.write_text(sound.replace("metatags = ", "metatags = 1 / 0  # "), encoding="utf-8")
    assert build_book(tmp_path, *PLAIN).returncode != 0  # all is read by then, nothing is written
    extras.write_text(sound, encoding="utf-8")
    assert build_book(tmp_path, *PLAIN).returncode == 0
    assert "of tomorrow" in page.read_text(encoding="utf-8")


def test_sphinx_alone_builds_it_as_read_the_docs_does(tmp_path: Path) -> None:
    """With addresses, and with all that the wheel is built from."""
    page = write_book(tmp_path, "1")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("lae_helpers", "pictures"):
        shutil.copytree(ROOT / name, tmp_path / name)
    site, repository = "https://example.github.io/book", "https://github.com/example/book"
    known = f"repository: {repository}\nsite: {site}\n"
    (tmp_path / "book" / "addresses.yml").write_text(known, encoding="utf-8")
    assert build_book(tmp_path, "jupyter-book", "config", "sphinx", ".").returncode == 0
    run = build_book(tmp_path, "sphinx-build", "-W", "-b", "html", ".", "_build/html")
    assert run.returncode == 0, run.stdout
    text = page.read_text(encoding="utf-8")
    assert '<meta name="description" content="Some prose about' in text
    assert f'<link rel="canonical" href="{site}/book/index.html"' in text
    assert f'<meta property="og:url" content="{site}/book/index.html">' in text
    for address in ("colab.research.google.com/github", "mybinder.org/v2/gh", "codespaces.new"):
        assert f'href="https://{address}/example/book' in text
    for address in (repository, f"{repository}/edit/main/book/index.ipynb", f"{repository}/issues"):
        assert f'href="{address}' in text
    root = page.parents[1]
    assert f"<loc>{site}/book/index.html</loc>" in (root / "sitemap.xml").read_text("utf-8")
    assert f'href="{site}/book/index.html"' in (root / "404.html").read_text(encoding="utf-8")
    assert (root / "_static" / "transpose.png").exists()
    assert [path.suffix for path in (root / "wheels").iterdir()] == [".whl"]


@pytest.mark.parametrize(
    ("what", "where"),
    [
        (("book/index.ipynb",), "_page/book-index/html/index.html"),
        ((".", "--builder", "dirhtml"), "dirhtml/book/index.html"),
    ],
    ids=["one-page", "dirhtml"],
)
def test_a_page_alone_and_folders_for_pages_are_built(
    tmp_path: Path, what: tuple[str, ...], where: str
) -> None:
    write_book(tmp_path, "print('from the cell')")
    run = build_book(tmp_path, "jupyter-book", "build", *what)
    assert run.returncode == 0, run.stdout
    assert "from the cell" in (tmp_path / "_build" / where).read_text(encoding="utf-8")


def test_make_book_runs_the_same_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.partition("\nbook: ")[2].partition("\n\n")[0]
    commands = [tuple(c.split()) for c in re.findall(r"^\t@?\$\(BIN\)/(.*)", recipe, re.MULTILINE)]
    assert commands[:2] == [EXECUTE, ("jupyter-book", *BUILD)]
