r"""Fractions and roots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.mathml.atoms import Atom, element
from sphinx_marginalia.mathml.parser import each
from sphinx_marginalia.mathml.symbols import DELIMITERS, Kind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from sphinx_marginalia.mathml.parser import Handler, Parser
    from sphinx_marginalia.mathml.tokens import Token

STYLES = {
    "display": {"displaystyle": "true", "scriptlevel": "0"},
    "text": {"displaystyle": "false", "scriptlevel": "0"},
    "script": {"displaystyle": "false", "scriptlevel": "1"},
    "scriptscript": {"displaystyle": "false", "scriptlevel": "2"},
}
#: The styles that ``\genfrac`` numbers.
NUMBERED = dict(zip("0123", STYLES, strict=True))

#: Style of each fraction; those with ``binom`` have no line and stand in parentheses.
FRACTIONS = {
    "frac": "", "dfrac": "display", "tfrac": "text", "cfrac": "display",
    "binom": "", "dbinom": "display", "tbinom": "text",
}  # fmt: skip
#: What stands around, and whether there is a line.
INFIX = {"over": ("", "", True), "choose": ("(", ")", False), "atop": ("", "", False)}


def _fraction(parser: Parser, token: Token) -> Atom:
    name = token.text[1:]
    if name == "cfrac":
        parser.reader.option()
    made = element("mfrac", parser.argument(), parser.argument())
    fences = ("(", ")") if name.endswith("binom") else ("", "")
    return _fraction_of(made, *fences, line=fences[0] == "", style=FRACTIONS[name])


def _fraction_of(made: Element, left: str, right: str, *, line: bool, style: str) -> Atom:
    if not line:
        made.set("linethickness", "0")
    if style:
        made = element("mstyle", made, **STYLES[style])
    if left or right:
        fences = [element("mo", text=char) if char else None for char in (left, right)]
        parts = [part for part in (fences[0], made, fences[1]) if part is not None]
        made = element("mrow", *parts)
    return Atom(made, Kind.INNER)


def _genfrac(parser: Parser, token: Token) -> Atom:
    left, right, thickness, style = (parser.reader.word() for _ in range(4))
    if left not in ("", *DELIMITERS) or right not in ("", *DELIMITERS):
        parser.fail(f"{left or right} cannot be a delimiter", token.at)
    made = element("mfrac", parser.argument(), parser.argument())
    line = not thickness.startswith("0")
    left, right = DELIMITERS.get(left, ""), DELIMITERS.get(right, "")
    return _fraction_of(made, left, right, line=line, style=NUMBERED.get(style, ""))


def _infix(parser: Parser, token: Token) -> Atom:
    left, right, line = INFIX[token.text[1:]]
    above = parser.element(parser.before())
    made = element("mfrac", above, parser.element(parser.rest()))
    return _fraction_of(made, left, right, line=line, style="")


def _root(parser: Parser, _token: Token) -> Atom:
    if (index := parser.reader.option()) is None:
        return Atom(element("msqrt", parser.argument()))
    parser.reader.put_back([_token._replace(text="{"), *index, _token._replace(text="}")])
    degree = parser.argument(script=True)
    return Atom(element("mroot", parser.argument(), degree))


FRACTION_COMMANDS: dict[str, Handler] = {
    **each(FRACTIONS, _fraction),
    **each(INFIX, _infix),
    "\\sqrt": _root,
    "\\genfrac": _genfrac,
}
