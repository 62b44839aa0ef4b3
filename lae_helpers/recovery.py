"""Principal directions and variances out of trained weights, and how good they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, SupportsFloat

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray, check_matrix, check_positive
from lae_helpers.pca import fix_signs

if TYPE_CHECKING:
    import torch

    from lae_helpers.autoencoder import LinearAutoencoder


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

    Examples
    --------
    >>> from lae_helpers import LinearAutoencoder, SumL2, fit, synthetic_data
    >>> X = synthetic_data([3.0, 2.0, 1.0], n_samples=10)  # variances 0.9, 0.4 and 0.1
    >>> model = LinearAutoencoder(n_features=3, n_components=2)
    >>> fit(model, X, SumL2(0.1)).converged
    True
    >>> recover_from_decoder(model).variances(0.1).round(4)
    array([0.9, 0.4])
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
        lam = check_positive("lam", lam)
        if (self.singular_values >= 1).any():
            raise ValueError(
                f"singular_values must be below one, but the largest is "
                f"{self.singular_values.max():.6g}: these weights are not at the minimum of "
                "SumL2(lam) on centred data; train with it, and for longer"
            )
        return lam / (1 - self.singular_values**2)


def recover_from_decoder(model: LinearAutoencoder) -> Recovered:
    """Return the left singular vectors and the singular values of W2.

    Parameters
    ----------
    model : LinearAutoencoder

    Returns
    -------
    Recovered

    Raises
    ------
    TypeError
        If ``model`` is not a `LinearAutoencoder`.

    Examples
    --------
    >>> import torch
    >>> from lae_helpers import LinearAutoencoder
    >>> model = LinearAutoencoder(n_features=3, n_components=2)
    >>> with torch.no_grad():
    ...     model.decoder.weight[:] = torch.tensor([[0.0, 0.5], [-0.8, 0.0], [0.0, 0.0]])
    >>> recovered = recover_from_decoder(model)
    >>> recovered.singular_values.round(4)
    array([0.8, 0.5])
    >>> recovered.directions.round(4)
    array([[0., 1.],
           [1., 0.],
           [0., 0.]])
    """
    from lae_helpers.autoencoder import check_model

    return _recover(check_model(model).decoder.weight)


def recover_from_encoder(model: LinearAutoencoder) -> Recovered:
    """Return the right singular vectors and the singular values of W1.

    At a minimum of `SumL2` they are those that `recover_from_decoder` finds.

    Parameters
    ----------
    model : LinearAutoencoder

    Returns
    -------
    Recovered

    Raises
    ------
    TypeError
        If ``model`` is not a `LinearAutoencoder`.

    Examples
    --------
    >>> import torch
    >>> from lae_helpers import LinearAutoencoder
    >>> model = LinearAutoencoder(n_features=3, n_components=2)
    >>> with torch.no_grad():
    ...     model.encoder.weight[:] = torch.tensor([[0.0, 0.8, 0.0], [0.5, 0.0, 0.0]])
    >>> recover_from_encoder(model).singular_values.round(4)
    array([0.8, 0.5])
    """
    from lae_helpers.autoencoder import check_model

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

    Examples
    --------
    >>> import torch
    >>> from lae_helpers import LinearAutoencoder
    >>> model = LinearAutoencoder(n_features=3, n_components=2)
    >>> with torch.no_grad():  # the plane of the first two axes, in an unlucky basis
    ...     model.decoder.weight[:] = torch.tensor([[1.0, 1.0], [1.0, 2.0], [0.0, 0.0]])
    >>> rayleigh_ritz(model, np.diag([3.0, 2.0, 1.0])).variances.round(4)
    array([3., 2.])
    """
    from lae_helpers.autoencoder import check_model

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
