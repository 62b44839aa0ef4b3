"""Batches of rows: what one may look like, and where in it the rows are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import numpy as np

from lae_helpers._arrays import count_axes, no_entry
from lae_helpers._checks import FloatArray, check_matrix
from lae_helpers._frames import is_frame
from lae_helpers._samples import Minibatches, S, Samples


class Batches(Samples):
    """Batches of rows, checked as they come, one at a time in memory.

    Parameters
    ----------
    batches : iterable
        See `lae_helpers.moments.compute_moments`.

    Attributes
    ----------
    n_batches : int
        How many the last whole pass gave.
    """

    kind = "a generator, which gives its batches once"

    def __init__(self, batches: Iterable[Any]) -> None:
        self._batches = batches
        self._n_features, self._like = 0, "the first batch"
        self.n_batches = 0

    @property
    def shape(self) -> tuple[float, float]:
        """Samples and features, as far as anything has said them."""
        return math.nan, self._n_features or math.nan

    def expect(self, n_features: int, n_components: int) -> None:  # noqa: ARG002
        """Refuse a batch of another width, from the first on."""
        self._n_features, self._like = n_features, "the model"

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

    def reduce(self, summarise: Callable[[FloatArray], S], merge: Callable[[S, S], S]) -> S:
        """Merge lot by lot, of which one is in memory at a time."""
        lots = self._lots()
        total = summarise(next(lots))
        for rows in lots:
            total = merge(total, summarise(rows))
        return total

    def _lots(self) -> Iterator[FloatArray]:
        """Join small batches, so that a merger, which costs n^2, comes once in n rows at most."""
        waiting: list[FloatArray] = []
        n_rows = 0
        for rows in self:
            waiting.append(rows)
            n_rows += len(rows)
            if n_rows >= rows.shape[1]:
                yield np.concatenate(waiting)
                waiting, n_rows = [], 0
        if waiting:
            yield np.concatenate(waiting)

    def minibatches(self, batch_size: int | None, seed: int) -> Minibatches:
        """Return the batches as they come, if they can be passed over again."""
        if isinstance(self._batches, Iterator):
            return super().minibatches(batch_size, seed)
        if batch_size is not None:
            raise ValueError(
                "batch_size must be left out if X comes in batches: they have their sizes already, "
                f"but it is {batch_size!r}"
            )
        return self


def gives_batches(X: object) -> bool:
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


def check_alone(X: Sequence[Any]) -> None:
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
