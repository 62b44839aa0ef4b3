"""What the book's own Sphinx extensions do to a page, without building one."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from docutils import nodes
from docutils.utils import new_document

from book._ext import (
    accessible_markup,
    builds,
    captions,
    code_links,
    fresh_cache,
    kept_together,
    light_pages,
    named_links,
    page_extras,
    two_colours,
    unfolding,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(__file__).resolve().parents[2] / "book" / "_ext"
HTML: Any = SimpleNamespace(builder=SimpleNamespace(format="html"))
LATEX: Any = SimpleNamespace(builder=SimpleNamespace(format="latex"))


def document(*children: nodes.Node) -> nodes.document:
    tree = new_document("page")
    tree += list(children)
    return tree


def sentence(*parts: str) -> nodes.paragraph:
    """Make a paragraph of words and, between dollars, formulas."""
    made = [nodes.math("", p.strip("$")) if p.startswith("$") else nodes.Text(p) for p in parts]
    return nodes.paragraph("", "", *made)


def groups(paragraph: nodes.paragraph) -> list[str]:
    """Read a paragraph, what is kept together in bars."""
    return [f"|{c.astext()}|" if isinstance(c, nodes.inline) else c.astext() for c in paragraph]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["of ", "$x$", ", then"], ["of ", "|x,|", " then"]),
        (["(", "$x$", ") and"], ["", "|(x)|", " and"]),
        (["see (", "$x$", " here)"], ["see ", "|(x|", " here)"]),
        (["the non-", "$x$", " part"], ["the ", "|non-x|", " part"]),
        (["the ", "$k$", "-th one"], ["the ", "|k-th|", " one"]),
        (["the ", "$k$", "th."], ["the ", "|kth.|", ""]),
        (["“", "$x$", "”?"], ["", "|“x”?|", ""]),
        (["plain ", "$x$", " words"], ["plain ", "x", " words"]),
        (["$x$", "."], ["|x.|", ""]),
        (["at its end ", "$x$"], ["at its end ", "x"]),
        (["both ", "$x$", ", ", "$y$", "."], ["both ", "|x,|", " ", "|y.|", ""]),
    ],
)
def test_punctuation_is_kept_with_its_formula(parts: list[str], expected: list[str]) -> None:
    paragraph = sentence(*parts)
    kept_together.keep_together(HTML, document(paragraph), "page")
    assert groups(paragraph) == expected
    assert all("together" in c["classes"] for c in paragraph.findall(nodes.inline))
    untouched = sentence(*parts)
    kept_together.keep_together(LATEX, document(untouched), "page")
    assert list(untouched.findall(nodes.inline)) == []


def test_punctuation_is_kept_with_a_symbol_that_is_a_link() -> None:
    link = nodes.reference("", "", nodes.inline("", "", nodes.math("", "k")))
    paragraph = nodes.paragraph("", "", nodes.Text("of rank "), link, nodes.Text(". Then"))
    kept_together.keep_together(HTML, document(paragraph), "page")
    assert groups(paragraph) == ["of rank ", "|k.|", " Then"]
    assert list(paragraph.findall(nodes.reference)) == [link]


def test_encoder_and_decoder_have_their_colours_in_prose_alone() -> None:
    paragraph = nodes.paragraph("", "The decoder’s weights; autoencoders; Encoder, decoders.")
    link = nodes.reference("", "", nodes.inline("", "encoder"))
    heading = nodes.title("", "The encoder")
    code = nodes.paragraph("", "", nodes.literal("", "encoder"), link)
    tree = document(heading, paragraph, code)
    said = tree.astext()
    two_colours.colour_words(LATEX, tree, "page")
    assert [span.astext() for span in tree.findall(nodes.inline)] == ["encoder"]
    two_colours.colour_words(HTML, tree, "page")
    spans = [(s.astext(), s["classes"]) for s in tree.findall(nodes.inline) if s["classes"]]
    assert spans == [("decoder", ["decoder"]), ("Encoder", ["encoder"]), ("decoder", ["decoder"])]
    assert tree.astext() == said


def reference(key: str) -> nodes.citation:
    label, text = nodes.label("", key), nodes.paragraph("", f"What {key} wrote.")
    return nodes.citation("", label, text, ids=[key])


def test_references_become_one_list_for_each_run_of_them() -> None:
    tree = document(reference("a"), reference("b"), sentence("Between."), reference("c"))
    accessible_markup.list_references(HTML, tree, "page")
    assert [type(child).__name__ for child in tree] == ["bullet_list", "paragraph", "bullet_list"]
    assert [[i["ids"] for i in one] for one in tree.findall(nodes.bullet_list)] == [
        [["a"], ["b"]],
        [["c"]],
    ]
    assert tree.astext().split("\n\n") == [
        "What a wrote.",
        "What b wrote.",
        "Between.",
        "What c wrote.",
    ]
    other = nodes.bullet_list("", nodes.list_item("", sentence("No reference.")))
    after_another = document(other, reference("a"))
    accessible_markup.list_references(HTML, after_another, "page")
    assert [len(one) for one in after_another] == [1, 1]
    untouched = document(reference("a"))
    accessible_markup.list_references(LATEX, untouched, "page")
    assert isinstance(untouched[0], nodes.citation)


def test_a_docstring_cites_by_number_and_its_list_counts() -> None:
    label = "R0a1b2c3d4e5f-2"
    cited = nodes.reference("", f"[{label}]")
    citation = nodes.citation("", nodes.label("", label), sentence("What b wrote."), ids=["b"])
    tree = document(nodes.paragraph("", "See ", cited), citation)
    accessible_markup.list_references(HTML, tree, "page")
    accessible_markup.number_citations(HTML, tree, "page")
    assert tree[0].astext() == "See [2]"
    assert isinstance(tree[1], nodes.enumerated_list)


def describe(tree: nodes.document | None, metatags: str = "") -> str:
    context: dict[str, Any] = {"metatags": metatags}
    app: Any = SimpleNamespace(config=SimpleNamespace(html_title='The "book"', html_baseurl=""))
    page_extras.add_description(app, "page", "page.html", context, tree)
    text: str = context["metatags"]
    return text


def test_a_page_is_described_by_its_first_words() -> None:
    wordless = nodes.paragraph()
    found = describe(document(wordless, sentence('Some "words"\n of it.'), sentence("More.")))
    assert found == '<meta name="description" content="Some &quot;words&quot; of it.">'
    assert (
        describe(None, "<meta>") == '<meta><meta name="description" content="The &quot;book&quot;">'
    )
    own = '<meta name="description" content="By its author.">'
    assert describe(document(sentence("Some words.")), own) == own
    long = describe(document(sentence("word " * 100)))
    assert 180 < len(long) < 260
    assert long.endswith(' …">')


def test_of_equal_ids_the_first_is_kept() -> None:
    tree = document(*(nodes.section(ids=ids) for ids in (["a", "b"], ["b"], ["b", "c"])))
    page_extras.drop_repeated_ids(HTML, tree, "page")
    assert [section["ids"] for section in tree] == [["a", "b"], [], ["c"]]


def test_tables_of_four_headed_columns_are_named() -> None:
    def table(columns: int, *, headed: bool = True) -> nodes.table:
        row = nodes.row("", *(nodes.entry("", sentence("x")) for _ in range(columns)))
        parts = [nodes.thead("", row.deepcopy())] if headed else []
        return nodes.table("", nodes.tgroup("", *parts, nodes.tbody("", row), cols=columns))

    tree = document(table(3), table(4), table(4, headed=False), table(5))
    page_extras.mark_wide_tables(HTML, tree, "page")
    assert [each["classes"] for each in tree] == [[], ["four-columns"], [], []]


def keep_state(modules: list[str]) -> dict[str, Any]:
    state = {name: {"model_module": name} for name in modules}
    script = (None, {"type": "state", "body": json.dumps({"version": 2, "state": state})})
    js_files = {"other": 1, "ipywidgets_state": script}
    env: Any = SimpleNamespace(nb_metadata={"page": {"js_files": js_files}})
    for page in ("page", "another"):
        app: Any = SimpleNamespace(env=env)
        page_extras.keep_figure_state(app, page, "", {}, None)
    kept: dict[str, Any] = env.nb_metadata["page"]["js_files"]
    return kept


def test_the_state_of_figures_alone_is_kept() -> None:
    kept = keep_state(["anywidget", "@jupyter-widgets/controls"])
    assert kept["other"] == 1
    assert kept["ipywidgets_state"][1]["type"] == "state"
    saved = json.loads(kept["ipywidgets_state"][1]["body"])
    assert saved == {"version": 2, "state": {"anywidget": {"model_module": "anywidget"}}}
    assert keep_state(["@jupyter-widgets/base"]) == {"other": 1}


@pytest.mark.parametrize(
    ("builder", "error", "called"),
    [("html", None, True), ("latex", None, False), ("html", ValueError(), False)],
)
def test_what_waits_for_a_website_is_called_when_one_is_built(
    builder: str, error: Exception | None, *, called: bool
) -> None:
    calls: list[object] = []
    listeners: list[tuple[str, Any, int]] = []
    app: Any = SimpleNamespace(
        builder=SimpleNamespace(format=builder),
        connect=lambda event, listener, priority: listeners.append((event, listener, priority)),
    )
    builds.when_built(app, calls.append, priority=7)
    ((event, listener, priority),) = listeners
    assert (event, priority) == ("build-finished", 7)
    listener(app, error)
    assert calls == [app] * called


@pytest.mark.parametrize(("root", "written"), [("book/index", True), ("index", False)])
def test_the_door_leads_to_the_first_page_of_a_book(
    tmp_path: Path, root: str, *, written: bool
) -> None:
    config = SimpleNamespace(
        language="en",
        html_title="A & B",
        html_baseurl="",
        root_doc=root,
        html_favicon="book/_static/icon.svg",
    )
    app: Any = SimpleNamespace(config=config, outdir=str(tmp_path))
    page_extras.write_door(app)
    door = tmp_path / "index.html"
    assert door.exists() is written
    if written:
        text = door.read_text(encoding="utf-8")
        assert 'content="0; url=book/index.html"' in text
        assert '<a href="book/index.html">A &amp; B</a>' in text
        assert 'href="_static/icon.svg"' in text


def test_a_digest_changes_with_every_name_and_every_byte(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("ab", encoding="utf-8")
    other.write_text("c", encoding="utf-8")
    digests = {fresh_cache.digest([one]), fresh_cache.digest([other])}
    digests |= {fresh_cache.digest([one, other]), fresh_cache.digest([other, one])}
    one.write_text("a", encoding="utf-8")
    other.write_text("bc", encoding="utf-8")
    digests |= {fresh_cache.digest([one]), fresh_cache.digest([one, other])}
    assert len(digests) == 6
    assert fresh_cache.digest([one]) in digests
    halves = [tmp_path / "a", tmp_path / "ab"]
    for path, content in zip(halves, ("bc", "c"), strict=True):
        path.write_text(content, encoding="utf-8")
    assert fresh_cache.digest(halves[:1]) != fresh_cache.digest(halves[1:])


def test_a_stamp_says_what_was_written(tmp_path: Path) -> None:
    stamp = fresh_cache.Stamp(tmp_path / "new" / "folder")
    assert not stamp.says("")
    stamp.write("today")
    assert stamp.says("today")
    assert not stamp.says("tomorrow")


def test_the_package_and_its_front_ends_count() -> None:
    names = {path.name for path in fresh_cache.package_files()}
    assert {"__init__.py", "explorer.js", "figure.css"} <= names
    assert not [name for name in names if name.endswith(".pyc")]


def test_pages_that_failed_or_come_from_elsewhere_are_stale(tmp_path: Path) -> None:
    freshness = fresh_cache.Freshness()
    app: Any = SimpleNamespace(outdir=str(tmp_path / "html"), srcdir=str(tmp_path))
    data = {"good": {"exec_data": {"succeeded": True}}, "bad": {"exec_data": {"succeeded": False}}}
    env: Any = SimpleNamespace(
        found_docs={"good", "bad", "prose"}, nb_metadata={**data, "prose": {}}
    )
    cache = tmp_path / ".jupyter_cache"
    cache.mkdir()
    freshness.drop_stale_cache(app)
    assert not cache.exists()
    assert freshness.list_stale_pages(app, env, set(), set(), set()) == ["bad", "good", "prose"]
    freshness.stamp_pages(app, ValueError("interrupted"))
    assert freshness.list_stale_pages(app, env) == ["bad", "good", "prose"]
    freshness.stamp_pages(app, None)
    assert freshness.list_stale_pages(app, env) == ["bad"]

    cache.mkdir()
    again = fresh_cache.Freshness()
    again.drop_stale_cache(app)
    assert cache.exists()
    assert again.list_stale_pages(app, env) == ["bad"]
    (tmp_path / "requirements.txt").write_text("numpy==3", encoding="utf-8")
    fresh_cache.Freshness().drop_stale_cache(app)
    assert not cache.exists()


@pytest.mark.parametrize(
    ("label", "said", "right"),
    [
        ("thm-a", "Theorem 2.1", "Theorem 2.7"),
        ("thm-a", "the theorem", "the theorem"),
        ("thm-a", "(2.1)", "Theorem 2.7"),
        ("eq-a", "by (2.1), again", "by (2.3), again"),
        ("fig-a", "Figure 2.4", "Figure 2.4"),
        ("sec-a", "how", "how"),
        ("sec-a", "chapter 3", "chapter 2"),
        (None, "Chapter 4", "Chapter 2"),
        ("thm-new", "Theorem 2.1", None),
        ("sec-a", "Theorem 2.1", None),
    ],
)
def test_numbers_in_the_words_of_links_are_the_websites(
    label: str | None, said: str, right: str | None
) -> None:
    numbers = {
        "theorem": {"thm-a": (2, 7)},
        "displaymath": {"equation-eq-a": (2, 3)},
        "figure": {"fig-a": (2, 4)},
    }
    labels = {"sec-a": ("second", "sec-a-id"), "sec-b": ("third", "sec-b")}
    titles = {"sec-a": (*labels["sec-a"], "The second")}
    env: Any = SimpleNamespace(
        domaindata={"std": {"anonlabels": labels, "labels": titles}},
        toc_fignumbers={"second": numbers},
        toc_secnumbers={"second": {"": (2,)}},
    )
    assert named_links.correct(env, "second", label, said) == right
    assert named_links.correct(env, "new", None, "chapter 3") is None
    found = [named_links.find_target(env, "second", label) for label in ("eq-a", "sec-a", "sec-b")]
    assert [target and target.anchor for target in found] == ["equation-eq-a", "sec-a-id", None]
    assert [str(target) for target in found[:2]] == ["(2.3)", "The second"]


@pytest.mark.parametrize(
    ("code", "linked"),
    [
        ('<span class="n">fit</span><span class="p">(</span>', ["fit"]),
        ('<span class="n">lae</span><span class="o">.</span><span class="n">fit</span>', ["lae"]),
        ('<span class="n">pca</span><span class="o">.</span><span class="n">mean</span>', ["pca"]),
        ('<span class="n">fit</span> <span class="o">=</span>', []),
        ('<span class="n">f</span><span class="p">(</span><span class="n">lam</span>'
         '<span class="o">=</span>', ["f"]),
    ],
    ids=["call", "module", "attribute", "assignment", "keyword"],
)  # fmt: skip
def test_only_what_is_used_is_a_link(code: str, linked: list[str]) -> None:
    assert [found[0] for found in code_links.NAME.findall(code)] == linked


def drawing_that_unfolds(alt: str = "folded & unfolded") -> nodes.document:
    picture = nodes.image(uri="book/_static/unfolding.svg", alt=alt)
    return document(nodes.figure("", picture), nodes.figure("", nodes.image(uri="other.svg")))


def test_the_drawing_that_unfolds_stands_before_its_picture_and_no_other() -> None:
    tree = drawing_that_unfolds()
    unfolding.add_drawing(HTML, tree, "page")
    (live,) = tree.findall(nodes.raw)
    assert live.parent.index(live) + 1 == live.parent.index(next(iter(tree.findall(nodes.image))))
    assert 'aria-label="folded &amp; unfolded"' in live.astext()
    for_paper = drawing_that_unfolds()
    unfolding.add_drawing(LATEX, for_paper, "page")
    assert not list(for_paper.findall(nodes.raw))


def test_a_named_drawing_and_the_caption_below_it_become_a_figure() -> None:
    image = nodes.image(uri="layer.svg")
    drawing = nodes.paragraph("", "", nodes.Text(""), image, names=["fig-a"], ids=["fig-a"])
    other = nodes.paragraph("", "", nodes.image(uri="tie.svg"))
    caption = nodes.paragraph("", "", nodes.strong("", "Figure 1.2."), nodes.Text(" A layer."))
    tree = document(other, drawing, caption, sentence("More."))
    captions.Captions(tree).apply()
    assert [type(child).__name__ for child in tree] == ["paragraph", "figure", "paragraph"]
    figure = tree[1]
    assert list(figure[0].findall(nodes.image)) == [image]
    assert (figure[1].astext(), figure["said"]) == ("A layer.", "Figure 1.2.")
    assert (figure["names"], figure["ids"]) == (["fig-a"], ["fig-a"])
    assert tree.ids["fig-a"] is figure


PLACES = """() => {
    const box = (e) => { const { left, right } = e.getBoundingClientRect(); return [left, right]; };
    const all = (selector) => [...document.querySelectorAll(selector)].map(box);
    return { there: all(".there").slice(1), back: all(".back") };
}"""


@pytest.mark.browser
def test_the_way_back_lies_on_the_way_there_until_it_is_unfolded(browser: Browser) -> None:
    tree = drawing_that_unfolds()
    unfolding.add_drawing(HTML, tree, "page")
    static = FOLDER.parent / "_static"
    screen, paper = ((static / f"{n}.css").read_text(encoding="utf-8") for n in ("book", "print"))
    style = f'<style>{screen}</style><style media="print">{paper}</style>'
    live = next(iter(tree.findall(nodes.raw))).astext()
    tab = browser.new_page(viewport={"width": 390, "height": 600}, reduced_motion="reduce")
    tab.set_content(f'{style}{live}<img alt="both" width="20" height="20">')
    folded = tab.evaluate(PLACES)
    assert folded["back"] == [pytest.approx(place, abs=0.1) for place in folded["there"]]
    opacity = "e => Number(getComputedStyle(e).opacity)"
    words = [tab.locator(".return-words.folded"), tab.locator(".return-words.unfolded")]
    assert [one.evaluate(opacity) for one in words] == [1, 0]
    box = tab.get_by_role("checkbox", name="unfold the way back")
    box.press("Space")
    unfolded = tab.evaluate(PLACES)
    axis = sum(unfolded["back"][0]) + sum(unfolded["there"][0])
    for (left, right), back in zip(unfolded["there"], unfolded["back"], strict=True):
        assert back == pytest.approx([axis / 2 - right, axis / 2 - left], abs=0.1)
        assert back[0] > right
    assert [one.evaluate(opacity) for one in words] == [0, 1]
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not tab.locator("img").is_visible()
    tab.emulate_media(media="print")
    assert tab.locator("img").is_visible()
    assert not box.is_visible()
    tab.close()


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ('viewBox="0 0 640 232" width="64" height="23.2"', (64, 23.2)),
        ('viewBox="0 0 640 232" width="64px" height="23px"', (64, 23)),
        ('viewBox="0 0 640 232"', (640, 232)),
        ('viewBox="-1,-2, 640,232" width="100%"', (640, 232)),
        ('width="64" height="23"', (64, 23)),
    ],
)
def test_a_drawing_says_its_size(tmp_path: Path, said: str, size: tuple[float, float]) -> None:
    drawing = tmp_path / "drawing.svg"
    drawing.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {said}/>', encoding="utf-8")
    assert light_pages.size_of(drawing) == size


def test_a_drawing_without_a_size_is_refused_by_name(tmp_path: Path) -> None:
    drawing = tmp_path / "drawing.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9em"/>', encoding="utf-8")
    with pytest.raises(ValueError, match=r"drawing\.svg must have a viewBox, or width and height"):
        light_pages.size_of(drawing)
