"""Execute the chapters, side by side, into the cache that the website is built from.

Sphinx could execute them itself, one after the other. It finds them executed instead, by nbmake,
whether this script has been called or pytest: a chapter that fails is not kept.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from filelock import FileLock
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbmake.nb_run import NotebookRun

from book._ext.fresh_cache import CACHE, current_state, empty_if_stale

if TYPE_CHECKING:
    from nbmake.nb_result import NotebookResult

ROOT = Path(__file__).resolve().parents[1]
BOOK, BUILD = ROOT / "book", ROOT / "_build"
LONGEST = "07_cost"  # begins first, so that nothing is left to do when it ends
TIMEOUT = 300  # seconds for a cell, as in _config.yml
AT_MOST = 4  # at once, each with a gigabyte


def keep(notebook: nbformat.NotebookNode, path: Path, seconds: float, build: Path) -> None:
    """Put an executed notebook where the website looks for it."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # nbmake's record of times, part of the key if left
    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    get_cache(build / CACHE).cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


class ChapterRun(NotebookRun):
    """nbmake's execution of a notebook; that of a chapter is kept if it succeeds."""

    def execute(self) -> NotebookResult:
        """Execute the notebook, and keep it unless the package has changed meanwhile."""
        state, begun = current_state(ROOT), time.perf_counter()
        result = super().execute()
        seconds = time.perf_counter() - begun
        is_sound = result.error is None and not self.find_import_errors
        if is_sound and self.filename.parent == BOOK and current_state(ROOT) == state:
            BUILD.mkdir(exist_ok=True)
            with FileLock(BUILD / ".cache.lock"):
                empty_if_stale(BUILD, state)
                keep(result.nb, self.filename, seconds, BUILD)
        return result


def execute(path: Path) -> tuple[float, str]:
    """Execute a chapter; give its seconds and, if it failed, the cell and its traceback."""
    begun = time.perf_counter()
    error = ChapterRun(path, TIMEOUT).execute().error
    return time.perf_counter() - begun, error.trace if error else ""


def to_execute() -> list[Path]:
    """List the chapters that are not in the cache as they are now, the longest first."""
    empty_if_stale(BUILD, current_state(ROOT))
    cache = get_cache(BUILD / CACHE)
    known = {record.hashkey for record in cache.list_cache_records()}
    chapters = sorted(BOOK.glob("*.ipynb"), key=lambda path: (path.stem != LONGEST, path))
    keys = (cache.create_hashed_notebook(nbformat.read(p, as_version=4))[1] for p in chapters)
    return [path for path, key in zip(chapters, keys, strict=True) if key not in known]


def main() -> int:
    """Execute what has to be, and return 1 if a chapter failed."""
    failures = []
    n_jobs = min(os.cpu_count() or 1, AT_MOST)
    with ProcessPoolExecutor(n_jobs, multiprocessing.get_context("spawn")) as pool:
        jobs = {pool.submit(execute, path): path.stem for path in to_execute()}
        for job in as_completed(jobs):
            seconds, failure = job.result()
            print(f"{jobs[job]:<28} {'failed' if failure else 'executed'} in {seconds:.0f} s")
            failures += [f"{jobs[job]}:\n{failure}"] if failure else []
    print("\n".join(failures), end="")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
