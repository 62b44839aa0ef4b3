"""The linear autoencoder and its reconstruction loss."""

from __future__ import annotations

from typing import SupportsIndex

import torch
from torch import nn

from lae_helpers._arrays import check_tensor
from lae_helpers._checks import check_count, check_flag


class LinearAutoencoder(nn.Module):
    """An encoder and a decoder, both affine, with a bottleneck between them.

    The weights start as independent normal numbers of standard deviation ``n_features ** -0.5``
    (each column of W2 then has a length near one), the biases at zero; all in float64. Samples and
    codes may come in any dtype and from any device: they are converted to those of the weights.

    Parameters
    ----------
    n_features : int
        Length n of a sample.
    n_components : int
        Width k of the bottleneck, from 1 to ``n_features``.
    bias : bool
        Whether encoder and decoder have biases b1 (k,) and b2 (n,).
    seed : int
        Seed of the starting weights, at least zero.

    Attributes
    ----------
    encoder : torch.nn.Linear
        ``encoder.weight`` is W1, shape (k, n).
    decoder : torch.nn.Linear
        ``decoder.weight`` is W2, shape (n, k).

    Raises
    ------
    TypeError
        If a width or the seed is not an integer, or ``bias`` neither True nor False.
    ValueError
        If one of them is out of range.

    Examples
    --------
    >>> model = LinearAutoencoder(n_features=784, n_components=16)
    >>> model.encoder.weight.shape, model.decoder.weight.shape
    (torch.Size([16, 784]), torch.Size([784, 16]))
    >>> model(torch.zeros(5, 784)).shape
    torch.Size([5, 784])
    """

    def __init__(
        self,
        n_features: SupportsIndex,
        n_components: SupportsIndex,
        bias: bool = True,
        *,
        seed: SupportsIndex = 0,
    ) -> None:
        super().__init__()
        n_features = check_count("n_features", n_features)
        n_components = check_count(
            "n_components", n_components, at_most=n_features, why=" (n_features)"
        )
        bias = check_flag("bias", bias)
        self.encoder = nn.Linear(n_features, n_components, bias=bias, dtype=torch.float64)
        self.decoder = nn.Linear(n_components, n_features, bias=bias, dtype=torch.float64)
        generator = torch.Generator().manual_seed(check_count("seed", seed, at_least=0))
        for layer in (self.encoder, self.decoder):
            nn.init.normal_(layer.weight, std=n_features**-0.5, generator=generator)
            if bias:
                nn.init.zeros_(layer.bias)

    @property
    def n_features(self) -> int:
        """Length n of a sample."""
        return self.encoder.in_features

    @property
    def n_components(self) -> int:
        """Width k of the bottleneck."""
        return self.encoder.out_features

    def encode(self, X: torch.Tensor) -> torch.Tensor:
        """Map samples, shape (n_samples, n_features), to codes, shape (n_samples, n_components)."""
        codes: torch.Tensor = self.encoder(X.to(self.encoder.weight))
        return codes

    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """Map codes, shape (n_samples, n_components), to samples, shape (n_samples, n_features)."""
        samples: torch.Tensor = self.decoder(codes.to(self.decoder.weight))
        return samples

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """Reconstruct samples: decode their codes; same shape as ``X``."""
        return self.decode(self.encode(X))


def check_model(model: object) -> LinearAutoencoder:
    """Return ``model`` if it is a LinearAutoencoder; else raise a TypeError that says so."""
    if not isinstance(model, LinearAutoencoder):
        raise TypeError(f"model must be a LinearAutoencoder, but it is a {type(model).__name__}")
    return model


def reconstruction_loss(model: LinearAutoencoder, X: torch.Tensor) -> torch.Tensor:
    """Return ``||X - model(X)||_F^2 / n_samples`` as a scalar tensor.

    A mean over samples and a sum over features: ``torch.nn.MSELoss``, a mean over both, is this
    divided by ``n_features``. ``X`` may be of any real dtype and on any device: the model's count.

    Parameters
    ----------
    model : LinearAutoencoder
    X : torch.Tensor, shape (n_samples, n_features)
        Of any real dtype and on any device: the model's count.

    Raises
    ------
    TypeError
        If ``X`` is not a dense tensor of real numbers.
    ValueError
        If an entry is masked, or ``X`` does not have at least one row and as many columns as the
        model has features.

    Examples
    --------
    >>> model = LinearAutoencoder(n_features=3, n_components=2)
    >>> with torch.no_grad():
    ...     model.decoder.weight[:] = 0.0
    >>> reconstruction_loss(model, torch.ones(5, 3)).item()  # the zero map loses all
    3.0
    """
    if not isinstance(X, torch.Tensor):
        raise TypeError(
            f"X must be a torch.Tensor, but it is a {type(X).__name__}; use torch.as_tensor(X)"
        )
    check_tensor("X", X)
    if X.ndim != 2 or len(X) == 0 or X.shape[1] != model.n_features:
        raise ValueError(
            f"X must have the shape (n_samples, {model.n_features}) with at least one sample, "
            f"but its shape is {tuple(X.shape)}"
        )
    X = X.to(model.encoder.weight)
    error: torch.Tensor = X - model(X)
    return error.square().sum() / len(X)


def moment_loss(
    W1: torch.Tensor, W2: torch.Tensor, covariance: torch.Tensor, offset: torch.Tensor
) -> torch.Tensor:
    """Return the reconstruction loss from the covariance alone, at a cost independent of N.

    Parameters
    ----------
    W1, W2 : torch.Tensor, shapes (k, n) and (n, k)
    covariance : torch.Tensor, shape (n, n)
    offset : torch.Tensor, shape (n,)
        How far the reconstruction of the mean is from the mean.

    Returns
    -------
    torch.Tensor, scalar
        ``tr((I - W2 W1) C (I - W2 W1)^T) + ||offset||^2``, equal to `reconstruction_loss` on the
        data that C and the mean come from.
    """
    W1_C = W1 @ covariance
    unexplained = covariance.trace() - 2 * (W2 * W1_C.T).sum()
    return unexplained + ((W2.T @ W2) * (W1_C @ W1.T)).sum() + offset.square().sum()
