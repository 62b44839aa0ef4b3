"""What is measured of a network with feedback weights, on networks small enough to read."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lae_helpers.feedback.data import LabelledImages
from lae_helpers.feedback.measures import accuracy, angles, gains, hidden_errors, weight_angles
from lae_helpers.networks.backprop import backpropagate, forward
from lae_helpers.networks.mlp import MLP, initialize_mlp
from tests.feedback.small import make_images


def test_accuracy_is_the_share_of_the_test_images_that_are_read_correctly() -> None:
    X = np.eye(10)
    mean = X.mean(axis=0)
    network = MLP([np.eye(10)], [mean], "relu")  # adds what centring takes away
    assert accuracy(network, LabelledImages(X, np.arange(10), X, np.arange(10))) == 1.0
    wrong = [1, 0, 3, 2, 4, 5, 6, 7, 8, 9]
    assert accuracy(network, LabelledImages(X, np.arange(10), X, wrong)) == pytest.approx(0.6)


def test_angles_and_gains_of_scaled_and_turned_transposes() -> None:
    network = initialize_mlp((12, 4, 4, 10), activation="relu")
    feedback = [3 * W.T for W in network.weights[1:]]
    assert weight_angles(network, feedback) == pytest.approx([0.0, 0.0], abs=1e-6)
    assert gains(network, feedback) == pytest.approx([3.0, 3.0])
    assert weight_angles(network, [-B for B in feedback]) == pytest.approx([180.0, 180.0])
    assert angles([torch.zeros(3)], [torch.ones(3)]) == [90.0]


def test_hidden_errors_are_those_of_the_first_200_training_images() -> None:
    images = make_images(240)
    network = initialize_mlp((12, 4, 4, 10), activation="relu")
    feedback = [torch.ones_like(W.T) for W in network.weights[1:]]
    fed_back, exact = hidden_errors(network, feedback, images)
    passed = forward(network, images.X)
    for found, ways_back in ((fed_back, feedback), (exact, None)):
        expected = backpropagate(network, passed, images.targets, ways_back)[:-1]
        for one, other in zip(found, expected, strict=True):
            torch.testing.assert_close(one, other[:200])
