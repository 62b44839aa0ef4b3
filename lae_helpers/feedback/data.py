"""Images to learn from, and images to be judged by."""

from __future__ import annotations

from typing import Any

import torch
from sklearn.model_selection import train_test_split

from lae_helpers._checks import ArrayLike, check_labels, check_matrix
from lae_helpers.data import N_CLASSES


class LabelledImages:
    """Images to learn from and images to be judged by, centred by the mean of the former.

    Pixels that are the same in all images to learn from are left out: nothing is learned from them.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
    labels : array_like of int, shape (n_samples,)
        Classes from 0 to 9.
    X_test : array_like, shape (n_tests, n_features)
    labels_test : array_like of int, shape (n_tests,)

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit together, an entry is not finite, a label is no digit or all images to
        learn from are the same.

    Examples
    --------
    >>> images = LabelledImages([[0, 7, 1], [0, 7, 3]], [5, 6], [[0, 7, 2]], [5])
    >>> images.X  # less the mean, without the pixels that never change
    tensor([[-1.],
            [ 1.]], dtype=torch.float64)
    """

    def __init__(
        self, X: ArrayLike, labels: ArrayLike, X_test: ArrayLike, labels_test: ArrayLike
    ) -> None:
        train, test = check_matrix("X", X), check_matrix("X_test", X_test)
        if train.shape[1] != test.shape[1]:
            raise ValueError(
                f"X and X_test must have as many columns, but they have {train.shape[1]} and "
                f"{test.shape[1]}"
            )
        varying = (train != train[0]).any(axis=0)
        if not varying.any():
            raise ValueError("X must hold images that differ, but all its rows are the same")
        self.X, self.X_test = (
            torch.tensor((part - train.mean(axis=0)).compress(varying, axis=1))
            for part in (train, test)
        )
        self.labels, self.labels_test = (
            torch.from_numpy(check_labels(name, value, n, n_classes=N_CLASSES))
            for name, value, n in [
                ("labels", labels, len(train)), ("labels_test", labels_test, len(test)),
            ]
        )  # fmt: skip
        self.targets = torch.nn.functional.one_hot(self.labels, N_CLASSES).to(self.X.dtype)


def split_digits(X: ArrayLike, labels: ArrayLike) -> tuple[LabelledImages, LabelledImages]:
    """Return the two splits of chapter 8: one to choose settings by, one to judge by.

    A fifth of the images is set aside to judge by. To choose by, a fifth of the others is; those to
    judge by have no part in it. Both splits keep the shares of the digits and are always the same.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
    labels : array_like of int, shape (n_samples,)
    """

    def split(images: ArrayLike, digits: ArrayLike) -> list[Any]:
        parts = train_test_split(images, digits, test_size=0.2, stratify=digits, random_state=0)
        return [parts[i] for i in (0, 2, 1, 3)]

    parts = split(X, labels)
    return LabelledImages(*split(*parts[:2])), LabelledImages(*parts)
