r"""Commands that change what they are given: accents, arrows, alphabets, styles."""

# Characters that look like others are the subject here.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sphinx_marginalia.mathml import alphabets
from sphinx_marginalia.mathml.atoms import MEDIUM, THICK, Atom, element, operator, row
from sphinx_marginalia.mathml.fractions import STYLES
from sphinx_marginalia.mathml.parser import each
from sphinx_marginalia.mathml.symbols import Kind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from sphinx_marginalia.mathml.parser import Handler, Parser
    from sphinx_marginalia.mathml.tokens import Token

ACCENTS = {
    "acute": "´", "bar": "¯", "breve": "˘", "check": "ˇ", "ddot": "¨", "dot": "˙", "grave": "`",
    "hat": "ˆ", "mathring": "˚", "tilde": "˜", "vec": "→", "dddot": "⋯",
    "widehat": "\u0302", "widetilde": "˜", "widecheck": "\u030c", "overrightarrow": "→",
    "overleftarrow": "←", "overleftrightarrow": "↔", "overbrace": "⏞", "overbracket": "⎴",
}  # fmt: skip
UNDER = {
    "underbrace": "⏟", "underbracket": "⎵", "underrightarrow": "→",
    "underleftarrow": "←", "underleftrightarrow": "↔",
}  # fmt: skip
#: What is written at these stands over or under them.
BRACES = ("overbrace", "overbracket", "underbrace", "underbracket")
#: These stretch over what they stand on; the others keep their size.
STRETCHING = ("over", "wide", "under")
ARROWS = {
    "xrightarrow": "→", "xleftarrow": "←", "xleftrightarrow": "↔", "xRightarrow": "⇒",
    "xLeftarrow": "⇐", "xLeftrightarrow": "⇔", "xmapsto": "↦", "xhookrightarrow": "↪",
    "xhookleftarrow": "↩", "xrightharpoonup": "⇀", "xrightleftharpoons": "⇌", "xlongequal": "=",
}  # fmt: skip

FONTS = {
    "mathrm": alphabets.NORMAL, "mathup": alphabets.NORMAL, "mathnormal": "",
    "mathbf": alphabets.BOLD, "mathit": alphabets.ITALIC, "mathsf": alphabets.SANS,
    "mathtt": alphabets.MONO, "mathcal": alphabets.SCRIPT, "mathscr": alphabets.SCRIPT,
    "mathfrak": alphabets.FRAKTUR, "mathbb": alphabets.DOUBLE, "boldsymbol": alphabets.BOLD_ITALIC,
    "bm": alphabets.BOLD_ITALIC, "pmb": alphabets.BOLD_ITALIC, "mathbfit": alphabets.BOLD_ITALIC,
    "bold": alphabets.BOLD,
}  # fmt: skip
#: For what is left of a group.
FONT_SWITCHES = {
    "rm": alphabets.NORMAL, "bf": alphabets.BOLD, "it": alphabets.ITALIC, "sf": alphabets.SANS,
    "tt": alphabets.MONO, "cal": alphabets.SCRIPT, "frak": alphabets.FRAKTUR,
}  # fmt: skip
CLASSES = {
    "mathord": Kind.ORDINARY, "mathbin": Kind.BINARY, "mathrel": Kind.RELATION,
    "mathopen": Kind.OPENING, "mathclose": Kind.CLOSING, "mathpunct": Kind.PUNCTUATION,
    "mathinner": Kind.INNER,
}  # fmt: skip
SIDES = {Kind.BINARY: MEDIUM, Kind.RELATION: THICK}
COLOR = re.compile(r"[a-zA-Z]+|#(?:[0-9a-fA-F]{3}){1,2}")


def _accent(parser: Parser, token: Token) -> Atom:
    name = token.text[1:]
    stretchy = name.startswith(STRETCHING)
    mark = element("mo", text=ACCENTS[name], stretchy=str(stretchy).lower())
    if name == "vec":
        mark.set("mathsize", "65%")
    # Chromium draws the bar of an accent on the edge of a capital, where it cannot be seen.
    accent = "false" if name == "bar" else "true"
    made = element("mover", parser.argument(), mark, accent=accent)
    return Atom(made, limits=name in BRACES)


def _under(parser: Parser, token: Token) -> Atom:
    name = token.text[1:]
    mark = element("mo", text=UNDER[name], stretchy="true")
    made = element("munder", parser.argument(), mark, accentunder="true")
    return Atom(made, limits=name in BRACES)


