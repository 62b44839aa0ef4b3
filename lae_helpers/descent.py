"""The loss as a function of the model, and two optimisers that walk down it on all of the data."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import torch

from lae_helpers.autoencoder import LinearAutoencoder, moment_loss
from lae_helpers.moments import Moments
from lae_helpers.regularizers import Regularizer


class DivergenceError(ArithmeticError):
    """The loss stopped being a finite number; the model has its starting weights again."""


@dataclass(frozen=True)
class Evaluation:
    """J and its gradient by each of the leaves, at these values of them."""

    leaves: list[torch.Tensor]
    loss: torch.Tensor
    gradients: tuple[torch.Tensor, ...]


class Objective:
    """J of one model on all of the data, through mean and covariance."""

    def __init__(
        self, model: LinearAutoencoder, moments: Moments, regularizer: Regularizer
    ) -> None:
        like = model.encoder.weight
        self.model = model
        self.regularizer = regularizer
        self.mean = torch.as_tensor(moments.mean, dtype=like.dtype, device=like.device)
        self.covariance = torch.as_tensor(moments.covariance, dtype=like.dtype, device=like.device)
        self.has_biases = "encoder.bias" in model.state_dict()
        self.scale = float(self.covariance.trace()) or 1.0  # constant data have no scale
        if not self.has_biases:
            self.scale += float(self.mean.square().sum())
        self._placed: list[torch.Tensor] | None = None
        self._last: Evaluation | None = None

    def centred_biases(self) -> list[torch.Tensor]:
        """Return d as a new leaf in the place of the biases, or nothing without biases.

        ``c = b1 + W1 mean`` and ``d = b2 - mean`` are the biases as seen from the mean. In them
        the mean drops out of the problem, which it would make badly conditioned. Every function
        of the model can be had with ``c = 0``, so that d is all that is left to find.
        """
        if not self.has_biases:
            return []
        with torch.no_grad():
            return [(self.model(self.mean[None])[0] - self.mean).requires_grad_()]

    def place_biases(self, centred_biases: list[torch.Tensor]) -> None:
        """Give the model the biases that ``c = 0`` and these mean for its present weights."""
        self._placed = centred_biases
        if centred_biases:
            encoder, decoder = self.model.encoder, self.model.decoder
            with torch.no_grad():
                encoder.bias.copy_(-encoder.weight @ self.mean)
                decoder.bias.copy_(centred_biases[0] + self.mean)

    def matrix(self) -> torch.Tensor:
        """Return the matrix in the loss: the covariance, or without biases the second moments."""
        if self.has_biases:
            return self.covariance
        return self.covariance + torch.outer(self.mean, self.mean)

    def top_eigenvalue(self) -> float:
        """Return the largest eigenvalue of the matrix in the loss."""
        return float(torch.linalg.eigvalsh(self.matrix())[-1])

    def loss(self, centred_biases: list[torch.Tensor]) -> torch.Tensor:
        """Return J of the model's weights and of the biases that `centred_biases` gave."""
        W1, W2 = self.model.encoder.weight, self.model.decoder.weight
        offset = -centred_biases[0] if centred_biases else self.mean - W2 @ (W1 @ self.mean)
        return moment_loss(W1, W2, self.covariance, offset) + self.regularizer.penalty(W1, W2)

    def evaluate(self, centred_biases: list[torch.Tensor]) -> Evaluation:
        """Return J and its gradient at the model's weights and these biases.

        An optimiser asks at the end of a step, the record after it, and the optimiser again at
        the beginning of the next step: the second and the third answer are the first.
        """
        leaves = [self.model.encoder.weight, self.model.decoder.weight, *centred_biases]
        last = self._last
        if last is None or not all(map(torch.equal, last.leaves, leaves)):
            loss = self.loss(centred_biases)
            gradients = torch.autograd.grad(loss, leaves)
            last = Evaluation([leaf.detach().clone() for leaf in leaves], loss.detach(), gradients)
            self._last = last
        return last

    def loss_and_slope(self) -> tuple[float, float]:
        """Return J and the largest entry of its gradient, at the model's present parameters."""
        biases = self.centred_biases() if self._placed is None else self._placed
        now = self.evaluate(biases)
        return now.loss.item(), max(gradient.abs().max().item() for gradient in now.gradients)


