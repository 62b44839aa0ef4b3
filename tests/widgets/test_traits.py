"""What the front ends are told of their models is what the models hold."""

from __future__ import annotations

import re
from typing import Any

import pytest
import traitlets

from lae_helpers import widgets
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.front_end import SCRIPTS

DECLARED = {
    name: dict(re.findall(r"^  (\w+): (.*);$", body, re.MULTILINE))
    for name, body in re.findall(
        r"^export interface (\w+)Traits \{\n(.*?)^\}$",
        (SCRIPTS / "traits.d.ts").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
}
FIGURES = {
    figure.__name__.removesuffix("Figure"): figure
    for figure in (getattr(widgets, name) for name in widgets.__all__)
    if isinstance(figure, type) and issubclass(figure, InteractiveFigure)
}
PLAIN = {
    traitlets.Bool: r"boolean",
    traitlets.Bytes: r"DataView",
    traitlets.Float: r"number",
    traitlets.Int: r"number",
    traitlets.List: r".*\[\]|\[.*\]|Range",
    traitlets.Unicode: r"string",
}


def own_traits(figure: type[InteractiveFigure]) -> dict[str, Any]:
    shared = InteractiveFigure.class_trait_names(sync=True)
    return {n: t for n, t in figure.class_traits(sync=True).items() if n not in shared}


def test_every_figure_is_declared_and_nothing_else() -> None:
    assert set(DECLARED) == set(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_the_declared_traits_are_those_of_the_class(name: str) -> None:
    assert set(DECLARED[name]) == set(own_traits(FIGURES[name]))


@pytest.mark.parametrize("name", FIGURES)
def test_plain_traits_are_of_the_declared_kind(name: str) -> None:
    for trait_name, trait in own_traits(FIGURES[name]).items():
        for kind in (kind for plain, kind in PLAIN.items() if isinstance(trait, plain)):
            assert re.fullmatch(kind, DECLARED[name][trait_name]), trait_name
