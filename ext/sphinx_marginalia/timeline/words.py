"""Dates in the words of a language, as its readers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.dates import format_interval, format_skeleton

if TYPE_CHECKING:
    from sphinx_marginalia.timeline.dates import Day, When


def in_words(when: When, language: str) -> str:
    """Return *when* for readers of *language*, as “Mar 2024” or “5. März 2024”.

    The patterns are those of the Unicode CLDR. A language that it does not know is written as
    English is.
    """
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    start, end = when
    skeleton = _skeleton(start)
    if not when.is_range:
        text = format_skeleton(skeleton, start.first, locale=locale)
    elif skeleton == _skeleton(end):
        text = format_interval(start.first, end.first, skeleton, locale=locale)
    else:
        parts = (format_skeleton(_skeleton(day), day.first, locale=locale) for day in when)
        text = " – ".join(parts)
    # There are narrow blanks in it, which fonts and LaTeX lack.
    return " ".join(str(text).split())


def _skeleton(day: Day) -> str:
    if day.month is None:
        return "y"
    return "yMMM" if day.day is None else "yMMMd"
