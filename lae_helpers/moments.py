"""Mean and covariance, in one pass over data that may come in batches or as a Dask array."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lae_helpers._checks import FloatArray, check_matrix
from lae_helpers._sources import Batches, DaskArray, Data, Moments, Source, as_source

__all__ = ["Data", "Moments", "compute_moments"]


def compute_moments(X: Data) -> Moments:
    """Compute mean and covariance in one pass.

    Batches are merged by the formulas of Chan, Golub and LeVeque [1]_, which lose no digits when
    the mean is far from zero. Memory for one batch and one covariance is enough, whatever the
    number of samples.

    Parameters
    ----------
    X : array_like, torch.Tensor, iterable of batches, dask.array.Array or Moments
        At least two samples, each a row. An array has the shape (n_samples, n_features) and any
        dtype of real numbers; a data frame will do, and a tensor, a mask or a nullable column of
        which nothing is missing. An iterable, such as a ``torch.utils.data.DataLoader``, gives
        batches: such arrays, tuples or lists that begin with one, such as ``(X, y)``, or dicts
        with one matrix in them; images are flattened by the caller. A Dask array may have blocks of
        any heights; each is summarised where it is, on the cluster if a ``distributed.Client`` is
        at work, and what travels is one covariance a block. Moments are checked and returned, so
        that one pass can serve many computations.

    Returns
    -------
    Moments

    Raises
    ------
    TypeError
        If the entries are not real numbers, or the data are sparse, a Dataset or with labels.
    ValueError
        If there are fewer than two samples, an entry is masked or missing, a batch (counted from
        0) is empty, has NaN, infinity, the wrong number of axes or of columns, or the covariance
        overflows or does not fit into memory.

    References
    ----------
    .. [1] T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for computing the sample variance:
       analysis and recommendations", The American Statistician 37, 1983.
    """
    source = as_source(X)
    return source if isinstance(source, Moments) else _summary_of(source).dense_moments()


@dataclass(frozen=True)
class ThinMoments:
    """The moments of fewer samples than features, without a matrix of features by features.

    Attributes
    ----------
    mean : ndarray, shape (n_features,)
    factor : ndarray, shape (n_rows, n_features)
        ``factor.T @ factor`` is the covariance.
    n_samples : int
    """

    mean: FloatArray
    factor: FloatArray
    n_samples: int


def moments_of(source: Source) -> Moments | ThinMoments:
    """Return the moments of what ``as_source`` made of the data."""
    return source if isinstance(source, Moments) else _summary_of(source).moments()


def _summary_of(source: FloatArray | Batches | DaskArray) -> Summary:
    if isinstance(source, DaskArray):
        summary = summarise_blocks(source)
    elif isinstance(source, Batches):
        summary = summarise_batches(source)
    else:
        summary = summarise(source)
    if summary.n_samples < 2:
        raise ValueError(
            f"X must have at least 2 rows in all its batches together, but it has "
            f"{summary.n_samples}"
        )
    return summary


@dataclass(frozen=True)
class Summary:
    """What is kept of some samples.

    Attributes
    ----------
    n_samples : int
    base : ndarray, shape (n_features,)
        Some point among the samples, the origin from which they are seen.
    offset : ndarray, shape (n_features,)
        Their mean is ``base + offset``. Apart, the two keep digits that their sum would lose.
    rows : ndarray, shape (n_rows, n_features), or None
        As long as they are fewer than the features: ``rows.T @ rows`` is the sum of the outer
        products of the samples less their mean.
    scatter : ndarray, shape (n_features, n_features), or None
        That sum itself, in the place of ``rows``.
    """

    n_samples: int
    base: FloatArray
    offset: FloatArray
    rows: FloatArray | None
    scatter: FloatArray | None = None

    def moments(self) -> Moments | ThinMoments:
        """Divide by the number of samples."""
        if self.rows is None:
            return self.dense_moments()
        factor = self.rows / np.sqrt(self.n_samples)
        with np.errstate(over="ignore", invalid="ignore"):
            _check_finite(np.square(factor).sum())
        return ThinMoments(self.base + self.offset, factor, self.n_samples)

    def dense_moments(self) -> Moments:
        """Divide by the number of samples, the covariance entry by entry."""
        covariance = self.full_scatter() / self.n_samples
        _check_finite(covariance)
        return Moments(self.base + self.offset, covariance, self.n_samples)

    def full_scatter(self) -> FloatArray:
        """Return the scatter matrix, from the rows where it is not there yet."""
        if self.scatter is not None:
            return self.scatter
        assert self.rows is not None
        return _outer_products(self.rows)


def summarise(rows: FloatArray) -> Summary:
    """Return the summary of a checked array, at least one row."""
    with np.errstate(over="ignore", invalid="ignore"):
        base = rows.mean(axis=0)
        centred = rows - base
        offset = centred.mean(axis=0)  # what rounding left of the mean
        centred -= offset
    if len(rows) < rows.shape[1]:
        return Summary(len(rows), base, offset, centred)
    return Summary(len(rows), base, offset, None, _outer_products(centred))


def merge(first: Summary, second: Summary) -> Summary:
    """Return the summary of both together."""
    n_samples = first.n_samples + second.n_samples
    share = second.n_samples / n_samples
    with np.errstate(over="ignore", invalid="ignore"):
        apart = (second.base - first.base) + (second.offset - first.offset)
        between = np.sqrt(first.n_samples * share) * apart
        offset = first.offset + share * apart
        if first.rows is not None and second.rows is not None:
            rows = np.vstack([first.rows, second.rows, between])
            if len(rows) < rows.shape[1]:
                return Summary(n_samples, first.base, offset, rows)
            return Summary(n_samples, first.base, offset, None, _outer_products(rows))
        scatter = first.full_scatter() + second.full_scatter()
        scatter += np.outer(between, between)
    return Summary(n_samples, first.base, offset, None, scatter)


def _outer_products(rows: FloatArray) -> FloatArray:
    """Return ``rows.T @ rows``; raise a ValueError if there is no room for it."""
    n = rows.shape[1]
    needed = 8 * n * n
    try:
        if needed > _memory():
            raise MemoryError
        with np.errstate(over="ignore", invalid="ignore"):
            return rows.T @ rows
    except MemoryError as error:
        raise ValueError(
            f"X must have fewer columns than {n} for its covariance to fit into memory: "
            f"{n} x {n} numbers take {needed / 1e9:.1f} GB; fewer rows than columns are "
            "trained on and decomposed without it, so draw some, or combine columns"
        ) from error


def _memory() -> float:
    """Return the bytes of memory that the machine has, infinity where it does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return math.inf


