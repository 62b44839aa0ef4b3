"""The cost of four workloads on a grid of sizes: what runs, what is timed, what is counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from torch.utils.flop_counter import FlopCounterMode

from lae_helpers.benchmark.scaling import N_TIED, WORKLOADS, count_grid, measure_grid

SIZES = [(60, 12, 2), (120, 12, 2), (120, 12, 4)]


def test_every_method_is_timed_at_every_size() -> None:
    times = measure_grid(SIZES, repeats=1)
    assert times.shape == (len(WORKLOADS), len(SIZES))
    assert (times > 0).all()


def test_counts_grow_as_they_should() -> None:
    counts = dict(zip(WORKLOADS, count_grid([(10**6, 100, 4), (2 * 10**6, 100, 4)]), strict=True))
    for one, two in counts.values():
        assert two / one == pytest.approx(2, rel=0.02)
    width = dict(zip(WORKLOADS, count_grid([(4000, 100, 4), (4000, 200, 4)]), strict=True))
    assert width["SVD of the data"][1] == 4 * width["SVD of the data"][0]
    assert width["randomised SVD"][1] == 2 * width["randomised SVD"][0]


def test_the_iterations_are_counted_as_torch_counts_them() -> None:
    # So wide that terms with k^2 are small; as many samples, or `fit` works in their span.
    N, n, k = 1000, 1000, 2
    X = np.random.default_rng(0).standard_normal((N, n))
    with FlopCounterMode(display=False) as counter:
        WORKLOADS["autoencoder"].run(X, k)
    iterations = WORKLOADS["autoencoder"].count(N, n, k) - N * n**2 / 2
    assert iterations == N_TIED * n**2 * k
    assert counter.get_total_flops() / 2 == pytest.approx(iterations, rel=0.15)


@pytest.mark.parametrize(
    ("size", "kind", "name"),
    [((0, 3, 2), ValueError, "n_samples"), ((4, 3.5, 2), TypeError, "n_features"),
     ((4, 3, 0), ValueError, "k")],
)  # fmt: skip
def test_bad_sizes(size: Any, kind: type[Exception], name: str) -> None:  # noqa: ANN401
    with pytest.raises(kind, match=f"^{name} must be"):
        measure_grid([size])
