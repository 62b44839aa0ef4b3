"""Take the pictures of the README from the built site.

Each picture is a row of a table: the page, what to click before, the part of the page, the file.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tools.browsing import CHROMIUM_FLAGS, CHROMIUM_NAMES, find_chromium, serve

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
FOLDER = ROOT / "pictures"
WIDTH, HEIGHT = 1280, 1000
COLOURS = 128
LARGEST = 150_000  # bytes
TIMEOUT = 30_000  # milliseconds


@dataclass(frozen=True)
class Shot:
    """A picture to take.

    Attributes
    ----------
    file : str
        Its name in the folder of pictures.
    page : str
        The page, below the site's root.
    selector : str
        The part of the page that it shows.
    clicks : tuple of (str, int)
        What to press within that part, one after the other: the accessible name of a button or a
        choice, and how long to let the figure run afterwards, in milliseconds.
    height : int
        Of the picture, from the top, in pixels; 0 for all of the part.
    """

    file: str
    page: str
    selector: str
    clicks: tuple[tuple[str, int], ...] = ()
    height: int = 0


IN_PLACE = ".lae-deck { position: static !important; }"  # and not where it stays in sight
SHOTS = (
    Shot(
        "transpose.png",
        "book/index.html",
        ".lae-transpose",
        (("weights", 11_000), ("Pause", 500)),  # which it shows already
    ),
    Shot(
        "explorer.png",
        "book/04_invariance_groups.html",
        ".lae-explorer",
        (("sum", 4000), ("Pause", 2000)),
        height=738,  # its heart
    ),
    Shot("landscape.png", "book/04_invariance_groups.html", ".lae-landscape"),
    Shot("ladder.png", "book/04_invariance_groups.html", ".lae-ladder"),
)


def shrink(png: bytes, height: int = 0) -> Image.Image:
    """Cut a picture off, and reduce its colours to a palette, which makes a small file."""
    with Image.open(io.BytesIO(png)) as picture:
        part = picture.crop((0, 0, picture.width, height or picture.height))
        return part.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)


def take(tab: Page, address: str, shot: Shot) -> Path:
    """Take one picture and write it."""
    tab.goto(address + shot.page, wait_until="networkidle")
    part = tab.locator(shot.selector).first
    part.scroll_into_view_if_needed()
    for name, wait in shot.clicks:
        button = part.get_by_role("button", name=name, exact=True)
        button.or_(part.get_by_role("radio", name=name, exact=True)).click()
        tab.wait_for_timeout(wait)
    path = FOLDER / shot.file
    png = part.screenshot(style=IN_PLACE)
    shrink(png, shot.height).save(path, optimize=True)
    return path


def main() -> None:
    """Take the pictures whose files are named on the command line, or all of them."""
    wanted = set(sys.argv[1:]) or {shot.file for shot in SHOTS}
    if unknown := wanted - {shot.file for shot in SHOTS}:
        sys.exit(f"No such picture: {', '.join(sorted(unknown))}")
    if not (SITE / "index.html").is_file():
        sys.exit("The pictures are taken from the built site: run `make book` first.")
    chromium = find_chromium()
    if chromium is None:
        sys.exit(f"The pictures need one of {', '.join(CHROMIUM_NAMES)} on the PATH.")
    FOLDER.mkdir(exist_ok=True)
    with serve(SITE) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        tab.set_default_timeout(TIMEOUT)
        for shot in SHOTS:
            if shot.file in wanted:
                path = take(tab, address, shot)
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
                if path.stat().st_size > LARGEST:
                    sys.exit(f"{path.name} is larger than {LARGEST:,} bytes.")
        browser.close()


if __name__ == "__main__":
    main()
