"""Reading a built page without a browser: its ids, links, images and metadata."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools.contents import list_pages

ROOT = Path(__file__).resolve().parents[2]


def book_pages() -> list[str]:
    """List the addresses of the table of contents, below the site's root."""
    return [f"{page}.html" for page in list_pages()]


def all_pages() -> list[str]:
    """List the pages that a reader stays on: the book's and the search."""
    return [*book_pages(), "search.html"]


DOOR = "index.html"  # leaves for the first page at once, so nothing can be asked in it
CHAPTERS = [page for page in book_pages() if (ROOT / page).with_suffix(".ipynb").exists()]


@dataclass
class Page(HTMLParser):
    """What a page holds, collected while parsing it."""

    ids: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    images: list[dict[str, str | None]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    icons: list[str] = field(default_factory=list)
    figures: int = 0
    captions: int = 0
    title: str = ""
    _in_title: bool = False

    def __post_init__(self) -> None:
        """Prepare the parser."""
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take notes of one element."""
        values = dict(attrs)
        self._in_title = tag == "title"
        if identifier := values.get("id"):
            self.ids.append(identifier)
        self.references += [v for k in ("href", "src") if (v := values.get(k))]
        self.figures += tag == "figure"
        self.captions += tag == "figcaption"
        if tag == "img":
            self.images.append(values)
        elif tag == "meta" and (name := values.get("name")):
            self.meta[name] = values.get("content") or ""
        elif tag == "link" and values.get("rel") == "icon":
            self.icons.append(values.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave the title."""
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        """Read the title of the page, which precedes those of its drawings."""
        if self._in_title and not self.ids:
            self.title += data


@cache
def read_page(path: Path) -> Page:
    """Parse a page of the built site."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def broken_references(path: Path, site: Path) -> list[str]:
    """List the references of a page that lead nowhere within the site."""
    broken = []
    for reference in read_page(path).references:
        url = urlsplit(reference)
        if url.scheme or url.netloc:
            continue
        target = (path.parent / unquote(url.path)).resolve() if url.path else path
        found = target.is_relative_to(site.resolve()) and target.is_file()
        if found and url.fragment and target.suffix == ".html":
            found = unquote(url.fragment) in read_page(target).ids
        if not found:
            broken.append(reference)
    return broken
