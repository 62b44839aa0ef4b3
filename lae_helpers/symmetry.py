"""What breaks the last symmetry: losses and learning rules that tell the components apart.

Every rule has the signature ``rule(W1, W2, covariance, strengths)`` and returns the velocities of
encoder and decoder, shapes (..., k, n) and (..., n, k). Leading axes may hold several networks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch

from lae_helpers.training import DivergenceError
from lae_helpers.validation import FloatArray, check_number

NEGLIGIBLE = 1e-150  # what dies out further would end among the subnormal numbers, which are slow

Weights = tuple[FloatArray, FloatArray]
Rule = Callable[[FloatArray, FloatArray, FloatArray, FloatArray], Weights]


def ordered_loss(W1: torch.Tensor, W2: torch.Tensor, covariance: torch.Tensor) -> torch.Tensor:
    """Return the sum over i = 1..k of the reconstruction loss of the first i components alone.

    Parameters
    ----------
    W1, W2 : torch.Tensor, shapes (k, n) and (n, k)
    covariance : torch.Tensor, shape (n, n)

    References
    ----------
    R. Oftadeh, J. Shen, Z. Wang, D. Shell, "Eliminating the invariance on the loss landscape of
    linear autoencoders", ICML 2020.
    """
    uses = torch.from_numpy(_uses(len(W1))).to(W1)
    codes = W1 @ covariance
    unexplained = len(W1) * covariance.trace() - 2 * uses.diag() @ (W2 * codes.T).sum(dim=0)
    return unexplained + (uses * (W2.T @ W2) * (codes @ W1.T)).sum()


def sum_descent(
    W1: FloatArray, W2: FloatArray, covariance: FloatArray, strengths: FloatArray
) -> Weights:
    """Return minus the gradients of J with the sum penalty; unequal strengths: non-uniform."""
    codes = W1 @ covariance
    encoder = W2.mT @ covariance - (W2.mT @ W2) @ codes - strengths[:, np.newaxis] * W1
    decoder = codes.mT - W2 @ (codes @ W1.mT) - W2 * strengths
    return 2 * encoder, 2 * decoder


def rotation_augmented(
    W1: FloatArray, W2: FloatArray, covariance: FloatArray, strengths: FloatArray
) -> Weights:
    """Return `sum_descent` plus a rotation of the latent space: ``Gamma W1`` and ``-W2 Gamma``.

    Gamma is skew, ``(T - T^T) / 2`` with T the part of ``W1 C W1^T`` above its diagonal.

    References
    ----------
    X. Bao, J. Lucas, S. Sachdeva, R. Grosse, "Regularized linear autoencoders recover the
    principal components, eventually", NeurIPS 2020.
    """
    encoder, decoder = sum_descent(W1, W2, covariance, strengths)
    upper = np.triu(W1 @ covariance @ W1.mT, 1)
    rotation = (upper - upper.mT) / 2
    return encoder + rotation @ W1, decoder - W2 @ rotation


def ordered_descent(
    W1: FloatArray, W2: FloatArray, covariance: FloatArray, strengths: FloatArray
) -> Weights:
    """Return minus the gradients of `ordered_loss` plus the sum penalty."""
    uses, codes = _uses(W1.shape[-2]), W1 @ covariance
    often = uses.diagonal()
    encoder = often[:, np.newaxis] * (W2.mT @ covariance) - (uses * (W2.mT @ W2)) @ codes
    decoder = codes.mT * often - W2 @ (uses * (codes @ W1.mT))
    return 2 * (encoder - strengths[:, np.newaxis] * W1), 2 * (decoder - W2 * strengths)


def oja(_W1: FloatArray, W2: FloatArray, covariance: FloatArray, strengths: FloatArray) -> Weights:
    """Return Oja's subspace rule with decay, W1 as the transpose of W2.

    With the factor 2 here it is the decoder's half of `sum_descent` at ``W1 = W2^T``.

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

    References
    ----------
    T. D. Sanger, "Optimal unsupervised learning in a single-layer linear feedforward neural
    network", Neural Networks 2, 1989.
    """
    images = covariance @ W2
    decoder = 2 * (images - W2 @ np.triu(W2.mT @ images) - W2 * strengths)
    return decoder.mT, decoder


def walk(
    rule: Rule,
    start: Weights,
    covariance: FloatArray,
    *,
    strengths: FloatArray,
    learning_rate: float,
    records: Sequence[int],
) -> list[Weights]:
    """Follow a rule; return W1 and W2 after each of these numbers of steps.

    An entry below 1e-150 at a record is set to zero there.

    Parameters
    ----------
    rule : callable
        One of this module.
    start : tuple of ndarray, shapes (..., k, n) and (..., n, k)
        W1 and W2; for `oja` and `sanger` transposes of each other.
    covariance : ndarray, shape (n, n)
    strengths : ndarray, shape (k,)
        Of the penalty on each component; zeros for none.
    learning_rate : float
    records : sequence of int
        Ascending, none negative.

    Raises
    ------
    ValueError
        If the learning rate is not positive, or the records are not as said.
    DivergenceError
        If a weight becomes NaN or infinite.
    """
    rate = check_number("learning_rate", learning_rate, positive=True)
    stops = [0, *records]
    if any(later < earlier for earlier, later in pairwise(stops)):
        raise ValueError(f"records must ascend from zero or more, but they are {list(records)}")
    W1, W2 = start
    kept = []
    for earlier, later in pairwise(stops):
        with np.errstate(over="ignore", invalid="ignore"):  # the check below says it better
            for _ in range(later - earlier):
                encoder, decoder = rule(W1, W2, covariance, strengths)
                W1, W2 = W1 + rate * encoder, W2 + rate * decoder
        if not (np.isfinite(W1).all() and np.isfinite(W2).all()):
            raise DivergenceError(
                f"a weight became NaN or infinite within {later} steps; try a smaller "
                f"learning_rate than {rate:g}"
            )
        W1, W2 = (np.where(np.abs(W) < NEGLIGIBLE, 0.0, W) for W in (W1, W2))
        kept.append((W1, W2))
    return kept


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
    X. Bao et al., as for `rotation_augmented`.
    """
    lengths = np.linalg.norm(W2, axis=-2, keepdims=True)
    columns = np.divide(W2, lengths, out=np.zeros_like(W2), where=lengths > 0)
    cosines: FloatArray = directions.T @ columns
    distance: FloatArray = np.maximum(0.0, 1.0 - np.square(cosines).max(axis=-1).mean(axis=-1))
    return distance


def _uses(n_components: int) -> FloatArray:
    """Return in how many terms of the ordered loss components i and j both take part."""
    index = np.arange(n_components)
    uses: FloatArray = (n_components - np.maximum.outer(index, index)).astype(np.float64)
    return uses
