r"""Commands of the author's own: what ``mathml_macros`` says, and how it is put in.

The option has the shape of MathJax's ``macros``, so that a project which changes to MathML keeps
what it has::

    mathml_macros = {
        "RR": r"\mathbb{R}",
        "norm": [r"\lVert #1 \rVert", 1],
        "expect": [r"\mathbb{E}_{#1}[#2]", 2, "x"],  # the first argument may be left out
    }
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sphinx_marginalia.mathml.tokens import Token, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME = re.compile(r"[a-zA-Z]+")
#: TeX gives a macro no more.
MOST_ARGUMENTS = 9
#: How often macros may be put into one formula, and how long that may make it.
MOST_EXPANSIONS = 1000
MOST_TOKENS = 20_000


@dataclass(frozen=True)
class Macro:
    """What a command stands for."""

    body: str
    arguments: int = 0
    #: What the first argument is where it is not written; then it is written in ``[]``.
    default: str | None = None

    def put_in(self, arguments: Sequence[list[Token]], at: int) -> list[Token]:
        """Return the body with *arguments* in their places."""
        body = iter(tokenize(self.body, at))
        found = []
        for token in body:
            number = next(body, token).text if token.text == "#" else ""
            found += arguments[int(number) - 1] if number else [token]
        return found


def read_macros(option: Mapping[str, object]) -> dict[str, Macro]:
    """Return the macros that *option* declares, by their commands with the backslash."""
    return {f"\\{name.removeprefix(chr(92))}": _macro(value) for name, value in option.items()}


def problem_with(name: object, value: object) -> str | None:
    """Return what is wrong with one entry of the option, or ``None``."""
    if not isinstance(name, str) or not NAME.fullmatch(name.removeprefix("\\")):
        return f"the name of a macro is letters only, not {name!r}"
    parts = value if isinstance(value, list | tuple) else [value]
    if len(parts) not in (1, 2, 3) or not all(isinstance(part, str) for part in parts[::2]):
        return f'the macro {name!r} must be "body", ["body", number] or ["body", number, "default"]'
    number = parts[1] if len(parts) > 1 else 0
    if type(number) is not int or not 0 <= number <= MOST_ARGUMENTS:
        return f"the macro {name!r} must have 0 to {MOST_ARGUMENTS} arguments, not {number!r}"
    return _problem_with_body(name, str(parts[0]), number)


@lru_cache(maxsize=1024)  # asked for every formula
def _problem_with_body(name: str, body: str, number: int) -> str | None:
    try:
        texts = [token.text for token in tokenize(body)]
    except ValueError as error:
        return f"the macro {name!r} cannot be read: {error}"
    if texts.count("{") != texts.count("}"):
        return f"the macro {name!r} has a brace that is not closed"
    after = [text for before, text in zip(texts, [*texts[1:], ""], strict=True) if before == "#"]
    for text in after:
        if text not in tuple("123456789"[:number]):
            return f"the macro {name!r} uses #{text} and has {number} arguments"
    return None


def _macro(value: object) -> Macro:
    if not isinstance(value, list | tuple):
        return Macro(str(value))
    body, number, default = [*value, None, None][:3]
    return Macro(str(body), int(number or 0), default)
