"""The explorer's weights: as a model, as a picture, and the learning rate that suits them."""

from __future__ import annotations

import numpy as np
import torch

from lae_helpers._checks import FloatArray
from lae_helpers._layouts import find_layout
from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.explorer.problems import Problem
from lae_helpers.metrics import transpose_gap
from lae_helpers.plotting import Picture, show_images
from lae_helpers.recovery import recover_from_decoder
from lae_helpers.regularizers import Regularizer
from lae_helpers.training.full_batch import stable_learning_rate

GROWN_NORM = 1.0  # of small weights at their end: the rate at their start has to suit it too


def make_model(W1: FloatArray, W2: FloatArray) -> LinearAutoencoder:
    """Return a model without biases that has copies of these weights.

    Parameters
    ----------
    W1, W2 : ndarray, shapes (k, n_features) and (n_features, k)

    Returns
    -------
    LinearAutoencoder
    """
    model = LinearAutoencoder(len(W2), len(W1), bias=False)
    with torch.no_grad():
        model.encoder.weight.copy_(torch.from_numpy(W1))
        model.decoder.weight.copy_(torch.from_numpy(W2))
    return model


def choose_rate(
    problem: Problem, W1: FloatArray, W2: FloatArray, regularizer: Regularizer
) -> float:
    """Return a learning rate that is stable at these weights and where they will have grown to.

    Parameters
    ----------
    problem : Problem
    W1, W2 : ndarray, shapes (k, n) and (n, k)
        In the problem's n coordinates.
    regularizer : Regularizer

    Returns
    -------
    float
        See `stable_learning_rate`.
    """
    return stable_learning_rate(
        torch.from_numpy(W1),
        torch.from_numpy(W2),
        float(problem.spectrum[0]),
        regularizer,
        least_norm=GROWN_NORM,
    )


def draw_weights(model: LinearAutoencoder, problem: Problem, *, alt: str = "") -> Picture:
    """Draw the rows of W1 over the columns of W2, and what an SVD finds over what there is to find.

    Parameters
    ----------
    model : LinearAutoencoder
        k components.
    problem : Problem
        With at least k principal directions.
    alt : str
        What there is to see; the alt text ends with it, after the numbers drawn.

    Returns
    -------
    Picture
    """
    k = model.n_components
    directions = problem.directions[:, :k]
    encoder = model.encoder.weight.detach().numpy().T
    decoder = model.decoder.weight.detach().numpy()
    found = recover_from_decoder(model).directions
    lengths = np.linalg.norm(decoder, axis=0).clip(min=1e-12)
    rows = {
        "Rows of the encoder W₁": encoder,
        (columns := "Columns of the decoder W₂, |cos| to the principal directions"): decoder,
        f"Their difference, transpose gap {transpose_gap(model):.3f}": encoder - decoder,
        (vectors := "Left singular vectors of W₂, |cos| to the same"): found,
        (axes := "Principal directions, variance along each"): directions,
    }
    captions = {
        columns: np.abs((decoder / lengths * directions).sum(axis=0)),
        vectors: np.abs((found * directions).sum(axis=0)),
        axes: problem.variances[:k],
    }
    layout = problem.layout or find_layout(len(directions))
    return show_images(
        rows,
        captions=captions,
        same_scale=list(rows)[:3],
        image_shape=layout.image_shape,
        feature_names=layout.names or None,
        alt=alt,
    )
