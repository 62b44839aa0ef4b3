"""The image pager: columns of several matrices, one index at a time, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, SupportsIndex

import numpy as np
import traitlets

from lae_helpers._checks import ArrayLike, FloatArray, check_count, check_matrix
from lae_helpers._layouts import find_layout
from lae_helpers.plotting import Picture, show_images
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Count, trait_errors
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.quantization import LEVELS, quantize


class ImagePager(InteractiveFigure):
    """Show the columns of the same index of several matrices as large images side by side.

    Parameters
    ----------
    rows : mapping of str to array_like, shape (n_features, m)
        The matrices by their labels, all with the same number of columns.
    captions : mapping of str to sequence, optional
        What to write under the images of a row: strings, or numbers, shown with three decimals.
    image_shape : tuple of int, optional
        Height and width of an image; a square if not given.
    feature_names : sequence, optional
        What the rows of the matrices are: bars with names in place of images.

    Attributes
    ----------
    index : int
        Which columns are shown, counted from 1; may be set.
    n_images : int
        Number of columns m.

    Raises
    ------
    TypeError, ValueError
        If a matrix is not one, or matrices, captions and image shape do not fit together.
    traitlets.TraitError
        If ``index`` is set to a column that is not there.

    Examples
    --------
    >>> import numpy as np
    >>> from lae_helpers.widgets import ImagePager
    >>> pager = ImagePager({"pixels": np.eye(6), "steps": np.tri(6)}, image_shape=(2, 3))
    >>> pager.index, pager.n_images
    (1, 6)
    """

    _esm = join_modules("image_pager.js")
    _css = join_styles("figure.css", "pictures.css", "image_pager.css")

    index = Count(1, min=1).tag(sync=True)
    labels = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    captions = traitlets.List(traitlets.List(traitlets.Unicode()), read_only=True).tag(sync=True)
    features = traitlets.Dict(read_only=True).tag(sync=True)
    full = traitlets.Int(LEVELS, read_only=True).tag(sync=True)
    pixels = traitlets.Bytes(read_only=True).tag(sync=True)  # (rows, m, n_features) of int8

    def __init__(
        self,
        rows: Mapping[str, ArrayLike],
        *,
        captions: Mapping[str, Sequence[object]] | None = None,
        image_shape: Sequence[SupportsIndex] | None = None,
        feature_names: Sequence[object] | None = None,
    ) -> None:
        self._rows, self._captions = _check_rows(rows, captions or {})
        n_features = len(next(iter(self._rows.values())))
        self._layout = find_layout(n_features, image_shape, feature_names)
        self.n_images = next(iter(self._rows.values())).shape[1]
        super().__init__()
        self.set_trait("labels", list(self._rows))
        blank = [""] * self.n_images
        self.set_trait("captions", [self._captions.get(label, blank) for label in self._rows])
        self.set_trait("features", self._layout.describe())
        quantised = [quantize(matrix.T)[0] for matrix in self._rows.values()]
        self.set_trait("pixels", np.stack(quantised).tobytes())

    @traitlets.validate("index")
    def _check_index(self, proposal: Mapping[str, Any]) -> int:
        with trait_errors():
            return check_count("index", proposal["value"], at_most=self.n_images)

    def picture(self) -> Picture:
        """Draw the images of every index at once, a row for each matrix."""
        return show_images(
            self._rows,
            captions=self._captions,
            image_shape=self._layout.image_shape,
            feature_names=self._layout.names or None,
        )


def _check_rows(
    rows: Mapping[str, ArrayLike],
    captions: Mapping[str, Sequence[object]],
) -> tuple[dict[str, FloatArray], dict[str, list[str]]]:
    if not isinstance(rows, Mapping) or not rows:
        raise ValueError("rows must be a mapping of labels to matrices, and not be empty")
    matrices = {label: check_matrix(f"rows[{label!r}]", value) for label, value in rows.items()}
    shapes = {label: matrix.shape for label, matrix in matrices.items()}
    if len(set(shapes.values())) > 1:
        raise ValueError(
            f"rows must have as many rows and as many columns each, but their shapes are {shapes}"
        )
    unknown = set(captions) - set(matrices)
    if unknown:
        raise ValueError(f"captions must belong to rows, but there is no row {unknown.pop()!r}")
    words = {
        label: [f"{c:.3f}" if isinstance(c, float | np.floating) else str(c) for c in values]
        for label, values in captions.items()
    }
    for label, values in words.items():
        if len(values) != shapes[label][1]:
            raise ValueError(
                f"captions[{label!r}] must be {shapes[label][1]}, one an image, not {len(values)}"
            )
    return matrices, words