def _check_finite(squares: FloatArray | np.floating[Any]) -> None:
    if not np.isfinite(squares).all():
        raise ValueError(
            "X must have a finite covariance, but its entries are so large that their squares "
            "overflow; divide it by a constant"
        )


def summarise_batches(batches: Iterable[FloatArray]) -> Summary:
    """Return the summary of all batches, one at a time in memory."""
    walk = _gather(batches)
    total = summarise(next(walk))
    for rows in walk:
        total = merge(total, summarise(rows))
    return total


def _gather(batches: Iterable[FloatArray]) -> Iterator[FloatArray]:
    """Join small batches, so that a merger, which costs n^2, comes once in n rows at most."""
    waiting: list[FloatArray] = []
    n_rows = 0
    for rows in batches:
        waiting.append(rows)
        n_rows += len(rows)
        if n_rows >= rows.shape[1]:
            yield np.concatenate(waiting)
            waiting, n_rows = [], 0
    if waiting:
        yield np.concatenate(waiting)


def summarise_blocks(source: DaskArray) -> Summary:
    """Return the summary of a Dask array: its blocks apart, then pair by pair."""
    from dask.base import compute
    from dask.delayed import delayed

    blocks = source.array.to_delayed().ravel()
    parts = [delayed(_summarise_block)(block, i) for i, block in enumerate(blocks)]
    while len(parts) > 1:
        pairs = [parts[i : i + 2] for i in range(0, len(parts), 2)]
        parts = [delayed(_merge_any)(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
    (summary,) = compute(parts[0])
    if summary is None:
        raise ValueError("X must have at least 2 rows, but all its blocks are empty")
    result: Summary = summary
    return result


def _summarise_block(block: Any, index: int) -> Summary | None:  # noqa: ANN401 - of any array type
    if block.shape[0] == 0:
        return None
    return summarise(check_matrix(f"X in block {index}", block, copy=False))


def _merge_any(first: Summary | None, second: Summary | None) -> Summary | None:
    if first is None or second is None:
        return first or second
    return merge(first, second)
