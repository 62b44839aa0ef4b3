"""The comparison as a table."""

from __future__ import annotations

from lae_helpers.benchmark.report import median_seconds, tabulate_solvers
from tests.benchmark.small import TRAJECTORIES, trajectory


def test_median_over_the_seeds() -> None:
    assert median_seconds(TRAJECTORIES, "svd") == 4.0


def test_table() -> None:
    table = tabulate_solvers(TRAJECTORIES, unit="unit")
    assert table.columns == ("solver", "time", "of it C", "passes")
    assert list(table.rows) == [
        ("unit", "1.00", "0.25", "1"),
        ("svd", "2.00", "–", "–"),
    ]


def test_a_solver_says_what_it_does_and_a_family_may_be_left_out() -> None:
    one = [{"numpy.linalg.svd": trajectory("numpy.linalg.svd", 1.0, [1.0])}]
    table = tabulate_solvers(one, unit="numpy.linalg.svd")
    assert table.rows[0][0] == "numpy.linalg.svd: thin SVD of the centred data"
    assert not tabulate_solvers(one, unit="numpy.linalg.svd", without={"exact"}).rows


def test_long_times_need_no_more_room() -> None:
    slow = [{"unit": trajectory("unit", 1.0, [1.0]), "slow": trajectory("slow", 123.4, [1.0])}]
    assert tabulate_solvers(slow, unit="unit").rows[1][1] == "123.4"
