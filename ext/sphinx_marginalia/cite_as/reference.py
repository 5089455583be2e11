"""What can be cited: a section of a book or the book itself; its texts for all formats. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sphinx_marginalia.core.dates import iso_date

#: Not text: controls (Unicode's Cc), line separators (Zl, Zp), the byte order mark, surrogates, and
#: noncharacters, which are not for interchange (Unicode 16, section 23.7).
NOT_TEXT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(end - 1)}{chr(end)}" for end in range(0xFFFF, 0x110000, 0x10000))
    + "]"
)
#: Scripts in which the family name comes first: kana, Han, hangul, and the rest of Han. (It takes
#: long to compile a regular expression of the last.)
FAMILY_FIRST = (
    ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"),
    ("\uac00", "\ud7af"),
    ("\U00020000", "\U0003ffff"),
)


class Name(NamedTuple):
    """A person or an organisation, in the parts of CSL 1.0.2 and CFF 1.2.0.

    A person has *family* and *given_names*; one with a single name, and an organisation, has
    only *literal*.
    """

    family: str = ""
    given_names: str = ""
    #: Before the family name and not part of its order, as in “van der Berg”.
    particle: str = ""
    #: After the name, as in “Martin Luther King, Jr.”.
    suffix: str = ""
    #: The whole name of an organisation, or of a person with one name; the others are then empty.
    literal: str = ""
    #: The whole address, as ``https://orcid.org/0000-0002-1825-0097``.
    orcid: str = ""
    affiliation: str = ""


class Reference(NamedTuple):
    """A section of a book, or the whole book: then *title* and *section* are empty."""

    #: The citation key, as ``marginalia2026-superposition``: ``<project><year>-<anchor>``.
    key: str
    title: str = ""
    authors: tuple[Name, ...] = ()
    book: str = ""
    book_authors: tuple[Name, ...] = ()
    version: str = ""
    #: When this version was released: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, or empty.
    date: str = ""
    #: The number of the section in this version, as ``3.2``, or empty.
    section: str = ""
    #: The permalink in this version, percent-encoded.
    url: str = ""
    #: The permalink in the newest version; empty where it is the same.
    newest: str = ""
    publisher: str = ""
    #: Of what is cited, without ``https://doi.org/``: never that of the book for a section.
    doi: str = ""
    #: A tag of BCP 47, as ``en`` or ``pt-BR``.
    language: str = ""
    #: Identifiers of SPDX, as ``CC-BY-4.0 MIT``.
    licence: str = ""
    #: The title cut at its formulas, text and TeX in turn; empty where it has none.
    title_parts: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether this is the book and not a section of it."""
        return not self.title

    @property
    def same_authors(self) -> bool:
        """Whether the authors of the section are those of the book."""
        return self.authors == self.book_authors

    @property
    def other_authors(self) -> tuple[Name, ...]:
        """The authors of the book around a section by others."""
        return () if self.whole or self.same_authors else tidy(self.book_authors)


class DateParts(NamedTuple):
    """The parts of a date that are known; the others are empty."""

    year: str = ""
    month: str = ""
    day: str = ""


@lru_cache(maxsize=256)  # the book, its publisher and its authors are in each reference
def fold(text: str) -> str:
    """Return *text* on one line, with one space for any white space or control character.

    Every format consists of lines, and some end a record at an empty one.
    """
    return " ".join(NOT_TEXT.sub(" ", text).split())


@lru_cache(maxsize=256)
def date_parts(text: str) -> DateParts:
    """Return the parts of an ISO 8601 date, as far as they are valid."""
    for length in (10, 7, 4):
        if (date := iso_date(text[:length])) and not text[length : length + 1].isdigit():
            return DateParts(*date.split("-"))
    return DateParts()


@lru_cache(maxsize=256)  # most sections of a book have the same authors
def tidy(names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Return the *names* that are not empty, folded; one without family name is literal."""
    return tuple(name for name in map(_tidy, names) if name.family or name.literal)


def _tidy(name: Name) -> Name:
    family, given_names, particle, suffix, literal = map(fold, name[:5])
    if literal or not family:
        return Name(literal=literal or " ".join(filter(None, (given_names, particle, suffix))))
    return Name(family, given_names, particle, suffix)


def is_family_first(name: Name) -> bool:
    """Whether a name is spoken and written with the family name first, without a space: 王小明."""
    return not (name.particle or name.suffix) and all(
        any(first <= part[:1] <= last for first, last in FAMILY_FIRST)
        for part in (name.family, name.given_names)
    )


def spoken(name: Name) -> str:
    """Return a name in the order in which it is spoken: “Martin Luther King Jr.”, “山田太郎”."""
    if is_family_first(name):
        return f"{name.family}{name.given_names}"
    parts = (name.literal, name.given_names, family_name(name), name.suffix)
    return " ".join(part for part in parts if part)


def family_name(name: Name) -> str:
    """Return the family name with its particle, as “van der Berg” or “d’Alembert”."""
    if not name.particle:
        return name.family
    between = "" if name.particle.endswith(("'", "’", "-")) else " "
    return name.particle + between + name.family
