"""Random numbers that Python and the JavaScript of the figures draw alike, from the same seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import MappingProxyType
from typing import SupportsIndex

import numpy as np

from lae_helpers._checks import FloatArray, check_count

LARGEST_SEED = 2**32 - 1


class Mulberry32:
    """A stream of random numbers: mulberry32, whose state is one unsigned 32-bit integer.

    Both languages compute it without rounding. numpy's and torch's generators have far longer
    periods, but no browser knows them.

    Parameters
    ----------
    seed : int
        From 0 to 2**32 - 1.

    Raises
    ------
    TypeError
        If the seed is not an integer.
    ValueError
        If it is out of range.

    Examples
    --------
    >>> Mulberry32(0).uniform()
    0.26642920868471265
    """

    def __init__(self, seed: SupportsIndex) -> None:
        self._state = check_count("seed", seed, at_least=0, at_most=LARGEST_SEED)

    def uniform(self) -> float:
        """Return the next number, at least 0 and below 1, a multiple of 2**-32."""
        self._state = (self._state + 0x6D2B79F5) % 2**32
        mixed = _multiply(self._state ^ self._state >> 15, self._state | 1)
        mixed ^= (mixed + _multiply(mixed ^ mixed >> 7, mixed | 61)) % 2**32
        return (mixed ^ mixed >> 14) / 2**32

    def normals(self, shape: tuple[int, ...]) -> FloatArray:
        """Return an array of standard normal numbers, filled row by row.

        They come in pairs, two from two uniform numbers [1]_; the second of the last pair is
        thrown away where the count is odd.

        References
        ----------
        .. [1] G. E. P. Box, M. E. Muller, "A note on the generation of random normal deviates",
           Annals of Mathematical Statistics 29, 1958.
        """
        count = math.prod(shape)
        numbers: list[float] = []
        while len(numbers) < count:
            radius = math.sqrt(-2 * math.log(1 - self.uniform()))
            angle = 2 * math.pi * self.uniform()
            numbers += [radius * math.cos(angle), radius * math.sin(angle)]
        return np.array(numbers[:count]).reshape(shape)


def draw_rotation(generator: Mulberry32, k: int) -> FloatArray:
    """Return an orthogonal k x k matrix, every one as likely as any other; det may be -1.

    Parameters
    ----------
    generator : Mulberry32
        Moves on.
    k : int
    """
    Q, R = np.linalg.qr(generator.normals((k, k)))
    rotation: FloatArray = Q * np.where(np.diagonal(R) < 0, -1.0, 1.0)
    return rotation


def draw_invertible(generator: Mulberry32, k: int) -> FloatArray:
    """Return an invertible k x k matrix whose singular values lie between 1/2 and 2.

    Parameters
    ----------
    generator : Mulberry32
        Moves on.
    k : int
    """
    left, right = draw_rotation(generator, k), draw_rotation(generator, k)
    stretches = np.array([2 ** (2 * generator.uniform() - 1) for _ in range(k)])
    invertible: FloatArray = left * stretches @ right.T
    return invertible


def draw_signs(generator: Mulberry32, k: int) -> FloatArray:
    """Return a diagonal k x k matrix of signs, at least one of them -1.

    Parameters
    ----------
    generator : Mulberry32
        Moves on.
    k : int
    """
    signs = np.array([-1.0 if generator.uniform() < 0.5 else 1.0 for _ in range(k)])
    if (signs > 0).all():
        signs[0] = -1.0
    return np.diag(signs)


GROUP_DRAWS: MappingProxyType[str, Callable[[Mulberry32, int], FloatArray]] = MappingProxyType({
    "GL(k)": draw_invertible,
    "O(k)": draw_rotation,
    "{±1}^k": draw_signs,
})  # fmt: skip


def _multiply(a: int, b: int) -> int:
    """Return the low 32 bits of a product, JavaScript's ``Math.imul`` without a sign."""
    return a * b % 2**32
