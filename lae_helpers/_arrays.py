"""Whatever holds numbers, as an array of NumPy's: tensors, data frames, masks, lists of these."""

from __future__ import annotations

import reprlib
import sys
from collections.abc import Iterable, Mapping
from numbers import Number
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from lae_helpers._frames import REAL, AnyArray, from_columns, from_frame, is_column, is_frame

if TYPE_CHECKING:
    import torch

CURES = {
    "c": "take .real, or .real and .imag as columns of their own",
    "M": "take differences, and divide them by a unit such as np.timedelta64(1, 's')",
    "m": "divide it by a unit such as np.timedelta64(1, 's')",
    "V": "make plain columns of it, numpy.lib.recfunctions.structured_to_unstructured()",
}
CONVERT = "convert it by .astype(float)"
UNMASK = (
    "leave out the rows where np.ma.getmaskarray() is True, or say by .filled() what stands there"
)


def to_array(name: str, value: Any) -> AnyArray:  # noqa: ANN401 - that is what it finds out
    """Return ``value`` as an array of real numbers, without a copy where that can be.

    Taken are arrays, tensors (also bfloat16, and such as autograd follows), data frames and their
    columns (also nullable ones without a gap), Dask's collections, and lists of all these.

    Raises
    ------
    TypeError
        If it does not hold real numbers, or is sparse; the message says what would do.
    ValueError
        If an entry is masked or missing, or the rows are of different lengths.
    """
    if hasattr(type(value), "__dask_graph__") and value.__dask_graph__() is not None:
        return to_array(name, value.compute())
    if is_tensor(value):
        return _from_tensor(name, value)
    if _is_sparse(value):
        raise _sparse(
            name, type(value).__name__, ".toarray()" if hasattr(value, "toarray") else ".todense()"
        )
    if is_frame(value):
        return from_frame(name, value)
    if is_column(value):
        return from_columns(name, [getattr(value, "name", 0)], [value.dtype], value)
    if isinstance(value, list | tuple) and (_is_ragged(value) or any(map(_needs_care, value))):
        return _stack(name, [to_array(f"{name}[{i}]", row) for i, row in enumerate(value)])
    return _from_numpy(name, value)


def is_tensor(value: object) -> TypeGuard[torch.Tensor]:
    """Say whether it is a tensor of torch's."""
    return _is_instance(value, "torch", "Tensor")


def is_masked(value: object) -> TypeGuard[torch.masked.MaskedTensor]:
    """Say whether it is a tensor with a mask."""
    return _is_instance(value, "torch.masked", "MaskedTensor")


def is_dataset(value: object) -> bool:
    """Say whether it is a data set of torch's."""
    return _is_instance(value, "torch.utils.data", "Dataset")


def _is_instance(value: object, module: str, name: str) -> bool:
    """Say what isinstance would; where nobody has imported the module, there is no instance."""
    home = sys.modules.get(module)
    return home is not None and isinstance(value, getattr(home, name))


def check_dtype(name: str, dtype: np.dtype[Any]) -> None:
    """Raise a TypeError that says what would do, unless arrays of this dtype hold real numbers."""
    if dtype.kind not in REAL:
        cure = CURES.get(dtype.kind, CONVERT) if dtype.kind != "V" or dtype.names else CONVERT
        raise TypeError(f"{name} must hold real numbers, but its dtype is {dtype}; {cure}")


def count_axes(value: object) -> int:
    """Return how many axes an array, a tensor or a frame has; -1 if it is none of these."""
    if is_tensor(value):
        return value.dim()  # a nested one has no shape
    shape = getattr(value, "shape", None)
    return len(shape) if isinstance(shape, tuple) else -1


def _from_numpy(name: str, value: Any) -> AnyArray:  # noqa: ANN401 - anything else
    if isinstance(value, Mapping):
        raise no_entry(name, value)
    if is_dataset(value) or _is_instance(value, "torch.utils.data", "DataLoader"):
        raise _no_array(name, value)
    try:
        array = np.asanyarray(value)
    except TypeError as error:
        raise TypeError(f"{name} must be a dense array of numbers: {error}") from error
    except ValueError as error:
        raise ValueError(f"{name} must have rows of one length: {error}") from error
    if array.ndim == 0 and array.dtype.kind in "OSU":
        raise _no_array(name, value)
    return _checked(name, array)


