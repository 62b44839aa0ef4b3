"""Curvatures of the ordered minimum: autograd is their oracle."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lae_helpers import NonuniformSumL2
from lae_helpers.autoencoder import moment_loss
from lae_helpers.ordering.curvature import minimum_curvatures


@pytest.mark.parametrize("k", [1, 2, 4])
def test_curvatures_are_those_of_autograd(k: int) -> None:
    v = np.array([5.0, 4.0, 2.5, 2.0, 0.7, 0.0])
    lams = np.linspace(0.2, 1.1, k)
    W2 = np.eye(6)[:, :k] * np.sqrt(1 - lams / v[:k])

    def loss(flat: torch.Tensor) -> torch.Tensor:
        W1, W2 = flat[: 6 * k].reshape(k, 6), flat[6 * k :].reshape(6, k)
        error = moment_loss(
            W1, W2, torch.diag(torch.tensor(v)), torch.zeros(6, dtype=torch.float64)
        )
        return error + NonuniformSumL2(lams).penalty(W1, W2)

    flat = torch.tensor(np.concatenate([W2.T.ravel(), W2.ravel()]))
    hessian = torch.autograd.functional.hessian(loss, flat)
    expected = np.linalg.eigvalsh(hessian.numpy())
    np.testing.assert_allclose(minimum_curvatures(v, lams), expected, atol=1e-12)


def test_equal_strengths_leave_the_rotations_flat() -> None:
    curvatures = minimum_curvatures([5.0, 4.0, 3.0, 1.0, 0.5], [0.4, 0.4, 0.4])
    np.testing.assert_allclose(curvatures[:3], 0, atol=1e-12)
    assert curvatures[3] > 0.1


@pytest.mark.parametrize(
    ("variances", "lams", "message"),
    [
        ([1.0, 2.0], [0.1], "variances must descend"),
        ([2.0, 1.0], [0.2, 0.1], "variances must descend, lams ascend"),
        ([2.0], [0.1, 0.2], "no more than the variances"),
        ([2.0, 1.0], [0.1, 1.0], "below the variance of its index"),
        ([2.0, 1.0], [0.0, 0.5], "above zero"),
    ],
)
def test_curvatures_say_what_is_wrong(
    variances: list[float], lams: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        minimum_curvatures(variances, lams)
