"""Formulas in HTML: the functions that Sphinx's writer calls."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.utils import get_source_line
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.math import get_node_equation_number

from sphinx_marginalia.core import _
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.mathml.formula import Formula, convert
from sphinx_marginalia.mathml.options import MACROS, MathProblem
from sphinx_marginalia.mathml.tokens import TexError, read_macros
from sphinx_marginalia.mathml.tree import WIDTH_CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.writers.html5 import HTML5Translator

#: Punctuation after a formula that does not begin a line.
CLOSING = re.compile(r"[.,;:!?…)\]}’”»]+")
#: Lines after the start of a paragraph in which a formula of it is searched for.
MOST_LINES = 200


class JoinPunctuation(SphinxPostTransform):
    """Keep a formula and the punctuation after it on one line: browsers break between them.

    Before::

        <paragraph>It is <math>x</math>. And so

    After::

        <paragraph>It is <inline classes="marginalia-math-joined"><math>x</math>.</inline> And so
    """

    default_priority = WriteStage.FORMULAS
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        if self.config.html_math_renderer != "mathml":
            return
        for formula in find(self.document, nodes.math):
            parent, index = formula.parent, formula.parent.index(formula)
            after = parent[index + 1] if index + 1 < len(parent) else None
            closing = CLOSING.match(after) if isinstance(after, nodes.Text) else None
            if closing:
                joined = nodes.inline("", "", formula, nodes.Text(closing[0]))
                joined["classes"] = ["marginalia-math-joined"]
                parent[index : index + 2] = [joined, nodes.Text(str(after)[closing.end() :])]


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write an inline formula."""
    formula = _convert(translator, node, displayed=False)
    # Themes and Sphinx's own style sheet know the class "math".
    attributes = _attributes("math notranslate", formula.width_class)
    translator.body.append(translator.starttag(node, "span", "", **attributes))
    translator.body.append(f"{formula.mathml}</span>")
    raise nodes.SkipNode


def visit_displayed(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula, with its number if it has a label."""
    frame = node.copy()
    if set(node["ids"]) & set(node.parent["ids"]):
        frame["ids"] = []  # The theme has put the formula into a frame with the same id.
    classes = "math notranslate marginalia-math-equation"
    translator.body.append(translator.starttag(frame, "div", "", CLASS=classes))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    formula = _convert(translator, node, displayed=True)
    box = _attributes("marginalia-math-formula", formula.width_class)
    translator.body.append(translator.starttag(nodes.container(), "div", "", **box))
    translator.body.append(f"{formula.mathml}</div></div>\n")
    raise nodes.SkipNode


def _attributes(classes: str, width_class: str) -> dict[str, Any]:
    """Return the attributes of the box of a formula.

    A box that scrolls on every screen can be focused with the keyboard. Browsers make the others
    focusable by themselves, on the screens where they scroll.
    """
    attributes = {"CLASS": f"{classes} {width_class}".strip()}
    return attributes | ({"tabindex": "0"} if width_class in WIDTH_CLASSES else {})


def _convert(translator: HTML5Translator, node: nodes.Element, *, displayed: bool) -> Formula:
    tex = node.astext()
    macros = read_macros(MACROS.value(translator.config))
    # Blank lines separate formulas below each other.
    rows = [part.strip("\n") for part in tex.split("\n\n") if part.strip()]
    try:
        return convert(" \\\\\n\n".join(rows), macros, displayed=displayed)
    except TexError as error:
        reason, location = f"{error}", _location(node, tex, error.at)
    except Exception as error:  # Whatever it is, a formula must not stop a build.
        reason, location = f"{type(error).__name__}: {error}", node
    message = f"the formula ${' '.join(tex.split())}$ is shown as TeX: {reason}"
    warn(MathProblem.UNKNOWN_MATH, message, location)
    return Formula(f"<code>{translator.encode(tex)}</code>")


def _location(node: nodes.Element, tex: str, at: int) -> str | nodes.Element:
    """Return the file and line of the index *at* in the formula *tex* of *node*.

    In the document only the paragraph around an inline formula has a line, so the source is
    searched from there on.
    """
    source, start = get_source_line(node)
    if not source or not start or not Path(source).is_file():
        return node
    lines = Path(source).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    line = line_of(lines, start, tex)
    return f"{source}:{line + tex.count(chr(10), 0, at) if line else start}"


def line_of(lines: Sequence[str], start: int, tex: str) -> int | None:
    """Return the number of the line, from *start* on, that contains the first line of *tex*.

    It is there alone, or after the sign that opens a formula.

    >>> line_of(["Text with", "$a$ formula."], 1, "a")
    2
    """
    first, _newline, more = tex.strip().partition("\n")
    first = re.escape(first.strip())
    formula = re.compile(
        rf"^[\s>]*{first}\s*$|::\s*{first}\s*$"
        + (rf"|[$`]\s*{first}\s*$" if more else rf"|\$\s*{first}\s*\$|`{first}`")
    )
    block = enumerate(lines[start - 1 : start - 1 + MOST_LINES], start)
    return next((number for number, line in block if formula.search(line)), None)
