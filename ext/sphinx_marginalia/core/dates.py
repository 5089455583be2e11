"""Dates as exact as they are written: a year, a month or a day. Pure."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from typing import NamedTuple

DATE = re.compile(r"(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
#: ``2018``, ``2018-05-03``, ``2018-XX``, ``2018-21`` (spring), ``-0043~``, ``y-17000``, and
#: without zeros ``2018-5-3``; what is behind a time is not read.
EXTENDED = re.compile(
    r"(-?\d{4}|y-?\d{5,9})(?:-(?:XX|(\d\d?))(?:-(?:XX|\d\d?))?)?([?~%]*)(?:T.*)?",
    re.ASCII | re.IGNORECASE,
)
#: The numbers of months, and those of spring, summer, autumn and winter.
MONTHS_AND_SEASONS = frozenset((*range(1, 13), 21, 22, 23, 24))
FORMS = "2024, 2024-03 or 2024-03-18"


class Date(NamedTuple):
    """A year, a month of a year, or a day of a month."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def first(self) -> dt.date:
        """The first day of the period."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> dt.date:
        """The last day of the period."""
        month = self.month or 12
        return dt.date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        """Return the date in ISO 8601, as exact as it is: ``2024``, ``2024-03``, ``2024-03-18``."""
        widths = (4, 2, 2)
        parts = zip(self, widths, strict=True)
        return "-".join(f"{part:0{width}}" for part, width in parts if part is not None)


def parse_date(text: str) -> Date:
    """Return the date in *text*: year, month and day, in this order, with hyphens (ISO 8601).

    :raises ValueError: there is none, or no such day; the message says what to write
    """
    match = DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a date; write {FORMS}")
    year, month, day = (None if part is None else int(part) for part in match.groups())
    assert year is not None
    date = Date(year, month, day)
    try:
        _ = date.first, date.last
    except ValueError as error:
        raise ValueError(f"there is no {text} ({error})") from None
    return date


def iso_date(text: str) -> str:
    """Return the date in *text* in ISO 8601, or an empty text if there is none.

    The year must have four digits, as in a bibliography.
    """
    try:
        date = parse_date(text)
    except ValueError:
        return ""
    return str(date) if date.year >= 1000 else ""


def is_day(text: str) -> bool:
    """Return whether *text* is a day in ISO 8601, such as ``2024-03-18``."""
    return len(iso_date(text)) == len("2024-03-18") == len(text)


class ExtendedDate(NamedTuple):
    """A year, perhaps before the common era, with a month or a season; 0 for none."""

    year: int
    #: From 1 to 12, and 21 to 24 for spring, summer, autumn and winter.
    month: int = 0
    is_uncertain: bool = False


def parse_extended_date(text: str) -> ExtendedDate | None:
    """Return the date in *text* (ISO 8601-2, level 1, as in BibLaTeX), or ``None``."""
    match = EXTENDED.fullmatch(text)
    if match is None:
        return None
    month = int(match[2] or 0)
    return ExtendedDate(
        int(match[1].lstrip("yY")), month if month in MONTHS_AND_SEASONS else 0, bool(match[3])
    )
