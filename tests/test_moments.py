"""Mean and covariance: the same from an array, from batches and from Dask, in the same memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import dask.array as da
import numpy as np
import pytest
import torch
from distributed import Client, LocalCluster
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from torch.utils.data import DataLoader, Dataset, TensorDataset

from lae_helpers import LinearAutoencoder, SumL2, fit, fit_pca
from lae_helpers._checks import FloatArray
from lae_helpers.moments import Moments, compute_moments

RNG = np.random.default_rng(0)
X = RNG.standard_normal((210, 6)) @ RNG.standard_normal((6, 6)) + 3.0
TENSOR, LABELS = torch.tensor(X), torch.arange(len(X))
BLOCKS = da.from_array(X, chunks=(50, 6))


class RowsOnly(Dataset[torch.Tensor]):
    """Samples without labels."""

    def __len__(self) -> int:
        return len(TENSOR)

    def __getitem__(self, index: int) -> torch.Tensor:
        return TENSOR[index]


def cut(rows: FloatArray, size: int) -> list[FloatArray]:
    return [rows[i : i + size] for i in range(0, len(rows), size)]


SHAPES_OF_DATA: dict[str, Callable[[], Any]] = {
    "list of arrays": lambda: cut(X, 17),
    "tuple of tensors": lambda: TENSOR.split(50),
    "generator": lambda: (rows for rows in cut(X, 1)),
    "pairs": lambda: zip(cut(X, 40), cut(X[:, :1], 40), strict=True),
    "list of pairs": lambda: [(rows, rows[:, 0]) for rows in cut(X, 100)],
    "batches of lists": lambda: iter([rows.tolist() for rows in cut(X, 100)]),
    "one batch": lambda: [X],
    "DataLoader": lambda: DataLoader(TensorDataset(TENSOR), batch_size=32),
    "shuffled with labels": lambda: DataLoader(
        TensorDataset(TENSOR, LABELS), batch_size=9, shuffle=True
    ),
    "DataLoader of rows": lambda: DataLoader(RowsOnly(), batch_size=64),
    "Dask": lambda: da.from_array(X, chunks=(50, 6)),
    "Dask, columns cut": lambda: da.from_array(X, chunks=(33, 4)),
    "Dask, odd heights": lambda: da.from_array(X, chunks=((1, 2, 200, 7), (6,))),
    "Dask, unknown heights": lambda: BLOCKS[BLOCKS[:, 0] < np.inf],
    "moments": lambda: compute_moments(X),
}  # fmt: skip


def assert_same(found: Moments, rows: FloatArray, tolerance: float = 1e-10) -> None:
    """Compare with numpy's covariance, entry by entry, relative to the spread."""
    expected = np.cov(rows.T, bias=True)
    spread = np.sqrt(np.diag(expected).max())
    assert found.n_samples == len(rows)
    assert_allclose(found.covariance, expected, atol=tolerance * spread**2, rtol=0)
    assert_allclose(found.mean, rows.mean(axis=0), atol=tolerance * spread, rtol=1e-15)


@pytest.mark.parametrize("kind", SHAPES_OF_DATA)
def test_the_same_from_every_kind_of_data(kind: str) -> None:
    assert_same(compute_moments(SHAPES_OF_DATA[kind]()), X)
    pca, expected = fit_pca(SHAPES_OF_DATA[kind](), 3), fit_pca(X, 3)
    assert_allclose(pca.variances, expected.variances, rtol=1e-10)
    assert_allclose(pca.directions, expected.directions, atol=1e-10)


@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating"])
@pytest.mark.parametrize("kind", ["generator", "DataLoader", "Dask", "moments"])
def test_training_is_the_same_from_every_kind_of_data(kind: str, optimizer: str) -> None:
    options: dict[str, Any] = {"optimizer": optimizer, "max_steps": 8, "tolerance": 0}
    models = [LinearAutoencoder(6, 2), LinearAutoencoder(6, 2)]
    streamed = fit(models[0], SHAPES_OF_DATA[kind](), SumL2(0.1), **options)
    whole = fit(models[1], X, SumL2(0.1), **options)
    assert_allclose(streamed.losses, whole.losses, rtol=1e-10)
    for mine, other in zip(models[0].parameters(), models[1].parameters(), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-10, atol=1e-10)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=8),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 1.0, -1e6, 1e8]),
)
def test_where_it_is_cut_does_not_matter(sizes: list[int], seed: int, offset: float) -> None:
    rng = np.random.default_rng(seed)
    rows = offset + rng.standard_normal((sum(sizes) + 1, 4)) * [1.0, 0.1, 2.0, 1.0]
    edges = np.cumsum(sizes)
    tolerance = 1e-10 if abs(offset) <= 1e6 else 1e-7
    reference = compute_moments(rows)
    for batches in (np.split(rows, edges), da.from_array(rows, chunks=((*sizes, 1), (4,)))):
        found = compute_moments(batches)
        assert_allclose(found.covariance, reference.covariance, atol=tolerance)
        assert_allclose(found.mean, reference.mean, rtol=1e-15, atol=tolerance)


