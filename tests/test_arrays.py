"""What data may be: the same result as the plain array gives, or a message that names the cure."""

from __future__ import annotations

import re
import warnings
from collections import deque
from decimal import Decimal
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any, NamedTuple

import dask.array as da
import numpy as np
import pytest
import scipy.sparse
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, Subset, TensorDataset

from lae_helpers import (
    LinearAutoencoder,
    axis_alignment,
    fit,
    fit_pca,
    load_mnist,
    rayleigh_ritz,
    reconstruction_loss,
    subspace_distance,
)
from lae_helpers._arrays import to_array
from lae_helpers._batches import Batches
from lae_helpers._checks import check_labels, check_samples, check_vector
from lae_helpers.feedback.data import LabelledImages
from lae_helpers.moments import compute_moments
from lae_helpers.networks.mlp import to_matrix
from lae_helpers.plotting import plot_matrices
from lae_helpers.widgets import Explorer, ImagePager, ReconstructionFigure, TrainingPanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from lae_helpers._checks import FloatArray

pd = pytest.importorskip("pandas")  # comes with mlxtend

RNG = np.random.default_rng(0)
WHOLE = RNG.integers(0, 64, size=(24, 4)).astype(np.float64)  # exact in every kind of number
LABELS = np.arange(24) % 3
TENSOR = torch.tensor(WHOLE)
IMAGES = TENSOR.reshape(24, 1, 2, 2)


class Sample(NamedTuple):
    """A batch as some loaders give it."""

    pixels: Any
    label: Any


def strided(X: FloatArray) -> FloatArray:
    """Return the same numbers, every other one of a larger memory, backwards."""
    wide = np.zeros((2 * len(X), 3 * X.shape[1]))
    wide[::-2, ::3] = X
    return wide[::-2, ::3]


def as_tensor(X: FloatArray, kind: str) -> torch.Tensor:
    return torch.tensor(X).to(getattr(torch, kind))


def nullable(X: FloatArray) -> Any:  # noqa: ANN401 - pandas has no types here
    return pd.DataFrame(X.astype(int)).convert_dtypes()


FORMS: dict[str, Callable[[FloatArray], Any]] = {
    **{f"NumPy {kind}": methodcaller("astype", kind) for kind in (
        "f2", "f4", ">f8", "g", "i1", "u1", ">i4", "u8", "i8")},
    **{f"torch {kind}": partial(as_tensor, kind=kind) for kind in (
        "float16", "bfloat16", "float32", "uint8", "int8", "int32", "uint16", "int64")},
    "columns first": np.asfortranarray,
    "every other, backwards": strided,
    "read-only": lambda X: np.broadcast_to(X, X.shape),
    "transposed tensor": lambda X: torch.tensor(X.T.copy()).T,
    "negated view": lambda X: torch.complex(torch.zeros(X.shape).double(), -torch.tensor(X)).conj()
        .imag,
    "followed by autograd": lambda X: torch.tensor(X, requires_grad=True) * 1,
    "quantized": lambda X: torch.quantize_per_tensor(torch.tensor(X).float(), 1.0, 0, torch.quint8),
    "matrix": lambda X: X.view(np.matrix),
    "memory view": lambda X: np.ascontiguousarray(X).data,
    "lists": lambda X: X.tolist(),
    "list of rows": list,
    "deque of rows": deque,
    "tuple of lists": lambda X: tuple(X.tolist()),
    "list of tensors": lambda X: list(torch.tensor(X, requires_grad=True)),
    "list of bfloat16": lambda X: list(torch.tensor(X).bfloat16()),
    "lists of single tensors": lambda X: [list(torch.tensor(row)) for row in X],
    "mixed numbers": lambda X: [[np.float32(x), *map(int, row)] for x, *row in X],
    "mask that is not set": lambda X: np.ma.masked_equal(X, -9999),
    "mask of False": lambda X: np.ma.array(X, mask=np.zeros(X.shape, bool)),
    "rows with masks not set": lambda X: list(np.ma.masked_equal(X, -9999)),
    "masked tensor, none masked": lambda X: torch.masked.masked_tensor(
        torch.tensor(X), torch.ones(X.shape, dtype=torch.bool)),
    "frame": pd.DataFrame,
    "nullable frame": nullable,
    "half nullable frame": lambda X: pd.DataFrame(X).astype({0: "Int64"}),
    "frame with hostile names": lambda X: pd.DataFrame(X).rename(
        columns=dict(enumerate(["shape", "dtypes", "mask", "columns", "isna"]))),
    "frame with a name twice": lambda X: pd.DataFrame(X, columns=["a"] * X.shape[1]),
    "frame with names in levels": lambda X: pd.DataFrame(X, columns=pd.MultiIndex.from_tuples(
        [("a", i) for i in range(X.shape[1])])),
    "frame with dates as index": lambda X: pd.DataFrame(X, index=pd.date_range(
        "2020-01-01", periods=len(X))),
    "frame of sparse columns": lambda X: pd.DataFrame(X).astype(pd.SparseDtype(float)),
    "rows of a frame": lambda X: [row for _, row in pd.DataFrame(X).iterrows()],
    "Dask": lambda X: da.from_array(X, chunks=(5, 2)),
    "Dask, mask not set": lambda X: da.ma.masked_equal(da.from_array(X, chunks=(5, 2)), -9999),
    "Dask of integers": lambda X: da.from_array(X.astype("i2"), chunks=(7, 4)),
}  # fmt: skip

