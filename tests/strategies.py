"""Random problems for the property tests: seeds and shapes, which shrink well."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from hypothesis import strategies as st

from lae_helpers import LinearAutoencoder

if TYPE_CHECKING:
    from lae_helpers._checks import FloatArray


class Problem(NamedTuple):
    """Data far from the origin, and a model whose parameters are all random."""

    X: FloatArray
    model: LinearAutoencoder
    rng: np.random.Generator


def make_problem(seed: int, n_samples: int, n: int, k: int, bias: bool) -> Problem:
    """Draw data (n_samples, n) and a model of width k."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_samples, n)) @ rng.normal(size=(n, n)) + 3 * rng.normal(size=n)
    model = LinearAutoencoder(n, k, bias=bias)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.tensor(rng.normal(size=parameter.shape)))
    return Problem(X, model, rng)


@st.composite
def problems(draw: st.DrawFn, *, min_k: int = 1) -> Problem:
    """Draw problems with up to 8 features and 12 samples."""
    n = draw(st.integers(min_k, 8))
    return make_problem(
        draw(st.integers(0, 2**32 - 1)),
        draw(st.integers(2, 12)),
        n,
        draw(st.integers(min_k, n)),
        draw(st.booleans()),
    )
