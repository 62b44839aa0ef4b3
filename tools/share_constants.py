"""Write the constants that the figures' JavaScript shares with the Python it mirrors.

What a reader may choose between, limits among them, are traits; these are the same in every figure.
``python -m tools.share_constants`` writes the module; a test compares it with the Python.
"""

from __future__ import annotations

import json
from pathlib import Path

from lae_helpers.explorer import points
from lae_helpers.explorer.weights import GROWN_NORM
from lae_helpers.regularizers import REGULARIZERS, make_regularizer
from lae_helpers.scalar import descent, plots

ROOT = Path(__file__).resolve().parents[1]
MODULE = ROOT / "lae_helpers" / "widgets" / "js" / "numerics" / "constants.js"


def constants_module() -> str:
    """Return the text of the module, as prettier lays it out."""
    groups = {name: make_regularizer(name, 1.0, 2).invariance_group for name in REGULARIZERS}
    entries = "".join(
        f"  {name if name.isidentifier() else json.dumps(name)}: "
        f"{json.dumps(group, ensure_ascii=False)},\n"
        for name, group in groups.items()
    )
    return f"""/** Written by tools/share_constants.py out of the Python: change values there. */

/** The regularisers, and the group that leaves the loss with each unchanged. */
export const INVARIANCE_GROUPS = /** @type {{const}} */ ({{
{entries}}});

/** The norm of weights that have grown, which the rate at a small start has to suit too. */
export const GROWN_NORM = {_number(GROWN_NORM)};

/** Gradient descent on the smallest autoencoder: its end, and its step as a share of 1/L. */
export const MOST_STEPS = {descent.MOST_STEPS};
export const TOLERANCE = {_number(descent.TOLERANCE)};
export const STEP_SHARE = {_number(descent.STEP_SHARE)};

/** Its contours: how many, and the lowest as a share of the range. */
export const N_CONTOURS = {plots.N_CONTOURS};
export const LOWEST_CONTOUR = {_number(plots.LOWEST_CONTOUR)};

/** Points in the plane: how many, and the degrees of the direction of variance one. */
export const N_POINTS = {points.N_POINTS};
export const AXIS = {_number(points.AXIS)};

/** Further samples of them, with the seed of the first; the plane on show, and their mean. */
export const N_OTHERS = {points.N_OTHERS};
export const FIRST_OTHER = {points.FIRST_OTHER};
export const REACH = {_number(points.REACH)};
export const FARTHEST_MEAN = {_number(points.FARTHEST_MEAN)};

/** The smallest autoencoder with biases: its cloud, rate, spread of the first weights, steps. */
export const BIAS_SEED = {points.BIAS_SEED};
export const BIAS_RATIO = {_number(points.BIAS_RATIO)};
export const BIAS_RATE = {_number(points.BIAS_RATE)};
export const BIAS_START = {_number(points.BIAS_START)};
export const BIAS_STEPS = {points.BIAS_STEPS};
"""


def _number(value: float) -> str:
    return f"{value:g}".replace("e-0", "e-")


if __name__ == "__main__":
    MODULE.write_text(constants_module(), encoding="utf-8")
