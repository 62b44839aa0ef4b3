"""Curvature of the loss at its ordered minimum, in closed form: why the last symmetry is slow."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from lae_helpers.validation import ArrayLike, FloatArray, check_vector


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
    own = [2 * np.array([x - lam, lam]) for x, lam in zip(v[:k], strengths, strict=True)]
    rest = [
        np.linalg.eigvalsh([[c, -x], [-x, x + lam * (1 - x / c)]])
        for c, lam in zip(v[:k], strengths, strict=True)
        for x in v[k:]
    ]
    pairs = [
        np.linalg.eigvalsh(_pair_block(v[[i, j]], strengths[[i, j]]))
        for i, j in combinations(range(k), 2)
    ]
    curvatures: FloatArray = np.sort(2 * np.concatenate([*own, *rest, *pairs]))
    return curvatures


def _pair_block(variances: FloatArray, lams: FloatArray) -> FloatArray:
    """Return half the Hessian in (W2_ij, W2_ji, W1_ji, W1_ij): component i leans to direction j."""
    (v_i, v_j), (lam_i, lam_j) = variances, lams
    s_i, s_j = np.sqrt(1 - lams / variances)
    return np.array([
        [v_j, 0.0, -lam_i, v_j * s_i * s_j],
        [0.0, v_i, v_i * s_i * s_j, -lam_j],
        [-lam_i, v_i * s_i * s_j, v_i * s_j**2 + lam_j, 0.0],
        [v_j * s_i * s_j, -lam_j, 0.0, v_j * s_i**2 + lam_i],
    ])  # fmt: skip
