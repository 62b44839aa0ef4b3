"""Oja's and Sanger's rules, against their formulas and against each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lae_helpers._checks import FloatArray
from lae_helpers.hebbian import oja, sanger
from lae_helpers.ordering.rules import sum_descent

N, K = 6, 3
LAMS = np.array([0.2, 0.3, 0.5])
DATA = np.random.default_rng(0).standard_normal((40, N))
C = DATA.T @ DATA / 40
W2 = np.random.default_rng(3).standard_normal((N, K))


def test_oja_is_half_of_the_descent_of_transposed_weights() -> None:
    encoder, decoder = oja(W2.T, W2, C, LAMS)
    assert_allclose(decoder, sum_descent(W2.T, W2, C, LAMS)[1], atol=1e-12)
    assert_array_equal(encoder, decoder.T)


def test_sanger_is_oja_on_what_earlier_components_leave() -> None:
    encoder, decoder = sanger(W2.T, W2, C, LAMS)
    for j in range(K):
        expected = oja(W2[:, : j + 1].T, W2[:, : j + 1], C, LAMS[: j + 1])[1][:, j]
        assert_allclose(decoder[:, j], expected, atol=1e-12)
    assert_array_equal(encoder, decoder.T)


def test_a_component_by_itself_has_one_rule() -> None:
    v, lam = W2[:, :1], LAMS[:1]
    one, other = oja(v.T, v, C, lam)[1], sanger(v.T, v, C, lam)[1]
    assert_allclose(one, 2 * (C @ v - v * (v.T @ C @ v) - lam * v), atol=1e-12)
    assert_allclose(one, other, atol=1e-14)


@pytest.mark.parametrize("rule", [oja, sanger])
def test_at_rest_on_the_axes_that_the_decay_leaves(
    rule: Callable[..., tuple[FloatArray, FloatArray]],
) -> None:
    """The i-th direction with the squared length ``1 - lam_i / v_i``, in order."""
    variances, directions = np.linalg.eigh(C)
    v, U = variances[: -K - 1 : -1], directions[:, : -K - 1 : -1]
    lams = 0.5 * v
    rest = U * np.sqrt(1 - lams / v)
    assert_allclose(rule(rest.T, rest, C, lams)[1], 0, atol=1e-12)
