"""Pictures that a tool draws are those that it would draw today."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tools.draw_bow_ties import PARTS, SHOWN_WHEN_LIT, STATIC, TEMPLATE, draw


@pytest.mark.parametrize("chapter", PARTS)
def test_bow_tie_of_each_chapter_is_as_drawn(chapter: int) -> None:
    drawn = (STATIC / f"bow_tie_{chapter}.svg").read_text(encoding="utf-8")
    assert drawn == draw(chapter)
    assert ET.fromstring(drawn).tag.endswith("svg")


def test_every_part_that_can_be_lit_is_drawn() -> None:
    groups = ET.parse(TEMPLATE).getroot().iter("{http://www.w3.org/2000/svg}g")
    drawn = {f".{name}" for group in groups for name in group.get("class", "").split()}
    lit = {name for _, names in PARTS.values() for name in names.split(", ")}
    assert lit | set(SHOWN_WHEN_LIT) | {".shared"} <= drawn
