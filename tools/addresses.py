"""Fill the files that name the book's addresses from ``book/addresses.yml``.

In each of them the lines between two marks are written here.
"""

from __future__ import annotations

import re
from pathlib import Path

from book._ext.addresses import Addresses, read_addresses

ROOT = Path(__file__).resolve().parents[1]
MARKED = re.compile(
    r"(^.*\baddresses: written by python -m tools\.addresses\b.*\n)"
    r"(?:.*\n)*?"
    r"(^.*\baddresses: end\b.*$)",
    re.MULTILINE,
)


def readme_lines(addresses: Addresses) -> list[str]:
    """Say where the book can be read, and where its sources are."""
    site, repository = addresses.site, addresses.repository
    lines = []
    if site:
        lines.append(f"Read it at <{site}/>: nothing to install, every figure is live.")
    else:
        lines.append(
            "It has no public address yet: whoever has built it can pass `_build/html` on as a "
            "folder or an archive, and its `index.html` opens without a server."
        )
    if repository:
        lines.append(f"The sources: `git clone {repository}`.")
    return lines


def citation_lines(addresses: Addresses) -> list[str]:
    """Give the fields of a citation file."""
    fields = {"url": addresses.site, "repository-code": addresses.repository}
    return [f"{name}: {address}" for name, address in fields.items() if address]


def project_lines(addresses: Addresses) -> list[str]:
    """Give the table of a project's addresses, which an index shows."""
    repository = addresses.repository
    urls = {"Homepage": addresses.site}
    if repository:
        urls |= {
            "Source": repository,
            "Issues": f"{repository}/issues",
            "Changelog": f"{repository}/blob/main/CHANGELOG.md",
        }
    lines = [f'{name} = "{address}"' for name, address in urls.items() if address]
    return ["[project.urls]", *lines] if lines else []


FILES = {
    "README.md": readme_lines,
    "CITATION.cff": citation_lines,
    "pyproject.toml": project_lines,
}


def fill(text: str, lines: list[str]) -> str:
    """Put lines between the two marks of a text."""
    if len(MARKED.findall(text)) != 1:
        raise ValueError(
            "text must have one line with 'addresses: written by python -m tools.addresses' and "
            "one with 'addresses: end' below it"
        )
    between = "".join(f"{line}\n" for line in lines)
    return MARKED.sub(lambda marks: f"{marks[1]}{between}{marks[2]}", text)


def write(root: Path) -> list[str]:
    """Write the files of a folder, and list those that have changed."""
    addresses = read_addresses(root / "book")
    changed = []
    for name, lines in FILES.items():
        text = (root / name).read_text(encoding="utf-8")
        if (filled := fill(text, lines(addresses))) != text:
            (root / name).write_text(filled, encoding="utf-8", newline="\n")
            changed.append(name)
    return changed


if __name__ == "__main__":
    print(*write(ROOT) or ["Everything says so already."], sep="\n")
