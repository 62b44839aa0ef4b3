"""What the principal directions cost by each solver, and what memory many samples take.

Prints processor times of one core as ratios to that of eigh of the covariance: of every solver,
then of four workloads on grids of sizes; and how long the autoencoder with spare columns takes,
everything included, beside scikit-learn's randomised solver at its best settings for the same
accuracy. Where the book has set a bar, it stands beside the ratio. Writes everything to
_build/bench.json; nothing fails here, machines differ.
"""

from __future__ import annotations

import itertools
import json
import math
import statistics
import time
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from lae_helpers import load_mnist
from lae_helpers._checks import FloatArray
from lae_helpers.benchmark.comparison import Trajectory, compare_solvers, run_solver
from lae_helpers.benchmark.memory import measure_footprint
from lae_helpers.benchmark.scaling import WORKLOADS, Size, count_grid, measure_grid
from lae_helpers.benchmark.solvers import SOLVERS
from lae_helpers.benchmark.timer import SolverSettings
from lae_helpers.metrics import axis_alignment
from lae_helpers.pca import fit_pca

OUTPUT = Path(__file__).resolve().parents[1] / "_build" / "bench.json"
K, GOAL, REPEATS = 16, 0.9999, 5
UNIT = "eigh of the covariance"
BARS = [
    ("LAE, alternating, tied", "scikit-learn randomized", 1.0),
    ("LAE, L-BFGS", "numpy.linalg.svd", 3.0),
]
DUELS: list[tuple[str, type, float | None]] = [  # ours, the precision, the bar
    ("LAE, a tenth first", np.float64, 0.65),
    ("LAE, 30 spare", np.float64, None),
    ("float32: LAE, a tenth first", np.float32, None),
    ("float32: LAE, 30 spare", np.float32, None),
]
N_PAIRS, N_SEEDS = 15, 4
SPARE, NORMALIZERS = (10, 20, 30, 40, 50, 70), ("auto", "none", "LU", "QR")
MOST_POWER = 6  # in float32 more of them overflow without a normaliser
GRIDS: dict[str, list[Size]] = {
    "n_samples": [(N, 400, K) for N in (500, 1000, 2000, 4000, 8000, 16000)],
    "n_features": [(4000, n, K) for n in (100, 200, 400, 800, 1600)],
    "k": [(4000, 400, k) for k in (2, 8, 32, 128)],
}


def describe(trajectory: Trajectory, unit: float) -> dict[str, object]:
    """Return what there is to say about a trajectory, for JSON."""
    last = trajectory.last
    return {
        "family": trajectory.family,
        "seconds": last.seconds,
        "ratio": last.seconds / unit,
        "passes": None if math.isnan(last.passes) else last.passes,
        "steps": last.steps,
        "cosines": last.cosines.tolist(),
        "reached": last.worst >= GOAL,
    }


def print_trajectory(name: str, trajectory: Trajectory, unit: float) -> None:
    """Print a line of the table."""
    last = trajectory.last
    passes = "–" if math.isnan(last.passes) else f"{last.passes:.0f}"
    print(
        f"{name:33}{last.seconds / unit:8.2f}{passes:>8}{last.steps:7d}{last.worst:12.6f}"
        f"{'' if last.worst >= GOAL else '   short of it'}"
    )


def bench_solvers() -> dict[str, object]:
    """Run every solver on the images: the median of several runs, of a recipe the only one."""
    X, _ = load_mnist()
    recipes = [name for name, solver in SOLVERS.items() if solver.family == "recipe"]
    others = [name for name in SOLVERS if name not in recipes]
    compare = partial(compare_solvers, X, K, goal=GOAL, clock=time.process_time)
    trajectories = compare(others, repeats=REPEATS) | compare(recipes)
    unit = trajectories[UNIT].last.seconds
    print(f"{K} directions of {len(X)} images to |cos| ≥ {GOAL}; {UNIT}: {unit * 1000:.0f} ms")
    print(f"{'solver':33}{'time':>8}{'passes':>8}{'steps':>7}{'min |cos|':>12}")
    for name, trajectory in trajectories.items():
        print_trajectory(name, trajectory, unit)
    bars = []
    for ours, theirs, limit in BARS:
        ratio = trajectories[ours].last.seconds / trajectories[theirs].last.seconds
        print(f"{f'{ours} to {theirs}':51}{ratio:6.2f}   ≤ {limit:g}")
        bars.append({"of": ours, "to": theirs, "ratio": ratio, "limit": limit})
    return {
        "solvers": {name: describe(trajectory, unit) for name, trajectory in trajectories.items()},
        "bars": bars,
    }


