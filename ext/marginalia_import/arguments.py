r"""The arguments of a tag, as each template language writes them. Pure text, no files.

Nunjucks (Eleventy): strings in quotes with backslash escapes, ``"$\\alpha$"`` is ``$\alpha$``,
separated by commas; https://mozilla.github.io/nunjucks/templating.html#custom-filters names the
same literals. Liquid under Tufte-Jekyll: words split as a shell does (Ruby's ``Shellwords``), so a
backslash escapes in double quotes only what a shell escapes there.
"""

from __future__ import annotations

import re

#: The escapes of a Nunjucks string; behind any other character a backslash is dropped.
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}

STRING = re.compile(r""" "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' """, re.VERBOSE | re.DOTALL)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
KEYWORD = re.compile(r"\w+\s*=\s*")

#: One piece of a shell word: in single quotes, in double quotes, escaped, or bare.
SHELL = re.compile(
    r"""'(?P<single>[^']*)' | "(?P<double>(?:\\.|[^"\\])*)" | \\(?P<escaped>.)
        | (?P<bare>[^\s'"\\]+)""",
    re.VERBOSE | re.DOTALL,
)


class ArgumentError(ValueError):
    """The arguments cannot be read; the message says why, for the author."""


def nunjucks(source: str) -> list[str]:
    r"""Return the literal arguments of a Nunjucks or Eleventy-Liquid tag.

    >>> nunjucks(r'"a \"b\"", 5')
    ['a "b"', '5']

    :raises ArgumentError: an argument is not a literal, or a quote is not closed
    """
    return _literals(source, escapes=True)


def liquid(source: str) -> list[str]:
    """Return the literal arguments of a tag where strings know no escapes, as in Liquid.

    :raises ArgumentError: an argument is not a literal, or a quote is not closed
    """
    return _literals(source, escapes=False)


def _literals(source: str, *, escapes: bool) -> list[str]:
    found: list[str] = []
    position = 0
    while True:
        while position < len(source) and (source[position].isspace() or source[position] == ","):
            position += 1
        if position == len(source):
            return found
        if keyword := KEYWORD.match(source, position):
            position = keyword.end()
        if string := STRING.match(source, position):
            text = string[0][1:-1]
            found.append(unescape(text) if escapes else text)
            position = string.end()
        elif number := NUMBER.match(source, position):
            found.append(number[0])
            position = number.end()
        elif position < len(source) and source[position] in "\"'":
            raise ArgumentError("a quote is not closed")
        else:
            word = source[position:].split(maxsplit=1)
            raise ArgumentError(f"{word[0] if word else '='!r} is not a text in quotes")


def unescape(text: str) -> str:
    r"""Return a Nunjucks string without its backslashes: ``\\n`` is ``\n``, ``\"`` a quote."""
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match[1], match[1]), text, flags=re.DOTALL)


def shell(source: str) -> list[str]:
    r"""Return words as Ruby's ``Shellwords.split`` does: quotes may open within a word.

    >>> shell("'mn-1' \"I'm *here*\" a\\ b")
    ['mn-1', "I'm *here*", 'a b']

    :raises ArgumentError: a quote is not closed
    """
    words: list[str] = []
    position, word = 0, None
    while position < len(source):
        if source[position].isspace():
            if word is not None:
                words.append(word)
            word, position = None, position + 1
            continue
        piece = SHELL.match(source, position)
        if piece is None:
            raise ArgumentError("a quote is not closed")
        word = (word or "") + _shell_piece(piece)
        position = piece.end()
    return words if word is None else [*words, word]


def _shell_piece(piece: re.Match[str]) -> str:
    if piece["double"] is not None:
        # In double quotes a backslash escapes $ ` " \ and a line's end, nothing else.
        return re.sub(r'\\([$`"\\\n])', r"\1", piece["double"])
    return next(text for text in piece.groups() if text is not None)
