"""Which claims are to be looked at again. Pure: claims and works in, findings out.

A claim is worth a look when its last review is long ago, and when a work it names has changed since
that day: its entry is dated later than the review, or told something else of its version then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.ledger.checks import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    #: What an entry says of its version, by field; ``type`` is that of the entry.
    Fields = Mapping[str, str]

#: The fields of an entry that tell one version of a work from another: a preprint gets a journal.
VERSION = (
    *("type", "date", "year", "month", "version", "eprint", "doi"),
    *("journal", "booktitle", "publisher", "institution", "organization"),
)
MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())


class Item(NamedTuple):
    """A claim, as far as a review is concerned."""

    name: str
    #: File and line.
    place: str
    #: The date of the last review, or nothing.
    reviewed: str
    keys: tuple[str, ...]


class Change(NamedTuple):
    """A work that is another one than at the review of a claim."""

    item: Item
    key: str
    #: What is new, as the end of a sentence.
    what: str


def by_age(items: Iterable[Item], today: date, older: int) -> list[tuple[int | None, Item]]:
    """Return each claim with the days since its review, the longest first; never comes before all.

    :param older: leave out claims that were reviewed fewer days ago
    """
    aged: list[tuple[int | None, Item]] = []
    for item in items:
        then = day(item.reviewed)
        days = None if then is None else (today - then).days
        if days is None or days >= older:
            aged.append((days, item))
    return sorted(aged, key=lambda pair: (pair[0] is not None, -(pair[0] or 0), pair[1].name))


def changes(
    items: Iterable[Item], works: Mapping[str, Fields], then: Mapping[str, Mapping[str, Fields]]
) -> Iterator[Change]:
    """Yield the works that changed after a claim was reviewed.

    :param works: the entries of today by their keys
    :param then: the entries as they were at the end of a day, by day, where that is known
    """
    for item in items:
        for key in item.keys if item.reviewed else ():
            now = works.get(key, {})
            dated = written_date(now)
            if dated and dated > item.reviewed[: len(dated)]:
                yield Change(item, key, f"is dated {dated}")
                continue
            before = then.get(item.reviewed, {}).get(key)
            told = [name for name in VERSION if before and now.get(name) != before.get(name)]
            if told and before:
                yield Change(item, key, ", ".join(_told(name, before, now) for name in told))


def _told(name: str, before: Fields, now: Fields) -> str:
    return f"has the {name} {now.get(name) or 'nothing'} (was {before.get(name) or 'nothing'})"


def written_date(fields: Fields) -> str:
    """Return the date of an entry as far as it is given: 2026, 2026-11 or 2026-11-23."""
    if fields.get("date"):
        return fields["date"].partition("/")[0]
    year, month = fields.get("year", ""), fields.get("month", "").strip().lower()
    if month[:3] in MONTHS:
        month = str(MONTHS.index(month[:3]) + 1)
    return f"{year}-{int(month):02}" if year and month.isdigit() else year
