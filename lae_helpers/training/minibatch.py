"""Training by minibatches."""

from __future__ import annotations

from collections.abc import Generator

import torch
from tqdm.auto import tqdm

from lae_helpers._samples import Minibatches
from lae_helpers.autoencoder import LinearAutoencoder, reconstruction_loss
from lae_helpers.errors import DivergenceError
from lae_helpers.regularizers import Regularizer
from lae_helpers.training.options import Options

DEFAULT_RATE = 1e-3


def minibatch_steps(
    kind: type[torch.optim.Optimizer],
    model: LinearAutoencoder,
    regularizer: Regularizer,
    data: Minibatches,
    options: Options,
) -> Generator[int, None, None]:
    """Minimise J by minibatches; yield the number of steps taken after each epoch.

    Parameters
    ----------
    kind : type
        One of ``torch.optim``, which takes the parameters and ``lr``.
    model : LinearAutoencoder
        Moved in place.
    regularizer : Regularizer
    data : Minibatches
    options : Options

    Raises
    ------
    DivergenceError
        If the loss of a batch is NaN or infinite.
    """
    rate = DEFAULT_RATE if options.learning_rate is None else options.learning_rate
    descent = kind(model.parameters(), lr=rate)  # type: ignore[call-arg]
    decay = torch.optim.lr_scheduler.CosineAnnealingLR(descent, options.epochs * data.n_batches)
    step, weight = 0, model.encoder.weight
    quiet = {} if options.progress else {"disable": True}  # unset, TQDM_DISABLE decides
    with tqdm(total=options.epochs, desc="training", unit="epoch", **quiet) as bar:
        for _ in range(options.epochs):
            for rows in data:
                batch = torch.tensor(rows, dtype=weight.dtype, device=weight.device)
                penalty = regularizer.penalty(model.encoder.weight, model.decoder.weight)
                loss = reconstruction_loss(model, batch) + penalty
                step += 1
                if not torch.isfinite(loss):
                    raise DivergenceError(
                        f"the loss of a batch became {loss.item()} at step {step}; try a smaller "
                        f"learning_rate than {rate:g}"
                    )
                descent.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
                descent.step()
                if options.schedule == "cosine":
                    decay.step()
            bar.update()
            yield step
