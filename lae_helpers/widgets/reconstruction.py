"""The reconstruction figure: an image rebuilt by PCA from more and more numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, SupportsIndex

import numpy as np
import traitlets
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray, check_count, check_labels, check_samples
from lae_helpers.data import IMAGE_SHAPE
from lae_helpers.pca import fit_pca
from lae_helpers.plotting import SIGNED, Picture, draw_curves, styled
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import Count, trait_errors
from lae_helpers.widgets.front_end import join_modules, join_styles
from lae_helpers.widgets.quantization import quantize


class ReconstructionFigure(InteractiveFigure):
    """Original, reconstruction and residual of a chosen image, against the length of its code.

    The pictures are drawn from directions rounded to a byte an entry; every number that is said or
    plotted comes from exact codes and variances.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
        Images, one a row, pixels from 0 to 1.
    labels : array_like of int, shape (n_samples,)
        The digit that each image shows.
    images : sequence of int, optional
        Rows of ``X`` to choose from, distinct; the first row of each digit if not given.
    n_components : int
        Longest code, at most ``min(n_features, n_samples)``.
    k : int
        Length of the code at the start.
    image_shape : tuple of int
        Height and width of an image.

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
    _css = join_styles("figure.css", "pictures.css", "reconstruction.css")

    k = Count(0, min=0).tag(sync=True)
    image = Count(0, min=0).tag(sync=True)
    images = traitlets.List(traitlets.Int(), read_only=True).tag(sync=True)
    labels = traitlets.List(traitlets.Int(), read_only=True).tag(sync=True)
    image_shape = traitlets.List(traitlets.Int(), read_only=True).tag(sync=True)
    n_samples = traitlets.Int(read_only=True).tag(sync=True)
    pixels = traitlets.Bytes(read_only=True).tag(sync=True)  # (images, n) of uint8
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
        labels: ArrayLike,
        *,
        images: Sequence[int] | None = None,
        n_components: SupportsIndex = 128,
        k: SupportsIndex = 16,
        image_shape: tuple[int, int] = IMAGE_SHAPE,
    ) -> None:
        data = _check_pixels(X, image_shape)
        digits = check_labels("labels", labels, len(data))
        chosen = _check_images(images, digits)
        m = check_count("n_components", n_components, at_most=min(data.shape))
        pca = fit_pca(data, m)
        codes = (data[chosen] - pca.mean) @ pca.directions
        left = np.square(data - pca.reconstruct(data)).sum(axis=1)
        self._mean, self._directions, self._codes = pca.mean, pca.directions, codes
        self._originals = data[chosen]
        self.errors = _add_from_the_end(np.square(codes), left[chosen])
        self.average_errors = _add_from_the_end(pca.variances[np.newaxis], left.mean())[0]
        super().__init__()
        integers, scales = quantize(pca.directions, axis=0)
        state = {
            "images": chosen,
            "labels": digits[chosen].tolist(),
            "image_shape": list(image_shape),
            "n_samples": len(data),
            "pixels": np.rint(255 * data[chosen]).astype(np.uint8).tobytes(),
            "mean": pca.mean.tobytes(),
            "scales": scales.tobytes(),
            "directions": integers.T.tobytes(),
            "codes": codes.tobytes(),
            "errors_beyond": left[chosen].tobytes(),
            "variances": pca.variances.tobytes(),
            "variance_beyond": float(left.mean()),
        }
        for name, value in state.items():
            self.set_trait(name, value)
        self.image, self.k = chosen[0], k

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
        original, digit = self._originals[i], f"this {self.labels[i]}"
        rebuilt = self._mean + self._directions[:, :k] @ self._codes[i, :k]
        own, average = self.errors[i], self.average_errors
        with styled():
            figure = Figure(figsize=(7.2, 5.2), layout="constrained")
            grid = figure.add_gridspec(2, 3)
            for at, (title, pixels, limits) in enumerate((
                ("original", original, (0.0, 1.0)),
                (f"rebuilt, k = {k}", rebuilt, (0.0, 1.0)),
                ("residual", original - rebuilt, (-1.0, 1.0)),
            )):  # fmt: skip
                ax = figure.add_subplot(grid[0, at])
                colours = "gray_r" if limits[0] == 0 else SIGNED
                ax.imshow(pixels.reshape(self.image_shape), colours, vmin=limits[0], vmax=limits[1])
                ax.set(xticks=[], yticks=[], title=title)
                ax.spines[:].set_visible(True)
            ax = figure.add_subplot(grid[1, :])
            lengths = np.arange(len(average), dtype=np.float64)
            curves = {digit: own, f"average over all {self.n_samples:,} images": average}
            draw_curves(ax, {label: (lengths, curve) for label, curve in curves.items()})
            ax.axvline(k, color="0.5", linewidth=1, linestyle="-")
            ax.set(xlabel="numbers kept, k", ylabel="squared error", ylim=(0, None))
            ax.legend()
        said = ". ".join(
            f"{label}: squared error {curve[k]:.3g} of {curve[0]:.3g} at k = {k}"
            for label, curve in curves.items()
        )
        return Picture(figure, f"Image {self.image}, its reconstruction and the residual. {said}.")


def _add_from_the_end(parts: FloatArray, beyond: FloatArray) -> FloatArray:
    """Return what is left over after 0, 1, ... of the parts of each row, by adding up the rest."""
    every = np.column_stack([parts, np.broadcast_to(beyond, len(parts))])
    left: FloatArray = every[:, ::-1].cumsum(axis=1)[:, ::-1]
    return left


def _check_pixels(X: ArrayLike, image_shape: tuple[int, int]) -> FloatArray:
    data = check_samples(X)
    height, width = image_shape
    if data.shape[1] != height * width:
        raise ValueError(
            f"X must have {height * width} columns to fill image_shape={image_shape}, "
            f"but has {data.shape[1]}"
        )
    if data.min() < 0 or data.max() > 1:
        raise ValueError(
            f"X must hold pixels from 0 to 1, but they run from {data.min():.3g} "
            f"to {data.max():.3g}"
        )
    return data


def _check_images(images: Sequence[int] | None, digits: np.ndarray[Any, Any]) -> list[int]:
    if images is None:
        return [int(i) for i in np.unique(digits, return_index=True)[1]]
    last = len(digits) - 1
    chosen = [check_count("images", image, at_least=0, at_most=last) for image in images]
    if not chosen or len(set(chosen)) < len(chosen):
        raise ValueError(f"images must be distinct rows of X, at least one, but they are {chosen}")
    return chosen
