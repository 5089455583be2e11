"""What happened to the names since the lock was written. Pure: a lock in, a lock out.

Nothing is ever removed from a lock, and nothing in it is guessed: that one name took over from
another is said by a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.permalinks.lock import Record
from sphinx_marginalia.permalinks.names import DEPTH, is_name
from sphinx_marginalia.permalinks.places import chains, standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx_marginalia.permalinks.lock import Heading
    from sphinx_marginalia.permalinks.places import Chains


class Move(NamedTuple):
    """A name that stands at another place than before."""

    id: str
    old: str
    new: str


class Changes(NamedTuple):
    """A lock that knows of all headings, and what is new in it."""

    records: dict[str, Record]
    added: tuple[str, ...] = ()
    moved: tuple[Move, ...] = ()
    #: Retired names that stand at a heading again.
    revived: tuple[str, ...] = ()
    #: Names whose heading has other words.
    retitled: tuple[str, ...] = ()


def update(records: Mapping[str, Record], headings: Sequence[Heading], version: str) -> Changes:
    """Return the lock after *headings* were seen.

    A name that stands at two headings, or is no name by the pattern, is left as it was: that is for
    a person to mend, and what is once in the lock stays there.

    :param version: of the project, in which new names appear first
    """
    found = standing(headings)
    twice, known = found.twice, chains(records)
    new = {
        heading.id: Record(f"{heading.docname}#{heading.id}", version, title_of(heading))
        for heading in headings
        if heading.level <= DEPTH
        and is_name(heading.id)
        and heading.id not in records
        and heading.id not in twice
    }
    changed = {
        name: _seen(name, records[name], heading)
        for name, heading in found.at.items()
        if name in records and name not in twice and not stands_beside(name, heading, known)
    }
    moved = [
        Move(name, records[name].at, record.at)
        for name, record in sorted(changed.items())
        if record.at != records[name].at
    ]
    return Changes(
        dict(sorted({**records, **changed, **new}.items())),
        tuple(sorted(new)),
        tuple(moved),
        tuple(sorted(name for name in changed if records[name].retired)),
        tuple(sorted(n for n, record in changed.items() if record.title != records[n].title)),
    )


def rename(records: Mapping[str, Record], old: str, new: str) -> dict[str, Record]:
    """Return the lock in which *new* took over from *old*."""
    return {**records, old: records[old]._replace(successor=new, reason="")}


def retire(records: Mapping[str, Record], old: str, reason: str) -> dict[str, Record]:
    """Return the lock in which *old* ended, for a *reason* that its tombstone shows."""
    return {**records, old: records[old]._replace(successor="", reason=" ".join(reason.split()))}


def stands_beside(name: str, heading: Heading, known: Chains) -> bool:
    """Return whether the retired *name* only was kept at the heading of the one that took over."""
    end = known.ends.get(name)
    return end is not None and end.id == heading.id != name


def title_of(heading: Heading) -> str:
    """Return the title of *heading* in one line."""
    return " ".join(heading.title.split())


def _seen(name: str, record: Record, heading: Heading) -> Record:
    place, was = f"{heading.docname}#{name}", record.was
    if record.at != place and record.at not in was:
        was = (*was, record.at)
    return Record(place, record.first, title_of(heading), was)
