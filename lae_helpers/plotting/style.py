"""The look of every figure: colours, dashes and settings, whatever the reader's own.

The colours are those of Okabe and Ito, which colour-blind readers can tell apart; lines differ in
their dashes too.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cycler import cycler
from matplotlib import rcParams, rcParamsDefault

ENCODER, DECODER = "#0072B2", "#C04D00"
SIGNED = "PRGn_r"  # green, white at zero, purple: blue and orange belong to the two matrices
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#56B4E9", "#E69F00")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
NO_LOOKS = ("backend", "date", "docstring", "interactive", "keymap", "timezone", "tk", "toolbar",
            "webagg")  # fmt: skip
PLAIN: dict[Any, Any] = {
    key: value for key, value in rcParamsDefault.items() if key.partition(".")[0] not in NO_LOOKS
}
STYLE = PLAIN | {
    "font.size": 12.5,  # of all letters: nine pixels and more where a phone shows 640 as 338
    "axes.titlesize": "medium",
    "legend.fontsize": "medium",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=COLOURS) + cycler(linestyle=DASHES),
    "legend.edgecolor": "none",
    "legend.framealpha": 0.85,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "lae_helpers",
}
_STYLING = threading.RLock()


def matrix_colour(label: str, otherwise: str = "black") -> str:
    """Return the colour of the one matrix, encoder or decoder, that a label names.

    Parameters
    ----------
    label : str
        "rows of W₁", "the decoder’s columns".
    otherwise : str
        Where it names neither, or both.

    Returns
    -------
    str
    """
    named = {
        colour
        for pattern, colour in ((r"\b(W₁\b|encoder)", ENCODER), (r"\b(W₂\b|decoder)", DECODER))
        if re.search(pattern, label)
    }
    return named.pop() if len(named) == 1 else otherwise


@contextmanager
def styled(style: Mapping[Any, Any] = STYLE) -> Iterator[None]:
    """Draw in the book's style, whatever style sheet or matplotlibrc the reader uses.

    One thread at a time. Only settings that differ are touched, and each is set back afterwards
    unless another thread has changed it meanwhile: under Matplotlib's own, ``PLAIN`` touches none.
    """
    with _STYLING:
        before = {key: rcParams[key] for key, value in style.items() if rcParams[key] != value}
        rcParams.update({key: style[key] for key in before})
        try:
            yield
        finally:
            rcParams.update({key: v for key, v in before.items() if rcParams[key] == style[key]})
