"""Cuts the font of formulas out of STIX Two Math: what the book uses and what it may use next.

Usage: ``python -m tools.subset_math_font STIXTwoMath-Regular.ttf``. The font (2.11) is to be had of
https://github.com/stipub/stixfonts and lies in the wheel of ziamath 0.13 on PyPI.
``tests/site/test_formulas.py`` finds a sign that the font lacks: add it to ``SIGNS``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset

FONT = Path(__file__).resolve().parents[1] / "book" / "_static" / "fonts" / "math.woff2"
FEATURES = ["ssty", "dtls", "flac", "kern", "mark", "ccmp"]  # scripts, dots, accents of capitals
SIGNS = (
    "ℎℓℝℕℤℚℂℳℬℰℱℋℐℒℛ∂∇∈∉∋∏∑∫−∓±∗∘·×÷∙√∝∞∠∧∨∩∪∼≃≅≈≠≡≤≥≪≫≺≻⊂⊃⊆⊇⊕⊗⊙⊤⊥⟂∥∣‖′″‴…⋯⋮⋱"
    "←→↑↓↔↦⇐⇒⇔⟵⟶⟨⟩⌈⌉⌊⌋⏞⏟¯°˙ˆ˜ˇ˘´`¨‾\u0302\u0303\u0304\u0307\u0308\u20d7\u0332¬∀∃∅≔◦⋅♯"
)
RANGES = (
    (0x20, 0x7E),  # ASCII
    (0x391, 0x3C9),  # Greek
    (0x3D1, 0x3F5),  # and its variants
    (0x1D400, 0x1D467),  # bold and italic letters
    (0x1D49C, 0x1D4B5),  # script capitals
    (0x1D538, 0x1D550),  # blackboard capitals
    (0x1D6A4, 0x1D6A5),  # dotless i and j
    (0x1D6E2, 0x1D71B),  # italic Greek
)


def main() -> None:
    """Write the font that the site serves."""
    options = subset.Options(
        flavor="woff2",
        layout_features=FEATURES,
        hinting=False,
    )
    font = subset.load_font(sys.argv[1], options)
    subsetter = subset.Subsetter(options)
    spread = [code for first, last in RANGES for code in range(first, last + 1)]
    subsetter.populate(unicodes=[*spread, *map(ord, SIGNS)])
    subsetter.subset(font)
    subset.save_font(font, str(FONT), options)
    print(f"{FONT.name}: {FONT.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
