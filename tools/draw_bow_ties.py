"""Draw the bow-tie at the head of each chapter, with the part lit that the chapter is about.

python -m tools.draw_bow_ties
"""

from __future__ import annotations

from pathlib import Path
from string import Template

TEMPLATE = Path(__file__).with_name("bow_tie.svg")
STATIC = TEMPLATE.parents[1] / "book" / "_static"
PARTS = {
    1: ("the way back", ".back"),
    2: ("the data", ".data"),
    3: ("the biases", ".bias"),
    4: ("what may stand between encoder and decoder", ".between"),
    5: ("the decoder", ".decoder"),
    6: ("the neurons of the bottleneck, in order", ".code, .order"),
    7: ("encoder and decoder, in turn", ".encoder, .decoder"),
    8: ("the way back, with weights of its own", ".back, .own"),
}
SHOWN_WHEN_LIT = (".bias", ".between", ".order", ".own")


def draw(chapter: int) -> str:
    """Draw the bow-tie of a chapter as SVG."""
    part, lit = PARTS[chapter]
    absent = [name for name in SHOWN_WHEN_LIT if name not in lit]
    absent += [".shared"] if ".own" in lit else []
    drawing = Template(TEMPLATE.read_text(encoding="utf-8"))
    return drawing.substitute(part=part, lit=lit, absent=", ".join(absent))


if __name__ == "__main__":
    for chapter in PARTS:
        (STATIC / f"bow_tie_{chapter}.svg").write_text(draw(chapter), encoding="utf-8")
