"""How long the pages take on a slow line, on a phone, measured in Chromium on the built site.

Prints first text, first formula, first live figure, layout shift and what is transferred, beside
the bars that the book sets itself; a miss is marked, and makes the exit status 1.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tools.browsing import CHROMIUM_FLAGS, CHROMIUM_NAMES, QuietHandler, find_chromium, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
COMPRESSED = {".html", ".js", ".css", ".json", ".svg"}
SLOW_4G = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}  # ms, bytes/s
BARS = {"formula": 4000, "figure": 5000, "shift": 0.1, "kB": 700}  # ms, ms, score, 1,000 bytes
REST = 3000  # milliseconds without a request, in which a page may still move

WATCH = """
window.seen = { shift: 0 };
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
}).observe({ type: 'layout-shift', buffered: true });
document.addEventListener('lae-mounted', () => { seen.figure ??= performance.now(); });
const look = () => {
    if (document.querySelector('.bd-article math')) seen.formula ??= performance.now();
    if (seen.formula === undefined) requestAnimationFrame(look);
};
look();
"""
READ = """() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    const loaded = ['navigation', 'resource'].map((type) => performance.getEntriesByType(type));
    const bytes = loaded.flat().reduce((sum, { transferSize }) => sum + transferSize, 0);
    const never = (selector) => (document.querySelector(selector) ? Infinity : 0);
    const [formula, figure] = ['.bd-article .math', '.lae-figure'].map(never);
    return { text: paint?.startTime ?? 0, formula, figure, ...seen, kB: bytes / 1000 };
}"""


class CompressingHandler(QuietHandler):
    """A file server that compresses text, as real ones do."""

    def do_GET(self) -> None:  # noqa: N802 - the server calls it so
        """Send a file, compressed if it is text."""
        path = Path(self.translate_path(self.path))
        if path.suffix not in COMPRESSED or not path.is_file():
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def measure(browser: Browser, address: str) -> dict[str, float]:
    """Open a page with an empty cache and return what a reader waited for, in milliseconds."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
    )
    tab = context.new_page()
    line = context.new_cdp_session(tab)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {"offline": False, **SLOW_4G})
    tab.add_init_script(WATCH)
    tab.goto(address, wait_until="networkidle", timeout=180_000)
    tab.wait_for_timeout(REST)
    found: dict[str, float] = tab.evaluate(READ)
    context.close()
    return found


def misses(found: dict[str, float]) -> list[str]:
    """List what is above its bar."""
    return [name for name, bar in BARS.items() if found[name] > bar]


def main() -> int:
    """Measure the pages named on the command line, or all, print, and return the exit status."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(f"The pages need one of {', '.join(CHROMIUM_NAMES)} on the PATH.")
    pages = sys.argv[1:] or sorted(f"book/{path.name}" for path in SITE.glob("book/*.html"))
    print("pages on slow 4G, a phone           text  formula   figure   shift      kB")
    print(f"{'bar':32}{'':8}" + "   ≤ 4000   ≤ 5000   ≤ 0.1   ≤ 700")
    missed = False
    with serve(SITE, CompressingHandler) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        for page in pages:
            found = measure(browser, address + page)
            over = misses(found)
            missed = missed or bool(over)
            print(
                f"{page:32}{found['text']:8.0f}{found['formula']:9.0f}{found['figure']:9.0f}"
                f"{found['shift']:8.3f}{found['kB']:8.0f}"
                + (f"   ABOVE: {', '.join(over)}" if over else ""),
                flush=True,
            )
        browser.close()
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