def _checked(name: str, array: AnyArray) -> AnyArray:
    if array.dtype.kind == "O" and array.size > 0 and hasattr(array.flat[0], "__len__"):
        raise _no_array(name, array)
    check_dtype(name, array.dtype)
    mask = getattr(array, "mask", False)
    if (masked := np.count_nonzero(mask)) > 0:
        raise ValueError(
            f"{name} must have no masked entry, but {masked} of {array.size} are masked; {UNMASK}"
        )
    return np.asarray(array)


def check_tensor(name: str, tensor: torch.Tensor) -> None:
    """Raise a TypeError or a ValueError that says what would do, unless it is dense and whole."""
    if tensor.is_nested:
        raise TypeError(
            f"{name} must have rows of one length, but it is a nested tensor; fill them up by "
            ".to_padded_tensor()"
        )
    if str(tensor.layout) != "torch.strided":
        raise _sparse(name, str(tensor.layout), ".to_dense()")
    if tensor.is_meta:
        raise TypeError(
            f"{name} must hold numbers, but it is a tensor on the meta device, which has a shape "
            "only; make it on another device, such as 'cpu'"
        )
    if is_masked(tensor) and not bool(tensor.get_mask().all()):
        raise ValueError(
            f"{name} must have no masked entry, but some are; leave out the rows where "
            ".get_mask() is False, or say by .to_tensor() what stands there"
        )
    if tensor.is_complex():
        check_dtype(name, np.dtype(complex))


def _from_tensor(name: str, tensor: torch.Tensor) -> AnyArray:
    check_tensor(name, tensor)
    if is_masked(tensor):
        tensor = tensor.get_data()
    try:
        tensor = tensor.detach()
        if tensor.is_quantized:
            tensor = tensor.dequantize()
        if tensor.is_floating_point():
            tensor = tensor.double()
        return _checked(name, tensor.cpu().resolve_neg().numpy())
    except (RuntimeError, ValueError) as error:
        raise TypeError(f"{name} must be a tensor of numbers: {error}") from error


def _is_sparse(value: object) -> bool:
    return hasattr(type(value), "toarray") or hasattr(type(value), "todense")


def _sparse(name: str, kind: str, cure: str) -> TypeError:
    return TypeError(f"{name} must be dense, but it is sparse ({kind}); pass its {cure}")


def _needs_care(row: Any) -> bool:  # noqa: ANN401 - that is what it finds out
    """Say whether NumPy would lose a mask of it, or not find the numbers in it."""
    if isinstance(row, list | tuple):
        return len(row) > 0 and _needs_care(row[0])
    plain = isinstance(row, float | int | str | np.ndarray | np.generic | Number)
    return not plain or hasattr(row, "mask")


def _is_ragged(rows: list[Any] | tuple[Any, ...]) -> bool:
    return len({row.shape for row in rows if count_axes(row) > 0}) > 1


def _stack(name: str, rows: list[AnyArray]) -> AnyArray:
    if len({row.shape for row in rows}) > 1:
        odd = next(i for i, row in enumerate(rows) if row.shape != rows[0].shape)
        raise ValueError(
            f"{name} must have rows of one length, but the first has the shape {rows[0].shape} and "
            f"number {odd} {rows[odd].shape}; data and labels are passed apart"
        )
    return np.stack(rows)


def _no_array(name: str, value: object) -> TypeError:
    what = f"a {type(value).__name__}"
    cure = "" if value is None else "; pass the numbers in it, one sample a row"
    if isinstance(value, str | bytes):
        what, cure = f"the text {reprlib.repr(value)}", "; read the numbers first"
    elif isinstance(value, Iterable) or is_dataset(value):
        what += " of objects" if isinstance(value, np.ndarray) else ""
        cure = "; put its rows together by np.stack, its batches by np.concatenate"
    return TypeError(f"{name} must be an array of numbers, but it is {what}{cure}")


def no_entry(name: str, mapping: Mapping[Any, Any]) -> TypeError:
    """Return the error for a mapping of which it is not plain what in it are the data."""
    entries = ", ".join(
        f"{key!r} {tuple(value.shape)}" if count_axes(value) >= 0 else repr(key)
        for key, value in mapping.items()
    )
    return TypeError(
        f"{name} must be an array, but it is a {type(mapping).__name__} of {entries}; pass the "
        "entry with one sample a row, of a loader (batch[key] for batch in loader), or join "
        "columns by np.column_stack()"
    )
