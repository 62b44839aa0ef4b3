"""Where `fit` works: units in which the data have mean square one, seen from their mean."""

from __future__ import annotations

import math

import torch

from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.moments import Moments, ThinMoments
from lae_helpers.training.matrices import Dense, Diagonal, Matrix, Thin, matrix_of


class Coordinates:
    """The way between a model and the weights that an optimiser moves.

    ``c = b1 + W1 mean`` and ``d = b2 - mean`` are the biases as seen from the mean. In them the
    mean drops out of the problem, which it would make badly conditioned; every function of the
    model can be had with ``c = 0``, and then ``d = 0`` is best for all weights. So only the
    weights are left to find.

    Attributes
    ----------
    scale : float
        Mean squared length of a sample, for a model with biases of a sample less the mean; one
        where that is zero.
    matrix : Matrix
        The matrix in the loss divided by ``scale``: the covariance, or without biases the second
        moments.
    """

    def __init__(self, model: LinearAutoencoder, moments: Moments | ThinMoments) -> None:
        self.model = model
        self.has_biases = "encoder.bias" in model.state_dict()
        self.mean = torch.as_tensor(moments.mean)
        self._basis: torch.Tensor | None = None
        found = matrix_of(moments, about_mean=self.has_biases)
        self.matrix: Matrix = found[0]
        self.scale = found[1]

    def drop_what_nothing_reaches(self) -> None:
        """Take for axes an orthonormal basis of the span of wide data and of the weights.

        No step on all of the data leaves it: outside, the gradient by W1 is a k x k matrix times
        what W1 has there, and that by W2 likewise.
        """
        if not isinstance(self.matrix, Thin):
            return
        factor, rows = self.matrix.factor, self.weights().flatten(0, 1)
        if len(factor) + len(rows) < factor.shape[1]:
            largest = rows.abs().amax(dim=1, keepdim=True)
            rows = rows / torch.where(largest > 0, largest, 1.0)  # as large as any: no overflow
            basis = torch.linalg.qr(torch.vstack([factor, rows]).T).Q
            self._take_for_axes(basis)
            factor = factor @ basis
        self.matrix = Dense(factor.T @ factor)

    def turn_to_eigenvectors(self) -> None:
        """Take the eigenvectors of the matrix for axes, where it is diagonal."""
        assert isinstance(self.matrix, Dense)
        spectrum, vectors = torch.linalg.eigh(self.matrix.matrix)
        self.matrix = Diagonal(spectrum.clamp(min=0.0))
        self._take_for_axes(vectors if self._basis is None else self._basis @ vectors)

    def _take_for_axes(self, basis: torch.Tensor) -> None:
        self._basis = basis
        self._longest = float(torch.linalg.vector_norm(basis, dim=1).max())

    def weights(self) -> torch.Tensor:
        """Return the model's weights here, shape (2, k, m): W1, and W2 as its transpose."""
        W1, W2 = (
            layer.weight.detach().to("cpu", torch.float64)
            for layer in (self.model.encoder, self.model.decoder)
        )
        weights = torch.stack([W1, W2.T])
        return weights if self._basis is None else weights @ self._basis

    @torch.no_grad()
    def place(self, weights: torch.Tensor) -> None:
        """Give the model these weights, and the best biases for them."""
        encoder, decoder = self.model.encoder, self.model.decoder
        W1, W2_T = self._in_pixels(weights)
        encoder.weight.copy_(W1)
        decoder.weight.copy_(W2_T.T)
        if self.has_biases:
            encoder.bias.copy_(-W1 @ self.mean)
            decoder.bias.copy_(self.mean)

    def offset(self) -> torch.Tensor:
        """Return how far off the model's reconstruction of the mean is, zero without biases."""
        if not self.has_biases:
            return torch.zeros(1, dtype=torch.float64)
        (W1, b1), (W2, b2) = (
            [part.detach().to("cpu", torch.float64) for part in (layer.weight, layer.bias)]
            for layer in (self.model.encoder, self.model.decoder)
        )
        error: torch.Tensor = W2 @ (W1 @ self.mean + b1) + (b2 - self.mean)
        return error / math.sqrt(self.scale)

    def slope_is_at_most(self, limit: float, gradient: torch.Tensor) -> bool:
        """Say whether no entry of a gradient, in the model's own axes, is larger than a limit.

        Parameters
        ----------
        limit : float
        gradient : torch.Tensor, shape (2, k, m)
            In these coordinates.
        """
        if self._basis is None:
            return float(gradient.abs().max()) <= limit
        # each entry is a row here times a row of the basis
        row = float(torch.linalg.vector_norm(gradient, dim=2).max())
        if row > limit * math.sqrt(len(self._basis)):
            return False
        return row * self._longest <= limit or float(self._in_pixels(gradient).abs().max()) <= limit

    def _in_pixels(self, weights: torch.Tensor) -> torch.Tensor:
        return weights if self._basis is None else weights @ self._basis.T