def test_a_mean_a_million_spreads_away_loses_nothing() -> None:
    """Against the same numbers near zero: whole numbers, so that shifting them is exact."""
    rows = np.random.default_rng(1).integers(-9, 10, (20_000, 5)).astype(float)
    expected = np.cov(rows.T, bias=True)
    for batches in (cut(rows + 1e7, 10), da.from_array(rows + 1e7, chunks=(300, 5)), rows + 1e7):
        assert_allclose(compute_moments(batches).covariance, expected, atol=1e-10 * 30)
    square = (rows + 1e7).T @ (rows + 1e7) / len(rows) - 1e14
    assert np.abs(square - expected).max() > 1e-3  # the formula of the textbooks loses them


def test_drifting_batches_are_merged_about_their_common_mean() -> None:
    drift = np.vstack([rows + 100 * i for i, rows in enumerate(cut(X, 10))])
    assert_same(compute_moments(cut(drift, 10)), drift)


def test_every_batch_is_read_once() -> None:
    read: list[int] = []

    def batches() -> Iterator[FloatArray]:
        for index, rows in enumerate(cut(X, 50)):
            read.append(index)
            yield rows

    fit(LinearAutoencoder(6, 2), batches(), SumL2(0.1), optimizer="alternating")
    assert read == [0, 1, 2, 3, 4]


def broken(value: float) -> list[FloatArray]:
    batches = [rows.copy() for rows in cut(X, 50)]
    batches[3][2, 1] = value
    return batches


def test_a_buffer_that_is_filled_again_will_do() -> None:
    buffer = np.empty((3, 6))

    def batches() -> Iterator[FloatArray]:
        for rows in cut(X, 3):
            buffer[:] = rows
            yield buffer

    assert_same(compute_moments(batches()), X)


def test_the_data_are_left_alone() -> None:
    data = X.copy()
    data.setflags(write=False)
    for optimizer in ("alternating", "adam"):
        fit(LinearAutoencoder(6, 2), data, SumL2(0.1), optimizer=optimizer, progress=False)
    assert (data == X).all()


BAD_BATCHES: list[tuple[Any, type[Exception], str]] = [
    ([X[:0]], ValueError, r"^X in batch 0 must have at least 1 row"),
    (iter([]), ValueError, r"^X must hold at least one batch"),
    (iter([X[:1]]), ValueError, r"^X must have at least 2 rows .* but it has 1"),
    ([X[:5], X[:5, :4]], ValueError, r"^X in batch 1 must have 6 columns like the first"),
    (broken(np.nan), ValueError, r"^X in batch 3 must be finite"),
    (broken(np.inf), ValueError, r"^X in batch 3 must be finite"),
    (iter(X), ValueError, r"^X in batch 0 must be two-dimensional .* shape is \(6,\)"),
    ([X, X[0]], ValueError, r"^X in batch 1 must be two-dimensional"),
    (iter([np.ones((4, 1, 2, 3))]), ValueError, r"^X in batch 0 must be two-dimensional"),
    (iter([[["a"]]]), TypeError, r"^X in batch 0 must hold real numbers"),
    (iter([None]), TypeError, r"^X in batch 0 must be an array of numbers, but it is a NoneType"),
    ([np.eye(3), 1e200 * np.eye(3)], ValueError, r"^X must have a finite covariance"),
    ([1e200 * np.random.default_rng(0).normal(size=(400, 100))], ValueError, "finite covariance"),
    ("data.csv", TypeError, r"^X must be an array of numbers, but it is the text 'data.csv'"),
    (da.ones(5), ValueError, r"^X must be two-dimensional"),
    (da.ones((5, 0)), ValueError, r"^X must be two-dimensional .* at least one column"),
    (da.ones((1, 3)), ValueError, r"^X must have at least 2 rows"),
    (da.ones((0, 3)), ValueError, r"^X must have at least 2 rows"),
    (da.ones((5, 3), dtype=complex), TypeError, r"^X must hold real numbers"),
    (da.from_array(np.vstack(broken(np.nan)), chunks=(50, 6)), ValueError,
     r"^X in block 3 must be finite"),
]  # fmt: skip


