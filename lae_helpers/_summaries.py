"""What is kept of some samples, and how two such summaries are merged.

The formulas are those of Chan, Golub and LeVeque, see `lae_helpers.moments.compute_moments`.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

import numpy as np

from lae_helpers._checks import FloatArray


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
