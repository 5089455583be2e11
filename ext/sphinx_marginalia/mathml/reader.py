"""The tokens of a formula, one after another, and macros put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.mathml.macros import MOST_EXPANSIONS, MOST_TOKENS
from sphinx_marginalia.mathml.tokens import TexError, Token, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx_marginalia.mathml.macros import Macro

OPEN, CLOSE = "{", "}"
CLOSED_BY = {OPEN: CLOSE, "[": "]"}


class Reader:
    """What is left of a formula."""

    def __init__(self, tokens: Sequence[Token], end: int) -> None:
        self._rest = list(tokens[::-1])
        self.end = end

    def __len__(self) -> int:
        return len(self._rest)

    def peek(self) -> str:
        """Return the text of the next token, or nothing at the end."""
        return self._rest[-1].text if self._rest else ""

    def take(self) -> Token:
        """Take the next token.

        :raises TexError: there is none
        """
        if not self._rest:
            message = "it ends where something has to follow"
            raise TexError(message, self.end)
        return self._rest.pop()

    def take_if(self, text: str) -> bool:
        """Take the next token if it is *text*."""
        found = self.peek() == text
        if found:
            self.take()
        return found

    def skip_blanks(self) -> None:
        """Take blanks, which mean nothing before an argument."""
        while self.take_if(" "):
            pass

    def put_back(self, tokens: Sequence[Token]) -> None:
        """Put *tokens* before what is left."""
        self._rest += tokens[::-1]

    def argument(self) -> list[Token]:
        """Take what is in the next braces, or one token."""
        self.skip_blanks()
        return self._group() if self.peek() == OPEN else [self.take()]

    def option(self) -> list[Token] | None:
        """Take what is in the next square brackets, if something is."""
        self.skip_blanks()
        return self._group() if self.peek() == "[" else None

    def _group(self) -> list[Token]:
        opening = self.take()
        found: list[Token] = []
        depth = 0
        while self._rest:
            token = self._rest.pop()
            if depth == 0 and token.text == CLOSED_BY[opening.text]:
                return found
            depth += (token.text == OPEN) - (token.text == CLOSE)
            found.append(token)
        message = f"the {opening.text} is not closed"
        raise TexError(message, opening.at)


def braced(tokens: Sequence[Token], at: int) -> list[Token]:
    """Return *tokens* in braces, which are said to stand at *at*."""
    return [Token(OPEN, at), *tokens, Token(CLOSE, at)]


def put_in(macro: Macro, reader: Reader, at: int) -> list[Token]:
    """Return what *macro* stands for, with the arguments that *reader* has for it."""
    arguments = []
    if macro.default is not None and macro.arguments:
        given = reader.option()
        arguments.append(tokenize(macro.default, at) if given is None else given)
    arguments += [reader.argument() for _ in range(macro.arguments - len(arguments))]
    if len(macro.body) * (1 + sum(map(len, arguments))) > MOST_TOKENS:
        message = "a macro makes it too long"
        raise TexError(message, at)
    return macro.put_in(arguments, at)


def expand(tex: str, macros: Mapping[str, Macro]) -> list[Token]:
    """Return the tokens of *tex* with *macros* put in.

    The library has macros, but no default for an argument, and what it finds wrong in one it cannot
    say the place of.

    :raises TexError: a macro has no end, or lacks an argument
    """
    reader = Reader(tokenize(tex), len(tex))
    found: list[Token] = []
    expansions = 0
    while reader:
        token = reader.take()
        if not (macro := macros.get(token.text)):
            found.append(token)
            continue
        body = put_in(macro, reader, token.at)
        expansions += 1
        if expansions > MOST_EXPANSIONS or len(found) + len(reader) + len(body) > MOST_TOKENS:
            message = f"the macro {token.text} stands for itself, without an end"
            raise TexError(message, token.at)
        script = bool(found) and found[-1].text in ("^", "_")
        reader.put_back(braced(body, token.at) if script else body)
    return found
