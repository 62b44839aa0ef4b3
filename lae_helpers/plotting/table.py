"""Tables of words and numbers, real ones on a page and lines of text elsewhere."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """What a notebook shows as a table.

    Attributes
    ----------
    columns : sequence of str
        The head.
    rows : sequence of sequence of str
        Each begins with the name of the row.

    Raises
    ------
    ValueError
        If a row is not as long as the head.

    Examples
    --------
    >>> print(Table(("rule", "angle"), [("weight mirror", "5°"), ("as drawn", "90°")]))
    rule           angle
    weight mirror     5°
    as drawn         90°
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(
                    f"rows must have {len(self.columns)} entries, one a column, not {list(row)}"
                )

    def __str__(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(
                entry.rjust(width) if i else entry.ljust(width)
                for i, (entry, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in self.columns)
        body = "".join(
            f'<tr><th scope="row">{html.escape(name)}</th>'
            + "".join(f"<td>{html.escape(entry)}</td>" for entry in entries)
            + "</tr>"
            for name, *entries in self.rows
        )
        return (
            f'<table class="lae-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        )
