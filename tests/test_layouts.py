"""How features are drawn: what was asked for, or what the data say of themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from lae_helpers._layouts import Layout, find_layout, lay_out

pd = pytest.importorskip("pandas")  # comes with mlxtend

TABLE = np.arange(24.0).reshape(4, 6)
NAMES = ("a", "b", "c", "d", "e", "f")
BARS = Layout(None, NAMES)
NUMBERED = Layout(None, ("1", "2", "3", "4", "5", "6"))
IMAGES = Layout((2, 3))


@pytest.mark.parametrize(
    ("X", "options", "layout"),
    [
        (TABLE, {}, NUMBERED),
        (TABLE, {"image_shape": (2, 3)}, IMAGES),
        (TABLE, {"image_shape": np.array([2, 3]).tolist()}, IMAGES),
        (TABLE, {"feature_names": NAMES}, BARS),
        (TABLE.reshape(4, 2, 3), {}, IMAGES),
        (TABLE.reshape(4, 2, 3), {"feature_names": NAMES}, BARS),
        (torch.tensor(TABLE).reshape(4, 2, 3), {}, IMAGES),
        (pd.DataFrame(TABLE), {}, NUMBERED),
        (pd.DataFrame(TABLE, columns=list(NAMES)), {}, BARS),
        (pd.DataFrame(TABLE, columns=list(NAMES)), {"image_shape": (2, 3)}, IMAGES),
        (pd.DataFrame(TABLE, columns=list(NAMES)), {"feature_names": range(1, 7)}, NUMBERED),
        (np.zeros((3, 4)), {}, Layout((2, 2))),
        (np.zeros((3, 1)), {}, Layout(None, ("1",))),
    ],
)  # fmt: skip
def test_the_layout_is_the_one_asked_for_or_found(
    X: Any,  # noqa: ANN401 - of any kind
    options: dict[str, Any],
    layout: Layout,
) -> None:
    data, found = lay_out(X, **options)
    assert found == layout
    assert data.ndim == 2
    assert data.sum() in {TABLE.sum(), 0.0}


@pytest.mark.parametrize(
    ("X", "options", "message"),
    [
        (TABLE, {"image_shape": (2, 2)}, "image_shape must be of 6 pixels.* 2 x 2 are 4"),
        (TABLE, {"image_shape": (6,)}, r"image_shape must be \(height, width\), but it is \(6,\)"),
        (TABLE, {"image_shape": 6}, r"image_shape must be \(height, width\), but it is 6"),
        (TABLE, {"image_shape": (2.0, 3)}, "image_shape must be an integer"),
        (TABLE, {"image_shape": (-2, -3)}, "image_shape must be at least 1"),
        (TABLE, {"feature_names": ["a"]}, "feature_names must be 6, one a feature, .* are 1"),
        (TABLE, {"feature_names": "abcdef"}, "feature_names must be a list"),
        (TABLE, {"feature_names": NAMES, "image_shape": (2, 3)}, "must not both be given"),
        (TABLE.reshape(4, 2, 3), {"image_shape": (2, 2)}, "image_shape must be of 6 pixels"),
        (TABLE.reshape(2, 2, 2, 3), {}, "X must be two-dimensional"),
        (np.zeros((3, 0, 2)), {}, "X must be two-dimensional"),
        (pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]}), {}, "its column 'b' is of dtype"),
    ],
)
def test_what_does_not_fit_is_named(X: Any, options: dict[str, Any], message: str) -> None:  # noqa: ANN401 - of any kind
    with pytest.raises((TypeError, ValueError), match=message):
        lay_out(X, **options)


def test_front_ends_are_told() -> None:
    assert IMAGES.describe() == {"rows": 2, "columns": 3}
    assert BARS.describe() == {"names": list(NAMES)}
    assert find_layout(784).describe() == {"rows": 28, "columns": 28}