@pytest.mark.parametrize(("batches", "kind", "message"), BAD_BATCHES)
def test_bad_batches(batches: object, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        compute_moments(batches)  # type: ignore[arg-type]


def test_a_generator_gone_through_has_nothing_left() -> None:
    batches = (rows for rows in cut(X, 50))
    compute_moments(batches)
    with pytest.raises(ValueError, match=r"gave none; a generator .* make a new one"):
        compute_moments(batches)


def test_streams_that_do_not_fit_the_model() -> None:
    with pytest.raises(
        ValueError, match=r"^X in batch 0 must have 5 columns like the model.* \(50, 6\)"
    ):
        fit(LinearAutoencoder(5, 2), iter(cut(X, 50)))
    with pytest.raises(ValueError, match=r"^X must have at least 4 rows .* \(3, 6\)"):
        fit(LinearAutoencoder(6, 4), iter([X[:3]]))
    with pytest.raises(ValueError, match=r"^k must be between 1 and 3 "):
        fit_pca(iter([X[:3]]), 4)


def test_dask_is_not_needed_without_dask_arrays() -> None:
    script = (
        "import sys; sys.modules['dask'] = None\n"
        "import numpy as np\nfrom lae_helpers import fit_pca\n"
        "fit_pca(iter([np.eye(3), np.eye(3)]), 2)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.cluster
def test_on_a_cluster_of_two_processes() -> None:
    whole = fit_pca(X, 3)
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1",
            dashboard_address=":0",
        ) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        assert len(client.scheduler_info()["workers"]) == 2
        spread = fit_pca(da.from_array(X, chunks=(20, 6)), 3)
        model = LinearAutoencoder(6, 2)
        history = fit(model, da.from_array(X, chunks=(20, 3)), SumL2(0.1))
        here = fit(LinearAutoencoder(6, 2), X, SumL2(0.1))
        with pytest.raises(ValueError, match=r"^X in block 2 must be finite"):
            compute_moments(da.from_array(np.vstack(broken(np.nan)), chunks=(70, 6)))
    assert_allclose(spread.variances, whole.variances, rtol=1e-10)
    assert_allclose(spread.directions, whole.directions, atol=1e-10)
    assert history.converged
    assert_allclose(history.losses[-1], here.losses[-1], rtol=1e-10)


@pytest.mark.parametrize(
    "convert",
    [lambda part: part.astype(np.float32), torch.tensor, np.ndarray.tolist, np.asfortranarray],
)
@pytest.mark.parametrize("optimizer", ["lbfgs", "gradient_descent", "alternating"])
def test_moments_of_any_kind_of_number_train(convert: Callable[..., Any], optimizer: str) -> None:
    exact = compute_moments(X)
    given_ones = Moments(convert(exact.mean), convert(exact.covariance), exact.n_samples)
    found = [
        fit(LinearAutoencoder(6, 2), moments, SumL2(0.3), optimizer=optimizer, max_steps=20,
            tolerance=0).losses
        for moments in (exact, given_ones)
    ]  # fmt: skip
    assert_allclose(found[1], found[0], rtol=1e-6)
    assert_allclose(fit_pca(given_ones, 2).variances, fit_pca(exact, 2).variances, rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"mean": [0.0, np.nan]}, "^X.mean must be finite"),
     ({"mean": [0.0]}, r"^X.covariance must have the shape \(1, 1\)"),
     ({"covariance": [[1.0, np.inf], [0.0, 1.0]]}, "^X.covariance must be finite"),
     ({"covariance": [[1.0, 0.5], [0.0, 1.0]]}, "^X.covariance must be symmetric"),
     ({"covariance": [[1.0, 0.0], [0.0, -1.0]]}, "^X.covariance must be symmetric"),
     ({"n_samples": 1}, "^X.n_samples must be at least 2")],
)  # fmt: skip
def test_moments_that_are_those_of_no_data(change: dict[str, Any], message: str) -> None:
    plain: dict[str, Any] = {"mean": [0.0, 0.0], "covariance": [[1.0, 0.0], [0.0, 1.0]]}
    moments = Moments(**(plain | {"n_samples": 9} | change))
    for use in (
        compute_moments,
        lambda m: fit_pca(m, 1),
        lambda m: fit(LinearAutoencoder(2, 1), m),
    ):
        with pytest.raises(ValueError, match=message):
            use(moments)
