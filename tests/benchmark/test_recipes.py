"""Recipes of minibatch training do what they say."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from lae_helpers import (
    LinearAutoencoder,
    SumL2,
    reconstruction_loss,
    synthetic_data,
)
from lae_helpers.benchmark.comparison import run_solver
from lae_helpers.benchmark.recipes import ARTICLE, RECIPES
from lae_helpers.benchmark.timer import SolverSettings

K = 3
X = synthetic_data(10 * np.sqrt([8.0, 5.0, 3.0, 1.0, 0.5, 0.2, 0.1, 0.05]), 100) + 2.0


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_measure_once_a_pass(name: str) -> None:
    run = run_solver(name, X, K, goal=None, settings=SolverSettings(recipe_steps=110))
    steps = -(-100 // RECIPES[name].batch_size)
    passes = math.ceil(110 / steps)
    assert_array_equal([one.steps for one in run.measurements], steps * np.arange(passes + 1))
    assert_array_equal([one.passes for one in run.measurements], np.arange(passes + 1))


def test_recipes_prepare_as_they_say() -> None:
    prepared = {name: recipe.prepare(X) for name, recipe in RECIPES.items()}
    assert_allclose(prepared["the article's recipe"], (X - 0.1307) / 0.3081)
    assert_allclose(prepared["+ centred"], (X - X.mean(axis=0)) / 0.3081)
    assert_allclose(prepared["+ scale of the pixels"], X - X.mean(axis=0))
    assert_allclose(prepared["Plaut's recipe"], X)
    assert ARTICLE.strength(784) == pytest.approx(0.392)
    assert {recipe.optimizer for recipe in RECIPES.values()} == {"adam", "sgd"}


def test_the_strength_of_a_recipe_is_that_of_the_mean_over_entries() -> None:
    """The article adds 5e-4 of the penalty to a mean over entries: n times less than J has it."""
    model, rows = LinearAutoencoder(8, K), torch.tensor(X)
    W1, W2 = model.encoder.weight, model.decoder.weight
    article = torch.nn.functional.mse_loss(model(rows), rows) + 5e-4 * SumL2(1.0).penalty(W1, W2)
    ours = reconstruction_loss(model, rows) + SumL2(ARTICLE.strength(8)).penalty(W1, W2)
    torch.testing.assert_close(8 * article, ours)
