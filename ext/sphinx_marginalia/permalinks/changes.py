"""What happened to anchors since the lock was written. Pure: a lock in, a lock out.

Nothing is ever removed from a lock, and nothing is guessed: a person says which anchor replaces
another.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.permalinks.lock import Record
from sphinx_marginalia.permalinks.names import DEPTH, is_name
from sphinx_marginalia.permalinks.redirects import is_alias, locate, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx_marginalia.permalinks.names import Heading


class Move(NamedTuple):
    """An anchor that is at another location than before."""

    id: str
    old: str
    new: str


class Changes(NamedTuple):
    """A lock that is up to date, and what changed in it."""

    records: dict[str, Record]
    added: tuple[str, ...] = ()
    moved: tuple[Move, ...] = ()
    #: Retired anchors that a heading has again.
    revived: tuple[str, ...] = ()
    #: Anchors whose heading was reworded.
    retitled: tuple[str, ...] = ()


def update(records: Mapping[str, Record], headings: Sequence[Heading], version: str) -> Changes:
    """Return the lock with *headings*.

    An anchor of two headings, or one that is not a valid name, is left as it was: a person has to
    correct it, and what is once in the lock stays there.

    :param version: the version of the project in which new anchors appear first
    """
    locations, targets = locate(headings), resolve(records)
    ambiguous = locations.ambiguous
    new = {
        heading.id: Record(f"{heading.docname}#{heading.id}", version, heading.one_line_title)
        for heading in headings
        if heading.level <= DEPTH
        and is_name(heading.id)
        and not heading.is_numbered
        and heading.id not in records
        and heading.id not in ambiguous
    }
    changed = {
        name: _updated(name, records[name], heading)
        for name, heading in locations.first.items()
        if name in records and name not in ambiguous and not is_alias(name, heading, targets)
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


def join(sides: Sequence[Sequence[tuple[str, Record]]]) -> tuple[dict[str, Record], list[str]]:
    """Return the lock with the records of both *sides* of a merge, and what was done.

    Nothing is lost: an anchor that one branch has moved was at both locations, and one that a
    branch has retired is retired unless a heading has it.
    """
    records: dict[str, Record] = {}
    notes: dict[str, None] = {}
    for name, record in chain.from_iterable(sides):
        if (other := records.setdefault(name, record)) != record:
            records[name] = _joined(other, record)
            notes[f"{name}: the records of both branches are joined"] = None
    names = [{name for name, _ in side} for side in sides]
    for name in sorted(set().union(*names) - names[0].intersection(*names)):
        notes[f"{name}: the record of one branch is kept"] = None
    return records, list(notes)


def restore(
    records: Mapping[str, Record], released: Mapping[str, Record], tag: str
) -> tuple[dict[str, Record], list[str]]:
    """Return the lock with all that it had at the release *tag*, and what was missing."""
    restored, notes = dict(records), []
    for name, record in released.items():
        if name not in records:
            restored[name] = record
            notes.append(f"{name}: the record is restored from {tag}")
            continue
        now = records[name]
        if lost := [one for one in record.locations if one not in now.locations]:
            restored[name] = now._replace(was=(*lost, *now.was))
            notes += [f"{name}: the location {one} is restored from {tag}" for one in lost]
    return restored, notes


def rename(records: Mapping[str, Record], old: str, new: str) -> dict[str, Record]:
    """Return the lock in which *new* replaces *old*."""
    return {**records, old: records[old]._replace(successor=new, reason="")}


def retire(records: Mapping[str, Record], old: str, reason: str) -> dict[str, Record]:
    """Return the lock in which *old* is retired, for a *reason* that readers see."""
    return {**records, old: records[old]._replace(successor="", reason=" ".join(reason.split()))}


def _joined(one: Record, other: Record) -> Record:
    if one.at in other.was and other.at not in one.was:
        one, other = other, one  # the other has moved
    was = dict.fromkeys((*one.was, *other.locations))
    was.pop(one.at, None)
    retired = one if one.retired else other
    return one._replace(
        was=tuple(was), successor=retired.successor, reason=retired.reason, last=retired.last
    )


def _updated(name: str, record: Record, heading: Heading) -> Record:
    at, was = f"{heading.docname}#{name}", record.was
    if record.at != at and record.at not in was:
        was = (*was, record.at)
    return Record(at, record.first, heading.one_line_title, was)
