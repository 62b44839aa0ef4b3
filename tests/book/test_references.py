"""The bibliography: every key that is cited exists, and every entry is cited."""

from __future__ import annotations

import re
from pathlib import Path

from tests.book.test_theorem_labels import prose

ROOT = Path(__file__).resolve().parents[2]
BIBLIOGRAPHY = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
KEYS = re.findall(r"^@\w+\{([^,]+),$", BIBLIOGRAPHY, re.MULTILINE)
PAGES = sorted([*ROOT.glob("book/*.ipynb"), *ROOT.glob("book/*.md")])


def cited(text: str) -> list[str]:
    """List the keys in the citations of a page."""
    return re.findall(r"\]\(references\.md#([\w-]+)\)", text)


def test_every_key_that_is_cited_exists() -> None:
    missing = {page.name: set(cited(prose(page))) - set(KEYS) for page in PAGES}
    assert {name: keys for name, keys in missing.items() if keys} == {}


def test_every_entry_is_cited() -> None:
    assert set(KEYS) - {key for page in PAGES for key in cited(prose(page))} == set()


def test_entries_are_in_order_and_unlike() -> None:
    first, *others = KEYS
    assert first == "aswani2024discussing"
    assert others == sorted(set(others))


def test_citations_are_read() -> None:
    text = "([B, 2000](references.md#b2000a); [C (1999)](references.md#c1999d)), [x](notation.md#c)"
    assert cited(text) == ["b2000a", "c1999d"]
