"""The cloud figure: points in the plane, a line to turn, and what is lost on the way to it."""

from __future__ import annotations

import math
from typing import SupportsFloat, SupportsIndex

import numpy as np
import traitlets
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray
from lae_helpers.explorer.points import (
    AXIS,
    FIRST_OTHER,
    N_OTHERS,
    N_POINTS,
    angle_between,
    angle_of,
    direction_at,
    draw_points,
)
from lae_helpers.moments import compute_moments
from lae_helpers.pca import fit_pca
from lae_helpers.plotting import COLOURS, Picture, styled
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Count, Number
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.plane import ERROR, Place, draw_line, draw_plane, draw_sum

KEPT, LOST = COLOURS[2], ERROR


class CloudFigure(InteractiveFigure):
    """PCA in the plane: a cloud of points, a line to turn, error and variance that add up.

    Parameters
    ----------
    angle : float
        Of the line, from 0 to 180 degrees.
    ratio : float
        Of the two variances that the 60 points are drawn with, from 0.01 to 1; the larger is 1.
    mean : array_like, shape (2,)
        Of the points; coordinates from -1.5 to 1.5.
    centred : bool
        Whether the line passes through the mean, or through the origin.
    seed : int
        Of the sample, from 0 to 9999.

    Attributes
    ----------
    angle : float
        May be set, as may the others.
    ratio : float
    mean : list of float
    centred : bool
    seed : int

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument or a trait is of the wrong kind or out of range; the message names it.

    Examples
    --------
    What the line loses and what it keeps add up, however it is turned.

    >>> from lae_helpers.widgets import CloudFigure
    >>> figure = CloudFigure(angle=0)
    >>> lost, kept = figure.error, figure.variance
    >>> figure.angle = 120
    >>> round(figure.error + figure.variance - lost - kept, 12)
    0.0
    """

    _esm = join_modules("cloud.js")
    _css = join_styles("figure.css", "plane.css", "sum_bar.css", "cloud.css")

    angle = Number(100.0, min=0.0, max=180.0).tag(sync=True)
    ratio = Number(0.2, min=0.01, max=1.0).tag(sync=True)
    mean = Place().tag(sync=True)
    centred = traitlets.Bool(True).tag(sync=True)
    seed = Count(0, min=0, max=FIRST_OTHER - 1).tag(sync=True)

    def __init__(
        self,
        *,
        angle: SupportsFloat = 100.0,
        ratio: SupportsFloat = 0.2,
        mean: ArrayLike = (0.8, -0.9),
        centred: bool = True,
        seed: SupportsIndex = 0,
    ) -> None:
        super().__init__(angle=angle, ratio=ratio, mean=mean, centred=centred, seed=seed)

    @property
    def points(self) -> FloatArray:
        """The points, shape (60, 2), a sample a row."""
        return draw_points(self.seed, self.ratio, self.mean)

    @property
    def _second_moment(self) -> FloatArray:
        covariance = compute_moments(self.points).covariance
        return covariance if self.centred else covariance + np.outer(self.mean, self.mean)

    @property
    def variance(self) -> float:
        """What the line keeps: mean square of the codes."""
        direction = direction_at(self.angle)
        return float(direction @ self._second_moment @ direction)

    @property
    def error(self) -> float:
        """What the line loses: mean squared distance of the points from it."""
        return float(np.trace(self._second_moment)) - self.variance

    @property
    def best_angle(self) -> float:
        """Of the best line through the mean, or through the origin, in degrees."""
        return angle_of(np.linalg.eigh(self._second_moment).eigenvectors[:, -1])

    def picture(self) -> Picture:
        """Draw the cloud, the line and the way from the points to it, and the sum as a bar."""
        points, pca = self.points, fit_pca(self.points, 2)
        through = np.array(self.mean) if self.centred else np.zeros(2)
        direction = direction_at(self.angle)
        feet = through + np.outer((points - through) @ direction, direction)
        best = "u₁" if self.centred else "w"
        with styled():
            figure = Figure(figsize=(6.4, 3.7), layout="constrained")
            plane, bar = figure.subplots(1, 2, width_ratios=(1, 0.85))
            draw_plane(plane, points)
            if self.centred:
                for angle in other_angles(self.ratio):
                    ends = through + np.outer([-6, 6], direction_at(angle))
                    plane.plot(*ends.T, color="0.8", linestyle="-", linewidth=0.6, zorder=0)
            for ends in zip(points, feet, strict=True):
                plane.plot(*np.transpose(ends), color=LOST, linestyle="-", linewidth=1, zorder=1)
            draw_line(plane, through, direction, color="black", label="the line")
            best_direction = direction_at(self.best_angle)
            draw_line(plane, through, best_direction, color="0.4", label=best, dash="--")
            plane.plot(*feet.T, color=KEPT, marker="o", markersize=3, linestyle="none", zorder=4)
            plane.legend(loc="upper left")
            draw_sum(bar, {"error": (self.error, LOST), "variance": (self.variance, KEPT)})
        where = "their mean" if self.centred else "the origin, away from their mean"
        return Picture(
            figure,
            f"Sixty points and a line at {self.angle:.0f}° through {where}. Error {self.error:.2f} "
            f"and variance {self.variance:.2f} add up to {self.error + self.variance:.2f}. "
            f"The best line, {best}, is at {self.best_angle:.0f}°; the variances of the points "
            f"are {pca.variances[0]:.2f} and {pca.variances[1]:.2f}.",
        )


def other_angles(ratio: SupportsFloat) -> FloatArray:
    """Angles of u₁ in degrees in forty further samples, shape (40,)."""
    samples = (draw_points(FIRST_OTHER + i, ratio) for i in range(N_OTHERS))
    return np.array([angle_of(fit_pca(points, 1).directions[:, 0]) for points in samples])


def sway(angles: FloatArray) -> float:
    """Root mean square in degrees of the angles between lines and the axis of the samples."""
    return math.sqrt(np.mean([angle_between(angle, AXIS) ** 2 for angle in angles]))


def expected_sway(ratio: SupportsFloat) -> float:
    """To first order, the same of all samples; infinite for equal variances."""
    gap = 1.0 - float(ratio)
    return math.degrees(math.sqrt(float(ratio) / N_POINTS) / gap) if gap else math.inf
