"""What of a long list is shown beside a page. No Sphinx."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")


def window(entries: Sequence[T], current: int | None, limit: int) -> Sequence[T]:
    """Return at most *limit* of *entries*, with the one at the index *current* in their middle.

    >>> window("abcdefg", 3, 3), window("abcdefg", 6, 3), window("abcdefg", None, 3)
    ('cde', 'efg', 'abc')
    """
    start = max(0, min((current or 0) - limit // 2, len(entries) - limit))
    return entries[start : start + limit]


class Tree:
    """Which documents list which in their toctrees; one may be listed by several."""

    def __init__(self, children: Mapping[str, Sequence[str]], root: str) -> None:
        self.children = children
        self.root = root
        self._place: dict[tuple[str, str], int] = {}
        self._parents: dict[str, list[str]] = {}
        for parent, listed in children.items():
            for place, child in enumerate(listed):
                self._place.setdefault((parent, child), place)
                self._parents.setdefault(child, []).append(parent)

    def lineage(self, docname: str) -> set[str]:
        """Return the documents on all ways from the root to *docname*, without itself.

        >>> sorted(Tree({"a": ["b"], "b": ["c", "a"], "x": ["c"]}, "a").lineage("c"))
        ['a', 'b', 'x']
        """
        found: set[str] = set()
        waiting = [docname]
        while waiting:
            new = set(self._parents.get(waiting.pop(), ())) - found
            found |= new
            waiting += new
        return (found | {self.root}) - {docname}

    def shown_with(self, docname: str, limit: int) -> tuple[list[str], list[str]]:
        """Return the documents whose sections may be beside *docname*, and those whose title is.

        >>> Tree({"r": ["a", "b", "c"], "b": ["d"]}, "r").shown_with("b", 2)
        (['r'], ['a', 'b', 'd'])
        """
        way = sorted(self.lineage(docname))
        beside: dict[str, None] = {}
        for above in (*way, docname):
            places = [self._place.get((above, name)) for name in (docname, *way)]
            current = min((place for place in places if place is not None), default=None)
            beside.update(dict.fromkeys(window(self.children.get(above, ()), current, limit)))
        return way, [*beside]
