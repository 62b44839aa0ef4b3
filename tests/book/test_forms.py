"""The pages keep to the forms of Markdown that read wherever a notebook is opened.

The website and JupyterLab with its MyST extension understand more than GitHub, VS Code or a plain
JupyterLab do. There a directive in backticks is code, and a label after dollars is text.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.book.test_theorem_labels import prose

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("book/*.ipynb"), *ROOT.glob("book/*.md")])
CHAPTERS = [page for page in PAGES if page.suffix == ".ipynb"]

# Code is not looked into, nor what runs or is filled in when the book is built.
CODE = re.compile(
    r"^( *`{3,})(?:\{(?:code-cell|bibliography|room)\}|\w*$)(?s:.*?)\n\1\n", re.MULTILINE
)

# Dollars and a label on lines of their own, a blank line before and after, none in between.
FORMULA = re.compile(
    r"(?<=\n\n)(?P<indent> *)\$\$\n(?:(?! *\$\$).*\S.*\n)+(?P=indent)\$\$ \(eq-[\w-]+\)\n(?=\n)"
)
# A blank line before and after the block, and before and after what is in it.
BLOCK = re.compile(
    r"(?<=\n\n):{3,}\{[\w:-]+\}.*\n(?::[\w-]+:.*\n)*(?:(?=\n)|:{3,}\n(?=\n))"
    r"|(?<=\n\n):{3,}\n(?=\n)"
)
# A link leads to a file, to an address, to a label on its own page or to a picture, and has a text.
LINK = re.compile(
    r"\[[^\[\]]+\]"
    r"\((?:[\w-]+\.(?:ipynb|md)(?:#[\w-]+)?|_static/\w+\.svg|#[\w-]+|https?://[^\s)]+)\)"
)

# What only the website knows: a source by its key, what is labelled on another page, a figure.
ROLE = re.compile(r"\{(?:cite[\w:]*|numref|ref|eq|prf:ref)\}`(?:[^`<]*<)?([^`>]+)>?`")
LABELS = re.compile(r"^ *\((sec-[\w-]+)\)=$|^:label: *(\S+)$|^ *\$\$ \((\S+)\)$", re.MULTILINE)
CAPTION = re.compile(r"\*\*Figure \d+\.\d+\.\*\* \S")

TRACES = {
    "a directive in backticks": (re.compile(r"^.*```.*$", re.MULTILINE), CODE),
    "a formula": (re.compile(r"^.*\$\$.*$", re.MULTILINE), FORMULA),
    "a block": (re.compile(r"^ *:::.*$", re.MULTILINE), BLOCK),
    "a link": (re.compile(r"^.*\]\(.*$", re.MULTILINE), LINK),
}


def faults(text: str) -> list[str]:
    """List what a reader without the extension could not read, or reads numbered otherwise."""
    text = CODE.sub("code\n", f"\n\n{text}\n\n")
    return [
        f"{kind}: {line.strip()}"
        for kind, (trace, form) in TRACES.items()
        for line in trace.findall(form.sub("\n", text))
    ]


def foreign(text: str) -> list[str]:
    """List the labels in roles that a notebook opened by itself does not know."""
    known = {label for found in LABELS.findall(text) for label in found if label}
    return [label for label in ROLE.findall(text) if label not in known]


def caption_faults(cells: list[dict[str, Any]]) -> list[str]:
    """List the cells of figures whose captions are not where everyone sees them."""
    faults = []
    for cell, below in pairwise([*cells, {"metadata": {}, "source": []}]):
        figure = cell["metadata"].get("mystnb", {}).get("figure")
        is_caption = "caption" in below["metadata"].get("tags", [])
        says = is_caption and CAPTION.match("".join(below["source"]))
        if ("caption" in figure or not says) if figure else is_caption:
            faults.append(cell["id"])
    return faults


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_roles_name_what_stands_on_their_page(page: Path) -> None:
    assert foreign(prose(page)) == []


@pytest.mark.parametrize("page", CHAPTERS, ids=lambda path: path.stem)
def test_a_caption_is_a_cell_below_its_figure(page: Path) -> None:
    assert caption_faults(json.loads(page.read_text(encoding="utf-8"))["cells"]) == []


def test_roles_and_captions_that_only_the_website_reads_are_found() -> None:
    for role in ("{cite:p}`a2000b`", "{numref}`fig-a`", "{prf:ref}`thm-b`", "{ref}`w <sec-b>`"):
        assert foreign(f"(sec-a)=\n:label: thm-a\n{role}") != []
    assert foreign("(sec-a)=\n:label: thm-a\n{ref}`w <sec-a>`, {prf:ref}`thm-a`") == []
    figure = {"id": "figure", "metadata": {"mystnb": {"figure": {"name": "fig-a"}}}}
    below = {"id": "c", "metadata": {"tags": ["caption"]}, "source": ["**Figure 1.2.** Words"]}
    other = {"id": "other", "metadata": {}, "source": ["Words"]}
    in_metadata = {"id": "m", "metadata": {"mystnb": {"figure": {"caption": "Words"}}}}
    assert caption_faults([figure, below, other]) == []
    assert caption_faults([figure, other]) == ["figure"]
    assert caption_faults([in_metadata, below]) == ["m"]
    assert caption_faults([figure, {**below, "source": ["Words"]}]) == ["figure"]
    assert caption_faults([other, below]) == ["other"]


def unnested(text: str) -> list[str]:
    """List blocks in a block with no more colons, which they end, and blocks without an end."""
    found: list[str] = []
    open_blocks: list[str] = []
    for colons, name in re.findall(r"^(:{3,})(\{\S+\})?", CODE.sub("code\n", text), re.MULTILINE):
        if name:
            found += [name] if open_blocks and len(open_blocks[-1]) <= len(colons) else []
            open_blocks.append(colons)
        elif not open_blocks or open_blocks.pop() != colons:
            found.append(colons)
    return found + open_blocks


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_block_ends_where_it_should(page: Path) -> None:
    assert unnested(prose(page)) == []


def test_a_block_that_ends_another_is_found() -> None:
    nested = "::::{div} tag_result\n\n:::{prf:lemma}\n\nWords\n\n:::\n\n::::\n"
    assert unnested(nested) == []
    assert unnested(nested.replace("::::", ":::")) != []
    assert unnested(nested.removesuffix("::::\n")) != []
    assert unnested(nested + ":::\n") != []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_page_keeps_to_the_forms(page: Path) -> None:
    assert faults(prose(page)) == []


GOOD = """\
:::{prf:theorem} A name
:label: thm-name

