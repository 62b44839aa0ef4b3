"""The prediction: a question with room for the reader's answer, before the page shows its own."""

from __future__ import annotations

import html
from dataclasses import dataclass

import traitlets

from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.front_end import join_modules, join_styles

KINDS = ["choice", "order", "number", "point", "curve"]
SURE = ["guessing", "fairly sure", "certain"]


@dataclass(frozen=True)
class Words:
    """What stands in for a question where no JavaScript runs."""

    question: str
    options: tuple[str, ...] = ()

    @property
    def alt(self) -> str:
        """The question and its options, in a line."""
        return " ".join([self.question, *(f"({i}) {o}" for i, o in enumerate(self.options, 1))])

    def to_html(self) -> str:
        """Return a paragraph, and a list of the options."""
        items = "".join(f"<li>{html.escape(option)}</li>" for option in self.options)
        question = f"<p><strong>{html.escape(self.question)}</strong></p>"
        return question + (f"<ol>{items}</ol>" if items else "")


class Prediction(InteractiveFigure):
    """A question to answer before the page does; the guess stays with the reader.

    It is made by one of `ask_choice`, `ask_order`, `ask_number`, `ask_point` and `ask_curve`.

    Attributes
    ----------
    guess : list
        What the reader has committed to: the position of the option chosen, the positions in order,
        a number, a point, or the heights of a curve. Empty as long as there is nothing; may be set.
    committed : bool
        Whether the truth is shown; may be set.
    sure : {"guessing", "fairly sure", "certain"}
        May be set.

    Examples
    --------
    >>> from lae_helpers.widgets import ask_number
    >>> question = ask_number("What is left?", truth=0.93, limits=(0, 1), why="Most is.")
    >>> question.guess, question.committed
    ([], False)
    """

    _esm = join_modules("prediction.js")
    _css = join_styles("figure.css", "prediction.css")

    guess = traitlets.List(traitlets.Float()).tag(sync=True)
    committed = traitlets.Bool(False).tag(sync=True)
    sure = traitlets.Enum(SURE, SURE[0]).tag(sync=True)
    kind = traitlets.Enum(KINDS, KINDS[0], read_only=True).tag(sync=True)
    question = traitlets.Unicode(read_only=True).tag(sync=True)
    why = traitlets.Unicode(read_only=True).tag(sync=True)
    options = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    truth = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    axes = traitlets.List(traitlets.Dict(), read_only=True).tag(sync=True)
    positions = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    tolerance = traitlets.Float(read_only=True).tag(sync=True)
    confidences = traitlets.List(SURE, read_only=True).tag(sync=True)

    def picture(self) -> Words:
        """Say the question, with its options."""
        return Words(self.question, tuple(self.options))
