r"""Space, and things that are framed, struck out or there without being seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx_marginalia.mathml.atoms import Atom, element, space
from sphinx_marginalia.mathml.parser import each
from sphinx_marginalia.mathml.symbols import Kind

if TYPE_CHECKING:
    from sphinx_marginalia.mathml.parser import Handler, Parser
    from sphinx_marginalia.mathml.tokens import Token

LENGTH = re.compile(r"([-+]?\d*\.?\d+)\s*(em|ex|mu|pt|px|cm|mm|in)")
#: One of each unit in em, for type of ten points.
EM = {
    "em": 1,
    "ex": 0.43,
    "mu": 1 / 18,
    "pt": 0.1,
    "px": 0.075,
    "cm": 2.845,
    "mm": 0.2845,
    "in": 7.2,
}
#: Longer is a mistake.
LONGEST = 100
NOTHING = {"width": "0", "height": "0", "depth": "0"}
#: What each leaves out of the size of its argument, and whether it is seen.
PHANTOMS = {
    "phantom": ((), False),
    "hphantom": (("height", "depth"), False),
    "vphantom": (("width",), False),
    "smash": (("height", "depth"), True),
    "mathrlap": (("width",), True),
    "rlap": (("width",), True),
}
#: Those MathML has a word for, which some readers know; the style sheet draws them for the others.
FRAMES = {
    "boxed": "box",
    "fbox": "box",
    "cancel": "updiagonalstrike",
    "bcancel": "downdiagonalstrike",
    "overline": "top",
    "underline": "bottom",
    "underbar": "bottom",
}


def length(text: str) -> float | None:
    """Return how many em *text* is, if it is a length."""
    if not (match := LENGTH.fullmatch(text.strip())):
        return None
    return max(-LONGEST, min(LONGEST, float(match[1]) * EM[match[2]]))


def _length(parser: Parser) -> float:
    at = parser.reader.at
    text = parser.reader.word()
    if (found := length(text)) is None:
        parser.fail(f"{text} is no length: write a number and em, ex, mu, pt, cm, mm or in", at)
    return found


def _hspace(parser: Parser, _token: Token) -> Atom:
    parser.reader.take_if("*")
    return space(_length(parser))


def _kern(parser: Parser, token: Token) -> Atom:
    r"""Return a space whose length is not in braces: ``\kern 1em``."""
    text = ""
    while not length(text) and len(text) < 12:
        text += parser.reader.take().text
    if (found := length(text)) is None:
        parser.fail(f"{token.text} needs a length, such as 1em", token.at)
    return space(found)


def _phantom(parser: Parser, token: Token) -> Atom:
    without, seen = PHANTOMS[token.text[1:]]
    if token.text == "\\smash":
        parser.reader.option()
    made = parser.argument()
    if not seen:
        made = element("mphantom", made)
    if without:
        made = element("mpadded", made, **dict.fromkeys(without, "0"))
    return Atom(made)


def _frame(parser: Parser, token: Token) -> Atom:
    notation = FRAMES[token.text[1:]]
    made = parser.argument()
    class_ = f"marginalia-{notation}"
    return Atom(element("menclose", made, notation=notation, class_=class_))


def _rule(parser: Parser, _token: Token) -> Atom:
    parser.reader.option()
    width, height = (f"{_length(parser):.4g}em" for _ in range(2))
    return Atom(element("mspace", width=width, height=height, class_="marginalia-rule"))


def _strut(_parser: Parser, _token: Token) -> Atom:
    return Atom(element("mspace", width="0", height="0.7em", depth="0.3em"), Kind.SPACE)


def _plain(parser: Parser, _token: Token) -> Atom:
    return Atom(parser.argument())


def _nothing(_parser: Parser, _token: Token) -> None:
    """Leave nothing: the command is about numbers, which Sphinx gives, or about line breaks."""


BOX_COMMANDS: dict[str, Handler] = {
    **each(("hspace", "mspace"), _hspace),
    **each(("kern", "mkern", "hskip", "mskip"), _kern),
    **each(PHANTOMS, _phantom),
    **each(FRAMES, _frame),
    **each(("strut", "mathstrut"), _strut),
    **each(("nonumber", "notag", "allowbreak", "nobreak", "displaybreak"), _nothing),
    "\\rule": _rule,
    "\\ensuremath": _plain,
}
