"""What data may be: an array, batches of rows, a Dask array, or the moments of one of these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from torch.utils.data import Dataset

from lae_helpers._arrays import check_dtype, count_axes, is_frame, no_entry
from lae_helpers._checks import (
    ArrayLike,
    FloatArray,
    check_count,
    check_matrix,
    check_samples,
    check_vector,
)


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
        self._n_features, self._like = 0, "the first batch"
        self.n_batches = 0
        self.repeats = not isinstance(batches, Iterator)

    def expect(self, n_features: int, like: str) -> None:
        """Refuse a batch of another width from the first on; ``like`` says whose width it is."""
        self._n_features, self._like = n_features, like

    def __iter__(self) -> Iterator[FloatArray]:
        n_batches = 0
        columns = None
        for index, batch in enumerate(self._batches):
            name = f"X in batch {index}"
            found = rows_of(name, batch)
            if is_frame(found):
                columns = _check_columns(name, list(found.columns), columns)
            rows = check_matrix(name, found)
            self._n_features = self._n_features or rows.shape[1]
            if rows.shape[1] != self._n_features:
                raise ValueError(
                    f"{name} must have {self._n_features} columns like {self._like}, "
                    f"but its shape is {rows.shape}"
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
        column, or has NaN or infinity; or if moments do not fit together.
    """
    if isinstance(X, Moments):
        return _check_moments(X)
    if type(X).__module__.partition(".")[0] == "dask":
        return _check_dask(X)
    if isinstance(X, Mapping):
        return check_samples(rows_of("X", X), copy=False)
    if isinstance(X, Dataset):
        raise TypeError(
            f"X must be an array or give batches of rows, but it is a {type(X).__name__}, which "
            "gives samples; wrap it: torch.utils.data.DataLoader(X, batch_size=256)"
        )
    if _gives_batches(X):
        if isinstance(X, Sequence):
            _check_alone(X)
        return Batches(X)  # type: ignore[arg-type] # it is iterable
    return check_samples(X, copy=False)  # type: ignore[arg-type] # anything else is an array or an error


def _check_moments(moments: Moments) -> Moments:
    """Return the moments in float64, if they can be those of data."""
    mean = check_vector("X.mean", moments.mean)
    covariance = check_matrix("X.covariance", moments.covariance, copy=False)
    if covariance.shape != (len(mean), len(mean)):
        raise ValueError(
            f"X.covariance must have the shape {(len(mean), len(mean))} to go with X.mean, but its "
            f"shape is {covariance.shape}"
        )
    uneven = np.abs(covariance - covariance.T).max()
    if uneven > 1e-6 * np.abs(covariance).max() or (covariance.diagonal() < 0).any():
        raise ValueError(
            "X.covariance must be symmetric with no negative variance, but it is not; take "
            "compute_moments() of the data"
        )
    return Moments(mean, covariance, check_count("X.n_samples", moments.n_samples, at_least=2))


def _gives_batches(X: Data) -> bool:
    """Say whether X is an iterable of batches; lists of numbers or of rows are arrays."""
    if isinstance(X, str | bytes | Set | range) or count_axes(X) >= 0:
        return False
    if isinstance(X, Sequence):
        return len(X) > 0 and _is_batch(X[0])
    return isinstance(X, Iterable) and not hasattr(X, "__array__")


def _is_batch(first: Any) -> bool:  # noqa: ANN401 - that is what it finds out
    """Say whether the first part of a list is a batch, or a sample with more than its row."""
    if not isinstance(first, tuple | list):
        return isinstance(first, Mapping) or count_axes(first) > 1
    axes = {max(count_axes(part), 0) for part in first}
    return len(axes) > 1 or any(_is_batch(part) for part in first)


def rows_of(name: str, batch: Any) -> Any:  # noqa: ANN401 - checked by the caller
    """Return the data in a batch: X of (X, y), the one matrix of a dict, or all of it.

    Raises
    ------
    TypeError
        If it is not plain which part is meant; the message says how to pass it.
    """
    if isinstance(batch, Mapping):
        parts = [part for part in batch.values() if count_axes(part) > 1]
        if len(parts) == 1 and count_axes(parts[0]) == 2:
            return parts[0]
        raise no_entry(name, batch)
    if not isinstance(batch, tuple | list) or not _is_batch(batch):
        return batch
    first, *rest = batch
    if _is_nested(first) and not any(map(_is_nested, rest)):
        return rows_of(name, first)
    if count_axes(first) > 1 and not (first.shape[0] > 1 and any(map(_is_scalar, rest))):
        return first
    kinds = ", ".join(
        f"{type(part).__name__} {tuple(part.shape) if count_axes(part) >= 0 else ''}".rstrip()
        for part in batch[:3]
    )
    raise TypeError(
        f"{name} must be an array of rows or begin with one, such as the pair (X, labels), but it "
        f"is a {type(batch).__name__} of {kinds}; a loader gives batches by itself, without "
        "enumerate(), and DataLoader(samples, batch_size=256) makes them of single samples"
    )


def _is_nested(part: Any) -> bool:  # noqa: ANN401 - that is what it finds out
    return isinstance(part, tuple | list | Mapping) and _is_batch(part)


def _is_scalar(value: Any) -> bool:  # noqa: ANN401 - that is what it finds out
    return isinstance(value, int | float | str) or count_axes(value) == 0


def _check_columns(name: str, columns: list[Any], first: list[Any] | None) -> list[Any]:
    """Return the names of the columns if they are those of the first frame, in their order."""
    if first is not None and columns != first:
        raise ValueError(
            f"{name} must have the columns of the first batch in their order, {first[:5]} ..., but "
            f"they are {columns[:5]} ...; pick them by frame[columns]"
        )
    return columns


def _check_alone(X: Sequence[Any]) -> None:
    """Raise a TypeError if X is data together with their labels, as `load_mnist` returns them."""
    if count_axes(X[0]) != 2:
        return
    n_rows, columns = X[0].shape
    labels = ((n_rows,), (n_rows, 1)) if columns > 1 else ((n_rows,),)
    if any(tuple(getattr(part, "shape", ())) in labels for part in X[1:]):
        shapes = ", ".join(str(tuple(getattr(part, "shape", ()))) for part in X)
        raise TypeError(
            f"X must be the data alone, but it is a {type(X).__name__} of data and labels with the "
            f"shapes {shapes}; unpack it, as in X, labels = load_mnist()"
        )


def _check_dask(X: Any) -> DaskArray:  # noqa: ANN401 - Dask is optional, and so are its types
    import dask.array

    if not isinstance(X, dask.array.Array):
        raise TypeError(
            f"X must be a dask.array.Array among Dask's collections, but it is a "
            f"{type(X).__name__}; a data frame has to_dask_array(), and "
            "dask.array.from_delayed() makes one of what is delayed"
        )
    check_dtype("X", X.dtype)
    if X.ndim != 2 or X.shape[1] == 0:
        raise ValueError(
            "X must be two-dimensional (rows, columns) with at least one column, but its shape "
            f"is {X.shape}"
        )
    return DaskArray(X if len(X.chunks[1]) == 1 else X.rechunk({1: -1}))
