"""Record the trainings of chapter 8: choose settings by validation, then train what was chosen.

Takes about an hour on two cores; prints how far it is. Every training is determined by its setting
and its seed, so that any of them can be repeated alone; tests/test_credit_records.py does so.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import time
from functools import cache
from typing import NamedTuple

import numpy as np
import torch
from tqdm import tqdm

from lae_helpers import load_mnist
from lae_helpers.credit import (
    Backprop,
    FeedbackAlignment,
    FeedbackRule,
    InformationAlignment,
    KolenPollack,
    SymmetricAlignment,
    WeightMirror,
)
from lae_helpers.credit_records import Recording, Trial, choose, save_recording
from lae_helpers.credit_task import Task, split_digits
from lae_helpers.credit_training import Runs, train_with_feedback
from lae_helpers.descent import DivergenceError

NETWORKS = {"2 hidden layers": (128, 128), "4 hidden layers": (64, 64, 64, 64)}
EPOCHS, TRIAL_SEEDS, SEEDS = 20, (1000, 1001, 1002), tuple(range(16))
STEPS = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
LENGTHS = (0.25, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6)
RATES = (0.05, 0.1, 0.2, 0.4, 0.8)


def align(beta: float, alphas: tuple[float, ...]) -> list[FeedbackRule]:
    """Return candidates for information alignment with gamma one."""
    return [InformationAlignment(rate=r, alpha=a, beta=beta) for a in alphas for r in RATES]


CANDIDATES: dict[str, list[FeedbackRule]] = {
    "backprop": [Backprop()],
    "feedback alignment": [FeedbackAlignment()],
    "feedback alignment, length tuned": [FeedbackAlignment(length=f) for f in LENGTHS],
    "Kolen–Pollack": [KolenPollack()],
    "weight mirror": [WeightMirror(rate=rate) for rate in RATES],
    "information alignment, β = 0.1": align(0.1, (1.0, 1.2, 1.5, 2.0)),
    "information alignment, β = 1": align(1.0, (2.0, 3.0, 4.0, 6.0)),
    "information alignment 1/1/1": align(1.0, (1.0,)),
    "symmetric alignment": [SymmetricAlignment()],
}


class Job(NamedTuple):
    """One training: of a network, to choose or to judge by, with a rule, a step and seeds."""

    network: str
    judged: bool
    rule: FeedbackRule
    step: float
    seeds: tuple[int, ...]


@cache
def tasks() -> tuple[Task, Task]:
    """Return the images to choose by and those to judge by, split once a process."""
    torch.set_num_threads(1)
    return split_digits(*load_mnist())


def train(job: Job) -> tuple[Job, Runs | None, float]:
    """Return the job, what came of it, or None if it diverged, and the seconds it took."""
    begun, task = time.process_time(), tasks()[job.judged]
    runs = None
    try:
        runs = train_with_feedback(
            job.rule, task, NETWORKS[job.network], seeds=job.seeds, epochs=EPOCHS,
            learning_rate=job.step,
        )  # fmt: skip
    except DivergenceError:
        if job.judged:
            raise
    return job, runs and dataclasses.replace(runs, networks=()), time.process_time() - begun


def list_jobs(network: str, rule: FeedbackRule, step: float) -> list[Job]:
    """Return the trainings, one a seed, by which a setting is judged."""
    return [Job(network, False, rule, step, (seed,)) for seed in TRIAL_SEEDS]


def main() -> None:
    """Run everything and write the record."""
    seconds = 0.0
    ends: dict[Job, float] = {}
    runs: dict[str, dict[str, Runs]] = {name: {} for name in NETWORKS}
    with multiprocessing.get_context("spawn").Pool() as pool:
        jobs = [
            job
            for name in NETWORKS
            for some in CANDIDATES.values()
            for rule in some
            for step in STEPS
            for job in list_jobs(name, rule, step)
        ]
        for job, found, taken in tqdm(pool.imap_unordered(train, jobs, chunksize=6), total=len(jobs)):
            ends[job] = 0.0 if found is None else found.accuracies[-1, 0]
            seconds += taken
        trials = {
            name: {
                label: [
                    Trial(rule, step, np.array([ends[job] for job in list_jobs(name, rule, step)]))
                    for rule in candidates
                    for step in STEPS
                ]
                for label, candidates in CANDIDATES.items()
            }
            for name in NETWORKS
        }
        places = [(name, label) for name in NETWORKS for label in CANDIDATES]
        best = [choose(trials[name][label]) for name, label in places]
        jobs = [
            Job(name, True, trial.rule, trial.learning_rate, SEEDS)
            for (name, _), trial in zip(places, best, strict=True)
        ]
        finished = tqdm(pool.imap(train, jobs), total=len(jobs))
        for (name, label), (_, found, taken) in zip(places, finished, strict=True):
            runs[name][label] = found
            seconds += taken
    save_recording(Recording(trials, runs, TRIAL_SEEDS, seconds))


if __name__ == "__main__":
    main()
