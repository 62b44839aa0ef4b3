"""Training by minibatches."""

from __future__ import annotations

from collections.abc import Generator

import torch
from tqdm.auto import tqdm

from lae_helpers._samples import Minibatches
from lae_helpers.autoencoder import LinearAutoencoder, reconstruction_loss
from lae_helpers.errors import DivergenceError
from lae_helpers.regularizers import Regularizer

MINIBATCH_OPTIMIZERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


def minibatch_steps(
    model: LinearAutoencoder,
    regularizer: Regularizer,
    data: Minibatches,
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
    step, weight = 0, model.encoder.weight
    quiet = {} if progress else {"disable": True}  # unset, TQDM_DISABLE decides
    with tqdm(total=epochs, desc="training", unit="epoch", **quiet) as bar:
        for _ in range(epochs):
            for rows in data:
                batch = torch.tensor(rows, dtype=weight.dtype, device=weight.device)
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
