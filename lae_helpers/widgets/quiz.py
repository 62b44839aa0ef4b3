"""Questions to check oneself: each option opens its reason, in any notebook and on paper."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import SupportsIndex

from lae_helpers._checks import check_count

# JupyterLab takes the triangle from a fold, and has no style sheet of the book.
LOOKS = """<style>
.jp-OutputArea .lae-quiz details {
  margin: 0.3rem 0;
  padding: 0.2rem 0.7rem;
  border: 1px solid var(--jp-border-color1);
  border-radius: 0.4rem;
}
.jp-OutputArea .lae-quiz li + li { margin-top: 1rem; }
.jp-OutputArea .lae-quiz summary {
  display: list-item;
  list-style: inside disclosure-closed;
  min-height: 24px;
  cursor: pointer;
}
.jp-OutputArea .lae-quiz summary:hover { color: var(--jp-content-link-color); }
.jp-OutputArea .lae-quiz details[open] summary { list-style-type: disclosure-open; }
.jp-OutputArea .lae-quiz details[open][data-right="true"] {
  border-color: var(--jp-success-color1);
}
.jp-OutputArea .lae-quiz p { margin: 0.3rem 0; }
</style>"""


@dataclass(frozen=True)
class Question:
    """A question, the options, and what is to be said about each.

    Attributes
    ----------
    text : str
    options : mapping of str to str
        Each option with the reason why it is right or wrong.
    right : int
        Which of them is right, counted from zero.

    Raises
    ------
    ValueError
        If there are fewer than two options, one has no reason, or ``right`` is none of them.

    Examples
    --------
    >>> Question("2 + 2?", {"3": "One is missing.", "4": "Count."}, right=1).right
    1
    """

    text: str
    options: Mapping[str, str]
    right: SupportsIndex

    def __post_init__(self) -> None:
        if len(self.options) < 2:
            raise ValueError(f"options must be two or more, not {list(self.options)}")
        for option, reason in self.options.items():
            if not reason:
                raise ValueError(f"option {option!r} must have a reason")
        check_count("right", self.right, at_least=0, at_most=len(self.options) - 1)


@dataclass(frozen=True)
class Quiz:
    """What `check_yourself` shows: folds of the page itself, so that nothing has to run.

    Attributes
    ----------
    questions : tuple of Question
    """

    questions: tuple[Question, ...]

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{_to_html(question)}</li>" for question in self.questions)
        return f'{LOOKS}<ol class="lae-quiz">{items}</ol>'


def check_yourself(*questions: Question) -> Quiz:
    """Show questions with options that open their reasons.

    Parameters
    ----------
    *questions : Question
        One or more.

    Returns
    -------
    Quiz
        Shown by a notebook as the value of a cell.

    Raises
    ------
    ValueError
        If there is no question.

    Examples
    --------
    >>> check_yourself(Question("2 + 2?", {"3": "One is missing.", "4": "Count."}, right=1))
    Quiz(questions=(Question(text='2 + 2?', ...
    """
    if not questions:
        raise ValueError("questions must be one or more, not none")
    return Quiz(questions)


def _to_html(question: Question) -> str:
    folds = "".join(
        _fold(option, reason, right=i == int(question.right))
        for i, (option, reason) in enumerate(question.options.items())
    )
    return f"<p><strong>{html.escape(question.text)}</strong></p>{folds}"


def _fold(option: str, reason: str, *, right: bool) -> str:
    verdict = "Right." if right else "No."
    return (
        f'<details data-right="{str(right).lower()}"><summary>{html.escape(option)}</summary>'
        f"<p><strong>{verdict}</strong> {html.escape(reason)}</p></details>"
    )
