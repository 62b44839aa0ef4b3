"""A chapter reads in JupyterLab as it does on the website: theorems, equations, exercises."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

CHAPTERS = sorted(
    path.name for path in (Path(__file__).resolve().parents[2] / "book").glob("0*.ipynb")
)
RAW = re.compile(r"```|:::|\$\$|\{(?:prf|eq|math|numref|ref|cite|exercise|solution)\b|:label:")
BLOCK = re.compile(r"^:{3,}\{prf:\w+\}", re.MULTILINE)
EXERCISE = re.compile(r"^:{3,}\{exercise\} *(.*)\n:label: *(\S+)", re.MULTILINE)
SOLUTION = re.compile(r"^:{3,}\{solution-start\} *(\S+)\n:label: *(\S+)", re.MULTILINE)
LABEL = re.compile(r"^ *\$\$ \((\S+)\)$", re.MULTILINE)
CHAPTER = re.compile(r"\]\((\w+\.ipynb)")

CITED = re.compile(r"\[([^\[\]]+)\]\(references\.md#([\w-]+)\)")
# What must not be read anywhere: a label, and the key of a source.
NAME = re.compile(
    r"\b(?:thm|prop|lem|cor|def|rem|eq|fig|sec|ex|sol|chapter)-[a-z][a-z-]+\b"
    r"|\b[a-z]+(?:19|20)\d\d[a-z]+\b"
)
FAULT = '.myst [title$="Not Found"], .myst .text-yellow-600'  # a warning sign and a key

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("chapter", CHAPTERS)]


def test_chapter_reads_as_intended(chapter: str, open_notebook: Callable[[str], Tab]) -> None:
    tab = open_notebook(chapter)
    path = Path(__file__).resolve().parents[2] / "book" / chapter
    cells = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown"]
    prose = "\n\n".join(cells)
    rendered = tab.locator(".jp-MarkdownCell .myst")
    expect(rendered).to_have_count(len(cells), timeout=120_000)
    expect(tab.locator(".myst aside.myst-proof")).to_have_count(len(BLOCK.findall(prose)))
    expect(tab.locator(".myst .katex-error")).to_have_count(0)
    expect_captions_and_sources(tab, path, prose)
    labels = LABEL.findall(prose)
    assert labels
    for number, label in enumerate(labels, start=1):  # on the website (4.1), (4.2), …
        expect(tab.locator(f'.myst [id="{label}"]')).to_contain_text(f"({number})")
    expect_exercises(tab, prose)
    texts = rendered.all_inner_texts()  # now that what they refer to is found
    assert [found for text in texts for found in RAW.findall(text)] == []
    assert [found for text in texts for found in NAME.findall(text)] == []
    expect(tab.locator(FAULT)).to_have_count(0)
    other = CHAPTER.findall(prose)[0]
    tab.locator(f'.myst a[href*="{other}"]').first.click()
    expect(tab.get_by_role("tab", name=other).first).to_be_visible()


def expect_captions_and_sources(tab: Tab, path: Path, prose: str) -> None:
    """Expect each figure's caption in words, and author and year where a source is cited."""
    cells = nbformat.read(path, as_version=4).cells
    figures = [c.metadata.mystnb.figure for c in cells if "figure" in c.metadata.get("mystnb", {})]
    captions = tab.locator(".jp-MarkdownCell .myst").filter(
        has_text=re.compile(r"^\s*Figure \d+\.\d+\. \S")
    )
    assert figures
    expect(captions).to_have_count(len(figures))
    sources = CITED.findall(prose)
    links = tab.locator('.myst a[href*="references.md"]')
    expect(links).to_have_text([words for words, _ in sources])
    addresses = links.evaluate_all("links => links.map(link => link.hash.slice(1))")
    assert addresses == [key for _, key in sources]


def expect_exercises(tab: Tab, prose: str) -> None:
    """Expect every exercise with its number and title, and a folded link back from its solution."""
    exercises, solutions = EXERCISE.findall(prose), SOLUTION.findall(prose)
    assert exercises
    assert [of for of, _ in solutions] == [label for _, label in exercises]
    expect(tab.locator(".myst aside.myst-exercise[id]")).to_have_count(len(exercises))
    pairs = zip(exercises, solutions, strict=True)
    for number, ((title, label), (_, solution)) in enumerate(pairs, start=1):
        exercise = tab.locator(f'.myst aside.myst-exercise[id="{label}"]')
        heading = exercise.locator(".myst-exercise-title")
        expect(heading).to_have_text(re.compile(rf"Exercise\s{number} {re.escape(f'({title})')}"))
        expect(exercise.locator(".myst-exercise-body")).to_have_text(re.compile(r"\w{3}"))
        folded = tab.locator(f'.myst details[id="{solution}"]')
        expect(folded).not_to_have_attribute("open", "")
        back = folded.locator(f'summary a[href="#{label}"]').first
        expect(back).to_have_text(re.compile(rf"Exercise\s{number}"))
