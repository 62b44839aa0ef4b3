"""Training: it arrives, says so honestly, repeats itself, and fails in words."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lae_helpers import (
    DivergenceError,
    LinearAutoencoder,
    NonuniformSumL2,
    ProductL2,
    Regularizer,
    SumL2,
    Unregularized,
    axis_alignment,
    fit,
    fit_pca,
    reconstruction_loss,
    recover_from_decoder,
    synthetic_data,
)
from lae_helpers._checks import FloatArray
from lae_helpers.autoencoder import moment_loss
from lae_helpers.errors import ConvergenceWarning
from lae_helpers.moments import compute_moments
from lae_helpers.regularizers import REGULARIZERS, make_regularizer
from lae_helpers.training.full_batch import lbfgs, stable_learning_rate
from lae_helpers.training.matrices import Dense
from lae_helpers.training.objective import Objective
from tests.strategies import Problem, problems
from tests.training.small import QUIET, VARIANCES, X, model_of, parameters

ONE_STEP: dict[str, Any] = {"optimizer": "gradient_descent", "max_steps": 1, "tolerance": 0}
LADDER = [Unregularized(), ProductL2(0.7), SumL2(0.7), NonuniformSumL2([0.4, 0.8, 1.6])]


def slope(model: LinearAutoencoder, data: FloatArray, regularizer: Regularizer) -> float:
    """Return the largest entry of the gradient of J, by autograd on the data themselves."""
    loss = reconstruction_loss(model, torch.tensor(data))
    loss = loss + regularizer.penalty(model.encoder.weight, model.decoder.weight)
    gradients = torch.autograd.grad(loss, list(model.parameters()))
    return max(gradient.abs().max().item() for gradient in gradients)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("regularizer", LADDER, ids=lambda r: r.name)
def test_lbfgs_reaches_the_minimum_and_says_so(regularizer: Regularizer, bias: bool) -> None:
    model = model_of(bias=bias)
    history = fit(model, X, regularizer)
    assert history.converged
    assert history.losses[-1] == pytest.approx(regularizer.minimum_loss(VARIANCES, 3), abs=1e-9)
    assert slope(model, X, regularizer) <= 1e-8 * VARIANCES.sum() * (1 + 1e-6)


@pytest.mark.parametrize(
    ("optimizer", "learning_rate"), [("adam", 1e-2), ("sgd", 5e-3)], ids=["adam", "sgd"]
)
def test_minibatch_optimizers_reach_the_minimum(optimizer: str, learning_rate: float) -> None:
    regularizer, model = SumL2(1.0), model_of()
    history = fit(
        model, X, regularizer, optimizer=optimizer, learning_rate=learning_rate, epochs=1500,
        batch_size=49, schedule="cosine", tolerance=1e-6, **QUIET,
    )  # fmt: skip
    assert history.losses[-1] == pytest.approx(regularizer.minimum_loss(VARIANCES, 3), abs=1e-6)
    assert history.converged == (slope(model, X, regularizer) <= 1e-6 * VARIANCES.sum())
    cosines = axis_alignment(recover_from_decoder(model).directions, fit_pca(X, 3).directions)
    assert cosines.min() > 0.9999


@settings(max_examples=25, deadline=None)
@given(problems(), st.integers(1, 60), st.sampled_from(["none", "product", "sum"]))
def test_converged_is_true_only_where_the_gradient_is_small(
    problem: Problem, max_steps: int, name: str
) -> None:
    data, model, _ = problem
    if model.n_components > len(data):
        data = np.vstack([data, data + 1, data - 1, data * 2])
    regularizer = {r.name: r for r in LADDER}[name]
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        history = fit(model, data, regularizer, max_steps=max_steps, tolerance=1e-6)
    assert [one.category for one in said] == (not history.converged) * [ConvergenceWarning]
    scale = max(np.square(data).sum(axis=1).mean(), 1.0)
    lever = 1 + np.abs(data.mean(axis=0)).max() + model.encoder.weight.abs().max().item()
    small = slope(model, data, regularizer) <= 1e-6 * scale * lever * 10
    assert small or not history.converged


@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating", "adam", "sgd"])
def test_converged_is_false_when_stopped_early(optimizer: str) -> None:
    options: dict[str, Any] = {"max_steps": 3}
    if optimizer in {"adam", "sgd"}:
        options = {"epochs": 3, "learning_rate": 1e-4}
    if optimizer in {"adam", "sgd"}:
        history = fit(model_of(), X, SumL2(0.7), optimizer=optimizer, **options, **QUIET)
    else:
        with pytest.warns(
            ConvergenceWarning, match=r"after 3 steps before .* allow more max_steps"
        ) as said:
            history = fit(model_of(), X, SumL2(0.7), optimizer=optimizer, **options)
        assert said[0].filename == __file__  # where the caller can do something about it
    assert not history.converged
    assert len(history.steps) == 4


@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating"])
def test_a_tolerance_of_zero_asks_for_all_the_steps(optimizer: str) -> None:
    options: dict[str, Any] = {"optimizer": optimizer, "max_steps": 7, "tolerance": 0}
    history = fit(model_of(), X, SumL2(0.7), **options)
    assert len(history.steps) == 8
    assert not history.converged


@pytest.mark.parametrize("offset", [10.0, 100.0, 1e4, 1e6])
def test_a_mean_far_away_costs_neither_steps_nor_accuracy(offset: float) -> None:
    model, regularizer = model_of(), SumL2(0.7)
    history = fit(model, X + offset, regularizer)
    assert history.converged
    assert history.losses[-1] == pytest.approx(regularizer.minimum_loss(VARIANCES, 3), abs=1e-8)
    centred = fit(model_of(), X, regularizer)
    assert len(history.steps) <= 3 * len(centred.steps)


def test_biases_make_up_for_any_mean() -> None:
    shift = np.array([5.0, -3.0, 0.0, 20.0, 1.0, -8.0])
    model, other = model_of(), model_of(bias=False)
    fit(model, X + shift, SumL2(0.7))
    fit(other, X, SumL2(0.7))
    with torch.no_grad():
        moved = model(torch.tensor(X + shift)).numpy() - shift
        assert_allclose(moved, other(torch.tensor(X)).numpy(), atol=1e-5)


def test_fit_starts_from_the_function_that_the_model_is() -> None:
    model = model_of()
    with torch.no_grad():
        model.encoder.bias.fill_(2.0)
        model.decoder.bias.fill_(-1.0)
        start = reconstruction_loss(model, torch.tensor(X)).item()
    history = fit(model, X, max_steps=1, tolerance=0)
    assert history.losses[0] == pytest.approx(start, rel=1e-12)
    assert history.losses[1] < start


def test_history_records_every_step_and_the_loss_of_the_model() -> None:
    model, regularizer = model_of(), SumL2(0.7)
    seen: list[tuple[int, float, float]] = []

    def look(step: int, loss: float) -> None:
        penalty = regularizer.penalty(model.encoder.weight, model.decoder.weight)
        now = (reconstruction_loss(model, torch.tensor(X)) + penalty).item()
        seen.append((step, loss, now))

    history = fit(model, X, regularizer, callback=look)
    assert_array_equal(history.steps, np.arange(len(history.steps)))
    steps, losses, true_losses = zip(*seen, strict=True)
    assert_array_equal(history.steps, steps)
    assert_array_equal(history.losses, losses)
    assert_allclose(losses, true_losses, rtol=1e-11)
    assert (np.diff(history.losses) <= 1e-10).all()
    assert [str(record.dtype) for record in (history.steps, history.losses)] == ["int64", "float64"]
    assert history.snapshots == []


def test_snapshots_are_copies_first_and_last_included() -> None:
    model = model_of()
    history = fit(model, X, SumL2(0.7), max_steps=10, snapshot_every=4, tolerance=0)
    assert [snapshot.step for snapshot in history.snapshots] == [0, 4, 8, 10]
    start, last = model_of(), history.snapshots[-1]
    assert_array_equal(history.snapshots[0].encoder, start.encoder.weight.detach())
    assert_array_equal(history.snapshots[0].decoder, start.decoder.weight.detach())
    assert_array_equal(last.encoder, model.encoder.weight.detach())
    with torch.no_grad():
        model.decoder.weight.zero_()
    assert np.abs(last.decoder).max() > 0
    assert (last.encoder.shape, last.decoder.shape) == ((3, 6), (6, 3))


@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating", "adam", "sgd"])
def test_a_true_callback_stops_and_keeps_what_was_learned(optimizer: str) -> None:
    model = model_of()
    kept: list[list[FloatArray]] = []

    def stop_at_third(step: int, loss: float) -> bool:
        assert np.isfinite(loss)
        assert step >= 0
        kept.append(parameters(model))
        return len(kept) == 3

    history = fit(
        model, X, SumL2(0.7), optimizer=optimizer, callback=stop_at_third, **QUIET
    )  # fmt: skip
    assert len(history.losses) == 3
    assert not history.converged
    for now, at_stop, at_start in zip(parameters(model), kept[2], kept[0], strict=True):
        assert_array_equal(now, at_stop)
        assert np.abs(now - at_start).max() > 0


@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating", "adam", "sgd"])
def test_the_same_seeds_give_the_same_numbers(optimizer: str) -> None:
    options: dict[str, Any] = {"max_steps": 20, "tolerance": 0}
    if optimizer in {"adam", "sgd"}:
        options = {"batch_size": 8, "epochs": 3}

    def run(seed: int) -> tuple[FloatArray, list[FloatArray]]:
        torch.rand(3)  # what torch drew before does not matter
        model = model_of()
        history = fit(model, X, SumL2(0.7), optimizer=optimizer, seed=seed, **options, **QUIET)
        return history.losses, parameters(model)

    (first, W), (second, W_again), (other, _) = run(1), run(1), run(2)
    assert_array_equal(first, second)
    for a, b in zip(W, W_again, strict=True):
        assert_array_equal(a, b)
    assert (first[1:] == other[1:]).all() == (optimizer not in {"adam", "sgd"})


def test_a_step_on_all_of_the_data_never_sees_the_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cost cannot depend on their number: no sample goes through the model."""

    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(LinearAutoencoder, "forward", fail)
    sizes: list[int] = []
    times = Dense.times

    def spy(self: Dense, rows: torch.Tensor) -> torch.Tensor:
        sizes.append(self.matrix.numel())
        return times(self, rows)

    monkeypatch.setattr(Dense, "times", spy)
    for optimizer in ("lbfgs", "gradient_descent", "alternating"):
        fit(model_of(), np.vstack(20 * [X]), optimizer=optimizer, max_steps=10, tolerance=0)
    assert set(sizes) == {6 * 6}
    assert len(sizes) >= 30


