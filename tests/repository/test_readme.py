"""The commands that the README shows are the commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_make_targets_in_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)\s*make ([a-z]+)", readme, re.MULTILINE))
    assert named - targets == set()
    assert {"book", "lab", "test"} <= named


def test_the_words_of_the_title_agree() -> None:
    title = "Learning the Transpose: PCA, linear autoencoders and the way back"
    for name in ("_config.yml", "CITATION.cff"):
        assert f'title: "{title}"' in (ROOT / name).read_text(encoding="utf-8")


def test_the_example_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    (promised,) = re.findall(r"print\(.*\)  # (.*)", example)
    assert capsys.readouterr().out == f"{promised}\n"


def test_the_pictures_are_there_and_small() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[([^]]*)\]\(([^)]*)\)", readme)
    assert len(pictures) >= 3
    for alt, path in pictures:
        assert len(alt) > 40
        assert 0 < (ROOT / path).stat().st_size < 150_000
