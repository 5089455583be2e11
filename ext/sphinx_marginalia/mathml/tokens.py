r"""TeX as tokens: commands, braces, letters.

A formula is read token by token and never as text with patterns, so that a brace within ``\{`` or a
percent sign in ``\%`` cannot be mistaken. Each token knows where it stood, for warnings.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

#: A word after a backslash takes the white space behind it; anything else is one character.
TOKEN = re.compile(r"\\[a-zA-Z]+\s*|\\\s|\\.|\s+|%[^\n]*(?:\n\s*|$)|.", re.DOTALL)


class TexError(ValueError):
    """What cannot be understood, and where in the formula it stands."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


class Token(NamedTuple):
    r"""One command (``\alpha``) or one character; white space is one blank, however long."""

    text: str
    at: int


def tokenize(tex: str, at: int | None = None) -> list[Token]:
    """Cut *tex* into tokens, without comments.

    :param at: where the tokens are said to stand, if not where they do
    :raises TexError: a backslash stands at the end, or a character is none that a page can hold
    """
    _refuse_unprintable(tex, at)
    found = []
    for match in TOKEN.finditer(tex):
        place = match.start() if at is None else at
        text = match[0]
        if text.startswith("%"):
            continue
        if text == "\\":
            message = "a backslash stands at the end"
            raise TexError(message, place)
        if text.startswith("\\"):
            text = "\\ " if text[1:].isspace() else text.rstrip()
        elif text.isspace():
            text = " "
        found.append(Token(text, place))
    return found


def _refuse_unprintable(tex: str, at: int | None) -> None:
    """Stop at characters that neither HTML nor XML may hold, in comments as well."""
    for place, char in enumerate(tex):
        if unicodedata.category(char) in ("Cc", "Cs", "Cn") and char not in "\t\n\r":
            message = f"the character U+{ord(char):04X} cannot be shown"
            raise TexError(message, place if at is None else at)
