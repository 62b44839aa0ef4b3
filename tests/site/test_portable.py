"""The notebooks that the site hands out read anywhere, say the page's numbers, and run alone."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from book._ext.portable.markdown import PortableText
from tests.site.pages import book_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag
    from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 4e6  # bytes: what GitHub's preview and Colab open without a wait
QUICKEST = ("02_pca", "08_learning_the_transpose")

# What only MyST understands: roles, directives, labels.
RAW = re.compile(
    r"\{[a-z:]+\}`[^`]*`|^ *(?:>\s*)?:{3,}.*|^ *`{3,}\{.*|^ *:label:.*|^\([a-z-]+\)="
    r"|data-(?:set|follows)|\b(?:eq|thm|prop|cor|lem|def|fig|sec|ex|chapter)-[a-z][a-z-]+",
    re.MULTILINE,
)
HEAD = re.compile(
    r"^(?:> )?\*\*((?:Theorem|Proposition|Lemma|Corollary|Definition|Remark|Exercise|Figure)"
    r" [\d.]*\d)(?: \((.*)\))?\.\*\*",
    re.MULTILINE,
)
TAG = re.compile(r"\\tag\{([\d.]+)\}")
LINK = re.compile(r"\]\(([^()\s]+)\)")
SAYS_TIME = re.compile(r"\b(?:seconds?|ms|MB|times? as fast|took)\b")


def has_cells(page: str) -> bool:
    source = (ROOT / page).with_suffix(".md")
    return not source.exists() or "kernelspec" in source.read_text(encoding="utf-8")[:300]


PAGES = [Path(page).stem for page in book_pages() if has_cells(page)]


def read(site: Path, page: str) -> NotebookNode:
    path = site / "notebooks" / f"{page}.ipynb"
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def text_of(notebook: NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def spaced(element: Tag) -> str:
    return " ".join(element.get_text().split())


def without_formulas(title: str) -> str:
    """Leave out formulas, which the page draws, and marks of emphasis."""
    return re.sub(r"\s|\*", "", re.sub(r"\$[^$]*\$", "", title))


def heads_of(page: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Give number and title of what the page numbers, formulas left out of the titles."""
    for formula in page.select(".math"):
        if formula.find_parent(class_="admonition-title"):
            formula.decompose()
    for title in page.select("div.proof > .admonition-title, div.exercise > .admonition-title"):
        if found := re.fullmatch(r"([A-Z]\w+ [\d.]*\d)(?: \((.*)\))?", spaced(title)):
            yield found[1], without_formulas(found[2] or "")
    for number in page.select("figure .caption-number"):
        yield spaced(number), ""


@pytest.mark.parametrize("page", PAGES)
def test_notebook_holds_what_any_viewer_reads(site: Path, page: str) -> None:
    path = site / "notebooks" / f"{page}.ipynb"
    assert path.stat().st_size < LIMIT
    notebook = read(site, page)
    nbformat.validate(notebook)
    text = text_of(notebook)
    assert RAW.findall(LINK.sub("]", text)) == []
    assert [link for link in LINK.findall(text) if not link.startswith("http")] == []
    outputs = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert "image/png" in kinds
    assert not [kind for kind in kinds if "widget" in kind]
    assert notebook.cells[1].id == "install"


