"""One file says where the book lives; every other that names it is filled from there."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from docutils.utils import new_document

from book._ext import addresses, page_extras, site_files
from book._ext.addresses import Addresses, LaunchButtons, read_addresses, set_options
from tools.addresses import FILES, fill, write

ROOT = Path(__file__).resolve().parents[2]
SITE, REPOSITORY = "https://example.org/the-book", "https://github.com/example/the.book"
BOTH = f"repository: {REPOSITORY}\nsite: {SITE}\n"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Copy what is filled, with an address of each kind in the setting."""
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / addresses.FILE).write_text(BOTH, encoding="utf-8")
    return tmp_path


def test_every_file_says_what_the_setting_says() -> None:
    known = read_addresses(ROOT / "book")
    for name, lines in FILES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        assert fill(text, lines(known)) == text, "python -m tools.addresses"


def test_every_file_is_filled_and_emptied(elsewhere: Path) -> None:
    assert write(elsewhere) == list(FILES)
    assert write(elsewhere) == []
    readme = (elsewhere / "README.md").read_text(encoding="utf-8")
    assert f"Read it at <{SITE}/>" in readme
    assert f"git clone {REPOSITORY}" in readme
    citation = yaml.safe_load((elsewhere / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["url"], citation["repository-code"]) == (SITE, REPOSITORY)
    project = tomllib.loads((elsewhere / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["urls"]["Homepage"] == SITE
    assert project["urls"]["Source"] == REPOSITORY
    assert "lae_figure" in str(project["entry-points"])

    (elsewhere / "book" / addresses.FILE).write_text("repository:\nsite:\n", encoding="utf-8")
    assert write(elsewhere) == list(FILES)
    for name in FILES:
        assert not re.search(
            r"example\.org|github\.com/example", (elsewhere / name).read_text(encoding="utf-8")
        )


def test_a_file_without_its_marks_is_not_filled() -> None:
    with pytest.raises(ValueError, match="must have one line with"):
        fill("no mark", [])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("site: http://example.org", "site must be https://HOST"),
        ("site: https://example.org/", "without a slash at its end"),
        ("site: https://example.org/a?b", "site must be"),
        ("site: 3", "but it is 3"),
        (
            "repository: https://github.com/owner",
            "repository must be https://github.com/OWNER/NAME",
        ),
        ("repository: https://github.com/owner/name/", "without a slash"),
        ("repository: https://example.org/owner/name", "repository must be"),
        ("sight: https://example.org", "lines for repository and site only"),
        ("- https://example.org", "lines for repository and site only"),
    ],
)
def test_an_address_that_would_be_dead_is_refused(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / addresses.FILE).write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(words)):
        read_addresses(tmp_path)


def test_without_the_file_no_address_is_known(tmp_path: Path) -> None:
    assert read_addresses(tmp_path) == Addresses()


class App(SimpleNamespace):
    """What the extensions need of Sphinx."""

    def connect(self, event: str, handler: object, **_: object) -> None:
        """Note who listens."""
        self.listeners.append((event, handler))


def configured(folder: Path) -> App:
    """Let the extensions configure a site whose sources are in a folder."""
    config = SimpleNamespace(
        html_baseurl="",
        html_theme_options={"use_issues_button": False},
        html_static_path=[],
        html_title="A & B",
        html_favicon="book/_static/icon.svg",
        project="A",
        root_doc="book/index",
        language="en",
    )
    app = App(
        srcdir=str(folder),
        outdir=str(folder),
        config=config,
        listeners=[],
        builder=SimpleNamespace(format="html", get_target_uri=lambda page: f"{page}.html"),
        env=SimpleNamespace(
            all_docs={"book/index": 0, "book/a": 0}, metadata={"book/a": {"kernelspec": {}}}
        ),
    )
    set_options(app, config)  # type: ignore[arg-type]
    page_extras.add_shared_picture(app, config)  # type: ignore[arg-type]
    return app


def describe(app: Any) -> str:  # noqa: ANN401
    """Return what the head of a page says of it."""
    context: dict[str, Any] = {"title": "<em>Page</em> &amp; one", "metatags": ""}
    page_extras.add_description(app, "book/a", "page.html", context, new_document("page"))
    tags: str = context["metatags"]
    return tags


