"""Bad data: each kind, through every door, with the argument's name in the message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from lae_helpers import (
    LinearAutoencoder,
    NonuniformSumL2,
    axis_alignment,
    fit,
    fit_pca,
    subspace_distance,
    synthetic_data,
)
from lae_helpers._checks import (
    check_between,
    check_choice,
    check_count,
    check_matrix,
    check_nonnegative,
    check_positive,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pd = pytest.importorskip("pandas")  # comes with mlxtend

NAN_DATA, INFINITE_DATA = np.ones((5, 3)), np.ones((5, 3))
NAN_DATA[2, 1], INFINITE_DATA[0, 0] = np.nan, -np.inf

BAD_DATA = {
    "NaN": (NAN_DATA, ValueError),
    "infinite": (INFINITE_DATA, ValueError),
    "one axis": (np.ones(3), ValueError),
    "three axes": (np.ones((2, 3, 3)), ValueError),
    "a number": (3.0, ValueError),
    "one sample": (np.ones((1, 3)), ValueError),
    "no sample": (np.ones((0, 3)), ValueError),
    "no feature": (np.ones((5, 0)), ValueError),
    "empty": ([], ValueError),
    "ragged": ([[1.0, 2.0, 3.0], [1.0]], ValueError),
    "text": ([["a", "b", "c"], ["d", "e", "f"]], TypeError),
    "complex": (np.ones((5, 3), dtype=complex), TypeError),
    "nothing": (None, TypeError),
    "a table with text": (pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [1, 2]}), TypeError),
    "sparse": (torch.eye(3).to_sparse(), TypeError),
}
DOORS: dict[str, Callable[[Any], object]] = {
    "fit": lambda X: fit(LinearAutoencoder(3, 1), X),
    "fit_pca": lambda X: fit_pca(X, 1),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", BAD_DATA)
def test_bad_data(kind: str, door: str) -> None:
    X, error = BAD_DATA[kind]
    with pytest.raises(error, match=r"^X must"):
        DOORS[door](X)


@pytest.mark.parametrize("measure", [axis_alignment, subspace_distance])
@pytest.mark.parametrize("kind", sorted(BAD_DATA.keys() - {"one sample", "sparse"}))
def test_bad_bases(kind: str, measure: Callable[[Any, Any], object]) -> None:
    bad, error = BAD_DATA[kind]
    first = {axis_alignment: "directions", subspace_distance: "U"}[measure]
    second = {axis_alignment: "reference", subspace_distance: "V"}[measure]
    with pytest.raises(error, match=rf"^{first} must"):
        measure(bad, np.eye(5, 3))
    with pytest.raises(error, match=rf"^{second} must"):
        measure(np.eye(5, 3), bad)


@pytest.mark.parametrize(
    ("values", "kind"),
    [([1.0, -1.0], ValueError), ([], ValueError), ([np.nan], ValueError), ([np.inf], ValueError),
     ([[1.0]], ValueError), (1.0, ValueError), (["a"], TypeError), ([[1], [1, 2]], ValueError)],
)  # fmt: skip
def test_bad_singular_values(values: list[float], kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"^singular_values must"):
        synthetic_data(values, 9)


@pytest.mark.parametrize(
    ("n_samples", "kind"), [(3, ValueError), (0, ValueError), (4.0, TypeError), (None, TypeError)]
)
def test_bad_number_of_samples(n_samples: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"^n_samples must be"):
        synthetic_data([3.0, 2.0, 1.0], n_samples)


def test_an_empty_list_is_called_so() -> None:
    with pytest.raises(ValueError, match=r"^lams must hold at least one number, but it is empty"):
        NonuniformSumL2([])


def test_data_frames_and_read_only_arrays_will_do() -> None:
    X = np.random.default_rng(0).normal(size=(6, 3))
    X.setflags(write=False)
    for data in (X, pd.DataFrame(X)):
        history = fit(LinearAutoencoder(3, 1), data, optimizer="sgd", epochs=1, progress=False)
        assert np.isfinite(history.losses).all()


def test_checked_data_are_a_copy() -> None:
    X = np.ones((2, 2))
    assert not np.shares_memory(check_matrix("X", X), X)
    tensor = torch.ones(2, 2, dtype=torch.float64)
    assert not np.shares_memory(check_matrix("X", tensor), tensor.numpy())


@pytest.mark.parametrize("value", ["0.3", None, 1j, [0.3], np.array([0.3, 0.4]), True, 10**400])
def test_what_is_no_number(value: float) -> None:
    with pytest.raises(TypeError, match=r"^lam must be a real number"):
        check_nonnegative("lam", value)


@pytest.mark.parametrize("value", [-1e-300, float("nan"), float("inf"), -float("inf")])
def test_numbers_out_of_range(value: float) -> None:
    with pytest.raises(ValueError, match=r"^lam must be finite and at least zero"):
        check_nonnegative("lam", value)


def test_the_ends_of_the_ranges_are_in_them() -> None:
    assert check_nonnegative("lam", 0) == 0
    assert check_positive("lam", 5e-324) == 5e-324
    assert [check_between("w", w, -2.0, 2.0) for w in (-2, 2)] == [-2.0, 2.0]
    for w in (-2.1, 2.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match=rf"^w must be between -2 and 2, but it is {w}$"):
            check_between("w", w, -2.0, 2.0)
    assert [check_count("k", k, at_least=2, at_most=4) for k in (2, 3, 4)] == [2, 3, 4]
    for k in (1, 5):
        with pytest.raises(ValueError, match=rf"^k must be between 2 and 4, but it is {k}$"):
            check_count("k", k, at_least=2, at_most=4)
    assert check_matrix("X", [[1.0]]).tolist() == [[1.0]]


def test_numbers_of_every_kind() -> None:
    for value in (2, 2.0, np.float32(2), np.int64(2), np.array(2.0), torch.tensor(2.0)):
        assert check_nonnegative("lam", value) == 2.0
    for count in (2, np.int64(2), torch.tensor(2)):
        assert check_count("k", count) == 2
    with pytest.raises(ValueError, match="must be finite and positive, but it is 0"):
        check_positive("lam", 0)


def test_choices_are_listed() -> None:
    assert check_choice("fruit", "fig", ["fig", "date"]) == "fig"
    for wrong in ("fi", None, 3, np.array(["fig", "date"])):
        with pytest.raises(ValueError, match=r"^fruit must be one of 'fig', 'date', but it is"):
            check_choice("fruit", wrong, ["fig", "date"])  # type: ignore[arg-type]
