"""Memory that PCA of many samples takes, measured in processes of their own."""

from __future__ import annotations

from lae_helpers.benchmark.memory import measure_footprint


def test_ten_times_the_samples_take_no_more_memory() -> None:
    small, large = measure_footprint(2_000), measure_footprint(20_000)
    assert large["whole"] > 100
    assert small["peak"] > 50  # libraries alone take more
    a_part = large["whole"] / 4  # of what the larger data take, ten times the smaller
    assert abs(large["peak"] - small["peak"]) < a_part
    assert large["peak"] - large["before"] < a_part
