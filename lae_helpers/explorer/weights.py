"""The explorer's weights: as a model, as a picture, and the learning rate that suits them."""

from __future__ import annotations

import numpy as np
import torch

from lae_helpers._checks import FloatArray
from lae_helpers._layouts import find_layout
from lae_helpers.autoencoder import LinearAutoencoder
from lae_helpers.explorer.problems import Problem
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
    """Draw columns and left singular vectors of W2 above the principal directions.

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
    decoder = model.decoder.weight.detach().numpy()
    columns = decoder / np.linalg.norm(decoder, axis=0).clip(min=1e-12)
    found = recover_from_decoder(model).directions
    rows = {
        "Columns of W₂, |cos| to the principal directions": columns,
        "Left singular vectors of W₂, |cos| to the same": found,
        "Principal directions, variance along each": directions,
    }
    marks = [np.abs((matrix * directions).sum(axis=0)) for matrix in (columns, found)]
    captions = dict(zip(rows, [*marks, problem.variances[:k]], strict=True))
    layout = problem.layout or find_layout(len(directions))
    return show_images(
        rows,
        captions=captions,
        image_shape=layout.image_shape,
        feature_names=layout.names or None,
        alt=alt,
    )
