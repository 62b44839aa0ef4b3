"""What chapter 8's trainings came to, as tables: standings, ways back, settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lae_helpers._checks import FloatArray
from lae_helpers.feedback.base import FeedbackRule
from lae_helpers.feedback.records import Trial, choose
from lae_helpers.feedback.runs import Runs
from lae_helpers.plotting import Table

EXACT = "backprop"
OWN = {"length": "length", "rate": "rate", "alpha": "α"}  # what is chosen of a rule


def points_behind(runs: Mapping[str, Runs], label: str) -> FloatArray:
    """Return how many points of accuracy backprop is ahead at the end, a number a seed.

    Parameters
    ----------
    runs : mapping of str to Runs
        By label; backprop is one of them.
    label : str
    """
    behind: FloatArray = 100 * (runs[EXACT].accuracies[-1] - runs[label].accuracies[-1])
    return behind


def tabulate_standings(runs: Mapping[str, Runs]) -> Table:
    """Return the accuracy of every rule at the end, and how far it is behind backprop.

    Parameters
    ----------
    runs : mapping of str to Runs
        By label; backprop is one of them, and all have the same seeds.

    Returns
    -------
    Table
        Means over the seeds, with the standard deviation; the difference is that on the same seed,
        and the last column its largest.
    """
    rows = []
    for label, run in runs.items():
        behind = points_behind(runs, label)
        accuracy = _mean_and_deviation(100 * run.accuracies[-1])
        differs = label != EXACT
        rows.append(
            (
                label,
                accuracy,
                _mean_and_deviation(behind) if differs else "–",
                f"{behind.max():.1f}" if differs else "–",
            )
        )
    return Table(("rule", "accuracy, %", "points behind backprop", "at worst"), rows)


def tabulate_ways_back(runs: Mapping[str, Runs]) -> Table:
    """Return where the feedback of every rule points at the end, and how long it is.

    Parameters
    ----------
    runs : mapping of str to Runs
        By label.

    Returns
    -------
    Table
        Means over the seeds; where layers differ, the lowest and the highest layer.
    """
    rows = [
        (
            label,
            _ends(run.weight_angles[-1].mean(axis=0), "°", 0),
            f"{run.error_angles[-1][:, 0].mean():.0f}°",
            _ends(run.gains[-1].mean(axis=0), "", 2),
        )
        for label, run in runs.items()
    ]
    return Table(("rule", "B to Wᵀ", "error of layer 1", "‖B‖/‖W‖"), rows)


def tabulate_settings(trials: Mapping[str, Mapping[str, Sequence[Trial]]]) -> Table:
    """Return the setting that was chosen for every contestant, and how many were tried.

    Parameters
    ----------
    trials : mapping of str to mapping of str to sequence of Trial
        By name of the network, then by label; those with the most epochs are the finalists.
    """
    labels = list(next(iter(trials.values())))
    rows = [(label, *(_settle(some[label]) for some in trials.values())) for label in labels]
    return Table(("contestant", *trials), rows)


def best_by_step(trials: Sequence[Trial]) -> tuple[FloatArray, FloatArray]:
    """Return the steps of the first round, and the best mean accuracy in percent at each.

    Parameters
    ----------
    trials : sequence of Trial
    """
    scores: dict[float, list[float]] = {}
    for trial in _first_round(trials):
        mean = 100 * float(trial.accuracies.mean())
        scores.setdefault(trial.learning_rate, []).append(mean)
    return np.array(list(scores)), np.array([max(some) for some in scores.values()])


def _first_round(trials: Sequence[Trial]) -> list[Trial]:
    fewest = min(trial.epochs for trial in trials)
    return [trial for trial in trials if trial.epochs == fewest]


def _settle(trials: Sequence[Trial]) -> str:
    most = max(trial.epochs for trial in trials)
    best = choose([trial for trial in trials if trial.epochs == most])
    first = _first_round(trials)
    failed = sum(trial.n_broken > 0 for trial in first)
    chosen = [f"step {best.learning_rate:g}", *_coefficients(best.rule)]
    return f"{', '.join(chosen)} ({failed} of {len(first)} fail)"


def _coefficients(rule: FeedbackRule) -> list[str]:
    own = {word: getattr(rule, name, None) for name, word in OWN.items()}
    return [f"{word} {value:g}" for word, value in own.items() if value is not None]


def _mean_and_deviation(values: FloatArray) -> str:
    return f"{values.mean():.1f} ± {values.std(ddof=1):.1f}"


def _ends(values: FloatArray, unit: str, digits: int) -> str:
    low, high = (f"{value:.{digits}f}{unit}" for value in (values.min(), values.max()))
    return low if low == high else f"{low}\u00a0to\u00a0{high}"
