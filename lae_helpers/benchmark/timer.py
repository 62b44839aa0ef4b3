"""How far a computation has come, and how long it took without the time that judging it takes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray
from lae_helpers.metrics import axis_alignment

LEAST_SINE = 1e-7  # a cosine in double precision does not tell much smaller ones from zero


def sines(cosines: ArrayLike) -> FloatArray:
    """Return the sines that belong to these cosines, none below 1e-7.

    So all exact solvers are drawn at the same height, the one that is the reference too.
    """
    found: FloatArray = np.sqrt(np.maximum(LEAST_SINE**2, 1 - np.square(cosines)))
    return found


@dataclass(frozen=True)
class Measurement:
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


class ConvergenceTimer:
    """Runs while a solver computes, stands still while its directions are judged.

    Parameters
    ----------
    reference : ndarray, shape (n_features, k)
        The true directions.
    goal : float, optional
        Where `measure` says that the smallest of the cosines is good enough. Never, if not given.
    clock : callable
        Gives seconds: ``time.perf_counter``, or ``time.process_time`` for those of the processor.

    Attributes
    ----------
    measurements : list of Measurement
    covariance : float
        Seconds until the covariance was there; NaN where none is built, or nobody says when.

    Examples
    --------
    >>> timer = ConvergenceTimer(np.eye(3)[:, :2], goal=0.9999)
    >>> timer.measure(lambda: np.eye(3)[:, :2], passes=1)
    True
    >>> timer.measurements[0].worst
    1.0
    """

    def __init__(
        self,
        reference: FloatArray,
        goal: float | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._reference, self._goal, self._clock = reference, goal, clock
        self.measurements: list[Measurement] = []
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
        """Stand still until the next measurement."""
        self._spent, self._begin = self._seconds(), None

    def measure(self, read: Callable[[], FloatArray], *, passes: float, steps: int = 1) -> bool:
        """Record a measurement, from a function that reads the directions out of the present state.

        Parameters
        ----------
        read : callable
            Returns directions, shape (n_features, k); its time counts.
        passes : float
        steps : int
            See `Measurement`.

        Returns
        -------
        bool
            Whether the goal is reached.
        """
        self.pause()
        begin = self._clock()
        directions = read()
        seconds = self._spent + self._clock() - begin
        measurement = Measurement(
            seconds, passes, steps, axis_alignment(directions, self._reference)
        )
        self.measurements.append(measurement)
        self._begin = self._clock()
        return self._goal is not None and measurement.worst >= self._goal

    def _seconds(self) -> float:
        return self._spent + (0.0 if self._begin is None else self._clock() - self._begin)


@dataclass(frozen=True)
class SolverSettings:
    """What a solver may make use of.

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


SolverFunction = Callable[[FloatArray, int, ConvergenceTimer, SolverSettings], None]
