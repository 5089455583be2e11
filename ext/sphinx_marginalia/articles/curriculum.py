"""The order of all articles, and what each needs first. Pure: records in, records out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.articles.frontmatter import DIFFICULTIES
from sphinx_marginalia.core.warnings import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_marginalia.articles.frontmatter import Article


class Block(NamedTuple):
    """A named part of the curriculum."""

    name: str
    title: str


class Fault(NamedTuple):
    """Something wrong among the articles."""

    problem: Problem
    message: str
    docname: str
    #: The key of the front matter at whose line it is reported.
    key: str


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


def faults(curriculum: Curriculum) -> Iterator[Fault]:
    """Yield what is wrong among the articles, in their order."""
    yield from _blocks(curriculum)
    yield from _orders(curriculum)
    yield from _harder(curriculum)
    yield from _cycles(curriculum)
    yield from _terms(curriculum)


def _blocks(curriculum: Curriculum) -> Iterator[Fault]:
    names = [block.name for block in curriculum.blocks]
    if not names:
        return
    for docname, article in curriculum.articles.items():
        if article.block and article.block not in names:
            near = get_close_matches(article.block, names, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
            message = f"unknown block {article.block!r}; {hint}"
            yield Fault(Problem.UNKNOWN_BLOCK, message, docname, "block")


def _orders(curriculum: Curriculum) -> Iterator[Fault]:
    """Yield an article whose place in its block is taken, or leaves a gap before it."""
    for block, docnames in curriculum.by_block():
        expected, taken = 1, ""
        for docname in docnames if block.name else ():
            order = curriculum.articles[docname].order
            if order is None:
                continue
            if order == expected - 1 and taken:
                message = f"order {order} in the block {block.name!r} is that of {taken} too"
                yield Fault(Problem.ARTICLE_ORDER, message, docname, "order")
                continue
            if order != expected:
                message = f"order {order} in the block {block.name!r} leaves out {expected}"
                yield Fault(Problem.ARTICLE_ORDER, message, docname, "order")
            expected, taken = order + 1, docname


def _harder(curriculum: Curriculum) -> Iterator[Fault]:
    for docname, article in curriculum.articles.items():
        for needed in curriculum.needs.get(docname, ()):
            first = curriculum.articles.get(needed)
            if first is None or not first.difficulty or not article.difficulty:
                continue
            if DIFFICULTIES.index(first.difficulty) > DIFFICULTIES.index(article.difficulty):
                message = (
                    f"the prerequisite {needed} is {first.difficulty}, "
                    f"harder than this {article.difficulty} article"
                )
                yield Fault(Problem.HARDER_PREREQUISITE, message, docname, "prerequisites")


def _cycles(curriculum: Curriculum) -> Iterator[Fault]:
    """Yield each circle of prerequisites once, at the article that closes it."""
    done: set[str] = set()
    for start in curriculum.articles:
        path: dict[str, None] = {}
        stack = [(start, iter(curriculum.needs.get(start, ())))] if start not in done else []
        if stack:
            path[start] = None
        while stack:
            docname, rest = stack[-1]
            needed = next(rest, None)
            if needed is None:
                stack.pop()
                path.pop(docname)
                done.add(docname)
            elif needed in path:
                circle = [*path][[*path].index(needed) :]
                shown = " → ".join([*circle, needed])
                message = f"prerequisites in a circle: {shown}"
                yield Fault(Problem.CYCLIC_PREREQUISITE, message, needed, "prerequisites")
            elif needed not in done:
                path[needed] = None
                stack.append((needed, iter(curriculum.needs.get(needed, ()))))


def _terms(curriculum: Curriculum) -> Iterator[Fault]:
    defined: dict[str, str] = {}
    for docname, article in curriculum.articles.items():
        for term in article.glossary:
            first = defined.setdefault(term.term.casefold(), docname)
            if first != docname:
                message = f"the term {term.term!r} is defined in {first} too"
                yield Fault(Problem.DUPLICATE_TERM, message, docname, "glossary")


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
