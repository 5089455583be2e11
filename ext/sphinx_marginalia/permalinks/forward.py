"""What pages must keep so that old links still lead on. Pure.

A server never sees what stands behind ``#``, so nothing but the old page itself can lead on.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.permalinks.places import chains, fragment_of, page_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sphinx_marginalia.permalinks.lock import Record


class Forward(NamedTuple):
    """An old id that a page must keep."""

    #: The id as it was on that page.
    old: str
    #: The record to which it belongs; mostly the same.
    id: str
    #: The title of the section when it was seen last.
    title: str
    #: The living id it leads to; nothing for a tombstone.
    target: str
    #: Where that is: ``page#id``.
    at: str
    #: What the tombstone says.
    reason: str


class Kept(NamedTuple):
    """What one page must keep."""

    #: Ids to add to the sections ``target`` on this page.
    aliases: tuple[Forward, ...] = ()
    #: Entries “moved from here”, and tombstones. A page that is gone has only these.
    entries: tuple[Forward, ...] = ()
    #: Whether there is no such page any more, and a stub must stand in its place.
    stub: bool = False


def forwards(records: Mapping[str, Record], docnames: Collection[str]) -> dict[str, Kept]:
    """Return what each page must keep, by the name of the document.

    Where an author has kept an old id at the heading himself, it is listed all the same: add an id
    only where it is not there yet.

    :param docnames: the documents that exist, best as a set
    """
    ends = chains(records).ends
    taken = {record.at for record in records.values() if not record.retired}
    aliases: defaultdict[str, list[Forward]] = defaultdict(list)
    entries: defaultdict[str, list[Forward]] = defaultdict(list)
    for name, record in sorted(records.items()):
        target, reason = ends[name]
        at = records[target].at if target else ""
        for place in record.old_places:
            if place in taken:
                continue
            taken.add(place)
            page = page_of(place)
            forward = Forward(fragment_of(place), name, record.title, target, at, reason)
            same_page = target and page_of(at) == page and page in docnames
            (aliases if same_page else entries)[page].append(forward)
    return {
        page: Kept(tuple(aliases[page]), tuple(entries[page]), page not in docnames)
        for page in sorted({*aliases, *entries})
    }
