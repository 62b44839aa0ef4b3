"""A real JupyterLab on loopback, with a copy of the book that may be changed."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

from tests.widgets.hosting import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator
    from playwright.sync_api import Page as Tab

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240
SETTINGS = {
    # Every cell stays in the page, so that a test can look at all of them.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
ALL_CELLS_RAN = """([n, error]) => {
    const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea .jp-InputPrompt')];
    const ran = prompts.filter(p => /^\\[\\d+\\]:?$/.test(p.textContent.trim()));
    return ran.length === n || document.querySelector(error) !== null;
}"""
ERROR = (
    '[data-mime-type="application/vnd.jupyter.error"], '
    '[data-mime-type="application/vnd.jupyter.stderr"]'
)


def wait_for(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Wait until the server answers, and give the address where it has found a port."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        try:
            said = json.loads(next(runtime.glob("jpserver-*.json")).read_text("utf-8"))
            address = f"http://127.0.0.1:{said['port']}"
            with urllib.request.urlopen(f"{address}/api", timeout=5):
                return address
        except (StopIteration, json.JSONDecodeError, urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not answer:\n{log.read_text(encoding='utf-8')}")


def run_cell(cell: Locator) -> None:
    """Run a cell and wait until it has run."""
    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    cell.locator(".cm-content").click()
    cell.page.keyboard.press("Control+Enter")
    expect(prompt).not_to_have_text(before)
    expect(prompt).to_have_text(re.compile(r"^\[\d+\]:?$"))


def ask(cell: Locator) -> str:
    """Run a cell that prints what Python has of the page after "said:", and return that.

    The widget manager sends a change when the kernel has answered to the one before: what it held
    back has come when the cell is run again.
    """
    settle(cell.page)
    output = cell.locator(".jp-OutputArea-output")
    for _ in range(2):
        run_cell(cell)
        expect(output).to_have_text(re.compile(r"^said: \S"))
    return output.inner_text().removeprefix("said: ")


def is_folded(cell: nbformat.NotebookNode) -> bool:
    """Whether JupyterLab hides the source of a cell, and with it the number of its run."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


@dataclass(frozen=True)
class Laboratory:
    """A running JupyterLab: where it is, and the folder that it shows."""

    address: str
    token: str
    folder: Path

    def url(self, notebook: str) -> str:
        """Give the address that opens a notebook."""
        return f"{self.address}/lab/tree/{notebook}?reset&token={self.token}"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """Start JupyterLab as ``make lab`` does, away from the settings of whoever runs the tests."""
    home = tmp_path_factory.mktemp("jupyter")
    folder = home / "book"
    shutil.copytree(ROOT / "book", folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for name, settings in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
    token, log = secrets.token_hex(16), home / "log"
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", "--port=0"),
        *(f"--notebook-dir={folder}", f"--IdentityProvider.token={token}"),
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=None",
    ]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    with log.open("wb") as sink:
        server = subprocess.Popen(command, env=environment, stdout=sink, stderr=sink)
        try:
            address = wait_for(server, home / "runtime", log)
            yield Laboratory(address, token, folder)
        finally:
            server.terminate()
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture(scope="session")
def open_notebook(browser: Browser, lab: Laboratory) -> Iterator[Callable[[str], Tab]]:
    """Give a function that opens a notebook in a tab of its own."""
    tabs: list[Tab] = []

    def open_in_tab(notebook: str) -> Tab:
        tab = browser.new_page(viewport={"width": 1280, "height": 1000})
        tabs.append(tab)
        tab.set_default_timeout(1000 * PATIENCE)
        tab.goto(lab.url(notebook))
        tab.locator(".jp-NotebookPanel .jp-Cell").first.wait_for()
        return tab

    yield open_in_tab
    for tab in tabs:
        tab.close()


@pytest.fixture(scope="session")
def run_all(lab: Laboratory, open_notebook: Callable[[str], Tab]) -> Callable[[str], Tab]:
    """Give a function that opens a notebook and runs all of its cells through the menu."""

    def open_and_run(notebook: str) -> Tab:
        tab = open_notebook(notebook)
        tab.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        tab.get_by_role("menuitem", name="Run", exact=True).click()
        tab.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        cells = nbformat.read(lab.folder / notebook, as_version=4).cells
        counted = [c for c in cells if c.cell_type == "code" and c.source and not is_folded(c)]
        tab.wait_for_function(ALL_CELLS_RAN, arg=[len(counted), ERROR])
        tab.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        assert tab.locator(ERROR).all_inner_texts() == []
        return tab

    return open_and_run
