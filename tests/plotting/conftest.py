"""Keep what is drawn, to look into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lae_helpers.plotting import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Keep the figures that are drawn."""
    drawn: list[Figure] = []
    make = Picture.__init__

    def keep(picture: Picture, figure: Figure, alt: str) -> None:
        drawn.append(figure)
        make(picture, figure, alt)

    monkeypatch.setattr(Picture, "__init__", keep)
    return drawn


def scales(figure: Figure) -> list[tuple[float, float]]:
    """Return the ends of the scale of each image."""
    return [image.get_clim() for ax in figure.axes for image in ax.get_images()]
