"""The reference of the package, written from its docstrings.

A page of it says ```` ```{room} training ```` where the modules of a room shall stand, and the
ground floor's where it names no room.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from sphinx.application import Sphinx

PACKAGE = "lae_helpers"
ROOM = re.compile(r"^```\{room\} *(\w*)\n```$", re.MULTILINE)


def is_private(module: str) -> bool:
    """Tell whether a module is nobody's business but the package's."""
    return any(part.startswith("_") for part in module.split("."))


def is_shown(member: object) -> bool:
    """Tell whether the reference has an entry for it: a function or a class."""
    return inspect.isroutine(member) or inspect.isclass(member)


def public_members(module: ModuleType) -> dict[str, object]:
    """List the public functions and classes that a module has, imported ones too."""
    return {
        name: member for name, member in vars(module).items() if name[0] != "_" and is_shown(member)
    }


def own_members(module: ModuleType) -> dict[str, object]:
    """List those that are at home in it: what it defines, and what it offers of a private one's."""
    offered = getattr(module, "__all__", ())
    members = public_members(module)
    homes = {name: str(getattr(member, "__module__", "")) for name, member in members.items()}
    return {
        name: member
        for name, member in members.items()
        if homes[name] == module.__name__ or (is_private(homes[name]) and name in offered)
    }


def document(module: str, names: Iterable[str]) -> str:
    """Write the directive that shows a module's docstring and those of some of its names."""
    members = f"\n   :members: {', '.join(names)}" if names else ""
    return f"```{{eval-rst}}\n.. automodule:: {module}{members}\n```\n"


def document_room(room: str) -> str:
    """Write what the door of a room offers, then a section for each of its modules."""
    door = importlib.import_module(f"{PACKAGE}.{room}" if room else PACKAGE)
    offered = getattr(door, "__all__", ()) if room else ()
    at_door = {name: member for name in offered if is_shown(member := getattr(door, name))}
    text, shown = [document(door.__name__, at_door)], set(at_door.values())
    walk = pkgutil.walk_packages if room else pkgutil.iter_modules
    for found in walk(door.__path__, f"{door.__name__}."):
        if is_private(found.name) or found.ispkg or found.name.rpartition(".")[2] in at_door:
            continue  # a function that has the name of its module hides it
        members = own_members(importlib.import_module(found.name))
        if left := [name for name, member in members.items() if member not in shown]:
            heading = f"### `{found.name.removeprefix(f'{PACKAGE}.')}`\n"
            text += [heading, document(found.name, left)]
        shown.update(members.values())
    return "\n".join(text)


def write_rooms(_app: Sphinx, _docname: str, source: list[str]) -> None:
    """Put the modules of a room where the source of a page asks for them."""
    source[0] = ROOM.sub(lambda found: document_room(found[1]), source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("source-read", write_rooms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
