"""The lock, the workflows and what else a repository keeps at its door."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)", re.MULTILINE)


def read(name: str) -> str:
    """Read a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def read_pins(name: str) -> dict[str, set[str]]:
    """Read which versions a file pins: several, where they depend on the Python."""
    pins: dict[str, set[str]] = {}
    for package, version in PIN.findall(read(name)):
        pins.setdefault(spell(package), set()).add(version)
    return pins


def spell(package: str) -> str:
    """Spell a package's name as an index does."""
    return re.sub(r"[-_.]+", "-", package).lower()


def read_commands(workflow: Path) -> list[str]:
    """Read what the steps of a workflow run."""
    jobs: dict[str, Any] = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    return [step["run"] for step in steps if "run" in step]


def find_targets(command: str) -> set[str]:
    """Find the targets of make that a command names."""
    return set(re.findall(r"\bmake ([\w-]+)", command))


@pytest.fixture
def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))


def test_the_lock_has_every_pin_of_the_requirements() -> None:
    locked = read_pins("requirements.lock")
    asked = read_pins("requirements.txt")
    assert len(asked) > 40
    apart = {name for name, versions in asked.items() if locked.get(name) != versions}
    assert not apart, "make lock"


def test_the_lock_holds_versions_and_no_address() -> None:
    for line in read("requirements.lock").splitlines():
        assert line.startswith("#") or not line or PIN.match(line)
        assert not re.search(r"://|@|\+", line)


def test_what_is_installed_is_what_is_locked() -> None:
    locked = read_pins("requirements.lock")
    here = {spell(found.name): found.version.split("+")[0] for found in distributions()}
    shared = here.keys() & locked.keys()
    assert len(shared) > 150
    assert not {name: here[name] for name in shared if here[name] not in locked[name]}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_call_what_exists(workflow: Path, targets: set[str]) -> None:
    commands = read_commands(workflow)
    assert commands
    for command in commands:
        assert find_targets(command) <= targets
        for path in re.findall(r"--(?:ignore|deselect)=([\w/.]+)|-[cr] ([\w.]+)", command):
            assert (ROOT / "".join(path)).exists()
        for test in re.findall(r"--deselect=(\S+)::(\w+)", command):
            assert f"def {test[1]}(" in read(test[0])
        if ".ci/run" in command:
            assert (ROOT / ".ci/run").stat().st_mode & 0o100


def test_every_action_has_one_pin() -> None:
    uses = {use for path in WORKFLOWS for use in re.findall(r"uses: (.+)", path.read_text("utf-8"))}
    actions = [re.fullmatch(r"([\w/-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+", use) for use in uses]
    assert all(actions)
    assert len({action[1] for action in actions if action}) == len(uses)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_no_job_keeps_the_credentials_of_its_checkout(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    assert text.count("actions/checkout@") == text.count("persist-credentials: false") > 0


@pytest.mark.parametrize(
    "checker",
    [
        ["jactionlint", "--shellcheck=", "--pyflakes="],
        ["zizmor", "--offline", "--pedantic", ".github"],
    ],
    ids=lambda command: command[0],
)
def test_workflows_are_clean(checker: list[str]) -> None:
    program, *options = checker
    run = subprocess.run(
        [Path(sys.executable).with_name(program), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " ".join(checker) in read("Makefile")


def test_continuous_integration_begins_with_the_oldest_python() -> None:
    jobs = yaml.safe_load(read(".github/workflows/ci.yml"))["jobs"]
    range_of_python = tomllib.loads(read("pyproject.toml"))["project"]["requires-python"]
    found = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", range_of_python)
    assert found
    oldest, newest = f"3.{found[1]}", f"3.{int(found[2]) - 1}"
    assert jobs["everything"]["strategy"]["matrix"]["python"] == [oldest, newest]
    assert f"--python-version {oldest}" in read("Makefile")
    assert f"Python is {oldest} to {newest}:" in read("README.md")


def test_dependabot_looks_where_dependencies_are() -> None:
    updates = yaml.safe_load(read(".github/dependabot.yml"))["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"pip", "npm", "github-actions"}
    assert json.loads(read("package.json"))["devDependencies"]


def test_the_development_container_sets_the_book_up(targets: set[str]) -> None:
    container = json.loads(read(".devcontainer/devcontainer.json"))
    assert find_targets(container["postCreateCommand"]) == {"install"} <= targets
    assert "chromium" in container["onCreateCommand"]


def test_hooks_run_programs_that_are_pinned() -> None:
    (local,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    pinned = read_pins("requirements.txt") | json.loads(read("package.json"))["devDependencies"]
    for hook in local["hooks"]:
        program = re.match(r"\.venv/bin/(\w+)|npx --no-install (\w+)", hook["entry"])
        assert program
        assert (program[1] or program[2]) in pinned


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_issue_forms_ask_each_thing_once(form: Path) -> None:
    content = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= content.keys()
    assert len({part["id"] for part in content["body"]}) == len(content["body"])
    assert any(part.get("validations", {}).get("required") for part in content["body"])


def test_the_form_for_errors_knows_every_chapter() -> None:
    (page,) = (path for path in FORMS if path.stem == "page")
    pages = yaml.safe_load(page.read_text(encoding="utf-8"))["body"][0]["attributes"]["options"]
    chapters = re.findall(r"^\| (\d .+?) \|", read("README.md"), re.MULTILINE)
    assert len(chapters) == 8
    assert [page for page in pages if page[0].isdigit()] == chapters


def test_the_version_is_the_same_everywhere() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert yaml.safe_load(read("CITATION.cff"))["version"] == version
    assert re.search(rf"^## \[?{re.escape(version)}\b", read("CHANGELOG.md"), re.MULTILINE)
