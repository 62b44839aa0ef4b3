"""Formulas of the built site: MathML that says what the TeX says, in a font with every sign."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from fontTools.ttLib import TTFont
from playwright.sync_api import expect

from book._ext.mathml import to_mathml
from tests.site.pages import all_pages

if TYPE_CHECKING:
    from bs4 import Tag
    from playwright.sync_api import Browser

FONT = Path(__file__).resolve().parents[2] / "book" / "_static" / "fonts" / "math.woff2"
UNSEEN = {0x200B, 0x2061, 0x2062, 0x2063, 0x2064, 0xFE00, 0xFE01, 0xA0, 0x2009}
HOLES = {"h": "ℎ"}  # italic h is Planck's constant in Unicode

# Of a page without scripts: formulas that have no size, or show TeX.
WITHOUT_SCRIPT = """() => [...document.querySelectorAll('.math')]
    .filter((formula) => formula.checkVisibility())
    .filter((formula) => {
        const { width, height } = formula.querySelector('math').getBoundingClientRect();
        return !(width && height) || /\\\\[a-z]/.test(formula.innerText);
    }).map((formula) => formula.outerHTML.slice(0, 200))"""

MEANINGS = {
    r"W_2^\top": "<msubsup><mi>W</mi><mn>2</mn><mi>⊤</mi></msubsup>",
    r"\lVert x\rVert": 'form="prefix">‖</mo><mi>x</mi><mo stretchy="false" form="postfix">‖</mo>',
    r"\lvert x\rvert": 'form="prefix">|</mo><mi>x</mi><mo stretchy="false" form="postfix">|</mo>',
    r"\operatorname{tr} C": "<mi>tr</mi></mrow><mo",
    r"\mathbb{R}": "<mi>ℝ</mi>",
    r"\mathcal{G}": "<mi>𝒢",
    r"\mathbf{x}": "<mi>𝐱</mi>",
    r"\hat Y": '<mover accent="true"><mi>Y</mi>',
    r"\frac1N": "<mfrac><mn>1</mn><mi>N</mi></mfrac>",
    r"\sqrt{1+a}": "<msqrt><mrow><mn>1</mn><mo>+</mo><mi>a</mi></mrow></msqrt>",
    r"a\odot b": 'largeop="false">⊙</mo>',
    r"f'": "<msup><mi>f</mi><mo",
    r"\text{ with }": "<mtext>\u00a0with\u00a0</mtext>",
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix}": "<mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd>",
}


def formulas_of(page: Path) -> list[Tag]:
    """Read the formulas of a page."""
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("math")


def signs_of(formula: Tag) -> set[str]:
    """Give the signs that a browser draws: a letter by itself is italic."""
    signs: set[str] = set()
    for token in formula.select("mi, mo, mn, mtext"):
        text = token.get_text()
        italic = token.name == "mi" and len(text) == 1 and token.get("mathvariant") != "normal"
        signs |= {slanted(text)} if italic else set(text)
    return signs


def slanted(letter: str) -> str:
    """Give the mathematical italic of a letter, where it has one."""
    for first, last, start in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("α", "ω", 0x1D6FC)):
        if first <= letter <= last:
            return HOLES.get(letter) or chr(start + ord(letter) - ord(first))
    return letter


@pytest.mark.parametrize("tex", MEANINGS)
def test_mathml_says_what_the_tex_says(tex: str) -> None:
    found = to_mathml(nodes.math("", tex))
    assert MEANINGS[tex] in found
    assert found.count("<annotation") == 1


def test_the_font_has_every_sign_of_the_book(site: Path) -> None:
    font = TTFont(FONT)
    signs = set().union(*(signs_of(f) for page in all_pages() for f in formulas_of(site / page)))
    assert len(signs) > 100
    assert {s for s in signs if ord(s) not in font.getBestCmap() and ord(s) not in UNSEEN} == set()
    assert "MATH" in font
    assert FONT.stat().st_size < 120_000
    assert "SIL OPEN FONT LICENSE" in FONT.with_name("OFL.txt").read_text(encoding="utf-8")


def test_every_formula_keeps_its_tex(site: Path) -> None:
    found = [formula for page in all_pages() for formula in formulas_of(site / page)]
    assert len(found) > 3000
    without = [f for f in found if not (f.annotation and f.annotation.get_text().strip())]
    assert without == []


def test_the_page_has_every_formula_of_its_source(site: Path) -> None:
    wrong = {}
    for doctree in sorted((site.parent / ".doctrees" / "book").glob("*.doctree")):
        tree = pickle.loads(doctree.read_bytes())
        wanted = sum(isinstance(node, nodes.math | nodes.math_block) for node in tree.findall())
        text = (site / "book" / f"{doctree.stem}.html").read_text(encoding="utf-8")
        found = len(BeautifulSoup(text, "html.parser").select("article math"))
        if found != wanted:
            wrong[doctree.stem] = (wanted, found)
    assert wrong == {}


@pytest.mark.browser
@pytest.mark.parametrize("page", all_pages())
def test_without_javascript_formulas_are_drawn(browser: Browser, site: Path, page: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((site / page).as_uri())
    assert tab.evaluate(WITHOUT_SCRIPT) == []
    context.close()


@pytest.mark.browser
def test_copying_gives_the_tex(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{address}book/02_pca.html")
    paragraph = tab.locator("article p:has(math):visible").first
    expect(paragraph).to_be_visible()
    tex = paragraph.locator("annotation").first.text_content()
    paragraph.evaluate("p => getSelection().selectAllChildren(p)")
    tab.keyboard.press("Control+c")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert f"${tex}$" in copied
    assert not re.search("[\u2061\ufe00]", copied)
    context.close()
