"""What figures share that learn data in the coordinates of their principal directions."""

from __future__ import annotations

from typing import Any, SupportsFloat, SupportsIndex

import traitlets

from lae_helpers._checks import ArrayLike
from lae_helpers._layouts import find_layout
from lae_helpers.explorer.problems import Problem, digits_problem
from lae_helpers.explorer.random import LARGEST_SEED
from lae_helpers.explorer.replay import DIGITS, find_problem
from lae_helpers.plotting import Picture, show_images
from lae_helpers.widgets import limits
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Count, Number
from lae_helpers.widgets.quantization import quantize


class CoordinatesFigure(InteractiveFigure):
    """A descent on data, in the coordinates of at most 64 leading principal directions.

    Parameters
    ----------
    X : array_like, torch.Tensor or data frame, or None
        Any table, or images of shape (n_samples, height, width); the bundled digits if None.
    n_components : int
        Width k of the bottleneck.
    lam : float
        Strength of the penalty.
    **traits
        Starting values of the traits.

    Attributes
    ----------
    n_components, lam : int, float
        Stay as they are.
    seed : int
        Of the starting weights, from 0 to 2**32 - 1.
    features : dict
        How the features are drawn: rows and columns of an image, or names.
    """

    seed = Count(0, min=0, max=LARGEST_SEED).tag(sync=True)
    n_components = Count(1, min=1, max=limits.MOST_COMPONENTS, read_only=True).tag(sync=True)
    lam = Number(1.0, min=limits.LEAST_LAM, max=limits.MOST_LAM, read_only=True).tag(sync=True)
    features: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)

    _spectrum = traitlets.Bytes().tag(sync=True)
    _rest = traitlets.Float().tag(sync=True)
    _basis = traitlets.Bytes().tag(sync=True)
    _basis_scales = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        X: ArrayLike | None,
        n_components: SupportsIndex,
        lam: SupportsFloat,
        **traits: object,
    ) -> None:
        problem = find_problem(DIGITS) if X is None else digits_problem(X)
        integers, scales = quantize(problem.basis, axis=0)
        super().__init__(
            _spectrum=problem.spectrum.tobytes(),
            _rest=problem.rest,
            _basis=integers.T.tobytes(),
            _basis_scales=scales.tobytes(),
            **traits,
        )
        self.set_trait("n_components", n_components)
        self.set_trait("lam", lam)
        self._problem: Problem = problem
        if self.n_components > (most := problem.most_components):
            raise ValueError(f"n_components must be at most {most} here, not {self.n_components}")
        self._layout = problem.layout or find_layout(len(problem.basis))
        self.set_trait("features", self._layout.describe())

    def _show(self, rows: dict[str, Any], *, alt: str) -> Picture:
        """Draw rows of columns that are in coordinates, shape (n_coordinates, k) each."""
        return show_images(
            {label: self._problem.basis @ columns for label, columns in rows.items()},
            image_shape=self._layout.image_shape,
            feature_names=self._layout.names or None,
            alt=alt,
        )
