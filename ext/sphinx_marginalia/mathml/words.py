r"""Words in formulas: ``\text`` with what it may hold, names of operators, ``\bmod``, ``\tag``."""

# Characters that look like others are the subject here.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sphinx_marginalia.mathml.alphabets import NORMAL
from sphinx_marginalia.mathml.atoms import Atom, element, row, space
from sphinx_marginalia.mathml.parser import each
from sphinx_marginalia.mathml.symbols import Kind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from sphinx_marginalia.mathml.parser import Handler, Parser
    from sphinx_marginalia.mathml.tokens import Token

#: Commands for text, and the class of the style sheet for each.
TEXTS = {
    "text": "", "mbox": "", "hbox": "", "textrm": "", "textup": "", "textnormal": "",
    "textbf": "marginalia-bold", "textit": "marginalia-italic", "emph": "marginalia-italic",
    "textsf": "marginalia-sans", "texttt": "marginalia-mono",
}  # fmt: skip
#: What commands are within text.
IN_TEXT = {
    **{f"\\{char}": char for char in "%$_&#{}"},
    "\\ ": " ", "~": "\u00a0", "\\,": "\u2009", "\\;": "\u2005", "\\quad": "\u2003",
    "\\textbackslash": "\\", "\\ldots": "…", "\\dots": "…", "\\ss": "ß", "\\ae": "æ", "\\o": "ø",
    "\\aa": "å", "\\oe": "œ", "\\l": "ł", "\\i": "ı", "\\S": "§", "\\-": "",
}  # fmt: skip
#: Accents within text, as the character that combines with a letter.
ACCENTS = {
    "\\'": "\u0301", "\\`": "\u0300", "\\^": "\u0302", '\\"': "\u0308", "\\~": "\u0303",
    "\\=": "\u0304", "\\.": "\u0307", "\\c": "\u0327", "\\v": "\u030c", "\\u": "\u0306",
    "\\H": "\u030b", "\\r": "\u030a", "\\k": "\u0328",
}  # fmt: skip
QUOTES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("`", "‘"), ("'", "’"))
#: Limits with a line or an arrow over or under them.
EMBELLISHED = {
    "varlimsup": ("menclose", "top"), "varliminf": ("menclose", "bottom"),
    "varinjlim": ("munder", "→"), "varprojlim": ("munder", "←"),
}  # fmt: skip
MOD_GAPS = {"mod": 12 / 18, "pmod": 1, "pod": 1}


class Words:
    """What is read of a text: words, and formulas between them."""

    def __init__(self, parser: Parser, look: str) -> None:
        self.parser = parser
        self.look = look
        self.atoms: list[Atom] = []
        self.text = ""

    def read(self, tokens: list[Token]) -> None:
        """Read *tokens*, which are all that is within the braces."""
        rest = tokens[::-1]
        while rest:
            token = rest.pop()
            if token.text == "$":
                self._formula(token, rest)
            elif token.text in ACCENTS:
                letter = "".join(part.text for part in _argument(rest)) or " "
                combined = unicodedata.normalize("NFC", letter[0] + ACCENTS[token.text])
                self.text += combined + letter[1:]
            elif token.text[1:] in TEXTS and token.text.startswith("\\"):
                self._nested(token, rest)
            elif token.text.startswith("\\") and token.text not in IN_TEXT:
                self.parser.reader.put_back([token, *rest[::-1]])
                self._command()
                return
            elif token.text not in "{}":
                self.text += IN_TEXT.get(token.text, token.text)

    def finish(self) -> list[Atom]:
        """Return what was read."""
        self._flush()
        return self.atoms or [Atom(element("mtext"))]

    def _flush(self) -> None:
        if not self.text:
            return
        text = self.text
        for written, meant in QUOTES:
            text = text.replace(written, meant)
        # Browsers leave out white space at the edges of <mtext>.
        text = re.sub(r"^\s|\s$", "\u00a0", text)
        look = {"class": self.look} if self.look else {}
        self.atoms.append(Atom(element("mtext", text=text, **look)))
        self.text = ""

    def _formula(self, opening: Token, rest: list[Token]) -> None:
        inner = []
        while rest and rest[-1].text != "$":
            inner.append(rest.pop())
        if not rest:
            self.parser.fail("the $ is not closed", opening.at)
        end = rest.pop()
        self._flush()
        self.parser.reader.put_back([opening._replace(text="{"), *inner, end._replace(text="}")])
        with self.parser.state(font=""):
            self.atoms += self.parser.group()

    def _nested(self, token: Token, rest: list[Token]) -> None:
        self._flush()
        with self.parser.deeper():
            self.atoms += _words(self.parser, _argument(rest), TEXTS[token.text[1:]] or self.look)

    def _command(self) -> None:
        token = self.parser.reader.take()
        self.parser.fail(
            f"{token.text} cannot stand in text; write it between dollar signs", token.at
        )


