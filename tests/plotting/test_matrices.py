"""Heat maps: one scale for all, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lae_helpers.plotting import plot_matrices
from tests.plotting.conftest import scales

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def test_matrices() -> None:
    picture = plot_matrices({"identity": np.eye(3), "zero": np.zeros((2, 4))}, alt="Two maps")
    assert picture.alt == (
        "Heat maps. identity: 3 by 3, entries from 0 to 1. zero: 2 by 4, entries from 0 to 0. "
        "Two maps."
    )


def test_maps_have_one_scale(figures: list[Figure]) -> None:
    plot_matrices({"a": [[0.0, 1.0]], "b": [[3.0, 2.0]]})
    plot_matrices({"a": [[0.0, -4.0]], "b": [[3.0, 2.0]]})
    plot_matrices({"a": [[0.0, 1.0]]}, limit=9.0)
    plot_matrices({"a": [[0.0, 0.0]]})
    assert [scales(figure) for figure in figures] == [
        [(-3, 3)] * 2, [(-4, 4)] * 2, [(-9, 9)], [(-1, 1)],
    ]  # fmt: skip
    bars = [figure.axes[-1].get_ylim() for figure in figures]
    assert bars == [(0, 3), (-4, 4), (0, 9), (0, 1)]
