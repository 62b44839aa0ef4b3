"""Spreads the state of a page's figures over files: their front ends, their data.

Pages share them, a browser keeps them, and a page is read before they come. Each is a script that
puts one value where ``figure_host.js`` looks for it, because a page that is read from a folder may
load a script and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from myst_nb.core.render import sanitize_script_content

from .builds import file_of, when_built

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LONG = 2000  # characters: what is shorter stays in the page
KIND = "application/vnd.jupyter.widget-"
STATE = re.compile(rf'(<script type="{re.escape(KIND)}state\+json">)(.*?)(</script>)', re.DOTALL)
VIEW = re.compile(rf'<script type="{re.escape(KIND)}view\+json">(.*?)</script>', re.DOTALL)


def write_part(name: str, value: object, folder: Path) -> str:
    """Write a value as a script of its own, and return what the page calls it."""
    coded = json.dumps(value)
    part = f"{name.strip('_')}-{hashlib.sha256(coded.encode()).hexdigest()[:16]}"
    path = folder / f"{part}.js"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(f"(window.figureParts ??= {{}})[{part!r}] = {coded};\n", encoding="utf-8")
    return part


def spread_model(model: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return a model with the names of parts in place of its long values."""
    state, parts = {}, dict(model.get("parts", {}))
    for name, value in model["state"].items():
        if len(json.dumps(value)) > LONG:
            parts[name] = write_part(name, value, folder)
        else:
            state[name] = value
    buffers = []
    for buffer in model.get("buffers", []):
        if len(buffer.get("data", "")) > LONG:
            part = write_part(str(buffer["path"][-1]), buffer["data"], folder)
            buffers.append({"path": buffer["path"], "part": part})
        else:
            buffers.append(buffer)
    return {**model, "state": state, "parts": parts, "buffers": buffers}


def spread_figures(text: str, folder: Path, address: str) -> str:
    """Return a page that names the parts of the figures that it shows, and calls the first's."""
    found = STATE.search(text)
    if found is None:
        return text
    saved = json.loads(found[2])
    shown = [json.loads(view[1])["model_id"] for view in VIEW.finditer(text)]
    models = {
        key: spread_model(saved["state"][key], folder) for key in shown if key in saved["state"]
    }
    body = sanitize_script_content(json.dumps({**saved, "state": models}))
    parts = parts_of(next(iter(models.values()))) if models else []
    calls = "".join(f'<script defer src="{address}{part}.js"></script>\n' for part in parts)
    calls = "" if calls in text else calls
    return f"{text[: found.start()]}{calls}{found[1]}{body}{found[3]}{text[found.end() :]}"


def parts_of(model: dict[str, Any]) -> list[str]:
    """List the parts that a model needs."""
    return [*model["parts"].values(), *(b["part"] for b in model["buffers"] if "part" in b)]


def spread_site(app: Sphinx) -> None:
    """Spread the figures of all pages, when the site is built."""
    site = Path(app.outdir)
    for name in app.env.all_docs:
        page = file_of(app, name)
        text = page.read_text(encoding="utf-8")
        address = "../" * (len(page.relative_to(site).parts) - 1) + "_static/figures/"
        spread = spread_figures(text, site / "_static" / "figures", address)
        if spread != text:
            page.write_text(spread, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    when_built(app, spread_site, priority=400)  # before others read the pages
    return {"parallel_read_safe": True, "parallel_write_safe": True}
