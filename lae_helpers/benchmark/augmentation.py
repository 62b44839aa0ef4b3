"""More images than memory holds, out of a few: shifted, with a little noise, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import SupportsFloat, SupportsIndex

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray, check_count, check_matrix, check_nonnegative
from lae_helpers.data import IMAGE_SHAPE


class AugmentedImages:
    """Batches of images drawn from given ones, each shifted and noisy; every pass gives the same.

    Parameters
    ----------
    X : array_like, shape (n_images, 784)
        Images, one a row.
    n_samples : int
        How many images a pass gives.
    batch_size : int
        How many a batch holds; the last may be shorter.
    most_shift : int
        Each image moves by at most so many pixels down and to the right or back, the same for all
        of its batch; what leaves on one side comes in on the other.
    noise : float
        Standard deviation of what is added to each pixel.
    seed : int

    Raises
    ------
    ValueError
        If a number is out of range or ``X`` does not hold images.

    Examples
    --------
    >>> batches = AugmentedImages(np.zeros((3, 784)), 250, batch_size=100)
    >>> [batch.shape for batch in batches]
    [(100, 784), (100, 784), (50, 784)]
    """

    def __init__(
        self,
        X: ArrayLike,
        n_samples: SupportsIndex,
        *,
        batch_size: SupportsIndex = 1000,
        most_shift: SupportsIndex = 2,
        noise: SupportsFloat = 0.02,
        seed: SupportsIndex = 0,
    ) -> None:
        images = check_matrix("X", X)
        if images.shape[1] != np.prod(IMAGE_SHAPE):
            raise ValueError(f"X must have 784 columns, but its shape is {images.shape}")
        self._images = images.reshape(-1, *IMAGE_SHAPE)
        self.n_samples = check_count("n_samples", n_samples)
        self._batch_size = check_count("batch_size", batch_size)
        self._most_shift = check_count("most_shift", most_shift, at_least=0)
        self._noise = check_nonnegative("noise", noise)
        self._seed = check_count("seed", seed, at_least=0)

    def __iter__(self) -> Iterator[FloatArray]:
        rng = np.random.default_rng(self._seed)
        for begin in range(0, self.n_samples, self._batch_size):
            size = min(self._batch_size, self.n_samples - begin)
            images = self._images[rng.integers(len(self._images), size=size)]
            shift = rng.integers(-self._most_shift, self._most_shift, size=2, endpoint=True)
            images = np.roll(images, tuple(shift), axis=(1, 2))
            rows: FloatArray = images.reshape(size, -1)
            yield rows + self._noise * rng.standard_normal(rows.shape)