@pytest.mark.parametrize("page", PAGES)
def test_numbers_and_titles_are_those_of_the_page(site: Path, page: str) -> None:
    html = (site / "book" / f"{page}.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(html, "html.parser")
    text = text_of(read(site, page))
    shown = [spaced(number).strip("()#") for number in soup.select("span.eqno")]
    assert TAG.findall(text) == shown
    said = [(number, without_formulas(title)) for number, title in HEAD.findall(text)]
    assert sorted(said) == sorted(heads_of(soup))
    assert said


@pytest.mark.parametrize("page", PAGES)
def test_every_cell_of_code_is_there_and_has_run(site: Path, page: str) -> None:
    cells = [cell for cell in read(site, page).cells if cell.cell_type == "code"][1:]
    source = ROOT / "book" / f"{page}.ipynb"
    if source.exists():
        chapter = nbformat.read(source, as_version=4)
        code = [cell.source for cell in chapter.cells if cell.cell_type == "code"]
        assert [cell.source for cell in cells] == code
    assert all(cell.execution_count for cell in cells)


class SmallBook:
    """A book of one theorem and one figure, whose website is, or is not, somewhere."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.faults: list[str] = []

    def name(self, label: str) -> str:
        return {"thm-a": "Theorem 1.1", "eq-a": "(1.2)", "fig-a": "Figure 1.3"}.get(label, "")

    def address(self, target: str) -> str | None:
        return self.site and f"{self.site}/{target}" if target != "gone.md" else None

    def picture(self, path: str) -> str:
        return self.site and f"{self.site}/{path}"

    def fault(self, message: str) -> None:
        self.faults.append(message)


MYST = """(sec-a)=
:::{prf:theorem} One
:label: thm-a

Where $a<b$,

$$
a = 1
$$ (eq-a)

:::

By {eq}`eq-a` and [chapter 2](02.ipynb), ![a tie](tie.svg), `f[i](x)`, `<a>`."""
PLAIN = r"""> **Theorem 1.1 (One).** Where $a< b$,
>
> $$ a = 1 \tag{1.2} $$

By (1.2) and CHAPTER, PICTURE, `f[i](x)`, `<a>`."""


@pytest.mark.parametrize(
    ("site", "chapter", "picture"),
    [
        ("", "chapter 2", "*a tie.*"),
        ("https://a.org", "[chapter 2](https://a.org/02.ipynb)", "![a tie](https://a.org/tie.svg)"),
    ],
)
def test_links_and_pictures_lead_to_the_site_if_it_is_somewhere(
    site: str, chapter: str, picture: str
) -> None:
    book = SmallBook(site)
    expected = PLAIN.replace("CHAPTER", chapter).replace("PICTURE", picture)
    assert PortableText(book).convert(MYST) == expected
    assert book.faults == []


@pytest.mark.parametrize(
    "text",
    ["{prf:ref}`thm-b`", "{doc}`thm-a`", "[a](gone.md)", ":::{dropdown}\n:::", ":::{note}\n\na"],
)
def test_what_has_no_portable_form_is_a_fault(text: str) -> None:
    book = SmallBook("")
    PortableText(book).convert(text)
    assert book.faults


def test_the_download_button_hands_it_out(site: Path) -> None:
    for page in book_pages():
        html = (site / page).read_text(encoding="utf-8")
        buttons = BeautifulSoup(html, "html.parser").select(".dropdown-download-buttons a")
        expected = [f"../notebooks/{Path(page).stem}.ipynb"] if Path(page).stem in PAGES else []
        assert [button["href"] for button in buttons] == expected


def test_nbconvert_shows_statements_and_pictures(site: Path) -> None:
    exporter: Any = HTMLExporter
    page, _ = exporter().from_notebook_node(read(site, "02_pca"))
    soup = BeautifulSoup(page, "html.parser")
    assert any("Theorem 2.2" in spaced(quote) for quote in soup.select("blockquote strong"))
    assert len(soup.select(".jp-OutputArea img")) >= 6
    assert soup.select("details summary")


def printed(cell: NotebookNode) -> list[str]:
    """Give what a cell prints, but for lines that say how long something took."""
    text = "".join(out.get("text", "") for out in cell.outputs if out.output_type == "stream")
    return [line for line in text.splitlines() if not SAYS_TIME.search(line)]


@pytest.mark.kernel
@pytest.mark.parametrize("page", QUICKEST)
def test_notebook_runs_in_an_empty_folder_from_the_wheel(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    (wheel,) = (site / "wheels").glob("*.whl")
    package, empty = tmp_path / "package", tmp_path / "empty"
    empty.mkdir()
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(package)
    monkeypatch.setenv("PYTHONPATH", str(package))
    notebook = read(site, page)
    before = [printed(cell) for cell in notebook.cells if cell.cell_type == "code"]
    where = "import lae_helpers; print(lae_helpers.__file__)"
    notebook.cells.append(nbformat.v4.new_code_cell(where))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(empty)}}).execute()
    assert printed(notebook.cells.pop()) == [str(package / "lae_helpers" / "__init__.py")]
    assert [printed(cell) for cell in notebook.cells if cell.cell_type == "code"] == before
    assert any(before)
    assert list(empty.iterdir()) == []
