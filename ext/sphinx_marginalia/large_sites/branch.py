"""What of the table of contents is shown beside a page. No Sphinx."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from docutils import nodes

T = TypeVar("T")

NOTHING = Markup()


@dataclass(eq=False)
class Entry:
    """One link, and the links below it."""

    #: The link as Sphinx made it, until it has a label.
    node: nodes.reference | None
    #: The document it leads to; nothing where it leads out of the site.
    docname: str
    #: A section of the document, as ``#probing``.
    anchor: str
    #: Where it leads if not to a document.
    address: str
    #: Whether Sphinx takes that for a part of the site.
    internal: bool
    parent: Entry | None
    #: 1 for the highest.
    level: int
    #: The list it is in, and its index there.
    siblings: list[Entry]
    place: int
    entries: list[Entry] = field(default_factory=list)
    #: What is in the link, as HTML.
    label: Markup = NOTHING

    @cached_property
    def told(self) -> tuple[str, ...]:
        """All that the link says, to be compared with that of another build."""
        assert self.node is not None
        label = "".join(node.pformat() for node in self.node.children)
        number = str(self.node.get("secnumber", ""))
        return self.docname, self.anchor, self.address, number, label


class Branch:
    """The entries that are open for one page."""

    def __init__(self, reached: Sequence[Entry], titles: Sequence[Entry], limit: int) -> None:
        """Take the entries that lead to a page or into it, and those of them that are its title."""
        self.limit = limit
        self.opened = dict.fromkeys(_with_parents(reached))
        #: The entries that lead to the page.
        self.current = dict.fromkeys(_with_parents(titles))
        # A list may hold several: around the one that leads to the page, else around the first.
        self._places: dict[int, int] = {}
        for entry in (*self.current, *self.opened):
            self._places.setdefault(id(entry.siblings), entry.place)

    def shown(self, entries: Sequence[T]) -> Sequence[T]:
        """Return what is shown of one list: the entries around the one that is open."""
        return window(entries, self._places.get(id(entries)), self.limit)

    def walk(self, entries: Sequence[Entry]) -> Iterator[Entry]:
        """Yield all that is shown of *entries* and below them, one before those below it."""
        for entry in self.shown(entries):
            yield entry
            if entry in self.opened:
                yield from self.walk(entry.entries)


def window(entries: Sequence[T], current: int | None, limit: int) -> Sequence[T]:
    """Return at most *limit* of *entries*, with the one at the index *current* in their middle.

    >>> window("abcdefg", 3, 3), window("abcdefg", 6, 3), window("abcdefg", None, 3)
    ('cde', 'efg', 'abc')
    """
    start = max(0, min((current or 0) - limit // 2, len(entries) - limit))
    return entries[start : start + limit]


def _with_parents(entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        above: Entry | None = entry
        while above is not None:
            yield above
            above = above.parent
