"""Lets the search find what the book spells in British in American spelling too.

Words of the pages and of a query are spelled in one way before they are stemmed, by the same rules
in Python, which writes the index, and in the page, which looks up in it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# From the American to the book's own, so that the stem still occurs in the text that is shown.
# Each pattern means the same in Python and in JavaScript.
RULES = {
    r"(\w{3})iz": r"\1is",  # regularizer, but not size
    r"(\w)yz": r"\1ys",  # analyze
    r"center(?=s?$)": "centre",
    r"center(?=ed|ing)": "centr",
    r"fiber(?=s?$)": "fibre",
    r"(behavi|col|endeav|fav|flav|harb|neighb)or": r"\1our",
    r"(canc|chann|lab|lev|mod|trav)el(?=e[dr]|ing)": r"\1ell",
    r"(anal|catal|dial)og(?=s?$)": r"\1ogue",
    r"(defen|licen|offen)s(?=e)": r"\1c",
    r"^gray": "grey",
    r"artifact": "artefact",
    r"judgment": "judgement",
}

JS = """
const EnglishStemmer = Stemmer;
Stemmer = function () {
  const rules = %s.map(([pattern, spelling]) => [new RegExp(pattern, "g"), spelling]);
  const english = new EnglishStemmer();
  const spell = (word, [pattern, spelling]) => word.replace(pattern, spelling);
  this.stemWord = (word) => english.stemWord(rules.reduce(spell, word));
};
"""


def spell(word: str) -> str:
    """Spell a word as the book would."""
    word = word.lower()
    for pattern, spelling in RULES.items():
        word = re.sub(pattern, spelling, word)
    return word


class BothSpellings(SearchEnglish):
    """English, in which American and British spellings of a word have one stem."""

    js_stemmer_code = SearchEnglish.js_stemmer_code + JS % json.dumps(
        [(pattern, spelling.replace("\\1", "$1")) for pattern, spelling in RULES.items()]
    )

    def stem(self, word: str) -> str:
        """Return the stem of a word."""
        stem: str = super().stem(spell(word))
        return stem


def add_search_script(
    app: Sphinx, pagename: str, _templatename: str, _context: dict[str, Any], _doctree: object
) -> None:
    """Let the page of the search, and no other, show formulas and rank statements."""
    if pagename == "search":
        app.add_js_file("search.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.add_search_language(BothSpellings)
    app.connect("html-page-context", add_search_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
