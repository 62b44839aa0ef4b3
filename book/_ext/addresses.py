"""Where the book lives, read from ``addresses.yml``, and what pages say of it.

Without an address of the site a page has no canonical one and no ``og:`` tags; without a
repository it has no button that leads there. ``python -m tools.addresses`` fills the files that
Sphinx does not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .builds import has_cells

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

FILE = "addresses.yml"
BRANCH = "main"
NOTEBOOKS = "notebooks"  # the branch that the workflow "Pages" publishes the portable notebooks on
FORMS = {
    "repository": (
        re.compile(r"https://github\.com/[\w.-]+/[\w.-]*[\w-]"),
        "https://github.com/OWNER/NAME, without a slash at its end",
    ),
    "site": (
        re.compile(r"https://[\w-]+(\.[\w-]+)+(:\d+)?(/[\w.~-]+)*"),
        "https://HOST or https://HOST/PATH, without a slash at its end",
    ),
}


@dataclass(frozen=True)
class Addresses:
    """Where the sources and the site are; an empty one is not known.

    Parameters
    ----------
    repository, site
        Addresses that begin with ``https://`` and do not end with a slash, or "".
    """

    repository: str = ""
    site: str = ""

    def __post_init__(self) -> None:
        """Let nothing in that would make a dead link."""
        for name, (form, words) in FORMS.items():
            address = getattr(self, name)
            if address != "" and not (isinstance(address, str) and form.fullmatch(address)):
                raise ValueError(f'{FILE}: {name} must be {words}, or "", but it is {address!r}')

    @property
    def owner_and_name(self) -> str:
        """The last two parts of the repository's address."""
        return self.repository.removeprefix("https://github.com/")


def read_addresses(book: Path) -> Addresses:
    """Read the addresses from the file in the folder of the book; without one, none is known."""
    path = book / FILE
    if not path.exists():
        return Addresses()
    known = [field.name for field in fields(Addresses)]
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or set(content) - set(known):
        raise ValueError(f"{path} must have lines for {' and '.join(known)} only, not {content!r}")
    return Addresses(**{name: "" if value is None else value for name, value in content.items()})


def set_options(app: Sphinx, config: Config) -> None:
    """Tell Sphinx and the theme where the site and the repository are."""
    here = Path(app.srcdir)
    book = here / "book" if (here / "book").exists() else here  # one page is built from there
    addresses = read_addresses(book)
    config.html_baseurl = addresses.site and f"{addresses.site}/"
    if addresses.repository:
        config.html_theme_options |= {
            "repository_url": addresses.repository,
            "repository_branch": BRANCH,
            "path_to_docs": "" if book != here else "book",
            "use_repository_button": True,
            "use_issues_button": True,
            "use_edit_page_button": True,
        }
    if addresses.repository and addresses.site:
        app.connect("html-page-context", LaunchButtons(addresses).add, priority=502)


@dataclass
class LaunchButtons:
    """Where a chapter can be run without installing anything.

    Colab and Binder open what lies in a repository. The chapter there has no outputs, no install
    line and a markup that they do not know; so they get its portable notebook, which the workflow
    "Pages" publishes on a branch, and which takes the wheel from the site. A codespace opens the
    whole repository, which says by ``.devcontainer`` how it is set up.
    """

    addresses: Addresses

    def list(self, page: str) -> list[dict[str, str]]:
        """List the buttons of a page, in the form of the theme."""
        where = self.addresses.owner_and_name
        notebook = f"{Path(page).stem}.ipynb"
        links = {
            "Colab": f"https://colab.research.google.com/github/{where}/blob/{NOTEBOOKS}/{notebook}",
            "Binder": f"https://mybinder.org/v2/gh/{where}/{NOTEBOOKS}?urlpath=lab/tree/{notebook}",
            "Codespaces": f"https://codespaces.new/{where}",
        }
        return [
            {"type": "link", "text": name, "url": url, "tooltip": f"Run this page on {name}"}
            for name, url in links.items()
        ]

    def add(
        self, app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object
    ) -> None:
        """Give the pages that have cells their buttons."""
        if has_cells(app, page):
            group = {
                "type": "group",
                "label": "launch-buttons",
                "icon": "fas fa-rocket",
                "tooltip": "Run this page elsewhere",
                "buttons": self.list(page),
            }
            context["header_buttons"].insert(0, group)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.connect("config-inited", set_options)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
