"""Google Colab shows a figure where its metadata name a manager of widgets: they are kept."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import anywidget._util
import numpy as np
import pytest

from lae_helpers import widgets
from lae_helpers.feedback.records import load_recording
from lae_helpers.widgets import base
from lae_helpers.widgets.base import VIEW, InteractiveFigure
from tests.widgets.test_names import FIGURES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

X = np.random.default_rng(0).normal(size=(30, 12))
URL = "https://colab.example/manager.js"


@pytest.fixture(autouse=True)
def colab(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Stand in for google.colab, which exists nowhere else."""
    calls: list[str] = []
    output: Any = ModuleType("google.colab.output")
    output.enable_custom_widget_manager = lambda: calls.append("enabled")
    output._widgets = SimpleNamespace(_installed_url=URL)
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    anywidget._util.enable_custom_widget_manager_once.cache_clear()
    yield calls
    anywidget._util.enable_custom_widget_manager_once.cache_clear()


@pytest.fixture
def capture(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Collect what would be displayed."""
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(base, "display", lambda data, **more: shown.append({"data": data, **more}))
    return shown


def check(bundle: tuple[dict[str, Any], dict[str, Any]], calls: list[str]) -> None:
    data, metadata = bundle
    assert metadata[VIEW]["colab"]["custom_widget_manager"]["url"] == URL
    assert {VIEW, "text/html", "text/plain"} <= data.keys()
    assert calls == ["enabled"]


MAKE: dict[str, Callable[[], InteractiveFigure]] = {
    "AlignmentFigure": lambda: widgets.AlignmentFigure(np.diag([2.0, 1.0])),
    "BiasPriceFigure": widgets.BiasPriceFigure,
    "CloudFigure": widgets.CloudFigure,
    "Explorer": lambda: widgets.Explorer(X),
    "FeedbackFigure": lambda: widgets.FeedbackFigure(load_recording().runs),
    "FourLossesFigure": lambda: widgets.FourLossesFigure(X),
    "ImagePager": lambda: widgets.ImagePager({"rows": np.eye(6)}, image_shape=(2, 3)),
    "LadderFigure": lambda: widgets.LadderFigure([5.0, 3.8]),
    "LandscapeFigure": widgets.LandscapeFigure,
    "LateBiasFigure": widgets.LateBiasFigure,
    "MirrorFigure": lambda: widgets.MirrorFigure(np.eye(2), np.eye(2)),
    "OrdersFigure": widgets.OrdersFigure,
    "Prediction": lambda: widgets.ask_choice("Which?", ["a", "b"], truth=1, why="So."),
    "ReconstructionFigure": lambda: widgets.ReconstructionFigure(X),
    "SpectrumFigure": lambda: widgets.SpectrumFigure([4.0, 2.0, 1.0]),
    "SubspaceFigure": widgets.SubspaceFigure,
    "TransposeFigure": lambda: widgets.TransposeFigure(X),
    "WayBackFigure": lambda: widgets.WayBackFigure(X, np.arange(len(X)) % 3),
}


def test_every_figure_is_looked_at() -> None:
    assert MAKE.keys() == FIGURES.keys()


@pytest.mark.parametrize("name", MAKE)
def test_a_figure_keeps_the_metadata(name: str, colab: list[str]) -> None:
    check(MAKE[name]()._repr_mimebundle_(), colab)


def test_so_does_the_panel(colab: list[str]) -> None:
    images = np.random.default_rng(1).uniform(size=(20, 16))
    check(widgets.TrainingPanel(images, n_components=2)._repr_mimebundle_(), colab)


def test_it_is_displayed_with_them(
    monkeypatch: pytest.MonkeyPatch, capture: list[dict[str, Any]]
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    widgets.CloudFigure()._ipython_display_()
    (shown,) = capture
    assert VIEW in shown["metadata"]
