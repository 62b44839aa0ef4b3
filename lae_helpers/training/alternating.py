"""Exact minimisation in turn: the best encoder for the decoder, the best decoder for the encoder.

With M the matrix in the loss, r the strength on the map and L the diagonal matrix of the others,

    J = tr((I - W2 W1) M (I - W2 W1)^T) + r ||W2 W1||_F^2 + tr(L (W1 W1^T + W2^T W2))

is quadratic in each of the two matrices, and its minimisers solve

    over W1:  W2^T W2 W1 (M + r I) + L W1 = W2^T M,
    over W2:  W2 (W1 (M + r I) W1^T + L) = M W1^T.

`alternate_plainly` writes that down. `alternate` is what `fit` calls, the same to rounding and
much faster: no system of it is larger than k x k. Without a penalty the pseudo-inverse of W2 solves
the first equation, whether M is singular or not, and an iteration takes W2 to ``M W2 A`` for some
k x k matrix A: subspace iteration. With a penalty the first couples all entries of W1, but not in
the eigenvectors of M and of ``L^-1/2 W2^T W2 L^-1/2``: there each entry is a quotient.

In `alternate` encoders E and decoders D are k x m, the decoder as the transpose of W2.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from lae_helpers._checks import FloatArray
from lae_helpers.regularizers import Regularizer
from lae_helpers.training.matrices import Diagonal
from lae_helpers.training.objective import Objective, Point

Pair = tuple[torch.Tensor, torch.Tensor]


def alternate_plainly(
    W2: FloatArray, M: FloatArray, regularizer: Regularizer
) -> tuple[FloatArray, FloatArray]:
    """Return the best encoder for a decoder, and the best decoder for that encoder.

    Parameters
    ----------
    W2 : ndarray, shape (n, k)
    M : ndarray, shape (n, n)
        The covariance, or without biases the second moments.
    regularizer : Regularizer
        Of any kind.

    Returns
    -------
    W1 : ndarray, shape (k, n)
        The one of least norm if there are several, as W2.
    W2 : ndarray, shape (n, k)
    """
    N, L = (
        M + regularizer.map_strength * np.eye(len(M)),
        np.diag(regularizer.strengths(W2.shape[1])),
    )
    system = np.kron(W2.T @ W2, N) + np.kron(L, np.eye(len(M)))  # of the entries of W1, by rows
    entries = np.asarray(np.linalg.lstsq(system, (W2.T @ M).ravel())[0], np.float64)
    W1 = entries.reshape(W2.T.shape)
    return W1, M @ W1.T @ np.linalg.pinv(W1 @ N @ W1.T + L, hermitian=True)


def alternate_plainly_tied(W2: FloatArray, M: FloatArray, regularizer: Regularizer) -> FloatArray:
    """Return the best decoder for the encoder ``W2.T``, which then becomes its transpose.

    Without a penalty that would exchange G and G^-T in ``W2 = U_k G`` for ever. There W2 goes to
    the best matrix of orthonormal columns, the orthogonal factor of M W2: Procrustes.

    Parameters
    ----------
    W2 : ndarray, shape (n, k)
    M : ndarray, shape (n, n)
    regularizer : Regularizer
        Without a penalty, or with one strength on all weights.
    """
    if is_penalised(regularizer, W2.shape[1]):
        L = np.diag(regularizer.strengths(W2.shape[1]))
        best: FloatArray = M @ W2 @ np.linalg.pinv(W2.T @ M @ W2 + L, hermitian=True)
    else:
        left, _, right = np.linalg.svd(M @ W2, full_matrices=False)
        best = left @ right
    return best


def alternate(objective: Objective, point: Point, *, max_steps: int, tied: bool) -> Iterator[Point]:
    """Minimise J in turn over encoder and decoder, from the decoder that the point has.

    With a penalty and untied the objective's matrix has to be `Diagonal`.

    Parameters
    ----------
    objective : Objective
    point : Point
        The start, which is not yielded.
    max_steps : int
    tied : bool
        Whether the encoder stays the transpose of the decoder.
    """
    if tied:
        move = _tied
    else:
        k = len(objective.strengths)
        move = _penalised if is_penalised(objective.regularizer, k) else _unpenalised
    for _ in range(max_steps):
        weights, products = move(objective, point)
        point = objective.at(torch.stack(weights), torch.stack(products))
        yield point


def is_penalised(regularizer: Regularizer, n_components: int) -> bool:
    """Say whether there is any penalty.

    Parameters
    ----------
    regularizer : Regularizer
    n_components : int
    """
    return regularizer.map_strength > 0 or bool(regularizer.strengths(n_components).any())


def _unpenalised(objective: Objective, point: Point) -> tuple[Pair, Pair]:
    """Take both in turn: one product with M."""
    D, D_M = point.weights[1], point.products[1]
    inverse = torch.linalg.pinv(D @ D.T, hermitian=True)
    E, E_M = inverse @ D, inverse @ D_M
    D = _best_decoder(objective, E, E_M)
    return (E, D), (E_M, objective.matrix.times(D))


def _penalised(objective: Objective, point: Point) -> tuple[Pair, Pair]:
    """Take both in turn, in the eigenvectors of M."""
    E = _best_encoder(objective, point.weights[1])
    E_M = objective.matrix.times(E)
    D = _best_decoder(objective, E, E_M)
    return (E, D), (E_M, objective.matrix.times(D))


def _tied(objective: Objective, point: Point) -> tuple[Pair, Pair]:
    """Go where `alternate_plainly_tied` goes: one product with M."""
    D, D_M = point.weights[1], point.products[1]
    if objective.strengths.any():
        D = _best_decoder(objective, D, D_M)
    else:
        left, _, right = torch.linalg.svd(D_M, full_matrices=False)
        D = left @ right
    D_M = objective.matrix.times(D)
    return (D, D), (D_M, D_M)


def _best_decoder(objective: Objective, E: torch.Tensor, E_M: torch.Tensor) -> torch.Tensor:
    """Solve the second system, for the W2 of least norm if there are several."""
    system = (E_M + objective.map_strength * E) @ E.T + torch.diag(objective.strengths)
    best: torch.Tensor = torch.linalg.pinv(system, hermitian=True) @ E_M
    return best


def _best_encoder(objective: Objective, D: torch.Tensor) -> torch.Tensor:
    """Solve the first system, entry by entry.

    With ``A = W2 L^-1/2``, ``A^T A = B diag(s) B^T`` and M diagonal, ``B^T L^1/2 W1`` has the
    entries ``(B^T A^T)_ji v_i / (1 + s_j (v_i + r))``; without strengths A is W2, and 0 takes the
    place of 1.
    """
    assert isinstance(objective.matrix, Diagonal)
    spectrum, strengths = objective.matrix.diagonal, objective.strengths
    penalised = strengths > 0  # all of them or none
    roots = torch.where(penalised, strengths, 1.0).sqrt()[:, None]
    scaled = D / roots
    squares, B = torch.linalg.eigh(scaled @ scaled.T)
    negligible = len(squares) * torch.finfo(squares.dtype).eps * squares.max()
    squares = torch.where(squares > negligible, squares, 0.0)
    below = penalised[:, None] + squares[:, None] * (spectrum + objective.map_strength)
    quotients = (B.T @ scaled) * spectrum / torch.where(below > 0, below, torch.inf)
    encoder: torch.Tensor = (B @ quotients) / roots
    return encoder
