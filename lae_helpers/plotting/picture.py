"""A drawn figure, as a notebook shows it, and the text for those who do not see it."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from lae_helpers.plotting.style import STYLE, styled

PIXELS_PER_INCH = 100
SHARPNESS = 2
# Drawn on white: in a dark notebook the white turns dark, and every colour keeps its hue.
DARK = """<style>@media screen {
:is(body[data-jp-theme-light="false"], body.vscode-dark) img.lae-still {
filter: invert(1) hue-rotate(180deg); } }</style>"""


class Picture:
    """A drawn figure and the text for those who do not see it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    alt : str
        What it shows, in words and numbers.
    style : mapping
        The settings of Matplotlib that it was drawn with.

    Attributes
    ----------
    png : bytes
    alt : str
    width : int
        Width at which to show it, in CSS pixels.
    """

    def __init__(self, figure: Figure, alt: str, style: Mapping[Any, Any] = STYLE) -> None:
        with styled(style), io.BytesIO() as buffer:
            figure.savefig(buffer, format="png", dpi=SHARPNESS * PIXELS_PER_INCH)
            self.png = buffer.getvalue()
        self.alt = alt
        self.width = round(figure.get_figwidth() * PIXELS_PER_INCH)

    def to_html(self) -> str:
        """Return an ``<img>`` element that holds the picture itself."""
        data = base64.b64encode(self.png).decode("ascii")
        return (
            f'{DARK}<img class="lae-still" src="data:image/png;base64,{data}" '
            f'alt="{html.escape(self.alt)}" '
            f'width="{self.width}" style="max-width: 100%; height: auto">'
        )

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
        data = {
            "image/png": base64.b64encode(self.png).decode("ascii"),
            "text/html": self.to_html(),
            "text/plain": self.alt,
        }
        return data, {"image/png": {"alt": self.alt, "width": self.width}}


def join_sentences(*parts: str) -> str:
    """Join what is said of a figure, one full stop after each part that is not empty."""
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)
