"""What is public in the package: its modules, and the functions and classes at home in each."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import FunctionType
from typing import TYPE_CHECKING, Any

import lae_helpers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


def public_modules() -> Iterator[ModuleType]:
    yield lae_helpers
    for found in pkgutil.walk_packages(lae_helpers.__path__, "lae_helpers."):
        if not any(part.startswith("_") for part in found.name.split(".")):
            yield importlib.import_module(found.name)


def at_home(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield the public functions and classes that a module defines."""
    for name, member in vars(module).items():
        own = getattr(member, "__module__", "") == module.__name__ and not name.startswith("_")
        if own and (inspect.isfunction(member) or inspect.isclass(member)):
            yield f"{module.__name__}.{name}", member


def own_methods(name: str, cls: type) -> Iterator[tuple[str, Any]]:
    """Yield the public methods that a class adds to those of its bases."""
    for attribute, member in vars(cls).items():
        inherited = any(hasattr(base, attribute) for base in cls.__mro__[1:])
        function = member.__func__ if isinstance(member, classmethod) else member
        # a field of a dataclass may have a function for its default
        name_of_method = f"{cls.__qualname__}.{attribute}"
        own = isinstance(function, FunctionType) and function.__qualname__ == name_of_method
        if own and not inherited and not attribute.startswith("_"):
            yield f"{name}.{attribute}", getattr(cls, attribute)


MODULES = list(public_modules())
MEMBERS = dict(pair for module in MODULES for pair in at_home(module))