def lbfgs_steps(objective: Objective, *, max_steps: int) -> Generator[int, None, None]:
    """Minimise J by L-BFGS; yield the number of each step taken, the model up to date.

    The biases move as `Objective.centred_biases` has them.
    """
    biases = objective.centred_biases()
    optimizer = torch.optim.LBFGS(
        [objective.model.encoder.weight, objective.model.decoder.weight, *biases],
        max_iter=1,
        max_eval=30,
        history_size=50,
        tolerance_grad=0.0,
        tolerance_change=0.0,
        line_search_fn="strong_wolfe",
    )

    def closure() -> torch.Tensor:
        return _set_gradients(objective, biases)

    for step in range(1, max_steps + 1):
        optimizer.step(closure)  # type: ignore[no-untyped-call, unused-ignore]
        objective.place_biases(biases)
        yield step


def _set_gradients(objective: Objective, biases: list[torch.Tensor]) -> torch.Tensor:
    """Give the leaves their gradients, where torch's optimisers look for them; return J."""
    now = objective.evaluate(biases)
    leaves = [objective.model.encoder.weight, objective.model.decoder.weight, *biases]
    for leaf, gradient in zip(leaves, now.gradients, strict=True):
        leaf.grad = gradient.clone()
    return now.loss


def stable_learning_rate(
    W1: torch.Tensor,
    W2: torch.Tensor,
    top_eigenvalue: float,
    regularizer: Regularizer,
    *,
    least_norm: float = 0.0,
) -> float:
    """Return 1 / L for gradient descent, L a bound on the curvature of J at these weights.

    With a and b the spectral norms of W1 and W2, s the top eigenvalue of the matrix C in the loss
    plus the ridge r, and lam the largest strength, ``L = 2 s (a^2 + b^2 + a b + 1) + 2 lam``.
    For changes A of W1 and B of W2 the second-order term of J is ``||(B W1 + W2 A) R||^2`` with
    ``R^2 = C + r I``, plus ``2 tr((W2 W1 R^2 - C) (B A)^T)``, plus the strengths times squares of
    A and B: at most ``s (a^2 + b^2) + s (a b + 1) + lam`` times ``||A||^2 + ||B||^2``.

    Parameters
    ----------
    W1, W2 : torch.Tensor, shapes (k, n) and (n, k)
    top_eigenvalue : float
        Largest eigenvalue of the matrix in the loss.
    regularizer : Regularizer
    least_norm : float
        What a and b count as at least. With 1 the rate is stable at the minimum too, where weights
        from a small start will have grown to a = b = 1 and the curvature is ``4 s``.

    Returns
    -------
    float
        Rounded down to three significant digits; 1.0 where J is constant.
    """
    norms = (float(torch.linalg.matrix_norm(W.detach(), ord=2)) for W in (W1, W2))
    a, b = (max(norm, least_norm) for norm in norms)
    top = top_eigenvalue + regularizer.ridge
    strongest = float(regularizer.strengths(len(W1)).max())
    curvature = 2 * top * (a * a + b * b + a * b + 1) + 2 * strongest
    mantissa, exponent = f"{1 / curvature if curvature else 1.0:.16e}".split("e")
    return float(f"{mantissa[:4]}e{exponent}")


def gradient_descent_steps(
    objective: Objective, *, max_steps: int, learning_rate: float | None = None
) -> Generator[int, None, None]:
    """Minimise J by ``W <- W - learning_rate * gradient``, both weight matrices at once.

    Yields the number of each step taken, the model up to date. Biases move along as
    `Objective.centred_biases` has them: it is d that takes the step, and c is zero. Without a
    learning rate it is `stable_learning_rate` at the start; in d the curvature is always 2, so
    that with biases it is at most 1/2, which finds d in one step.

    Raises
    ------
    DivergenceError
        If the loss or a weight is NaN or infinite.
    """
    encoder, decoder = objective.model.encoder, objective.model.decoder
    biases = objective.centred_biases()
    if learning_rate is None:
        top = objective.top_eigenvalue()
        rate = stable_learning_rate(encoder.weight, decoder.weight, top, objective.regularizer)
        learning_rate = min(rate, 0.5) if biases else rate
    leaves = [encoder.weight, decoder.weight, *biases]
    optimizer = torch.optim.SGD(leaves, lr=learning_rate)
    for step in range(1, max_steps + 1):
        loss = _set_gradients(objective, biases)
        optimizer.step()
        if not (loss.isfinite() and all(leaf.isfinite().all() for leaf in leaves)):
            raise DivergenceError(
                f"the loss or a weight became NaN or infinite at step {step}; try a smaller "
                f"learning_rate than {learning_rate:g}"
            )
        objective.place_biases(biases)
        yield step
