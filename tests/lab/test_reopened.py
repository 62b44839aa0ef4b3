"""A notebook that is opened again without a kernel shows the pictures of its figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page as Tab

    from tests.lab.conftest import Laboratory

NOTEBOOK = "reopened.ipynb"
CELLS = [
    """from lae_helpers import synthetic_data
from lae_helpers.widgets import SpectrumFigure, TrainingPanel
SpectrumFigure([5.0, 2.0, 1.0])""",
    "TrainingPanel(synthetic_data([7.0, 5.0, 3.0, 2.0], 50), n_components=2)",
]

pytestmark = pytest.mark.browser


def test_pictures_stand_in_where_no_kernel_runs(
    lab: Laboratory, run_all: Callable[[str], Tab], open_notebook: Callable[[str], Tab]
) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lab.folder / NOTEBOOK)
    live = run_all(NOTEBOOK)
    expect(live.locator(".lae-spectrum")).to_have_count(1)
    expect(live.locator(".lae-live.lae-spectrum")).to_be_visible()
    expect(live.locator(".lae-training-panel")).to_be_visible()
    expect(live.locator(".lae-stand-in img:visible")).to_have_count(0)
    with live.expect_response(lambda said: said.request.method == "PUT" and NOTEBOOK in said.url):
        live.keyboard.press("Control+s")
    live.get_by_role("menuitem", name="Kernel", exact=True).click()
    live.get_by_role("menuitem", name=re.compile("^Shut Down Kernel$")).click()
    live.get_by_text("No Kernel").first.wait_for()

    again = open_notebook(NOTEBOOK)
    again.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # another kernel, without figures
    pictures = again.locator(".lae-stand-in img:visible")
    expect(pictures).to_have_count(len(CELLS))
    for picture in pictures.all():
        assert len(picture.get_attribute("alt") or "") > 40
    expect(pictures.first).to_have_css("filter", "none")
    again.evaluate("() => { document.body.dataset.jpThemeLight = 'false'; }")
    expect(pictures.first).to_have_css("filter", "invert(1) hue-rotate(180deg)")
    expect(again.locator(".lae-spectrum .lae-fallback")).to_contain_text("this is a picture of it")
    expect(again.get_by_text("model not found")).to_be_hidden()
    expect(again.locator(".lae-live")).to_have_count(0)
