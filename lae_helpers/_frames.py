"""Data frames and their columns, of pandas, Polars and their like, as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

AnyArray = npt.NDArray[Any]

REAL = "biuf"  # the kinds of dtype that hold real numbers


def is_frame(value: object) -> bool:
    """Say whether it is a data frame of whatever library, its columns named and typed."""
    return hasattr(type(value), "columns") and hasattr(type(value), "dtypes")


def is_column(value: object) -> bool:
    """Say whether it is a column of a data frame, which may have gaps."""
    kind = type(value)
    gaps = hasattr(kind, "isna") or hasattr(kind, "null_count")
    return gaps and hasattr(kind, "to_numpy") and hasattr(kind, "dtype")


def column_names(value: Any) -> list[str] | None:  # noqa: ANN401 - of any library
    """Return the names of a data frame's columns; None for anything else, and for mere numbers."""
    if not is_frame(value):
        return None
    columns = list(value.columns)
    return None if all(isinstance(name, int) for name in columns) else list(map(str, columns))


def from_frame(name: str, frame: Any) -> AnyArray:  # noqa: ANN401 - of any library
    """Return the numbers of a frame, or raise an error that names the column at fault."""
    if not hasattr(type(frame), "shape"):
        raise TypeError(
            f"{name} must be in memory, but it is a {type(frame).__name__} that nobody has "
            "computed; .collect() it first"
        )
    return from_columns(name, list(frame.columns), list(frame.dtypes), frame)


def from_columns(name: str, columns: list[Any], dtypes: list[Any], value: Any) -> AnyArray:  # noqa: ANN401
    """Return the numbers of a frame or a column, all real, none missing.

    Parameters
    ----------
    name : str
        Of the argument, for the message.
    columns, dtypes : list
        Name and dtype of each column.
    value : data frame or column
    """
    for column, dtype in zip(columns, dtypes, strict=True):
        if hasattr(dtype, "is_numeric"):  # Polars
            real = dtype.is_numeric() or str(dtype) == "Boolean"
        else:
            real = dtype.kind in REAL
        if not real:
            raise TypeError(
                f"{name} must hold real numbers, but its column {column!r} is of dtype {dtype}; "
                "leave it out or convert it to numbers"
            )

    polars = hasattr(value, "null_count")
    missing = np.ravel(value.null_count() if polars else value.isna().sum(axis=0))
    gaps = {column: n for column, n in zip(columns, missing, strict=True) if n > 0}
    if gaps:
        listed = ", ".join(f"{n} in column {column!r}" for column, n in gaps.items())
        raise ValueError(
            f"{name} must have no missing value, but it has {listed}; leave those rows out by "
            f"{'.drop_nulls()' if polars else '.dropna()'}, or fill them in"
        )
    return np.asarray(value.to_numpy() if polars else value.to_numpy(np.float64))
