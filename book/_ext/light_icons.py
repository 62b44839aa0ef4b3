"""Leaves the theme's icons that a page shows, out of two thousand.

The theme draws them twice, by a script and by a web font. The font is enough, and a few of its
glyphs: they stand in the style sheet itself, so that no icon comes late.
"""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from .builds import when_built

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = re.compile(r"\bfa-[a-z0-9-]+")
RULE = re.compile(r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}')
ESCAPED = re.compile(r"\\(f[0-9a-f]{3})\b")
PRIVATE = re.compile("[\ue000-\uf8ff]")
FACE = re.compile(r"src:url\(\.\./(vendor/fontawesome/webfonts/[\w-]+)\.woff2\)[^}]*")
SHEET = "styles/pydata-sphinx-theme.css"


def shrink_font(font: Path, letters: set[int]) -> bytes:
    """Return a web font with these letters alone."""
    options = Options()
    options.flavor = "woff"
    options.layout_features = []
    options.notdef_outline = False
    with TTFont(font, recalcTimestamp=False) as whole, io.BytesIO() as file:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=letters)
        subsetter.subset(whole)
        whole.flavor = "woff"
        whole.save(file)
        return file.getvalue()


def lighten_theme(app: Sphinx) -> None:
    """Take the icons that no page and no script of the site names out of the theme's styles."""
    site = Path(app.outdir)
    static = site / "_static"
    if not (static / SHEET).exists():  # another theme
        return
    (static / "scripts" / "fontawesome.js").unlink(missing_ok=True)
    pages = [path for path in site.rglob("*.html") if not path.is_relative_to(static)]
    texts = [*pages, *static.glob("*.js"), *static.glob("scripts/*.js")]
    used = {name for path in texts for name in NAME.findall(path.read_text(encoding="utf-8"))}
    sheet = (static / SHEET).read_text(encoding="utf-8")

    def keep(rule: re.Match[str]) -> str:
        return rule[0] if used & set(NAME.findall(rule[1])) else ""

    sheet = RULE.sub(keep, sheet)
    styles = [sheet, *(path.read_text(encoding="utf-8") for path in static.rglob("*.css"))]
    styles[1:] = [RULE.sub("", style) for style in styles[1:]]
    letters = {int(code, 16) for style in styles for code in ESCAPED.findall(style)}
    letters |= {ord(letter) for style in styles for letter in PRIVATE.findall(style)}

    def shrink(face: re.Match[str]) -> str:
        font = shrink_font(static / f"{face[1]}.ttf", letters)
        return f'src:url(data:font/woff;base64,{base64.b64encode(font).decode()}) format("woff")'

    (static / SHEET).write_text(FACE.sub(shrink, sheet), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    when_built(app, lighten_theme, priority=420)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
