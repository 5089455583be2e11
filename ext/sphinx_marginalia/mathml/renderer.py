"""Formulas in HTML: what Sphinx's writer calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.math import get_node_equation_number

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.mathml.formula import Formula, convert
from sphinx_marginalia.mathml.macros import read_macros
from sphinx_marginalia.mathml.options import MACROS
from sphinx_marginalia.mathml.place import location
from sphinx_marginalia.mathml.problems import MathProblem
from sphinx_marginalia.mathml.tokens import TexError
from sphinx_marginalia.mathml.width import ALWAYS_WIDE

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    formula = _formula(translator, node, displayed=False)
    # Themes and Sphinx's own style sheet know the class "math".
    attributes = _attributes("math notranslate", formula.look)
    translator.body.append(translator.starttag(node, "span", "", **attributes))
    translator.body.append(f"{formula.mathml}</span>")
    raise nodes.SkipNode


def visit_displayed(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number if it has a label."""
    frame = node.copy()
    if set(node["ids"]) & set(node.parent["ids"]):
        frame["ids"] = []  # a theme has put the formula into a frame, which has the id as well
    classes = "math notranslate marginalia-equation"
    translator.body.append(translator.starttag(frame, "div", "", CLASS=classes))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    formula = _formula(translator, node, displayed=True)
    box = _attributes("marginalia-formula", formula.look)
    translator.body.append(translator.starttag(nodes.container(), "div", "", **box))
    translator.body.append(f"{formula.mathml}</div></div>\n")
    raise nodes.SkipNode


def depart(translator: HTML5Translator, node: nodes.Element) -> None:
    """Do nothing: both visitors skip the rest of the node."""


def _attributes(classes: str, look: str) -> dict[str, Any]:
    """Return the attributes of the box of a formula.

    One that scrolls on every screen can be reached with the keyboard. Of the others, those that
    scroll on a narrow screen are reached because browsers see to that, and only there.
    """
    attributes = {"CLASS": f"{classes} {look}".strip()}
    return attributes | ({"tabindex": "0"} if look in ALWAYS_WIDE else {})


def _formula(translator: HTML5Translator, node: nodes.Element, *, displayed: bool) -> Formula:
    tex = node.astext()
    macros = read_macros(MACROS.value(translator.config))
    # Blank lines separate formulas that stand below each other.
    rows = [part.strip("\n") for part in tex.split("\n\n") if part.strip()]
    try:
        return convert(" \\\\\n\n".join(rows), macros, displayed=displayed)
    except TexError as error:
        where = location(node, tex, error.at)
        _report(tex, f"{error}", where)
    except Exception as error:  # whatever it is, a formula does not stop a build
        _report(tex, f"{type(error).__name__}: {error}", node)
    return Formula(f"<code>{translator.encode(tex)}</code>")


def _report(tex: str, problem: str, where: nodes.Node | str) -> None:
    shown = " ".join(tex.split())
    warn(
        MathProblem.UNKNOWN_MATH,
        f"the formula ${shown}$ is shown as TeX: {problem}",
        location=where,
    )
