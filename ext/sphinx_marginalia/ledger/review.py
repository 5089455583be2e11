"""Which claims to review again. Pure: claims and works in, findings out.

A claim deserves another look if its last review was long ago, or if a work it names has changed
since that day: its entry has a later date, or described another version of the work then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.core.dates import iso_date, parse_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    #: The fields of an entry; ``type`` is that of the entry.
    Fields = Mapping[str, str]

#: The fields of an entry that distinguish versions of a work: a preprint gets a journal.
VERSION_FIELDS = (
    *("type", "date", "year", "month", "version", "eprint", "doi"),
    *("journal", "booktitle", "publisher", "institution", "organization"),
)
MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())


class Item(NamedTuple):
    """What a review needs to know about a claim."""

    name: str
    #: File and line.
    location: str
    #: The day of the last review, such as 2026-11-23, or an empty text.
    reviewed: str
    keys: tuple[str, ...]
    #: Queries that would find what would change its verdict.
    queries: tuple[str, ...] = ()


class Change(NamedTuple):
    """A work that has changed since the review of a claim."""

    item: Item
    key: str
    #: The difference, as the end of a sentence.
    difference: str


def by_age(items: Iterable[Item], today: date, older: int) -> list[tuple[int | None, Item]]:
    """Return each claim with the days since its review, the longest first; never comes before all.

    :param older: leave out claims reviewed fewer days ago
    """
    aged: list[tuple[int | None, Item]] = []
    for item in items:
        days = (today - parse_date(item.reviewed).first).days if item.reviewed else None
        if days is None or days >= older:
            aged.append((days, item))
    return sorted(aged, key=lambda pair: (pair[0] is not None, -(pair[0] or 0), pair[1].name))


def changes(
    items: Iterable[Item], works: Mapping[str, Fields], then: Mapping[str, Mapping[str, Fields]]
) -> Iterator[Change]:
    """Yield the works that changed after a claim was reviewed.

    :param works: the entries of today by their keys
    :param then: the entries as they were at the end of a day, by day, if that is known
    """
    for item in items:
        for key in item.keys if item.reviewed else ():
            now = works.get(key, {})
            published = publication_date(now)
            if published and published > item.reviewed[: len(published)]:
                yield Change(item, key, f"is dated {published}")
                continue
            before = then.get(item.reviewed, {}).get(key) or now
            differences = [
                f"has the {name} {now.get(name) or 'nothing'} (was {before.get(name) or 'nothing'})"
                for name in VERSION_FIELDS
                if now.get(name) != before.get(name)
            ]
            if differences:
                yield Change(item, key, ", ".join(differences))


def publication_date(fields: Fields) -> str:
    """Return the date of an entry, as exact as it is: 2026, 2026-11 or 2026-11-23."""
    if fields.get("date"):
        return iso_date(fields["date"].partition("/")[0])
    year, month = fields.get("year", ""), fields.get("month", "").strip().lower()
    if month[:3] in MONTHS:
        month = str(MONTHS.index(month[:3]) + 1)
    return iso_date(f"{year}-{month}") or iso_date(year)
