"""Draw the drawings that pages show as PNG, for the portable notebooks.

python -m tools.draw_pngs
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from PIL import Image, PngImagePlugin
from playwright.sync_api import sync_playwright

from book._ext.portable.drawings import FOLDER, SCALE, STATE, state_of
from tools.browsing import CHROMIUM_FLAGS, CHROMIUM_NAMES, find_chromium

BOOK = Path(__file__).resolve().parents[1] / "book"
SHOWN = re.compile(r"\b_static/\w+\.svg")
COLOURS = 64


def drawings() -> list[Path]:
    """List the drawings that pages show."""
    pages = [*BOOK.glob("*.ipynb"), *BOOK.glob("*.md")]
    names = {name for page in pages for name in SHOWN.findall(page.read_text(encoding="utf-8"))}
    return [BOOK / name for name in sorted(names)]


def main() -> None:
    """Draw them, and drop the pictures of drawings that are gone."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(f"The drawings need one of {', '.join(CHROMIUM_NAMES)} on the PATH.")
    FOLDER.mkdir(exist_ok=True)
    wanted = {FOLDER / f"{drawing.stem}.png": drawing for drawing in drawings()}
    for path in set(FOLDER.glob("*.png")) - set(wanted):
        path.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        tab = browser.new_page(device_scale_factor=SCALE)
        for path, drawing in wanted.items():
            tab.set_content(drawing.read_text(encoding="utf-8"))
            png = tab.locator("svg").screenshot()
            about = PngImagePlugin.PngInfo()
            about.add_text(STATE, state_of(drawing))
            with Image.open(io.BytesIO(png)) as picture:
                few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(path, optimize=True, pnginfo=about)
            print(f"{path.name}: {path.stat().st_size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
