"""What the principal directions cost by each route, in one run, and what memory many samples take.

Prints processor times of one core as ratios to that of eigh of the covariance: of every route, then
of four methods on grids of sizes; where the book has set a bar, the bar beside the ratio. Writes
everything to _build/bench.json; nothing fails here, machines differ.
"""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from lae_helpers import load_mnist
from lae_helpers.footprint import measure_footprint
from lae_helpers.grids import METHODS, Size, count_grid, measure_grid
from lae_helpers.race import ROUTES, Lap, race

OUTPUT = Path(__file__).resolve().parents[1] / "_build" / "bench.json"
K, GOAL, REPEATS = 16, 0.9999, 5
UNIT = "eigh of the covariance"
BARS = [
    ("LAE, alternating, tied", "scikit-learn randomized", 1.0),
    ("LAE, L-BFGS", "numpy.linalg.svd", 3.0),
]
GRIDS: dict[str, list[Size]] = {
    "n_samples": [(N, 400, K) for N in (500, 1000, 2000, 4000, 8000, 16000)],
    "n_features": [(4000, n, K) for n in (100, 200, 400, 800, 1600)],
    "k": [(4000, 400, k) for k in (2, 8, 32, 128)],
}


def describe(lap: Lap, unit: float) -> dict[str, object]:
    """Return what there is to say about a lap, for JSON."""
    last = lap.last
    return {
        "family": lap.family,
        "seconds": last.seconds,
        "ratio": last.seconds / unit,
        "passes": None if math.isnan(last.passes) else last.passes,
        "steps": last.steps,
        "cosines": last.cosines.tolist(),
        "reached": last.worst >= GOAL,
    }


def print_lap(name: str, lap: Lap, unit: float) -> None:
    """Print a line of the table."""
    last = lap.last
    passes = "–" if math.isnan(last.passes) else f"{last.passes:.0f}"
    print(
        f"{name:33}{last.seconds / unit:8.2f}{passes:>8}{last.steps:7d}{last.worst:12.6f}"
        f"{'' if last.worst >= GOAL else '   short of it'}"
    )


def bench_routes() -> dict[str, object]:
    """Race every route on the images: the median of several runs, of a recipe the only one."""
    X, _ = load_mnist()
    recipes = [name for name, route in ROUTES.items() if route.family == "recipe"]
    others = [name for name in ROUTES if name not in recipes]
    laps = race(X, K, others, repeats=REPEATS, goal=GOAL, clock=time.process_time)
    laps |= race(X, K, recipes, goal=GOAL, clock=time.process_time)
    unit = laps[UNIT].last.seconds
    print(f"{K} directions of {len(X)} images to |cos| ≥ {GOAL}; {UNIT}: {unit * 1000:.0f} ms")
    print(f"{'route':33}{'time':>8}{'passes':>8}{'steps':>7}{'min |cos|':>12}")
    for name, lap in laps.items():
        print_lap(name, lap, unit)
    bars = []
    for ours, theirs, limit in BARS:
        ratio = laps[ours].last.seconds / laps[theirs].last.seconds
        print(f"{f'{ours} to {theirs}':51}{ratio:6.2f}   ≤ {limit:g}")
        bars.append({"of": ours, "to": theirs, "ratio": ratio, "limit": limit})
    return {"routes": {name: describe(lap, unit) for name, lap in laps.items()}, "bars": bars}


def bench_grids() -> dict[str, object]:
    """Time four methods on random data, one size after the other, everything else fixed."""
    found: dict[str, object] = {}
    for varied, sizes in GRIDS.items():
        times, counts = measure_grid(sizes), count_grid(sizes)
        ratios = times / times[list(METHODS).index(UNIT)]
        print(f"\n{varied:24}" + "".join(f"{size[list(GRIDS).index(varied)]:8}" for size in sizes))
        for name, row in zip(METHODS, ratios, strict=True):
            print(f"{name:24}" + "".join(f"{ratio:8.2f}" for ratio in row))
        tables = {"seconds": times, "ratios": ratios, "multiplications": counts}
        found[varied] = {"sizes": sizes} | {
            name: dict(zip(METHODS, np.asarray(table).tolist(), strict=True))
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
        found = {"k": K, "goal": GOAL, "unit": UNIT} | bench_routes() | {"grids": bench_grids()}
    found["footprints"] = bench_memory()
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
