"""What the theme leaves out: page descriptions, unique ids, a door at the top."""

from __future__ import annotations

import html
import json
import os
import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from docutils import nodes
from myst_nb.core.render import sanitize_script_content

from .builds import is_whole_book, when_built

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

DESCRIPTION_LENGTH = 200
FIGURE_MODULE = "anywidget"
DESCRIBED = re.compile(r'<meta [^>]*name="description"[^>]* content="([^"]*)"')
# The first picture of the README.
SHARED_PICTURE = Path(__file__).parents[2] / "pictures" / "transpose.png"
SHARED_ALT = "Rows of an encoder over the columns of its decoder, pair by pair alike"
WIDE = 4  # columns of a table: too many for a phone

# The book's pages live in book/, its address is the folder above.
DOOR = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{title}">
<meta http-equiv="refresh" content="0; url={first_page}">
<link rel="icon" href="{favicon}">
{sharing}<title>{title}</title>
</head>
<body><p><a href="{first_page}">{title}</a></p></body>
</html>
"""


def first_paragraph(doctree: nodes.document) -> str:
    """Return the text of the first paragraph that a reader sees, shortened."""
    for paragraph in doctree.findall(nodes.paragraph):
        if text := " ".join(paragraph.astext().split()):
            return textwrap.shorten(text, DESCRIPTION_LENGTH, placeholder=" …")
    return ""


def sharing_tags(app: Sphinx, pagename: str, title: str, description: str) -> str:
    """Return what other sites show of a page that someone shares there, its address included."""
    base = app.config.html_baseurl
    tags = {
        "title": title,
        "type": "website",
        "site_name": app.config.project,
        "url": base + app.builder.get_target_uri(pagename),
        "description": description,
        "image": f"{base}_static/{SHARED_PICTURE.name}",
        "image:alt": SHARED_ALT,
    }
    return "".join(
        f'\n<meta property="og:{name}" content="{html.escape(content, quote=True)}">'
        for name, content in tags.items()
    )


def add_shared_picture(app: Sphinx, config: Config) -> None:
    """Let the site have the picture, where it has an address that a picture can be fetched from."""
    if config.html_baseurl:
        config.html_static_path.append(os.path.relpath(SHARED_PICTURE, app.srcdir))


def add_description(
    app: Sphinx,
    pagename: str,
    _templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Describe a page by its first paragraph, unless its author described it.

    An author does so with ``html_meta: description`` in the page's metadata.
    """
    metatags = context.get("metatags") or ""
    if found := DESCRIBED.search(metatags):
        description = found[1]
    else:
        text = first_paragraph(doctree) if doctree else ""
        description = html.escape(text or app.config.html_title, quote=True)
        metatags = f'{metatags}<meta name="description" content="{description}">'
    if doctree and app.config.html_baseurl:
        title = BeautifulSoup(context["title"], "html.parser").get_text()
        metatags += sharing_tags(app, pagename, title, html.unescape(description))
    context["metatags"] = metatags


def drop_repeated_ids(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Keep the first of equal ids on a page.

    sphinx-proof and sphinx-exercise give one id to the bodies of all their blocks.
    They may lose it only now: Sphinx numbers the figures inside a section by its id.
    """
    seen: set[str] = set()
    for node in doctree.findall(nodes.Element):
        node["ids"] = [identifier for identifier in node["ids"] if identifier not in seen]
        seen.update(node["ids"])


def mark_wide_tables(_app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Name tables of four columns, which a style sheet could find by `:has` alone.

    That would cost milliseconds on every frame of a figure in motion.
    """
    for table in doctree.findall(nodes.table):
        for group in table.findall(nodes.tgroup):
            if group["cols"] == WIDE and group.next_node(nodes.thead):
                table["classes"].append("four-columns")


def keep_figure_state(
    app: Sphinx, pagename: str, _templatename: str, _context: dict[str, Any], _doctree: object
) -> None:
    """Keep the state of the interactive figures only, of all that MyST-NB puts into a page.

    The other widgets live in JupyterLab; their state would be dead weight, pictures included.
    """
    js_files = getattr(app.env, "nb_metadata", {}).get(pagename, {}).get("js_files", {})
    if "ipywidgets_state" not in js_files:
        return
    path, attributes = js_files.pop("ipywidgets_state")
    saved = json.loads(attributes["body"])
    saved["state"] = {
        key: model
        for key, model in saved["state"].items()
        if model["model_module"] == FIGURE_MODULE
    }
    if saved["state"]:
        body = sanitize_script_content(json.dumps(saved))
        js_files["ipywidgets_state"] = (path, {**attributes, "body": body})


def write_door(app: Sphinx) -> None:
    """Write the site's ``index.html``, which leads to the book's first page."""
    if not is_whole_book(app):  # one page may be index.html itself
        return
    base, title, first = app.config.html_baseurl, app.config.html_title, app.config.root_doc
    sharing = ""
    if base:
        canonical = f'<link rel="canonical" href="{base}{app.builder.get_target_uri(first)}">'
        sharing = f"{canonical}{sharing_tags(app, first, title, title)}\n"
    door = DOOR.format(
        sharing=sharing,
        language=app.config.language,
        title=html.escape(app.config.html_title, quote=True),
        first_page=f"{app.config.root_doc}.html",
        favicon=f"_static/{Path(app.config.html_favicon).name}",
    )
    Path(app.outdir, "index.html").write_text(door, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("config-inited", add_shared_picture, priority=900)  # the address is known by then
    app.connect("doctree-resolved", drop_repeated_ids)
    app.connect("doctree-resolved", mark_wide_tables)
    app.connect("html-page-context", add_description)
    app.connect("html-page-context", keep_figure_state, priority=400)  # MyST-NB adds it at 500
    when_built(app, write_door)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
