"""The tokens of an article, and what decides which of them its language has. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class TokenKind(Enum):
    """What a token is."""

    TEXT = auto()
    TAG = auto()
    EXPRESSION = auto()
    #: ``{# … #}``
    COMMENT = auto()
    HTML_COMMENT = auto()
    CODE_SPAN = auto()
    #: A fenced or indented block, in whole lines.
    CODE_BLOCK = auto()
    MATH = auto()
    DISPLAY_MATH = auto()


@dataclass(frozen=True)
class Token:
    """One token of an article."""

    kind: TokenKind
    source: str
    #: Its offset in characters, and its line from 1.
    start: int
    line: int
    #: The name of a tag; ``fence`` for a fenced code block.
    name: str = ""
    #: What follows the name of a tag; the inside of an expression or comment; the TeX of a formula.
    body: str = ""
    #: The content of a tag in which nothing is read (``raw``, ``highlight``).
    content: str | None = None

    @property
    def end(self) -> int:
        """The offset after it."""
        return self.start + len(self.source)


@dataclass(frozen=True)
class Grammar:
    """How a template language and the Markdown around it are written."""

    #: Jekyll: a tag ends at the first ``%}``, ``{# … #}`` is no comment, and ``$$…$$`` within a
    #: sentence is an inline formula. Elsewhere the strings of a tag may contain ``%}``.
    jekyll: bool
    #: The tags in whose content nothing is read, each with its end tag.
    verbatim_tags: Mapping[str, str]
    #: ``$…$`` is a formula.
    dollar_math: bool

    #: Whether tags and expressions are read at all.
    read_tags: bool = True
    #: What begins a formula besides dollars.
    math_signs: frozenset[str] = frozenset()
