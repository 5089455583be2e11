"""Works that essays cite: as BibTeX, and for plain Sphinx as a page of labelled paragraphs."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

STOP = re.compile(r"(?<=[a-z])\. ")


def keys(number: int) -> list[str]:
    """Return the keys of so many works; more works begin with the fewer."""
    return [f"work{n}" for n in range(number)]


def bibtex(all_keys: Iterable[str]) -> str:
    """Return the works as a file of BibTeX."""
    return "".join(
        f"@misc{{{key}, author = {{Author{n}, Ada}}, title = {{Work {n}}}, year = {{{_year(n)}}}, "
        f"url = {{https://example.org/{key}}}}}\n"
        for n, key in enumerate(all_keys)
    )


def page(all_keys: Iterable[str]) -> str:
    """Return the works as a page to which :func:`linked` leads."""
    entries = [
        f"({key})=\nAda Author{n}. Work {n}. {_year(n)}. <https://example.org/{key}>\n"
        for n, key in enumerate(all_keys)
    ]
    return "\n".join(["# Works\n", *entries])


def linked(key: str) -> str:
    """Return a citation as a link to the page of works, in the words that a citation has."""
    number = int(key.removeprefix("work"))
    return f"{{ref}}`Author{number} {_year(number)} <{key}>`"


def put_behind(text: str, citations: Iterable[str]) -> str:
    """Return *text* with a citation behind every second sentence, while there are some."""
    left, turn = iter(citations), count()

    def cite(stop: re.Match[str]) -> str:
        citation = next(left, None) if next(turn) % 2 else None
        return f" {citation}. " if citation else stop[0]

    return STOP.sub(cite, text)


def _year(number: int) -> int:
    return 1970 + number % 50
