"""The figures of the book: one call, one figure, its alt text included.

A function named ``show_…`` or ``plot_…`` returns a `Picture`, which a notebook shows as the value
of a cell: a PNG with an alt text made from the very numbers that are drawn.
A `Table` is shown as one.
"""

from lae_helpers.plotting.axes import draw_curves, label_decades
from lae_helpers.plotting.curves import plot_curves, plot_spread
from lae_helpers.plotting.images import show_images
from lae_helpers.plotting.matrices import plot_matrices
from lae_helpers.plotting.picture import Picture, join_sentences
from lae_helpers.plotting.style import COLOURS, DECODER, ENCODER, PLAIN, SIGNED, styled
from lae_helpers.plotting.table import Table

__all__ = [
    "COLOURS",
    "DECODER",
    "ENCODER",
    "PLAIN",
    "SIGNED",
    "Picture",
    "Table",
    "draw_curves",
    "join_sentences",
    "label_decades",
    "plot_curves",
    "plot_matrices",
    "plot_spread",
    "show_images",
    "styled",
]
