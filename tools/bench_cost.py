"""What the principal directions cost by each route, in one run, and what memory many samples take.

Prints processor times as ratios to that of eigh of the covariance, beside the bars that the book
sets itself, and writes everything to _build/bench.json; nothing fails here, machines differ.
"""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

from lae_helpers import load_mnist
from lae_helpers.footprint import measure_footprint
from lae_helpers.race import ROUTES, Lap, race

OUTPUT = Path(__file__).resolve().parents[1] / "_build" / "bench.json"
K, GOAL, REPEATS = 16, 0.9999, 5
ARTICLE_SAMPLES = 1200
UNIT = "eigh of the covariance"


def describe(lap: Lap, unit: float) -> dict[str, object]:
    """Return what there is to say about a lap, for JSON."""
    last = lap.last
    return {
        "family": lap.family,
        "seconds": last.seconds,
        "ratio": last.seconds / unit,
        "passes": None if math.isnan(last.passes) else last.passes,
        "steps": last.steps,
        "worst_cosine": last.worst,
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


def main() -> None:
    """Measure, print and write."""
    X, _ = load_mnist()
    recipes = [name for name, route in ROUTES.items() if route.family == "recipe"]
    others = [name for name in ROUTES if name not in recipes]
    laps = race(X, K, others, repeats=REPEATS, goal=GOAL, clock=time.process_time)
    unit = laps[UNIT].last.seconds
    print(f"{K} directions of {len(X)} images to |cos| ≥ {GOAL}; {UNIT}: {unit * 1000:.0f} ms")
    print(f"{'route':33}{'time':>8}{'passes':>8}{'steps':>7}{'min |cos|':>12}")
    for name, lap in laps.items():
        print_lap(name, lap, unit)
    print(f"the same of {ARTICLE_SAMPLES} images by minibatches, one run each")
    short = race(X[:ARTICLE_SAMPLES], K, recipes, goal=GOAL, clock=time.process_time)
    for name, lap in short.items():
        print_lap(name, lap, unit)
    seconds = {name: lap.last.seconds for name, lap in laps.items()}
    tied = seconds["LAE, alternating, tied"] / seconds["scikit-learn randomized"]
    lbfgs = seconds["LAE, L-BFGS"] / seconds["numpy.linalg.svd"]
    print(f"alternating, tied, to scikit-learn randomized    {tied:6.2f}   ≤ 1")
    print(f"L-BFGS to thin numpy.linalg.svd                  {lbfgs:6.2f}   ≤ 3")
    footprints = [measure_footprint(count) for count in (60_000, 600_000)]
    for footprint in footprints:
        print(
            f"{footprint['n_samples']:7.0f} samples of {footprint['whole']:5.0f} MB in batches: "
            f"{footprint['peak'] - footprint['before']:.0f} MB on top of {footprint['before']:.0f}"
        )
    OUTPUT.parent.mkdir(exist_ok=True)
    routes = {name: describe(lap, unit) for name, lap in (laps | short).items()}
    found = {"k": K, "goal": GOAL, "routes": routes, "footprints": footprints}
    OUTPUT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
