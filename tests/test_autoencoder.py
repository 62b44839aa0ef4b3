"""The model and its losses, against autograd and a loop over samples."""

from __future__ import annotations

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lae_helpers import LinearAutoencoder, ProductL2, SumL2, Unregularized, reconstruction_loss
from lae_helpers.autoencoder import moment_loss
from lae_helpers.moments import compute_moments
from lae_helpers.training.coordinates import Coordinates
from lae_helpers.training.objective import Objective
from tests.strategies import Problem, problems


@settings(max_examples=50, deadline=None)
@given(problems())
def test_reconstruction_loss_is_the_mean_squared_length_of_the_errors(problem: Problem) -> None:
    X, model, _ = problem
    W1, W2 = model.encoder.weight.detach().numpy(), model.decoder.weight.detach().numpy()
    b1, b2 = (
        0.0 if layer.bias is None else layer.bias.detach().numpy()
        for layer in (model.encoder, model.decoder)
    )
    lengths = [float(sum((x - (W2 @ (W1 @ x + b1) + b2)) ** 2)) for x in X]
    loss = reconstruction_loss(model, torch.tensor(X))
    assert loss.item() == pytest.approx(sum(lengths) / len(X), rel=1e-12)
    mse = torch.nn.functional.mse_loss(model(torch.tensor(X)), torch.tensor(X))
    assert loss.item() == pytest.approx(mse.item() * model.n_features, rel=1e-12)


@settings(max_examples=50, deadline=None)
@given(problems())
def test_moment_loss_and_its_gradient_are_those_of_the_data(problem: Problem) -> None:
    X, model, _ = problem
    moments = compute_moments(X)
    mean = torch.tensor(moments.mean)
    from_moments = moment_loss(
        model.encoder.weight,
        model.decoder.weight,
        torch.tensor(moments.covariance),
        mean - model(mean[None])[0],
    )
    from_data = reconstruction_loss(model, torch.tensor(X))
    torch.testing.assert_close(from_moments, from_data, rtol=1e-11, atol=1e-9)
    parameters = list(model.parameters())
    gradients = zip(
        torch.autograd.grad(from_moments, parameters),
        torch.autograd.grad(from_data, parameters),
        strict=True,
    )
    for by_moments, by_data in gradients:
        torch.testing.assert_close(by_moments, by_data, rtol=1e-10, atol=1e-8)


@settings(max_examples=30, deadline=None)
@given(problems(), st.sampled_from([Unregularized(), ProductL2(0.7), SumL2(0.7)]))
def test_objective_is_loss_and_penalty_of_the_model(
    problem: Problem, regularizer: Unregularized | ProductL2 | SumL2
) -> None:
    X, model, _ = problem
    coordinates = Coordinates(model, compute_moments(X))
    scale, offset = coordinates.scale, coordinates.offset()
    objective = Objective(coordinates.matrix, regularizer, model.n_components, scale)
    point = objective.at(coordinates.weights())
    loss = scale * (point.loss + float(offset.square().sum()))
    slopes = [scale * point.gradient[0], scale * point.gradient[1].T, scale**0.5 * 2 * offset]
    penalty = regularizer.penalty(model.encoder.weight, model.decoder.weight)
    expected_loss = reconstruction_loss(model, torch.tensor(X)) + penalty
    assert loss == pytest.approx(expected_loss.item(), rel=1e-11)
    # the same function around the mean: centred data, b1 = 0 and b2 making up for it
    centred = torch.tensor(X - X.mean(axis=0))
    if "encoder.bias" in model.state_dict():
        with torch.no_grad():
            miss = model(torch.tensor(X.mean(axis=0))[None])[0] - torch.tensor(X.mean(axis=0))
            model.encoder.bias.zero_()
            model.decoder.bias.copy_(miss)
    else:
        centred = torch.tensor(X)
    total = reconstruction_loss(model, centred) + regularizer.penalty(
        model.encoder.weight, model.decoder.weight
    )
    leaves = [model.encoder.weight, model.decoder.weight]
    leaves += [model.decoder.bias] * ("encoder.bias" in model.state_dict())
    expected = torch.autograd.grad(total, leaves)
    for slope, gradient in zip(slopes, expected, strict=False):
        torch.testing.assert_close(slope, gradient, rtol=1e-9, atol=1e-9)


