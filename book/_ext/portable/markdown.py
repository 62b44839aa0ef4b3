r"""Turns MyST into the Markdown that GitHub, nbviewer, Colab and VS Code read too.

Statements become quotes that begin with their name and number, formulas get their number as a
``\tag``, roles become words. A directive or a role that is not known here is noted as a fault.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

OPENING = re.compile(r"\s*(?P<marks>:{3,}|`{3,})\{(?P<name>[\w:-]+)\}[ \t]*(?P<title>.*?)\s*")
OPTION = re.compile(r"\s*:(?P<name>[\w-]+):\s*(?P<value>.*?)\s*")
LABEL = re.compile(r"\([\w-]+\)=\s*")
DISPLAY_END = re.compile(r"\s*\$\$(?:\s*\((?P<label>[\w-]+)\))?\s*")
FENCE = re.compile(r"(?P<marks>\s*`{3,})(?!\{)[^`]*")
ROLE = re.compile(r"\{(?P<role>[\w:-]+)\}`(?:(?P<words>[^`<]*?)\s*<)?(?P<target>[^`<>]+)>?`")
WORDS_OF_LINK = r"\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
LINK = re.compile(rf"(?<!!){WORDS_OF_LINK}\((?P<to>[^()\s]+)\)")
IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^()\s]+)\)")
ELEMENT = re.compile(r"<(a|span)\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>(?P<words>.*?)</\1>", re.DOTALL)
CODE = re.compile(r"^[> ]*(`{3,})(?s:.*?)^[> ]*\1|(?<!\})`[^`\n]+`", re.MULTILINE)
MATH = re.compile(r"(?<!\\)(\$\$?)(?P<tex>.+?)\1", re.DOTALL)
TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")
STRUCTURE = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|\$\$|>|#|\||!\[|<|`{3})")
ADMONITIONS = ("admonition", "note", "tip", "hint", "important", "warning")


class Book(Protocol):
    """What the text of a page needs to know of the book around it."""

    def name(self, label: str) -> str:
        """Say what has a label, ``Theorem 4.1``; "" if nothing has."""

    def address(self, target: str) -> str | None:
        """Say where a link leads outside of the notebook; None if it names nothing."""

    def picture(self, path: str, alt: str) -> str:
        """Give a picture, with what it shows in words, as an element."""

    def fault(self, message: str) -> None:
        """Note what has no portable form."""


def shut_in(lines: list[str]) -> list[str]:
    """Put lines into a quote, a formula on one line: JupyterLab leaves ``>`` within formulas."""
    quoted, formula = [], [""]
    for line in lines:
        if len(formula) > 1 or line.strip() == "$$":
            formula.append(line if len(formula) == 1 else line.strip())
            if len(formula) > 2 and line.strip() == "$$":
                quoted.append(" ".join(formula[1:]))
                formula = [""]
        else:
            quoted.append(line)
    return [f"> {line}".rstrip() for line in quoted]


def lead(words: str, lines: list[str]) -> list[str]:
    """Put words in front of the first paragraph, or above what is none."""
    if lines and not STRUCTURE.match(lines[0]):
        return [f"{words} {lines[0].lstrip()}", *lines[1:]]
    return [words, "", *lines]


def end(lines: list[str], mark: str) -> list[str]:
    """Put a mark behind the last paragraph, or below what is none."""
    if lines and lines[-1].strip() not in ("", "$$") and not lines[-1].startswith("|"):
        return [*lines[:-1], f"{lines[-1]} {mark}"]
    return [*lines, "", mark]


def strip_blank(lines: list[str]) -> list[str]:
    """Leave out the blank lines at both ends."""
    text = "\n".join(lines).strip("\n")
    return text.split("\n") if text.strip() else []


class PortableText:
    """The Markdown cells of one page, one after the other: a solution goes over several.

    Parameters
    ----------
    book : Book
        Names, addresses and pictures.

    Attributes
    ----------
    solves : str
        The exercise whose solution the last cell belongs to; "" outside of solutions.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.solves = ""

    def convert(self, text: str) -> str:
        """Return the text of a cell in its portable form."""
        converted = self.inline("\n".join(self.blocks(text.split("\n"))))
        return re.sub(r"\n{3,}", "\n\n", converted).strip("\n")

    def blocks(self, lines: list[str]) -> list[str]:
        """Convert formulas, directives and labels, line by line."""
        converted: list[str] = []
        rest = list(lines)
        while rest:
            line = rest.pop(0)
            if fence := FENCE.fullmatch(line):
                converted += self.code(fence, rest)
            elif opening := OPENING.fullmatch(line):
                converted += self.directive(opening, self.until(opening["marks"], rest))
            elif line.strip() == "$$":
                converted += self.display(line, rest)
            elif not LABEL.fullmatch(line):
                converted.append(line)
        return converted

    def until(self, marks: str, rest: list[str]) -> list[str]:
        """Take the lines up to the marks that end a directive."""
        body: list[str] = []
        while rest:
            line = rest.pop(0)
            if line.strip() == marks:
                return body
            fence = FENCE.fullmatch(line)
            body += self.code(fence, rest) if fence else [line]
        self.book.fault(f"a directive is not ended by {marks}")
        return body

    def code(self, fence: re.Match[str], rest: list[str]) -> list[str]:
        """Take a block of code as it is."""
        ends = [line.strip() for line in rest]
        if (marks := fence["marks"].strip()) not in ends:
            self.book.fault(f"code is not ended by {marks}")
        body = rest[: ends.index(marks)] if marks in ends else rest[:]
        del rest[: len(body) + 1]
        return [fence[0], *body, fence["marks"]]

    def display(self, opening: str, rest: list[str]) -> list[str]:
        """Take a formula, and give it its number."""
        formula = [opening]
        while rest:
            line = rest.pop(0)
            if found := DISPLAY_END.fullmatch(line):
                indent = opening[: len(opening) - len(opening.lstrip())]
                number = self.name(found["label"]).strip("()") if found["label"] else ""
                tag = [rf"{indent}\tag{{{number}}}"] if number else []
                return [*formula, *tag, f"{indent}$$"]
            formula.append(line)
        self.book.fault("a formula is not ended by $$")
        return formula

    def directive(self, opening: re.Match[str], body: list[str]) -> list[str]:
        """Convert a directive to what it says."""
        options = {}
        while body and (option := OPTION.fullmatch(body[0])):
            options[option["name"]] = option["value"]
            body.pop(0)
        content = strip_blank(self.blocks(body))
        name, title = opening["name"], opening["title"]
        if name == "div":
            return ["", *content, ""]
        if name == "solution-start":
            self.solves = self.name(title)
            return [f"### Solution to {self.solves}"]
        if name == "solution-end":
            self.solves = ""
            return []
        if name == "prf:proof":
            return ["", *end(lead("**Proof.**", content), "∎"), ""]
        if name in ADMONITIONS:
            return ["", *shut_in(lead(f"**{(title or name.title()).rstrip('.')}.**", content)), ""]
        if not name.startswith("prf:") and name != "exercise":
            self.book.fault(f"the directive {name} has no portable form")
        head = self.name(options.get("label", name)) + (f" ({title})" if title else "")
        statement = lead(f"**{head}.**", content)
        return ["", *(statement if name == "exercise" else shut_in(statement)), ""]

    def name(self, label: str) -> str:
        """Say what has a label, and note if nothing has."""
        if name := self.book.name(label):
            return name
        self.book.fault(f"nothing has the label {label}")
        return label

    def inline(self, text: str) -> str:
        """Convert roles, links, pictures and elements; formulas and code stay as they are."""
        kept: list[str] = []

        def keep(text: str) -> str:
            kept.append(text)
            return f"\0{len(kept) - 1}\0"

        convert: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
            (ROLE, self.role),
            (CODE, lambda code: keep(code[0])),
            (IMAGE, lambda image: keep(self.book.picture(image["path"], image["alt"]))),
            (MATH, lambda math: keep(TAG_LIKE.sub("< ", math[0]))),
            (ELEMENT, lambda element: element["words"]),
            (LINK, self.link),
            (re.compile("\0(\\d+)\0"), lambda place: kept[int(place[1])]),
        ]
        for pattern, function in convert:
            text = pattern.sub(function, text)
        return text

    def role(self, role: re.Match[str]) -> str:
        """Say in words what a role refers to."""
        name, target = role["role"], role["target"]
        if name not in ("prf:ref", "ref", "numref", "eq"):
            self.book.fault(f"the role {name} has no portable form")
        return role["words"] or self.name(target)

    def link(self, link: re.Match[str]) -> str:
        """Keep a link that leads out of the notebook; what it says remains of another."""
        address = self.book.address(link["to"])
        if address is None:
            self.book.fault(f"nothing is found at {link['to']}")
        return f"[{link['words']}]({address})" if address else link["words"]
