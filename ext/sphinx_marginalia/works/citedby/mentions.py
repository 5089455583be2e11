"""The sections that cite a work, as a reader and a program are told of them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: The version of ``cited-by.json``; it grows when a reader of it would have to change.
SCHEMA = 1

#: The start of an entry in a ``.bib`` file: its type, and its key before the first comma.
ENTRY = re.compile(r"^[^\S\n]*@[^\S\n]*\w+\s*[{(]\s*(?P<key>[^\s,{}()]+)\s*,", re.MULTILINE)


class Mention(NamedTuple):
    """A section that cites a work, or a page that does so above its first heading."""

    #: The document, as ``methods/probing``.
    page: str
    #: The id of the section; empty for the page.
    id: str
    #: What the heading says.
    title: str
    #: The title of the page, where this is a section within it; empty where it is the page itself.
    of: str = ""
    #: The number of the section, as ``3.2``; empty without numbers.
    number: str = ""
    #: Its address from the root of the site.
    url: str = ""


def told_apart(mentions: Sequence[Mention]) -> list[str]:
    """Return what to add to the title of each of *mentions*, so that no two read the same.

    A section gets the title of its page, and where that does not tell it apart the document's name,
    which no two pages share. Two sections of one page stay the same: their links do not.
    """
    titles = Counter(mention.title for mention in mentions)
    on_page = Counter((mention.title, mention.page) for mention in mentions)
    with_title = Counter((mention.title, mention.of) for mention in mentions)
    added = []
    for mention in mentions:
        here = on_page[mention.title, mention.page]
        if titles[mention.title] == here:
            added.append("")
        elif with_title[mention.title, mention.of] == here:
            added.append(mention.of)
        else:
            added.append(mention.page)
    return added


def for_programs(works: Mapping[str, Sequence[Mention]]) -> dict[str, object]:
    """Return the content of ``cited-by.json``: works by key, sections in reading order."""
    return {
        "schema": SCHEMA,
        "works": {key: [_entry(mention) for mention in works[key]] for key in sorted(works)},
    }


def _entry(mention: Mention) -> dict[str, str]:
    entry = {"page": mention.page, "id": mention.id, "title": mention.title}
    if mention.number:
        entry["number"] = mention.number
    return {**entry, "url": mention.url}


def entry_lines(text: str) -> dict[str, int]:
    """Return the line, from 1, that each entry of a ``.bib`` file starts on, by its key.

    pybtex reads the file and forgets the lines. The first entry of a key counts, as it does there.
    """
    return dict(reversed([*_entries(text)]))


def _entries(text: str) -> Iterator[tuple[str, int]]:
    line, counted = 1, 0
    for found in ENTRY.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        yield found["key"], line
