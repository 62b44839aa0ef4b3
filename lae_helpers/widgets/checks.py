"""Checks at the door of a figure: of its traits as of arguments, and of images."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import SupportsFloat, SupportsIndex

import traitlets

from lae_helpers._checks import ArrayLike, FloatArray, check_between, check_count, check_samples


@contextmanager
def trait_errors() -> Iterator[None]:
    """Let the errors of checks be a trait's own, in the same words."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise traitlets.TraitError(str(error)) from error


class Number(traitlets.Float[float, SupportsFloat]):
    """A real number from ``min`` to ``max``; traitlets' own lets NaN and truth values pass."""

    def validate(self, _figure: traitlets.HasTraits, value: SupportsFloat) -> float:
        """Return the number as a float."""
        with trait_errors():
            return check_between(str(self.name), value, self.min, self.max)


class Count(traitlets.Int[int, SupportsIndex]):
    """An integer from ``min`` to ``max``, of numpy too; traitlets' own lets truth values pass."""

    def validate(self, _figure: traitlets.HasTraits, value: SupportsIndex) -> int:
        """Return the number as an int."""
        with trait_errors():
            return check_count(str(self.name), value, at_least=self.min, at_most=self.max)


def list_limits(**traits: Number | Count) -> dict[str, list[float]]:
    """Return the least and the most of each, for the controls of the front end."""
    return {name: [trait.min, trait.max] for name, trait in traits.items()}


def check_square_images(X: ArrayLike) -> FloatArray:
    """Return data, shape (n_samples, n_features), one square image a row."""
    data = check_samples(X)
    if math.isqrt(data.shape[1]) ** 2 != data.shape[1]:
        raise ValueError(
            "X must hold square images, such as 784 = 28 x 28 pixels a row, "
            f"but its shape is {data.shape}"
        )
    return data
