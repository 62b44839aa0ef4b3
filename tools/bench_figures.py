"""How fast and how light the interactive figures are, measured in Chromium on the built site.

Prints each number beside the bar that the book sets itself; nothing fails here, machines differ.
"""

from __future__ import annotations

import gzip
import json
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from lae_helpers.widgets.front_end import SCRIPTS, join_modules
from tools.browsing import CHROMIUM_FLAGS, CHROMIUM_NAMES, find_chromium, serve
from tools.frame_costs import frame_cost, responses

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
PAGE = SITE / "book" / "04_invariance_groups.html"  # of an explorer
PARTS = SITE / "_static" / "figures"
REPEATS = 5
LIVE = ".lae-explorer"
LINK = "#fig-groups-explorer"  # the nearest figure is mounted first, and a link leads there
SIZES = {(1280, 900): 10, (390, 844): 12}  # of windows, and the bar of a frame in ms
SLOWER = 6

STEPS_A_FRAME = """async () => {
    const { startDescent } = await import('/numerics/descent.js');
    const { takeSteps } = await import('/numerics/autoencoder.js');
    const { makePenalty } = await import('/numerics/regularizers.js');
    const spectrum = Float64Array.from({ length: 64 }, (_, i) => 5 * Math.exp(-i / 9));
    const { weights } = startDescent({ spectrum, rest: 0, saddle: null }, 8, 0, 1);
    const penalty = makePenalty('sum', 0.3, 8, [0.5, 1.5]);
    takeSteps(weights, spectrum, penalty, 0.01, 2000);
    const begin = performance.now();
    takeSteps(weights, spectrum, penalty, 0.01, 20000);
    return 16.7 * 20000 / (performance.now() - begin);
}"""

OWN_TABLE = """async ([rows, columns]) => {
    const { decompose } = await import('/numerics/pca.js');
    const numbers = Float64Array.from({ length: rows * columns }, Math.random);
    const begin = performance.now();
    for (const _ of decompose(numbers, rows, columns, 64));
    return performance.now() - begin;
}"""

USABLE = """() => new Promise((resolve) => {
    const look = () => document.querySelector('.lae-explorer canvas')
        ? requestAnimationFrame(() => resolve(performance.now())) : setTimeout(look, 5);
    look();
})"""

FIRST_CHANGE = """() => new Promise((resolve) => {
    const explorer = document.querySelector('.lae-explorer');
    explorer.scrollIntoView();
    const canvas = explorer.querySelector('canvas');
    const before = canvas.toDataURL();
    const begin = performance.now();
    explorer.querySelectorAll('button')[1].click();
    const look = () => canvas.toDataURL() === before
        ? requestAnimationFrame(look) : resolve(performance.now() - begin);
    requestAnimationFrame(look);
})"""


def median_of(page: Page, address: str, script: str, awaited: str = "html") -> float:
    """Open a page anew for every repetition, and return the median of what the script measures.

    Parameters
    ----------
    page : Page
    address : str
    script : str
    awaited : str
        What has to stand in the page before the script runs.
    """
    values = []
    for _ in range(REPEATS):
        page.goto("about:blank")  # else an address with a link to a place would only scroll
        page.goto(address)
        page.locator(awaited).first.wait_for()
        values.append(float(page.evaluate(script)))
    return statistics.median(values)


def measure_frames(
    browser: Browser, size: tuple[int, int]
) -> tuple[float, tuple[float, str], float]:
    """Return the cost of a frame, the slowest response with its control's name, a frame slowed."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    address = PAGE.as_uri()
    cost = frame_cost(page, address, LIVE)
    slowest = max((value, name) for name, value in responses(page, address, LIVE).items())
    slow_cost = frame_cost(page, address, LIVE, slowdown=SLOWER)
    page.close()
    return cost, slowest, slow_cost


def data_size() -> int:
    """Return the gzipped size of what the page's explorer gets from its kernel."""
    html = PAGE.read_text(encoding="utf-8")
    begin = html.index(">", html.index("vnd.jupyter.widget-state+json")) + 1
    models = json.loads(html[begin : html.index("</script>", begin)])["state"].values()
    (model,) = [model for model in models if "_problems" in model["state"] | model["parts"]]
    names = [part for trait, part in model["parts"].items() if trait not in ("_esm", "_css")]
    names += [buffer["part"] for buffer in model["buffers"] if "part" in buffer]
    parts = [(PARTS / f"{name}.js").read_bytes() for name in names]
    return sum(len(gzip.compress(part)) for part in [*parts, json.dumps(model).encode()])


def main() -> None:
    """Measure and print."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(f"The figures need one of {', '.join(CHROMIUM_NAMES)} on the PATH.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = browser.new_page()
        with serve(SCRIPTS) as address:
            steps = median_of(page, f"{address}explorer.js", STEPS_A_FRAME)
            page.goto(f"{address}explorer.js")
            own = float(page.evaluate(OWN_TABLE, [5000, 784]))
        usable = median_of(page, PAGE.as_uri() + LINK, USABLE)
        change = median_of(page, PAGE.as_uri() + LINK, FIRST_CHANGE, f"{LIVE} canvas")
        frames = {size: measure_frames(browser, size) for size in SIZES}
        browser.close()
    print("interactive figures                                    measured      bar")
    print(f"descent steps in 16.7 ms, k = 8, 64 coordinates     {steps:11.0f}   ≥ 200")
    print(f"a reader's 5,000 x 784 numbers decomposed, ms        {own:11.0f}   ≤ 5000")
    print(f"a link to the explorer until it can be used, ms     {usable:11.0f}   ≤ 1000")
    print(f"control to first changed pixel, ms                  {change:11.0f}   ≤ 100")
    for (width, height), (cost, slowest, slow_cost) in frames.items():
        bar = SIZES[width, height]
        print(f"a frame at {width} px, ms of the main thread              {cost:11.1f}   ≤ {bar}")
        print(f"   its slowest control, {slowest[1][:20]:20}, ms     {slowest[0]:11.0f}   ≤ 100")
        print(f"   a frame at a {SLOWER} times slower processor, ms     {slow_cost:11.1f}")
    print(f"data of the explorer, kB gzip                       {data_size() / 1000:11.1f}   ≤ 200")
    for entry in sorted(path.name for path in SCRIPTS.glob("*.js")):
        source = join_modules(entry)
        if "export default" in source:
            size = len(gzip.compress(source.encode())) / 1000
            print(f"JavaScript of {entry:30}, kB gzip {size:12.1f}   ≤ 30")


if __name__ == "__main__":
    main()
