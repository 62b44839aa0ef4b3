"""Joins the ES modules of a figure's front end into the one module that its hosts import.

A blob imports no other module by name, and readers have no Node to join them. What is not
understood here is refused: what slipped through would break in a reader's browser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from rjsmin import jsmin

SCRIPTS = Path(__file__).parent / "js"
STYLES = Path(__file__).parent / "css"

NAME = r"[A-Za-z_$][\w$]*"
COMMENT = re.compile(r"/\*.*?\*/|(?:^|(?<=\s))//[^\n]*", re.DOTALL | re.MULTILINE)
IMPORT = re.compile(
    rf"^import\s*(?:\{{(?P<names>[^{{}}]*)\}}|\*\s*as\s+(?P<whole>{NAME}))\s*"
    r"from\s*(?P<quote>[\"'])(?P<path>\.\.?/[^\"'\n]+)(?P=quote)[ \t]*;?[ \t]*$",
    re.MULTILINE,
)
IMPORTED = re.compile(rf"(?P<theirs>{NAME})(?:\s+as\s+(?P<ours>{NAME}))?")
EXPORT = re.compile(
    rf"^export (?=(?:(?:async )?function\*?|class|const) +(?P<name>{NAME}))", re.MULTILINE
)
DEFAULT = re.compile(r"^export (?=default\b)", re.MULTILINE)
LEFT_OVER = re.compile(
    r"^.*?(?:(?:^|[;{}])[ \t]*(?:im|ex)port\b|\bimport\s*(?:\.|\((?!address\)))).*", re.MULTILINE
)


class BundleError(ValueError):
    """A module of a front end says what cannot be joined."""


@dataclass(frozen=True)
class _Module:
    path: Path
    variable: str
    exports: list[str]
    text: str

    def in_its_scope(self) -> str:
        names = ", ".join(self.exports)
        return f"const {self.variable} = (() => {{\n{self.text}\nreturn {{ {names} }};\n}})();\n"


def join_modules(entry: str, folder: Path = SCRIPTS) -> str:
    """Return one ES module: what ``entry`` imports, each module in a scope of its own, and itself.

    Comments and needless spaces stay behind.
    Modules import each other at their top and without circles, ``import { draw, scale as fit } from
    "./parts/images.js";`` or ``import * as images from "./parts/images.js";``. They export
    functions, classes and constants where they declare them, and ``entry`` alone has a default.
    What is imported later is ``import(address)``, of a blob.

    Parameters
    ----------
    entry : str
        File name of the module that the hosts import.
    folder : Path
        Where it is.

    Returns
    -------
    str

    Raises
    ------
    BundleError
        If a module imports or exports in any other way, or a name that is not there.
    """
    modules: dict[Path, _Module] = {}
    last = _collect((folder / entry).resolve(), modules, ())
    parts = [part.in_its_scope() for part in modules.values() if part is not last]
    joined: str = jsmin("\n".join([*parts, last.text]))
    return joined


def join_styles(*names: str) -> str:
    """Return style sheets of the figures, joined."""
    return "\n".join((STYLES / name).read_text(encoding="utf-8") for name in names)


def _collect(path: Path, modules: dict[Path, _Module], importers: tuple[Path, ...]) -> _Module:
    """Read a module after all that it imports, each once."""
    if path in modules:
        return modules[path]
    if path in importers:
        raise BundleError(f"{path} must not import itself, by way of {importers[-1]}")
    if not path.is_file():
        raise BundleError(f"{importers[-1] if importers else path} must import files: no {path}")
    source = path.read_text(encoding="utf-8")
    # Of the same length, so that what is found in one has the same place in the other.
    plain = COMMENT.sub(lambda comment: re.sub(r"\S", " ", comment[0]), source)
    imports = list(IMPORT.finditer(plain))
    bindings = []
    bound: list[str] = []
    for found in imports:
        imported = _collect((path.parent / found["path"]).resolve(), modules, (*importers, path))
        theirs_by_ours = _bind(found, imported, path)
        if twice := [ours for ours in theirs_by_ours if ours in bound]:
            raise BundleError(f"{path} must import one {twice[0]!r} only")
        bound += theirs_by_ours
        pairs = ", ".join(
            ours if ours == theirs else f"{theirs}: {ours}"
            for ours, theirs in theirs_by_ours.items()
        )
        bindings.append(f"const {found['whole'] or f'{{ {pairs} }}'} = {imported.variable};")
    top = imports[-1].end() if imports else 0
    if before := IMPORT.sub("", plain[:top]).strip():
        raise BundleError(f"{path} must import at its top, but begins {before.splitlines()[0]!r}")
    exports = list(EXPORT.finditer(plain, top))
    text, left = source, plain
    for found in reversed(exports):
        text, left = (part[: found.start()] + part[found.end() :] for part in (text, left))
    text = "\n".join([*bindings, text[top:]])
    if bool(importers) == bool(DEFAULT.search(left)):
        raise BundleError(f"{path} must have a default export if it is an entry, and only then")
    if unknown := LEFT_OVER.search(DEFAULT.sub("", left), top):
        raise BundleError(f"{path} must import and export as join_modules can: {unknown[0]!r}")
    module = _Module(path, f"${len(modules)}", [e["name"] for e in exports], text)
    modules[path] = module
    return module


def _bind(found: re.Match[str], imported: _Module, path: Path) -> dict[str, str]:
    """Map each name that an import makes to the other module's own for it."""
    if found["whole"]:
        return {found["whole"]: ""}
    theirs_by_ours = {}
    for name in filter(None, map(str.strip, found["names"].split(","))):
        pair = IMPORTED.fullmatch(name)
        if pair is None or pair["theirs"] not in imported.exports:
            raise BundleError(f"{path} imports {name!r}, which {imported.path} does not export")
        theirs_by_ours[pair["ours"] or pair["theirs"]] = pair["theirs"]
    return theirs_by_ours
