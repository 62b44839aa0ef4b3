"""The drawings of the book as PNG, which every viewer shows in a notebook that holds it.

``python -m tools.draw_pngs`` draws them, and writes into each which state of the SVG it shows.
"""

from __future__ import annotations

import base64
import hashlib
import html
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).with_name("png")
SCALE = 2  # pixels of a screen for one of the drawing
STATE = "Source"  # the field of a PNG that holds the hash


def state_of(drawing: Path) -> str:
    """Hash an SVG."""
    return hashlib.sha256(drawing.read_bytes()).hexdigest()


def picture_of(drawing: Path, alt: str) -> str:
    """Return the picture of an SVG as an element that holds it.

    Raises
    ------
    ValueError
        If there is none, or one of another state of the drawing.
    """
    path = FOLDER / f"{drawing.stem}.png"
    if path.exists():
        with Image.open(path) as picture:
            width, state = picture.width // SCALE, picture.info.get(STATE)
        if state == state_of(drawing):
            content = base64.b64encode(path.read_bytes()).decode()
            alt = html.escape(alt, quote=True)
            return f'<img src="data:image/png;base64,{content}" alt="{alt}" width="{width}">'
    raise ValueError(f"{drawing.name} has no picture that shows it: python -m tools.draw_pngs")
