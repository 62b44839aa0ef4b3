"""Puts the package into the site as a wheel, so that whoever downloads a chapter can run it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from .builds import when_built

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = "wheels"
CACHES = shutil.ignore_patterns("__pycache__")  # which other processes write meanwhile
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "lae_helpers")
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
EPOCH = "315532800"  # 1980, when zip archives begin: the same sources give the same bytes


def wheel_name(project: Path) -> str:
    """Say how the wheel of the package in a folder is called."""
    about = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{about['name'].replace('-', '_')}-{about['version']}-py3-none-any.whl"


def build_wheel(project: Path, folder: Path) -> Path:
    """Build the wheel of the package in a folder into another, and return where it is.

    It is built from a copy, since setuptools leaves in a project what it builds, and would take
    from there what the project has no longer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        for source in SOURCES:
            if (project / source).is_dir():
                shutil.copytree(project / source, Path(name, source), ignore=CACHES)
            else:
                shutil.copy2(project / source, name)
        run = subprocess.run(
            [sys.executable, "-c", BUILD, str(folder.resolve())],
            cwd=name,
            env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode:
        raise RuntimeError(f"the wheel of {project} could not be built:\n{run.stdout}{run.stderr}")
    return folder / wheel_name(project)


def add_wheel(app: Sphinx) -> None:
    """Leave the wheel in the site, and no older one."""
    project, folder = Path(app.srcdir), Path(app.outdir, FOLDER)
    if not all((project / source).exists() for source in SOURCES):  # one page is built alone
        return
    shutil.rmtree(folder, ignore_errors=True)
    build_wheel(project, folder)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    when_built(app, add_wheel)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
