"""Keeps of the output of a cell what viewers show that run nothing."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup

VIEW = "application/vnd.jupyter.widget-view+json"
PNG = "data:image/png;base64,"
# What runs, and the note that a figure is a picture, where it is a question in words.
NEEDLESS = "script, .lae-fallback p:has(> small)"


def as_picture(page: str) -> tuple[str, dict[str, Any]] | None:
    """Return the one PNG of a page of HTML, and how it is shown; None if it has another picture."""
    images = BeautifulSoup(page, "html.parser").find_all("img")
    source = str(images[0]["src"]) if len(images) == 1 else ""
    if not source.startswith(PNG):
        return None
    shown: dict[str, Any] = {"alt": str(images[0].get("alt", ""))}
    if (width := str(images[0].get("width", ""))).isdigit():
        shown["width"] = int(width)
    return source.removeprefix(PNG), shown


def portable_output(output: dict[str, Any]) -> dict[str, Any]:
    """Return an output without widgets, a picture once and as a picture.

    A live figure holds its picture as HTML, which some viewers do not show.
    """
    if "data" not in output:
        return dict(output)
    data = {kind: content for kind, content in output["data"].items() if kind != VIEW}
    metadata = {kind: shown for kind, shown in output.get("metadata", {}).items() if kind in data}
    page = data.get("text/html", "")
    if "image/png" not in data and page and (found := as_picture(page)):
        data["image/png"], metadata["image/png"] = found
    if "image/png" in data:
        data.pop("text/html", None)
    elif page:
        soup = BeautifulSoup(page, "html.parser")
        for part in soup.select(NEEDLESS):
            part.decompose()
        data["text/html"] = str(soup)
    return {**output, "data": data, "metadata": metadata}
