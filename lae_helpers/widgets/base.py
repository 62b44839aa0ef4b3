"""What the interactive figures share: one front end for two hosts, and a picture for neither."""

from __future__ import annotations

import inspect
import json
from abc import abstractmethod
from typing import Any

import anywidget

from lae_helpers.plotting import Picture
from lae_helpers.widgets.fallback import Shown, fallback_html
from lae_helpers.widgets.names import KnownNames

VIEW = "application/vnd.jupyter.widget-view+json"
NOTE = "Interactive where JavaScript runs; this is a picture of it."


class InteractiveFigure(KnownNames, Shown, anywidget.AnyWidget):
    """A figure whose front end computes what it shows, with a kernel or without.

    In JupyterLab its traits are read and set from Python. On the website the local host script
    mounts the same front end on the state that the executed page holds. Where neither can, on
    paper or in a viewer, the page shows `picture` and, under it, the first line of the docstring.
    """

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 - those of traitlets
        """Let the picture be found by the name that its front end gives the live figure."""
        super().__init_subclass__(**options)
        name = cls.__module__.rpartition(".")[2].removesuffix("_figure").replace("_", "-")
        cls._stand_in = f"lae-stand-in lae-{name}"

    @abstractmethod
    def picture(self) -> Picture:
        """Draw the figure as its traits have it, without a browser."""

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        picture = self.picture()
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        # The host on the website looks for the view here: MyST-NB renders one kind of output only.
        script = f'<script type="{VIEW}">{json.dumps(view)}</script>'
        summary = (inspect.getdoc(type(self)) or "").partition("\n")[0]
        note = f"{summary} {NOTE}"
        page = f'<div class="lae-figure">{fallback_html(picture, note)}{script}</div>'
        return {VIEW: view, "text/html": page, "text/plain": picture.alt}, {}