def test_lbfgs_goes_where_its_formula_says() -> None:
    """Dense: ``H <- (I - s y^T / y^T s) H (I - y s^T / y^T s) + s s^T / y^T s``, along -H g."""
    covariance, one = torch.tensor(compute_moments(X).covariance / VARIANCES.sum()), np.eye(36)
    objective = Objective(Dense(covariance), SumL2(0.7), 3, scale=VARIANCES.sum())
    start = torch.tensor(np.random.default_rng(0).normal(size=(2, 3, 6)))
    points = [objective.at(start)]
    points += lbfgs(objective, points[0], max_steps=8)
    moves = np.diff([point.weights.flatten().numpy() for point in points], axis=0)
    slopes = np.array([point.gradient.flatten().numpy() for point in points])
    changes = np.diff(slopes, axis=0)
    for step in range(1, 8):
        H = one * (changes[step - 1] @ moves[step - 1]) / np.square(changes[step - 1]).sum()
        for s, y in zip(moves[:step], changes[:step], strict=True):
            rest = one - np.outer(s, y) / (y @ s)
            H = rest @ H @ rest.T + np.outer(s, s) / (y @ s)
        way = -H @ slopes[step]
        assert_allclose(
            moves[step] / np.linalg.norm(moves[step]), way / np.linalg.norm(way), atol=1e-9
        )


