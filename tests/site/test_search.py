"""The site's own search finds a word in British and in American spelling."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sphinx.search.en import SearchEnglish

from book._ext import both_spellings

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from tests.site.conftest import Visit

    OpenPage = Callable[..., Visit]

pytestmark = pytest.mark.browser

IN_THE_BOOK = {
    "center": "centre",
    "centered": "centred",
    "centering": "centring",
    "color": "colour",
    "minimizer": "minimiser",
    "neighbors": "neighbours",
    "normalize": "normalise",
    "optimizer": "optimiser",
    "penalized": "penalised",
    "randomized": "randomised",
    "regularizer": "regulariser",
    "unregularized": "unregularised",
}
ELSEWHERE = {
    "analog": "analogue", "analyzed": "analysed", "artifacts": "artefacts", "behavior": "behaviour",
    "catalogs": "catalogues", "centers": "centres", "defense": "defence", "fibers": "fibres",
    "gray": "grey", "grayscale": "greyscale", "judgment": "judgement", "labeled": "labelled",
    "license": "licence", "modeling": "modelling", "organization": "organisation",
}  # fmt: skip
DIFFERENT = ["size", "sine", "four", "for", "vector", "parameter", "parallel", "centre", "central"]
FIND = """words => words.map(word => {
    const found = Search._performSearch(...Search._parseQuery(word));
    return [...new Set(found.map(([page]) => page))].sort();
})"""

READ = """(tex) => Search.htmlToText(`<div role="main"><span class="math"><math>
    <annotation>${tex}</annotation></math></span></div>`)"""
READINGS = {
    r"\frac{a+b}{c}": "(a+b)/c",
    r"\frac1N": "1/N",
    r"\frac{\lambda}{v_i}": "λ/vᵢ",
    r"\frac12x^4": "1/2 x⁴",
    r"W_{1}^{0}": "W₁⁰",
}


@pytest.mark.parametrize("query", ["center", "color", "regularizer"])
def test_an_american_query_finds_pages(browser: Browser, address: str, query: str) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}search.html?q={query}")
    expect(tab.locator(".search-summary")).to_contain_text("found")
    expect(tab.locator("#search-results li a").first).to_be_visible()
    tab.close()


def test_both_spellings_find_the_same_pages(visit: OpenPage) -> None:
    tab = visit("search.html").tab
    tab.wait_for_function("Search.hasIndex()")
    american, british = (
        tab.evaluate(FIND, list(words)) for words in (IN_THE_BOOK, IN_THE_BOOK.values())
    )
    assert all(american)
    assert american == british


def test_the_page_stems_as_the_index_does(visit: OpenPage) -> None:
    language = both_spellings.BothSpellings({})
    known = {**IN_THE_BOOK, **ELSEWHERE}
    words = [*known, *known.values(), *DIFFERENT]
    tab = visit("search.html").tab
    stems = tab.evaluate("words => words.map(word => new Stemmer().stemWord(word))", words)
    assert stems == [language.stem(word) for word in words]
    stem = dict(zip(words, stems, strict=True))
    assert {a: stem[a] for a in known} == {a: stem[b] for a, b in known.items()}
    assert len({stem[word] for word in DIFFERENT}) == len(DIFFERENT)


def test_words_that_have_one_spelling_keep_their_stem() -> None:
    languages = SearchEnglish({}), both_spellings.BothSpellings({})
    before, after = ([language.stem(word) for word in DIFFERENT] for language in languages)
    assert after == before


@pytest.mark.parametrize(
    ("query", "anchor"),
    [
        ("transpose theorem", "#thm-transpose"),
        ("weight mirror", "#thm-weight-mirror"),
        ("elimination of biases", "#thm-bias-elimination"),
        ("noise weights", "#prop-noise"),
        ("δ recursion", "#prop-delta-recursion"),
        ("Sanger", "#oja-and-sanger"),  # a section, before the function of that name
        ("memory", "#data-larger-than-memory"),
    ],
)
def test_a_statement_or_section_comes_first_that_has_the_query_in_its_title(
    browser: Browser, address: str, query: str, anchor: str
) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}search.html?q={query}")
    first = tab.locator("#search-results li a").first
    expect(first).to_have_attribute("href", re.compile(f"{anchor}$"))
    assert "(" not in first.inner_text()
    tab.close()


@pytest.mark.parametrize("query", ["orbit", "transpose", "variance", "invariance"])
def test_results_show_no_tex(browser: Browser, address: str, query: str) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}search.html?q={query}")
    expect(tab.locator("#search-results .context").first).to_be_visible()
    expect(tab.locator(".search-summary")).to_contain_text("found")
    said = tab.locator("#search-results").inner_text()
    assert re.findall(r"\\[a-zA-Z(]+|[_^]\{", said) == []
    tab.close()


def test_formulas_are_read_as_they_are_written_by_hand(visit: OpenPage) -> None:
    tab = visit("search.html").tab
    assert {tex: tab.evaluate(READ, tex) for tex in READINGS} == READINGS


def test_results_read_formulas_and_leave_out_the_buttons_of_a_page(
    browser: Browser, address: str
) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}search.html?q=ReLU mirror")
    first = tab.locator("#search-results .context").first
    expect(first).to_contain_text("Let the neuron above pass on max(y,0)")
    tab.goto(f"{address}search.html?q=verdict")
    for place in range(3):
        excerpt = tab.locator("#search-results .context").nth(place)
        expect(excerpt).to_be_visible()
        expect(excerpt).not_to_contain_text("Notebook")
    tab.close()
