"""Convert a formula from TeX to MathML. Nothing here knows Sphinx or docutils' nodes.

The library math-core reads TeX. The steps before and after it are functions of text as well.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from docutils.utils.math import tex2unichar
from math_core import LatexError, LatexToMathML

from sphinx_marginalia.core.diagnostics import did_you_mean
from sphinx_marginalia.mathml.reader import expand
from sphinx_marginalia.mathml.rewrite import ENVIRONMENTS, SYNONYMS, TEXT_COMMANDS, rewrite
from sphinx_marginalia.mathml.tokens import TexError
from sphinx_marginalia.mathml.tree import NAMESPACE, adapt, width_class

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx_marginalia.mathml.tokens import Macro, Token

LIBRARY = LatexToMathML(fancy_error=False, xml_namespace=True, allow_unreliable_rendering=True)
#: Entities of HTML, which XML does not have.
ENTITY = re.compile(r"&(?!lt;|gt;|amp;|quot;|apos;)[a-zA-Z]+;")
#: What the library says of a name that it does not know.
UNKNOWN = re.compile(r'Unknown (command|environment) "(.*)"\.', re.DOTALL)
#: Suggestions. The library does not tell which commands it knows; for characters, docutils' tables
#: are used.
COMMANDS = (
    "frac dfrac tfrac cfrac binom sqrt left right middle begin end text operatorname mathbb mathbf "
    "mathcal mathfrak mathit mathrm mathscr mathsf mathtt boldsymbol bm hat widehat tilde bar vec "
    "dot ddot overline underline overbrace underbrace overset underset stackrel xrightarrow "
    "xleftarrow sin cos tan log ln exp lim max min sup inf det dim ker arg gcd quad qquad ldots "
    "cdots vdots ddots pmod bmod not limits nolimits displaystyle textstyle boxed cancel phantom "
    "textcolor color hspace big Big bigg Bigg bigl bigr tag"
)
TABLES = (
    "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix array cases rcases dcases aligned gathered "
    "equation"
)


class Formula(NamedTuple):
    """What the writer needs of a formula."""

    mathml: str
    #: A class for the element around it if it may be wider than the page, else empty.
    width_class: str = ""


def convert(tex: str, macros: Mapping[str, Macro], *, displayed: bool) -> Formula:
    r"""Return *tex* as a ``<math>`` element, with *tex* itself as an annotation.

    Lines that ``\\`` separates are aligned at ``&``, as in Sphinx's LaTeX output.

    :raises TexError: *tex* cannot be converted
    """
    source = tex.strip()
    tokens = expand(source, macros)
    if not any(token.text.strip() for token in tokens):
        raise TexError("the formula is empty", 0)
    try:
        math = _parse(rewrite(tokens, len(source)), len(source), displayed=displayed)
        adapt(math)
        annotated = _annotate(math, source, displayed=displayed)
        mathml = ET.tostring(annotated, encoding="unicode")
        return Formula(mathml, width_class(annotated, displayed=displayed))
    except RecursionError:
        raise TexError("it is nested too deeply", 0) from None


def _parse(tokens: Sequence[Token], end: int, *, displayed: bool) -> ET.Element:
    """Return what the library makes of *tokens*; *end* is the length of the formula."""
    text, indices = "", []
    for token in tokens:
        # The tokens of "\alpha x" have no blank between them.
        part = token.text
        if part[:1].isalpha() and re.search(r"\\[a-zA-Z]+$", text[-40:]):
            part = f" {part}"
        text += part
        indices += [token.at] * len(part)
    try:
        mathml = LIBRARY.convert_with_local_state(text, displaystyle=displayed)
    except LatexError as error:
        at, _, message = str(error).partition(": ")
        raise TexError(_explain(message), [*indices, end][min(int(at), len(indices))]) from None
    return ET.fromstring(ENTITY.sub(lambda match: unescape(match[0]), mathml))


def _annotate(math: ET.Element, source: str, *, displayed: bool) -> ET.Element:
    alternative = {"xmlns": NAMESPACE, "alttext": " ".join(source.split())}
    annotated = ET.Element("math", {"display": "block"} if displayed else {}, **alternative)
    semantics = ET.SubElement(annotated, "semantics")
    content = semantics if len(math) == 1 else ET.SubElement(semantics, "mrow")
    content.extend(list(math))
    ET.SubElement(semantics, "annotation", encoding="application/x-tex").text = source
    return annotated


@cache
def suggestions(kind: str) -> list[str]:
    """Return the commands, with their backslash, or the environments to suggest."""
    if kind == "environment":
        return [*TABLES.split(), *ENVIRONMENTS]
    tables = (table for name, table in vars(tex2unichar).items() if name.startswith("math"))
    characters = [name for table in tables for name in table if name.isalpha()]
    names = (*COMMANDS.split(), *characters, *SYNONYMS, *TEXT_COMMANDS)
    return [f"\\{name.removeprefix(chr(92))}" for name in names]


def _explain(message: str) -> str:
    """Return *message* of the library with a suggestion for a name that it does not know."""
    if not (match := UNKNOWN.fullmatch(message)):
        return message[:1].lower() + message[1:].removesuffix(".")
    kind, name = match.groups()
    hint = did_you_mean(name, suggestions(kind), cutoff=0.8)
    if not hint and kind == "command":
        hint = "define a command of your own in mathml_macros"
    return f"unknown {kind} {name}" + (f"; {hint}" if hint else "")
