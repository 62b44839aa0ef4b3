"""Mean and covariance, in one pass over data that may come in batches or as a Dask array."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lae_helpers.batches import Batches, DaskArray, Data, Moments, Source, as_source
from lae_helpers.validation import FloatArray, check_matrix

__all__ = ["Data", "Moments", "compute_moments"]


def compute_moments(X: Data) -> Moments:
    """Compute mean and covariance in one pass.

    Batches are merged by the formulas of Chan, Golub and LeVeque [1]_, which lose no digits when
    the mean is far from zero. Memory for one batch and one covariance is enough, whatever the
    number of samples.

    Parameters
    ----------
    X : array_like, torch.Tensor, iterable of batches, dask.array.Array or Moments
        At least two samples, each a row. An array has the shape (n_samples, n_features). An
        iterable, such as a ``torch.utils.data.DataLoader``, gives batches: arrays or tensors
        (rows, n_features), or tuples or lists that begin with one, such as ``(X, y)``. A Dask
        array may have blocks of any heights; each is summarised where it is, on the cluster if
        a ``distributed.Client`` is at work, and what travels is one covariance a block. Moments
        are returned as they are, so that one pass can serve many computations.

    Returns
    -------
    Moments

    Raises
    ------
    TypeError
        If the entries are not real numbers.
    ValueError
        If there are fewer than two samples, a batch (counted from 0) is empty, has NaN, infinity,
        the wrong number of axes or of columns, or the covariance overflows.

    References
    ----------
    .. [1] T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for computing the sample variance:
       analysis and recommendations", The American Statistician 37, 1983.
    """
    return moments_of(as_source(X))


def moments_of(source: Source) -> Moments:
    """Return the moments of what `lae_helpers.batches.as_source` made of the data."""
    if isinstance(source, Moments):
        return source
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
    return summary.moments()


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
    scatter : ndarray, shape (n_features, n_features)
        Sum of the outer products of the samples less their mean.
    """

    n_samples: int
    base: FloatArray
    offset: FloatArray
    scatter: FloatArray

    def moments(self) -> Moments:
        """Divide by the number of samples."""
        covariance = self.scatter / self.n_samples
        if not np.isfinite(covariance).all():
            raise ValueError(
                "X must have a finite covariance, but its entries are so large that their squares "
                "overflow; divide it by a constant"
            )
        return Moments(self.base + self.offset, covariance, self.n_samples)


def summarise(rows: FloatArray) -> Summary:
    """Return the summary of a checked array, at least one row."""
    with np.errstate(over="ignore", invalid="ignore"):
        base = rows.mean(axis=0)
        centred = rows - base
        offset = centred.mean(axis=0)  # what rounding left of the mean
        return Summary(len(rows), base, offset, centred.T @ centred)


def merge(first: Summary, second: Summary) -> Summary:
    """Return the summary of both together."""
    n_samples = first.n_samples + second.n_samples
    share = second.n_samples / n_samples
    with np.errstate(over="ignore", invalid="ignore"):
        apart = (second.base - first.base) + (second.offset - first.offset)
        scatter = first.scatter + second.scatter
        scatter += first.n_samples * share * np.outer(apart, apart)
        offset = first.offset + share * apart
    return Summary(n_samples, first.base, offset, scatter)


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
