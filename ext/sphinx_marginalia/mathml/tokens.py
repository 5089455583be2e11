r"""TeX as tokens (commands, braces, letters), and macros that stand for several.

A formula is read token by token and never as text with patterns, so that a brace within ``\{`` or a
percent sign in ``\%`` cannot be mistaken. Each token knows its index in the formula, for warnings.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A word after a backslash includes the white space after it; anything else is one character.
TOKEN = re.compile(r"\\[a-zA-Z]+\s*|\\\s|\\.|\s+|%[^\n]*(?:\n\s*|$)|.", re.DOTALL)


class TexError(ValueError):
    """What cannot be converted, and its index in the formula."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


class Token(NamedTuple):
    r"""One command (``\alpha``) or one character; any white space is one blank."""

    text: str
    #: Its index in the formula.
    at: int


def tokenize(tex: str, at: int | None = None) -> list[Token]:
    """Return the tokens of *tex*, without comments.

    :param at: an index for all tokens, instead of their own
    :raises TexError: *tex* ends in a backslash, or has a character that a page cannot contain
    """
    for index, char in enumerate(tex):
        # Neither HTML nor XML may contain these, and comments go into the annotation.
        if unicodedata.category(char) in ("Cc", "Cs", "Cn") and char not in "\t\n\r":
            message = f"the character U+{ord(char):04X} cannot be shown"
            raise TexError(message, index if at is None else at)
    tokens = []
    for match in TOKEN.finditer(tex):
        index = match.start() if at is None else at
        text = match[0]
        if text.startswith("%"):
            continue
        if text == "\\":
            raise TexError("a backslash is at the end", index)
        if text.startswith("\\"):
            text = "\\ " if text[1:].isspace() else text.rstrip()
        elif text.isspace():
            text = " "
        tokens.append(Token(text, index))
    return tokens


class Macro(NamedTuple):
    """What a command stands for."""

    body: str
    #: The number of its arguments.
    arguments: int = 0
    #: The first argument if it is left out. It is then written in ``[]``.
    default: str | None = None


def read_macros(option: Mapping[str, object]) -> dict[str, Macro]:
    r"""Return the macros in *option*, by their commands with the backslash.

    It has the form of MathJax's ``macros``, so that a project can switch without changes::

        mathml_macros = {
            "RR": r"\mathbb{R}",
            "norm": [r"\lVert #1 \rVert", 1],
            "expect": [r"\mathbb{E}_{#1}[#2]", 2, "x"],  # the first argument is optional
        }
    """
    return {
        f"\\{name.removeprefix(chr(92))}": Macro(*value)
        if isinstance(value, list | tuple)
        else Macro(str(value))
        for name, value in option.items()
    }
