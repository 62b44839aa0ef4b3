"""How far a computation has come, and how long it took without the time that judging it takes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from lae_helpers._checks import FloatArray
from lae_helpers.metrics import axis_alignment


@dataclass(frozen=True)
class Point:
    """One look at a computation.

    Attributes
    ----------
    seconds : float
        Since its start, the reading of directions out of its state included.
    passes : float
        How often each sample was read until then; NaN where that is no measure of the work,
        because the routine works on the whole matrix in memory.
    steps : int
        Steps or iterations until then, as the method counts them.
    cosines : ndarray, shape (k,)
        ``|cos|`` of the angle between each direction and the reference of the same rank.
    """

    seconds: float
    passes: float
    steps: int
    cosines: FloatArray

    @property
    def worst(self) -> float:
        """The smallest of the cosines."""
        return float(self.cosines.min())


class Stopwatch:
    """Runs while a route computes, stands still while its directions are judged.

    Parameters
    ----------
    reference : ndarray, shape (n_features, k)
        The true directions.
    goal : float, optional
        Where `mark` says that the smallest of the cosines is good enough. Never, if not given.
    clock : callable
        Gives seconds: ``time.perf_counter``, or ``time.process_time`` for those of the processor.

    Attributes
    ----------
    points : list of Point
    covariance : float
        Seconds until the covariance was there; NaN where none is built, or nobody says when.
    """

    def __init__(
        self,
        reference: FloatArray,
        goal: float | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._reference, self._goal, self._clock = reference, goal, clock
        self.points: list[Point] = []
        self.covariance = math.nan
        self._begin: float | None = None
        self.restart()

    def restart(self) -> None:
        """Set the time back to zero: what comes is another computation."""
        self._spent, self._begin = 0.0, self._clock()

    def note_covariance(self) -> None:
        """Say that the covariance is there."""
        self.covariance = self._seconds()

    def pause(self) -> None:
        """Stand still until the next point is marked."""
        self._spent, self._begin = self._seconds(), None

    def mark(self, read: Callable[[], FloatArray], *, passes: float, steps: int = 1) -> bool:
        """Record a point, from a function that reads the directions out of the present state.

        Returns
        -------
        bool
            Whether the goal is reached.
        """
        self.pause()
        begin = self._clock()
        directions = read()
        seconds = self._spent + self._clock() - begin
        point = Point(seconds, passes, steps, axis_alignment(directions, self._reference))
        self.points.append(point)
        self._begin = self._clock()
        return self._goal is not None and point.worst >= self._goal

    def _seconds(self) -> float:
        return self._spent + (0.0 if self._begin is None else self._clock() - self._begin)


@dataclass(frozen=True)
class Settings:
    """What a route may make use of.

    Attributes
    ----------
    lam : float
        Strength of the sum penalty; the recipes bring their own.
    seed : int
        Of starting weights, of random projections and of the order of minibatches.
    recipe_steps : int
        How many steps a recipe takes at least: whole passes over the data.
    """

    lam: float = 0.55
    seed: int = 0
    recipe_steps: int = 6000


Run = Callable[[FloatArray, int, Stopwatch, Settings], None]
