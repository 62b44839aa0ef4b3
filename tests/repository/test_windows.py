"""Nothing is imported that Windows lacks, and text is read and written in UTF-8, said aloud."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDERS = ("lae_helpers", "tools", "book/_ext", "tests")
FILES = [ROOT / "conftest.py", *(p for f in FOLDERS for p in sorted((ROOT / f).rglob("*.py")))]
ONLY_UNIX = {"curses", "fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}
ONLY_UNIX_NAMES = {
    "os": {
        "fork",
        "forkpty",
        "getpgid",
        "getuid",
        "killpg",
        "sched_getaffinity",
        "setsid",
        "uname",
    },
    "signal": {"SIGALRM", "SIGHUP", "SIGKILL", "SIGQUIT", "SIGUSR1", "SIGUSR2", "alarm"},
}
TEXT_OF_PATH = {"read_text": 0, "write_text": 1}  # which argument is the encoding


def imported_at_once(node: ast.AST) -> Iterator[str]:
    """Yield what a module imports when it is imported: not what its functions do."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield child.module or ""
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imported_at_once(child)


def opens_without_encoding(call: ast.Call) -> bool:
    """Say whether a call reads or writes text in whatever encoding the machine prefers."""
    if any(keyword.arg in {"encoding", None} for keyword in call.keywords):
        return False
    if isinstance(call.func, ast.Attribute) and call.func.attr in TEXT_OF_PATH:
        return len(call.args) <= TEXT_OF_PATH[call.func.attr]
    if not (isinstance(call.func, ast.Name) and call.func.id == "open"):
        if not (isinstance(call.func, ast.Attribute) and call.func.attr == "open"):
            return False
        modes = [a.value for a in call.args[:1] if isinstance(a, ast.Constant)]
        return modes in (["a"], ["r"], ["w"])
    mode = (
        call.args[1].value if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) else ""
    )
    return "b" not in str(mode)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_needs_unix(path: Path) -> None:
    module = ast.parse(path.read_text(encoding="utf-8"))
    assert not ONLY_UNIX.intersection(imported_at_once(module))
    nodes = list(ast.walk(module))
    named = {
        f"{node.value.id}.{node.attr}"
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.attr in ONLY_UNIX_NAMES.get(node.value.id, ())
    }
    assert not named
    calls = (node for node in nodes if isinstance(node, ast.Call))
    assert not [call.lineno for call in calls if opens_without_encoding(call)]
