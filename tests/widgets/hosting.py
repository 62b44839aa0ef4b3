"""A page with nothing but figures, mounted by the website's own host, and when to read it."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

from ipywidgets.widgets.widget import _remove_buffers
from myst_nb.core.render import sanitize_script_content

from tests.conftest import BOOK, PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    from lae_helpers.widgets.base import InteractiveFigure

FRAMES = "async (n) => { while (n-- > 0) await new Promise(requestAnimationFrame); }"
# An observer of the page's own is told after those that figures made before it.
SEEN = """() => Promise.all([...document.querySelectorAll(".lae-live")].map((live) =>
    new Promise((done) => new IntersectionObserver(done).observe(live)).then(() => null)))"""
STATE = "application/vnd.jupyter.widget-state+json"
PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light">
<head><meta charset="utf-8"><title>Figures</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body style="max-width: 44rem; margin: 1rem auto; padding: 0 1rem">
<main class="bd-article"><h1>Figures</h1>{prose}{figures}</main>
<script type="{state_type}">{state}</script>
<script>{host}</script>
<script>{prose_host}</script>
</body></html>"""


def saved_state(figure: InteractiveFigure) -> dict[str, Any]:
    """Return the state of a figure's model as an executed notebook keeps it."""
    state, paths, buffers = _remove_buffers(figure.get_state())
    coded = [base64.b64encode(buffer).decode() for buffer in buffers]
    return {
        "model_name": "AnyModel",
        "model_module": "anywidget",
        "model_module_version": "~0.11.*",
        "state": state,
        "buffers": [
            {"encoding": "base64", "path": path, "data": data}
            for path, data in zip(paths, coded, strict=True)
        ],
    }


def page_with(
    *figures: InteractiveFigure,
    with_state: bool = True,
    labels: tuple[str, ...] = (),
    prose: str = "",
) -> str:
    """Return a page that holds the figures as the built site would hold them.

    Those that have a label are in a ``figure`` of that label; ``prose`` stands above them, as HTML.
    """
    state = {figure.model_id: saved_state(figure) for figure in figures if with_state}
    saved = {"version_major": 2, "version_minor": 0, "state": state}
    shown = [figure._repr_mimebundle_()[0]["text/html"] for figure in figures]
    for i, label in enumerate(labels):
        shown[i] = f'<figure id="{label}">{shown[i]}</figure>'
    return PAGE.format(
        figures="\n".join(shown),
        prose=prose,
        state_type=STATE,
        state=sanitize_script_content(json.dumps(saved)),
        host=(BOOK / "_static" / "figure_host.js").read_text(encoding="utf-8"),
        prose_host=(BOOK / "_static" / "prose.js").read_text(encoding="utf-8"),
    )


def settle(tab: Tab, frames: int = 2) -> None:
    """Wait until what was asked for is drawn: a figure draws on the next frame, once at most.

    What is read of a page after an action, and not by ``expect``, is read after this.
    """
    tab.evaluate(FRAMES, frames)


def wait_until_seen(tab: Tab) -> None:
    """Wait until figures know whether they are on screen: before that they do not run."""
    tab.evaluate(SEEN)


def wait_until(tab: Tab, holds: Callable[[], bool]) -> None:
    """Wait until something holds that no locator can ``expect``, looking again after each draw."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "what was waited for did not come"
        settle(tab)
