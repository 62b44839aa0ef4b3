"""Record the trainings of chapter 8: choose settings by validation, then train what was chosen.

Every setting is tried briefly with two seeds, the three best of every contestant in full with three
more, and the best of these is trained and judged. Takes half an hour on two cores and may be
interrupted: what has been tried is kept in _build/feedback_trials.jsonl. Every training is
determined by its setting and its seed, so that any of them can be repeated alone;
tests/feedback/test_records.py does so.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import multiprocessing
import time
from collections.abc import Sequence
from functools import cache
from multiprocessing.pool import Pool
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from tqdm import tqdm

from lae_helpers import load_mnist
from lae_helpers.errors import DivergenceError
from lae_helpers.feedback.base import FeedbackRule
from lae_helpers.feedback.data import LabelledImages, split_digits
from lae_helpers.feedback.records import Recording, Trial, choose, save_recording
from lae_helpers.feedback.rules import (
    Backprop,
    FeedbackAlignment,
    InformationAlignment,
    KolenPollack,
    SymmetricAlignment,
    WeightMirror,
)
from lae_helpers.feedback.runs import Runs
from lae_helpers.feedback.training import train_with_feedback

NETWORKS = {"2 hidden layers": (128, 128), "4 hidden layers": (64, 64, 64, 64)}
BRIEF, FULL = (10, (100, 101)), (20, (102, 103, 104))  # epochs and seeds of the trials
SEEDS, N_FINALISTS = tuple(range(16)), 3
STEPS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
SHORTER = (0.025, *STEPS)  # for random feedback: the longer it is, the shorter a step it bears
LENGTHS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
RATES = (0.05, 0.1, 0.2, 0.4)
KEPT = Path(__file__).resolve().parents[1] / "_build" / "feedback_trials.jsonl"


def align(beta: float, alphas: tuple[float, ...]) -> list[FeedbackRule]:
    """Return candidates for information alignment with gamma one."""
    return [InformationAlignment(rate=r, alpha=a, beta=beta) for a in alphas for r in RATES]


CANDIDATES: dict[str, list[FeedbackRule]] = {
    "backprop": [Backprop()],
    "feedback alignment, as drawn": [FeedbackAlignment()],
    "feedback alignment, tuned": [FeedbackAlignment(length=f) for f in LENGTHS],
    "Kolen–Pollack": [KolenPollack()],
    "weight mirror": [WeightMirror(rate=rate) for rate in (*RATES, 0.8)],
    "information alignment, β = 0.1": align(0.1, (1.0, 1.5, 2.0)),
    "information alignment, β = 1": align(1.0, (2.0, 3.0, 4.0, 6.0)),
    "information alignment 1/1/1": align(1.0, (1.0,)),
    "symmetric alignment": [SymmetricAlignment()],
}


def list_settings(label: str) -> list[tuple[FeedbackRule, float]]:
    """Return what a contestant may choose from: rules and steps."""
    steps = SHORTER if label.startswith("feedback alignment") else STEPS
    return list(itertools.product(CANDIDATES[label], steps))


class Job(NamedTuple):
    """One training: of a network, to choose or to judge by, with a rule, a step and seeds."""

    network: str
    judged: bool
    rule: FeedbackRule
    step: float
    epochs: int
    seeds: tuple[int, ...]


@cache
def load_images() -> tuple[LabelledImages, LabelledImages]:
    """Return the images to choose by and those to judge by, split once a process."""
    torch.set_num_threads(1)
    return split_digits(*load_mnist())


def train(job: Job) -> tuple[Job, Runs | None, float]:
    """Return the job, what came of it, or None if it diverged, and the seconds it took."""
    images, begun = load_images()[job.judged], time.process_time()
    runs = None
    try:
        runs = train_with_feedback(
            job.rule, images, NETWORKS[job.network], seeds=job.seeds, epochs=job.epochs,
            learning_rate=job.step,
        )  # fmt: skip
    except DivergenceError:
        if job.judged:
            raise
    return job, runs and dataclasses.replace(runs, networks=()), time.process_time() - begun


class Trials:
    """What trainings to choose by came to; each is done once and kept on disk."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.seconds = pool, 0.0
        self.ends: dict[str, float] = {}
        KEPT.parent.mkdir(exist_ok=True)
        if KEPT.exists():
            for line in KEPT.read_text("utf-8").splitlines():
                key, accuracy, seconds = json.loads(line)
                self.ends[key] = accuracy
                self.seconds += seconds

    def run(
        self, network: str, settings: Sequence[tuple[FeedbackRule, float]],
        epochs: int, seeds: tuple[int, ...],
    ) -> list[Trial]:  # fmt: skip
        """Try settings of a rule and a step, for some epochs with some seeds."""
        wanted = [
            [Job(network, False, rule, step, epochs, (seed,)) for seed in seeds]
            for rule, step in settings
        ]
        new = [job for jobs in wanted for job in jobs if repr(job) not in self.ends]
        with KEPT.open("a", encoding="utf-8") as file:
            for job, runs, seconds in tqdm(self.pool.imap_unordered(train, new), total=len(new)):
                accuracy = 0.0 if runs is None else float(runs.accuracies[-1, 0])
                self.ends[repr(job)] = accuracy
                self.seconds += seconds
                print(json.dumps([repr(job), accuracy, seconds]), file=file, flush=True)
        return [
            Trial(rule, step, epochs, np.array([self.ends[repr(job)] for job in jobs]))
            for (rule, step), jobs in zip(settings, wanted, strict=True)
        ]


def main() -> None:
    """Run everything and write the record."""
    with multiprocessing.get_context("spawn").Pool() as pool:
        tried = Trials(pool)
        trials: dict[str, dict[str, list[Trial]]] = {}
        runs: dict[str, dict[str, Runs]] = {}
        for name in NETWORKS:
            trials[name], finals = {}, []
            for label in CANDIDATES:
                settings = list_settings(label)
                brief = tried.run(name, settings, *BRIEF)
                best = sorted(brief, key=lambda trial: -trial.accuracies.mean())[:N_FINALISTS]
                full = tried.run(name, [(one.rule, one.learning_rate) for one in best], *FULL)
                trials[name][label] = [*brief, *full]
                won = choose(full)
                finals.append(Job(name, True, won.rule, won.learning_rate, FULL[0], SEEDS))
            finished = list(tqdm(pool.imap(train, finals), total=len(finals)))
            runs[name] = dict(zip(CANDIDATES, (found for _, found, _ in finished), strict=True))
            tried.seconds += sum(seconds for _, _, seconds in finished)
        save_recording(Recording(trials, runs, tried.seconds))


if __name__ == "__main__":
    main()
