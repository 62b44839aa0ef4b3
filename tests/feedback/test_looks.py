"""A rule keeps its colour and its dash in every figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from lae_helpers.feedback import plots
from lae_helpers.feedback.looks import HEXES, LOOKS, look_of, looks_for_page, styles_of
from lae_helpers.feedback.records import load_recording
from lae_helpers.feedback.rules import RULES
from lae_helpers.plotting import DECODER, ENCODER, curves
from lae_helpers.widgets.front_end import STYLES
from tests.conftest import BOOK

if TYPE_CHECKING:
    from types import ModuleType

    from matplotlib.figure import Figure

NETWORK = "4 hidden layers"


def labels() -> list[str]:
    return list(load_recording().runs[NETWORK])


def catch_figures(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> list[Figure]:
    caught: list[Figure] = []
    monkeypatch.setattr(module, "Picture", lambda figure, _alt: caught.append(figure))
    return caught


def assert_styled(figure: Figure, wanted: list[str]) -> None:
    lines = {str(line.get_label()): line for line in figure.axes[0].get_lines()}
    assert set(wanted) <= set(lines)
    for label in wanted:
        look, line = look_of(label), lines[label]
        assert look is not None
        assert to_hex(str(line.get_color())) == HEXES[look.colour]
        dash: Any = line._unscaled_dash_pattern  # type: ignore[attr-defined]
        assert tuple(dash[1] or ()) == look.dash


def test_colours_are_those_of_the_style_sheet_and_leave_blue_and_orange_to_the_matrices() -> None:
    light = (STYLES / "figure.css").read_text(encoding="utf-8").partition("}")[0]
    of_page = dict(re.findall(r"--lae-(\w+): (#\w{6});", light))
    assert {name: of_page[name] for name in HEXES} == HEXES
    assert not {of_page["encoder"], of_page["decoder"], ENCODER, DECODER} & set(HEXES.values())


def test_every_rule_and_contestant_has_a_look_and_no_two_contestants_one() -> None:
    looks = [look_of(label) for label in labels()]
    assert None not in looks
    assert len(set(looks)) == len(looks)
    assert len({look.dash for look in looks if look}) == len(looks)  # without colours too
    for rule in RULES:
        assert rule.name in LOOKS


def test_the_longest_name_in_a_label_counts() -> None:
    assert look_of("information alignment, β = 1") == LOOKS["information alignment, β = 1"]
    assert look_of("information alignment, β = 10") == LOOKS["information alignment"]
    assert look_of("β = 0: weight mirror") == LOOKS["weight mirror"]
    assert look_of("weight mirrors") is None
    assert styles_of(["hope"]) == looks_for_page(["hope"]) == {}


def test_stills_are_drawn_with_the_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    caught = catch_figures(monkeypatch, plots)
    plots.plot_runs(load_recording().runs[NETWORK], "weight_angles")
    assert_styled(caught[0], labels())


def test_curves_are_drawn_with_the_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    caught = catch_figures(monkeypatch, curves)
    drawn = {"β = 0: weight mirror": np.ones(3), "backprop": np.ones(3)}
    curves.plot_curves(drawn, xlabel="x", ylabel="y", styles=styles_of(drawn))
    assert_styled(caught[0], list(drawn))


def test_the_drawing_of_one_layer_has_the_looks_and_the_colours_of_the_matrices() -> None:
    drawing = (BOOK / "_static" / "layer.svg").read_text(encoding="utf-8")
    for name in ("Kolen–Pollack", "weight mirror", "information alignment"):
        stroke = re.search(
            rf'stroke="(#\w+)" stroke-width="4" stroke-dasharray="([\d ]+)"/>\n.*{name}</text>',
            drawing,
        )
        assert stroke
        assert stroke[1] == HEXES[LOOKS[name].colour]
        assert [float(part) / 4 for part in stroke[2].split()] == list(LOOKS[name].dash)
    light = (STYLES / "figure.css").read_text(encoding="utf-8").partition("}")[0]
    for name, arrow in {"encoder": "go", "decoder": "return"}.items():
        colour = re.search(rf"--lae-{name}: (#\w+);", light)
        assert colour
        assert f".{arrow} {{ fill: none; stroke: {colour[1]};" in drawing
