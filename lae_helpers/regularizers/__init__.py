"""The four regularisers of the ladder: penalty, invariance group, shrunk singular values.

Every strength is on the scale of the variances: it belongs to the loss
``J = ||Y - W2 W1 Y||_F^2 / N + penalty`` with Y the centred data, a sample a column as in the text.
"""

from lae_helpers.regularizers.base import Regularizer
from lae_helpers.regularizers.by_name import REGULARIZERS, make_regularizer
from lae_helpers.regularizers.nonuniform import SPREAD, NonuniformSumL2, spread_strengths
from lae_helpers.regularizers.product import ProductL2
from lae_helpers.regularizers.sum import SumL2
from lae_helpers.regularizers.unregularized import Unregularized

__all__ = [
    "REGULARIZERS",
    "SPREAD",
    "NonuniformSumL2",
    "ProductL2",
    "Regularizer",
    "SumL2",
    "Unregularized",
    "make_regularizer",
    "spread_strengths",
]
