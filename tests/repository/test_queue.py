"""What the processes of one run of the tests share, and in which order they take it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def rules(request: pytest.FixtureRequest) -> Any:  # noqa: ANN401
    """Give the module at the root that pytest itself has loaded."""
    return request.config.pluginmanager.get_plugin(str(ROOT / "conftest.py"))


def test_what_shares_a_page_or_a_server_stays_in_one_process(rules: Any) -> None:  # noqa: ANN401
    together = [
        ["tests/site/test_a.py::x[book/02_pca.html]", "tests/site/b.py::y[390-book/02_pca.html]"],
        ["tests/site/test_a.py::test_x[book/index.html]"],
        ["tests/site/test_a.py::test_x[index.html]"],
        ["tests/lab/test_a.py::test_x[one]", "tests/lab/test_b.py::test_y"],
        ["tests/site/test_a.py::test_x[one-page]"],
        ["tests/site/test_in_firefox.py::x[book/02_pca.html]", "tests/site/test_in_firefox.py::y"],
        ["tests/widgets/test_a.py::test_x[book/02_pca.html]"],
        ["tests/widgets/test_a.py::test_y[book/02_pca.html]"],
    ]  # fmt: skip
    scopes = [{rules.Queue._split_scope(None, test) for test in tests} for tests in together]
    assert [len(scope) for scope in scopes] == [1] * len(together)
    assert len(set.union(*scopes)) == len(together)


def test_chapters_come_first_and_what_needs_the_site_after_the_package(rules: Any) -> None:  # noqa: ANN401
    names = [
        "book/07_cost.ipynb", "book/01_backprop_symmetry.ipynb", "tests/theorems/test_a.py",
        "tests/site/test_build.py", "tests/site/test_pages.py", "tests/lab/test_a.py",
    ]  # fmt: skip
    items = [
        SimpleNamespace(path=ROOT / name, nodeid=name, fixturenames=["site"] * ("pages" in name))
        for name in names
    ]
    mixed = items[3:] + items[1:3] + items[:1]
    assert sorted(mixed, key=rules.turn) == items
