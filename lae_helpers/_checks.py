"""Checks at the door: each names the bad argument, what it was and what would do."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from typing import TYPE_CHECKING, SupportsFloat, SupportsIndex, Union

import numpy as np
import numpy.typing as npt

from lae_helpers._arrays import to_array

if TYPE_CHECKING:
    import torch

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
ArrayLike = Union[npt.ArrayLike, "torch.Tensor"]  # a name in quotes does not take |


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
    array = to_array(name, value)
    if array.ndim != 2:
        raise ValueError(
            f"{name} must be two-dimensional (rows, columns), but its shape is {array.shape}"
            + _reshape(array.shape)
        )
    if array.shape[0] < min_rows or array.shape[1] == 0:
        raise ValueError(
            f"{name} must have at least {min_rows} row(s) and one column, "
            f"but its shape is {array.shape}"
        )
    array = array.astype(np.float64, copy=copy)
    finite = np.isfinite(array)
    if not finite.all():
        row, column = np.argwhere(~finite)[0]
        raise ValueError(
            f"{name} must be finite, but {np.count_nonzero(~finite)} of its entries are not: "
            f"{array[row, column]} in row {row}, column {column}, is the first; leave such rows "
            "out or fill them in"
        )
    return array


def _reshape(shape: tuple[int, ...]) -> str:
    if len(shape) > 2:
        return f"; flatten what belongs to a row, .reshape({shape[0]}, {math.prod(shape[1:])})"
    return "; .reshape(-1, 1) makes a column of it, .reshape(1, -1) a row" if shape else ""


def check_samples(value: ArrayLike, *, copy: bool = True) -> FloatArray:
    """Return the data ``X``, one sample a row, as a finite float64 array with at least two rows."""
    return check_matrix("X", value, min_rows=2, copy=copy)


def check_vector(name: str, value: ArrayLike) -> FloatArray:
    """Return ``value`` as a finite, non-empty one-dimensional float64 array."""
    array = to_array(name, value)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, but its shape is {array.shape}")
    if array.size == 0:
        raise ValueError(f"{name} must hold at least one number, but it is empty")
    row: FloatArray = check_matrix(name, array[np.newaxis])[0]
    return row


def check_shape(name: str, value: FloatArray | torch.Tensor, shape: tuple[int, ...]) -> None:
    """Raise a ValueError that names the argument if its shape is not ``shape``."""
    if tuple(value.shape) != shape:
        raise ValueError(f"{name} must have the shape {shape}, but it is {tuple(value.shape)}")


def check_labels(
    name: str, value: ArrayLike, n_samples: int, *, n_classes: int | None = None
) -> IntArray:
    """Return whole numbers, one a sample, from 0 to ``n_classes - 1`` if that is given.

    Raises
    ------
    TypeError
        If they are not real numbers.
    ValueError
        If they are not as many as the samples, not whole or out of range.
    """
    array = to_array(name, value)
    if array.shape != (n_samples,):
        raise ValueError(
            f"{name} must be {n_samples}, one a sample, but their shape is {array.shape}"
        )
    labels = check_vector(name, array)
    if (labels % 1 != 0).any():
        raise ValueError(f"{name} must be integers, but {labels[labels % 1 != 0][0]} is none")
    if n_classes is not None and not ((labels >= 0) & (labels < n_classes)).all():
        raise ValueError(
            f"{name} must be from 0 to {n_classes - 1}, "
            f"but they reach from {labels.min():.0f} to {labels.max():.0f}"
        )
    return labels.astype(np.int64)


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


def check_nonnegative(name: str, value: SupportsFloat) -> float:
    """Return ``value`` as a finite float, at least zero.

    Raises
    ------
    TypeError
        If it is not a real number (a string such as "0.3" is not, nor is a bool).
    ValueError
        If it is NaN, infinite or negative.
    """
    number = _to_float(name, value)
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{name} must be finite and at least zero, but it is {number}")
    return number


def check_positive(name: str, value: SupportsFloat) -> float:
    """Return ``value`` as a finite float above zero; errors as of `check_nonnegative`."""
    number = _to_float(name, value)
    if not math.isfinite(number) or number <= 0:
        raise ValueError(f"{name} must be finite and positive, but it is {number}")
    return number


def check_between(name: str, value: SupportsFloat, least: float, most: float) -> float:
    """Return ``value`` as a float from ``least`` to ``most``; errors as of `check_nonnegative`."""
    number = _to_float(name, value)
    if not least <= number <= most:
        raise ValueError(f"{name} must be between {least:g} and {most:g}, but it is {number:g}")
    return number


def _to_float(name: str, value: SupportsFloat) -> float:
    try:
        if isinstance(value, str | bool | np.bool_):
            raise TypeError("neither text nor truth values are numbers")
        return float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"{name} must be a real number, but it is {value!r}") from error


def check_flag(name: str, value: bool) -> bool:
    """Return ``value`` as a bool if it is True or False; else raise a TypeError.

    Numpy's truth values will do; 0, 1, None and "no" will not, which Python would take for one.
    """
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, but it is {value!r}")
    return bool(value)


def check_choice(name: str, value: str, choices: Iterable[str]) -> str:
    """Return ``value`` if it is one of ``choices``; else raise a ValueError that lists them."""
    known = list(choices)
    if not isinstance(value, str) or value not in known:
        listed = ", ".join(repr(choice) for choice in known)
        raise ValueError(f"{name} must be one of {listed}, but it is {value!r}")
    return value
