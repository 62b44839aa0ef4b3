"""One letter, one meaning: the chapters keep to the notation page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.book.test_theorem_labels import prose

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(ROOT.glob("book/0*.ipynb"))
BY_CHAPTER = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)

# What a letter may be called just before it stands: "the covariance $C$".
KINDS = re.findall(
    r"\w+",
    """
    angle bias code constant cost covariance data direction eigenvalue eigenvector error feature
    function gradient image imbalance index loss map matrix mean neuron noise number penalty
    projection projector regulariser rotation sample strength target variance vector
    """,
)


class Letter(NamedTuple):
    """A row of a table of the notation page."""

    symbols: list[str]
    shape: str
    meaning: str


def tables() -> tuple[list[Letter], list[Letter]]:
    """Read the letters of every page, and those of single chapters."""
    everywhere: list[Letter] = []
    single: list[Letter] = []
    current = everywhere
    for line in (ROOT / "book" / "notation.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| on every page"):
            current = everywhere
        elif line.startswith("| in single chapters"):
            current = single
        elif line.startswith("## "):
            break
        elif line.startswith("| $"):
            symbols = [part.split("=")[0].strip() for part in re.findall(r"\$([^$]+)\$", cells[0])]
            current.append(Letter(symbols, cells[2].strip("$"), cells[3]))
    return everywhere, single


EVERYWHERE, SINGLE = tables()
FIXED = {symbol: letter for letter in EVERYWHERE for symbol in letter.symbols}


def naming_faults(text: str) -> list[str]:
    """Find nouns before a letter of every page that its meaning does not hold."""
    faults = []
    for noun, symbol in re.findall(r"([A-Za-z]+) \$(\\?[A-Za-z]+(?:_\w)?)\$", text):
        kind = next((k for k in KINDS if noun.lower() in (k, f"{k}s")), None)
        if symbol in FIXED and kind and kind not in FIXED[symbol].meaning:
            faults.append(f"{noun} ${symbol}$")
    return faults


def shape_faults(text: str) -> list[str]:
    """Find letters of every page that are said to lie in another space than theirs."""
    faults = []
    space = r"\\in\s*(\\math(?:bb|rm)\{\w+\}(?:\^\{[^}]*\}|\(\w\)|\^\w)?)"
    for symbol, found in re.findall(
        rf"(?<![\w\\^{{])(\\?[A-Za-z]+(?:_\w)?)\s*(?:=[^$,;=]*)?{space}", text
    ):
        if symbol not in FIXED:
            continue
        size = re.search(r"\^\{?([^}]*)\}?$", found)
        wanted = FIXED[symbol].shape.replace(" ", "")
        square = found.startswith(r"\mathrm") and symbol in ("G", "O")
        if not square and (size is None or size[1].replace(" ", "") not in wanted):
            faults.append(f"{symbol} in {found}")
    return faults


def function_faults(text: str) -> list[str]:
    """Find a matrix of every page that is used as the name of a function."""
    return re.findall(r"(?<![\w\\])(?:[CRY]|\\Lambda)\((?:t|z|W_1|\\theta)[^()]{0,20}\)", text)


def test_the_tables_are_read() -> None:
    assert {"C", r"\Lambda", "R", "W_1"} <= FIXED.keys()
    assert any("Z" in letter.symbols for letter in SINGLE)


def test_a_letter_of_every_page_is_not_listed_again() -> None:
    again = [s for letter in (*EVERYWHERE, *SINGLE) for s in letter.symbols]
    twice = {s for s in again if again.count(s) > 1 and s in FIXED}
    assert twice == set()


@BY_CHAPTER
def test_letters_are_called_what_they_are(chapter: Path) -> None:
    assert naming_faults(prose(chapter)) == []


@BY_CHAPTER
def test_letters_have_their_shapes(chapter: Path) -> None:
    assert shape_faults(prose(chapter)) == []


@BY_CHAPTER
def test_no_matrix_is_a_function(chapter: Path) -> None:
    assert function_faults(prose(chapter)) == []


def test_faults_are_found() -> None:
    assert naming_faults(r"its cost $C$, with constant $\Lambda$ and a random matrix $R$")
    assert not naming_faults("the covariance $C$ and a matrix $G$")
    assert shape_faults(r"with $R=U_k^\top Q\in\mathrm{O}(k)$")
    assert shape_faults(r"$W_1 \in \mathbb{R}^{n \times k}$")
    assert not shape_faults(r"$W_1\in\mathbb{R}^{k\times n}$ and $G \in \mathrm{GL}(k)$")
    assert function_faults(r"$\dot R(t)$ or $C(\theta - \eta h)$")
