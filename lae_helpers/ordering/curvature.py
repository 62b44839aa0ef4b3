"""Curvature of the loss at its ordered minimum, in closed form: why the last symmetry is slow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lae_helpers._checks import ArrayLike, FloatArray, check_vector


def minimum_curvatures(variances: ArrayLike, lams: ArrayLike) -> FloatArray:
    """Return all eigenvalues of the Hessian of J at ``W2 = U_k (I - Lam V_k^-1)^(1/2) = W1^T``.

    J has the (non-uniform) sum penalty. In the principal directions the Hessian falls apart into
    blocks: one of order 2 for each component, and for each component and each direction not in
    use; one of order 4 for each pair of components, which holds their rotation.

    Parameters
    ----------
    variances : array_like, shape (n,)
        All eigenvalues of the covariance, descending.
    lams : array_like, shape (k,)
        Strengths, ascending, the j-th below the j-th variance; equal ones give the sum.

    Returns
    -------
    ndarray, shape (2 * n * k,)
        Ascending. With equal strengths k (k - 1) / 2 of them are zero, up to rounding.

    Raises
    ------
    ValueError
        If the orders are not as said or a strength is out of range.
    """
    v, strengths = check_vector("variances", variances), check_vector("lams", lams)
    k = len(strengths)
    if k > len(v) or (np.diff(v) > 0).any() or (np.diff(strengths) < 0).any():
        raise ValueError("variances must descend, lams ascend and be no more than the variances")
    if (strengths <= 0).any() or (strengths >= v[:k]).any():
        raise ValueError("each of lams must be above zero and below the variance of its index")
    first, last = np.triu_indices(k, 1)
    c, lam = v[:k, np.newaxis], strengths[:, np.newaxis]
    blocks = (
        _own_blocks(v[:k], strengths),
        _unused_blocks(c, v[np.newaxis, k:], lam),
        _pair_blocks(v[first], v[last], strengths[first], strengths[last]),
    )
    halves = [np.linalg.eigvalsh(block).ravel() for block in blocks]
    curvatures: FloatArray = np.sort(2 * np.concatenate(halves))
    return curvatures


def _own_blocks(c: FloatArray, lam: FloatArray) -> FloatArray:
    """Return half the Hessian in (W2_jj, W1_jj): component j along its own direction."""
    return _stack([[c, c - 2 * lam], [c - 2 * lam, c]])


def _unused_blocks(c: FloatArray, x: FloatArray, lam: FloatArray) -> FloatArray:
    """Return half the Hessian in (W2_lj, W1_jl): component j along a direction not in use."""
    return _stack([[c, -x], [-x, x + lam * (1 - x / c)]])


def _pair_blocks(
    v_i: FloatArray, v_j: FloatArray, lam_i: FloatArray, lam_j: FloatArray
) -> FloatArray:
    """Return half the Hessian in (W2_ij, W2_ji, W1_ji, W1_ij): i and j along each other's."""
    d_i, d_j = 1 - lam_i / v_i, 1 - lam_j / v_j
    s = np.sqrt(d_i * d_j)
    return _stack([
        [v_j, 0.0, -lam_i, v_j * s],
        [0.0, v_i, v_i * s, -lam_j],
        [-lam_i, v_i * s, v_i * d_j + lam_j, 0.0],
        [v_j * s, -lam_j, 0.0, v_j * d_i + lam_i],
    ])  # fmt: skip


def _stack(rows: Sequence[Sequence[float | FloatArray]]) -> FloatArray:
    """Make matrices of entries that are arrays; the axes of the entries come first."""
    entries = np.broadcast_arrays(*[entry for row in rows for entry in row])
    matrices: FloatArray = np.stack(entries, axis=-1).reshape(
        *entries[0].shape, len(rows), len(rows)
    )
    return matrices
