"""Numbers in sentences: one rule for every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.browser

SAID = {
    0.0: "0", 1.0: "1", -1.0: "−1", 0.3: "0.3", 0.12345: "0.123", -0.12345: "−0.123",
    0.001: "0.001", 0.00123456: "0.00123", 9.996: "10", 12.345: "12.3", 99.96: "100", 123.4: "123",
    -1234.6: "−1235", 99_999.0: "99999", 1e5: "1 · 10⁵", -1.25e12: "−1.3 · 10¹²", 2e7: "2 · 10⁷",
    0.00099: "9.9 · 10⁻⁴", -1.5e-10: "−1.5 · 10⁻¹⁰",
}  # fmt: skip
FIXED = {0.0: "0.00", -0.001: "0.00", 0.005: "0.01", -0.006: "−0.01", 1.0: "1.00", -9.876: "−9.88"}


def test_three_digits_and_a_true_minus(run_js: Callable[..., Any]) -> None:
    found = run_js("parts/numbers.js", "(m, all) => all.map((v) => m.sayNumber(v))", list(SAID))
    assert dict(zip(SAID, found, strict=True)) == SAID


def test_a_fixed_number_of_digits_and_no_minus_zero(run_js: Callable[..., Any]) -> None:
    found = run_js("parts/numbers.js", "(m, all) => all.map((v) => m.sayFixed(v))", list(FIXED))
    assert dict(zip(FIXED, found, strict=True)) == FIXED
