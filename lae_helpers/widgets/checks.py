"""Checks at the door of a figure: of its traits as of arguments, and of images."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import SupportsFloat, SupportsIndex

import numpy as np
import traitlets

from lae_helpers._arrays import is_tensor, to_array
from lae_helpers._checks import (
    ArrayLike,
    FloatArray,
    check_between,
    check_count,
    check_labels,
    check_samples,
    check_vector,
)
from lae_helpers._layouts import lay_out
from lae_helpers.pca import fit_pca

MOST_NAMES = 16  # for a sample of each to be shown


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


def check_spectrum(
    value: ArrayLike, n_components: SupportsIndex | None = None, *, default: int = 8
) -> FloatArray:
    """Return variances, checked; of data, those along their leading principal directions.

    Parameters
    ----------
    value : array_like, shape (k,), or data as ``lay_out`` takes them
    n_components : int, optional
        How many of data; variances are as many as they are.
    default : int
        How many of data if not given, or as many as there are.
    """
    if to_array("variances", value).ndim < 2:
        if n_components is not None:
            raise ValueError("n_components must come with data: variances are as many as they are")
        return check_vector("variances", value)
    data, _ = lay_out(value)
    return fit_pca(
        data, min(default, *data.shape) if n_components is None else n_components
    ).variances


def name_samples(labels: ArrayLike, n_samples: int) -> list[str]:
    """Return what stands under each sample: text as it is; numbers must be whole.

    Parameters
    ----------
    labels : array_like, shape (n_samples,)
    n_samples : int
    """
    text = None if is_tensor(labels) else np.asarray(labels)
    if text is None or not all(isinstance(label, str) for label in text.flat):
        return [str(label) for label in check_labels("labels", labels, n_samples)]
    if text.shape != (n_samples,):
        raise ValueError(
            f"labels must be {n_samples}, one a sample, but their shape is {text.shape}"
        )
    return [str(label) for label in text]


def choose_rows(
    rows: Sequence[int] | None, names: Sequence[str] | None, n_samples: int
) -> list[int]:
    """Return checked rows, or those to show: the first of each name, of too many ten in all.

    Parameters
    ----------
    rows : sequence of int or None
    names : sequence of str or None
        Of every sample.
    n_samples : int
    """
    if rows is not None:
        chosen = [check_count("images", row, at_least=0, at_most=n_samples - 1) for row in rows]
        if not chosen or len(set(chosen)) < len(chosen):
            raise ValueError(
                f"images must be distinct rows of X, at least one, but they are {chosen}"
            )
        return chosen
    if names is not None and len(known := set(names)) <= MOST_NAMES:
        return [names.index(name) for name in sorted(known, key=lambda name: (len(name), name))]
    spread: list[int] = np.linspace(0, n_samples - 1, min(10, n_samples)).astype(int).tolist()
    return spread


def check_square_images(X: ArrayLike) -> FloatArray:
    """Return data, shape (n_samples, n_features), one square image a row."""
    data = check_samples(X)
    if math.isqrt(data.shape[1]) ** 2 != data.shape[1]:
        raise ValueError(
            "X must hold square images, such as 784 = 28 x 28 pixels a row, "
            f"but its shape is {data.shape}"
        )
    return data
