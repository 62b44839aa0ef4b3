"""How each rule is drawn: its colour and its dash, the same in every figure of chapter 8."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

HEXES = MappingProxyType({  # of css/figure.css in the light; blue and orange belong to W and B
    "ink": "#1f2328", "muted": "#57606a", "third": "#00795a",
    "fourth": "#a3437f", "fifth": "#8f6a00", "sixth": "#6b46c1",
})  # fmt: skip


@dataclass(frozen=True)
class Look:
    """A line's colour and dash.

    Attributes
    ----------
    colour : str
        Its name in the style sheet of the figures.
    dash : tuple of float
        Lengths of strokes and gaps in widths of the line; none for an unbroken one.
    """

    colour: str
    dash: tuple[float, ...] = ()

    def style(self) -> dict[str, Any]:
        """Return what Matplotlib's ``plot`` takes."""
        return {"color": HEXES[self.colour], "linestyle": (0, self.dash) if self.dash else "-"}


LOOKS = MappingProxyType({
    "backprop": Look("ink"),
    "feedback alignment": Look("muted", (1, 1.5)),
    "feedback alignment, tuned": Look("muted", (1, 1.5)),
    "feedback alignment, as drawn": Look("muted", (1, 4)),
    "Kolen–Pollack": Look("fourth", (6, 2)),
    "weight mirror": Look("third", (3, 1.5)),
    "weight mirror, own activity": Look("third", (1, 1)),
    "information alignment": Look("fifth", (5, 1.5, 1, 1.5)),
    "information alignment, β = 0.1": Look("fifth", (9, 1.5)),
    "information alignment, β = 1": Look("fifth", (5, 1.5, 1, 1.5)),
    "information alignment 1/1/1": Look("fifth", (3, 1.5, 1, 1.5, 1, 1.5)),
    "symmetric alignment": Look("sixth", (2, 3)),
})  # fmt: skip


def look_of(label: str) -> Look | None:
    """Return the look of the rule that a label names, or None if it names none.

    Of several names in one label the longest counts.

    Examples
    --------
    >>> look_of("β = 0: weight mirror")
    Look(colour='third', dash=(3, 1.5))
    """
    named = [name for name in LOOKS if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", label)]
    return LOOKS[max(named, key=len)] if named else None


def styles_of(labels: Iterable[str]) -> Mapping[str, dict[str, Any]]:
    """Return what Matplotlib's ``plot`` takes, by label, for those that name a rule."""
    found = {label: look_of(label) for label in labels}
    return {label: look.style() for label, look in found.items() if look is not None}


def looks_for_page(labels: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what the front end of a figure draws with, by label, for those that name a rule."""
    found = {label: look_of(label) for label in labels}
    return {n: {"colour": k.colour, "dash": list(k.dash)} for n, k in found.items() if k}
