"""The order of all articles, and what each requires. Pure: records in, records out."""

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
    #: The existing documents that each article requires, also those that are not articles.
    needs: dict[str, list[str]] = field(default_factory=dict)

    def title_of(self, block: str) -> str:
        """Return the title of a block, or its name."""
        return next((title for name, title in self.blocks if name == block), block)

    def following(self) -> dict[str, str]:
        """Return the article after each; one that is in no block has none after it."""
        in_blocks = [docname for docname, article in self.articles.items() if article.block]
        return dict(pairwise(in_blocks))

    def by_block(self) -> Iterator[tuple[Block, list[str]]]:
        """Yield each block that has articles with their documents, in order."""
        grouped: dict[str, list[str]] = defaultdict(list)
        for docname, article in self.articles.items():
            grouped[article.block].append(docname)
        for name, docnames in grouped.items():
            yield Block(name, self.title_of(name)), docnames


def ordered(articles: Mapping[str, Article], blocks: list[Block]) -> dict[str, Article]:
    """Return the articles by block and order; those in no block, or an unknown one, come last."""
    numbers = {block.name: number for number, block in enumerate(blocks)}

    def position(docname: str) -> tuple[int, str, float, str]:
        article = articles[docname]
        order = float("inf") if article.order is None else article.order
        return (numbers.get(article.block, len(blocks)), article.block, order, docname)

    return {docname: articles[docname] for docname in sorted(articles, key=position)}


def depths(curriculum: Curriculum) -> dict[str, int]:
    """Return the length of the longest chain of prerequisites of each article, without circles."""
    lengths: dict[str, int] = {}
    for start in curriculum.articles:
        stack = [start]
        entered: set[str] = set()
        while stack:
            docname = stack[-1]
            open_needs = [
                name
                for name in curriculum.needs.get(docname, ())
                if name in curriculum.articles and name not in lengths and name not in entered
            ]
            entered.add(docname)
            if docname in lengths or not open_needs:
                needs = curriculum.needs.get(docname, ())
                below = [lengths[name] for name in needs if name in lengths]
                lengths.setdefault(docname, max(below, default=-1) + 1)
                stack.pop()
            else:
                stack += open_needs
    return lengths
