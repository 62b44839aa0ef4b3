"""Say where the built site is and how long each of its chapters took to execute."""

from __future__ import annotations

from pathlib import Path

import yaml
from jupyter_cache import get_cache

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
AT_MOST = 360  # seconds that the book allows itself, all pages together, on two free cores


def pages() -> list[str]:
    """List the pages of the table of contents, in its order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [Path(name).stem for name in [toc["root"], *chapters]]


def execution_times() -> dict[str, float]:
    """Map each executed page to its seconds, as of its latest execution."""
    records = get_cache(BUILD / ".jupyter_cache").list_cache_records()
    records.sort(key=lambda record: record.created)
    return {Path(r.uri).stem: r.data["execution_seconds"] for r in records}


def main() -> None:
    """Print one line a chapter, the sum and the address of the first page."""
    times = execution_times()
    executed = {page: times[page] for page in pages() if page in times}
    print("Execution time of the chapters (of the run that filled the cache):")
    for page, seconds in executed.items():
        print(f"  {page:<28}{seconds:7.1f} s")
    print(f"  {'together':<28}{sum(executed.values()):7.1f} s, of {AT_MOST} s at most")
    print(f"Open {(BUILD / 'html' / 'index.html').as_uri()}")


if __name__ == "__main__":
    main()
