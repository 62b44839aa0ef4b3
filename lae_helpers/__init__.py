"""Helpers of the book "Learning the Transpose": what a chapter builds, importable and tested."""

from lae_helpers.autoencoder import LinearAutoencoder, reconstruction_loss
from lae_helpers.data import load_mnist, synthetic_data
from lae_helpers.errors import ConvergenceWarning, DataUnavailableError, DivergenceError
from lae_helpers.explorer.replay import replay
from lae_helpers.metrics import axis_alignment, subspace_distance, transpose_gap
from lae_helpers.pca import PCA, fit_pca
from lae_helpers.recovery import (
    Recovered,
    RitzPairs,
    rayleigh_ritz,
    recover_from_decoder,
    recover_from_encoder,
)
from lae_helpers.regularizers import (
    NonuniformSumL2,
    ProductL2,
    Regularizer,
    SumL2,
    Unregularized,
)
from lae_helpers.training import History, Snapshot, fit

__all__ = [
    "PCA",
    "ConvergenceWarning",
    "DataUnavailableError",
    "DivergenceError",
    "History",
    "LinearAutoencoder",
    "NonuniformSumL2",
    "ProductL2",
    "Recovered",
    "Regularizer",
    "RitzPairs",
    "Snapshot",
    "SumL2",
    "Unregularized",
    "axis_alignment",
    "fit",
    "fit_pca",
    "load_mnist",
    "rayleigh_ritz",
    "reconstruction_loss",
    "recover_from_decoder",
    "recover_from_encoder",
    "replay",
    "subspace_distance",
    "synthetic_data",
    "transpose_gap",
]
