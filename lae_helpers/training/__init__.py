"""Training a linear autoencoder: one entry, `fit`, and what it leaves."""

from lae_helpers.training.fit import fit
from lae_helpers.training.history import History, Snapshot

__all__ = ["History", "Snapshot", "fit"]
