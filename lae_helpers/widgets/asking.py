"""Questions to predict an answer to: five kinds, each with what is true as the page computed it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, SupportsFloat, SupportsIndex

from lae_helpers._checks import ArrayLike, check_between, check_count, check_positive, check_vector
from lae_helpers.widgets.prediction import Prediction

Ends = tuple[float, float]


def ask_choice(
    question: str, options: Sequence[str], *, truth: SupportsIndex, why: str
) -> Prediction:
    """Ask for one of a few.

    Parameters
    ----------
    question : str
    options : sequence of str
    truth : int
        Which of them is true, counted from zero.
    why : str
        A sentence that goes with the truth.

    Returns
    -------
    Prediction
    """
    right = check_count("truth", truth, at_least=0, at_most=len(options) - 1)
    return _ask("choice", question, why, options=list(options), truth=[right])


def ask_order(
    question: str, options: Sequence[str], *, truth: Iterable[SupportsIndex], why: str
) -> Prediction:
    """Ask for an order.

    Parameters
    ----------
    question : str
    options : sequence of str
        As they are shown at first.
    truth : iterable of int
        Which of them comes first, second, …, counted from zero.
    why : str
        A sentence that goes with the truth.

    Returns
    -------
    Prediction

    Raises
    ------
    ValueError
        If ``truth`` is no order of the options.
    """
    order = [check_count("truth", position, at_least=0) for position in truth]
    if sorted(order) != list(range(len(options))):
        raise ValueError(f"truth must be an order of 0 to {len(options) - 1}, not {order}")
    return _ask("order", question, why, options=list(options), truth=order)


def ask_number(
    question: str,
    *,
    truth: SupportsFloat,
    limits: Ends,
    why: str,
    label: str = "",
    log: bool = False,
    tolerance: float = 0.1,
) -> Prediction:
    """Ask for a number, on a slider.

    Parameters
    ----------
    question : str
    truth : float
    limits : tuple of float
        The ends of the slider.
    why : str
        A sentence that goes with the truth.
    label : str
        What the number is.
    log : bool
        Whether equal ways on the slider are equal factors.
    tolerance : float
        What is still a hit, as a share of the slider.

    Returns
    -------
    Prediction
    """
    axis = _check_axis("limits", limits, label, log=log)
    right = check_between("truth", truth, *limits)
    return _ask("number", question, why, tolerance, axes=[axis], truth=[right])


def ask_point(
    question: str,
    *,
    truth: Ends,
    limits: tuple[Ends, Ends],
    why: str,
    labels: tuple[str, str] = ("", ""),
    tolerance: float = 0.1,
) -> Prediction:
    """Ask for a point in the plane.

    Parameters
    ----------
    question : str
    truth : tuple of float
        To the right and up.
    limits : tuple of two tuples of float
        The ends of the two axes.
    why : str
        A sentence that goes with the truth.
    labels : tuple of str
        Of the axes.
    tolerance : float
        What is still a hit, as a share of the axes.

    Returns
    -------
    Prediction
    """
    pairs = zip(limits, labels, strict=True)
    axes = [_check_axis("limits", ends, label, log=False) for ends, label in pairs]
    right = [check_between("truth", t, *ends) for t, ends in zip(truth, limits, strict=True)]
    return _ask("point", question, why, tolerance, axes=axes, truth=right)


def ask_curve(
    question: str,
    *,
    x: ArrayLike,
    truth: ArrayLike,
    limits: Ends,
    why: str,
    labels: tuple[str, str] = ("", ""),
    log: bool = False,
    tolerance: float = 0.1,
) -> Prediction:
    """Ask for a curve, drawn on empty axes.

    Parameters
    ----------
    question : str
    x, truth : array_like, shape (m,)
        Places from left to right, and the heights of the curve there.
    limits : tuple of float
        The ends of the upward axis.
    why : str
        A sentence that goes with the truth.
    labels : tuple of str
        Of the axes.
    log : bool
        Whether the upward axis is logarithmic.
    tolerance : float
        What is still a hit, on average, as a share of the upward axis.

    Returns
    -------
    Prediction

    Raises
    ------
    ValueError
        If places and heights do not match, or the places do not increase.
    """
    places, heights = check_vector("x", x).tolist(), check_vector("truth", truth).tolist()
    if len(places) != len(heights):
        raise ValueError(f"truth must be {len(places)} heights, one a place, not {len(heights)}")
    if len(places) < 2 or sorted(set(places)) != places:
        raise ValueError(f"x must be two places or more, from left to right, not {places}")
    axes = [
        _check_axis("x", (places[0], places[-1]), labels[0], log=False),
        _check_axis("limits", limits, labels[1], log=log),
    ]
    right = [check_between("truth", height, *limits) for height in heights]
    return _ask("curve", question, why, tolerance, axes=axes, positions=places, truth=right)


def _check_axis(name: str, ends: Ends, label: str, *, log: bool) -> dict[str, Any]:
    low, high = (check_positive(name, end) if log else float(end) for end in ends)
    if not low < high:
        raise ValueError(f"{name} must go from a smaller number to a larger one, not {ends}")
    return {"limits": [low, high], "label": label, "log": log}


def _ask(
    kind: str, question: str, why: str, tolerance: float = 0.0, **traits: object
) -> Prediction:
    prediction = Prediction()
    traits |= {"kind": kind, "question": question, "why": why}
    traits["tolerance"] = check_between("tolerance", tolerance, 0, 1)
    for name, value in traits.items():
        prediction.set_trait(name, value)
    return prediction
