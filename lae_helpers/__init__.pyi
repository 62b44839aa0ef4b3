from .autoencoder import LinearAutoencoder, reconstruction_loss
from .data import load_mnist, synthetic_data
from .errors import ConvergenceWarning, DataUnavailableError, DivergenceError
from .explorer.replay import replay
from .metrics import axis_alignment, subspace_distance, transpose_gap
from .pca import PCA, fit_pca
from .recovery import (
    Recovered,
    RitzPairs,
    rayleigh_ritz,
    recover_from_decoder,
    recover_from_encoder,
)
from .regularizers import (
    NonuniformSumL2,
    ProductL2,
    Regularizer,
    SumL2,
    Unregularized,
)
from .training import History, Snapshot, fit

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
