"""What is wrong among names, headings and old places. Pure: a lock and headings in, faults out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sphinx_marginalia.permalinks.changes import stands_beside
from sphinx_marginalia.permalinks.faults import PROGRAM, REMEDY, Fault, Kind, did_you_mean
from sphinx_marginalia.permalinks.names import DEPTH, is_name, label, propose, suggest
from sphinx_marginalia.permalinks.places import chains, fragment_of, page_of, standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx_marginalia.permalinks.lock import Heading, Record
    from sphinx_marginalia.permalinks.places import Chains, Standing


def judge(records: Mapping[str, Record], headings: Sequence[Heading]) -> list[Fault]:
    """Return what is wrong: first at the headings in their order, then in the lock by id."""
    found, known = standing(headings), chains(records)
    faults = [
        *_patterns(headings, found),
        *_twice(found),
        *_nameless(headings, records),
        *_unknown(records, headings, found, known),
    ]
    faults.sort(key=lambda fault: (fault.docname, fault.line))
    return [
        *faults,
        *_missing(records, headings, found),
        *_successors(records, found, known),
        *_old_places(records, found),
    ]


def against(
    old: Mapping[str, Record], new: Mapping[str, Record], release: str = "the last release"
) -> list[Fault]:
    """Return what was in the lock at a release and is not in it now.

    :param release: what to call it, such as the name of its tag
    """
    faults = []
    for name, record in sorted(old.items()):
        remedy = f"take it back from there; what was published once stays in the lock ({release})"
        if name not in new:
            message = f"the record of {name!r} was removed since {release}: {remedy}"
            faults.append(Fault(Kind.REMOVED, message, name))
            continue
        places = {new[name].at, *new[name].was}
        for place in dict.fromkeys((*record.was, record.at)):
            if place not in places:
                message = (
                    f"the old place {place!r} of {name!r} was removed since {release}: {remedy}"
                )
                faults.append(Fault(Kind.REMOVED, message, name))
    return faults


def _patterns(headings: Sequence[Heading], found: Standing) -> Iterator[Fault]:
    """Yield the names that are another id in addresses than their author wrote, or can be none."""
    for heading in headings:
        if not heading.id or heading.level > DEPTH:
            continue
        if heading.written and is_name(heading.id):
            message = (
                f"the name {heading.written!r} is {heading.id!r} in addresses: write that, in "
                "lower-case letters, digits and hyphens, a letter first"
            )
            yield _at(heading, Kind.PATTERN, message, heading.id)
        elif not is_name(heading.id):
            better = suggest(heading.id, heading.docname, found.at.keys())
            message = (
                f"{heading.id!r} cannot be a permanent name: use lower-case letters, digits and "
                f"hyphens, a letter first, such as {better!r}"
            )
            yield _at(heading, Kind.PATTERN, message, heading.id)


def _twice(found: Standing) -> Iterator[Fault]:
    for name, heading in found.again:
        other = found.at[name]
        where = f"{other.source}:{other.line}"
        if where == f"{heading.source}:{heading.line}":
            where = f"the same file, shown in {other.docname} too"
        message = (
            f"the permanent name {name!r} is used twice: here and in {where}; give one another"
        )
        yield _at(heading, Kind.USED_TWICE, message, name)


def _nameless(headings: Sequence[Heading], records: Mapping[str, Record]) -> Iterator[Fault]:
    for heading, name in propose(headings, records):
        message = (
            f"the heading “{heading.title}” has no permanent name: write "
            f"{label(name, heading.source)} above it, or {REMEDY}"
        )
        yield _at(heading, Kind.NAMELESS, message, name)


def _unknown(
    records: Mapping[str, Record], headings: Sequence[Heading], found: Standing, known: Chains
) -> Iterator[Fault]:
    """Yield what :func:`~.changes.update` would note: it is true in the sources, and not locked."""
    for heading in headings:
        name = heading.id
        if name and name not in records and heading.level <= DEPTH and is_name(name):
            message = f"the permanent name {name!r} is not in the lock yet: {REMEDY}"
            yield _at(heading, Kind.NEW, message, name)
    for name, heading in found.at.items():
        if name not in records or name in found.twice or stands_beside(name, heading, known):
            continue
        if records[name].retired:
            message = f"the permanent name {name!r} was retired and is here again: {REMEDY}"
            yield _at(heading, Kind.REVIVED, message, name)
        elif records[name].at != f"{heading.docname}#{name}":
            message = f"{name!r} has moved here from {records[name].at!r}: {REMEDY}"
            yield _at(heading, Kind.MOVED, message, name)


def _missing(
    records: Mapping[str, Record], headings: Sequence[Heading], found: Standing
) -> Iterator[Fault]:
    on_page: defaultdict[str, list[str]] = defaultdict(list)
    for name, heading in found.at.items():
        if name not in records:
            on_page[heading.docname].append(name)
    titles: dict[str, Heading] = {}
    for heading in headings:
        titles.setdefault(heading.docname, heading)
    for name, record in sorted(records.items()):
        if name in found.at or record.retired:
            continue
        page = page_of(record.at)
        title = titles.get(page)
        near = did_you_mean(name, on_page[page])
        where = f"is missing from {page}" if title else f"is lost with its page {page}"
        message = (
            f"the permanent name {name!r} (“{record.title}”) {where}: write "
            f"{label(name, title.source if title else '')} above its heading again, or run "
            f'{PROGRAM} --renamed {name}=NEW, or --retire {name} --reason "WHY"'
        )
        message += f"; {near}" if near else ""
        yield _at(title, Kind.MISSING, message, name)


def _successors(records: Mapping[str, Record], found: Standing, known: Chains) -> Iterator[Fault]:
    remedy = f'run {PROGRAM} --renamed {{0}}=NEW, or --retire {{0}} --reason "WHY"'
    for name in known.gaps:
        successor = records[name].successor
        if successor in found.at or name in found.at:
            continue  # it only is not in the lock yet, or is back
        hint = did_you_mean(successor, [*records, *found.at]) or remedy.format(name)
        message = f"{name!r} was retired for {successor!r}, which does not exist; {hint}"
        yield Fault(Kind.SUCCESSOR, message, name)
    for circle in known.circles:
        if not any(name in found.at for name in circle):
            shown = " → ".join((*circle, circle[0]))
            message = f"retired names lead in a circle: {shown}; {remedy.format(circle[0])}"
            yield Fault(Kind.SUCCESSOR, message, circle[0])


def _old_places(records: Mapping[str, Record], found: Standing) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for name, record in sorted(records.items()):
        for place in record.old_places:
            owner = owners.setdefault(place, name)
            if owner != name:
                message = (
                    f"the old place {place!r} belongs to {owner!r} and to {name!r}: "
                    "a link can lead to one only; take it out of one record"
                )
                yield Fault(Kind.OLD_PLACE, message, name)
    for place, name in owners.items():
        there = found.at.get(fragment_of(place))
        if there and there.docname == page_of(place) and name not in there.names:
            message = (
                f"the old place {place!r} of {name!r} is where “{there.title}” stands now: "
                f"give that heading another name than {fragment_of(place)!r}"
            )
            yield _at(there, Kind.OLD_PLACE, message, name)


def _at(heading: Heading | None, kind: Kind, message: str, name: str) -> Fault:
    if heading is None:
        return Fault(kind, message, name)
    return Fault(kind, message, name, heading.docname, heading.source, heading.line)
