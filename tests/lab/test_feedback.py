"""The feedback figure in a real JupyterLab: a rule is trained again, watched and stopped."""

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

NOTEBOOK = "feedback.ipynb"
CELL = """
from lae_helpers import load_mnist
from lae_helpers.feedback.rules import FeedbackAlignment, WeightMirror
from lae_helpers.feedback.data import LabelledImages
from lae_helpers.feedback.training import train_with_feedback
from lae_helpers.widgets import FeedbackFigure

X, labels = load_mnist()
images = LabelledImages(X[:2000], labels[:2000], X[2000:2500], labels[2000:2500])
runs = {
    rule.name: train_with_feedback(rule, images, [32, 32], seeds=(0, 1), epochs=100)
    for rule in (FeedbackAlignment(), WeightMirror())
}
FeedbackFigure({"2 hidden layers": runs}, images)
"""
MOMENT, WHILE = 15_000, 120_000  # milliseconds

pytestmark = pytest.mark.browser


def test_a_rule_is_trained_again_and_a_training_is_stopped(
    lab: Laboratory, run_all: Callable[[str], Tab]
) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL.strip())])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, lab.folder / NOTEBOOK)
    figure = run_all(NOTEBOOK).locator(".lae-feedback")
    figure.wait_for()
    training = figure.locator(".lae-feedback-training")
    start = training.get_by_role("button", name="train again")
    expect(training).to_contain_text("Choose a rule and a seed")
    training.get_by_label("train", exact=True).select_option("weight mirror")
    training.get_by_label("with seed").fill("3")
    start.click()
    expect(training).to_contain_text("Training weight mirror with seed 3", timeout=MOMENT)
    expect(training).to_contain_text("Done after 100 epochs: weight mirror reaches", timeout=WHILE)
    expect(figure.locator(".lae-sentence")).to_contain_text("weight mirror with seed 3 ")
    expect(start).to_be_enabled()

    start.click()
    training.get_by_role("button", name="stop").click()
    expect(training).to_contain_text(re.compile(r"Stopped after \d{1,2} epochs?:"), timeout=WHILE)
    expect(start).to_be_enabled()
