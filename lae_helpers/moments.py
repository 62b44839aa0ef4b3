"""Mean and covariance, in one pass over data that may come in batches or as a Dask array."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lae_helpers._checks import FloatArray, check_count, check_matrix, check_vector
from lae_helpers._samples import Samples, Source
from lae_helpers._sources import Data, as_source
from lae_helpers._summaries import Summary, merge, summarise


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

    Examples
    --------
    >>> batches = ([[5.0, 1.0], [1.0, 1.0]], [[3.0, 2.0], [3.0, 0.0]])
    >>> moments = compute_moments(iter(batches))
    >>> moments.mean, moments.n_samples
    (array([3., 1.]), 4)
    >>> moments.covariance
    array([[2. , 0. ],
           [0. , 0.5]])
    """
    source = as_source(X)
    return source if isinstance(source, Moments) else Moments.of(_pass_over(source))


def moments_of(source: Source) -> Moments | ThinMoments:
    """Return the moments of what ``as_source`` made of the data, in the form that is cheaper."""
    if isinstance(source, Moments):
        return source
    summary = _pass_over(source)
    return Moments.of(summary) if summary.rows is None else ThinMoments.of(summary)


def _pass_over(source: Source) -> Summary:
    assert isinstance(source, Samples)
    summary = source.reduce(summarise, merge)
    if summary.n_samples < 2:
        raise ValueError(
            f"X must have at least 2 rows in all its batches together, but it has "
            f"{summary.n_samples}"
        )
    return summary


@dataclass(frozen=True)
class Moments(Source):
    """Mean and covariance: all that the losses of this book see of the data.

    Attributes
    ----------
    mean : ndarray, shape (n_features,)
    covariance : ndarray, shape (n_features, n_features)
        ``(X - mean).T @ (X - mean) / n_samples``: divided by the number of samples.
    n_samples : int
    """

    kind = "Moments"

    mean: FloatArray
    covariance: FloatArray
    n_samples: int

    @classmethod
    def of(cls, summary: Summary) -> Moments:
        """Divide by the number of samples, the covariance entry by entry."""
        covariance = summary.full_scatter() / summary.n_samples
        _check_finite(covariance)
        return cls(summary.base + summary.offset, covariance, summary.n_samples)

    @property
    def shape(self) -> tuple[float, float]:
        """Samples and features."""
        return self.n_samples, len(self.mean)

    def checked(self) -> Moments:
        """Return the moments in float64, if they can be those of data."""
        mean = check_vector("X.mean", self.mean)
        covariance = check_matrix("X.covariance", self.covariance, copy=False)
        if covariance.shape != (len(mean), len(mean)):
            raise ValueError(
                f"X.covariance must have the shape {(len(mean), len(mean))} to go with X.mean, but "
                f"its shape is {covariance.shape}"
            )
        uneven = np.abs(covariance - covariance.T).max()
        if uneven > 1e-6 * np.abs(covariance).max() or (covariance.diagonal() < 0).any():
            raise ValueError(
                "X.covariance must be symmetric with no negative variance, but it is not; take "
                "compute_moments() of the data"
            )
        return Moments(mean, covariance, check_count("X.n_samples", self.n_samples, at_least=2))

    def leading_pairs(self, k: int) -> tuple[FloatArray, FloatArray]:
        """Return the k largest variances, descending, and their directions, shape (n, k)."""
        variances, directions = np.linalg.eigh(self.covariance)
        leading = slice(None, -k - 1, -1)
        return variances[leading].clip(min=0.0), directions[:, leading]


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

    @classmethod
    def of(cls, summary: Summary) -> ThinMoments:
        """Divide the rows by the root of the number of samples."""
        assert summary.rows is not None
        factor = summary.rows / np.sqrt(summary.n_samples)
        with np.errstate(over="ignore", invalid="ignore"):
            _check_finite(np.square(factor).sum(keepdims=True))
        return cls(summary.base + summary.offset, factor, summary.n_samples)

    @property
    def shape(self) -> tuple[float, float]:
        """Samples and features."""
        return self.n_samples, len(self.mean)

    def leading_pairs(self, k: int) -> tuple[FloatArray, FloatArray]:
        """Return the k largest variances, descending, and their directions, shape (n, k)."""
        _, sigmas, rows = np.linalg.svd(self.factor, full_matrices=False)
        return np.square(sigmas[:k]), rows[:k].T


def _check_finite(squares: FloatArray) -> None:
    if not np.isfinite(squares).all():
        raise ValueError(
            "X must have a finite covariance, but its entries are so large that their squares "
            "overflow; divide it by a constant"
        )
