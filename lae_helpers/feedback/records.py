"""Chapter 8's long trainings: recorded once by ``tools/record_feedback.py``, read by the page."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from lae_helpers._checks import FloatArray
from lae_helpers.feedback.base import FeedbackRule
from lae_helpers.feedback.rules import RULES
from lae_helpers.feedback.runs import KEPT_DIGITS, Runs

RECORD = Path(__file__).with_name("recorded.json.gz")
LEAST = 0.2  # a network that reads fewer digits than this share has broken down

_RULES = {kind.__name__: kind for kind in RULES}


@dataclass(frozen=True)
class Trial:
    """A setting of a rule, and how it did on the validation images.

    Attributes
    ----------
    rule : FeedbackRule
    learning_rate : float
    epochs : int
    accuracies : ndarray, shape (seeds,)
        At the end; zero where the training diverged.
    """

    rule: FeedbackRule
    learning_rate: float
    epochs: int
    accuracies: FloatArray

    @property
    def n_broken(self) -> int:
        """How many of the networks diverged or ended near chance, below a share of 0.2."""
        return int((self.accuracies < LEAST).sum())


@dataclass(frozen=True)
class Recording:
    """What was tried and what was run, by name of the network and label of the contestant.

    Attributes
    ----------
    trials : mapping of str to mapping of str to sequence of Trial
    runs : mapping of str to mapping of str to Runs
        Each with the setting that `choose` takes out of the trials that ran as long.
    seconds : float
        Processor time of everything, about: trainings may have been run beside other work.
    """

    trials: Mapping[str, Mapping[str, Sequence[Trial]]]
    runs: Mapping[str, Mapping[str, Runs]]
    seconds: float


def choose(trials: Sequence[Trial]) -> Trial:
    """Return the trial with the highest mean accuracy, the first one if there are several."""
    return max(trials, key=lambda trial: float(trial.accuracies.mean()))


def load_recording(path: Path = RECORD) -> Recording:
    """Read the recording that comes with the package, or another one."""
    content = json.loads(gzip.decompress(path.read_bytes()))
    return Recording(
        trials={
            name: {label: [_read_trial(one) for one in some] for label, some in by_label.items()}
            for name, by_label in content["trials"].items()
        },
        runs={
            name: {label: _read_runs(one) for label, one in some.items()}
            for name, some in content["runs"].items()
        },
        seconds=content["seconds"],
    )


def save_recording(recording: Recording, path: Path = RECORD) -> None:
    """Write a recording, numbers as whole multiples of the last digit that is kept.

    Parameters
    ----------
    recording : Recording
    path : pathlib.Path
    """
    content = {
        "trials": {
            name: {label: [_write_trial(one) for one in some] for label, some in by_label.items()}
            for name, by_label in recording.trials.items()
        },
        "runs": {
            name: {label: _write_runs(one) for label, one in some.items()}
            for name, some in recording.runs.items()
        },
        "seconds": round(recording.seconds),
    }
    text = json.dumps(content, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def _write_rule(rule: FeedbackRule) -> list[Any]:
    return [type(rule).__name__, {field.name: getattr(rule, field.name) for field in fields(rule)}]


def _read_rule(written: list[Any]) -> FeedbackRule:
    name, coefficients = written
    return _RULES[name](**coefficients)


def _write_trial(trial: Trial) -> list[Any]:
    counts = _pack(trial.accuracies, KEPT_DIGITS["accuracies"])
    return [_write_rule(trial.rule), trial.learning_rate, trial.epochs, counts]


def _read_trial(written: list[Any]) -> Trial:
    rule, learning_rate, epochs, counts = written
    accuracies = _unpack(counts, KEPT_DIGITS["accuracies"])
    return Trial(_read_rule(rule), learning_rate, epochs, accuracies)


def _write_runs(runs: Runs) -> dict[str, Any]:
    tables = {name: _pack(table, KEPT_DIGITS[name]) for name, table in runs.tables().items()}
    settings = ("widths", "seeds", "epochs", "learning_rate", "batch_size")
    return {
        "rule": _write_rule(runs.rule),
        **{name: getattr(runs, name) for name in settings},
        **tables,
    }


def _read_runs(written: dict[str, Any]) -> Runs:
    tables = {name: _unpack(written[name], digits) for name, digits in KEPT_DIGITS.items()}
    sizes = {name: tuple(written[name]) for name in ("widths", "seeds")}
    rule = _read_rule(written["rule"])
    return Runs(**{**written, **sizes, **tables, "rule": rule, "networks": ()})


def _pack(values: FloatArray, digits: int) -> list[Any]:
    whole: list[Any] = np.rint(values * 10**digits).astype(int).tolist()
    return whole


def _unpack(whole: list[Any], digits: int) -> FloatArray:
    values: FloatArray = (np.array(whole) / 10**digits).round(digits)
    return values
