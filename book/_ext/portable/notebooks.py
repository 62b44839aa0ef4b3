"""Writes every page that has cells as a notebook that reads, and runs, anywhere.

The chapters are in MyST, and hold no outputs. These notebooks are in plain Markdown, with the
outputs of the build, the numbers of the website and, at the top, a cell that installs the package.
The download button hands them out.
"""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.util import logging

from ..builds import has_cells, is_whole_book
from ..fresh_cache import CACHE
from ..package_wheel import FOLDER as WHEELS
from .markdown import PortableText
from .names import PageOfBook
from .outputs import portable_output

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = "notebooks"
EXECUTED = "jupyter_execute"  # where MyST-NB leaves the cells of every page
# For JupyterLab, and for nbconvert.
HIDDEN = {"jupyter": {"source_hidden": True}, "transient": {"remove_source": True}}
COLLAPSED = {"jp-MarkdownHeadingCollapsed": True}  # what JupyterLab folds under a heading
KERNEL = ("kernelspec", "language_info")
HANDED_OUT = [
    {
        "type": "link",
        "text": "Notebook",
        "tooltip": "Download this page as a notebook with outputs, for any viewer",
        "icon": "fas fa-code",
        "label": "download-notebook-button",
    },
    {
        "type": "javascript",
        "javascript": "window.print()",
        "text": ".pdf",
        "tooltip": "Print to PDF",
        "icon": "fas fa-file-pdf",
        "label": "download-pdf-button",
    },
]
INSTALL = """\
# Installs what this notebook imports, where it is missing.{advice}
import importlib.util

if importlib.util.find_spec("lae_helpers") is None:
    %pip install -q "{requirement}"
"""
ADVICE = """
# The wheel is in the folder "wheels" of the website: put it beside this notebook."""
logger = logging.getLogger(__name__)


def introduction(page: PageOfBook) -> str:
    """Say what the notebook is, and where its page."""
    title = page.app.env.titles[page.page].astext()
    book = page.app.config.project
    address = page.url(page.page)
    where = f"[page of the book]({address})" if address else "page of the website"
    return (
        f"This notebook is “{title}” of the book *{book}*, with its outputs, "
        f"in a form for any viewer.\nIts {where} has the same text, and figures to touch."
    )


def install_cell(app: Sphinx) -> list[nbformat.NotebookNode]:
    """Make the cell that installs the wheel of the site, if it has one."""
    wheel = next(Path(app.outdir, WHEELS).glob("*.whl"), None)
    if wheel is None:
        return []
    if site := app.config.html_baseurl:
        distribution = wheel.name.partition("-")[0].replace("_", "-")
        requirement = f"{distribution}[scale] @ {site}{WHEELS}/{wheel.name}"
    else:
        requirement = f"./{wheel.name}[scale]"
    source = INSTALL.format(advice="" if site else ADVICE, requirement=requirement).rstrip()
    return [new_code_cell(source, id="install")]


def portable_code(
    cell: nbformat.NotebookNode, identifier: str, *, hides_code: bool
) -> nbformat.NotebookNode:
    """Return a cell of code with what viewers show of its outputs."""
    made: nbformat.NotebookNode = new_code_cell(
        cell.source,
        id=identifier,
        execution_count=cell.execution_count,
        outputs=[nbformat.from_dict(portable_output(output)) for output in cell.outputs],
    )
    if hides_code or cell.metadata.get("jupyter", {}).get("source_hidden", False):
        made.metadata.update(HIDDEN)
    return made


def caption_cell(
    cell: nbformat.NotebookNode, identifier: str, text: PortableText
) -> list[nbformat.NotebookNode]:
    """Make a cell of the caption of a page in Markdown; a chapter's has one of its own."""
    figure = cell.metadata.get("mystnb", {}).get("figure", {})
    if "caption" not in figure:
        return []
    words = text.convert(" ".join(figure["caption"].split()))
    caption = f"**{text.name(figure['name'])}.** {words}"
    return [new_markdown_cell(caption, id=f"{identifier}-caption")]


def portable_cells(
    page: PageOfBook, notebook: nbformat.NotebookNode
) -> list[nbformat.NotebookNode]:
    """Convert the cells of a page.

    Solutions, which few viewers fold with their code, go last. A page in Markdown is to be read:
    its code is hidden.
    """
    is_chapter = page.app.env.doc2path(page.page).endswith(".ipynb")
    text = PortableText(page)
    cells: list[nbformat.NotebookNode] = []
    solutions = [new_markdown_cell("## Solutions", id="solutions")]
    for number, cell in enumerate(notebook.cells):
        identifier = cell.id if is_chapter else f"cell-{number}"  # else MyST-NB made one up
        before = text.solves
        if cell.cell_type == "code":
            made = [portable_code(cell, identifier, hides_code=not is_chapter)]
            made += caption_cell(cell, identifier, text)
        else:
            converted = text.convert(cell.source)
            made = [new_markdown_cell(converted, id=identifier)] if converted else []
        if text.solves not in ("", before):
            made[0].metadata.update(COLLAPSED)
        (solutions if before or text.solves else cells).extend(made)
    return [*cells, *(solutions if len(solutions) > 1 else [])]


def executed(app: Sphinx, page: str) -> nbformat.NotebookNode:
    """Read the cells of a page with their outputs, which the cache has if it executed them."""
    build = Path(app.outdir).parent
    notebook: nbformat.NotebookNode = nbformat.read(
        build / EXECUTED / f"{page}.ipynb", as_version=4
    )
    if app.config.nb_execution_mode == "cache":
        cache = get_cache(app.config.nb_execution_cache_path or build / CACHE)
        try:
            notebook = cache.merge_match_into_notebook(notebook)[1]
        except KeyError:  # a cell has failed, which MyST-NB has said
            logger.debug("%s is not in the cache", page)
    return notebook


def write_notebooks(app: Sphinx) -> None:
    """Write the portable notebooks into the site."""
    if not hands_out(app):
        return
    folder = Path(app.outdir, FOLDER)
    shutil.rmtree(folder, ignore_errors=True)  # with it those of pages that are gone
    folder.mkdir()
    for name in filter(partial(has_cells, app), app.env.all_docs):
        page = PageOfBook(app, name)
        notebook = executed(app, name)
        first = [new_markdown_cell(introduction(page), id="about"), *install_cell(app)]
        metadata = {key: notebook.metadata[key] for key in KERNEL if key in notebook.metadata}
        made = new_notebook(cells=[*first, *portable_cells(page, notebook)], metadata=metadata)
        nbformat.validate(made)
        text = json.dumps(made, indent=1, ensure_ascii=False)
        Path(folder, f"{Path(name).name}.ipynb").write_text(f"{text}\n", encoding="utf-8")


def hands_out(app: Sphinx) -> bool:
    """Tell whether the book is built as a website, and not one page of it."""
    return app.builder.name == "html" and is_whole_book(app)


def hand_out(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Let the download button of a page hand out its notebook, in place of its source."""
    has_notebook = hands_out(app) and has_cells(app, page)
    notebook, paper = HANDED_OUT
    for group in context["header_buttons"]:
        if group.get("label") == "download-buttons":
            group["buttons"] = [paper]
            if has_notebook:
                url = context["pathto"](f"{FOLDER}/{Path(page).name}.ipynb", 1)
                group["buttons"] = [{**notebook, "url": url}, paper]
