"""Recipes of minibatch training: the article's, its repair a change at a time, and Plaut's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

from lae_helpers._checks import FloatArray

ARTICLE_MEAN, ARTICLE_SCALE = 0.1307, 0.3081
DECAY_PER_ENTRY = 5e-4  # of both; it comes beside a mean over entries, so J has it times n


@dataclass(frozen=True)
class Recipe:
    """Settings of minibatch training with the sum penalty.

    Attributes
    ----------
    centred : bool
        Whether the mean of the samples is subtracted first; else the biases have to learn it.
    divisor : float
        What the samples are divided by, which multiplies the variances by its inverse square.
    learning_rate : float
    schedule : {"constant", "cosine"}
    batch_size : int
    optimizer : {"adam", "sgd"}

    Examples
    --------
    >>> RECIPES["+ batches of 50"].epochs(n_samples=5000, steps=2500)
    25
    """

    centred: bool
    divisor: float
    learning_rate: float
    schedule: str
    batch_size: int
    optimizer: str = "adam"

    def prepare(self, X: FloatArray) -> FloatArray:
        """Return the samples as the recipe trains on them."""
        shift = X.mean(axis=0) if self.centred else ARTICLE_MEAN if self.divisor != 1.0 else 0.0
        prepared: FloatArray = (X - shift) / self.divisor
        return prepared

    def epochs(self, n_samples: int, steps: int) -> int:
        """Return how many whole passes make at least that many steps.

        Parameters
        ----------
        n_samples : int
            In one pass over the data.
        steps : int
            The least number of them.
        """
        return -(-steps * self.batch_size // n_samples)

    def strength(self, n_features: int) -> float:
        """Return lam of the sum penalty on the scale of the variances."""
        return DECAY_PER_ENTRY * n_features


ARTICLE = Recipe(False, ARTICLE_SCALE, 5e-4, "constant", 2)
CENTRED = replace(ARTICLE, centred=True)
SCALED = replace(CENTRED, divisor=1.0)
DECAYED = replace(SCALED, schedule="cosine")
FASTER = replace(DECAYED, learning_rate=3e-3)
BATCHED = replace(FASTER, batch_size=50)
PLAIN = replace(BATCHED, optimizer="sgd", learning_rate=0.02)

RECIPES = MappingProxyType({
    "Plaut's recipe": Recipe(False, 1.0, 1e-4, "constant", 4),
    "the article's recipe": ARTICLE,
    "+ centred": CENTRED,
    "+ scale of the pixels": SCALED,
    "+ rate falls to zero": DECAYED,
    "+ six times the rate": FASTER,
    "+ batches of 50": BATCHED,
    "+ SGD instead of Adam": PLAIN,
})  # fmt: skip