BATCHES: dict[str, Callable[[Any, Any], Any]] = {
    "pairs": lambda X, y: (X, y),
    "triples": lambda X, y: [X, y, y],
    "only X": lambda X, _: (X,),
    "named tuples": Sample,
    "dicts": lambda X, y: {"pixels": X, "label": y},
    "dicts, labels first": lambda X, y: {"label": y, "pixels": X},
    "pairs of dict and index": lambda X, y: ({"pixels": X, "label": y}, y),
    "nested pairs": lambda X, y: ((X, y), y),
    "arrays": lambda X, _: X.numpy(),
    "half precision": lambda X, y: (X.to(torch.bfloat16), y),
    "integers": lambda X, y: (X.int(), y),
    "frames": lambda X, _: pd.DataFrame(X.numpy(), columns=list("abcd")),
    "nullable frames with labels": lambda X, y: (nullable(X.numpy()), pd.Series(y.numpy())),
    "arrays with masks not set": lambda X, _: np.ma.masked_less(X.numpy(), -1),
}  # fmt: skip
LOADERS: dict[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "generator": lambda batches: (batch for batch in batches),
    "DataLoader": lambda batches: DataLoader(batches, batch_size=None),  # type: ignore[arg-type]
}  # fmt: skip


def assert_same(data: Any, X: FloatArray) -> None:  # noqa: ANN401 - data of every kind
    """Compare mean and covariance with those of the plain array."""
    found, expected = compute_moments(data), compute_moments(X)
    assert found.n_samples == expected.n_samples
    assert_allclose(found.mean, expected.mean, rtol=1e-13)
    assert_allclose(found.covariance, expected.covariance, rtol=1e-12, atol=1e-11)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.integers(1, 5))
def test_every_form_of_an_array_gives_the_same(
    form: str, seed: int, n_samples: int, n: int
) -> None:
    X = np.random.default_rng(seed).integers(0, 64, size=(n_samples, n)).astype(np.float64)
    data = quietly(lambda: FORMS[form](X))
    assert_same(data, X)
    assert_array_equal(check_samples(data), X)


