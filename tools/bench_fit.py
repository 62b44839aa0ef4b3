"""How fast `fit` is in a bare script with the threads a machine has, beside one thread.

Each ratio is of two processes measured in turn, first with the machine as it is, then with a busy
process beside it. Prints the ratios beside the bar that the book sets itself, and what the first
fit of a process takes; nothing fails here, machines differ.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from contextlib import ExitStack

LIMIT, ROUNDS = 1.3, 3
SCRIPT = """
import json, time
from lae_helpers import LinearAutoencoder, SumL2, fit, load_mnist
X, _ = load_mnist()
def seconds(**options):
    model = LinearAutoencoder(784, 16)
    start = time.perf_counter()
    fit(model, X, SumL2(0.3), **options)
    return time.perf_counter() - start
kinds = {"L-BFGS": {}, "alternating": {"optimizer": "alternating"},
         "alternating, tied": {"optimizer": "alternating", "tied": True}}
first = seconds()
times = {name: min(seconds(**options) for _ in range(2)) for name, options in kinds.items()}
print(json.dumps(times | {"first": first}))
"""
BUSY = [sys.executable, "-c", "while True: pass"]


def measure(*, one_thread: bool) -> dict[str, float]:
    """Time the fits in a process of their own."""
    environment = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
    if one_thread:
        environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    times: dict[str, float] = json.loads(run.stdout)
    return times


def bench(title: str) -> None:
    """Print the ratio of each kind of fit, the median of several rounds."""
    rounds = [(measure(one_thread=False), measure(one_thread=True)) for _ in range(ROUNDS)]
    for name in rounds[0][0]:
        if name != "first":
            ratio = statistics.median(free[name] / one[name] for free, one in rounds)
            print(f"{title}: {name:20} all threads to one {ratio:6.2f}   ≤ {LIMIT:g}")
    first = statistics.median(free["first"] / free["L-BFGS"] for free, _ in rounds)
    print(f"{title}: the first fit of a process to a later one {first:6.2f}")


def main() -> None:
    """Measure on the machine as it is, then with a busy process beside."""
    bench("idle")
    with ExitStack() as stack:
        busy = stack.enter_context(subprocess.Popen(BUSY))
        stack.callback(busy.kill)
        bench("busy")


if __name__ == "__main__":
    main()
