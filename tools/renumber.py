"""Put right the numbers that links and captions say, from the last build of the website.

Who inserts a figure or a statement calls ``make book``, which says what is wrong now, and then
``python -m tools.renumber``.
"""

from __future__ import annotations

import pickle
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from book._ext.named_links import correct, find_target

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
BUILT = ROOT / "_build" / ".doctrees" / "environment.pickle"
LINK = re.compile(r"\[([^\[\]]+)\]\(([\w-]+(?=\.ipynb|\.md))?(?:\.ipynb|\.md)?(?:#([\w-]+))?\)")
# The label stands above the caption: of a figure in metadata of its cell, of a drawing in the text.
CAPTION = re.compile(
    r'((?:"name": "|\()(?P<label>fig-[\w-]+)(?:"|\)=)(?:(?!"name": ).)*?"\*\*)'
    r"Figure [\d.]+(?=\.\*\*)",
    re.DOTALL,
)


def renumber(env: BuildEnvironment, page: str, text: str) -> str:
    """Return the source of a page with right numbers in its links and captions."""

    def link(found: re.Match[str]) -> str:
        words, name, label = found.groups()
        right = correct(env, f"book/{name}" if name else page, label, words)
        return found[0].replace(f"[{words}]", f"[{right}]", 1) if right else found[0]

    def caption(found: re.Match[str]) -> str:
        target = find_target(env, page, found["label"])
        return f"{found[1]}{target}" if target else found[0]

    return CAPTION.sub(caption, LINK.sub(link, text))


def main() -> None:
    """Rewrite the pages whose numbers have moved."""
    if not BUILT.exists():
        sys.exit("There is no build to take the numbers from: run make book first.")
    with BUILT.open("rb") as file:
        env = pickle.load(file)  # written by the build, on this machine
    for path in sorted([*BOOK.glob("*.ipynb"), *BOOK.glob("*.md")]):
        text = path.read_text(encoding="utf-8")
        right = renumber(env, f"book/{path.stem}", text)
        if right != text:
            path.write_text(right, encoding="utf-8", newline="\n")
            print(f"{path.name}: numbers put right")


if __name__ == "__main__":
    main()