@pytest.mark.parametrize("form", FORMS)
def test_training_takes_every_form(form: str) -> None:
    model, plain = (LinearAutoencoder(4, 2) for _ in range(2))
    fit(plain, WHOLE, max_steps=3, tolerance=0)
    fit(model, quietly(lambda: FORMS[form](WHOLE)), max_steps=3, tolerance=0)
    assert_allclose(model.decoder.weight.detach(), plain.decoder.weight.detach(), atol=1e-10)


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("batch", BATCHES)
def test_loaders_of_every_shape_give_the_same(batch: str, loader: str) -> None:
    cut = zip(TENSOR.split(7), torch.tensor(LABELS).split(7), strict=True)
    batches = [BATCHES[batch](X, y) for X, y in cut]
    assert_same(LOADERS[loader](batches), WHOLE)


def test_loaders_of_samples_give_the_same() -> None:
    assert_same(DataLoader(list(TENSOR), batch_size=5, collate_fn=list), WHOLE)  # type: ignore[arg-type]
    assert_same((rows.tolist() for rows in TENSOR.split(5)), WHOLE)
    samples = [{"pixels": row, "label": 0} for row in TENSOR]
    assert_same(DataLoader(samples, batch_size=5), WHOLE)  # type: ignore[arg-type]
    assert_same(DataLoader(TensorDataset(TENSOR, torch.tensor(LABELS)), batch_size=1), WHOLE)
    assert_same(DataLoader(Subset(TensorDataset(TENSOR), range(9)), batch_size=4), WHOLE[:9])
    assert_same({"pixels": TENSOR, "label": LABELS}, WHOLE)


def test_a_batch_of_one_may_have_its_label_as_a_number() -> None:
    assert_same([(TENSOR[i : i + 1], int(LABELS[i])) for i in range(24)], WHOLE)


def test_batches_are_counted_as_they_pass() -> None:
    batches = Batches([WHOLE, WHOLE[:3], WHOLE])
    assert [len(rows) for rows in batches] == [24, 3, 24]
    assert batches.n_batches == 3


def with_gap(X: FloatArray) -> Any:  # noqa: ANN401 - pandas has no types here
    frame = nullable(X)
    frame.columns = list("abcd")
    frame.loc[3, "b"] = pd.NA
    return frame


def masked(X: FloatArray) -> np.ma.MaskedArray[Any, Any]:
    return np.ma.array(X, mask=np.arange(X.size).reshape(X.shape) == 5)


