"""Docstrings say what a caller has to know, and their examples are true."""

from __future__ import annotations

import doctest
import inspect
from typing import TYPE_CHECKING

import pytest
from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import validate

import lae_helpers
from tests.public_names import MEMBERS, MODULES, own_methods

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

# Of numpydoc's rules those on what a section says; ruff sees to its layout.
RULES = {
    "GL06",  # each section is one of numpydoc's
    "GL07",  # they stand in its order
    "GL08",  # there is a docstring
}


FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def is_raised(member: object) -> bool:
    return isinstance(member, type) and issubclass(member, Exception)


CLASSES = {name: member for name, member in MEMBERS.items() if inspect.isclass(member)}
FUNCTIONS = {name: member for name, member in MEMBERS.items() if not inspect.isclass(member)}
FUNCTIONS |= dict(pair for name, cls in CLASSES.items() for pair in own_methods(name, cls))
RESULTS = {"PCA", "History", "Recovered", "RitzPairs", "Snapshot"}  # shown by what returns them
SHOWN = {
    name: member
    for name in lae_helpers.__all__
    if not inspect.isabstract(member := getattr(lae_helpers, name))
    if not is_raised(member) and name not in RESULTS
}


def test_there_is_something_to_look_at() -> None:
    assert len(CLASSES) > 40
    assert len(FUNCTIONS) > 150


def arguments(member: Callable[..., object]) -> list[str]:
    names = inspect.signature(member).parameters
    return [name for name in names if name not in {"self", "cls"} and not name.startswith("_")]


def documented(member: object, section: str) -> list[str]:
    entries = NumpyDocString(inspect.getdoc(member) or "")[section]
    return [name.strip(" *") for entry in entries for name in entry.name.split(",")]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_names_its_arguments(name: str) -> None:
    """One of two or more has to, and one that names any names them all, in their order."""
    names, said = arguments(FUNCTIONS[name]), documented(FUNCTIONS[name], "Parameters")
    assert said == names or (said == [] and len(names) < 2)


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_that_names_an_argument_names_them_all(name: str) -> None:
    said = documented(CLASSES[name], "Parameters")
    assert not said or said == arguments(CLASSES[name])


# numpydoc reads every attribute of a class, those too that ipywidgets has withdrawn.
@pytest.mark.filterwarnings("ignore:Widget.* is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", MEMBERS | FUNCTIONS)
def test_sections_are_those_of_numpydoc(name: str) -> None:
    assert [fault for fault in validate(name)["errors"] if fault[0] in RULES] == []


@pytest.mark.parametrize("name", SHOWN)
def test_a_public_class_or_function_shows_an_example(name: str) -> None:
    assert ">>> " in "\n".join(NumpyDocString(inspect.getdoc(SHOWN[name]) or "")["Examples"])


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_are_true(module: ModuleType) -> None:
    result = doctest.testmod(module, optionflags=FLAGS)
    assert result.failed == 0
