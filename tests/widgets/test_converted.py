"""nbconvert, as it comes and with no way out, shows a picture of every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Route

CELLS = [
    "from lae_helpers import synthetic_data, widgets\nX = synthetic_data([7.0, 5.0, 3.0, 2.0], 50)",
    "widgets.SpectrumFigure([5.0, 2.0, 1.0])",
    "widgets.CloudFigure()",
    "widgets.ReconstructionFigure(X)",
    "widgets.TrainingPanel(X, n_components=2)",
    "widgets.ask_choice('Which of them?', ['a', 'b'], truth=1, why='So.')",
]
PICTURES = 4
LARGEST = 2_000_000  # bytes, half a megabyte of them nbconvert's own


@pytest.mark.browser
@pytest.mark.kernel
def test_a_converted_notebook_shows_its_figures(browser: Browser, tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    NotebookClient(notebook, kernel_name="python3").execute()
    assert notebook.metadata.widgets  # the state is kept, and must not be preferred
    text, _ = HTMLExporter().from_notebook_node(notebook)  # type: ignore[no-untyped-call]
    assert len(text) < LARGEST
    file = tmp_path / "converted.html"
    file.write_text(text, encoding="utf-8")
    tab = browser.new_page()
    tab.route("**/*", stay_here)
    tab.goto(file.as_uri())
    pictures = tab.locator(".lae-fallback img:visible")
    expect(pictures).to_have_count(PICTURES)
    for picture in pictures.all():
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("img => img.naturalWidth") > 100
    expect(tab.locator(".lae-fallback")).to_have_count(len(CELLS) - 1)
    expect(tab.get_by_text("Which of them?").first).to_be_visible()
    tab.close()


def stay_here(route: Route) -> None:
    """Let through what is on this disk, and nothing else."""
    if route.request.url.startswith(("file:", "data:")):
        route.continue_()
    else:
        route.abort()