MASK = r"must have no masked entr.*(\.filled\(\)|\.to_tensor\(\))"
GAP = r"must have no missing value.*1 in column 'b'.*\.dropna\(\)"
REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "mask": (lambda: masked(WHOLE), r"1 of 96 are masked.*\.filled\(\)"),
    "row with a mask": (lambda: list(masked(WHOLE)), MASK),
    "masked tensor": (lambda: torch.masked.masked_tensor(TENSOR, TENSOR < 60), MASK),
    "gap": (lambda: with_gap(WHOLE), GAP),
    "gap without nullable columns": (
        lambda: pd.DataFrame({"a": [1.0, 2.0], "b": [np.nan, 3.0]}), GAP),
    **{f"SciPy {kind.__name__}": (partial(kind, WHOLE), r"is sparse.*\.toarray\(\)")
       for kind in (scipy.sparse.csr_matrix, scipy.sparse.csc_array, scipy.sparse.coo_array,
                    scipy.sparse.lil_matrix, scipy.sparse.dia_array)},
    **{f"torch sparse {kind}": (
        getattr(TENSOR, f"to_sparse{kind}"), r"is sparse.*\.to_dense\(\)")
       for kind in ("", "_csr", "_csc")},
    "meta": (lambda: torch.ones(5, 4, device="meta"), "on the meta device"),
    "nested": (lambda: torch.nested.nested_tensor(list(TENSOR), layout=torch.jagged),
               r"rows of one length.*\.to_padded_tensor\(\)"),
    "complex": (lambda: WHOLE * 1j, r"its dtype is complex128; take \.real"),
    "complex tensor": (lambda: TENSOR * 1j, r"its dtype is complex128; take \.real"),
    "objects": (lambda: WHOLE.astype(object), r"its dtype is object; convert it by \.astype"),
    "array of arrays": (lambda: np.array([WHOLE, WHOLE[:3]], dtype=object), r"np\.stack"),
    "text": (lambda: WHOLE.astype(str), r"its dtype is <U\d+; convert it by \.astype\(float\)"),
    "text of variable length": (lambda: WHOLE.astype(np.dtypes.StringDType()), r"\.astype\(float"),
    "dates": (lambda: WHOLE.astype("M8[s]"), r"its dtype is datetime64\[s\]; take differences"),
    "durations": (lambda: WHOLE.astype("m8[s]"), r"its dtype is timedelta64\[s\]; divide it"),
    "records": (lambda: np.zeros(9, [("a", "f8"), ("b", "i4")]), r"structured_to_unstructured"),
    "raw bytes": (lambda: np.zeros((9, 4), "V2"), r"its dtype is \|V2; convert it by \.astype"),
    "column of text": (lambda: pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), "its column 'b' is"),
    "column of dates": (
        lambda: pd.DataFrame({"a": pd.date_range("2020-01-01", periods=9)}), "its column 'a' is"),
    "column of classes": (
        lambda: pd.DataFrame({"a": pd.Categorical([1, 2, 1])}), "its column 'a' is .*category"),
    "column of complex numbers": (lambda: pd.DataFrame({"a": [1j, 2]}), "its column 'a' is"),
    "one column": (lambda: pd.Series([1, 2, 3], dtype="Int64"), r"\.reshape\(-1, 1\)"),
    "images": (lambda: IMAGES, r"shape is \(24, 1, 2, 2\); flatten .*\.reshape\(24, 4\)"),
    "ragged tensors": (lambda: [*TENSOR, TENSOR[0, :3]], "rows of one length.*number 24 "),
    "ragged lists": (lambda: [[1.0, 2.0], [1.0]], "rows of one length"),
    "no rows": (lambda: torch.ones(0, 4), r"at least 2 row.*\(0, 4\)"),
    "no axes": (lambda: torch.tensor(3.0), r"two-dimensional.*shape is \(\)$"),
    "where NaN is": (lambda: np.where(np.eye(24, 4, 2), np.nan, WHOLE),
                     "2 of its entries are not: nan in row 0, column 2, is the first"),
    "a file's name": (lambda: "data.csv", "the text 'data.csv'; read the numbers first"),
    "nothing": (lambda: None, "it is a NoneType$"),
    "a function": (lambda: fit_pca, "it is a function; pass the numbers in it"),
    "a set": (lambda: {1.0, 2.0}, "it is a set"),
    "columns in a dict": (lambda: {"a": [1, 2], "b": [2, 3]}, r"np\.column_stack\(\)"),
    "two matrices in a dict": (load_digits, r"a Bunch of 'data' \(1797, 64\).*pass the entry"),
}  # fmt: skip
REFUSED_BATCHES: dict[str, tuple[Callable[[], Any], str]] = {
    "Dask with a mask": (lambda: da.from_array(masked(WHOLE), chunks=(6, 4)), "block 0 .*" + MASK),
    "Dask of sparse blocks": (
        lambda: da.from_array(WHOLE, chunks=(6, 4)).map_blocks(scipy.sparse.csr_matrix),
        r"block \d .*is sparse.*\.toarray\(\)"),
    "Dask of objects": (lambda: da.from_array(WHOLE.astype(object), chunks=5), r"\.astype\(float"),
    "Dask of images": (lambda: da.ones((6, 2, 2)), r"two-dimensional"),
    "masks in a loader": (lambda: iter([masked(WHOLE)]), "batch 0 .*" + MASK),
    "gaps in a loader": (lambda: [(nullable(WHOLE).set_axis(list("abcd"), axis=1), LABELS),
                                  (with_gap(WHOLE), LABELS)], "batch 1 .*" + GAP),
    "sparse in a list": (lambda: [scipy.sparse.csr_matrix(WHOLE)], r"batch 0 .*\.toarray\(\)"),
    "images in a loader": (
        lambda: DataLoader(TensorDataset(IMAGES, torch.tensor(LABELS)), batch_size=8),
        r"batch 0 .*\(8, 1, 2, 2\); flatten .*\.reshape\(8, 4\)"),
    "images in a list": (lambda: [(IMAGES, LABELS)], r"flatten .*\.reshape\(24, 4\)"),
    "a dict of images": (lambda: [{"image": IMAGES, "mask": TENSOR}], r"pass the entry"),
    "a dataset": (lambda: TensorDataset(TENSOR), r"TensorDataset, .*DataLoader\(X"),
    "samples with labels": (lambda: [(row, 0) for row in TENSOR], r"DataLoader\(samples"),
    "images with labels": (lambda: [(row, 0) for row in IMAGES[:, 0]], r"DataLoader\(samples"),
    "samples in dicts": (lambda: [{"pixels": row, "y": 0} for row in TENSOR], "pass the entry"),
    "enumerate": (lambda: enumerate([(TENSOR, LABELS)]), r"a tuple of int, tuple; .*enumerate\(\)"),
    "two loaders at once": (
        lambda: zip([(TENSOR, LABELS)], [(TENSOR, LABELS)], strict=True), "of tuple, tuple"),
    "an object of one's own": (lambda: iter([Decimal(1)]), "a Decimal; pass the numbers in it"),
    "labels first": (lambda: [(LABELS, TENSOR)], r"ndarray \(24,\), Tensor \(24, 4\)"),
    "load_mnist() not unpacked": (load_mnist, r"a tuple of data and labels .*X, labels = load_mn"),
    "a column of labels": (lambda: (TENSOR, LABELS[:, None]), "a tuple of data and labels"),
    "a column of labels of two columns": (
        lambda: (TENSOR[:, :2], LABELS[:, None]), "a tuple of data and labels"),
    "a split": (lambda: train_test_split(WHOLE, LABELS), "a list of data and labels"),
    "columns in another order": (
        lambda: [pd.DataFrame(WHOLE, columns=list("abcd")),
                 pd.DataFrame(WHOLE, columns=list("abdc"))], r"batch 1 .*frame\[columns\]"),
    "lines of a file": (lambda: iter(["1,2", "3,4"]), "batch 0 .*the text '1,2'"),
    "a lone row": (lambda: iter(WHOLE), r"batch 0 .*\.reshape\(1, -1\) a row"),
    "delayed": (lambda: da.ones((4, 2)).to_delayed()[0, 0], r"from_delayed\(\)"),
}  # fmt: skip


