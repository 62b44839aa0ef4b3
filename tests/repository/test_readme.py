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


def without_comment(line: str) -> str:
    return re.sub(r"\s+#.*", "", line)


def test_the_two_commands_come_first_with_their_time_and_disk() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first, after = re.findall(r"```\n(.*?)```\n\n(.*)", readme, re.DOTALL)[0]
    assert [without_comment(line) for line in first.splitlines()] == ["make book", "make test"]
    assert re.match(r".* [\d.]+ GB .* minutes", after)


def test_without_make_the_commands_are_those_of_make_on_every_platform() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    pytest_command = re.findall(r"^PYTEST := (.*)$", makefile, re.MULTILINE)[0]
    recipes = re.findall(
        r"^\t@?\$\(BIN\)/(.*)$", makefile.replace("$(PYTEST)", pytest_command), re.MULTILINE
    )
    quiet = ("--disable-pip-version-check --quiet ", " $(if")
    known = [recipe.replace(quiet[0], "").partition(quiet[1])[0] for recipe in recipes]
    known += [pytest_command.removeprefix("$(BIN)/")]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\n(py\S* -m venv .venv\n[^`]*)```", readme, re.DOTALL)
    blocks = [block for block in blocks if "tools.chapters" in block]
    assert len(blocks) == 2
    for block, folder in zip(blocks, (".venv/bin/", ".venv\\Scripts\\"), strict=True):
        venv, *commands = map(without_comment, block.splitlines())
        assert venv in {"python3 -m venv .venv", "py -m venv .venv"}
        assert all(command.startswith(folder) for command in commands)
        said = [command.removeprefix(folder) for command in commands]
        assert set(said) <= set(known)
        told = " ".join(said)
        for part in (
            "pip install",
            "tools.chapters",
            "jupyter-book build",
            "jupyter lab",
            "pytest",
        ):
            assert part in told


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
