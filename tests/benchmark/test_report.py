"""The comparison as a table."""

from __future__ import annotations

from lae_helpers.benchmark.report import comparison_table, median_seconds
from tests.benchmark.small import TRAJECTORIES, trajectory


def test_median_over_the_seeds() -> None:
    assert median_seconds(TRAJECTORIES, "svd") == 4.0


def test_table() -> None:
    head, unit, svd = comparison_table(TRAJECTORIES, unit="unit").splitlines()
    assert head.split() == ["time", "(range)", "C", "passes", "steps", "worst"]
    assert unit.split() == ["unit", "1.00", "(1.00–1.00)", "0.25", "1", "0/0/0", "1.00000"]
    assert max(map(len, (head, unit, svd))) <= 80
    assert svd.split() == ["svd", "2.00", "(1.50–2.50)", "–", "–", "1/1/1", "0.90000"]


def test_long_times_need_no_more_room() -> None:
    slow = [{"unit": trajectory("unit", 1.0, [1.0]), "slow": trajectory("slow", 123.4, [1.0])}]
    assert comparison_table(slow, unit="unit").splitlines()[2].split()[1:3] == [
        "123.4",
        "(123.4–123.4)",
    ]
