"""Read the tokens of a formula one after another, with macros expanded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.mathml.tokens import Macro, TexError, Token, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OPEN, CLOSE = "{", "}"
CLOSED_BY = {OPEN: CLOSE, "[": "]"}
#: How often macros may be expanded in one formula, and how many tokens that may make.
MOST_EXPANSIONS = 1000
MOST_TOKENS = 20_000


class Reader:
    """The rest of a formula."""

    def __init__(self, tokens: Sequence[Token], end: int) -> None:
        self._rest = list(tokens[::-1])
        self.end = end

    def __len__(self) -> int:
        return len(self._rest)

    def peek(self) -> str:
        """Return the text of the next token, or nothing at the end."""
        return self._rest[-1].text if self._rest else ""

    def pop(self) -> Token:
        """Remove and return the next token.

        :raises TexError: there is none
        """
        if not self._rest:
            raise TexError("it ends where something has to follow", self.end)
        return self._rest.pop()

    def skip(self, text: str) -> bool:
        """Remove the next token if it is *text*, and return whether it was."""
        is_next = self.peek() == text
        if is_next:
            self.pop()
        return is_next

    def skip_blanks(self) -> None:
        """Remove blanks, which mean nothing before an argument."""
        while self.skip(" "):
            pass

    def push(self, tokens: Sequence[Token]) -> None:
        """Put *tokens* before the rest."""
        self._rest += tokens[::-1]

    def argument(self) -> list[Token]:
        """Remove and return the content of the next braces, or one token."""
        self.skip_blanks()
        return self._group() if self.peek() == OPEN else [self.pop()]

    def option(self) -> list[Token] | None:
        """Remove and return the content of the next square brackets, if there are any."""
        self.skip_blanks()
        return self._group() if self.peek() == "[" else None

    def _group(self) -> list[Token]:
        opening = self.pop()
        tokens: list[Token] = []
        depth = 0
        while self._rest:
            token = self._rest.pop()
            if depth == 0 and token.text == CLOSED_BY[opening.text]:
                return tokens
            depth += (token.text == OPEN) - (token.text == CLOSE)
            tokens.append(token)
        raise TexError(f"the {opening.text} is not closed", opening.at)


def braced(tokens: Sequence[Token], at: int) -> list[Token]:
    """Return *tokens* in braces at the index *at*."""
    return [Token(OPEN, at), *tokens, Token(CLOSE, at)]


def expand_one(macro: Macro, reader: Reader, at: int) -> list[Token]:
    """Return the body of *macro* with the arguments that *reader* has for it."""
    arguments = []
    if macro.default is not None and macro.arguments:
        first = reader.option()
        arguments.append(tokenize(macro.default, at) if first is None else first)
    arguments += [reader.argument() for _ in range(macro.arguments - len(arguments))]
    if len(macro.body) * (1 + sum(map(len, arguments))) > MOST_TOKENS:
        raise TexError("a macro makes it too long", at)
    body = iter(tokenize(macro.body, at))
    tokens = []
    for token in body:
        number = next(body, token).text if token.text == "#" else ""
        tokens += arguments[int(number) - 1] if number else [token]
    return tokens


def expand(tex: str, macros: Mapping[str, Macro]) -> list[Token]:
    """Return the tokens of *tex* with *macros* expanded.

    The library has macros of its own, but no default for an argument, and it cannot say where an
    error in one is.

    :raises TexError: a macro never ends, or lacks an argument
    """
    reader = Reader(tokenize(tex), len(tex))
    tokens: list[Token] = []
    expansions = 0
    while reader:
        token = reader.pop()
        if not (macro := macros.get(token.text)):
            tokens.append(token)
            continue
        body = expand_one(macro, reader, token.at)
        expansions += 1
        if expansions > MOST_EXPANSIONS or len(tokens) + len(reader) + len(body) > MOST_TOKENS:
            raise TexError(f"the macro {token.text} never ends: it stands for itself", token.at)
        is_script = bool(tokens) and tokens[-1].text in ("^", "_")
        reader.push(braced(body, token.at) if is_script else body)
    return tokens
