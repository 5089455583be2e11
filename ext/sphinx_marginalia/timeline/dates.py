"""When a milestone happened: a date or a range of dates, as exact as they are written. Pure."""

from __future__ import annotations

import re
from calendar import isleap
from typing import TYPE_CHECKING, NamedTuple

from babel import Locale, UnknownLocaleError
from babel.dates import format_interval, format_skeleton

from sphinx_marginalia.core.dates import FORMS, Date, parse_date

if TYPE_CHECKING:
    from datetime import date

BETWEEN = ".."
#: Two dates with another sign between them.
OTHER_RANGE = re.compile(r"\s*(\d[\d-]*?)\s*(?:[–—/]|\s-\s|to|-(?=\d{4}\s*\Z))\s*(\d[\d-]*)\s*")
EXPECTED = f"write {FORMS}, or two of these with {BETWEEN} between"


class When(NamedTuple):
    """One date twice, or the two ends of a range."""

    start: Date
    end: Date

    @property
    def is_range(self) -> bool:
        """Whether it goes from one date to another."""
        return self.start != self.end

    @property
    def is_backwards(self) -> bool:
        """Whether it ends before it begins."""
        return self.end.last < self.start.first

    @property
    def span(self) -> tuple[float, float]:
        """Its begin and its end in years: the first of July 2024 is near 2024.5."""
        return _in_years(self.start.first, 0), _in_years(self.end.last, 1)

    @property
    def point(self) -> float:
        """Its one position on the axis, in years: the begin of a range, the middle of a date."""
        begin, end = self.span
        return begin if self.is_range else (begin + end) / 2

    @property
    def is_period(self) -> bool:
        """Whether it is shown as a period and not as a moment: a range, or a whole year."""
        return self.is_range or self.start.month is None


def parse_when(text: str) -> When:
    """Return the date or the range in *text*.

    :raises ValueError: there is none; the message says what to write
    """
    first, between, second = text.partition(BETWEEN)
    if between and not (first.strip() and second.strip()):
        raise ValueError(f"{text!r} is half a range; {EXPECTED}")
    if dates := OTHER_RANGE.fullmatch(text):
        raise ValueError(f"{text!r} is not a date; write {dates[1]}{BETWEEN}{dates[2]}")
    start = parse_date(first)
    return When(start, parse_date(second) if between else start)


def in_words(when: When, language: str) -> str:
    """Return *when* for readers of *language*, as “Mar 2024” or “5. März 2024”.

    The patterns are those of the Unicode CLDR. An unknown language is treated as English.
    """
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    skeletons = [_skeleton(date) for date in when]
    if when.is_range and skeletons[0] == skeletons[1]:
        text = format_interval(when.start.first, when.end.first, skeletons[0], locale=locale)
    else:
        pairs = zip(skeletons, when, strict=True)
        dates = [format_skeleton(skeleton, date.first, locale=locale) for skeleton, date in pairs]
        text = " – ".join(dates if when.is_range else dates[:1])
    # The patterns contain narrow spaces, which many fonts and LaTeX lack.
    return " ".join(str(text).split())


def _skeleton(date: Date) -> str:
    if date.month is None:
        return "y"
    return "yMMM" if date.day is None else "yMMMd"


def _in_years(day: date, days: int) -> float:
    length = 366 if isleap(day.year) else 365
    return day.year + (day.timetuple().tm_yday - 1 + days) / length
