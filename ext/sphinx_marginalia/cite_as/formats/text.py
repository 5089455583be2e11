"""What every format asks of a text: one line, a legal address, a name in its parts. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from sphinx_marginalia.cite_as.formats.reference import Name

#: No text for people: controls (Unicode's Cc), separators of lines (Zl, Zp), the byte order mark,
#: surrogates, and noncharacters, which are not for interchange (Unicode 16, section 23.7).
_NO_TEXT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(end - 1)}{chr(end)}" for end in range(0xFFFF, 0x110000, 0x10000))
    + "]"
)
#: What may stand in an address (RFC 3986, section 2); ``%`` where it begins an encoded byte.
_ILLEGAL = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]|%(?![0-9A-Fa-f]{2})")
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?(?!\d)", re.ASCII)


class Date(NamedTuple):
    """A date as far as it is known; nothing where it is not."""

    year: str = ""
    month: str = ""
    day: str = ""


@lru_cache(maxsize=256)  # the book, its publisher and its authors are in each reference
def fold(text: str) -> str:
    """Return *text* on one line, with one space where there was white space or a control character.

    Every format is made of lines, and some end a record at an empty one.
    """
    return " ".join(_NO_TEXT.sub(" ", text).split())


@lru_cache(maxsize=256)
def address(url: str) -> str:
    """Return *url* with every character percent-encoded that RFC 3986 has no place for.

    An address is written verbatim into all formats: a brace would break BibTeX, a space RIS. What
    is encoded already stays as it is.
    """
    url = url.strip()
    return _ILLEGAL.sub(lambda match: quote(match[0], errors="replace"), url)


def date(text: str) -> Date:
    """Return the parts of an ISO 8601 date: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    A text that begins with no such date has none: no reader could make one of it.
    """
    match = _DATE.match(text.strip())
    return Date(*match.groups(default="")) if match else Date()


@lru_cache(maxsize=256)  # most sections of a book have the same authors
def tidy(names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Return the *names* that say something, folded; one without family name is literal."""
    return tuple(name for name in map(_tidy, names) if name.family or name.literal)


def family_name(name: Name) -> str:
    """Return the family name with its particle, as “van der Berg” or “d’Alembert”."""
    if not name.particle:
        return name.family
    between = "" if name.particle.endswith(("'", "’", "-")) else " "
    return name.particle + between + name.family


def _tidy(name: Name) -> Name:
    family, given, particle, suffix, literal = map(fold, name[:5])
    if literal or not family:
        return Name(literal=literal or " ".join(filter(None, (given, particle, suffix))))
    return Name(family, given, particle, suffix)
