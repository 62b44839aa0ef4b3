"""What all figures share: names they know, a picture where no kernel runs, one front end."""

from __future__ import annotations

import difflib
import html
import inspect
import json
import os
from abc import abstractmethod
from typing import Any, Protocol, Self

import anywidget
import traitlets
from IPython.core.getipython import get_ipython
from IPython.display import display

FROM_A_SERVER = "JPY_SESSION_NAME"  # a Jupyter server says so to the kernels that it starts
GIVE_WAY = """<style>
.jp-OutputArea:has(.lae-live, .lae-training-panel) .lae-stand-in,
.jp-OutputArea:has(.lae-stand-in) .jupyter-widgets:not(:has(*)) { display: none; }
</style>"""
VIEW = "application/vnd.jupyter.widget-view+json"
NOTE = "Interactive where JavaScript runs; this is a picture of it."


class Still(Protocol):
    """What can stand in for a figure: a `lae_helpers.plotting.Picture`, or words."""

    @property
    def alt(self) -> str:
        """What it says to those who do not see it."""

    def to_html(self) -> str:
        """Return it as HTML."""


class BaseFigure:
    """A widget where a kernel runs, a picture elsewhere; it refuses names that it does not know.

    JupyterLab prefers the widget to all that an output offers, and says "model not found" in its
    place when it opens a notebook whose kernel is gone. There the picture is an output of its own,
    which gives way to the live figure. Where a program executes the notebook, there is no widget
    in the outputs: nbconvert prefers it, and asks another host for what would show it.
    """

    _stand_in = "lae-stand-in"

    def __new__(cls, *_args: object, **keywords: object) -> Self:
        """Make an instance, or raise a `TypeError` that says which names were meant."""
        if unknown := [name for name in keywords if name not in (known := known_names(cls))]:
            wrong = " and ".join(_suggest(name, known) for name in unknown)
            raise TypeError(f"{cls.__name__} takes no {wrong}; it takes {', '.join(known)}")
        return super().__new__(cls)

    def _ipython_display_(self) -> None:
        bundle: Any = self._repr_mimebundle_()  # type: ignore[attr-defined]
        data, metadata = bundle
        if executed_by_program():
            data.pop(VIEW, None)
        if FROM_A_SERVER in os.environ:
            picture = f'<div class="{self._stand_in}">{GIVE_WAY}{data.pop("text/html")}</div>'
            display({"text/html": picture, "text/plain": data["text/plain"]}, raw=True)
        display(data, metadata=metadata, raw=True)


class InteractiveFigure(BaseFigure, anywidget.AnyWidget):
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
    def picture(self) -> Still:
        """Draw the figure as its traits have it, without a browser."""

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        # Colab finds its widget manager by the metadata that anywidget gives.
        offered, metadata = super()._repr_mimebundle_() or ({}, {})
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        # The host on the website looks for the view here: MyST-NB renders one kind of output only.
        script = f'<script type="{VIEW}">{json.dumps(view)}</script>'
        summary = (inspect.getdoc(type(self)) or "").partition("\n")[0]
        data = stand_in({**offered, VIEW: view}, self.picture(), f"{summary} {NOTE}")
        data["text/html"] = f'<div class="lae-figure">{data["text/html"]}{script}</div>'
        return data, metadata


def stand_in(view: dict[str, Any], picture: Still, note: str) -> dict[str, Any]:
    """Join the view of a widget with what stands in for it on a page, a picture and a note.

    JupyterLab prefers the widget. There is no PNG on purpose: the website would prefer it to the
    HTML, which alone can say what is missing.

    Parameters
    ----------
    view : dict
        Data of the widget by their media types.
    picture : Still
    note : str
        A paragraph under the picture.

    Returns
    -------
    dict
        Data by their media types.
    """
    page = (
        f'<div class="lae-fallback">{picture.to_html()}\n'
        f"<p><small>{html.escape(note)}</small></p></div>"
    )
    return {**view, "text/html": page, "text/plain": picture.alt}


def executed_by_program() -> bool:
    """Tell whether a program executes the notebook, such as nbconvert: none answers an ``input``.

    Voilà is one too, but shows live figures.
    """
    kernel: Any = getattr(get_ipython(), "kernel", None)
    if not hasattr(kernel, "get_parent") or any(name.startswith("VOILA_") for name in os.environ):
        return False
    request = kernel.get_parent("shell").get("content", {})
    return request.get("allow_stdin") is False


def known_names(figure: type[Any]) -> list[str]:
    """List what a constructor takes by name: its parameters, and for ``**traits`` the traits."""
    parameters = inspect.signature(figure).parameters.values()
    names = [p.name for p in parameters if p.kind is not p.VAR_KEYWORD]
    if len(names) < len(parameters) and issubclass(figure, traitlets.HasTraits):
        traits = figure.class_traits(sync=True).items()
        names += [n for n, trait in traits if not n.startswith("_") and not trait.read_only]
    return names


def _suggest(name: str, known: list[str]) -> str:
    meant = difflib.get_close_matches(name, known, n=1)
    return f"{name!r}" + (f" (did you mean {meant[0]!r}?)" if meant else "")