def test_a_seed_fixes_the_starting_weights_whatever_torch_drew_before() -> None:
    first = LinearAutoencoder(30, 5, seed=3)
    torch.rand(7)
    second, third = LinearAutoencoder(30, 5, seed=3), LinearAutoencoder(30, 5, seed=4)
    for name, tensor in first.state_dict().items():
        assert torch.equal(tensor, second.state_dict()[name])
    assert not torch.equal(first.encoder.weight, third.encoder.weight)
    assert not torch.equal(first.encoder.weight, first.decoder.weight.T)


@pytest.mark.parametrize("bias", [True, False])
def test_shapes_types_and_start(bias: bool) -> None:
    model = LinearAutoencoder(784, 16, bias=bias)
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    weights = {"encoder.weight": (16, 784), "decoder.weight": (784, 16)}
    assert shapes == weights | ({"encoder.bias": (16,), "decoder.bias": (784,)} if bias else {})
    assert {tensor.dtype for tensor in model.parameters()} == {torch.float64}
    assert (model.n_features, model.n_components) == (784, 16)
    for layer in (model.encoder, model.decoder):
        assert layer.weight.std().item() == pytest.approx(784**-0.5, rel=0.02)
        assert layer.bias is None or layer.bias.abs().max() == 0


def test_forward_is_decode_after_encode() -> None:
    model = LinearAutoencoder(6, 2)
    X = torch.rand(5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    assert model.encode(X).shape == (5, 2)
    assert torch.equal(model(X), model.decode(model.encode(X)))


def test_weights_can_be_saved_and_loaded_safely(tmp_path: pytest.TempPathFactory) -> None:
    file = f"{tmp_path}/weights.pt"
    model, other = LinearAutoencoder(6, 2, seed=1), LinearAutoencoder(6, 2, seed=2)
    torch.save(model.state_dict(), file)
    other.load_state_dict(torch.load(file, weights_only=True))
    pairs = itertools.zip_longest(model.parameters(), other.parameters())
    assert all(torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize(
    ("widths", "kind", "argument"),
    [
        ((0, 1), ValueError, "n_features"),
        ((4, 0), ValueError, "n_components"),
        ((4, -1), ValueError, "n_components"),
        ((4, 5), ValueError, "n_components"),
        ((4, 2.0), TypeError, "n_components"),
        ((4, "2"), TypeError, "n_components"),
        ((4, True), TypeError, "n_components"),
        ((4.0, 2), TypeError, "n_features"),
        ((None, 2), TypeError, "n_features"),
    ],
)
def test_bad_widths(widths: tuple[int, int], kind: type[Exception], argument: str) -> None:
    with pytest.raises(kind, match=rf"^{argument} must be"):
        LinearAutoencoder(*widths)


@pytest.mark.parametrize(("seed", "kind"), [(-1, ValueError), ("0", TypeError), (0.5, TypeError)])
def test_bad_seeds(seed: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"^seed must be"):
        LinearAutoencoder(4, 2, seed=seed)


@pytest.mark.parametrize(
    ("X", "error"),
    [
        ([[0.0, 1.0, 2.0]], TypeError),
        (torch.zeros(3), ValueError),
        (torch.zeros(0, 3), ValueError),
        (torch.zeros(2, 4), ValueError),
    ],
)
def test_reconstruction_loss_names_bad_data(X: torch.Tensor, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^X must"):
        reconstruction_loss(LinearAutoencoder(3, 2), X)
