"""What breaks the last symmetry: losses and learning rules that tell the components apart.

Every rule has the signature ``rule(W1, W2, covariance, strengths)`` and returns the velocities of
encoder and decoder, shapes (..., k, n) and (..., n, k). Leading axes may hold several networks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import torch

from lae_helpers._checks import FloatArray, check_positive
from lae_helpers.errors import DivergenceError

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
    """Return minus the gradients of J with the sum penalty; unequal strengths: non-uniform.

    Parameters
    ----------
    W1, W2 : ndarray, shapes (..., k, n) and (..., n, k)
    covariance : ndarray, shape (n, n)
    strengths : ndarray, shape (k,)
        Of the penalty on each component; zeros for none.
    """
    codes = W1 @ covariance
    encoder = W2.mT @ covariance - (W2.mT @ W2) @ codes - strengths[:, np.newaxis] * W1
    decoder = codes.mT - W2 @ (codes @ W1.mT) - W2 * strengths
    return 2 * encoder, 2 * decoder


def rotation_augmented(
    W1: FloatArray, W2: FloatArray, covariance: FloatArray, strengths: FloatArray
) -> Weights:
    """Return `sum_descent` plus a rotation of the latent space: ``Gamma W1`` and ``-W2 Gamma``.

    Gamma is skew, ``(T - T^T) / 2`` with T the part of ``W1 C W1^T`` above its diagonal.

    Parameters
    ----------
    W1, W2 : ndarray, shapes (..., k, n) and (..., n, k)
    covariance : ndarray, shape (n, n)
    strengths : ndarray, shape (k,)
        Of the penalty on each component; zeros for none.

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
    """Return minus the gradients of `ordered_loss` plus the sum penalty.

    Parameters
    ----------
    W1, W2 : ndarray, shapes (..., k, n) and (..., n, k)
    covariance : ndarray, shape (n, n)
    strengths : ndarray, shape (k,)
        Of the penalty on each component; zeros for none.
    """
    uses, codes = _uses(W1.shape[-2]), W1 @ covariance
    often = uses.diagonal()
    encoder = often[:, np.newaxis] * (W2.mT @ covariance) - (uses * (W2.mT @ W2)) @ codes
    decoder = codes.mT * often - W2 @ (uses * (codes @ W1.mT))
    return 2 * (encoder - strengths[:, np.newaxis] * W1), 2 * (decoder - W2 * strengths)


def follow_rule(
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
    rate = check_positive("learning_rate", learning_rate)
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


def _uses(n_components: int) -> FloatArray:
    """Return in how many terms of the ordered loss components i and j both take part."""
    index = np.arange(n_components)
    uses: FloatArray = (n_components - np.maximum.outer(index, index)).astype(np.float64)
    return uses
