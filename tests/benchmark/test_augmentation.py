"""More images out of a few: how far they move, what is added, and that every pass is the same."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from lae_helpers import load_mnist
from lae_helpers.benchmark.augmentation import AugmentedImages
from lae_helpers.moments import compute_moments

POINT = np.zeros((1, 28, 28))
POINT[0, 1, 26] = 1.0  # near the edge, so that it comes in again on the other side
ROW = POINT.reshape(1, 784)


def shifts(most: int) -> set[tuple[int, int]]:
    """Return by how much the point has moved, down and to the right, in each of many batches."""
    batches = AugmentedImages(ROW, 300, batch_size=1, most_shift=most, noise=0.0)
    places = (np.argwhere(rows.reshape(28, 28))[0] for rows in batches)
    moved = [(place - (1, 26) + 14) % 28 - 14 for place in places]
    return {(int(down), int(right)) for down, right in moved}


@pytest.mark.parametrize("most", [0, 1, 2])
def test_images_move_by_so_many_pixels_in_every_direction(most: int) -> None:
    reach = range(-most, most + 1)
    assert shifts(most) == {(down, right) for down in reach for right in reach}


def test_a_batch_moves_as_one() -> None:
    for rows in AugmentedImages(ROW, 120, batch_size=40, noise=0.0):
        assert (rows == rows[0]).all()


def test_what_is_added_has_the_given_spread() -> None:
    (rows,) = AugmentedImages(ROW, 500, batch_size=500, most_shift=0, noise=0.5)
    added = rows - ROW
    assert added.std() == pytest.approx(0.5, rel=0.01)
    assert abs(added.mean()) < 0.005
    (usual,) = AugmentedImages(ROW, 500, batch_size=500, most_shift=0)
    assert (usual - ROW).std() == pytest.approx(0.02, rel=0.01)


def test_every_image_is_drawn_and_every_pass_is_the_same() -> None:
    images = np.repeat(np.arange(5.0)[:, np.newaxis], 784, axis=1)
    batches = AugmentedImages(images, 90, batch_size=40, noise=0.0)
    first = list(batches)
    assert [len(rows) for rows in first] == [40, 40, 10]
    assert set(np.concatenate(first)[:, 0]) == {0, 1, 2, 3, 4}
    for once, again in zip(first, batches, strict=True):
        assert_array_equal(once, again)
    (other,) = AugmentedImages(images, 40, batch_size=40, noise=0.0, seed=1)
    assert (other != first[0]).any()
    assert (len(next(iter(AugmentedImages(images, 1001))))) == 1000


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"n_samples": 0}, "n_samples must be"), ({"batch_size": 0}, "batch_size must be"),
     ({"most_shift": -1}, "most_shift must be"), ({"noise": -0.1}, "noise must be"),
     ({"seed": -1}, "seed must be"), ({"X": np.eye(3)}, "X must have 784 columns")],
)  # fmt: skip
def test_bad_settings(wrong: dict[str, object], said: str) -> None:
    settings: dict[str, object] = {"X": ROW, "n_samples": 9} | wrong
    with pytest.raises(ValueError, match=f"^{said}"):
        AugmentedImages(**settings)  # type: ignore[arg-type]


def test_every_pass_gives_the_same_batches_of_the_size_asked_for() -> None:
    digits = load_mnist()[0][:50]
    images = AugmentedImages(digits, 250, batch_size=100)
    batches = list(images)
    assert [len(batch) for batch in batches] == [100, 100, 50]
    for once, again in zip(batches, images, strict=True):
        assert_array_equal(once, again)
    still = next(iter(AugmentedImages(digits, 60, most_shift=0, noise=0.0)))
    assert {row.tobytes() for row in still} <= {row.tobytes() for row in digits}
    moments = compute_moments(AugmentedImages(digits, 4000, noise=0.1))
    assert moments.covariance.diagonal().min() == pytest.approx(0.01, rel=0.15)
    with pytest.raises(ValueError, match=r"^X must have 784 columns"):
        AugmentedImages(np.eye(3), 10)
    with pytest.raises(ValueError, match=r"^n_samples must be"):
        AugmentedImages(digits, 0)
