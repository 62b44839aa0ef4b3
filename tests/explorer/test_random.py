"""Shared random numbers: the generator's own, the right distributions, and the groups' members."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lae_helpers.explorer.random import (
    GROUP_DRAWS,
    LARGEST_SEED,
    Mulberry32,
    draw_invertible,
    draw_rotation,
    draw_signs,
)
from lae_helpers.regularizers import NonuniformSumL2, SumL2, Unregularized

SEEDS = st.integers(0, LARGEST_SEED)
WIDTHS = st.integers(1, 16)


@pytest.mark.parametrize(
    ("seed", "first"),
    [
        (0, [1144304738, 1416247, 958946056, 627933444]),
        (1, [2693262067, 11749833, 2265367787, 4213581821]),
        (123456789, [1107202814, 4169434471, 3372958138, 885470128]),
        (LARGEST_SEED, [3850105811, 813802916, 3073704848, 4054706436]),
    ],
)
def test_uniform_numbers_are_those_of_javascript(seed: int, first: list[int]) -> None:
    """The integers were computed by mulberry32 in Node, with ``Math.imul``."""
    generator = Mulberry32(seed)
    assert [generator.uniform() * 2**32 for _ in first] == first


def test_uniform_numbers_are_uniform() -> None:
    generator = Mulberry32(0)
    numbers = np.array([generator.uniform() for _ in range(40_000)])
    assert numbers.min() >= 0
    assert numbers.max() < 1
    counts = np.histogram(numbers, bins=20, range=(0, 1))[0]
    assert np.abs(counts - 2000).max() < 5 * 2000**0.5
    assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) < 5 / 200


def test_normal_numbers_are_normal() -> None:
    numbers = Mulberry32(1).normals((200, 200))
    assert abs(numbers.mean()) < 5 / 200
    assert numbers.std() == pytest.approx(1, abs=0.02)
    assert (np.abs(numbers) < 1.959964).mean() == pytest.approx(0.95, abs=0.005)
    assert abs(np.corrcoef(numbers[:, 0::2].ravel(), numbers[:, 1::2].ravel())[0, 1]) < 5 / 141


def test_normal_numbers_follow_the_formula_row_by_row() -> None:
    generator, same = Mulberry32(5), Mulberry32(5)
    numbers = generator.normals((1, 3))
    u1, u2, u3, u4 = (same.uniform() for _ in range(4))
    first, second = (-2 * np.log(1 - u1)) ** 0.5, (-2 * np.log(1 - u3)) ** 0.5
    angle = 2 * np.pi * u2
    expected = [first * np.cos(angle), first * np.sin(angle), second * np.cos(2 * np.pi * u4)]
    assert_allclose(numbers, [expected], rtol=1e-14)
    assert generator.uniform() == same.uniform()  # the fourth number was thrown away
    assert_array_equal(Mulberry32(5).normals((3, 4)).ravel(), Mulberry32(5).normals((12,)))


@given(SEEDS, WIDTHS)
def test_rotations_are_orthogonal(seed: int, k: int) -> None:
    Q = draw_rotation(Mulberry32(seed), k)
    assert_allclose(Q.T @ Q, np.eye(k), atol=1e-13)
    R = Q.T @ Mulberry32(seed).normals((k, k))
    assert (np.diagonal(R) > 0).all()
    assert_allclose(np.tril(R, -1), 0, atol=1e-13)


def test_rotations_prefer_no_direction() -> None:
    generator = Mulberry32(2)
    first_columns = np.array([draw_rotation(generator, 3)[:, 0] for _ in range(4000)])
    assert_allclose(first_columns.mean(axis=0), 0, atol=0.05)
    assert_allclose(first_columns.T @ first_columns / 4000, np.eye(3) / 3, atol=0.03)


@given(SEEDS, WIDTHS)
def test_invertible_matrices_are_well_conditioned(seed: int, k: int) -> None:
    G = draw_invertible(Mulberry32(seed), k)
    values = np.linalg.svd(G, compute_uv=False)
    assert 0.5 - 1e-12 < values.min() <= values.max() < 2 + 1e-12
    same = Mulberry32(seed)
    left, right = draw_rotation(same, k), draw_rotation(same, k)
    stretches = [2 ** (2 * same.uniform() - 1) for _ in range(k)]
    assert_allclose(G, left @ np.diag(stretches) @ right.T, atol=1e-13)


@given(SEEDS, WIDTHS)
def test_signs_change_something(seed: int, k: int) -> None:
    G = draw_signs(Mulberry32(seed), k)
    assert_array_equal(np.abs(G), np.eye(k))
    assert G.min() == -1


def test_signs_follow_the_draws_and_the_first_turns_where_all_are_positive() -> None:
    n_all_positive = 0
    for seed in range(40):
        generator = Mulberry32(seed)
        signs = [-1.0 if generator.uniform() < 0.5 else 1.0 for _ in range(2)]
        n_all_positive += min(signs) > 0
        expected = signs if min(signs) < 0 else [-1.0, 1.0]
        assert_array_equal(draw_signs(Mulberry32(seed), 2), np.diag(expected))
    assert 3 < n_all_positive < 20


def test_every_group_of_the_ladder_has_its_draw() -> None:
    ladder = [Unregularized(), SumL2(0.5), NonuniformSumL2([0.4, 0.6])]
    assert [regularizer.invariance_group for regularizer in ladder] == list(GROUP_DRAWS)


@pytest.mark.parametrize(
    ("seed", "kind"), [(-1, ValueError), (2**32, ValueError), (0.5, TypeError), (True, TypeError)]
)
def test_bad_seeds(seed: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"^seed must be"):
        Mulberry32(seed)