def test_repeated_data_train_alike() -> None:
    losses = [fit(model_of(), data, SumL2(0.7)).losses[-1] for data in (X, np.vstack([X, X, X]))]
    assert losses[0] == pytest.approx(losses[1], rel=1e-10)


def test_moments_train_like_the_data_that_they_come_from() -> None:
    for optimizer in ("lbfgs", "gradient_descent", "alternating"):
        options: dict[str, Any] = {"optimizer": optimizer, "max_steps": 10, "tolerance": 0}
        whole = fit(model_of(), X, SumL2(0.7), **options)
        from_moments = fit(model_of(), compute_moments(X), SumL2(0.7), **options)
        assert_array_equal(whole.losses, from_moments.losses)


@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent"])
def test_one_product_with_the_matrix_a_step(
    optimizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One for the start; L-BFGS takes another every eighth step, for the digits."""
    factors: list[bytes] = []
    times = Dense.times

    def spy(self: Dense, rows: torch.Tensor) -> torch.Tensor:
        factors.append(rows.numpy().tobytes())
        return times(self, rows)

    monkeypatch.setattr(Dense, "times", spy)
    history = fit(model_of(), X, SumL2(0.7), optimizer=optimizer, max_steps=20, tolerance=0)
    assert len(history.steps) == 21
    assert len(set(factors)) == len(factors) <= 21 + 20 // 8


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("name", REGULARIZERS)
def test_gradient_descent_finds_its_own_step_to_the_minimum(name: str, bias: bool) -> None:
    variances = np.array([4.0, 2.0, 0.5, 0.4, 0.3, 0.2])
    data = synthetic_data(7 * np.sqrt(variances), 49)
    regularizer, model = make_regularizer(name, 0.8, 2), model_of(2, bias=bias)
    options: dict[str, Any] = {"optimizer": "gradient_descent", "tolerance": 1e-6}
    history = fit(model, data, regularizer, max_steps=3000, **options)
    assert history.converged
    assert (np.diff(history.losses) <= 1e-12).all()
    assert history.losses[-1] == pytest.approx(regularizer.minimum_loss(variances, 2), abs=1e-9)


def test_gradient_descent_takes_the_step_that_its_formula_says() -> None:
    model, rate, data = model_of(bias=False), 1e-3, X + 0.5
    W1, W2 = parameters(model)
    fit(model, data, SumL2(0.7), learning_rate=rate, **ONE_STEP)
    second = data.T @ data / len(data)
    slope1 = 2 * (W2.T @ (W2 @ W1 - np.eye(6)) @ second + 0.7 * W1)
    slope2 = 2 * ((W2 @ W1 - np.eye(6)) @ second @ W1.T + 0.7 * W2)
    for old, gradient, new in zip((W1, W2), (slope1, slope2), parameters(model), strict=True):
        assert_allclose(new, old - rate * gradient, atol=1e-14)


def test_gradient_descent_moves_the_weights_as_seen_from_the_mean() -> None:
    """The biases are the best for the weights from the first step on, wherever they were."""
    model, rate = model_of(), 1e-3
    with torch.no_grad():
        model.encoder.bias.fill_(2.0)
    fit(model, X + 5, SumL2(0.7), learning_rate=rate, **ONE_STEP)
    assert_allclose(model.decoder.bias.detach(), 5, rtol=1e-14)
    assert_allclose(model.encoder.bias.detach(), -5 * model.encoder.weight.detach().sum(dim=1))
    centred = model_of(bias=False)
    fit(centred, X, SumL2(0.7), learning_rate=rate, **ONE_STEP)
    assert_allclose(model.encoder.weight.detach(), centred.encoder.weight.detach(), atol=1e-13)
    assert_allclose(model.decoder.weight.detach(), centred.decoder.weight.detach(), atol=1e-13)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.tuples(st.integers(1, 5), st.integers(1, 5)),
    st.floats(0.01, 3), st.floats(0.01, 20), st.sampled_from(list(REGULARIZERS)),
)  # fmt: skip
def test_the_stable_rate_bounds_the_curvature(
    seed: int, widths: tuple[int, int], size: float, lam: float, name: str
) -> None:
    k, n = sorted(widths)
    regularizer, rng = make_regularizer(name, lam, k), np.random.default_rng(seed)
    spectrum = np.sort(rng.exponential(size=n))[::-1].copy()
    covariance, weights = (
        torch.diag(torch.tensor(spectrum)),
        torch.tensor(rng.normal(size=2 * n * k)),
    )

    def loss(flat: torch.Tensor) -> torch.Tensor:
        W1, W2 = flat[: n * k].reshape(k, n), flat[n * k :].reshape(n, k)
        return moment_loss(W1, W2, covariance, torch.zeros(n)) + regularizer.penalty(W1, W2)

    flat = weights * size
    hessian = torch.autograd.functional.hessian(loss, flat)
    top = float(torch.linalg.eigvalsh(hessian)[-1])
    rate = stable_learning_rate(
        flat[: n * k].reshape(k, n), flat[n * k :].reshape(n, k), spectrum[0], regularizer
    )
    assert top <= 1 / rate
    assert rate == float(f"{rate:.2e}")


def test_the_stable_rate_is_rounded_down_to_three_digits() -> None:
    W1, W2 = torch.tensor([[2.0, 0.0]]), torch.tensor([[0.0], [1.0]])
    for regularizer, curvature in (
        (Unregularized(), 2 * 3 * 8), (ProductL2(0.5), 2 * 3.5 * 8), (SumL2(0.5), 2 * 3 * 8 + 1),
    ):  # fmt: skip
        rate = stable_learning_rate(W1, W2, 3.0, regularizer)
        assert 0.99 / curvature < rate <= 1 / curvature
        assert rate == float(f"{rate:.2e}")
    assert stable_learning_rate(W1, W2, 3.0, Unregularized()) == 0.0208  # 1 / 48 = 0.02083...
    assert stable_learning_rate(W1, W2, 1 / 16, Unregularized()) == 1.0
    assert stable_learning_rate(W1, W2, 0.0, Unregularized()) == 1.0
    assert stable_learning_rate(W1, W2, 3.0, Unregularized(), least_norm=1.0) == 0.0208
    small = W1 / 1000, W2 / 1000
    assert stable_learning_rate(*small, 3.0, Unregularized(), least_norm=1.0) == 0.0416  # 1 / 24


def test_small_variances_do_not_make_the_biases_diverge() -> None:
    history = fit(model_of(), X / 1000 + 3, optimizer="gradient_descent", max_steps=5, tolerance=0)
    assert history.losses[1] < history.losses[0]
    assert history.losses[1] <= VARIANCES.sum() / 1000**2 * 9


def test_gradient_descent_on_constant_data() -> None:
    history = fit(model_of(), np.ones((4, 6)), optimizer="gradient_descent")
    assert history.converged


@pytest.mark.parametrize("bias", [True, False])
def test_a_step_too_large_is_divergence(bias: bool) -> None:
    model = model_of(bias=bias)
    before = parameters(model)
    with pytest.raises(
        DivergenceError, match=r"at step \d+; try .*smaller learning_rate than 0.5$"
    ):
        fit(model, X, optimizer="gradient_descent", learning_rate=0.5)
    for old, new in zip(before, parameters(model), strict=True):
        assert_array_equal(old, new)
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize(("batch_size", "where"), [(7, "of a batch"), (49, "loss became")])
def test_divergence_restores_the_weights_and_says_what_would_do(
    batch_size: int, where: str
) -> None:
    model = model_of()
    before = parameters(model)
    with pytest.raises(DivergenceError, match=rf"{where}.* at step \d+; try .*learning_rate"):
        fit(model, X, optimizer="sgd", learning_rate=1e6, batch_size=batch_size, **QUIET)
    for old, new in zip(before, parameters(model), strict=True):
        assert_array_equal(old, new)
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating"])
@pytest.mark.parametrize("bias", [True, False])
def test_overflow_at_the_start_is_divergence(bias: bool, optimizer: str) -> None:
    model = model_of(bias=bias)
    with torch.no_grad():
        model.encoder.weight.mul_(1e160)
        model.decoder.weight.mul_(1e160)
    before = parameters(model)
    with pytest.raises(DivergenceError, match=r"at step 0; try smaller starting weights"):
        fit(model, X, optimizer=optimizer)
    for old, new in zip(before, parameters(model), strict=True):
        assert_array_equal(old, new)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating"])
def test_a_model_of_less_precision_gets_the_rounded_weights(
    optimizer: str, dtype: torch.dtype
) -> None:
    model, exact = model_of().to(dtype), model_of().to(dtype).double()
    options: dict[str, Any] = {"optimizer": optimizer, "tolerance": 1e-6, "max_steps": 5000}
    history, reference = (fit(each, X, SumL2(0.7), **options) for each in (model, exact))
    assert history.converged
    assert_array_equal(history.losses, reference.losses)
    for rounded, parameter in zip(model.parameters(), exact.parameters(), strict=True):
        assert torch.equal(rounded, parameter.to(dtype))


@pytest.mark.parametrize("bias", [True, False])
def test_extreme_shapes(bias: bool) -> None:
    wide = np.random.default_rng(0).normal(size=(5, 30))
    wide -= wide.mean(axis=0)
    for data, k in ((wide, 5), (X, 6), (X, 1)):
        n = data.shape[1]
        variances = np.linalg.eigvalsh(np.cov(data.T, bias=True)).clip(0)[::-1]
        model = LinearAutoencoder(n, k, bias=bias)
        history = fit(model, data, SumL2(0.1))
        assert history.losses[-1] == pytest.approx(SumL2(0.1).minimum_loss(variances, k), abs=1e-8)


def test_data_without_any_variance() -> None:
    history = fit(model_of(), np.zeros((4, 6)))
    assert history.losses[-1] == 0
    assert history.converged


def test_a_strength_of_zero_is_no_penalty() -> None:
    histories = [
        fit(model_of(), X, regularizer, max_steps=30, tolerance=0)
        for regularizer in (None, SumL2(0))
    ]
    assert_array_equal(histories[0].losses, histories[1].losses)


FAILURES = [ValueError("no"), KeyboardInterrupt(), SystemExit(1), MemoryError(), GeneratorExit()]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating", "adam", "sgd"])
@pytest.mark.parametrize("when", [0, 1, 3])
def test_whatever_is_raised_the_model_is_as_it_was(
    optimizer: str, when: int, failure: BaseException
) -> None:
    model = model_of()
    with torch.no_grad():
        model.encoder.bias.fill_(0.5)
    before, records = parameters(model), 0

    def fail(*_: object) -> None:
        nonlocal records
        records += 1
        if records > when:
            raise failure

    with pytest.raises(type(failure)):
        fit(model, X, SumL2(0.7), optimizer=optimizer, callback=fail, **QUIET)
    assert records == when + 1
    for old, new in zip(before, parameters(model), strict=True):
        assert_array_equal(old, new)
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent"])
def test_training_ends_where_no_digit_changes(optimizer: str) -> None:
    """With tolerance 0, a hundred thousand steps allowed, far fewer are taken."""
    model = model_of()
    history = fit(model, X, SumL2(0.7), optimizer=optimizer, max_steps=100_000, tolerance=0)
    assert history.steps[-1] < 50_000
    before = parameters(model)
    again = fit(model, X, SumL2(0.7), optimizer=optimizer, max_steps=3, tolerance=0)
    assert again.losses[0] == pytest.approx(history.losses[-1], rel=1e-14)
    for old, new in zip(before, parameters(model), strict=True):
        assert_allclose(old, new, atol=1e-7)


def test_constant_data_converge() -> None:
    model = LinearAutoencoder(3, 2)
    history = fit(model, np.ones((5, 3)), SumL2(0.3))
    assert history.converged
    assert history.losses[-1] == pytest.approx(0.0, abs=1e-12)
