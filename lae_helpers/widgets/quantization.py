"""Numbers for the eye in eight bits each, as they travel to a front end."""

from __future__ import annotations

from typing import Any

import numpy as np

from lae_helpers._checks import FloatArray

LEVELS = 127  # on each side of zero: enough for the eye


def quantize(
    matrix: FloatArray, axis: int | None = None
) -> tuple[np.ndarray[Any, np.dtype[np.int8]], FloatArray]:
    """Return integers and scales whose product is about the matrix.

    Parameters
    ----------
    matrix : ndarray
    axis : int, optional
        Along which entries share a scale; one scale for all if not given.

    Returns
    -------
    integers : ndarray of int8, shape of ``matrix``
        Its entry of largest magnitude, of those that share a scale, is 127 or -127.
    scales : ndarray
        As many as there are; a matrix of zeros has one too.
    """
    largest = np.abs(matrix).max(axis=axis)
    scales = np.where(largest > 0, largest, 1.0) / LEVELS
    shared = scales if axis is None else np.expand_dims(scales, axis)
    return np.rint(matrix / shared).astype(np.int8), scales
