"""The contents of the book: its parts and their pages, named below the site's root, in order."""

from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]


def read_contents() -> list[tuple[str, list[str]]]:
    """List the parts of the book, each with its pages."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = [
        (part["caption"], [entry["file"] for entry in part["chapters"]]) for part in toc["parts"]
    ]
    return [("", [toc["root"]]), *parts]


def list_pages() -> list[str]:
    """List the pages of all parts."""
    return [page for _, pages in read_contents() for page in pages]
