"""The words for sections that cite a work, for readers and for programs. Pure."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: The version of ``cited-by.json``; it grows when a program that reads it would have to change.
SCHEMA = 1

#: The start of an entry in a ``.bib`` file, on a line or behind the end of another: its key.
ENTRY = re.compile(
    r"(?:^|\})[^\S\n]*@[^\S\n]*(?!(?:string|preamble|comment)\b)\w+\s*[{(]\s*(?P<key>[^\s,}]+)",
    re.MULTILINE | re.IGNORECASE,
)


class Mention(NamedTuple):
    """A section that cites a work, or a page that does so above its first heading."""

    #: The document, such as ``methods/probing``.
    page: str
    #: The id of the section; empty for the page.
    id: str
    title: str
    #: The title of the page that the section is on; empty if this is the page itself.
    page_title: str = ""
    #: The number of the section, such as ``3.2``; empty without numbers.
    number: str = ""
    #: Its address from the root of the site.
    url: str = ""


def additions(mentions: Sequence[Mention]) -> list[str]:
    """Return what to add to the title of each of *mentions*, so that no two read the same.

    The title of the page is added to that of a section; if that is not enough, the name of the
    document, which no two pages share. Two sections of one page stay the same: their links do not.
    """
    titles = Counter(mention.title for mention in mentions)
    on_page = Counter((mention.title, mention.page) for mention in mentions)
    with_page_title = Counter((mention.title, mention.page_title) for mention in mentions)
    added = []
    for mention in mentions:
        here = on_page[mention.title, mention.page]
        if titles[mention.title] == here:
            added.append("")
        elif with_page_title[mention.title, mention.page_title] == here:
            added.append(mention.page_title)
        else:
            added.append(mention.page)
    return added


def cited_by_data(works: Mapping[str, Sequence[Mention]]) -> dict[str, object]:
    """Return the content of ``cited-by.json``: works by key, sections in reading order."""
    return {"schema": SCHEMA, "works": {key: [*map(_data, works[key])] for key in sorted(works)}}


def _data(mention: Mention) -> dict[str, str]:
    names = ("page", "id", "title", *(("number",) if mention.number else ()), "url")
    return {name: getattr(mention, name) for name in names}


def entry_lines(text: str) -> dict[str, int]:
    """Return the line, from 1, that each entry of a ``.bib`` file starts on, by its key.

    The first entry of a key counts, as it does in pybtex.
    """
    return dict(reversed([*entry_starts(text)]))


def entry_starts(text: str) -> Iterator[tuple[str, int]]:
    """Yield the key of each entry of a ``.bib`` file, and the line that it starts on, from 1.

    pybtex reads the file and forgets the lines.
    """
    line, counted = 1, 0
    for entry in ENTRY.finditer(text):
        line += text.count("\n", counted, entry.start())
        counted = entry.start()
        yield entry["key"], line
