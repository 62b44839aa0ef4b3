"""The wheel holds the whole package, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email.parser import BytesParser
from pathlib import Path
from types import SimpleNamespace

import pytest

from book._ext.package_wheel import FOLDER, SOURCES, add_wheel, build_wheel, wheel_name

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "lae_helpers"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as the site does."""
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    assert wheel.name == wheel_name(ROOT)
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    files = (path for path in PACKAGE.rglob("*") if path.is_file())
    own = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if "__pycache__" not in path.parts and path.suffix != ".ts"  # for make lint
    }
    assert held == own
    assert {Path(name).suffix for name in held} == {".py", ".pyi", ".js", ".css", ".gz", ".typed"}


def test_the_wheel_says_where_it_can_be_installed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        metadata = BytesParser().parsebytes(archive.read(name))
    assert set(metadata["Requires-Python"].split(",")) == {">=3.11", "<3.15"}
    minors = {f"Programming Language :: Python :: 3.{minor}" for minor in range(11, 15)}
    assert minors <= set(metadata.get_all("Classifier", []))


def test_the_same_sources_give_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    assert build_wheel(ROOT, tmp_path).read_bytes() == wheel.read_bytes()


def test_the_package_is_imported_out_of_the_wheel(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import lae_helpers; "
        "from lae_helpers.widgets import TransposeFigure; TransposeFigure(); "
        "print(lae_helpers.__file__)"
    )
    run = [sys.executable, "-I", "-W", "error", "-c", code]
    said = subprocess.run(run, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert Path(said.strip()).is_relative_to(tmp_path)


def test_a_package_that_cannot_be_built_stops_the_build(tmp_path: Path) -> None:
    for name in SOURCES:
        (tmp_path / name).write_text(
            "[project]\nname = 'lae-helpers'\nversion = 'no version'\n", encoding="utf-8"
        )
    with pytest.raises(RuntimeError, match="could not be built"):
        build_wheel(tmp_path, tmp_path / "out")


@pytest.mark.parametrize(("source", "n_wheels"), [(ROOT, 1), (ROOT / "book", 0)])
def test_the_site_offers_one_wheel(tmp_path: Path, source: Path, n_wheels: int) -> None:
    old = tmp_path / FOLDER / "lae_helpers-0.0.1-py3-none-any.whl"
    if n_wheels:
        old.parent.mkdir()
        old.touch()
    html = SimpleNamespace(format="html")
    app = SimpleNamespace(srcdir=str(source), outdir=str(tmp_path), builder=html)
    add_wheel(app)  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.glob("*/*.whl")] == [wheel_name(ROOT)] * n_wheels


def test_a_source_distribution_has_no_tests() -> None:
    lines = (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()
    assert "prune tests" in lines