def time_randomized(
    X: FloatArray, truth: FloatArray, seed: int, options: dict[str, Any], dtype: type
) -> tuple[float, float]:
    """Return the seconds that scikit-learn takes and the smallest |cos| that it reaches."""
    pca = PCA(K, svd_solver="randomized", random_state=seed, **options)
    begin = time.process_time()
    pca.fit(X.astype(dtype, copy=False))
    seconds = time.process_time() - begin
    return seconds, float(axis_alignment(pca.components_.T, truth).min())


def tune_randomized(X: FloatArray, truth: FloatArray, dtype: type) -> dict[str, Any]:
    """Return the settings with which scikit-learn arrives soonest, of those that always arrive."""
    best: float = math.inf
    options: dict[str, Any] = {}
    for spare, normalizer in itertools.product(SPARE, NORMALIZERS):
        for power in range(1, MOST_POWER + 1):
            tried = {
                "n_oversamples": spare,
                "iterated_power": power,
                "power_iteration_normalizer": normalizer,
            }
            runs = [time_randomized(X, truth, seed, tried, dtype) for seed in range(N_SEEDS)]
            if min(cosine for _, cosine in runs) >= GOAL:
                seconds = statistics.median(seconds for seconds, _ in runs)
                best, options = min((best, options), (seconds, tried), key=itemgetter(0))
                break
    return options


def bench_duels() -> list[dict[str, object]]:
    """Time ours and theirs in turn, a seed a pair, and print the median of the ratios of pairs."""
    X, _ = load_mnist()
    truth = fit_pca(X, K).directions
    best: dict[type, dict[str, Any]]
    best = {dtype: tune_randomized(X, truth, dtype) for dtype in (np.float64, np.float32)}
    print(f'\nPCA(svd_solver="randomized") at its best, {N_PAIRS} pairs, |cos| ≥ {GOAL}')
    found: list[dict[str, object]] = []
    for name, dtype, limit in DUELS:
        ours, theirs = [], []
        for seed in range(N_PAIRS):
            trajectory = run_solver(
                name, X, K, reference=truth, goal=GOAL, settings=SolverSettings(seed=seed),
                clock=time.process_time,
            )  # fmt: skip
            ours.append((trajectory.last.seconds, trajectory.last.worst))
            theirs.append(time_randomized(X, truth, seed, best[dtype], dtype))
        ratios = [one[0] / two[0] for one, two in zip(ours, theirs, strict=True)]
        ratio, bar = statistics.median(ratios), f"   ≤ {limit:g}" if limit else ""
        cosines = [min(cosine for _, cosine in runs) for runs in (ours, theirs)]
        print(
            f"{name:28}{ratio:6.2f} ({min(ratios):.2f}–{max(ratios):.2f}) of it{bar}\n"
            f"    with {best[dtype]}; min |cos| {cosines[0]:.6f} and {cosines[1]:.6f}"
        )
        found.append({
            "of": name, "to": best[dtype], "ratio": ratio, "ratios": ratios, "limit": limit,
            "cosines": cosines,
        })  # fmt: skip
    return found


def bench_grids() -> dict[str, object]:
    """Time four workloads on random data, one size after the other, everything else fixed."""
    found: dict[str, object] = {}
    for varied, sizes in GRIDS.items():
        times, counts = measure_grid(sizes), count_grid(sizes)
        ratios = times / times[list(WORKLOADS).index(UNIT)]
        print(f"\n{varied:24}" + "".join(f"{size[list(GRIDS).index(varied)]:8}" for size in sizes))
        for name, row in zip(WORKLOADS, ratios, strict=True):
            print(f"{name:24}" + "".join(f"{ratio:8.2f}" for ratio in row))
        tables = {"seconds": times, "ratios": ratios, "multiplications": counts}
        found[varied] = {"sizes": sizes} | {
            name: dict(zip(WORKLOADS, np.asarray(table).tolist(), strict=True))
            for name, table in tables.items()
        }
    return found


def bench_memory() -> list[dict[str, float]]:
    """Measure the memory of ten times as many samples."""
    footprints = [measure_footprint(count) for count in (60_000, 600_000)]
    for footprint in footprints:
        print(
            f"{footprint['n_samples']:7.0f} samples of {footprint['whole']:5.0f} MB in batches: "
            f"{footprint['peak'] - footprint['before']:.0f} MB on top of {footprint['before']:.0f}"
        )
    return footprints


def main() -> None:
    """Measure, print and write."""
    torch.set_num_threads(1)
    with threadpool_limits(1):
        found = {"k": K, "goal": GOAL, "unit": UNIT} | bench_solvers()
        found |= {"duels": bench_duels(), "grids": bench_grids()}
    found["footprints"] = bench_memory()
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
