"""How a widget looks where there is no kernel: its last picture, and what is missing."""

from __future__ import annotations

import html
import os
from typing import Any

from IPython.display import display

from lae_helpers.plotting import Picture

FROM_A_SERVER = "JPY_SESSION_NAME"  # a Jupyter server says so to the kernels that it starts
GIVE_WAY = """<style>
.jp-OutputArea:has(.lae-live, .lae-training-panel) .lae-stand-in,
.jp-OutputArea:has(.lae-stand-in) .jupyter-widgets:not(:has(*)) { display: none; }
</style>"""


def fallback_html(picture: Picture, note: str) -> str:
    """Return the picture with its alt text, and a paragraph under it."""
    return (
        f'<div class="lae-fallback">{picture.to_html()}\n'
        f"<p><small>{html.escape(note)}</small></p></div>"
    )


def mimebundle(widget_view: dict[str, Any], picture: Picture, note: str) -> dict[str, Any]:
    """Join the bundle of an ipywidget with what stands in for it on a page.

    JupyterLab prefers the widget. There is no PNG on purpose: the website would prefer it to the
    HTML, which alone can say what is missing.
    """
    return {**widget_view, "text/html": fallback_html(picture, note), "text/plain": picture.alt}


class Shown:
    """Base of what is a widget where a kernel runs, and a picture elsewhere.

    JupyterLab prefers the widget to all that an output offers, and says "model not found" in its
    place when it opens a notebook whose kernel is gone. There the picture is an output of its own,
    which gives way to the live figure.
    """

    _stand_in = "lae-stand-in"

    def _ipython_display_(self) -> None:
        bundle: Any = self._repr_mimebundle_()  # type: ignore[attr-defined]
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if FROM_A_SERVER in os.environ:
            picture = f'<div class="{self._stand_in}">{GIVE_WAY}{data.pop("text/html")}</div>'
            display({"text/html": picture, "text/plain": data["text/plain"]}, raw=True)
        display(data, raw=True)
