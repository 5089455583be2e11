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
    found = []
    for match in TOKEN.finditer(tex):
        place = match.start() if at is None else at
        text = match[0]
        if text.startswith("%"):
            continue
        if text.startswith("\\"):
            text = "\\ " if text[1:].isspace() else text.rstrip()
        elif text.isspace():
            text = " "
        _refuse_unprintable(text, place)
        found.append(Token(text, place))
    return found


def _refuse_unprintable(text: str, at: int) -> None:
    """Stop at a lone backslash, and at characters that neither HTML nor XML may hold."""
    if text == "\\":
        message = "a backslash stands at the end"
        raise TexError(message, at)
    if any(unicodedata.category(char) in ("Cc", "Cs", "Cn") for char in text):
        message = f"the character U+{ord(text[-1]):04X} cannot be shown"
        raise TexError(message, at)
