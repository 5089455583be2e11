r"""Delimiters that grow with ``\left`` and ``\right``, and those of a size, such as ``\big``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.mathml.atoms import Atom, element
from sphinx_marginalia.mathml.parser import each
from sphinx_marginalia.mathml.symbols import DELIMITERS, Kind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from sphinx_marginalia.mathml.parser import Handler, Parser
    from sphinx_marginalia.mathml.tokens import Token

#: Heights of a delimiter in em: those of plain TeX.
SIZES = {"big": "1.2em", "Big": "1.8em", "bigg": "2.4em", "Bigg": "3em"}
#: What makes a delimiter grow.
TALL = frozenset(
    "mfrac msqrt mroot munder mover munderover mtable mpadded mphantom menclose".split()
)
#: What the last letter says of the side on which it stands.
SIDES = {"l": Kind.OPENING, "r": Kind.CLOSING, "m": Kind.RELATION}


def fence(char: str, form: str, **attributes: str) -> Element:
    """Return a delimiter that is as high as what it stands beside."""
    return element("mo", text=char, form=form, stretchy="true", **attributes)


def delimiter(parser: Parser) -> str:
    """Read a delimiter; ``.`` is none.

    :raises TexError: what stands there cannot be one
    """
    at = parser.reader.at
    text = parser.reader.word() if parser.reader.peek() == "{" else parser.reader.take().text
    if text not in DELIMITERS:
        parser.fail(f"{text} cannot be a delimiter", at)
    return DELIMITERS[text]


def _left(parser: Parser, token: Token) -> Atom:
    opening = delimiter(parser)
    parts = [fence(opening, "prefix")] if opening else []
    parts.append(parser.element(parser.row("\\right", "\\middle")))
    while parser.reader.take_if("\\middle"):
        if middle := delimiter(parser):
            parts.append(fence(middle, "infix", lspace="0.05em", rspace="0.05em"))
        parts.append(parser.element(parser.row("\\right", "\\middle")))
    if not parser.reader.take_if("\\right"):
        parser.fail("the \\left has no \\right", token.at)
    if closing := delimiter(parser):
        parts.append(fence(closing, "postfix"))
    made = element("mrow", *parts)
    if not any(map(_is_tall, made.iter())):
        # Chromium leaves room at the sides of what could grow, even where it does not.
        for part in made.findall("mo[@stretchy='true']"):
            part.set("stretchy", "false")
    return Atom(made, Kind.INNER)


def _is_tall(part: Element) -> bool:
    return part.get("accent") is None and (part.tag in TALL or part.get("class") is not None)


def _sized(parser: Parser, token: Token) -> Atom | None:
    name = token.text[1:]
    kind = Kind.ORDINARY if name in SIZES else SIDES[name[-1]]
    size = SIZES[name if name in SIZES else name[:-1]]
    form = {Kind.OPENING: "prefix", Kind.CLOSING: "postfix"}.get(kind, "infix")
    gap = "0.2778em" if kind is Kind.RELATION else "0"
    space = {"minsize": size, "maxsize": size, "lspace": gap, "rspace": gap, "symmetric": "true"}
    if not (char := delimiter(parser)):
        return None
    made = fence(char, form, **space)
    return Atom(made, kind, made)


FENCE_COMMANDS: dict[str, Handler] = {
    "\\left": _left,
    **each(SIZES, _sized),
    **each((f"{size}{side}" for size in SIZES for side in SIDES), _sized),
}
