"""How the features of a sample are drawn: as the pixels of an image, or as bars with names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, SupportsIndex

from lae_helpers._arrays import count_axes, to_array
from lae_helpers._checks import ArrayLike, FloatArray, check_count, check_samples
from lae_helpers._frames import column_names


@dataclass(frozen=True)
class Layout:
    """Pixels row by row where there is an ``image_shape``, else a bar for each of ``names``.

    Attributes
    ----------
    image_shape : tuple of int, or None
        Height and width.
    names : tuple of str
        One a feature; empty for images.

    Examples
    --------
    >>> find_layout(784)
    Layout(image_shape=(28, 28), names=())
    >>> find_layout(3)
    Layout(image_shape=None, names=('1', '2', '3'))
    """

    image_shape: tuple[int, int] | None
    names: tuple[str, ...] = ()

    def describe(self) -> dict[str, Any]:
        """Return it as the front ends have it, ``Layout`` in ``features.js``."""
        if self.image_shape is None:
            return {"names": list(self.names)}
        height, width = self.image_shape
        return {"rows": height, "columns": width}


def find_layout(
    n_features: int,
    image_shape: Sequence[SupportsIndex] | None = None,
    feature_names: Sequence[object] | None = None,
) -> Layout:
    """Return the layout that was asked for; of neither, a square image, or bars that are numbered.

    Parameters
    ----------
    n_features : int
    image_shape : tuple of int, optional
        Height and width, whose product is ``n_features``.
    feature_names : sequence, optional
        As many.

    Raises
    ------
    TypeError, ValueError
        If both are given, or one does not fit; the message names it.
    """
    if image_shape is not None:
        if feature_names is not None:
            raise ValueError("image_shape and feature_names must not both be given: images or bars")
        return Layout(_check_shape(image_shape, n_features))
    if feature_names is not None:
        return Layout(None, _check_names(feature_names, n_features))
    side = math.isqrt(n_features)
    if side**2 == n_features and side > 1:
        return Layout((side, side))
    return Layout(None, tuple(str(i + 1) for i in range(n_features)))


def lay_out(
    X: ArrayLike,
    image_shape: Sequence[SupportsIndex] | None = None,
    feature_names: Sequence[object] | None = None,
) -> tuple[FloatArray, Layout]:
    """Return data, one sample a row, and how their features are drawn.

    Parameters
    ----------
    X : array_like, torch.Tensor or data frame
        Of shape (n_samples, n_features), or images of shape (n_samples, height, width).
    image_shape, feature_names
        As of ``find_layout``. Those of images are their shape, those of a data frame its columns.

    Returns
    -------
    data : ndarray of float64, shape (n_samples, n_features)
    layout : Layout

    Raises
    ------
    TypeError, ValueError
        If the data are none, or the layout does not fit them; the message names the argument.
    """
    names = feature_names
    if image_shape is None and names is None:
        names = column_names(X)
    array = to_array("X", X)
    shape = image_shape
    if count_axes(array) == 3 and array.shape[1] * array.shape[2] > 0:
        shape = array.shape[1:] if shape is None and names is None else shape
        array = array.reshape(len(array), -1)
    data = check_samples(array)
    return data, find_layout(data.shape[1], shape, names)


def _check_shape(image_shape: Sequence[SupportsIndex], n_features: int) -> tuple[int, int]:
    if not isinstance(image_shape, Sequence):
        raise TypeError(f"image_shape must be (height, width), but it is {image_shape!r}")
    if len(image_shape) != 2:
        raise ValueError(f"image_shape must be (height, width), but it is {tuple(image_shape)}")
    height, width = (check_count("image_shape", side) for side in image_shape)
    if height * width != n_features:
        raise ValueError(
            f"image_shape must be of {n_features} pixels, one a feature, but "
            f"{height} x {width} are {height * width}"
        )
    return height, width


def _check_names(feature_names: Sequence[object], n_features: int) -> tuple[str, ...]:
    if isinstance(feature_names, str):
        raise TypeError(f"feature_names must be a list of names, but it is {feature_names!r}")
    names = tuple(map(str, feature_names))
    if len(names) != n_features:
        raise ValueError(
            f"feature_names must be {n_features}, one a feature, but they are {len(names)}"
        )
    return names
