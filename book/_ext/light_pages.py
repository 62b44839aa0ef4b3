"""Keeps pages light: pictures as files, scripts that wait, nothing that no reader needs.

A notebook holds its pictures itself, for it travels alone; on the website they are files beside the
pages, which a browser fetches when a reader comes near, and which hold their place until then.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from PIL import Image

from .builds import when_built

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = re.compile(r'<html[^>]*\sdata-content_root="([^"]*)"')
IMAGE = re.compile(r"<img\b[^>]*>")
SOURCE = re.compile(r'(?<=\ssrc=")[^"]*')
DATA = re.compile(r"data:image/png;base64,(.*)", re.DOTALL)
NUMBER = re.compile(r"[\d.]+(?:px)?")
WIDTH = re.compile(r'(?:\swidth="|\sstyle="width: )([\d.]+)(?:px|")')
SCRIPT = re.compile(r'<script (?=[^>]*\bsrc=")(?![^>]*\b(?:defer|async)\b)')
SETTINGS = re.compile(r'<script src="[^"]*documentation_options\.js[^"]*"></script>')
NEEDLESS = re.compile(
    r'<script[^>]*\bfontawesome\.js[^>]*></script>\s*|<link rel="preload" as="script"[^>]*>\s*'
)
SEARCH = re.compile(
    r'<script src="[^"]*\b(?:searchtools|language_data|searchindex)\.js"></script>\s*'
)
SEARCH_PAGE = "search.html"  # its scripts lean on each other's order


@cache
def store_picture(png: bytes, folder: Path) -> Path:
    """Write a picture as lossless WebP, which shows the same in a third of the bytes."""
    path = folder / f"{hashlib.sha256(png).hexdigest()[:20]}.webp"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        with Image.open(io.BytesIO(png)) as picture:
            picture.save(path, lossless=True, method=4)
    return path


@cache
def size_of(path: Path) -> tuple[float, float]:
    """Return the width and the height that a picture says it has."""
    if path.suffix == ".svg":
        said = ET.parse(path).getroot().attrib
        window = said.get("viewBox", "").replace(",", " ").split()
        for sizes in ((said.get("width", ""), said.get("height", "")), window[2:]):
            if all(NUMBER.fullmatch(size) for size in sizes) and len(sizes) == 2:
                return float(sizes[0].removesuffix("px")), float(sizes[1].removesuffix("px"))
        raise ValueError(f"{path} must have a viewBox, or width and height in pixels")
    with Image.open(path) as picture:
        return picture.size


def place_picture(tag: str, page: Path, root: str, *, waits: bool) -> str:
    """Return an ``img`` element whose picture is a file, and whose size stands before it comes."""
    found = SOURCE.search(tag)
    if found is None or ":" in found[0].removeprefix("data:image/png"):
        return tag
    path = (page.parent / unquote(found[0])).resolve()
    folder = (page.parent / root / "_images").resolve()
    if data := DATA.match(found[0]):
        path = store_picture(base64.b64decode(data[1]), folder)
    elif path.suffix == ".png" and path.parent == folder:
        path = store_picture(path.read_bytes(), folder)
    if path.parent == folder:
        tag = f"{tag[: found.start()]}{root}_images/{path.name}{tag[found.end() :]}"
    width, height = size_of(path)
    shown = float(said[1]) if (said := WIDTH.search(tag)) else width
    wanted = {"width": f"{shown:.0f}", "height": f"{shown * height / width:.0f}"}
    if waits:
        wanted |= {"loading": "lazy", "decoding": "async"}
    shape = f"aspect-ratio: {width:g} / {height:g}"
    if " style=" not in tag:
        wanted["style"] = shape
    elif shape not in tag:
        tag = tag.replace(' style="', f' style="{shape}; ', 1)
    missing = "".join(f' {k}="{v}"' for k, v in wanted.items() if f" {k}=" not in tag)
    tag = f"<img{missing}{tag[4:]}"
    if data is None:
        return tag
    return f'<span class="lae-frame" style="max-width: {shown:.0f}px; {shape}">{tag}</span>'


def place_pictures(text: str, page: Path, root: str) -> str:
    """Make files of the pictures of a page; the first of the article is the only one in a hurry."""
    head, body, rest = text.partition("<body")
    frame, article, rest = rest.partition("<article")
    frame = IMAGE.sub(lambda tag: place_picture(tag[0], page, root, waits=False), frame)
    seen: list[str] = []

    def place(tag: re.Match[str]) -> str:
        seen.append(tag[0])
        return place_picture(tag[0], page, root, waits=len(seen) > 1)

    return head + body + frame + article + IMAGE.sub(place, rest)


def order_scripts(text: str, page: Path, site: Path) -> str:
    """Let the scripts of a page wait for its text, without those that nothing on it calls."""
    text = NEEDLESS.sub("", text)
    if page == site / SEARCH_PAGE:
        return text
    settings = (site / "_static" / "documentation_options.js").read_text(encoding="utf-8")
    text = SETTINGS.sub(lambda _: f"<script>{settings}</script>", SEARCH.sub("", text))
    head, end, rest = text.partition("</head>")
    return SCRIPT.sub("<script defer ", head) + end + rest


def lighten(page: Path, site: Path) -> None:
    """Write a page anew, lighter; one that is light already stays as it is."""
    text = page.read_text(encoding="utf-8")
    if (found := ROOT.search(text)) is None:
        return
    root = found[1] if found[1] != "./" else ""
    lighter = place_pictures(order_scripts(text, page, site), page, root)
    if lighter != text:
        page.write_text(lighter, encoding="utf-8")


def lighten_site(app: Sphinx) -> None:
    """Lighten all pages, when the site is built."""
    site = Path(app.outdir).resolve()
    pages = [p for p in sorted(site.rglob("*.html")) if "_static" not in p.relative_to(site).parts]
    for page in pages:
        lighten(page, site)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    when_built(app, lighten_site, priority=410)  # previews copy the pages at 500
    return {"parallel_read_safe": True, "parallel_write_safe": True}
