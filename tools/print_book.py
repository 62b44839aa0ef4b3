"""Print the whole built book into one PDF, with bookmarks, page numbers and links within it.

The articles of all pages are put one behind the other into one page, at whose address Chromium asks
for it; the figures need not run there, as their pictures stand in for them on paper.
"""

from __future__ import annotations

import io
import sys
import time
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pikepdf
import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

from tools.browsing import CHROMIUM_FLAGS, CHROMIUM_NAMES, find_chromium, serve
from tools.contents import read_contents

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bs4 import Tag
    from playwright.sync_api import Browser, Response

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
BOOK = ROOT / "_build" / "book.pdf"
ADDRESS = "whole-book.html"  # where Chromium asks for it; no file of the site has this name
TIMEOUT = 300_000  # milliseconds
UNWANTED = "script, button, .headerlink, .lae-unfolding, noscript"
NAMED = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")

READY = """async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode()));
}"""


def name_of(page: str, anchor: str = "") -> str:
    """Name an anchor of a page within the book."""
    return f"{Path(page).name}--{anchor}"


def join_links(article: Tag, page: str, pages: Sequence[str]) -> None:
    """Let the links and pictures of an article work within the book.

    A link to a page that is not in the book, such as the source of a module, becomes plain words.
    """
    address = f"/{page}.html"
    for element in article.select("[id]"):
        element["id"] = name_of(page, str(element["id"]))
    for attribute in NAMED:
        for element in article.select(f"[{attribute}]"):
            value = element[attribute]
            anchors = value.split() if isinstance(value, str) else value
            element[attribute] = " ".join(name_of(page, anchor) for anchor in anchors)
    for image in article.select("img"):
        image["loading"] = "eager"
        image["src"] = urljoin(address, str(image["src"]))
    for link in article.select("a[href]"):
        reference = str(link["href"])
        if urlsplit(reference).scheme:
            continue
        target, anchor = urldefrag(urljoin(address, reference))
        name = target.removeprefix("/").removesuffix(".html")
        if name in pages:
            link["href"] = "#" + name_of(name, unquote(anchor))
        else:
            link.unwrap()


def read_article(site: Path, page: str, pages: Sequence[str]) -> Tag:
    """Read the article of a built page, made ready to stand among the others."""
    soup = BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
    article = soup.select_one("article.bd-article")
    if article is None:
        raise ValueError(f"{page}.html has no article: the site was built with another theme.")
    for unwanted in article.select(UNWANTED):
        unwanted.decompose()
    for folded in article.find_all("details"):
        folded["open"] = ""
    join_links(article, page, pages)
    article["id"] = name_of(page)
    return article


def list_sections(article: Tag) -> str:
    """Give the entry of the contents for an article: its title, and its sections below."""
    title = article.find("h1")
    words = title.get_text() if title else ""
    sections = [
        f'<li><a href="#{section["id"]}">{escape(heading.get_text())}</a></li>'
        for section in article.find_all("section")
        if (heading := section.find("h2", recursive=False)) and section.get("id")
    ]
    below = f"<ul>{''.join(sections)}</ul>" if sections else ""
    return f'<li><a href="#{article["id"]}">{escape(words)}</a>{below}</li>'


def read_head(site: Path, page: str) -> str:
    """Give what the head of a page has of style sheets, and the script that acts on paper."""
    soup = BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
    address = f"/{page}.html"
    kept = []
    for sheet in soup.select('link[rel="stylesheet"]'):
        sheet["href"] = urljoin(address, str(sheet["href"]))
        kept.append(str(sheet))
    for script in soup.find_all("script"):
        source = str(script.get("src", ""))
        if "print.js" in source:
            script["src"] = urljoin(address, source)
            kept.append(str(script))
    return "".join(kept)


def assemble(site: Path, parts: Iterable[tuple[str, Sequence[str]]], config: dict[str, str]) -> str:
    """Put the pages of a built site into one: title, contents, and the articles in order."""
    parts = list(parts)
    pages = [page for _, group in parts for page in group]
    articles = {page: read_article(site, page, pages) for page in pages}
    contents = "".join(
        (f"<p><strong>{escape(caption)}</strong></p>" if caption else "")
        + f"<ul>{''.join(list_sections(articles[page]) for page in group)}</ul>"
        for caption, group in parts
    )
    title, author = escape(config["title"]), escape(config["author"])
    return f"""<!doctype html>
<html lang="en" data-theme="light" data-mode="light"><head><meta charset="utf-8">
<title>{title}</title>
{read_head(site, pages[0])}</head>
<body><div class="bd-main"><div class="bd-content"><div class="bd-article-container">
<div class="book-title"><p class="book-name">{title}</p>
<p>{author}</p><p>{config["copyright"]}</p></div>
<nav class="book-contents" aria-label="Contents"><p class="book-name">Contents</p>{contents}</nav>
{"".join(f'<div class="book-page">{article}</div>' for article in articles.values())}
</div></div></div></body></html>"""


def print_book(browser: Browser, site: Path, html: str, path: Path) -> None:
    """Print an assembled book to a PDF of A4 pages.

    Raises
    ------
    RuntimeError
        If the book asks for a file that the site does not have.
    """
    missing: list[str] = []

    def look(answer: Response) -> None:
        if answer.status >= 400:
            missing.append(answer.url)

    with serve(site) as address:
        tab = browser.new_page(color_scheme="light")
        tab.set_default_timeout(TIMEOUT)
        tab.on("response", look)
        tab.route(address + ADDRESS, lambda way: way.fulfill(body=html, content_type="text/html"))
        tab.goto(address + ADDRESS, wait_until="load")
        tab.evaluate(READY)
        plain = tab.pdf(format="A4", outline=True, tagged=True)
        tab.close()
    with pikepdf.open(io.BytesIO(plain)) as pdf:  # its tags alone are 150,000 objects, not packed
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    if missing:
        raise RuntimeError(f"The site has no {', '.join(missing)}: build it anew with `make book`.")


def main() -> None:
    """Print the book, and say how large it is and how long that took."""
    begun = time.perf_counter()
    parts = read_contents()
    if lost := [
        page for _, group in parts for page in group if not (SITE / f"{page}.html").is_file()
    ]:
        sys.exit(f"The built site has no {lost[0]}.html: run `make book` first.")
    chromium = find_chromium()
    if chromium is None:
        sys.exit(
            f"The PDF is printed by one of {', '.join(CHROMIUM_NAMES)}, and none is on the PATH."
        )
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    html = assemble(SITE, parts, config)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        print_book(browser, SITE, html, BOOK)
        browser.close()
    seconds, megabytes = time.perf_counter() - begun, BOOK.stat().st_size / 1e6
    print(f"{BOOK.relative_to(ROOT)}: {megabytes:.1f} MB in {seconds:.0f} s")


if __name__ == "__main__":
    main()
