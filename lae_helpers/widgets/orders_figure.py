"""The orders figure: k! orders as critical points, and a code covariance that sorts itself."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lae_helpers._checks import ArrayLike, FloatArray, check_vector
from lae_helpers.plotting import COLOURS, Picture, styled
from lae_helpers.widgets.base import InteractiveFigure
from lae_helpers.widgets.checks import trait_errors
from lae_helpers.widgets.front_end import join_modules, join_styles

Order = tuple[int, int, int]
ORDERS: tuple[Order, ...] = tuple((a, b, c) for a, b, c in permutations((1, 2, 3)))
RULES = ("different strengths", "rotation")


class OrdersFigure(InteractiveFigure):
    """Orders in which three components hold the first three directions, and the way to the first.

    An order is written as the directions that components 1, 2, 3 hold. Under different strengths
    each is a critical point of the loss with the non-uniform sum, and its index, the number of
    negative eigenvalues of the Hessian, is its number of inversions. Under the sum, all strengths
    equal, with a rotation beside the gradient, each is a rest point of the rule, and as many
    entries of the code covariance grow near it.

    Parameters
    ----------
    variances : array_like, shape (n,), optional
        Eigenvalues of the covariance, at least three and at most eight, positive and descending.
    lams : array_like, shape (3,), optional
        Strengths, ascending and positive, the last below the third variance. Their mean is the
        strength of the sum.
    rule : {"different strengths", "rotation"}
    order : sequence of int
        A permutation of 1, 2, 3: near it the network starts.

    Attributes
    ----------
    rule : str
        May be set, as may ``order``.
    order : list of int
    variances : list of float
    lams : list of float

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If an argument is of the wrong kind or out of range; the message names it.

    Examples
    --------
    >>> from lae_helpers.widgets import OrdersFigure
    >>> OrdersFigure().indices()
    {(1, 2, 3): 0, (1, 3, 2): 1, (2, 1, 3): 1, (2, 3, 1): 2, (3, 1, 2): 2, (3, 2, 1): 3}
    """

    _esm = join_modules("orders_figure.js")
    _css = join_styles("figure.css", "orders_figure.css")

    variances = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    lams = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    rule = traitlets.Enum(RULES, RULES[0]).tag(sync=True)
    order = traitlets.Any().tag(sync=True)

    def __init__(
        self,
        variances: ArrayLike = (6.0, 3.5, 2.0, 0.6, 0.3),
        *,
        lams: ArrayLike = (0.2, 1.0, 1.6),
        rule: str = RULES[0],
        order: Any = (2, 3, 1),  # noqa: ANN401 - what is none is refused below
    ) -> None:
        v, strengths = check_vector("variances", variances), check_vector("lams", lams)
        if not 3 <= len(v) <= 8 or (np.diff(v) >= 0).any() or v[-1] <= 0:
            raise ValueError(
                f"variances must be three to eight, positive and descending, but they are {v}"
            )
        if len(strengths) != 3 or (np.diff([0, *strengths, v[2]]) <= 0).any():
            raise ValueError(
                f"lams must be three, positive, ascending and below the third variance {v[2]:g}, "
                f"but they are {strengths}"
            )
        super().__init__(rule=rule, order=order)
        self.set_trait("variances", v.tolist())
        self.set_trait("lams", strengths.tolist())

    @traitlets.validate("order")
    def _check_order(self, proposal: dict[str, Any]) -> list[int]:
        with trait_errors():
            order = check_vector("order", proposal["value"]).tolist()
        if sorted(order) != [1, 2, 3]:
            raise traitlets.TraitError(f"order must be a permutation of 1, 2, 3, but it is {order}")
        return [int(index) for index in order]

    def strengths(self) -> FloatArray:
        """Return the strength of each component under the present rule, shape (3,)."""
        lams = np.array(self.lams)
        return lams if self.rule == RULES[0] else np.full(3, lams.mean())

    def indices(self) -> dict[Order, int]:
        """Return by order the number of its inversions: of directions that lead down."""
        return {order: sum(a > b for a, b in combinations(order, 2)) for order in ORDERS}

    def losses(self) -> dict[Order, float]:
        """Return by order by how much its loss is above the minimum."""
        v, lams = np.array(self.variances), self.strengths()
        held = {order: v[np.array(order) - 1] for order in ORDERS}
        gains = {order: ((c - lams) ** 2 / c).sum() for order, c in held.items()}
        return {order: float(gains[ORDERS[0]] - gain) for order, gain in gains.items()}

    def codes(self) -> FloatArray:
        """Return the code covariance W1 C W1^T at the present order, shape (3, 3)."""
        held = np.array(self.variances)[np.array(self.order) - 1]
        return np.diag(held - self.strengths())

    def picture(self) -> Picture:
        """Draw the graph of the orders, and the code covariance of the present one."""
        indices, losses, codes = self.indices(), self.losses(), self.codes()
        with styled():
            figure = Figure(figsize=(6.4, 3.4), layout="constrained")
            graph, heat = figure.subplots(1, 2, width_ratios=(1.5, 1))
            _draw_graph(graph, indices, losses, tuple(self.order))
            heat.imshow(codes, cmap="Greys", vmin=0, vmax=self.variances[0])
            for i in range(3):
                dark = codes[i, i] > self.variances[0] / 2
                heat.annotate(f"{codes[i, i]:.2f}", (i, i), ha="center", va="center",
                              color="white" if dark else "black")  # fmt: skip
            heat.set(xticks=[], yticks=[])
            heat.set_title("code covariance")
        said = "; ".join(
            f"{_say(order)}: index {indices[order]}, {losses[order]:.3g} above the minimum"
            for order in ORDERS
        )
        return Picture(
            figure,
            "A hexagon of six orders, joined where two neighbouring components change places. "
            f"{said}. The code covariance at {_say(self.order)} is diagonal, with "
            f"{', '.join(f'{value:.3g}' for value in codes.diagonal())}.",
        )


def _say(order: tuple[int, ...] | list[int]) -> str:
    return " ".join(map(str, order))


def _place(order: tuple[int, ...]) -> FloatArray:
    """Return where an order stands: a corner of the permutohedron, the first order lowest."""
    a, b, c = np.argsort(order)
    return np.array([(a - 2 * b + c) / np.sqrt(3), a - c])


def _draw_graph(
    ax: Axes, indices: dict[Order, int], losses: dict[Order, float], chosen: tuple[int, ...]
) -> None:
    for one, other in combinations(ORDERS, 2):
        if other in ((one[1], one[0], one[2]), (one[0], one[2], one[1])):
            ends = np.array([_place(one), _place(other)])
            ax.plot(*ends.T, color="0.6", linestyle="-", linewidth=1.2)
    for order in ORDERS:
        box = {"boxstyle": "round", "edgecolor": COLOURS[3] if order == chosen else "0.5",
               "facecolor": "white", "linewidth": 2.5 if order == chosen else 1}  # fmt: skip
        x, y = _place(order)
        above = f"\n+{losses[order]:.3g}" if indices[order] else ""
        ax.annotate(f"{_say(order)}\nindex {indices[order]}{above}", (x, y),
                    ha="center", va="center", bbox=box)  # fmt: skip
    ax.set(xlim=(-2.6, 2.6), ylim=(-2.7, 2.7))
    ax.axis("off")
    ax.set_title("orders: index, loss above the minimum")
