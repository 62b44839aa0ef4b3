"""What trainings with a feedback rule leave behind: their tables, a record an epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lae_helpers._checks import FloatArray
from lae_helpers.feedback.base import FeedbackRule
from lae_helpers.networks.mlp import MLP

KEPT_DIGITS = {"accuracies": 5, "weight_angles": 2, "gains": 3, "error_angles": 2}

ON_THE_PAGE = {  # names and digits of what the live figure draws
    "accuracies": ("accuracies", 4),
    "weight_angles": ("weightAngles", 1),
    "gains": ("gains", 3),
    "error_angles": ("errorAngles", 1),
}


@dataclass(frozen=True)
class Runs:
    """What happened to several networks that differ in their seeds; the first record is epoch 0.

    Attributes
    ----------
    rule : FeedbackRule
    widths : tuple of int
    seeds : tuple of int
    epochs : int
        As planned; a training that was stopped has fewer records.
    learning_rate : float
    batch_size : int
    accuracies : ndarray, shape (records, seeds)
        Share of the test images that are classified correctly.
    weight_angles : ndarray, shape (records, seeds, layers - 1)
        Degrees between B^l and the transpose of W^l, for l = 2 to L.
    gains : ndarray, shape (records, seeds, layers - 1)
        ``||B^l||_F / ||W^l||_F``.
    error_angles : ndarray, shape (records, seeds, layers - 1)
        Degrees between δ^l as fed back and as the transposes would have it, over 200 training
        samples, for l = 1 to L - 1.
    networks : tuple of MLP
        As they are at the end, one a seed; none for runs that were read from a record.
    """

    rule: FeedbackRule
    widths: tuple[int, ...]
    seeds: tuple[int, ...]
    epochs: int
    learning_rate: float
    batch_size: int
    accuracies: FloatArray
    weight_angles: FloatArray
    gains: FloatArray
    error_angles: FloatArray
    networks: tuple[MLP, ...]

    def tables(self) -> dict[str, FloatArray]:
        """Return what was recorded, by name, to the digits that records and figures keep."""
        return {name: getattr(self, name).round(digits) for name, digits in KEPT_DIGITS.items()}


def record_for_page(runs: Runs) -> dict[str, Any]:
    """Return what the live figure draws, under the names of its front end.

    Parameters
    ----------
    runs : Runs
    """
    tables = runs.tables()
    drawn = {
        name: tables[key].round(digits).tolist() for key, (name, digits) in ON_THE_PAGE.items()
    }
    return {"seeds": list(runs.seeds), **drawn}
