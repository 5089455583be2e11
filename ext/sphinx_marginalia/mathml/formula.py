r"""A formula in TeX as a formula in MathML.

Everything here and in the modules below it is a function of text: it knows neither Sphinx nor
docutils, but for docutils' tables of characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from sphinx_marginalia.mathml.atoms import element
from sphinx_marginalia.mathml.boxes import BOX_COMMANDS
from sphinx_marginalia.mathml.commands import COMMANDS
from sphinx_marginalia.mathml.fences import FENCE_COMMANDS
from sphinx_marginalia.mathml.fractions import FRACTION_COMMANDS
from sphinx_marginalia.mathml.parser import Parser
from sphinx_marginalia.mathml.reader import ENDS, Reader
from sphinx_marginalia.mathml.tables import ALIGN, TABLE_COMMANDS, Cells
from sphinx_marginalia.mathml.tokens import TexError
from sphinx_marginalia.mathml.width import look
from sphinx_marginalia.mathml.words import WORD_COMMANDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_marginalia.mathml.macros import Macro

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
HANDLERS = {
    **COMMANDS,
    **FRACTION_COMMANDS,
    **FENCE_COMMANDS,
    **BOX_COMMANDS,
    **WORD_COMMANDS,
    **TABLE_COMMANDS,
}


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
    children = _children(source, macros)
    if not children:
        message = "the formula is empty"
        raise TexError(message, 0)
    annotation = element("annotation", text=source, encoding="application/x-tex")
    shown = children[0] if len(children) == 1 else element("mrow", *children)
    math = element("math", element("semantics", shown, annotation), xmlns=NAMESPACE)
    if displayed:
        math.set("display", "block")
    math.set("alttext", " ".join(source.split()))
    return Formula(ET.tostring(math, encoding="unicode"), look(math, displayed=displayed))


def _children(source: str, macros: Mapping[str, Macro]) -> list[ET.Element]:
    parser = Parser(Reader(source, macros), HANDLERS)
    cells = Cells(ALIGN)
    cells.read(parser)
    if rest := parser.reader.peek():
        parser.fail(ENDS.get(rest, f"a {rest} that does not belong there"), parser.reader.at)
    if len(cells.rows) == 1 and len(cells.rows[0]) == 1:
        return list(cells.rows[0][0])
    return [cells.table()] if cells.rows else []
