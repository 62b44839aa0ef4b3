"""Hebbian rules for a layer of linear units: Oja's and Sanger's, with decay.

Both have the signature ``rule(W1, W2, covariance, strengths)`` of `lae_helpers.ordering.rules` and
return the velocities of encoder and decoder; W1 is the transpose of W2.
"""

from __future__ import annotations

import numpy as np

from lae_helpers._checks import FloatArray

Weights = tuple[FloatArray, FloatArray]


def oja(_W1: FloatArray, W2: FloatArray, covariance: FloatArray, strengths: FloatArray) -> Weights:
    """Return Oja's subspace rule with decay, W1 as the transpose of W2.

    With the factor 2 here it is the decoder's half of `sum_descent` at ``W1 = W2^T``.

    Parameters
    ----------
    W2 : ndarray, shape (..., n, k)
    covariance : ndarray, shape (n, n)
    strengths : ndarray, shape (k,)
        Of the decay of each component; zeros for none.

    References
    ----------
    E. Oja, "Simplified neuron model as a principal component analyzer", Journal of Mathematical
    Biology 15, 1982: the rule for one component.
    """
    images = covariance @ W2
    decoder = 2 * (images - W2 @ (W2.mT @ images) - W2 * strengths)
    return decoder.mT, decoder


def sanger(
    _W1: FloatArray, W2: FloatArray, covariance: FloatArray, strengths: FloatArray
) -> Weights:
    """Return Sanger's rule with decay, W1 as the transpose of W2.

    A component is reconstructed by itself and the ones before it only, in `oja` by all.

    Parameters
    ----------
    W2 : ndarray, shape (..., n, k)
    covariance : ndarray, shape (n, n)
    strengths : ndarray, shape (k,)
        Of the decay of each component; zeros for none.

    References
    ----------
    T. D. Sanger, "Optimal unsupervised learning in a single-layer linear feedforward neural
    network", Neural Networks 2, 1989.
    """
    images = covariance @ W2
    decoder = 2 * (images - W2 @ np.triu(W2.mT @ images) - W2 * strengths)
    return decoder.mT, decoder
