"""The names that a figure's constructor takes, and what to say of others."""

from __future__ import annotations

import difflib
import inspect
from typing import Any, Self

import traitlets


class KnownNames:
    """Base of a class whose constructor refuses names that it does not know."""

    def __new__(cls, *_args: object, **keywords: object) -> Self:
        """Make an instance, or raise a `TypeError` that says which names were meant."""
        if unknown := [name for name in keywords if name not in (known := known_names(cls))]:
            wrong = " and ".join(_describe(name, known) for name in unknown)
            raise TypeError(f"{cls.__name__} takes no {wrong}; it takes {', '.join(known)}")
        return super().__new__(cls)


def known_names(figure: type[Any]) -> list[str]:
    """List what a constructor takes by name: its parameters, and for ``**traits`` the traits."""
    parameters = inspect.signature(figure).parameters.values()
    names = [p.name for p in parameters if p.kind is not p.VAR_KEYWORD]
    if len(names) < len(parameters) and issubclass(figure, traitlets.HasTraits):
        traits = figure.class_traits(sync=True).items()
        names += [n for n, trait in traits if not n.startswith("_") and not trait.read_only]
    return names


def _describe(name: str, known: list[str]) -> str:
    meant = difflib.get_close_matches(name, known, n=1)
    return f"{name!r}" + (f" (did you mean {meant[0]!r}?)" if meant else "")
