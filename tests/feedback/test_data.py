"""The images of chapter 8: what is refused, left out and subtracted."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lae_helpers.feedback.data import LabelledImages


def test_bad_images_are_named() -> None:
    X, labels = np.eye(4, 3), np.array([0, 1, 2, 9])
    with pytest.raises(ValueError, match="as many columns"):
        LabelledImages(X, labels, X[:, :2], labels)
    with pytest.raises(ValueError, match="labels must be 4, one a sample"):
        LabelledImages(X, labels[:3], X, labels)
    for wrong in ([0, 1, 2, 10], [-1, 0, 0, 0]):
        with pytest.raises(ValueError, match="labels_test must be from 0 to 9, but they reach"):
            LabelledImages(X, labels, X, wrong)
    with pytest.raises(ValueError, match=r"labels_test must be integers, but 0\.5 is none"):
        LabelledImages(X, labels, X, [0, 1, 2, 0.5])


def test_pixels_that_never_change_are_left_out() -> None:
    X = np.array([[0.0, 7.0, 1.0], [0.0, 7.0, 3.0]])
    images = LabelledImages(X, [0, 1], X + 5.0, [0, 1])
    torch.testing.assert_close(images.X, torch.tensor([[-1.0], [1.0]]).double())
    torch.testing.assert_close(images.X_test, torch.tensor([[4.0], [6.0]]).double())
    with pytest.raises(ValueError, match="all its rows are the same"):
        LabelledImages(X[:1], [0], X, [0, 1])


def test_all_is_centred_by_the_training_images_alone() -> None:
    X = np.arange(12.0).reshape(4, 3)
    images = LabelledImages(X, [0, 1, 2, 3], X[:1], [0])
    torch.testing.assert_close(images.X.mean(dim=0), torch.zeros(3).double())
    torch.testing.assert_close(images.X_test[0], torch.full((3,), -4.5).double())
