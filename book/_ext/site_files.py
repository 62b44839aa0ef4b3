"""The files at the root of the site that are no pages of the book.

A page for addresses that do not exist, and where the site's own address is known a list of its
pages for search engines, with the file that leads there (robots read it at the root of a host).
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .builds import is_whole_book, when_built

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# A server gives this page at any depth. Where the site's address is known, its links begin there;
# where it is not, they are right at the root alone, and the page says what to do elsewhere.
NOT_FOUND = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="description" content="There is no page at this address.">
<link rel="icon" href="{root}_static/{favicon}">
<title>Page not found: {title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 36rem; margin: 12vh auto; padding: 0 1.5rem;
  font: 1.1rem/1.6 system-ui, sans-serif; }}
a, input, button {{ font: inherit; }}
input {{ width: 14rem; max-width: 100%; }}
</style>
</head>
<body>
<main>
<h1>Page not found</h1>
<p>There is no page at this address; it may have been renamed.</p>
<p>The book begins at <a href="{root}{first_page}">{title}</a>.{advice}</p>
<form action="{root}{search}" role="search">
<label>Search the book: <input type="search" name="q" required></label> <button>Search</button>
</form>
</main>
</body>
</html>
"""
ADVICE = (
    " If that leads nowhere either, leave out the end of the address, from <code>/book/</code> on."
)
SITEMAP = """<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{urls}</urlset>
"""


def not_found_page(app: Sphinx) -> str:
    """Return the page for an address without one."""
    config, target = app.config, app.builder.get_target_uri
    return NOT_FOUND.format(
        language=config.language,
        title=html.escape(config.html_title, quote=True),
        root=html.escape(config.html_baseurl, quote=True),
        first_page=target(config.root_doc),
        search=target("search"),
        favicon=Path(config.html_favicon).name,
        advice="" if config.html_baseurl else ADVICE,
    )


def sitemap(app: Sphinx) -> str:
    """Return the list of the book's pages."""
    pages = [
        app.config.html_baseurl + app.builder.get_target_uri(page) for page in app.env.all_docs
    ]
    urls = "".join(f"<url><loc>{escape(page)}</loc></url>\n" for page in sorted(pages))
    return SITEMAP.format(urls=urls)


def write_files(app: Sphinx) -> None:
    """Write the files of a whole site, and drop a list of addresses that it no longer has."""
    if not is_whole_book(app):
        return
    base = app.config.html_baseurl
    files = {
        "404.html": not_found_page(app),
        "sitemap.xml": sitemap(app) if base else "",
        "robots.txt": f"Sitemap: {base}sitemap.xml\n" if base else "",
    }
    for name, content in files.items():
        path = Path(app.outdir, name)
        if content:
            path.write_text(content, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    when_built(app, write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
