"""Joins the ES modules of a figure's front end into the one module that its hosts import."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent

IMPORT = re.compile(r"^import\s*\{[^}]*\}\s*from\s*\"(?P<path>\.[^\"]+)\";\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def join_modules(entry: str) -> str:
    """Return one ES module: the modules that ``entry`` imports, each once, and itself at the end.

    All of them share one scope then, so that a name may be declared in one of them only: a browser
    refuses a module that declares it twice.

    Parameters
    ----------
    entry : str
        File name of a module beside this one. Modules import each other by name,
        ``import { draw } from "./parts/images.js";``, with no renaming and no circles.

    Returns
    -------
    str
    """
    texts: dict[Path, str] = {}
    _collect(FOLDER / entry, texts)
    return "\n".join(texts.values())


def join_styles(*names: str) -> str:
    """Return the style sheets beside this module, joined."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def _collect(path: Path, texts: dict[Path, str]) -> None:
    path = path.resolve()
    if path in texts:
        return
    source = path.read_text(encoding="utf-8")
    for found in IMPORT.finditer(source):
        _collect(path.parent / found["path"], texts)
    texts[path] = EXPORT.sub("", IMPORT.sub("", source))
