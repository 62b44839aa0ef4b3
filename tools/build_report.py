"""Say where the built site is and how long each of its chapters took to execute."""

from __future__ import annotations

from pathlib import Path

from jupyter_cache import get_cache

from tools.contents import list_pages

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "_build"
AT_MOST = 360  # seconds that the book allows itself, all pages together, on two free cores


def execution_times() -> dict[str, float]:
    """Map each executed page to its seconds, as of its latest execution."""
    records = get_cache(BUILD / ".jupyter_cache").list_cache_records()
    records.sort(key=lambda record: record.created)
    return {Path(r.uri).stem: r.data["execution_seconds"] for r in records}


def main() -> None:
    """Print one line a chapter, the sum and the address of the first page."""
    times = execution_times()
    names = [Path(page).name for page in list_pages()]
    executed = {name: times[name] for name in names if name in times}
    print("Execution time of the chapters (of the run that filled the cache):")
    for page, seconds in executed.items():
        print(f"  {page:<28}{seconds:7.1f} s")
    print(f"  {'together':<28}{sum(executed.values()):7.1f} s, of {AT_MOST} s at most")
    print(f"Open {(BUILD / 'html' / 'index.html').as_uri()}")


if __name__ == "__main__":
    main()
