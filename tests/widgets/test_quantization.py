"""Eight bits an entry: as near as they can be, for whatever is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lae_helpers._checks import FloatArray
from lae_helpers.widgets.quantization import quantize

MATRICES = arrays(np.float64, (4, 3), elements=st.floats(-1e6, 1e6, allow_subnormal=False))


@pytest.mark.parametrize("axis", [None, 0, 1])
@given(matrix=MATRICES)
def test_no_entry_is_off_by_more_than_half_a_scale(matrix: FloatArray, axis: int | None) -> None:
    integers, scales = quantize(matrix, axis)
    shared = scales if axis is None else np.expand_dims(scales, axis)
    assert (np.abs(integers * shared - matrix) <= 0.5001 * shared).all()
    assert integers.dtype == np.int8
    full = np.abs(integers.astype(int)).max(axis=axis) == 127
    np.testing.assert_array_equal(full, np.abs(matrix).max(axis=axis) > 0)
