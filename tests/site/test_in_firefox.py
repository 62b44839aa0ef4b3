"""Every page of the built site in Firefox, on a phone: nothing fails, and figures are alive."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.site.firefox import Firefox, start_firefox
from tests.site.pages import all_pages
from tools.browsing import FIREFOX_NAMES, find_firefox

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.browser

WIDTH = 390
DEAD = """[...document.querySelectorAll(".lae-figure")]
    .filter((e) => {
        const live = e.querySelector(".lae-live");
        const drawings = live ? [...live.querySelectorAll("canvas, svg")] : [];
        const empty = (d) => !d.getBoundingClientRect().width || !d.getBoundingClientRect().height;
        return !live || e.querySelector(".lae-fallback")?.checkVisibility() ||
            (e.checkVisibility() && !live.matches(".lae-prediction") && drawings.every(empty));
    }).map((e) => e.outerHTML.slice(0, 120))"""
FORMULAS = 'document.querySelectorAll(".bd-article math")'
FLAT = f"""[...{FORMULAS}]
    .filter((e) => e.checkVisibility() && !e.getBoundingClientRect().width)
    .map((e) => e.textContent)"""
WITHOUT_FORMULA = """[...document.querySelectorAll(".math")]
    .filter((e) => !e.querySelector("math")).map((e) => e.textContent)"""
# Firefox says this of a formula while its page comes: what has come in the end is looked at.
HALF_COME = "Invalid markup: Incorrect number of children"
MISMADE = """[...document.querySelectorAll("msub, msup, msubsup, munder, mover, munderover, mfrac")]
    .filter((e) => e.children.length !== ({ msubsup: 3, munderover: 3 }[e.localName] ?? 2))
    .map((e) => e.outerHTML)"""
COVERED = 'document.querySelectorAll(".lae-covered").length'
CHOOSE = """(() => {
    const one = [...document.querySelectorAll(".lae-prediction")]
        .find((e) => e.querySelector("input[type=radio]"));
    const commit = [...one.querySelectorAll("button")].find((b) => b.textContent === "Commit");
    const before = commit.disabled;
    one.querySelector("input[type=radio]").click();
    commit.click();
    return before;
})()"""
SENTENCE = 'document.querySelector(".lae-explorer .lae-sentence")?.textContent'
STEP = """[...document.querySelectorAll(".lae-explorer button")]
    .find((b) => b.textContent === "One step").click()"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Start the machine's Firefox, which CI has to have."""
    path = find_firefox()
    if path is None:
        reason = f"none of {', '.join(FIREFOX_NAMES)} is on PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs a second browser: {reason}")
        pytest.skip(reason)
    with start_firefox(path, tmp_path_factory.mktemp("firefox")) as firefox:
        yield firefox


@pytest.mark.parametrize("page", all_pages())
def test_a_page_is_whole(firefox: Firefox, address: str, page: str) -> None:
    firefox.open(address + page, WIDTH)
    firefox.wait_for(f"{WITHOUT_FORMULA}.length === 0")
    firefox.wait_for(f"{DEAD}.length === 0")
    firefox.wait_for(f"{FLAT}.length === 0")
    firefox.wait_for(f"document.documentElement.scrollWidth <= {WIDTH}")
    firefox.wait_for(f"{MISMADE}.length === 0")
    assert [error for error in firefox.errors if not error.startswith(HALF_COME)] == []
    foreign = [url for url in firefox.requests if not url.startswith((address, "blob:", "data:"))]
    assert foreign == []
    assert address + page in firefox.requests


def test_an_answer_uncovers_its_result(firefox: Firefox, address: str) -> None:
    firefox.open(address + "book/02_pca.html", WIDTH)
    firefox.wait_for(f"{DEAD}.length === 0")  # each covers its own result when it is there
    before = firefox.evaluate(COVERED)
    assert firefox.evaluate(CHOOSE)  # nothing to commit without a choice
    firefox.wait_for(f"{COVERED} < {before}")


def test_the_explorer_takes_a_step(firefox: Firefox, address: str) -> None:
    firefox.open(address + "book/05_recovery.html", WIDTH)
    firefox.wait_for(SENTENCE)
    firefox.evaluate('document.querySelector(".lae-explorer").scrollIntoView()')
    firefox.wait_for(f"/steps?, now |Starting weights/.test({SENTENCE})")
    before = firefox.evaluate(SENTENCE)
    firefox.evaluate(STEP)
    firefox.wait_for(f"{SENTENCE} !== {json.dumps(before)}")
