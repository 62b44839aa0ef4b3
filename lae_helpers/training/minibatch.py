"""Minibatch training: batches out of an array, or batches as they come."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Protocol

import torch
from tqdm.auto import tqdm

from lae_helpers._checks import FloatArray
from lae_helpers._sources import Batches
from lae_helpers.autoencoder import LinearAutoencoder, reconstruction_loss
from lae_helpers.errors import DivergenceError
from lae_helpers.regularizers import Regularizer

MINIBATCH_OPTIMIZERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
DEFAULT_BATCH = 64


class Epochs(Protocol):
    """Data as minibatches: an iteration is one pass over them."""

    n_batches: int

    def __iter__(self) -> Iterator[torch.Tensor]: ...


class ShuffledRows:
    """Minibatches of ``batch_size`` rows, the last shorter, in a new order each pass."""

    def __init__(self, rows: FloatArray, batch_size: int, seed: int, like: torch.Tensor) -> None:
        self._rows = torch.tensor(rows, dtype=like.dtype, device=like.device)
        self._batch_size = batch_size
        self._generator = torch.Generator().manual_seed(seed)
        self.n_batches = -(-len(rows) // batch_size)

    def __iter__(self) -> Iterator[torch.Tensor]:
        order = torch.randperm(len(self._rows), generator=self._generator)
        for rows in torch.split(order, self._batch_size):
            yield self._rows[rows]


class BatchesAsTheyCome:
    """Minibatches of the caller's making, passed over at least once before."""

    def __init__(self, batches: Batches, like: torch.Tensor) -> None:
        self._batches, self._like = batches, like
        self.n_batches = batches.n_batches

    def __iter__(self) -> Iterator[torch.Tensor]:
        for rows in self._batches:
            yield torch.tensor(rows, dtype=self._like.dtype, device=self._like.device)


def make_epochs(
    source: FloatArray | Batches, batch_size: int | None, seed: int, like: torch.Tensor
) -> Epochs:
    """Return minibatches of checked data, of the kind of number that ``like`` holds."""
    if isinstance(source, Batches):
        return BatchesAsTheyCome(source, like)
    size = min(DEFAULT_BATCH, len(source)) if batch_size is None else batch_size
    return ShuffledRows(source, size, seed, like)


def minibatch_steps(
    model: LinearAutoencoder,
    regularizer: Regularizer,
    data: Epochs,
    *,
    optimizer: str,
    epochs: int,
    learning_rate: float,
    schedule: str,
    progress: bool,
) -> Generator[int, None, None]:
    """Minimise J by minibatches; yield the number of steps taken after each epoch.

    See `lae_helpers.training.fit` for the settings.

    Raises
    ------
    DivergenceError
        If the loss of a batch is NaN or infinite.
    """
    descent = MINIBATCH_OPTIMIZERS[optimizer](model.parameters(), lr=learning_rate)
    decay = torch.optim.lr_scheduler.CosineAnnealingLR(descent, epochs * data.n_batches)
    step = 0
    quiet = {} if progress else {"disable": True}  # unset, TQDM_DISABLE decides
    with tqdm(total=epochs, desc="training", unit="epoch", **quiet) as bar:
        for _ in range(epochs):
            for batch in data:
                penalty = regularizer.penalty(model.encoder.weight, model.decoder.weight)
                loss = reconstruction_loss(model, batch) + penalty
                step += 1
                if not torch.isfinite(loss):
                    raise DivergenceError(
                        f"the loss of a batch became {loss.item()} at step {step}; try a smaller "
                        f"learning_rate than {learning_rate:g}"
                    )
                descent.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
                descent.step()
                if schedule == "cosine":
                    decay.step()
            bar.update()
            yield step
