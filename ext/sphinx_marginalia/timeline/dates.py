"""The dates of milestones: as exact as they are written. Pure: texts in, dates out."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from datetime import date
from typing import NamedTuple

DATE = re.compile(r"(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
BETWEEN = ".."
EXPECTED = "write a year, month or day, as 2024, 2024-03 or 2024-03-18, or two with .. between"


class Day(NamedTuple):
    """A year, a month of one, or a day of one."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def first(self) -> date:
        """The first day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])


class When(NamedTuple):
    """When something was: at one date, or from one to another."""

    start: Day
    end: Day

    @property
    def is_range(self) -> bool:
        """Whether it is more than one date."""
        return self.start != self.end

    @property
    def is_backwards(self) -> bool:
        """Whether it ends before it begins."""
        return self.end.last < self.start.first

    def reversed(self) -> When:
        """Return the same time from its other end."""
        return When(self.end, self.start)

    @property
    def span(self) -> tuple[float, float]:
        """Where it begins and ends, in years: the first of July 2024 is near 2024.5."""
        begin, end = self.start.first, self.end.last
        return _in_years(begin, 0), _in_years(end, 1)

    @property
    def point(self) -> float:
        """The one point it is placed by: where a range begins, the middle of anything else."""
        begin, end = self.span
        return begin if self.is_range else (begin + end) / 2

    @property
    def is_stretch(self) -> bool:
        """Whether it is a stretch of time, not a moment: a range, or a year without a month."""
        return self.is_range or self.start.month is None


def parse(text: str) -> When:
    """Return the date or the range that *text* names.

    :raises ValueError: it names none; the message tells why, and what to write
    """
    first, between, second = text.partition(BETWEEN)
    start = _day(first.strip())
    return When(start, _day(second.strip()) if between else start)


def _day(text: str) -> Day:
    found = DATE.fullmatch(text)
    if found is None:
        message = f"{text!r} is no date; {EXPECTED}"
        raise ValueError(message)
    day = Day(*(None if part is None else int(part) for part in found.groups()))  # type: ignore[arg-type]
    try:
        # Of a year alone there may be none either: 0.
        _ = day.first, day.last
    except ValueError as error:
        message = f"there is no {text} ({error})"
        raise ValueError(message) from None
    return day


def _in_years(day: date, days: int) -> float:
    length = 366 if isleap(day.year) else 365
    return day.year + (day.timetuple().tm_yday - 1 + days) / length
