"""The tokens of a formula, one after another, with macros put in on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.mathml.macros import MOST_EXPANSIONS, MOST_TOKENS
from sphinx_marginalia.mathml.tokens import TexError, Token, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_marginalia.mathml.macros import Macro

OPEN, CLOSE = "{", "}"
#: What ends a row, with what is said where nothing began one.
ENDS = {
    "}": "a } without its {",
    "&": "an & outside of a table; for a sign, write \\&",
    "\\\\": "a \\\\ outside of a table",
    "\\cr": "a \\cr outside of a table",
    "\\end": "an \\end without its \\begin",
    "\\right": "a \\right without its \\left",
    "\\middle": "a \\middle without its \\left",
}


class Reader:
    """What is left of a formula."""

    def __init__(self, tex: str, macros: Mapping[str, Macro]) -> None:
        self.macros = macros
        self.end = len(tex)
        self._rest = tokenize(tex)[::-1]
        self._expansions = 0

    def peek(self) -> str:
        """Return the text of the next token that is no blank, or nothing at the end."""
        self.skip_blanks()
        self._expand()
        return self._rest[-1].text if self._rest else ""

    def peek_raw(self) -> str:
        """Return the text of the next token, be it a blank or a macro."""
        return self._rest[-1].text if self._rest else ""

    def ahead(self, number: int) -> list[str]:
        """Return the texts of the next *number* tokens, or fewer at the end."""
        return [token.text for token in self._rest[: -number - 1 : -1]]

    @property
    def at(self) -> int:
        """Where the next token stands."""
        return self._rest[-1].at if self._rest else self.end

    def take(self) -> Token:
        """Take the next token that is no blank; macros are put in.

        :raises TexError: there is none
        """
        if not self.peek():
            message = "it ends where something has to follow"
            raise TexError(message, self.end)
        return self._rest.pop()

    def take_if(self, text: str) -> bool:
        """Take the next token if it is *text*."""
        if self.peek() != text:
            return False
        self._rest.pop()
        return True

    def skip_blanks(self) -> None:
        """Take blanks, which mean nothing outside of text."""
        while self._rest and self._rest[-1].text == " ":
            self._rest.pop()

    def argument(self) -> list[Token]:
        """Take what is in the next braces, or one token, as it is written."""
        self.skip_blanks()
        if self.peek_raw() == OPEN:
            opening = self._rest.pop()
            return self._until(CLOSE, opening)
        if not self._rest:
            message = "it ends where something has to follow"
            raise TexError(message, self.end)
        return [self._rest.pop()]

    def option(self) -> list[Token] | None:
        """Take what is in the next square brackets, if something is."""
        self.skip_blanks()
        return self._until("]", self._rest.pop()) if self.peek_raw() == "[" else None

    def word(self) -> str:
        """Take an argument that is a name: of an environment, a colour."""
        return "".join(token.text for token in self.argument()).strip()

    def put_back(self, tokens: list[Token]) -> None:
        """Put *tokens* before what is left."""
        self._rest += tokens[::-1]

    def _until(self, end: str, opening: Token) -> list[Token]:
        found: list[Token] = []
        depth = 0
        while self._rest:
            token = self._rest.pop()
            if depth == 0 and token.text == end:
                return found
            depth += (token.text == OPEN) - (token.text == CLOSE)
            found.append(token)
        message = f"the {opening.text} is not closed"
        raise TexError(message, opening.at)

    def _expand(self) -> None:
        while self._rest and (macro := self.macros.get(self._rest[-1].text)):
            token = self._rest.pop()
            self._expansions += 1
            arguments = []
            if macro.default is not None and macro.arguments:
                given = self.option()
                arguments.append(tokenize(macro.default, token.at) if given is None else given)
            arguments += [self.argument() for _ in range(macro.arguments - len(arguments))]
            size = len(self._rest) + len(macro.body) * (1 + sum(map(len, arguments)))
            if self._expansions > MOST_EXPANSIONS or size > MOST_TOKENS:
                message = f"the macro {token.text} stands for itself, without an end"
                raise TexError(message, token.at)
            self.put_back(macro.put_in(arguments, token.at))
            self.skip_blanks()
