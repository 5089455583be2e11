"""The articles in their order, what each requires, and what is wrong among them. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.articles.frontmatter import DIFFICULTIES
from sphinx_marginalia.articles.options import ArticleProblem
from sphinx_marginalia.core.diagnostics import Diagnostic, sentence, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx_marginalia.articles.frontmatter import Article


class Block(NamedTuple):
    """A named part of the curriculum."""

    name: str
    title: str
    #: The file that defines it, if it is not in ``conf.py``, and the line of its title.
    file: str = ""
    line: int = 0


@dataclass
class Curriculum:
    """The articles of a project, in the order in which they are meant to be read."""

    #: In their order.
    blocks: list[Block]
    #: By document, in the order of the curriculum.
    articles: dict[str, Article]
    #: The existing documents that each article requires, also those that are not articles.
    needs: dict[str, list[str]]

    @cached_property
    def following(self) -> dict[str, str]:
        """The article after each; one that is in no block has none after it."""
        in_blocks = [docname for docname, article in self.articles.items() if article.block]
        return dict(pairwise(in_blocks))

    def by_block(self) -> Iterator[tuple[Block, list[str]]]:
        """Yield each block that has articles with their documents, in order."""
        grouped: dict[str, list[str]] = defaultdict(list)
        for docname, article in self.articles.items():
            grouped[article.block].append(docname)
        titles = {block.name: block.title for block in self.blocks}
        for name, docnames in grouped.items():
            yield Block(name, titles.get(name, name)), docnames


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
    for docname, needs in _without_circles(curriculum)[0].items():
        lengths[docname] = max((lengths[need] for need in needs), default=-1) + 1
    return lengths


def _without_circles(curriculum: Curriculum) -> tuple[dict[str, list[str]], list[list[str]]]:
    """Return what each article requires, in an order to read them, and the circles opened for it.

    Each circle begins at its first article, which no longer requires any after it.
    """
    needs = {
        docname: [need for need in curriculum.needs.get(docname, ()) if need in curriculum.articles]
        for docname in curriculum.articles
    }
    position = {docname: number for number, docname in enumerate(needs)}
    circles: list[list[str]] = []
    while True:
        try:
            return {name: needs[name] for name in TopologicalSorter(needs).static_order()}, circles
        except CycleError as error:
            # There each is required by the next, and the first is also the last.
            circle = error.args[1][:0:-1]
            first = min(circle, key=position.__getitem__)
            start = circle.index(first)
            circles.append([*circle[start:], *circle[:start]])
            needs[first] = [need for need in needs[first] if position[need] < position[first]]


def check(curriculum: Curriculum) -> Iterator[Diagnostic]:
    """Yield what is wrong among the articles, in their order. ``source`` is a document."""
    yield from _blocks(curriculum)
    yield from _orders(curriculum)
    yield from _harder(curriculum)
    yield from _cycles(curriculum)
    yield from _terms(curriculum)


def diagnostic(
    problem: ArticleProblem, message: str, curriculum: Curriculum, docname: str, key: str
) -> Diagnostic:
    """Return a diagnostic at the line of a *key* in the front matter of *docname*."""
    return Diagnostic(problem, message, key, curriculum.articles[docname].line(key), docname)


def _blocks(curriculum: Curriculum) -> Iterator[Diagnostic]:
    names = [block.name for block in curriculum.blocks]
    if not names:
        return
    for docname, article in curriculum.articles.items():
        if article.block and article.block not in names:
            message = sentence(f"unknown block {article.block!r}", suggestion(article.block, names))
            yield diagnostic(ArticleProblem.UNKNOWN_BLOCK, message, curriculum, docname, "block")


def _orders(curriculum: Curriculum) -> Iterator[Diagnostic]:
    """Yield articles whose order is used before in their block, or leaves a gap before it."""
    for block, docnames in curriculum.by_block():
        expected, before = 1, ""
        for docname in docnames if block.name else ():
            order = curriculum.articles[docname].order
            if order is None:
                continue
            is_used = bool(before) and order == expected - 1
            if is_used or order != expected:
                what = f"is that of {before} too" if is_used else f"leaves out {expected}"
                message = f"order {order} in the block {block.name!r} {what}"
                problem = ArticleProblem.ARTICLE_ORDER
                yield diagnostic(problem, message, curriculum, docname, "order")
            if not is_used:
                expected, before = order + 1, docname


def _harder(curriculum: Curriculum) -> Iterator[Diagnostic]:
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
                problem = ArticleProblem.HARDER_PREREQUISITE
                yield diagnostic(problem, message, curriculum, docname, "prerequisites")


def _cycles(curriculum: Curriculum) -> Iterator[Diagnostic]:
    """Yield articles that require each other in a circle; of circles that share one, the first."""
    reported: set[str] = set()
    order = list(curriculum.articles)
    circles = _without_circles(curriculum)[1]
    for circle in sorted(circles, key=lambda circle: order.index(circle[0])):
        if reported.isdisjoint(circle):
            reported.update(circle)
            message = f"prerequisites in a circle: {' → '.join([*circle, circle[0]])}"
            problem = ArticleProblem.CYCLIC_PREREQUISITE
            yield diagnostic(problem, message, curriculum, circle[0], "prerequisites")


def _terms(curriculum: Curriculum) -> Iterator[Diagnostic]:
    defined: dict[str, str] = {}
    for docname, article in curriculum.articles.items():
        for term in article.glossary:
            key = term.source.lower()
            if key in defined:
                where = "here twice" if defined[key] == docname else f"in {defined[key]} too"
                message = f"the term {term.term!r} is defined {where}"
                problem = ArticleProblem.DUPLICATE_TERM
                yield diagnostic(problem, message, curriculum, docname, "glossary")
            defined.setdefault(key, docname)
