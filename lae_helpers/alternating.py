"""Exact minimisation in turn: the best encoder for the decoder, the best decoder for the encoder.

With M the matrix in the loss, r the ridge and L the diagonal matrix of strengths of the penalty,

    J = tr((I - W2 W1) M (I - W2 W1)^T) + r ||W2 W1||_F^2 + tr(L (W1 W1^T + W2^T W2))

is quadratic in each of the two matrices, and its minimisers solve

    over W1:  W2^T W2 W1 (M + r I) + L W1 = W2^T M,
    over W2:  W2 (W1 (M + r I) W1^T + L) = M W1^T.

The second is one k x k system. Without a penalty the pseudo-inverse of W2 solves the first, whether
M is singular or not, and a round takes W2 to ``M W2 A`` for some k x k matrix A: subspace
iteration. With a penalty the first couples all entries of W1, but not in the eigenvectors of M and
of ``L^-1/2 W2^T W2 L^-1/2``: there each entry is a quotient.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator

import torch

from lae_helpers.descent import Objective


class Alternation(ABC):
    """Weights on their way; J and its slope come out of the products that the next step needs.

    Parameters
    ----------
    objective : Objective
        Its model gets the weights of every step; the decoder that it has is the start.
    """

    # Both k x n and row by row in memory, the decoder as its transpose: W1, W2^T and their
    # products with M.
    _encoder: torch.Tensor
    _decoder: torch.Tensor
    _encoder_product: torch.Tensor
    _decoder_product: torch.Tensor

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        self.model = objective.model
        self.scale = objective.scale
        self._matrix = objective.matrix()
        self._trace = self._matrix.trace()
        self._ridge = objective.regularizer.ridge
        strengths = objective.regularizer.strengths(self.model.n_components)
        self._strengths = torch.as_tensor(strengths).to(self._matrix)
        self._decoder = self.model.decoder.weight.detach().T.contiguous()
        self._begun = False

    def steps(self, *, max_steps: int) -> Generator[int, None, None]:
        """Minimise J; yield the number of each step taken, the model up to date.

        The biases are exact from the first step on, `Objective.centred_biases` zero.
        """
        biases = [torch.zeros_like(bias) for bias in self.objective.centred_biases()]
        encoder, decoder = self.model.encoder, self.model.decoder
        self._decoder_product = self._times_matrix(self._decoder)
        for step in range(1, max_steps + 1):
            with torch.no_grad():
                self._move()
                encoder.weight.copy_(self._in_pixels(self._encoder))
                decoder.weight.copy_(self._in_pixels(self._decoder).T)
            self.objective.place_biases(biases)
            self._begun = True
            yield step

    def loss_and_slope(self) -> tuple[float, float]:
        """Return J and the largest entry of its gradient, at the model's present parameters."""
        if not self._begun:
            return self.objective.loss_and_slope()
        E, D, lams = self._encoder, self._decoder, self._strengths[:, None]
        E_M, D_M = self._encoder_product, self._decoder_product
        gram, latent = D @ D.T, self._latent()
        loss = self._trace - 2 * torch.dot(D_M.flatten(), E.flatten())
        loss = loss + (gram * latent).sum() + (lams * (E.square() + D.square())).sum()
        by_encoder = gram @ (E_M + self._ridge * E) - D_M + lams * E
        by_decoder = latent @ D - E_M + lams * D
        halves = (self._in_pixels(by_encoder), self._in_pixels(by_decoder))
        return loss.item(), 2 * max(half.abs().max().item() for half in halves)

    @abstractmethod
    def _move(self) -> None:
        """Take a step of W1 and W2, and renew their products with M."""

    def _latent(self) -> torch.Tensor:
        """Return ``W1 (M + r I) W1^T``."""
        return (self._encoder_product + self._ridge * self._encoder) @ self._encoder.T

    def _minimise_over_decoder(self) -> None:
        """Solve the second system, for the W2 of least norm if there are several."""
        system = self._latent() + torch.diag(self._strengths)
        self._decoder = torch.linalg.pinv(system, hermitian=True) @ self._encoder_product
        self._decoder_product = self._times_matrix(self._decoder)

    def _times_matrix(self, rows: torch.Tensor) -> torch.Tensor:
        product: torch.Tensor = rows @ self._matrix
        return product

    def _in_pixels(self, rows: torch.Tensor) -> torch.Tensor:
        return rows


