"""What the explorer learns from, in coordinates in which the matrix of the loss is diagonal."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import SupportsFloat, SupportsIndex

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray, check_choice, check_count, check_positive
from lae_helpers._layouts import Layout, lay_out
from lae_helpers.explorer.random import Mulberry32
from lae_helpers.pca import fit_pca, fix_signs

MOST_COORDINATES = 64
MOST_DIRECTIONS = 16
STARTS = ("random", "saddle")
SADDLE_LAM, SADDLE_NOISE = 0.3, 1e-6


@dataclass(frozen=True, eq=False)
class Problem:
    """A matrix in the loss, diagonal in coordinates of its own, and what to compare with.

    Attributes
    ----------
    spectrum : ndarray, shape (n_coordinates,)
        Eigenvalues, descending, of the matrix in the loss: of the covariance, or of the second
        moments where neither centring nor biases take the mean out.
    basis : ndarray, shape (n_features, n_coordinates)
        Orthonormal columns: from coordinates to pixels.
    directions : ndarray, shape (n_features, m)
        The principal directions of the data, at most 16.
    variances : ndarray, shape (m,)
        The variances of the data along them.
    rest : float
        What of the trace lies outside of the coordinates: a constant in the loss.
    start : {"random", "saddle"}
        See `start_weights`.
    layout : Layout, optional
        Else that of ``find_layout``.

    Examples
    --------
    >>> problem = PRESETS["two equal variances"].problem
    >>> problem.n_coordinates, problem.variances[:3].tolist()
    (9, [6.0, 4.0, 4.0])
    """

    spectrum: FloatArray
    basis: FloatArray
    directions: FloatArray
    variances: FloatArray
    rest: float = 0.0
    start: str = "random"
    layout: Layout | None = None

    def __post_init__(self) -> None:
        check_choice("start", self.start, STARTS)

    @property
    def n_coordinates(self) -> int:
        """How many coordinates there are."""
        return len(self.spectrum)

    @property
    def most_components(self) -> int:
        """How wide a bottleneck may be for there to be a direction to compare each column with."""
        return min(self.n_coordinates, len(self.variances))

    @property
    def reference(self) -> FloatArray:
        """The principal directions in the coordinates, shape (n_coordinates, m)."""
        return self.basis.T @ self.directions


def digits_problem(X: ArrayLike, layout: Layout | None = None) -> Problem:
    """Return the problem of data, centred here: in at most 64 coordinates.

    Parameters
    ----------
    X, layout
        See ``lay_out``.
    """
    X, found = lay_out(X)
    if not np.ptp(X, axis=0).any():
        raise ValueError("X must vary, but all its samples are the same: nothing to learn")
    pca = fit_pca(X, min(MOST_COORDINATES, *X.shape))
    leading = slice(min(MOST_DIRECTIONS, len(pca.variances)))
    rest = float(X.var(axis=0).sum() - pca.variances.sum())
    return Problem(
        spectrum=pca.variances,
        basis=pca.directions,
        directions=pca.directions[:, leading],
        variances=pca.variances[leading],
        rest=max(rest, 0.0),
        layout=layout or found,
    )


def start_weights(
    problem: Problem,
    n_components: SupportsIndex,
    seed: SupportsIndex,
    *,
    start_size: SupportsFloat = 1.0,
) -> tuple[FloatArray, FloatArray]:
    """Return W1 (k, n) and W2 (n, k) in the n coordinates, before any step.

    They are ``start_size`` times one of two. Random: W1, then W2, of independent normal numbers of
    standard deviation ``n ** -0.5``. Saddle: the minimum of ``SumL2(0.3)`` among the weights that
    use direction k + 1 in the place of direction k, plus such numbers of standard deviation 1e-6;
    with k = n there is no direction k + 1, and the start is random.

    Parameters
    ----------
    problem : Problem
    n_components : int
        Width k of the bottleneck.
    seed : int
        From 0 to 2**32 - 1.
    start_size : float
        Above zero.

    Raises
    ------
    TypeError
        If ``n_components`` or ``seed`` is not an integer, or ``start_size`` not a number.
    ValueError
        If one of them is out of range.
    """
    size = check_positive("start_size", start_size)
    n = problem.n_coordinates
    k = check_count("n_components", n_components, at_most=n, why=" (the number of coordinates)")
    generator = Mulberry32(seed)
    noise1, noise2 = generator.normals((k, n)), generator.normals((n, k))
    if problem.start == "random" or k == n:
        return size * (noise1 * n**-0.5), size * (noise2 * n**-0.5)
    used = [*range(k - 1), k]
    kept = np.maximum(0.0, 1.0 - SADDLE_LAM / problem.spectrum[used])
    W2 = np.eye(n)[:, used] * np.sqrt(kept)
    return size * (W2.T + SADDLE_NOISE * noise1), size * (W2 + SADDLE_NOISE * noise2)


@dataclass(frozen=True)
class Preset:
    """A way to fail: a problem, settings, and in one sentence the exact reason.

    ``learning_rate`` is 0.0 where the rate is chosen automatically.
    """

    problem: Problem
    regularizer: str
    lam: float
    n_components: int
    reason: str
    learning_rate: float = 0.0


def _pixelwise(*variances: float, start: str = "random") -> Problem:
    """Return a problem whose i-th principal direction is the i-th pixel."""
    spectrum, pixels = np.array(variances), np.eye(len(variances))
    return Problem(spectrum, pixels, pixels, spectrum, start=start)


def _uncentred(mean: float, *variances: float) -> Problem:
    """Return a problem like `_pixelwise`, with that mean in every pixel left in the loss."""
    pixels = np.eye(len(variances))
    spectrum, basis = np.linalg.eigh(np.diag(variances) + mean**2)
    return Problem(spectrum[::-1], fix_signs(basis[:, ::-1]), pixels, np.array(variances))


def _make_presets() -> dict[str, Preset]:
    equal = _pixelwise(6.0, 4.0, 4.0, 2.5, 1.5, 1.0, 0.7, 0.5, 0.3)
    falling = _pixelwise(5.0, 4.0, 3.0, 2.0, 1.0, 0.8, 0.6, 0.4, 0.2)
    full = _pixelwise(5.0, 4.2, 3.5, 2.9, 2.4, 2.0, 1.6, 1.3, 1.0)
    uncentred = _uncentred(1.5, 6.0, 5.0, 4.0, 3.0, 2.0, 1.5, 1.0, 0.7, 0.4)
    saddle = _pixelwise(5.0, 4.2, 3.5, 2.8, 2.0, 1.5, 1.0, 0.7, 0.4, start="saddle")
    steep = _pixelwise(5.0, 4.0, 3.2, 2.5, 2.0, 1.5, 1.0, 0.7, 0.4)
    to_mean = abs(uncentred.basis[:, 0].mean()) * len(uncentred.basis) ** 0.5
    limit = 2 / (4 * steep.spectrum[0])
    return {
        "two equal variances": Preset(
            equal, "sum", 0.5, 4,
            f"v₂ = v₃ = {equal.spectrum[1]:g}: every orthonormal basis of the plane that these two "
            "directions span is as principal as any other, so the second and the third singular "
            "value of W₂ become equal, and their singular vectors may be any such basis.",
        ),
        "λ between two variances": Preset(
            falling, "sum", 1.4, 5,
            f"λ = 1.4 lies between v₄ = {falling.spectrum[3]:g} and v₅ = {falling.spectrum[4]:g}: "
            "a small component lowers the reconstruction loss in proportion to its variance and "
            "raises the penalty in proportion to λ, so the fifth singular value of W₂ falls to "
            "zero, and its vector says nothing.",
        ),
        "k = n": Preset(
            full, "none", 0.5, 9,
            "With k = n = 9 and no penalty W₂ may be any invertible matrix with W₁ = W₂⁻¹, because "
            "then W₂W₁ is the identity and the loss zero: nothing in it depends on the data.",
        ),
        "uncentred data, no biases": Preset(
            uncentred, "sum", 0.5, 4,
            "With neither centring nor biases the loss holds C + μμᵀ in the place of C: the "
            f"weights find its eigenvectors, the first nearly the mean μ (|cos| = {to_mean:.3f}), "
            "which are not those of C.",
        ),
        "start at a saddle": Preset(
            saddle, "sum", SADDLE_LAM, 3,
            "At weights that use the directions 1, 2 and 4 the gradient is zero, yet they are no "
            f"minimum, as v₃ = {saddle.spectrum[2]:g} is above v₄ = {saddle.spectrum[3]:g}: a "
            "start of size 1 is one millionth away, and that distance first has to grow, by a "
            "constant factor a step.",
        ),
        "step too large": Preset(
            steep, "none", 0.5, 3,
            f"The learning rate is {1.2 * limit:g}, but one above 2/L overshoots by more than it "
            "corrects, and at every minimum the largest curvature L is at least 4v₁ = "
            f"{4 * steep.spectrum[0]:g}: none above {limit:g} can settle.",
            learning_rate=1.2 * limit,
        ),
    }  # fmt: skip


PRESETS = MappingProxyType(_make_presets())
