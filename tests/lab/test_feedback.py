"""The feedback figure in a real JupyterLab: a rule is trained again, watched and stopped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator
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

def make_figure(n_samples, epochs):
    few, many = (
        LabelledImages(X[:n], labels[:n], X[2000:2500], labels[2000:2500])
        for n in (n_samples, 2000)
    )
    runs = {
        rule.name: train_with_feedback(rule, few, [32, 32], seeds=(0,), epochs=epochs)
        for rule in (FeedbackAlignment(), WeightMirror())
    }
    return FeedbackFigure({"2 hidden layers": runs}, many)"""
CELLS = [CELL, "make_figure(2000, 20)", "make_figure(50, 2000)"]
WHILE = 120_000  # milliseconds

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def figures(lab: Laboratory, run_all: Callable[[str], Tab]) -> Locator:
    """Two figures, one that trains for a moment and one that trains for half a minute."""
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, lab.folder / NOTEBOOK)
    figures = run_all(NOTEBOOK).locator(".lae-feedback")
    expect(figures).to_have_count(2)
    return figures


def test_a_rule_is_trained_again(figures: Locator) -> None:
    figure = figures.first
    training = figure.locator(".lae-feedback-training")
    start = training.get_by_role("button", name="train again")
    expect(training).to_contain_text("Choose a rule and a seed")
    training.get_by_label("train", exact=True).select_option("weight mirror")
    training.get_by_label("with seed").fill("3")
    start.click()
    expect(training).to_contain_text("Done after 20 epochs: weight mirror reaches", timeout=WHILE)
    expect(figure.locator(".lae-sentence")).to_contain_text("weight mirror with seed 3 ")
    expect(start).to_be_enabled()


def test_a_training_is_stopped(figures: Locator) -> None:
    training = figures.last.locator(".lae-feedback-training")
    start = training.get_by_role("button", name="train again")
    training.get_by_label("with seed").fill("3")
    start.click()
    expect(training).to_contain_text("Training feedback alignment with seed 3")
    training.get_by_role("button", name="stop").click()
    expect(training).to_contain_text(re.compile(r"Stopped after \d+ epochs?:"), timeout=WHILE)
    expect(start).to_be_enabled()
