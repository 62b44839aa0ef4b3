"""The constants of the front ends are those of the Python that they mirror."""

from __future__ import annotations

from tools.share_constants import MODULE, constants_module


def test_the_shared_constants_are_those_of_the_python() -> None:
    written = MODULE.read_text(encoding="utf-8")
    assert written == constants_module(), "run python -m tools.share_constants"