def _stack(parser: Parser, token: Token) -> Atom:
    mark = parser.argument(script=True)
    (base, *more) = parser.arguments() or [Atom(element("mrow"))]
    if more:
        base = Atom(parser.element([base, *more]))
    if base.core is not None:
        base.core.set("movablelimits", "false")
        base.core.set("stretchy", "false")
    kind = Kind.RELATION if token.text == "\\stackrel" else base.kind
    tag = "munder" if token.text == "\\underset" else "mover"
    return _of_class(Atom(element(tag, base.element, mark), base.kind, base.core), kind)


def _arrow(parser: Parser, token: Token) -> Atom:
    below = parser.reader.option()
    mark = element("mo", text=ARROWS[token.text[1:]], stretchy="true", lspace="0", rspace="0")
    above = _padded(parser.argument(script=True))
    if below is None:
        made = element("mover", mark, above)
    else:
        parser.reader.put_back([token._replace(text="{"), *below, token._replace(text="}")])
        made = element("munderover", mark, _padded(parser.argument(script=True)), above)
    return _of_class(Atom(made), Kind.RELATION)


def _padded(label: Element) -> Element:
    """Return *label* with space at its sides, so that the arrow is longer than it."""
    gaps = [element("mspace", width="0.4em") for _ in range(2)]
    return element("mrow", gaps[0], label, gaps[1])


def _of_class(atom: Atom, kind: Kind) -> Atom:
    """Return *atom* as one of the class *kind*, with the space that it needs."""
    if atom.core is None and kind in SIDES:
        gaps = [element("mspace", width=SIDES[kind]) for _ in range(2)]
        atom.element = element("mrow", gaps[0], atom.element, gaps[1])
    atom.kind = kind
    return atom


def _class(parser: Parser, token: Token) -> Atom:
    atoms = parser.arguments()
    kind = CLASSES[token.text[1:]]
    if len(atoms) == 1 and (core := atoms[0].core) is not None:
        for side in ("lspace", "rspace"):
            core.attrib.pop(side, None)
            if kind not in SIDES and kind is not Kind.PUNCTUATION:
                core.set(side, "0")
        return Atom(atoms[0].element, kind, core)
    return _of_class(Atom(parser.element(atoms)), kind)


def _font(parser: Parser, token: Token) -> Atom:
    atoms = parser.arguments(font=FONTS[token.text[1:]])
    return atoms[0] if len(atoms) == 1 else Atom(parser.element(atoms))


def _font_switch(parser: Parser, token: Token) -> Atom:
    with parser.state(font=FONT_SWITCHES[token.text[1:]]):
        return Atom(parser.element(parser.rest()))


def _style(parser: Parser, token: Token) -> Atom:
    style = STYLES[token.text[1:].removesuffix("style")]
    return Atom(element("mstyle", parser.element(parser.rest()), **style))


def _color(parser: Parser, token: Token) -> Atom:
    at = parser.reader.at
    color = parser.reader.word()
    if not COLOR.fullmatch(color):
        parser.fail(f"{color} is no colour: write a name or #1f5673", at)
    atoms = parser.arguments() if token.text == "\\textcolor" else parser.rest()
    return Atom(element("mstyle", parser.element(atoms), mathcolor=color))


def _not(parser: Parser, token: Token) -> Atom:
    atoms = parser.arguments()
    struck = atoms[0].element if len(atoms) == 1 else None
    if struck is None or not struck.text:
        parser.fail("\\not can only stand before one sign", token.at)
    char = unicodedata.normalize("NFC", f"{struck.text}\N{COMBINING LONG SOLIDUS OVERLAY}")
    return operator(char, Kind.RELATION)


def _substack(parser: Parser, token: Token) -> Atom:
    opening = parser.reader.take()
    if opening.text != "{":
        parser.fail("\\substack needs its lines in braces", token.at)
    lines = [parser.row("}", "\\\\")]
    while parser.reader.take_if("\\\\"):
        lines.append(parser.row("}", "\\\\"))
    if not parser.reader.take_if("}"):
        parser.fail("the { is not closed", opening.at)
    cells = (element("mtr", element("mtd", row(line, script=True))) for line in lines)
    return Atom(element("mtable", *cells, class_="marginalia-stack"))


COMMANDS: dict[str, Handler] = {
    **each(ACCENTS, _accent),
    **each(UNDER, _under),
    **each(ARROWS, _arrow),
    **each(("overset", "underset", "stackrel"), _stack),
    **each(FONTS, _font),
    **each(FONT_SWITCHES, _font_switch),
    **each((f"{name}style" for name in STYLES), _style),
    **each(CLASSES, _class),
    **each(("color", "textcolor"), _color),
    "\\not": _not,
    "\\substack": _substack,
}
