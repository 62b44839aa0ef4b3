"""Solvers for the principal directions, each reporting how far it has come.

Passes count how often each sample is read: once for mean and covariance together; for a randomised
method once for the mean and once for each product with the data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from lae_helpers._checks import FloatArray
from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.benchmark.decompositions import (
    run_eigh,
    run_lanczos,
    run_leading_eigh,
    run_scikit,
    run_scikit_randomized,
    run_thin_svd,
    run_torch_lowrank,
)
from lae_helpers.benchmark.recipes import RECIPES, Recipe
from lae_helpers.benchmark.spare import run_from_sample, run_spare
from lae_helpers.benchmark.timer import ConvergenceTimer, SolverFunction, SolverSettings
from lae_helpers.hebbian import oja
from lae_helpers.moments import Moments, compute_moments
from lae_helpers.recovery import rayleigh_ritz, recover_from_decoder
from lae_helpers.regularizers import SumL2
from lae_helpers.training import fit

MOST_STEPS = 5000
DESCENT_RATE = 0.5  # over v_1: at the minimum 1 / 2 (v_1 - lam) is the limit
OJA_RATE = 0.5  # over v_1, as `oja` has a factor 2: 1 / 2 (v_1 - lam) likewise


@dataclass(frozen=True)
class Solver:
    """What finds the k leading principal directions of data X, shape (n_samples, n_features).

    Attributes
    ----------
    family : {"exact", "randomised", "autoencoder", "float32", "recipe"}
    description : str
        What it does, in a few words.
    run : callable
        Called with X, k, a started timer and settings; lets the timer measure whenever it has
        directions to show, and may stop where the timer says that they are good enough.
    """

    family: str
    description: str
    run: SolverFunction


def _run_autoencoder(
    X: FloatArray,
    k: int,
    timer: ConvergenceTimer,
    settings: SolverSettings,
    *,
    optimizer: str,
    tied: bool = False,
) -> None:
    moments = _moments(X, timer)
    model = LinearAutoencoder(X.shape[1], k, seed=settings.seed)
    rate = DESCENT_RATE / _top_variance(moments) if optimizer == "gradient_descent" else None
    fit(
        model, moments, SumL2(settings.lam), optimizer=optimizer, tied=tied, learning_rate=rate,
        max_steps=MOST_STEPS, callback=partial(_show, timer, model, math.inf),
    )  # fmt: skip


def _run_ritz(X: FloatArray, k: int, timer: ConvergenceTimer, settings: SolverSettings) -> None:
    moments = _moments(X, timer)
    model = LinearAutoencoder(X.shape[1], k, seed=settings.seed)

    def show(step: int, _: float) -> bool:
        return timer.measure(
            lambda: rayleigh_ritz(model, moments.covariance).directions, passes=1, steps=step
        )

    fit(model, moments, optimizer="alternating", max_steps=MOST_STEPS, callback=show)


def _run_oja(X: FloatArray, k: int, timer: ConvergenceTimer, settings: SolverSettings) -> None:
    """Follow the decoder's half of the slope, with the decoder's transpose as the encoder."""
    moments = _moments(X, timer)
    model = LinearAutoencoder(X.shape[1], k, seed=settings.seed)
    rate, strengths = OJA_RATE / _top_variance(moments), np.full(k, settings.lam)
    W1, W2 = (layer.weight.detach().numpy() for layer in (model.encoder, model.decoder))
    for step in range(1, MOST_STEPS + 1):
        W2 += rate * oja(W1, W2, moments.covariance, strengths)[1]
        if _show(timer, model, math.inf, step, math.nan):
            return


def _run_recipe(
    X: FloatArray, k: int, timer: ConvergenceTimer, settings: SolverSettings, *, recipe: Recipe
) -> None:
    data = recipe.prepare(X)
    model = LinearAutoencoder(X.shape[1], k, seed=settings.seed)
    steps_a_pass = -(-len(X) // recipe.batch_size)
    fit(
        model, data, SumL2(recipe.strength(X.shape[1])), optimizer=recipe.optimizer,
        batch_size=recipe.batch_size, learning_rate=recipe.learning_rate, seed=settings.seed,
        schedule=recipe.schedule, epochs=recipe.epochs(len(X), settings.recipe_steps),
        callback=partial(_show, timer, model, steps_a_pass), progress=False,
    )  # fmt: skip


def _show(
    timer: ConvergenceTimer, model: LinearAutoencoder, steps_a_pass: float, step: int, _loss: float
) -> bool:
    """Measure; on moments, where any number of steps takes the one pass, that is infinite."""
    passes = 1.0 if math.isinf(steps_a_pass) else step / steps_a_pass
    return timer.measure(lambda: recover_from_decoder(model).directions, passes=passes, steps=step)


def _moments(X: FloatArray, timer: ConvergenceTimer) -> Moments:
    moments = compute_moments(X)
    timer.note_covariance()
    return moments


def _top_variance(moments: Moments) -> float:
    """Return the largest eigenvalue of the covariance from below, by the power method."""
    direction = np.random.default_rng(0).standard_normal(len(moments.mean))
    for _ in range(30):
        direction = moments.covariance @ direction
        direction /= np.linalg.norm(direction) or 1.0
    return float(direction @ moments.covariance @ direction)


SOLVERS = MappingProxyType({
    "numpy.linalg.svd": Solver(
        "exact", "thin SVD of the centred data", run_thin_svd
    ),
    "eigh of the covariance": Solver(
        "exact", "all eigenvectors of C", run_eigh
    ),
    "eigh of C, k vectors": Solver(
        "exact", "the leading ones, scipy.linalg", run_leading_eigh
    ),
    "eigsh of C (Lanczos)": Solver(
        "exact", "the leading ones, scipy.sparse.linalg", run_lanczos
    ),
    "scikit-learn full": Solver(
        "exact", "thin SVD of the centred data", partial(run_scikit, solver="full")
    ),
    "scikit-learn covariance_eigh": Solver(
        "exact", "all eigenvectors of C", partial(run_scikit, solver="covariance_eigh")
    ),
    "scikit-learn arpack": Solver(
        "exact", "Lanczos on the centred data",
        partial(run_scikit, solver="arpack"),
    ),
    "scikit-learn randomized": Solver(
        "randomised", "power iterations on the data", run_scikit_randomized
    ),
    "scikit-learn, 40 spare": Solver(
        "randomised", "n_oversamples=40, its best",
        partial(run_scikit_randomized, spare=40),
    ),
    "torch.pca_lowrank": Solver(
        "randomised", "power iterations on the data", run_torch_lowrank
    ),
    "LAE, L-BFGS": Solver(
        "autoencoder", "sum penalty, on C", partial(_run_autoencoder, optimizer="lbfgs")
    ),
    "LAE, gradient descent": Solver(
        "autoencoder", "sum penalty, untied, on C",
        partial(_run_autoencoder, optimizer="gradient_descent"),
    ),
    "LAE, regularised Oja": Solver(
        "autoencoder", "the decoder's half of the slope", _run_oja
    ),
    "LAE, alternating": Solver(
        "autoencoder",
        "exact, after all eigenvectors of C",
        partial(_run_autoencoder, optimizer="alternating"),
    ),
    "LAE, alternating, tied": Solver(
        "autoencoder", "sum penalty, exact, on C",
        partial(_run_autoencoder, optimizer="alternating", tied=True),
    ),
    "LAE, alternating, Ritz": Solver(
        "autoencoder", "no penalty, exact, on C", _run_ritz
    ),
    "LAE, 30 spare": Solver(
        "autoencoder", "no penalty, exact, on C", run_spare
    ),
    "LAE, a tenth first": Solver(
        "autoencoder",
        "exact, C of a tenth, then the data",
        run_from_sample,
    ),
    "float32: eigsh of C": Solver(
        "float32", "the leading ones", partial(run_lanczos, dtype=np.float32)
    ),
    "float32: scikit, 40 spare": Solver(
        "float32", "n_oversamples=40",
        partial(run_scikit_randomized, spare=40, dtype=np.float32),
    ),
    "float32: LAE, 30 spare": Solver(
        "float32", "as above", partial(run_spare, dtype=np.float32)
    ),
    "float32: LAE, a tenth first": Solver(
        "float32", "as above", partial(run_from_sample, dtype=np.float32)
    ),
    **{
        name: Solver(
            "recipe", f"minibatches, {recipe.optimizer}, sum penalty",
            partial(_run_recipe, recipe=recipe),
        )
        for name, recipe in RECIPES.items()
    },
})  # fmt: skip
