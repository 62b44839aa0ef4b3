"""Questions to check oneself: one right option, a reason for each, and bad ones refused."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from lae_helpers.widgets import Question, check_yourself


class Folds(HTMLParser):
    """Collects what the folds say, and which of them is right."""

    def __init__(self) -> None:
        super().__init__()
        self.right: list[str | None] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "details":
            self.right.append(dict(attrs)["data-right"])

    def handle_data(self, data: str) -> None:
        if self.cdata_elem != "style":
            self.words.append(data)


def read(*questions: Question) -> Folds:
    folds = Folds()
    folds.feed(check_yourself(*questions)._repr_html_())
    return folds


def test_every_option_opens_its_reason_and_one_is_right() -> None:
    options = {"GL(k)": "Shears change it.", "O(k)": "Norms stay.", "a < b": "No & no."}
    folds = read(Question("Which group?", options, right=1))
    assert folds.right == ["false", "true", "false"]
    assert folds.words == [
        "Which group?",
        *["GL(k)", "No.", " Shears change it."],
        *["O(k)", "Right.", " Norms stay."],
        *["a < b", "No.", " No & no."],
    ]


def test_what_is_no_question_is_refused() -> None:
    with pytest.raises(ValueError, match="options must be two or more, not \\['a'\\]"):
        Question("?", {"a": "b"}, right=0)
    with pytest.raises(ValueError, match="option 'c' must have a reason"):
        Question("?", {"a": "b", "c": ""}, right=0)
    with pytest.raises(ValueError, match="right must be between 0 and 1, but it is 2"):
        Question("?", {"a": "b", "c": "d"}, right=2)
    with pytest.raises(ValueError, match="questions must be one or more, not none"):
        check_yourself()
