r"""Rows of atoms: letters, numbers, groups, and the scripts on them.

What a command does is not here: ``commands``, ``fences``, ``tables`` and ``words`` are tables of
functions, which are given the parser and take from it what the command needs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from sphinx_marginalia.mathml import symbols
from sphinx_marginalia.mathml.alphabets import BOLD, BOLD_ITALIC, ITALIC, MONO, NORMAL, SANS, letter
from sphinx_marginalia.mathml.atoms import Atom, element, operator, row, space
from sphinx_marginalia.mathml.reader import ENDS
from sphinx_marginalia.mathml.scripts import take_scripts
from sphinx_marginalia.mathml.symbols import Kind, Symbol
from sphinx_marginalia.mathml.tokens import TexError, Token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from sphinx_marginalia.mathml.reader import Reader

#: Deeper than anybody writes, and less than Python bears.
DEEPEST = 60
#: Alphabets whose letters make words.
JOINING = (NORMAL, BOLD, SANS, MONO, ITALIC)


class Parser:
    """What reads a formula, and what it knows at the place where it is."""

    def __init__(self, reader: Reader, handlers: Mapping[str, Handler]) -> None:
        self.reader = reader
        self.handlers = handlers
        #: The alphabet of the letters that come.
        self.font = ""
        #: Whether what comes is an index.
        self.script = False
        self._depth = 0
        #: For each row that is being read: its atoms so far, and what ends it.
        self._rows: list[tuple[list[Atom], tuple[str, ...]]] = []

    # Rows

    def row(self, *ends: str) -> list[Atom]:
        """Read atoms up to one of *ends*, which is left, or to the end of the formula."""
        atoms: list[Atom] = []
        self._rows.append((atoms, ends))
        with self.deeper():
            while (text := self.reader.peek()) and text not in ends:
                if atom := self.atom():
                    atoms.append(atom)
        self._rows.pop()
        return atoms

    def rest(self) -> list[Atom]:
        """Read what is left of the row that is being read."""
        return self.row(*self._rows[-1][1])

    def before(self) -> list[Atom]:
        """Take away what has been read of the row: a fraction may stand in its place."""
        atoms = self._rows[-1][0]
        taken = atoms[:]
        atoms.clear()
        return taken

    def element(self, atoms: list[Atom]) -> Element:
        """Return *atoms* as one element, spaced as it is fit here."""
        return row(atoms, script=self.script)

    def argument(self, *, font: str | None = None, script: bool | None = None) -> Element:
        """Read an argument: a group, or one atom without its scripts."""
        atoms = self.arguments(font=font, script=script)
        return row(atoms, script=self.script if script is None else script)

    def arguments(self, *, font: str | None = None, script: bool | None = None) -> list[Atom]:
        """Read an argument, and return its atoms."""
        with self.state(font, script):
            if self.reader.peek() == "{":
                return self.group()
            token = self.reader.take()
            atom = (
                self.number(token, single=True) if token.text.isdecimal() else self.nucleus(token)
            )
            return [atom] if atom else []

    def group(self) -> list[Atom]:
        """Read a group in braces, and return its atoms."""
        opening = self.reader.take()
        atoms = self.row("}")
        if not self.reader.take_if("}"):
            self.fail("the { is not closed", opening.at)
        return atoms

    @contextmanager
    def state(self, font: str | None = None, script: bool | None = None) -> Iterator[None]:
        """Read with another alphabet, or as an index."""
        before = self.font, self.script
        self.font = self.font if font is None else font
        self.script = self.script if script is None else script
        yield
        self.font, self.script = before

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Read what is within something else; a hostile depth is refused before Python breaks."""
        self._depth += 1
        if self._depth > DEEPEST:
            self.fail("too many things within each other", self.reader.at)
        yield
        self._depth -= 1

    # Atoms

    def atom(self) -> Atom | None:
        """Read an atom with its scripts; nothing for a command that leaves none."""
        if self.reader.peek() in ("^", "_", "'"):
            return take_scripts(self, Atom(element("mrow")))
        atom = self.nucleus(self.reader.take())
        return atom if atom is None or atom.kind is Kind.SPACE else take_scripts(self, atom)

    def nucleus(self, token: Token) -> Atom | None:
        """Return what *token* begins, without scripts."""
        with self.deeper():
            return self._nucleus(token)

    def _nucleus(self, token: Token) -> Atom | None:
        text = token.text
        if text == "{":
            self.reader.put_back([token])
            return self._ordinary(self.group())
        if text in ENDS:
            self.fail(ENDS[text], token.at)
        if text.startswith("\\"):
            return self.command(token)
        if text.isdecimal():
            return self.number(token)
        if symbol := symbols.TYPED.get(text) or symbols.UNICODE.get(text):
            return self.symbol(symbol)
        return self.typed(token)

    def command(self, token: Token) -> Atom | None:
        """Return what a command makes."""
        name = token.text[1:]
        if handler := self.handlers.get(token.text):
            return handler(self, token)
        if name in symbols.FUNCTIONS:
            return Atom(element("mi", text=name), Kind.OPERATOR, word=True)
        if name in symbols.LIMITS:
            return self.limit_word(symbols.LIMITS[name])
        if symbol := symbols.SYMBOLS.get(token.text):
            atom = self.symbol(symbol, greek=name[:1].isupper())
            if name in symbols.SET_OFF and atom.core is not None:
                atom.core.attrib.update(lspace="0.5556em", rspace="0.5556em")
            return atom
        if token.text not in symbols.SPACES:
            self.unknown(token)
        return space(symbols.SPACES[token.text])

    def limit_word(self, text: str) -> Atom:
        """Return a word that has its scripts under it in a displayed formula."""
        made = element("mo", text=text, movablelimits="true", lspace="0", rspace="0")
        return Atom(made, Kind.OPERATOR, limits=True, word=True)

    def symbol(self, symbol: Symbol, *, greek: bool = False) -> Atom:
        """Return a character of a class."""
        char, kind = symbol
        if kind is Kind.SPACE:
            return space(0.25)
        if kind is Kind.ORDINARY and char not in "|‖/\\.@":
            return self.letter(char, upright=(greek and char.isupper()) or char == "∇")
        bold = {"class": "marginalia-bold"} if self.font == BOLD_ITALIC else {}
        atom = operator(char, kind, **bold)
        atom.limits = kind is Kind.OPERATOR and char not in symbols.INTEGRALS
        return atom

    def letter(self, char: str, *, upright: bool = False) -> Atom:
        """Return a letter in the alphabet of the place."""
        font = BOLD if upright and self.font == BOLD_ITALIC else self.font
        made = element("mi", text=letter(char, font))
        if made.text == char and (upright or font == NORMAL):
            made.set("mathvariant", "normal")
        joins = font if font in JOINING and char.isalpha() else ""
        return Atom(made, joins=joins)

    def number(self, token: Token, *, single: bool = False) -> Atom:
        """Return a number, of which *token* is the first digit."""
        digits = token.text
        while not single and (more := self._digits()):
            digits += "".join(self.reader.take().text for _ in range(more)).replace("{,}", ",")
        text = "".join(letter(char, self.font) for char in digits)
        return Atom(element("mn", text=text))

    def _digits(self) -> int:
        """Return how many tokens continue a number: a digit, ``.5`` or ``{,}000``."""
        ahead = [*self.reader.ahead(4), "", "", "", ""]
        if ahead[0].isdecimal():
            return 1
        if ahead[0] == "." and ahead[1].isdecimal():
            return 2
        return 4 if ahead[:3] == ["{", ",", "}"] and ahead[3].isdecimal() else 0

    def typed(self, token: Token) -> Atom:
        """Return a character that no table has."""
        category = unicodedata.category(token.text)
        if token.text in "$#":
            self.fail(
                f"a {token.text} within a formula; for a sign, write \\{token.text}", token.at
            )
        if category.startswith("L"):
            return self.letter(token.text)
        if category.startswith("S"):
            return operator(token.text, Kind.ORDINARY)
        return Atom(element("mtext", text=token.text))

    def _ordinary(self, atoms: list[Atom]) -> Atom:
        """Return a group in braces, to which neighbours are as to a letter."""
        if len(atoms) == 1 and atoms[0].core is not None:
            for side in ("lspace", "rspace"):
                atoms[0].core.attrib.setdefault(side, "0")
        return Atom(self.element(atoms))

    # Mistakes

    def fail(self, message: str, at: int) -> NoReturn:
        """Stop reading."""
        raise TexError(message, at)

    def unknown(self, token: Token) -> NoReturn:
        """Stop at a command that is not known, and name one that is much like it."""
        known = (*self.handlers, *symbols.SYMBOLS, *self.reader.macros, *symbols.SPACES)
        words = (f"\\{name}" for name in (*symbols.FUNCTIONS, *symbols.LIMITS))
        near = get_close_matches(token.text, (*known, *words), n=1, cutoff=0.8)
        hint = f"did you mean {near[0]}?" if near else "a command of yours goes into mathml_macros"
        self.fail(f"unknown command {token.text}; {hint}", token.at)


Handler = Callable[[Parser, Token], "Atom | None"]


def each(names: Iterable[str], handler: Handler) -> dict[str, Handler]:
    """Return a table in which all *names* have one handler."""
    return {f"\\{name}": handler for name in names}
