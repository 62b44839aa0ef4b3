"""What learns in the training panel: one model on its way from its starting weights."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from lae_helpers._checks import ArrayLike, FloatArray
from lae_helpers.autoencoder import LinearAutoencoder, reconstruction_loss
from lae_helpers.metrics import transpose_gap
from lae_helpers.pca import PCA, fit_pca
from lae_helpers.plotting import Picture
from lae_helpers.training import History, fit
from lae_helpers.widgets.background import BackgroundRun
from lae_helpers.widgets.checks import check_square_images
from lae_helpers.widgets.panel.drawing import TrainingCurves, draw_training
from lae_helpers.widgets.panel.settings import OPTIMIZERS, Settings

DIGITS = 12


class StoppedError(Exception):
    """Raised inside `fit`, between two batches, to leave it."""


@dataclass(frozen=True)
class CentredData:
    """Centred data, shape (n_samples, n_features), and its whole PCA."""

    X: FloatArray
    pca: PCA


def center_images(X: ArrayLike) -> CentredData:
    """Return square images, shape (n_samples, n_features), centred, with their whole PCA."""
    data = check_square_images(X)
    pca = fit_pca(data, min(data.shape))
    return CentredData(data - pca.mean, pca)


@dataclass(frozen=True)
class Ending:
    """How a training ended, in words; ``mood`` colours them, ``complete`` fills the bar."""

    sentence: str
    mood: str = ""
    complete: bool = False
    resumable: bool = True


class Learner:
    """A model, what it is trained with, and what its training left behind.

    Parameters
    ----------
    data : CentredData
    settings : Settings
    seed : int
        Of the starting weights and of the order of the minibatches.

    Attributes
    ----------
    settings : Settings
    model : LinearAutoencoder
    curves : TrainingCurves
    converged : bool
    """

    def __init__(self, data: CentredData, settings: Settings, seed: int) -> None:
        self.settings = settings
        self.model = LinearAutoencoder(
            data.X.shape[1], settings.n_components, bias=False, seed=seed
        )
        self.curves = TrainingCurves()
        self.converged = False
        self._data, self._seed = data, seed
        self._choice = OPTIMIZERS[settings.optimizer]
        self._regularizer = settings.make_regularizer()
        self._lowest_loss = self._regularizer.minimum_loss(
            data.pca.variances, settings.n_components
        )

    @property
    def history(self) -> History:
        """Steps and losses since the starting weights."""
        return History(
            np.array(self.curves.steps, dtype=np.int64),
            np.array(self.curves.losses),
            [],
            self.converged,
        )

    def train(self, run: BackgroundRun, on_record: Callable[[int], None]) -> None:
        """Go on training until it converges, reaches its limit or ``run`` should stop.

        Parameters
        ----------
        run : BackgroundRun
        on_record : callable
            Called with the number of each record since the call, the curves up to date.
        """
        before = self.curves.steps[-1] if self.curves.steps else 0
        records = batches = 0
        learned: dict[str, torch.Tensor] = {}
        minibatches = self._choice.learning_rate is not None
        last = math.inf if minibatches else self._choice.most_records

        def record(step: int, loss: float) -> bool:
            nonlocal records
            if step > 0 or not self.curves.steps:
                self.curves.add(before + step, loss, transpose_gap(self.model))
            on_record(records)
            records += 1
            return run.stop_wanted or step == last

        def leave_if_wanted(*_: object) -> None:
            nonlocal batches
            if run.stop_wanted:
                learned.update({n: tensor.clone() for n, tensor in self.model.state_dict().items()})
                raise StoppedError  # at which fit gives the model its starting weights
            batches += 1

        if not minibatches:
            self._fit(record)
            return
        # Asked at every batch and not only at every record: an epoch of all of MNIST is long.
        with self.model.register_forward_pre_hook(leave_if_wanted):
            try:
                self._fit(record)
            except StoppedError:
                self.model.load_state_dict(learned)
        if learned:
            self._record_part_of_an_epoch(before + batches)

    def _record_part_of_an_epoch(self, step: int) -> None:
        if self.curves.steps and step <= self.curves.steps[-1]:
            return
        with torch.no_grad():
            W1, W2 = self.model.encoder.weight, self.model.decoder.weight
            loss = reconstruction_loss(self.model, torch.as_tensor(self._data.X))
            loss += self._regularizer.penalty(W1, W2)
        self.curves.add(step, loss.item(), transpose_gap(self.model))

    def _fit(self, record: Callable[[int, float], bool]) -> None:
        minibatches = self._choice.learning_rate is not None
        history = fit(
            self.model,
            self._data.X,
            self._regularizer,
            optimizer=self.settings.optimizer,
            max_steps=None if minibatches else self._choice.most_records,
            epochs=self._choice.most_records if minibatches else None,
            learning_rate=self._choice.learning_rate,
            schedule="cosine" if minibatches else None,
            seed=self._seed,
            callback=record,
            progress=False,
        )
        self.converged = history.converged

    def progress(self, records: int) -> float:
        """Return how far the training is: records of the most, or digits of the loss, of twelve."""
        excess = [self.curves.losses[i] - self._lowest_loss for i in (0, -1)]
        digits = 0.0
        if excess[0] > 0:
            digits = -math.log10(max(excess[1] / excess[0], 10.0**-DIGITS))
        return min(1.0, max(records / self._choice.most_records, digits / DIGITS))

    def draw(self) -> Picture:
        """Draw the model as it is now."""
        steps = self.curves.steps[-1] if self.curves.steps else 0
        return draw_training(
            self.model,
            self._data.pca,
            self.curves,
            lowest_loss=self._lowest_loss,
            heading=f"{self.settings}: " + (f"step {steps}" if steps else "starting weights"),
        )

    def report(self) -> str:
        """Say how far the training has come."""
        if not self.curves.steps:
            return f"{self.settings}, before any training"
        steps, loss, gap = (part[-1] for part in (
            self.curves.steps, self.curves.losses, self.curves.gaps
        ))  # fmt: skip
        return f"{self.settings}: step {steps}, loss {loss:.4f}, transpose gap {gap:.2g}"

    def end(self, error: Exception | None, *, stopped: bool) -> Ending:
        """Say how the training ended.

        Parameters
        ----------
        error : Exception or None
            What ended it, if anything did.
        stopped : bool
            Whether the reader did.

        Returns
        -------
        Ending
        """
        if error is not None:
            return Ending(
                f"Training failed ({type(error).__name__}): {error}. "
                "In this panel, choose another optimiser or strength.",
                mood="danger",
                resumable=False,
            )
        if self.converged:
            return Ending(
                f"Done: the gradient vanishes. {self.report()}.",
                mood="success",
                complete=True,
                resumable=False,
            )
        if stopped:
            return Ending(f"Stopped. {self.report()}. Press Start to go on.")
        return Ending(
            "End of the budget; the gradient has not vanished yet. "
            f"{self.report()}. Press Start to go on.",
            complete=True,
        )