class Unpenalised(Alternation):
    """Both matrices in turn, no penalty: one product with M a step."""

    def _move(self) -> None:
        inverse = torch.linalg.pinv(self._decoder @ self._decoder.T, hermitian=True)
        self._encoder, self._encoder_product = (
            inverse @ self._decoder,
            inverse @ self._decoder_product,
        )
        self._minimise_over_decoder()


class Penalised(Alternation):
    """Both matrices in turn, in the eigenvectors of M, which takes one eigen-decomposition."""

    def __init__(self, objective: Objective) -> None:
        super().__init__(objective)
        self._spectrum, self._basis = torch.linalg.eigh(self._matrix)
        self._spectrum = self._spectrum.clamp(min=0.0)
        self._decoder = self._decoder @ self._basis

    def _move(self) -> None:
        self._minimise_over_encoder()
        self._encoder_product = self._times_matrix(self._encoder)
        self._minimise_over_decoder()

    def _minimise_over_encoder(self) -> None:
        """Solve the first system, entry by entry.

        With ``A = W2 L^-1/2``, ``A^T A = B diag(s) B^T`` and M diagonal, ``B^T L^1/2 W1`` has the
        entries ``(B^T A^T)_ji v_i / (1 + s_j (v_i + r))``; without strengths A is W2, and 0 takes
        the place of 1.
        """
        penalised = self._strengths > 0  # all of them or none
        roots = torch.where(penalised, self._strengths, 1.0).sqrt()[:, None]
        scaled = self._decoder / roots
        squares, B = torch.linalg.eigh(scaled @ scaled.T)
        negligible = len(squares) * torch.finfo(squares.dtype).eps * squares.max()
        squares = torch.where(squares > negligible, squares, 0.0)
        below = penalised[:, None] + squares[:, None] * (self._spectrum + self._ridge)
        quotients = (B.T @ scaled) * self._spectrum / torch.where(below > 0, below, torch.inf)
        self._encoder = (B @ quotients) / roots

    def _times_matrix(self, rows: torch.Tensor) -> torch.Tensor:
        product: torch.Tensor = rows * self._spectrum
        return product

    def _in_pixels(self, rows: torch.Tensor) -> torch.Tensor:
        pixels: torch.Tensor = rows @ self._basis.T
        return pixels


class Tied(Alternation):
    """The decoder in turn with an encoder that is its transpose: one product with M a step."""

    def _move(self) -> None:
        """Minimise over W2 given the encoder W2^T, ``W2 <- M W2 (W2^T M W2 + L)^-1``; transpose.

        Without a penalty that would exchange G and G^-T in ``W2 = U_k G`` for ever. There W2 goes
        to the best matrix of orthonormal columns, the orthogonal factor of M W2: Procrustes.
        """
        if self._strengths.any():
            self._encoder, self._encoder_product = self._decoder, self._decoder_product
            self._minimise_over_decoder()
        else:
            left, _, right = torch.linalg.svd(self._decoder_product, full_matrices=False)
            self._decoder = left @ right
            self._decoder_product = self._times_matrix(self._decoder)
        self._encoder, self._encoder_product = self._decoder, self._decoder_product


def alternate(objective: Objective, *, tied: bool) -> Alternation:
    """Return the exact minimisation in turn that fits the penalty."""
    if tied:
        return Tied(objective)
    regularizer, k = objective.regularizer, objective.model.n_components
    penalised = regularizer.ridge > 0 or regularizer.strengths(k).any()
    return Penalised(objective) if penalised else Unpenalised(objective)
