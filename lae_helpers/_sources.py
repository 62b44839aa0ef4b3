"""What data may be: an array, batches of rows, a Dask array, or the moments of one of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from lae_helpers._arrays import check_dtype, is_dataset
from lae_helpers._batches import Batches, check_alone, gives_batches, rows_of
from lae_helpers._checks import ArrayLike, FloatArray, check_count, check_matrix, check_samples
from lae_helpers._samples import Minibatches, S, Samples, Source

DEFAULT_BATCH = 64

Data: TypeAlias = ArrayLike | Iterable[Any] | Source


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
    if isinstance(X, Source):
        return X.checked()
    if type(X).__module__.partition(".")[0] == "dask":
        return DaskArray(X)
    if isinstance(X, Mapping):
        return Rows(check_samples(rows_of("X", X), copy=False))
    if is_dataset(X):
        raise TypeError(
            f"X must be an array or give batches of rows, but it is a {type(X).__name__}, which "
            "gives samples; wrap it: torch.utils.data.DataLoader(X, batch_size=256)"
        )
    if gives_batches(X):
        if isinstance(X, Sequence):
            check_alone(X)
        return Batches(X)  # type: ignore[arg-type] # it is iterable
    return Rows(check_samples(X, copy=False))  # type: ignore[arg-type] # an array or an error


class Rows(Samples):
    """A checked array, shape (n_samples, n_features)."""

    def __init__(self, rows: FloatArray) -> None:
        self._rows = rows

    @property
    def shape(self) -> tuple[float, float]:
        """Samples and features."""
        return self._rows.shape

    def reduce(self, summarise: Callable[[FloatArray], S], merge: Callable[[S, S], S]) -> S:  # noqa: ARG002 - they are one lot
        """Summarise all rows at once."""
        return summarise(self._rows)

    def minibatches(self, batch_size: int | None, seed: int) -> Minibatches:
        """Return ``batch_size`` rows at a time, 64 by default, in a new order each pass.

        They are copies: whoever changes the data while a model is trained does not change these.
        """
        n_rows = len(self._rows)
        if batch_size is None:
            batch_size = min(DEFAULT_BATCH, n_rows)
        why = " (the number of samples)"
        return _Shuffled(
            self._rows.copy(), check_count("batch_size", batch_size, at_most=n_rows, why=why), seed
        )


class _Shuffled:
    def __init__(self, rows: FloatArray, batch_size: int, seed: int) -> None:
        import torch  # slow to import: only when a model is trained, which has done it

        self._rows, self._batch_size = rows, batch_size
        self._generator = torch.Generator().manual_seed(seed)
        self.n_batches = -(-len(rows) // batch_size)

    def __iter__(self) -> Iterator[FloatArray]:
        import torch

        order = torch.randperm(len(self._rows), generator=self._generator).numpy()
        for start in range(0, len(order), self._batch_size):
            yield self._rows[order[start : start + self._batch_size]]


class DaskArray(Samples):
    """A Dask array of two axes, each block as wide as the whole; computed where it is."""

    kind = "a Dask array"

    def __init__(self, array: Any) -> None:  # noqa: ANN401 - Dask is optional, so are its types
        import dask.array

        if not isinstance(array, dask.array.Array):
            raise TypeError(
                f"X must be a dask.array.Array among Dask's collections, but it is a "
                f"{type(array).__name__}; a data frame has to_dask_array(), and "
                "dask.array.from_delayed() makes one of what is delayed"
            )
        check_dtype("X", array.dtype)
        if array.ndim != 2 or array.shape[1] == 0:
            raise ValueError(
                "X must be two-dimensional (rows, columns) with at least one column, but its shape "
                f"is {array.shape}"
            )
        self._array = array if len(array.chunks[1]) == 1 else array.rechunk({1: -1})

    @property
    def shape(self) -> tuple[float, float]:
        """Samples, NaN if Dask does not know how many, and features."""
        n_samples, n_features = self._array.shape
        return n_samples, n_features

    def reduce(self, summarise: Callable[[FloatArray], S], merge: Callable[[S, S], S]) -> S:
        """Summarise every block where it is, then merge pair by pair: what travels is summaries."""
        from dask.base import compute
        from dask.delayed import delayed

        of_block, of_pair = partial(_of_block, summarise), partial(_of_pair, merge)
        blocks = self._array.to_delayed().ravel()
        parts = [delayed(of_block)(block, i) for i, block in enumerate(blocks)]
        while len(parts) > 1:
            pairs = [parts[i : i + 2] for i in range(0, len(parts), 2)]
            parts = [delayed(of_pair)(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
        (summary,) = compute(parts[0])
        if summary is None:
            raise ValueError("X must have at least 2 rows, but all its blocks are empty")
        result: S = summary
        return result


def _of_block(summarise: Callable[[FloatArray], S], block: Any, index: int) -> S | None:  # noqa: ANN401 - of any array type
    if block.shape[0] == 0:
        return None
    return summarise(check_matrix(f"X in block {index}", block, copy=False))


def _of_pair(merge: Callable[[S, S], S], first: S | None, second: S | None) -> S | None:
    if first is None or second is None:
        return first or second
    return merge(first, second)
