"""Principal directions and variances out of trained weights, and how good they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np
import torch

from lae_helpers.autoencoder import LinearAutoencoder, check_model
from lae_helpers.pca import fix_signs
from lae_helpers.validation import ArrayLike, FloatArray, check_matrix, check_number


@dataclass(frozen=True)
class Recovered:
    """What the singular value decomposition of one weight matrix tells.

    Attributes
    ----------
    directions : ndarray, shape (n_features, k)
        Singular vectors on the side of the features, orthonormal columns, by descending singular
        value; in each the entry of largest magnitude is positive. A column whose singular value is
        zero (a component given up) is arbitrary.
    singular_values : ndarray, shape (k,)
        Descending.
    """

    directions: FloatArray
    singular_values: FloatArray

    def variances(self, lam: SupportsFloat) -> FloatArray:
        """Return ``lam / (1 - s^2)``: the variances, from weights at the minimum of ``SumL2(lam)``.

        Where s is zero the result is ``lam``, an upper bound: the variance was not above it.

        Parameters
        ----------
        lam : float
            The strength that the weights were trained with, above zero.

        Returns
        -------
        ndarray, shape (k,)

        Raises
        ------
        ValueError
            If ``lam`` is not positive, or a singular value is one or more, as it never is at the
            minimum of the sum-regularised loss.
        """
        lam = check_number("lam", lam, positive=True)
        if (self.singular_values >= 1).any():
            raise ValueError(
                f"singular_values must be below one, but the largest is "
                f"{self.singular_values.max():.6g}: these weights are not at the minimum of "
                "SumL2(lam) on centred data; train with it, and for longer"
            )
        return lam / (1 - self.singular_values**2)


def recover_from_decoder(model: LinearAutoencoder) -> Recovered:
    """Return the left singular vectors and the singular values of W2."""
    return _recover(check_model(model).decoder.weight)


def recover_from_encoder(model: LinearAutoencoder) -> Recovered:
    """Return the right singular vectors and the singular values of W1."""
    return _recover(check_model(model).encoder.weight.T)


def _recover(weight: torch.Tensor) -> Recovered:
    left, singular_values, _ = np.linalg.svd(
        check_matrix("the weight matrix", weight), full_matrices=False
    )
    return Recovered(fix_signs(left), singular_values)


@dataclass(frozen=True)
class RitzPairs:
    """The best that a subspace knows of the principal directions.

    Attributes
    ----------
    directions : ndarray, shape (n_features, k)
        Orthonormal columns in the subspace, by descending variance; in each the entry of largest
        magnitude is positive.
    variances : ndarray, shape (k,)
        Variance of the data along each, never above that of the principal direction of its rank.
    """

    directions: FloatArray
    variances: FloatArray


def rayleigh_ritz(model: LinearAutoencoder, covariance: ArrayLike) -> RitzPairs:
    """Find the principal directions inside the column space of W2, without a penalty's help.

    With Q an orthonormal basis of that space they are Q times the eigenvectors of the k x k matrix
    ``Q^T C Q``: exactly the principal directions where the space is the principal subspace,
    whatever the singular values of W2 are.

    Parameters
    ----------
    model : LinearAutoencoder
        If the columns of its W2 depend on each other, arbitrary directions complete them.
    covariance : array_like, shape (n_features, n_features)
        That of the data, for instance ``compute_moments(X).covariance``.

    Returns
    -------
    RitzPairs

    Raises
    ------
    ValueError
        If ``covariance`` does not have as many rows and columns as the model has features.
    """
    decoder = check_matrix("the weight matrix", check_model(model).decoder.weight)
    covariance = check_matrix("covariance", covariance)
    if covariance.shape != (len(decoder), len(decoder)):
        raise ValueError(
            f"covariance must have the shape {(len(decoder), len(decoder))} for this model, "
            f"but it has {covariance.shape}"
        )
    Q = np.linalg.qr(decoder).Q
    variances, rotation = np.linalg.eigh(Q.T @ covariance @ Q)
    return RitzPairs(fix_signs(Q @ rotation[:, ::-1]), variances[::-1].clip(min=0.0))


def axis_alignment(directions: ArrayLike, reference: ArrayLike) -> FloatArray:
    """Return |cos| of the angle between columns of the same index.

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
    """
    first, second = _check_pair("directions", directions, "reference", reference)
    lengths = np.linalg.norm(first, axis=0) * np.linalg.norm(second, axis=0)
    if (lengths == 0).any():
        raise ValueError("directions and reference must have no zero column: it has no direction")
    cosines: FloatArray = np.minimum(np.abs((first * second).sum(axis=0)) / lengths, 1.0)
    return cosines


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
    """
    check_model(model)
    W1, W2 = model.encoder.weight.detach(), model.decoder.weight.detach()
    gap, size = float((W1 - W2.T).norm()), float(W2.norm())
    if size == 0:
        return 0.0 if gap == 0 else float("inf")
    return gap / size


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
