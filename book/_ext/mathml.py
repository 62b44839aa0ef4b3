"""Sets formulas as MathML, which browsers draw by themselves: nothing to run or to wait for.

A formula that cannot be converted is a warning with its place, and so fails the build. Its TeX goes
along as an annotation: that is what ``formulas.js`` copies and ``search.js`` shows.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.locale import _
from sphinx.util.logging import getLogger
from sphinx.util.math import get_node_equation_number

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

CLASS = "math notranslate nohighlight"
CONVERTER = LatexToMathML(annotation=True, fancy_error=False)
logger = getLogger(__name__)


def to_mathml(node: nodes.math | nodes.math_block) -> str:
    """Convert the formula of a node."""
    tex = node.astext().strip()
    try:
        converted = CONVERTER.convert_with_local_state(
            tex, displaystyle=isinstance(node, nodes.math_block)
        )
    except LatexError as error:
        logger.warning("no MathML for the formula %s: %s", tex, error, location=node)
        return f"<code>{escape(tex)}</code>"
    # Firefox would draw it as large as the sign of a sum.
    return converted.replace(">⊙</mo>", ' largeop="false">⊙</mo>')


def visit_inline(writer: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line."""
    writer.body.append(f"{writer.starttag(node, 'span', '', CLASS=CLASS)}{to_mathml(node)}</span>")
    raise nodes.SkipNode


def visit_display(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on lines of its own; it scrolls, and its number stays."""
    writer.body.append(writer.starttag(node, "div", CLASS=CLASS))
    if node["number"]:
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
        writer.add_permalink_ref(node, _("Link to this equation"))
        writer.body.append("</span>")
    writer.body.append(f'<div class="formula">{to_mathml(node)}</div></div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension with Sphinx."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
