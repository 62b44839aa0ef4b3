"""Links that set a figure, and numbers that follow one: each means something that is there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import traitlets

from lae_helpers import widgets

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("book/*.ipynb"), *ROOT.glob("book/*.md")])
ACTS = re.compile(r"""<a href="#([\w-]+)" data-set='([^']*)'>[^<]+</a>""")
FOLLOWS = re.compile(r'<span data-follows="([\w-]+)" data-number="(\w+)">[^<]+</span>')
MARKDOWN_CELL = re.compile(
    r"^```\{code-cell\}.*?^:  +name: ([\w-]+)$(.*?)^```$", re.DOTALL | re.MULTILINE
)


def read(page: Path) -> tuple[str, dict[str, Any]]:
    """Return the prose of a page, and the classes of its interactive figures by their labels."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        cells = dict(MARKDOWN_CELL.findall(text))
    else:
        all_cells = json.loads(text)["cells"]
        text = "\n".join("".join(c["source"]) for c in all_cells if c["cell_type"] == "markdown")
        cells = {
            c["metadata"]["mystnb"]["figure"]["name"]: "".join(c["source"])
            for c in all_cells
            if "figure" in c["metadata"].get("mystnb", {})
        }
    figures = {
        label: getattr(widgets, name)
        for label, code in cells.items()
        for name in widgets.__all__
        if re.search(rf"\b{name}\(", code)
    }
    return text, figures


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_sentences_set_and_follow_is_on_their_page(page: Path) -> None:
    text, figures = read(page)
    acting, following = ACTS.findall(text), FOLLOWS.findall(text)
    assert len(acting) == text.count("data-set")
    assert len(following) == text.count("data-follows")
    for label, settings in acting:
        traits = figures[label].class_traits(sync=True)
        for name, value in json.loads(settings).items():
            assert not name.startswith("_")
            assert not traits[name].read_only
            if hasattr(traits[name], "validate"):  # others are checked by their figure alone
                traits[name].validate(None, value)
    for label, number in following:
        published = re.findall(r"publish\(\w+, ?\{(.*?)\}\)", figures[label]._esm, re.DOTALL)
        assert any(re.search(rf"\b{number}:", names) for names in published), number


def test_pages_act() -> None:
    acting = {page.stem: len(ACTS.findall(read(page)[0])) for page in PAGES}
    assert acting["index"] >= 2
    assert min(acting["04_invariance_groups"], acting["05_recovery"]) >= 3


def test_a_value_that_a_figure_would_refuse_is_found() -> None:
    traits = widgets.Explorer.class_traits(sync=True)
    with pytest.raises(traitlets.TraitError):
        traits["lam"].validate(None, 99)
    with pytest.raises(traitlets.TraitError):
        traits["regularizer"].validate(None, "none at all")
