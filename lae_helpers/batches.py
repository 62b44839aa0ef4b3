"""What data may be: an array, batches of rows, a Dask array, or the moments of one of these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import torch

from lae_helpers.validation import ArrayLike, FloatArray, check_matrix, check_samples


@dataclass(frozen=True)
class Moments:
    """Mean and covariance: all that the losses of this book see of the data.

    Attributes
    ----------
    mean : ndarray, shape (n_features,)
    covariance : ndarray, shape (n_features, n_features)
        ``(X - mean).T @ (X - mean) / n_samples``: divided by the number of samples.
    n_samples : int
    """

    mean: FloatArray
    covariance: FloatArray
    n_samples: int


Data: TypeAlias = ArrayLike | Iterable[Any] | Moments


class Batches:
    """Batches of rows as checked arrays, one at a time.

    Parameters
    ----------
    batches : iterable
        See `lae_helpers.moments.compute_moments`.

    Attributes
    ----------
    n_batches : int
        How many the last whole pass gave.
    repeats : bool
        Whether they can be passed over again: a generator gives its batches only once.
    """

    def __init__(self, batches: Iterable[Any]) -> None:
        self._batches = batches
        self._n_features: int | None = None
        self.n_batches = 0
        self.repeats = not isinstance(batches, Iterator)

    def __iter__(self) -> Iterator[FloatArray]:
        n_batches = 0
        for index, batch in enumerate(self._batches):
            rows = check_matrix(f"X in batch {index}", _rows_of(batch))
            self._n_features = self._n_features or rows.shape[1]
            if rows.shape[1] != self._n_features:
                raise ValueError(
                    f"X in batch {index} must have {self._n_features} columns like the first "
                    f"batch, but its shape is {rows.shape}"
                )
            n_batches = index + 1
            yield rows
        if n_batches == 0:
            raise ValueError(
                "X must hold at least one batch, but it gave none; a generator that was gone "
                "through before has none left: make a new one"
            )
        self.n_batches = n_batches


@dataclass(frozen=True)
class DaskArray:
    """A Dask array of two axes, each block as wide as the whole."""

    array: Any


Source: TypeAlias = FloatArray | Batches | DaskArray | Moments


def as_source(X: Data) -> Source:
    """Sort out what the data are; an array is checked here, batches as they come.

    An array of float64 is not copied: nothing may be written into it.

    Raises
    ------
    TypeError
        If they do not hold real numbers.
    ValueError
        If an array does not have the shape (n_samples, n_features), at least two rows and one
        column, or has NaN or infinity.
    """
    if isinstance(X, Moments):
        return X
    if type(X).__module__.partition(".")[0] == "dask":
        return _check_dask(X)
    if _gives_batches(X):
        return Batches(X)  # type: ignore[arg-type] # it is iterable
    return check_samples(X, copy=False)  # type: ignore[arg-type] # anything else is an array or an error


def _gives_batches(X: Data) -> bool:
    """Say whether X is an iterable of batches; lists of numbers or of rows are arrays."""
    if isinstance(X, str | bytes | Mapping | Set | range) or hasattr(X, "shape"):
        return False
    if isinstance(X, Sequence):
        return len(X) > 0 and _is_matrix(_rows_of(X[0]))
    return isinstance(X, Iterable) and not hasattr(X, "__array__")


def _rows_of(batch: Any) -> Any:  # noqa: ANN401 - checked by the caller
    """Return X of a pair (X, y), or the batch."""
    if isinstance(batch, tuple | list) and batch and _is_array(batch[0]) and batch[0].ndim > 1:
        return batch[0]
    return batch


def _is_array(value: object) -> bool:
    return isinstance(value, np.ndarray | torch.Tensor)


def _is_matrix(value: Any) -> bool:  # noqa: ANN401 - that is what it finds out
    return _is_array(value) and value.ndim == 2


def _check_dask(X: Any) -> DaskArray:  # noqa: ANN401 - Dask is optional, and so are its types
    import dask.array

    if not isinstance(X, dask.array.Array):
        raise TypeError(
            f"X must be a dask.array.Array among Dask's collections, but it is a "
            f"{type(X).__name__}; a data frame has to_dask_array()"
        )
    if X.dtype.kind not in "biuf":
        raise TypeError(f"X must hold real numbers, but its dtype is {X.dtype}")
    if X.ndim != 2 or X.shape[1] == 0:
        raise ValueError(
            "X must be two-dimensional (rows, columns) with at least one column, but its shape "
            f"is {X.shape}"
        )
    return DaskArray(X if len(X.chunks[1]) == 1 else X.rechunk({1: -1}))
