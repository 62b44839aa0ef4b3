"""Rows of images: scales, captions, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from lae_helpers.plotting import DECODER, ENCODER, show_images
from lae_helpers.plotting.style import matrix_colour
from tests.plotting.conftest import scales

if TYPE_CHECKING:
    from matplotlib.figure import Figure


PIXELS = np.random.default_rng(0).normal(size=(784, 3))


def test_images_by_rows() -> None:
    picture = show_images(
        {"columns": PIXELS, "directions": PIXELS[:, :2]},
        captions={"columns": [0.12345, "b", 3]},
        alt="Noise, and nothing else.",
    )
    assert picture.alt == (
        "Rows of images: columns (3 images, marked 0.123, b, 3); directions (2 images). "
        "Noise, and nothing else."
    )


def test_images_of_another_shape() -> None:
    picture = show_images({"small": np.eye(6)}, image_shape=(2, 3), signed=False)
    assert "small (6 images)" in picture.alt


def test_each_row_of_images_has_its_own_scale(figures: list[Figure]) -> None:
    rows = {"two": [[-2.0, 0.5]], "three": [[1.0, 3.0]], "none": [[0.0, 0.0]]}
    show_images(rows, image_shape=(1, 1))
    assert scales(figures[0]) == [(-2, 2)] * 2 + [(-3, 3)] * 2 + [(-1, 1)] * 2
    show_images(rows, image_shape=(1, 1), signed=False)
    assert scales(figures[1]) == [(0, 1)] * 6


def test_images_and_captions_are_the_columns(figures: list[Figure]) -> None:
    show_images({"row": np.arange(12).reshape(6, 2)}, captions={"row": [0.5, "b"]},
                image_shape=(2, 3))  # fmt: skip
    for ax, column, caption in zip(figures[0].axes, (0, 1), ("0.500", "b"), strict=True):
        shown = np.asarray(ax.get_images()[0].get_array())
        assert shown.tolist() == [[column, 2 + column, 4 + column], [6 + column, 8 + column,
                                  10 + column]]  # fmt: skip
        assert caption in {text.get_text() for text in ax.texts}


def test_a_caption_wider_than_its_image_goes_on_below(figures: list[Figure]) -> None:
    show_images({"row": np.ones((4, 8))}, captions={"row": ["PCA: 1.00", "0.123"] * 4})
    assert [ax.texts[-1].get_text() for ax in figures[0].axes[:2]] == ["PCA:\n1.00", "0.123"]


@pytest.mark.parametrize(
    ("label", "colour"),
    [
        ("rows of W₁", ENCODER),
        ("left singular vectors of W₂", DECODER),
        ("the decoder’s columns", DECODER),
        ("encoder", ENCODER),
        ("autoencoder", "black"),
        ("gap of encoder and decoder", "black"),
        ("W₁₂", "black"),
    ],
)
def test_a_label_has_the_colour_of_the_matrix_that_it_names(label: str, colour: str) -> None:
    assert matrix_colour(label) == colour
