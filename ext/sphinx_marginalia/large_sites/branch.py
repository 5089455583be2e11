"""The part of a table of contents that one page shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docutils import nodes

T = TypeVar("T")

EMPTY = Markup()


@dataclass(eq=False)
class Entry:
    """One link, and the links below it."""

    #: The link as Sphinx made it, until it has a label.
    node: nodes.reference | None
    #: The document it links to; empty for an address outside of the site.
    docname: str
    #: A section of the document, as ``#probing``.
    anchor: str
    #: The address if it does not link to a document.
    address: str
    #: Whether Sphinx counts the address as a part of the site.
    internal: bool
    parent: Entry | None
    #: 1 for the highest.
    level: int
    #: The list that contains it, and its index there.
    siblings: list[Entry]
    index: int
    entries: list[Entry] = field(default_factory=list)
    #: The content of the link, as HTML.
    label: Markup = EMPTY

    @property
    def with_parents(self) -> list[Entry]:
        """The entry and those it is below, innermost first."""
        return [self, *(self.parent.with_parents if self.parent else ())]

    @cached_property
    def appearance(self) -> tuple[str, ...]:
        """Everything a page shows of the link, to be compared with that of another build."""
        assert self.node is not None
        label = "".join(node.pformat() for node in self.node.children)
        number = str(self.node.get("secnumber", ""))
        return self.docname, self.anchor, self.address, number, label


class Branch:
    """The entries that are open on one page."""

    def __init__(self, reached: Sequence[Entry], titles: Sequence[Entry], limit: int) -> None:
        """Open the branch of a page.

        :param reached: the entries that link to the page or to a section of it
        :param titles: those of them that link to the page
        :param limit: the most entries that one list shows
        """
        self.limit = limit
        self.opened = dict.fromkeys(one for entry in reached for one in entry.with_parents)
        #: The entries that lead to the page.
        self.current = dict.fromkeys(one for entry in titles for one in entry.with_parents)
        # If a list contains several: around the one that leads to the page, else around the first.
        self._indices: dict[int, int] = {}
        for entry in (*self.current, *self.opened):
            self._indices.setdefault(id(entry.siblings), entry.index)

    def visible(self, entries: Sequence[T]) -> Sequence[T]:
        """Return the part of one list that the page shows: the entries around the open one."""
        return window(entries, self._indices.get(id(entries)), self.limit)

    def walk(self, entries: Sequence[Entry]) -> Iterator[Entry]:
        """Yield all visible entries of *entries* and below them, each before those below it."""
        for entry in self.visible(entries):
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
