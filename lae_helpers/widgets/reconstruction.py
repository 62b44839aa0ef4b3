"""The reconstruction figure: an image rebuilt by PCA from more and more numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, SupportsIndex

import numpy as np
import traitlets
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray, check_count
from lae_helpers._layouts import lay_out
from lae_helpers.pca import fit_pca
from lae_helpers.plotting import SIGNED, Picture, draw_curves, styled
from lae_helpers.plotting.images import draw_bars
from lae_helpers.widgets.checks import Count, choose_rows, name_samples, trait_errors
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.own_data import TakesOwnData
from lae_helpers.widgets.quantization import quantize

LONGEST_CODE, FIRST_CODE = 128, 16  # if nothing else is asked for


class ReconstructionFigure(TakesOwnData):
    """Original, reconstruction and residual of a chosen sample, against the length of its code.

    A sample is drawn as an image, or in bars of its differences from the mean, from directions
    rounded to a byte an entry; every number that is said or plotted comes from exact codes and
    variances.

    Parameters
    ----------
    X : array_like, torch.Tensor or data frame, shape (n_samples, n_features)
        One sample a row, or images of shape (n_samples, height, width).
    labels : array_like of int or str, shape (n_samples,), optional
        What each sample is, such as the digit that it shows.
    images : sequence of int, optional
        Rows of ``X`` to choose from, distinct; if not given the first row of each label, or, where
        there are no labels or more than 16, ten rows at even distances.
    n_components : int, optional
        Longest code, at most ``min(n_features, n_samples)``; that, or 128, if not given.
    k : int, optional
        Length of the code at the start; 16, or the longest, if not given.
    image_shape : tuple of int, optional
        Height and width of an image.
    feature_names : sequence, optional
        Names of the columns, which are then drawn as bars; see `Explorer`.

    Attributes
    ----------
    k : int
        Length of the code; may be set.
    image : int
        The row of ``X`` that is shown; may be set, to one of ``images``.
    errors : ndarray, shape (len(images), n_components + 1)
        Squared error of each image for every length of the code, from 0 on.
    average_errors : ndarray, shape (n_components + 1,)
        Their average over all samples: the sum of the variances left out.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument is of the wrong kind or out of range; the message names it.

    Examples
    --------
    >>> from lae_helpers import load_mnist
    >>> from lae_helpers.widgets import ReconstructionFigure
    >>> X, labels = load_mnist()
    >>> figure = ReconstructionFigure(X, labels, n_components=32, k=8)
    >>> figure.errors.shape
    (10, 33)
    """

    _esm = join_modules("reconstruction.js")
    _css = join_styles("figure.css", "own_data.css", "pictures.css", "reconstruction.css")

    k = Count(0, min=0).tag(sync=True)
    image = Count(0, min=0).tag(sync=True)
    images = traitlets.List(traitlets.Int(), read_only=True).tag(sync=True)
    labels = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)  # none, or of each
    features = traitlets.Dict(read_only=True).tag(sync=True)
    pixel_range = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    n_samples = traitlets.Int(read_only=True).tag(sync=True)
    pixels = traitlets.Bytes(read_only=True).tag(sync=True)  # (images, n) of uint8, over the range
    mean = traitlets.Bytes(read_only=True).tag(sync=True)  # (n,), this and the next of float64
    scales = traitlets.Bytes(read_only=True).tag(sync=True)  # (m,): directions = scales * integers
    directions = traitlets.Bytes(read_only=True).tag(sync=True)  # (m, n) of int8
    codes = traitlets.Bytes(read_only=True).tag(sync=True)  # (images, m) of float64
    errors_beyond = traitlets.Bytes(read_only=True).tag(sync=True)  # (images,) of float64
    variances = traitlets.Bytes(read_only=True).tag(sync=True)  # (m,) of float64
    variance_beyond = traitlets.Float(read_only=True).tag(sync=True)

    def __init__(
        self,
        X: ArrayLike,
        labels: ArrayLike | None = None,
        *,
        images: Sequence[int] | None = None,
        n_components: SupportsIndex | None = None,
        k: SupportsIndex | None = None,
        image_shape: Sequence[SupportsIndex] | None = None,
        feature_names: Sequence[object] | None = None,
    ) -> None:
        data, self._layout = lay_out(X, image_shape, feature_names)
        names = None if labels is None else name_samples(labels, len(data))
        chosen = choose_rows(images, names, len(data))
        longest = min(data.shape)
        m = min(LONGEST_CODE, longest)
        if n_components is not None:
            m = check_count("n_components", n_components, at_most=longest)
        pca = fit_pca(data, m)
        codes = (data[chosen] - pca.mean) @ pca.directions
        left = np.square(data - pca.reconstruct(data)).sum(axis=1)
        # Columns may be far apart: bars are of differences from the mean.
        mean = pca.mean if self._layout.image_shape else np.zeros_like(pca.mean)
        shown = data[chosen] - (pca.mean - mean)
        low, high = min(0.0, float(shown.min())), max(0.0, float(shown.max()))
        if self._layout.image_shape and low == 0 and high <= 1:
            high = 1.0  # the usual range of pixels
        span = (high - low) or 1.0
        self._mean, self._directions, self._codes = mean, pca.directions, codes
        self._originals = shown
        self.errors = _add_from_the_end(np.square(codes), left[chosen])
        self.average_errors = _add_from_the_end(pca.variances[np.newaxis], left.mean())[0]
        super().__init__()
        integers, scales = quantize(pca.directions, axis=0)
        state = {
            "images": chosen,
            "labels": [] if names is None else [names[i] for i in chosen],
            "features": self._layout.describe(),
            "pixel_range": [low, high],
            "n_samples": len(data),
            "pixels": np.rint((shown - low) * (255 / span)).astype(np.uint8).tobytes(),
            "mean": mean.tobytes(),
            "scales": scales.tobytes(),
            "directions": integers.T.tobytes(),
            "codes": codes.tobytes(),
            "errors_beyond": left[chosen].tobytes(),
            "variances": pca.variances.tobytes(),
            "variance_beyond": float(left.mean()),
        }
        for name, value in state.items():
            self.set_trait(name, value)
        self.image, self.k = chosen[0], min(FIRST_CODE, m) if k is None else k

    @traitlets.validate("k")
    def _check_k(self, proposal: Mapping[str, Any]) -> int:
        with trait_errors():
            longest = len(self.average_errors) - 1
            return check_count("k", proposal["value"], at_least=0, at_most=longest)

    @traitlets.validate("image")
    def _check_image(self, proposal: Mapping[str, Any]) -> int:
        image: int = proposal["value"]
        if image not in self.images:
            raise traitlets.TraitError(f"image must be one of {self.images}, but it is {image}")
        return image

    def picture(self) -> Picture:
        """Draw the chosen image, its reconstruction and the errors at the present k."""
        i, k = self.images.index(self.image), self.k
        original = self._originals[i]
        own_name = f"this {self.labels[i]}" if self.labels else f"row {self.image}"
        rebuilt = self._mean + self._directions[:, :k] @ self._codes[i, :k]
        own, average = self.errors[i], self.average_errors
        low, most = self.pixel_range[0], max(map(abs, self.pixel_range)) or 1.0
        with styled():
            figure = Figure(figsize=(6.4, 5.2), layout="constrained")
            grid = figure.add_gridspec(2, 3)
            for at, (title, pixels, least) in enumerate((
                ("original", original, low),
                (f"rebuilt, k = {k}", rebuilt, low),
                ("residual", original - rebuilt, -1.0),
            )):  # fmt: skip
                ax = figure.add_subplot(grid[0, at])
                if self._layout.image_shape:
                    colours, start = (SIGNED, -most) if least < 0 else ("gray_r", 0.0)
                    image = pixels.reshape(self._layout.image_shape)
                    ax.imshow(image, colours, vmin=start, vmax=most)
                else:
                    draw_bars(ax, pixels, most, self._layout.names if at == 0 else ())
                ax.set(xticks=[], yticks=[], title=title)
                ax.spines[:].set_visible(True)
            ax = figure.add_subplot(grid[1, :])
            lengths = np.arange(len(average), dtype=np.float64)
            curves = {own_name: own, f"average over all {self.n_samples:,} samples": average}
            draw_curves(ax, {label: (lengths, curve) for label, curve in curves.items()})
            ax.axvline(k, color="0.5", linewidth=1, linestyle="-")
            ax.set(xlabel="numbers kept, k", ylabel="squared error", ylim=(0, None))
            ax.legend()
        said = ". ".join(
            f"{label}: squared error {curve[k]:.3g} of {curve[0]:.3g} at k = {k}"
            for label, curve in curves.items()
        )
        return Picture(figure, f"Row {self.image}, its reconstruction and the residual. {said}.")


def _add_from_the_end(parts: FloatArray, beyond: FloatArray) -> FloatArray:
    """Return what is left over after 0, 1, ... of the parts of each row, by adding up the rest."""
    every = np.column_stack([parts, np.broadcast_to(beyond, len(parts))])
    left: FloatArray = every[:, ::-1].cumsum(axis=1)[:, ::-1]
    return left
