"""Checks at the door: each names the bad argument, what it was and what would do."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from typing import Any, SupportsFloat, SupportsIndex

import numpy as np
import numpy.typing as npt
import torch

FloatArray = npt.NDArray[np.float64]
ArrayLike = npt.ArrayLike | torch.Tensor


def check_matrix(
    name: str, value: ArrayLike, *, min_rows: int = 1, copy: bool = True
) -> FloatArray:
    """Return ``value`` as a finite two-dimensional float64 array.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : array_like or torch.Tensor, shape (rows, columns)
        What the caller passed.
    min_rows : int
        Fewest rows that make sense to the caller.
    copy : bool
        Whether the result is the caller's own in any case; else it may be ``value`` itself.

    Raises
    ------
    TypeError
        If the entries are not real numbers.
    ValueError
        If there are not two axes, too few rows, no columns, or an entry is NaN or infinite.
    """
    array = _as_array(name, value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers, but its dtype is {array.dtype}")
    if array.ndim != 2:
        raise ValueError(
            f"{name} must be two-dimensional (rows, columns), but its shape is {array.shape}"
        )
    if array.shape[0] < min_rows or array.shape[1] == 0:
        raise ValueError(
            f"{name} must have at least {min_rows} row(s) and one column, "
            f"but its shape is {array.shape}"
        )
    array = array.astype(np.float64, copy=copy)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, but it contains NaN or infinity; clean it first")
    return array


def check_samples(value: ArrayLike, *, copy: bool = True) -> FloatArray:
    """Return the data ``X``, one sample a row, as a finite float64 array with at least two rows."""
    return check_matrix("X", value, min_rows=2, copy=copy)


def check_vector(name: str, value: ArrayLike) -> FloatArray:
    """Return ``value`` as a finite, non-empty one-dimensional float64 array."""
    array = _as_array(name, value)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, but its shape is {array.shape}")
    if array.size == 0:
        raise ValueError(f"{name} must hold at least one number, but it is empty")
    row: FloatArray = check_matrix(name, array[np.newaxis])[0]
    return row


def _as_array(name: str, value: ArrayLike) -> npt.NDArray[Any]:
    try:
        if isinstance(value, torch.Tensor):
            return value.detach().cpu().numpy()
        return np.asarray(value)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name} must be a dense array of numbers: {error}") from error


def check_count(
    name: str,
    value: SupportsIndex,
    *,
    at_least: int = 1,
    at_most: int | None = None,
    why: str = "",
) -> int:
    """Return ``value`` as an int between ``at_least`` and ``at_most``.

    Raises
    ------
    TypeError
        If it is not an integer (a float such as 8.0 is not, nor is a bool).
    ValueError
        If it is out of range.
    """
    try:
        count = operator.index(value)
    except TypeError as error:
        raise TypeError(f"{name} must be an integer, but it is {value!r}") from error
    if isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be an integer, but it is {value!r}")
    if count < at_least or (at_most is not None and count > at_most):
        limit = f"at least {at_least}" if at_most is None else f"between {at_least} and {at_most}"
        raise ValueError(f"{name} must be {limit}{why}, but it is {count}")
    return count


def check_number(name: str, value: SupportsFloat, *, positive: bool = False) -> float:
    """Return ``value`` as a finite float, at least zero, or above zero if ``positive``.

    Raises
    ------
    TypeError
        If it is not a real number (a string such as "0.3" is not, nor is a bool).
    ValueError
        If it is NaN, infinite or out of range.
    """
    try:
        if isinstance(value, str | bool | np.bool_):
            raise TypeError("neither text nor truth values are numbers")
        number = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"{name} must be a real number, but it is {value!r}") from error
    if not math.isfinite(number) or number < 0 or (positive and number == 0):
        wanted = "positive" if positive else "at least zero"
        raise ValueError(f"{name} must be finite and {wanted}, but it is {number}")
    return number


def check_choice(name: str, value: str, choices: Iterable[str]) -> str:
    """Return ``value`` if it is one of ``choices``; else raise a ValueError that lists them."""
    known = list(choices)
    if not isinstance(value, str) or value not in known:
        listed = ", ".join(repr(choice) for choice in known)
        raise ValueError(f"{name} must be one of {listed}, but it is {value!r}")
    return value