In a block a formula has blank lines around it,

$$
a = b
$$ (eq-name)

and in a list it is set in, as [chapter 2](02_pca.ipynb#sec-pca-tied) has it:

1. Words

   $$
   a = b
   $$ (eq-name-again)

:::

:::{solution-start} ex-name
:label: sol-name
:::

```python
fit(model)
```
"""


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("$$\na = b\n$$ (eq-name)", "$$ a = b $$ (eq-name)"),
        ("$$\na = b\n$$ (eq-name)", "$$ a = b $$"),
        ("$$\na = b\n$$ (eq-name)", "$$\na = b\n$$"),
        ("$$\na = b\n$$ (eq-name)", "$$\na =\n\nb\n$$ (eq-name)"),
        ("around it,\n\n$$", "around it,\n$$"),
        ("(eq-name)\n\nand", "(eq-name)\nand"),
        ("$$\na = b\n$$ (eq-name)", "```{math}\n:label: eq-name\na = b\n```"),
        ("   $$ (eq-name-again)", "$$ (eq-name-again)"),
        (":::{prf:theorem} A name\n", "words\n:::{prf:theorem} A name\n"),
        (":label: thm-name\n\n", ":label: thm-name\n"),
        ("again)\n\n:::\n", "again)\n:::\n"),
        ("\n:::\n\n:::{sol", "\n:::\n:::{sol"),
        (":label: sol-name\n:::\n\n", ":label: sol-name\n:::\n"),
        (":::{solution-start} ex-name\n:label: sol-name\n:::", "```{solution-start} ex-name\n```"),
        ("[chapter 2](02_pca.ipynb#sec-pca-tied)", "[chapter 2](chapter-pca)"),
        ("[chapter 2](02_pca.ipynb#sec-pca-tied)", "[](02_pca.ipynb)"),
    ],
)
def test_other_forms_are_found(good: str, bad: str) -> None:
    assert faults(GOOD) == []
    assert GOOD.count(good) == 1
    assert faults(GOOD.replace(good, bad)) != []
