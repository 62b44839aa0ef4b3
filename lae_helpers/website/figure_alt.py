"""Carries the alt text of a picture from notebook output to rendered page (a MyST-NB plugin)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer


class FigureAltRenderer(MimeRenderPlugin):
    """Renders PNG outputs as MyST-NB does, with the alt text of the output's own metadata."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = (
        ("html", "image/png", 15),
    )

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Return the image node, or None for anything that is not a PNG with an alt text."""
        alt = data.output_metadata.get("image/png", {}).get("alt")
        if data.mime_type != "image/png" or alt is None or inline:
            return None
        images: list[nodes.Element] = renderer.render_image(data)
        for image in images:
            image["alt"] = alt
        return images