def test_pages_and_files_name_the_addresses(elsewhere: Path) -> None:
    app = configured(elsewhere)
    assert app.config.html_baseurl == f"{SITE}/"
    options = app.config.html_theme_options
    assert options["repository_url"] == REPOSITORY
    assert options["use_repository_button"]
    assert options["use_issues_button"]
    tags = describe(app)
    assert f'<meta property="og:url" content="{SITE}/book/a.html">' in tags
    assert '<meta property="og:title" content="Page &amp; one">' in tags
    (picture,) = app.config.html_static_path
    assert (elsewhere / picture).resolve() == ROOT / "pictures" / "transpose.png"
    assert f"{SITE}/_static/{Path(picture).name}" in tags
    page_extras.write_door(app)  # type: ignore[arg-type]
    door = (elsewhere / "index.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{SITE}/book/index.html">' in door
    assert 'property="og:title" content="A &amp; B"' in door
    site_files.write_files(app)  # type: ignore[arg-type]
    assert f"<loc>{SITE}/book/a.html</loc>" in (elsewhere / "sitemap.xml").read_text("utf-8")
    assert f"Sitemap: {SITE}/sitemap.xml" in (elsewhere / "robots.txt").read_text("utf-8")
    lost = (elsewhere / "404.html").read_text(encoding="utf-8")
    links = re.findall(r'(?:href|action)="([^"]*)"', lost)
    assert len(links) == 3
    assert all(link.startswith(f"{SITE}/") for link in links)
    assert "leave out" not in lost


def test_without_addresses_nothing_dead_is_shown(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    for name in ("sitemap.xml", "robots.txt"):
        (tmp_path / name).write_text("of yesterday", encoding="utf-8")
    app = configured(tmp_path)
    assert (app.config.html_baseurl, app.config.html_static_path) == ("", [])
    assert app.config.html_theme_options == {"use_issues_button": False}
    assert app.listeners == []
    assert "og:" not in describe(app)
    page_extras.write_door(app)  # type: ignore[arg-type]
    site_files.write_files(app)  # type: ignore[arg-type]
    assert {path.name for path in tmp_path.iterdir()} == {"book", "index.html", "404.html"}
    assert not re.search("canonical|og:", (tmp_path / "index.html").read_text(encoding="utf-8"))
    lost = (tmp_path / "404.html").read_text(encoding="utf-8")
    assert '<a href="book/index.html">A &amp; B</a>' in lost
    assert "leave out" in lost


@pytest.mark.parametrize("line", BOTH.splitlines())
def test_with_one_address_alone_nothing_can_be_launched(tmp_path: Path, line: str) -> None:
    (tmp_path / addresses.FILE).write_text(line, encoding="utf-8")
    assert configured(tmp_path).listeners == []


def test_a_page_with_cells_can_be_launched(elsewhere: Path) -> None:
    app = configured(elsewhere)
    ((event, add),) = app.listeners
    assert event == "html-page-context"
    for page, expected in (("book/a", 1), ("book/index", 0)):
        context: dict[str, Any] = {"header_buttons": []}
        add(app, page, "page.html", context, None)
        assert len(context["header_buttons"]) == expected
    urls = [button["url"] for button in LaunchButtons(Addresses(REPOSITORY, SITE)).list("book/a")]
    assert urls == [
        "https://colab.research.google.com/github/example/the.book/blob/notebooks/a.ipynb",
        "https://mybinder.org/v2/gh/example/the.book/notebooks?urlpath=lab/tree/a.ipynb",
        "https://codespaces.new/example/the.book",
    ]


def test_the_branch_that_is_launched_is_published(tmp_path: Path) -> None:
    workflow = (ROOT / ".github/workflows/pages.yml").read_text(encoding="utf-8")
    assert ".ci/publish-notebooks site " in workflow
    for name in ("notebooks/a.ipynb", "wheels/lae.whl", "book/a.html"):
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    remote = tmp_path / "remote"

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(remote), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    remote.mkdir()
    git("init", "--quiet", "--bare")
    publish = [str(ROOT / ".ci/publish-notebooks"), str(tmp_path / "site"), str(remote)]
    for _ in range(2):
        subprocess.run(publish, check=True)
    listed = git("ls-tree", "-r", "--name-only", addresses.NOTEBOOKS).split()
    assert listed == ["README.md", "a.ipynb", "requirements.txt", "runtime.txt", "wheels/lae.whl"]
    asked = git("show", f"{addresses.NOTEBOOKS}:requirements.txt").splitlines()
    assert asked[-1] == "./wheels/lae.whl[scale]"
