"""A formula in TeX as a formula in MathML.

The library math-core reads it. What comes before and after is a function of text as well: nothing
here knows Sphinx or docutils.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from math_core import LatexError, LatexToMathML

from sphinx_marginalia.mathml.mistakes import told
from sphinx_marginalia.mathml.reader import expand
from sphinx_marginalia.mathml.rewrite import rewrite
from sphinx_marginalia.mathml.tokens import TexError
from sphinx_marginalia.mathml.tree import NAMESPACE, adapt
from sphinx_marginalia.mathml.width import look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx_marginalia.mathml.macros import Macro
    from sphinx_marginalia.mathml.tokens import Token

LIBRARY = LatexToMathML(fancy_error=False, xml_namespace=True, allow_unreliable_rendering=True)
#: Entities of HTML, which XML does not have.
ENTITY = re.compile(r"&(?!lt;|gt;|amp;|quot;|apos;)[a-zA-Z]+;")


class Formula(NamedTuple):
    """What the writer needs of a formula."""

    mathml: str
    #: The class of what stands around it, if it may be wider than the page.
    look: str = ""


def convert(tex: str, macros: Mapping[str, Macro], *, displayed: bool) -> Formula:
    r"""Return *tex* as a ``<math>`` element, with *tex* itself as an annotation.

    Lines that ``\\`` separates are aligned at ``&``, as Sphinx has LaTeX do it.

    :raises TexError: something in it is not understood
    """
    source = tex.strip()
    tokens = expand(source, macros)
    if not any(token.text.strip() for token in tokens):
        message = "the formula is empty"
        raise TexError(message, 0)
    try:
        return _made(source, tokens, displayed=displayed)
    except RecursionError:
        message = "it is nested too deeply"
        raise TexError(message, 0) from None


def _made(source: str, tokens: Sequence[Token], *, displayed: bool) -> Formula:
    math = _read(rewrite(tokens, len(source)), len(source), displayed=displayed)
    adapt(math)
    shown = math[0] if len(math) == 1 else ET.Element("mrow")
    if len(math) != 1:
        shown.extend(list(math))
    annotation = ET.Element("annotation", encoding="application/x-tex")
    annotation.text = source
    semantics = ET.Element("semantics")
    semantics.extend([shown, annotation])
    made = ET.Element("math", {"display": "block"} if displayed else {}, xmlns=NAMESPACE)
    made.set("alttext", " ".join(source.split()))
    made.append(semantics)
    return Formula(ET.tostring(made, encoding="unicode"), look(made, displayed=displayed))


def _read(tokens: Sequence[Token], end: int, *, displayed: bool) -> ET.Element:
    text, places = "", []
    for token in tokens:
        # The tokens of "\alpha x" have no blank between them.
        part = token.text
        if part[:1].isalpha() and re.search(r"\\[a-zA-Z]+$", text[-40:]):
            part = f" {part}"
        text += part
        places += [token.at] * len(part)
    try:
        made = LIBRARY.convert_with_local_state(text, displaystyle=displayed)
    except LatexError as error:
        at, _, message = str(error).partition(": ")
        raise TexError(told(message), [*places, end][min(int(at), len(places))]) from None
    return ET.fromstring(ENTITY.sub(lambda match: unescape(match[0]), made))