def _argument(rest: list[Token]) -> list[Token]:
    """Take an argument from *rest*, which is in reverse."""
    if not rest or rest[-1].text != "{":
        return [rest.pop()] if rest else []
    found, depth = [rest.pop()], 1
    while rest and depth:
        found.append(rest.pop())
        depth += (found[-1].text == "{") - (found[-1].text == "}")
    return found[1:-1]


def _words(parser: Parser, tokens: list[Token], look: str) -> list[Atom]:
    words = Words(parser, look)
    words.read(tokens)
    return words.finish()


def _text(parser: Parser, token: Token) -> Atom:
    tokens = parser.reader.argument()
    atoms = _words(parser, tokens, TEXTS[token.text[1:]])
    return Atom(row(atoms))


def _name(made: Element) -> str:
    """Return the text of *made* if it is a name: letters, with thin spaces perhaps."""
    parts = list(made.iter())
    if any(part.tag not in ("mrow", "mi", "mn", "mo", "mtext", "mspace") for part in parts):
        return ""
    return "".join("\u2009" if part.tag == "mspace" else part.text or "" for part in parts)


def _operator_name(parser: Parser, token: Token) -> Atom:
    limits = parser.reader.take_if("*") or token.text == "\\mathop"
    made = parser.argument(font=None if token.text == "\\mathop" else NORMAL)
    name = _name(made).replace("−", "-")
    if limits and name:
        return parser.limit_word(name)
    if name:
        made = element("mi", text=name)
        if len(name) == 1:
            made.set("mathvariant", "normal")
    return Atom(made, Kind.OPERATOR, limits=limits, word=True)


def _embellished(_parser: Parser, token: Token) -> Atom:
    """Return a limit with a line or an arrow at it."""
    tag, mark = EMBELLISHED[token.text[1:]]
    lim = element("mi", text="lim")
    if tag == "menclose":
        made = element(tag, lim, notation=mark, class_=f"marginalia-{mark}")
    else:
        made = element(tag, lim, element("mo", text=mark, stretchy="true"))
    return Atom(made, Kind.OPERATOR, limits=True, word=True)


def _bmod(_parser: Parser, _token: Token) -> Atom:
    made = element("mo", text="mod", lspace="0.2222em", rspace="0.2222em")
    return Atom(made, Kind.BINARY, made)


def _mod(parser: Parser, token: Token) -> Atom:
    name = token.text[1:]
    parts = [space(MOD_GAPS[name]).element]
    if name != "mod":
        parts.append(element("mo", text="(", stretchy="false"))
    if name != "pod":
        parts += [element("mi", text="mod"), element("mspace", width="0.3333em")]
    parts.append(parser.argument())
    if name != "mod":
        parts.append(element("mo", text=")", stretchy="false"))
    return Atom(element("mrow", *parts), Kind.SPACE)


def _tag(parser: Parser, _token: Token) -> Atom:
    """Return the number that an author gave, behind the formula."""
    bare = parser.reader.take_if("*")
    words = _words(parser, parser.reader.argument(), "")
    if not bare:
        words = [Atom(element("mtext", text="(")), *words, Atom(element("mtext", text=")"))]
    return Atom(element("mrow", space(2).element, *(atom.element for atom in words)), Kind.SPACE)


def _reference(parser: Parser, token: Token) -> Atom:
    message = (
        f"{token.text} has no meaning here: give the formula a label of Sphinx, and use {{eq}}"
    )
    parser.fail(message, token.at)


WORD_COMMANDS: dict[str, Handler] = {
    **each(TEXTS, _text),
    **each(("operatorname", "mathop"), _operator_name),
    **each(MOD_GAPS, _mod),
    **each(("label", "ref", "eqref"), _reference),
    **each(EMBELLISHED, _embellished),
    "\\bmod": _bmod,
    "\\tag": _tag,
}
