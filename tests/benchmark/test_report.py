"""The comparison as a table."""

from __future__ import annotations

from html.parser import HTMLParser

from lae_helpers.benchmark.report import comparison_table, median_seconds
from tests.benchmark.small import TRAJECTORIES, trajectory


class Cells(HTMLParser):
    """Collects the text of each cell, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        """Begin a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        """Add to the cell."""
        self.rows[-1][-1] += data


def test_median_over_the_seeds() -> None:
    assert median_seconds(TRAJECTORIES, "svd") == 4.0


def test_table_in_a_terminal() -> None:
    head, unit, svd = repr(comparison_table(TRAJECTORIES, unit="unit")).splitlines()
    assert head.split() == ["time", "of", "it", "C", "passes", "worst"]
    assert unit.split() == ["unit", "1.00", "0.25", "1", "1.00000"]
    assert svd.split() == ["svd", "2.00", "–", "–", "0.90000"]
    assert len({len(line) for line in (head, unit, svd)}) == 1


def test_table_on_a_page_has_a_heading_for_each_family() -> None:
    cells = Cells()
    cells.feed(comparison_table(TRAJECTORIES, unit="unit")._repr_html_())
    families = [runs["unit"].family for runs in TRAJECTORIES[:1]]
    assert cells.rows[:2] == [["", "time", "of it C", "passes", "worst"], families]
    assert ["svd ", "2.00", "–", "–", "0.90000"] in cells.rows


def test_a_solver_says_what_it_does_and_a_family_may_be_left_out() -> None:
    one = [{"numpy.linalg.svd": trajectory("numpy.linalg.svd", 1.0, [1.0])}]
    table = comparison_table(one, unit="numpy.linalg.svd")
    assert "<small>thin SVD of the centred data</small>" in table._repr_html_()
    without = {table.rows[0].family}
    assert not comparison_table(one, unit="numpy.linalg.svd", without=without).rows


def test_long_times_need_no_more_room() -> None:
    slow = [{"unit": trajectory("unit", 1.0, [1.0]), "slow": trajectory("slow", 123.4, [1.0])}]
    assert comparison_table(slow, unit="unit").rows[1].numbers[0] == "123.4"
