"""Small data and models that the tests of training share."""

from __future__ import annotations

from typing import Any

import numpy as np

from lae_helpers import (
    LinearAutoencoder,
    synthetic_data,
)
from lae_helpers._checks import FloatArray

X = synthetic_data(7 * np.arange(6.0, 0.0, -1.0), 49)
VARIANCES = np.arange(6.0, 0.0, -1.0) ** 2
QUIET: dict[str, Any] = {"progress": False}


def model_of(k: int = 3, *, bias: bool = True, seed: int = 0) -> LinearAutoencoder:
    return LinearAutoencoder(6, k, bias=bias, seed=seed)


def parameters(model: LinearAutoencoder) -> list[FloatArray]:
    return [parameter.detach().numpy().copy() for parameter in model.parameters()]
