"""Where an id stands, and where it leads when it stands nowhere any more. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx_marginalia.permalinks.lock import Heading, Record


class End(NamedTuple):
    """Where an id leads in the end."""

    #: The living id; nothing where none took over.
    id: str = ""
    #: What its tombstone says; nothing where the way is lost: a gap or a circle in the lock.
    reason: str = ""


class Chains(NamedTuple):
    """Where all ids of a lock lead."""

    ends: Mapping[str, End]
    #: The ids whose successor is in no record.
    gaps: tuple[str, ...]
    #: Ids that took over from each other, each circle once.
    circles: tuple[tuple[str, ...], ...]


class Standing(NamedTuple):
    """Where names stand."""

    #: The first heading that has each name.
    at: Mapping[str, Heading]
    #: The other headings that have a name too, with it.
    again: tuple[tuple[str, Heading], ...]

    @property
    def twice(self) -> frozenset[str]:
        """The names of which nobody can say where they stand."""
        return frozenset(name for name, _ in self.again)


def standing(headings: Iterable[Heading]) -> Standing:
    """Return where each name of *headings* stands."""
    at: dict[str, Heading] = {}
    again = tuple(
        (name, heading)
        for heading in headings
        for name in heading.names
        if at.setdefault(name, heading) is not heading
    )
    return Standing(at, again)


def page_of(place: str) -> str:
    """Return the page of ``page#id``."""
    return place.rpartition("#")[0]


def fragment_of(place: str) -> str:
    """Return the id of ``page#id``."""
    return place.rpartition("#")[2]


def resolve(records: Mapping[str, Record], name: str) -> End:
    """Return where *name* leads, over all successors.

    For all ids of a lock :func:`chains` is the faster way.
    """
    passed = set()
    while name in records and name not in passed:
        passed.add(name)
        if not records[name].successor:
            break
        name = records[name].successor
    else:
        return End()
    reason = records[name].reason
    return End("", reason) if reason else End(name)


def chains(records: Mapping[str, Record]) -> Chains:
    """Return where each id leads. The cost is linear, however long the chains."""
    ends: dict[str, End] = {}
    gaps, circles = [], []
    for start in sorted(records):
        way: dict[str, None] = {}
        name = start
        while name not in ends and name in records and name not in way:
            way[name] = None
            name = records[name].successor or name
        if name in ends:
            end = ends[name]
        elif name not in records:
            end = End()
            gaps.append(list(way)[-1])
        elif records[name].successor:
            end = End()
            members = list(way)
            circles.append(tuple(members[members.index(name) :]))
        else:
            end = End("", records[name].reason) if records[name].reason else End(name)
        ends.update(dict.fromkeys(way, end))
    return Chains(ends, tuple(gaps), tuple(circles))