def quietly(make: Callable[[], Any]) -> Any:  # noqa: ANN401 - data of every kind
    """Make data of kinds that torch itself warns are prototypes, or going out of use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return make()


def assert_told(call: Callable[[], object], pattern: str) -> None:
    """Expect a TypeError or a ValueError that names the argument and says this."""
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    assert re.match(r"\w+( in b\w+ \d+|\[.*?\])* must ", str(caught.value))
    assert re.search(pattern, str(caught.value), re.DOTALL)


@pytest.mark.parametrize("kind", REFUSED | REFUSED_BATCHES)
def test_what_is_refused_is_told_what_would_do(kind: str) -> None:
    make, pattern = (REFUSED | REFUSED_BATCHES)[kind]
    for door in (compute_moments, lambda X: fit(LinearAutoencoder(4, 1), X)):
        assert_told(lambda door=door: door(quietly(make)), pattern)  # type: ignore[misc]


DOORS: dict[str, Callable[[Any], object]] = {
    "PCA": lambda X: fit_pca(X, 1),
    "reconstruct": fit_pca(WHOLE, 1).reconstruct,
    "minibatches": lambda X: fit(LinearAutoencoder(4, 1), X, optimizer="sgd", epochs=1),
    "alignment": lambda X: axis_alignment(X, WHOLE),
    "distance": lambda X: subspace_distance(WHOLE, X),
    "covariance": lambda X: rayleigh_ritz(LinearAutoencoder(4, 1), X),
    "feedback": lambda X: LabelledImages(X, LABELS, WHOLE, LABELS),
    "feedback, tests": lambda X: LabelledImages(WHOLE, LABELS, X, LABELS),
    "network": lambda X: to_matrix("weights[0]", X),
    "pictures": lambda X: plot_matrices({"X": X}),
    "pager": lambda X: ImagePager({"X": X}, image_shape=(4, 6)),
    "explorer": Explorer,
    "panel": TrainingPanel,
    "reconstruction": lambda X: ReconstructionFigure(X, LABELS, image_shape=(2, 2)),
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_every_door_refuses_what_would_be_read_wrong(door: str) -> None:
    for kind in (
        "mask", "row with a mask", "masked tensor", "gap", "SciPy csr_matrix", "torch sparse _csr",
        "complex", "objects", "column of text", "images",
    ):  # fmt: skip
        make, pattern = REFUSED[kind]
        assert_told(lambda make=make: DOORS[door](quietly(make)), pattern)  # type: ignore[misc]
    assert_told(lambda: DOORS[door](DataLoader(TensorDataset(IMAGES))), "must")
    assert_told(lambda: DOORS[door]((WHOLE, LABELS)), "labels")


@pytest.mark.parametrize("kind", ["masked tensor", "torch sparse _csr", "complex tensor", "nested"])
def test_the_loss_refuses_such_tensors(kind: str) -> None:
    make, pattern = REFUSED[kind]
    assert_told(lambda: reconstruction_loss(LinearAutoencoder(4, 1), quietly(make)), pattern)


def test_labels_of_every_form() -> None:
    for labels in (LABELS.tolist(), LABELS.astype("f4"), torch.tensor(LABELS).to(torch.uint8),
                   pd.Series(LABELS, dtype="Int64"), np.ma.masked_equal(LABELS, 9)):  # fmt: skip
        found = check_labels("labels", labels, 24, n_classes=3)
        assert_array_equal(found, LABELS)
        assert found.dtype == np.int64


@pytest.mark.parametrize(
    ("labels", "said"),
    [(LABELS[:-1], r"must be 24, one a sample, .*\(23,\)"), (LABELS[:, None], r"\(24, 1\)"),
     (LABELS + 0.5, "must be integers, but 0.5 is none"), (LABELS - 1, "0 to 2.*from -1 to 1"),
     (LABELS + 1, "0 to 2, but they reach from 1 to 3"), (LABELS.astype(str), r"\.astype\(float"),
     (np.ma.masked_equal(LABELS, 2), "8 of 24 are masked"), ([None] * 24, "labels.0. must be"),
     (pd.Series([1, None] * 12, name="digit", dtype="Int64"), "12 in column 'digit'")],
)  # fmt: skip
def test_bad_labels(labels: Any, said: str) -> None:  # noqa: ANN401 - that is the point
    assert_told(lambda: check_labels("labels", labels, 24, n_classes=3), said)


def test_vectors_of_every_form() -> None:
    vectors: list[Any] = [
        pd.Series([3, 1], dtype="Int64"), pd.array([3, 1], dtype="Float32"), (3, 1),
        torch.tensor([3.0, 1.0]).bfloat16(), [torch.tensor(3), np.float64(1)],
    ]  # fmt: skip
    for vector in vectors:
        assert_array_equal(check_vector("variances", vector), [3.0, 1.0])
    assert_told(lambda: check_vector("variances", pd.array([3, None], dtype="Int64")), "missing")


def test_what_needs_no_copy_is_not_copied() -> None:
    for same in (WHOLE, torch.from_numpy(WHOLE), pd.DataFrame(WHOLE, copy=False), WHOLE[::2]):
        assert np.shares_memory(to_array("X", same), WHOLE)
