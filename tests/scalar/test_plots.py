"""The landscapes of the smallest autoencoder: heights, marks and words."""

from __future__ import annotations

import pytest
import torch
from matplotlib.figure import Figure

from lae_helpers import LinearAutoencoder, NonuniformSumL2, ProductL2, SumL2, Unregularized
from lae_helpers.autoencoder import reconstruction_loss
from lae_helpers.regularizers import Regularizer
from lae_helpers.scalar.plots import draw_landscape, scalar_loss

VARIANCE = 2.0
REGULARIZERS = [Unregularized(), ProductL2(0.7), SumL2(0.7), NonuniformSumL2([0.7])]


@pytest.mark.parametrize("regularizer", REGULARIZERS, ids=lambda r: r.name)
def test_heights_are_the_loss_of_the_model(regularizer: Regularizer) -> None:
    model = LinearAutoencoder(1, 1, bias=False, seed=3)
    data = torch.tensor([[1.0], [-1.0]], dtype=torch.float64) * VARIANCE**0.5
    W1, W2 = model.encoder.weight, model.decoder.weight
    expected = reconstruction_loss(model, data) + regularizer.penalty(W1, W2)
    heights = scalar_loss(W1.detach(), W2.detach(), VARIANCE, regularizer)
    torch.testing.assert_close(heights, expected.detach().reshape(1, 1))


@pytest.mark.parametrize(
    ("regularizer", "words"),
    [
        (Unregularized(), "minima along the hyperbola w1 w2 = 1, a saddle at the origin"),
        (ProductL2(2.0), "minima along the hyperbola w1 w2 = 0.5, a saddle at the origin"),
        (SumL2(1.5), "two minima, at plus and minus (0.5, 0.5), a saddle at the origin"),
        (SumL2(2.0), "one minimum, at the origin"),
    ],
)
def test_words_name_the_critical_points(regularizer: Regularizer, words: str) -> None:
    axes = Figure().subplots()
    assert draw_landscape(axes, 1.75, VARIANCE, regularizer) == words
    assert axes.get_xlim() == axes.get_ylim() == (-1.75, 1.75)


def test_variance_must_be_positive() -> None:
    with pytest.raises(ValueError, match="variance must be finite and positive"):
        scalar_loss(torch.zeros(1), torch.zeros(1), 0.0, Unregularized())
