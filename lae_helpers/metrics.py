"""How close directions, subspaces, weights and tensors are to one another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray, check_matrix, check_shape

if TYPE_CHECKING:
    import torch

    from lae_helpers.autoencoder import LinearAutoencoder


def axis_alignment(directions: ArrayLike, reference: ArrayLike) -> FloatArray:
    """Return ``|cos|`` of the angle between columns of the same index.

    Parameters
    ----------
    directions, reference : array_like, shape (n_features, k)
        Columns of any length but zero; their signs do not matter.

    Returns
    -------
    ndarray, shape (k,)
        One where a column and its reference span the same line, zero where they are orthogonal.

    Raises
    ------
    ValueError
        If the shapes differ, an entry is not finite or a column is zero.

    Examples
    --------
    >>> axis_alignment([[1.0, 1.0], [0.0, 1.0]], [[-2.0, 1.0], [0.0, 0.0]]).round(3)
    array([1.   , 0.707])
    """
    first, second = _check_pair("directions", directions, "reference", reference)
    lengths = np.linalg.norm(first, axis=0) * np.linalg.norm(second, axis=0)
    if (lengths == 0).any():
        raise ValueError("directions and reference must have no zero column: it has no direction")
    cosines: FloatArray = np.minimum(np.abs((first * second).sum(axis=0)) / lengths, 1.0)
    return cosines


def axis_distance(W2: FloatArray, directions: FloatArray) -> FloatArray:
    """Return how far the columns of W2 are from the principal directions themselves.

    ``1 - (1/k) sum_i max_j cos^2(u_i, w_j)``: zero if every direction has a column along it, in
    whatever order. Columns of length zero have no direction and count as orthogonal to all.

    Parameters
    ----------
    W2 : ndarray, shape (..., n, k)
    directions : ndarray, shape (n, k)
        Orthonormal columns.

    Returns
    -------
    ndarray, shape (...)

    References
    ----------
    X. Bao et al., "Regularized linear autoencoders recover the principal components, eventually",
    NeurIPS 2020.
    """
    lengths = np.linalg.norm(W2, axis=-2, keepdims=True)
    columns = np.divide(W2, lengths, out=np.zeros_like(W2), where=lengths > 0)
    cosines: FloatArray = directions.T @ columns
    distance: FloatArray = np.maximum(0.0, 1.0 - np.square(cosines).max(axis=-1).mean(axis=-1))
    return distance


def subspace_distance(U: ArrayLike, V: ArrayLike) -> float:
    """Return how far apart the column spaces of U and V are: the mean squared sine of their angles.

    Parameters
    ----------
    U, V : array_like, shape (n_features, k)
        Any bases of the two subspaces; full column rank, not necessarily orthonormal.

    Returns
    -------
    float
        ``1 - ||Q_U^T Q_V||_F^2 / k`` with Q the orthonormalised bases: 0 for the same subspace,
        1 for orthogonal ones.

    Raises
    ------
    ValueError
        If the shapes differ, an entry is not finite or a matrix has dependent columns.

    References
    ----------
    X. Bao et al., "Regularized linear autoencoders recover the principal components, eventually",
    NeurIPS 2020.

    Examples
    --------
    >>> plane = [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    >>> subspace_distance(plane, [[1.0, 1.0], [-1.0, 1.0], [0.0, 0.0]])  # the same, turned
    0.0
    >>> subspace_distance(plane, [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])  # one line of two in common
    0.5
    """
    first, second = _check_pair("U", U, "V", V)
    for name, matrix in (("U", first), ("V", second)):
        if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
            raise ValueError(f"{name} must have independent columns to span a k-dimensional space")
    Q_first, Q_second = np.linalg.qr(first).Q, np.linalg.qr(second).Q
    residual = Q_second - Q_first @ (Q_first.T @ Q_second)
    return float(min(np.square(residual).sum() / residual.shape[1], 1.0))


def transpose_gap(model: LinearAutoencoder) -> float:
    """Return ``||W1 - W2^T||_F / ||W2||_F``: zero when the encoder is the decoder's transpose.

    Two zero matrices are each other's transposes, gap 0; with W2 alone zero it is infinite.

    Parameters
    ----------
    model : LinearAutoencoder

    Raises
    ------
    TypeError
        If ``model`` is not one.

    Examples
    --------
    >>> import torch
    >>> from lae_helpers import LinearAutoencoder
    >>> model = LinearAutoencoder(3, 2)
    >>> with torch.no_grad():
    ...     model.encoder.weight[:] = 2 * model.decoder.weight.T
    >>> transpose_gap(model)
    1.0
    """
    from lae_helpers.autoencoder import check_model

    check_model(model)
    W1, W2 = model.encoder.weight.detach(), model.decoder.weight.detach()
    gap, size = float((W1 - W2.T).norm()), float(W2.norm())
    if size == 0:
        return 0.0 if gap == 0 else float("inf")
    return gap / size


def angle(first: torch.Tensor, second: torch.Tensor) -> float:
    """Return the angle between two tensors of one shape, read as vectors, in degrees.

    Parameters
    ----------
    first, second : torch.Tensor, the same shape

    Returns
    -------
    float
        From 0 to 180.

    Raises
    ------
    ValueError
        If the shapes differ, or one has length zero or none.

    Examples
    --------
    >>> import torch
    >>> round(angle(torch.eye(2), torch.ones(2, 2)), 4)
    45.0
    """
    import torch

    check_shape("second", second, tuple(first.shape))
    lengths = {"first": torch.linalg.vector_norm(first), "second": torch.linalg.vector_norm(second)}
    for name, length in lengths.items():
        if not (torch.isfinite(length) and length > 0):
            raise ValueError(f"{name} must have a direction, but its length is {float(length)}")
    u, v = first / lengths["first"], second / lengths["second"]
    half = torch.atan2(torch.linalg.vector_norm(u - v), torch.linalg.vector_norm(u + v))
    return 2 * math.degrees(half)


def _check_pair(
    name_a: str, a: ArrayLike, name_b: str, b: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    first, second = check_matrix(name_a, a), check_matrix(name_b, b)
    if first.shape != second.shape:
        raise ValueError(
            f"{name_a} and {name_b} must have the same shape, "
            f"but they have {first.shape} and {second.shape}"
        )
    return first, second
