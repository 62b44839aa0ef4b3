"""Every figure refuses names that it does not know, and says which one was meant."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from ipywidgets import DOMWidget

from lae_helpers import widgets
from lae_helpers.widgets.base import known_names

FIGURES = {
    name: figure
    for name in widgets.__all__
    if isinstance(figure := getattr(widgets, name), type) and issubclass(figure, DOMWidget)
}
OWN = {
    "AlignmentFigure": "beta",
    "BiasPriceFigure": "gamma",
    "LateBiasFigure": "step",
    "CloudFigure": "centred",
    "FeedbackFigure": "network",
    "Explorer": "learning_rate",
    "FourLossesFigure": "n_components",
    "ImagePager": "captions",
    "LadderFigure": "matrix",
    "LandscapeFigure": "variance",
    "MirrorFigure": "activity",
    "OrdersFigure": "order",
    "Prediction": "committed",
    "ReconstructionFigure": "n_components",
    "SpectrumFigure": "measured",
    "SubspaceFigure": "gap",
    "TrainingPanel": "optimizer",
    "TransposeFigure": "n_components",
    "WayBackFigure": "angle",
}
SLIPS = {"lamda": "lam", "n_component": "n_components"}


@pytest.mark.parametrize("name", FIGURES)
def test_a_slip_in_any_name_is_refused_with_the_name_that_was_meant(name: str) -> None:
    figure = FIGURES[name]
    assert OWN[name] in known_names(figure)
    for known in known_names(figure):
        slip = f"{known}_"
        message = rf"^{name} takes no '{slip}' \(did you mean '{known}'\?\); it takes "
        with pytest.raises(TypeError, match=message):
            figure(**{slip: 1})


@pytest.mark.parametrize("name", FIGURES)
def test_a_name_like_none_is_refused_with_the_list_of_all(name: str) -> None:
    listed = re.escape(", ".join(known_names(FIGURES[name])))
    with pytest.raises(TypeError, match=rf"^{name} takes no 'zzz'; it takes {listed}$"):
        FIGURES[name](zzz=1)


def test_every_slip_is_named() -> None:
    X: Any = np.eye(4)
    lamda, component = (rf"'{slip}' \(did you mean '{name}'\?\)" for slip, name in SLIPS.items())
    with pytest.raises(TypeError, match=f"{lamda} and {component}"):
        widgets.Explorer(X, lamda=3, n_component=2)


def test_every_trait_that_is_listed_is_taken() -> None:
    taken: dict[str, Any] = {
        "problem": "data",
        "regularizer": "sum",
        "lam": 0.5,
        "n_components": 2,
        "seed": 3,
    }
    taken |= {"learning_rate": 0.1, "speed": 5, "playing": False, "walk": []}
    assert set(taken) <= set(known_names(widgets.Explorer))
    figure = widgets.Explorer(np.eye(4), steps=0, **taken)
    assert {name: getattr(figure, name) for name in taken} == taken
