"""Where anchors are, where retired ones lead, and what old pages need so that links work. Pure.

A browser does not send the part of an address after ``#`` to the server. So only the old page
itself can send a reader on to the new location of a section.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sphinx_marginalia.permalinks.lock import Record
    from sphinx_marginalia.permalinks.names import Heading


class Target(NamedTuple):
    """Where an anchor leads in the end."""

    #: The anchor of a section that exists, or an empty text.
    id: str = ""
    #: Why there is no such section; empty also where the lock has a gap or a circle.
    reason: str = ""


class Targets(NamedTuple):
    """Where all anchors of a lock lead."""

    by_id: Mapping[str, Target]
    #: The anchors whose successor has no record.
    gaps: tuple[str, ...]
    #: Anchors that replaced each other, each circle once.
    circles: tuple[tuple[str, ...], ...]


class Locations(NamedTuple):
    """The headings by anchor."""

    #: The first heading with each anchor.
    first: Mapping[str, Heading]
    #: The other headings with an anchor that is in :attr:`first`.
    duplicates: tuple[tuple[str, Heading], ...]

    @property
    def ambiguous(self) -> frozenset[str]:
        """The anchors that several headings have."""
        return frozenset(name for name, _ in self.duplicates)


class Redirect(NamedTuple):
    """An old id on a page, and where it leads."""

    #: The id as it was on that page.
    old: str
    #: The anchor whose record has that location; mostly the same text.
    id: str
    #: The last title of the section.
    title: str
    #: The anchor that it leads to; empty where the section was removed.
    target: str
    #: The location of that anchor: ``page#id``.
    at: str
    #: Why the section was removed.
    reason: str


class PageRedirects(NamedTuple):
    """The redirects on one page."""

    #: Old ids of sections that are still on this page.
    aliases: tuple[Redirect, ...] = ()
    #: Old ids of sections that are on another page or were removed.
    entries: tuple[Redirect, ...] = ()
    #: Whether the page is gone, and a page with the entries takes its place.
    is_gone: bool = False


def locate(headings: Iterable[Heading]) -> Locations:
    """Return *headings* by anchor."""
    first: dict[str, Heading] = {}
    duplicates = tuple(
        (name, heading)
        for heading in headings
        for name in heading.names
        if first.setdefault(name, heading) is not heading
    )
    return Locations(first, duplicates)


def page_of(location: str) -> str:
    """Return the document in ``page#id``."""
    return location.rpartition("#")[0]


def fragment_of(location: str) -> str:
    """Return the id in ``page#id``."""
    return location.rpartition("#")[2]


def resolve(records: Mapping[str, Record]) -> Targets:
    """Return where each anchor leads. The cost is linear, however long the chains are."""
    targets: dict[str, Target] = {}
    gaps, circles = [], []
    for start in sorted(records):
        chain: dict[str, None] = {}
        name = start
        while name not in targets and name in records and name not in chain:
            chain[name] = None
            name = records[name].successor or name
        if name in targets:
            target = targets[name]
        elif name not in records:
            target = Target()
            gaps.append(list(chain)[-1])
        elif records[name].successor:
            target = Target()
            members = list(chain)
            circles.append(tuple(members[members.index(name) :]))
        else:
            target = Target("", records[name].reason) if records[name].reason else Target(name)
        targets.update(dict.fromkeys(chain, target))
    return Targets(targets, tuple(gaps), tuple(circles))


def is_alias(name: str, heading: Heading, targets: Targets) -> bool:
    """Return whether the retired *name* is only a second label of the section that replaced it."""
    target = targets.by_id.get(name)
    return target is not None and target.id == heading.id != name


def redirects(records: Mapping[str, Record], docnames: Collection[str]) -> dict[str, PageRedirects]:
    """Return the redirects that each page needs, by the name of the document.

    An old id that an author has kept as a second label is among them: add an id only where it is
    missing.

    :param docnames: the documents that exist, preferably as a set
    """
    targets = resolve(records).by_id
    taken = {record.at for record in records.values() if not record.retired}
    aliases: defaultdict[str, list[Redirect]] = defaultdict(list)
    entries: defaultdict[str, list[Redirect]] = defaultdict(list)
    for name, record in sorted(records.items()):
        target, reason = targets[name]
        at = records[target].at if target else ""
        for location in record.old_locations:
            if location in taken:
                continue
            taken.add(location)
            page = page_of(location)
            redirect = Redirect(fragment_of(location), name, record.title, target, at, reason)
            same_page = target and page_of(at) == page and page in docnames
            (aliases if same_page else entries)[page].append(redirect)
    return {
        page: PageRedirects(tuple(aliases[page]), tuple(entries[page]), page not in docnames)
        for page in sorted({*aliases, *entries})
    }
