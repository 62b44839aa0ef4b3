"""The joined module does what the modules do, and what cannot be joined is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from lae_helpers.widgets.front_end import SCRIPTS, STYLES, BundleError, join_modules
from tools.browsing import serve

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

SHEETS = sorted(path for path in STYLES.glob("*.css") if path.name != "figure.css")
ENTRIES = sorted(path.name for path in SCRIPTS.glob("*.js"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
NUMBERS = """/** Numbers. */

/**
 * This is kept to itself.
 *
 * @type {import("./nothing.js").Secret}
 */
const secret = /** @type {any} */ (1);
export const one = secret;
export const two = 2; // an export, and a comment after it
export function add(a, b) {
  // a remark
  const said = "5; // no remark"; // a remark
  return said.length === 15 ? a + b : NaN;
}
export async function addLater(a, b) {
  return add(a, b);
}
export class Pair {
  sum = add(one, two);
}
"""
SPELLINGS = {
    "as-the-book": 'import { add, one, two } from "./parts/numbers.js";',
    "single-quotes": "import { add, one, two } from './parts/numbers.js';",
    "no-semicolon": 'import { add, one, two } from "./parts/numbers.js"',
    "no-spaces": 'import {add,one,two} from"./parts/numbers.js";',
    "trailing-comma": 'import { add, one, two, } from "./parts/numbers.js";',
    "several-lines": 'import {\n  add,\n  one, // of these\n  two,\n} from "./parts/numbers.js";',
    "line-comment": 'import { add, one, two } from "./parts/numbers.js"; // why',
    "block-comment": 'import { add, /* both */ one, two } from "./parts/numbers.js"; /* why */',
    "two-imports": 'import { add } from "./parts/numbers.js";\n'
    'import { one, two } from "./parts/numbers.js";',
    "renamed": 'import { add as plus, one, two } from "./parts/numbers.js";\nconst add = plus;',
    "renamed-crosswise": 'import { add, one as two, two as one } from "./parts/numbers.js";',
    "whole": 'import * as numbers from "./parts/numbers.js";\nconst { add, one, two } = numbers;',
    "commented-out": '// import { add } from "./parts/nothing.js";\n/*\n'
    'import { one } from "./parts/nothing.js";\n*/\n'
    'import { add, one, two } from "./parts/numbers.js";',
    "none": "const [one, two] = [1, 2];\nconst add = (a, b) => a + b;",
}
USE = "\nexport default { value: [add(one, two), one, two] };\n"
IMPORT_BOTH = """async ([native, joined]) => {
    const values = [];
    for (const source of [native, joined]) values.push((await import(source)).default.value);
    return values;
}"""


@pytest.fixture
def values(browser: Browser, tmp_path: Path) -> Any:  # noqa: ANN401 - a function
    """Give a function that imports an entry as it is and joined, and returns both values."""

    def both(entry: str, **parts: str) -> list[Any]:
        write(tmp_path, entry, **parts)
        (tmp_path / "joined.js").write_text(join_modules("entry.js", tmp_path), encoding="utf-8")
        with serve(tmp_path) as address:
            tab = browser.new_page()
            tab.goto(f"{address}joined.js")
            found: list[Any] = tab.evaluate(IMPORT_BOTH, ["/entry.js", "/joined.js"])
            tab.close()
        return found

    return both


def write(folder: Path, entry: str, **parts: str) -> None:
    (folder / "parts").mkdir()
    for name, source in {"numbers": NUMBERS, **parts}.items():
        (folder / "parts" / f"{name}.js").write_text(source, encoding="utf-8")
    (folder / "entry.js").write_text(entry, encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_joined_modules_do_what_the_modules_do(values: Any, spelling: str) -> None:  # noqa: ANN401
    native, joined = values(SPELLINGS[spelling] + USE)
    assert joined == native
    assert native[0] == 3


@pytest.mark.browser
def test_a_name_may_stand_in_several_modules(values: Any) -> None:  # noqa: ANN401
    native, joined = values(
        'import { twice } from "./parts/twice.js";\nimport { one } from "./parts/numbers.js";\n'
        'const secret = 10;\nconst add = "mine";\n'
        "export default { value: [twice(secret), one, add] };\n",
        twice='import { add } from "./numbers.js";\nconst secret = "theirs";\n'
        "export function twice(x) {\n  return secret ? add(x, x) : 0;\n}\n",
    )
    assert joined == native == [20, 1, "mine"]


@pytest.mark.browser
def test_a_module_that_two_import_runs_once(values: Any) -> None:  # noqa: ANN401
    counter = "let calls = 0;\nexport const count = () => (calls += 1);\n"
    native, joined = values(
        'import { fromA } from "./parts/a.js";\nimport { fromB } from "./parts/b.js";\n'
        "export default { value: [fromA, fromB] };\n",
        a='import { count } from "./counter.js";\nexport const fromA = count();\n',
        b='import { count } from "./counter.js";\nexport const fromB = count();\n',
        counter=counter,
    )
    assert joined == native == [1, 2]


@pytest.mark.parametrize(
    "line",
    [
        'import numbers from "./parts/numbers.js";',
        'import "./parts/numbers.js";',
        'import numbers, { one } from "./parts/numbers.js";',
        'import { one } from "numbers";',
        'import { one } from "./parts/nothing.js";',
        'import { three } from "./parts/numbers.js";',
        'import { secret } from "./parts/numbers.js";',
        'import { one as } from "./parts/numbers.js";',
        'import { "one" as one } from "./parts/numbers.js";',
        'import { one } from "./parts/numbers.js" with { type: "json" };',
        "import { one } from \"./parts/numbers.js';",
        'import { one } from "./parts/numbers.js"; import { two } from "./parts/numbers.js";',
        '  import { one } from "./parts/numbers.js";',
        'const early = 1;\nimport { one } from "./parts/numbers.js";',
        'import { one } from "./parts/numbers.js";\nimport * as one from "./parts/numbers.js";',
        'import { itself } from "./entry.js";',
        'const later = import("./parts/numbers.js");',
        "const here = import.meta.url;",
        "export let changing = 1;",
        "export const { length } = [];",
        "const a = 1;\nexport { a };",
        'export { one } from "./parts/numbers.js";',
        'export * from "./parts/numbers.js";',
        "const b = 1; export const c = 2;",
    ],
)
def test_what_cannot_be_joined_is_refused(tmp_path: Path, line: str) -> None:
    write(tmp_path, f"{line}\nexport default {{ value: 1 }};\n")
    with pytest.raises(BundleError, match=r"entry\.js"):
        join_modules("entry.js", tmp_path)


def test_an_entry_has_a_default_and_no_other_module_has(tmp_path: Path) -> None:
    write(tmp_path, 'import { one } from "./parts/numbers.js";\n')
    with pytest.raises(BundleError, match=r"entry\.js must have a default export if it is"):
        join_modules("entry.js", tmp_path)
    source = NUMBERS + "export default { one };\n"
    (tmp_path / "parts" / "numbers.js").write_text(source, encoding="utf-8")
    with pytest.raises(BundleError, match=r"numbers\.js must have a default export if it is"):
        join_modules("entry.js", tmp_path)


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_front_end_can_be_joined(entry: str) -> None:
    joined = join_modules(entry)
    assert "/**" not in joined
    assert len(re.findall(r"^export default\b|[;}]export default\b", joined, re.MULTILINE)) == 1


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_what_a_figure_says_outweighs_what_all_share(sheet: Path) -> None:
    # The figure after it brings the shared rules again: to come later than them is not enough.
    shared = selectors_of(STYLES / "figure.css")
    named = {name for one in shared for name in re.findall(r"\.lae-[\w-]+", one.split()[-1])}
    assert {".lae-sentence", ".lae-choice", ".lae-row"} < named
    own = [
        one for one in selectors_of(sheet) if named & set(re.findall(r"\.[\w-]+", one.split()[-1]))
    ]
    assert not [one for one in own if not one.startswith((".lae-live", ".lae-training-panel"))]


def selectors_of(sheet: Path) -> list[str]:
    rules = COMMENT.sub("", sheet.read_text(encoding="utf-8"))
    found = [each.strip() for each in re.findall(r"([^{};]+)\{", rules)]
    return [one for each in found if not each.startswith("@") for one in re.split(r",\s*\n", each)]
