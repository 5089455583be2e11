"""The order of all articles, and what each needs first. Pure: records in, records out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_marginalia.articles.frontmatter import Article


class Block(NamedTuple):
    """A named part of the curriculum."""

    name: str
    title: str


@dataclass
class Curriculum:
    """The articles of a project, in the order in which they are meant to be read."""

    #: In their order.
    blocks: list[Block]
    #: By document, in the order of the curriculum.
    articles: dict[str, Article]
    #: The documents that each article needs first, as far as they exist; also pages that are no
    #: articles.
    needs: dict[str, list[str]] = field(default_factory=dict)

    def title_of(self, block: str) -> str:
        """Return the title of a block, or its name."""
        return next((known.title for known in self.blocks if known.name == block), block)

    def following(self) -> dict[str, str]:
        """Return what follows each article; one that is in no block is followed by none."""
        placed = [docname for docname, article in self.articles.items() if article.block]
        return dict(pairwise(placed))

    def by_block(self) -> Iterator[tuple[Block, list[str]]]:
        """Yield each block that has articles with their documents, in order."""
        grouped: dict[str, list[str]] = defaultdict(list)
        for docname, article in self.articles.items():
            grouped[article.block].append(docname)
        for name, docnames in grouped.items():
            yield Block(name, self.title_of(name)), docnames


def ordered(articles: Mapping[str, Article], blocks: list[Block]) -> dict[str, Article]:
    """Return the articles by block and order; those of no block, or of none that is known, last."""
    places = {block.name: place for place, block in enumerate(blocks)}

    def place(docname: str) -> tuple[int, str, float, str]:
        article = articles[docname]
        order = float("inf") if article.order is None else article.order
        return (places.get(article.block, len(blocks)), article.block, order, docname)

    return {docname: articles[docname] for docname in sorted(articles, key=place)}


def depths(curriculum: Curriculum) -> dict[str, int]:
    """Return for each article how many steps of prerequisites lead to it; a circle counts once."""
    found: dict[str, int] = {}
    for start in curriculum.articles:
        stack = [start]
        entered: set[str] = set()
        while stack:
            docname = stack[-1]
            open_needs = [
                name
                for name in curriculum.needs.get(docname, ())
                if name in curriculum.articles and name not in found and name not in entered
            ]
            entered.add(docname)
            if docname in found or not open_needs:
                known = [found[name] for name in curriculum.needs.get(docname, ()) if name in found]
                found.setdefault(docname, max(known, default=-1) + 1)
                stack.pop()
            else:
                stack += open_needs
    return found
