"""Formulas in HTML: what Sphinx's writer calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.math import get_node_equation_number

from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.warnings import Problem, warn
from sphinx_marginalia.mathml.formula import convert
from sphinx_marginalia.mathml.macros import read_macros
from sphinx_marginalia.mathml.options import MACROS
from sphinx_marginalia.mathml.place import location
from sphinx_marginalia.mathml.tokens import TexError

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator


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
    return f"<code>{translator.encode(tex)}</code>"


def _report(tex: str, problem: str, where: nodes.Node | str) -> None:
    shown = " ".join(tex.split())
    warn(Problem.UNKNOWN_MATH, f"the formula ${shown}$ is shown as TeX: {problem}", location=where)
