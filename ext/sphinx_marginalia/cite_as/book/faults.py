"""What is wrong in the facts of a book, in sentences for its author. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Fault(NamedTuple):
    """Something wrong in ``CITATION.cff`` or in the front matter of a page."""

    #: What is wrong, where in the file, and what to do.
    message: str
    #: The line in the file, from 1; 0 where the file has none to name.
    line: int = 0
    #: The key of the front matter at whose line it is reported.
    key: str = ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return “; did you mean 'x'?” for the known word nearest to *word*, or nothing.

    Words that differ in capitals only are the same slip.
    """
    by_lower = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), by_lower, 1)
    return f"; did you mean {by_lower[near[0]]!r}?" if near else ""


def shown(value: object, longest: int = 60) -> str:
    """Return *value* as a message shows it: short, on one line."""
    text = repr(value)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
