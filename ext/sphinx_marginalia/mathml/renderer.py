"""TeX to MathML, for the HTML writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util.math import get_node_equation_number

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.warnings import Problem, warn

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator


def convert(tex: str, *, displayed: bool) -> str:
    r"""Return *tex* as a ``<math>`` element, in one line.

    Rows that ``\\`` separates are aligned at ``&``, as in amsmath's ``align``.

    :raises docutils.utils.math.MathError: the converter does not know a command
    """
    parts = [part.strip() for part in tex.split("\n\n") if part.strip()]
    mathml: str = tex2mathml(r" \\ ".join(parts), as_block=displayed)
    # The name of this character is known in HTML, but not in the XML of an EPUB.
    mathml = mathml.replace("&ApplyFunction;", "\N{FUNCTION APPLICATION}")
    return "".join(line.strip() for line in mathml.splitlines())


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(translator.starttag(node, "span", "", CLASS="math notranslate"))
    translator.body.append(_formula(translator, node, displayed=False))
    translator.body.append("</span>")
    raise nodes.SkipNode


def visit_displayed(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number if it has a label."""
    frame = node.copy()
    if set(node["ids"]) & set(node.parent["ids"]):
        frame["ids"] = []  # a theme has put the formula into a frame, which has the id as well
    translator.body.append(translator.starttag(frame, "div", "", CLASS="math notranslate"))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append('<div class="marginalia-formula">')
    translator.body.append(_formula(translator, node, displayed=True))
    translator.body.append("</div></div>\n")
    raise nodes.SkipNode


def depart(translator: HTML5Translator, node: nodes.Element) -> None:
    """Do nothing: both visitors skip the rest of the node."""


def _formula(translator: HTML5Translator, node: nodes.Element, *, displayed: bool) -> str:
    tex = node.astext()
    try:
        return convert(tex, displayed=displayed)
    except Exception as error:
        message = f"the formula is shown as TeX, because MathML has no form of it here: {error}"
        warn(Problem.UNKNOWN_MATH, message, location=node)
        return f"<code>{translator.encode(tex)}</code>"
