"""The notebooks that the site hands out read anywhere, say the page's numbers, and run alone."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from PIL import Image

from book._ext.portable.drawings import picture_of
from book._ext.portable.markdown import PortableText
from book._ext.portable.outputs import portable_output
from lae_helpers.widgets import ask_number
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
ASKS = re.compile(r"^(?:ask_\w+|check_yourself|Question)\(", re.MULTILINE)
SAYS_TIME = re.compile(r"\b(?:seconds?|ms|MB|times? as fast|took)\b")


def has_cells(page: str) -> bool:
    source = (ROOT / page).with_suffix(".md")
    return not source.exists() or "kernelspec" in source.read_text(encoding="utf-8")[:300]


PAGES = [Path(page).stem for page in book_pages() if has_cells(page)]
CHAPTERS = [page for page in PAGES if page[0] == "0"]


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
    titles = soup.select("div.solution > .admonition-title")
    solutions = [spaced(title).partition(" (")[0] for title in titles]
    assert re.findall(r"^### (Solution to .*)", text, re.MULTILINE) == solutions


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

    def picture(self, path: str, alt: str) -> str:
        return f'<img src="{path}" alt="{alt}">'

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

```text
(sec-b)=
:::{note}
$$
```

By {eq}`eq-a` and [chapter 2](02.ipynb), ![a $tie$](tie.svg), `f[i](x)`, `<a>`."""
PLAIN = r"""> **Theorem 1.1 (One).** Where $a< b$,
>
> $$ a = 1 \tag{1.2} $$

```text
(sec-b)=
:::{note}
$$
```

By (1.2) and CHAPTER, <img src="tie.svg" alt="a $tie$">, `f[i](x)`, `<a>`."""


@pytest.mark.parametrize(
    ("site", "chapter"),
    [("", "chapter 2"), ("https://a.org", "[chapter 2](https://a.org/02.ipynb)")],
)
def test_text_is_plain_and_links_lead_to_the_site_if_it_is_somewhere(
    site: str, chapter: str
) -> None:
    book = SmallBook(site)
    assert PortableText(book).convert(MYST) == PLAIN.replace("CHAPTER", chapter)
    assert book.faults == []


def test_a_block_ends_after_the_code_in_it() -> None:
    block = ":::{note}\n\nA\n\n```text\n:::\n```\n\nB\n\n:::\n\nC"
    book = SmallBook("")
    expected = "> **Note.** A\n>\n> ```text\n> :::\n> ```\n>\n> B\n\nC"
    assert PortableText(book).convert(block) == expected
    assert book.faults == []


def test_code_is_taken_as_it_is() -> None:
    book, text = SmallBook(""), "````text\n```python\n````\n\nA"
    assert PortableText(book).convert(text) == text
    assert book.faults == []


def test_a_question_is_not_called_a_picture() -> None:
    question = ask_number("How many?", truth=2, limits=(0, 4), why="One and one.")
    data, metadata = question._repr_mimebundle_()
    assert "picture" in data["text/html"]
    kept = portable_output({"data": data, "metadata": metadata})["data"]
    assert set(kept) == {"text/html", "text/plain"}
    assert "How many?" in kept["text/html"]
    assert "picture" not in kept["text/html"]


def test_a_drawing_is_given_as_the_picture_of_its_present_state(tmp_path: Path) -> None:
    drawing = tmp_path / "layer.svg"
    drawing.write_bytes((ROOT / "book" / "_static" / "layer.svg").read_bytes())
    image = BeautifulSoup(picture_of(drawing, 'a "layer"'), "html.parser").img
    assert image is not None
    assert (image["alt"], image["width"]) == ('a "layer"', "400")
    content = base64.b64decode(str(image["src"]).removeprefix("data:image/png;base64,"))
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.width == 800
    drawing.write_bytes(drawing.read_bytes() + b"\n")
    with pytest.raises(ValueError, match=r"layer\.svg .* python -m tools\.draw_pngs"):
        picture_of(drawing, "a layer")


@pytest.mark.parametrize(
    "text",
    [
        "{prf:ref}`thm-b`",
        "{doc}`thm-a`",
        "[a](gone.md)",
        ":::{dropdown}\n:::",
        ":::{note}\n\na",
        "```text\na",
    ],
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


def solution_cells(notebook: nbformat.NotebookNode) -> set[str]:
    """Give the ids of the cells of a source from the start of each solution to its end."""
    found, within = set(), False
    for cell in notebook.cells:
        within |= "solution-start}" in cell.source
        if within:
            found.add(cell.id)
        within &= "solution-end}" not in cell.source
    return found


@pytest.mark.parametrize("page", CHAPTERS)
def test_solutions_stand_at_the_end_with_their_code_each_in_one_fold(site: Path, page: str) -> None:
    cells = read(site, page).cells
    first = next(number for number, cell in enumerate(cells) if cell.source == "## Solutions")
    heads = [cell for cell in cells if cell.source.startswith("### Solution to ")]
    assert heads
    assert all(head.metadata["jp-MarkdownHeadingCollapsed"] for head in heads)
    assert not any("**Exercise " in cell.source for cell in cells[first:])
    solving = solution_cells(nbformat.read((ROOT / "book" / page).with_suffix(".ipynb"), 4))
    assert solving.isdisjoint(cell.id for cell in cells[:first])
    assert not [cell for cell in cells[first + 1 :] if cell.source[0] == "#" and cell not in heads]


@pytest.mark.parametrize("page", ["02_pca", "story"])
def test_nbconvert_shows_statements_and_pictures_and_no_code_that_is_hidden(
    site: Path, page: str
) -> None:
    notebook = read(site, page)
    exporter: Any = HTMLExporter
    converted, _ = exporter().from_notebook_node(notebook)
    soup = BeautifulSoup(converted, "html.parser")
    heads = {number for number, _ in HEAD.findall(text_of(notebook)) if number[:4] == "Theo"}
    assert heads <= {
        spaced(quote).partition(" (")[0].rstrip(".") for quote in soup.select("blockquote strong")
    }
    assert soup.select(".jp-OutputArea img")
    drawings = soup.select(".jp-MarkdownOutput img")
    source = next(ROOT.glob(f"book/{page}.*"))
    assert len(drawings) == source.read_text(encoding="utf-8").count("](_static/")
    assert all(str(drawing["src"]).startswith("data:image/png;base64,") for drawing in drawings)
    code = "\n".join(part.get_text() for part in soup.select(".jp-InputArea .highlight"))
    hidden = [
        cell for cell in notebook.cells if cell.metadata.get("jupyter", {}).get("source_hidden")
    ]
    assert [cell.id for cell in hidden if cell.source in code] == []
    assert not ASKS.search(code)


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
