"""What is wrong among the articles of a curriculum. Pure: a curriculum in, faults out."""

from __future__ import annotations

from collections import deque
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.articles.frontmatter import DIFFICULTIES
from sphinx_marginalia.articles.problems import ArticleProblem
from sphinx_marginalia.core.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from sphinx_marginalia.articles.curriculum import Curriculum


class Fault(NamedTuple):
    """Something wrong among the articles."""

    problem: Problem
    message: str
    docname: str
    #: The key of the front matter at whose line it is reported.
    key: str


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
            hint = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(names)}"
            message = f"unknown block {article.block!r}; {hint}"
            yield Fault(ArticleProblem.UNKNOWN_BLOCK, message, docname, "block")


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
                yield Fault(ArticleProblem.ARTICLE_ORDER, message, docname, "order")
                continue
            if order != expected:
                message = f"order {order} in the block {block.name!r} leaves out {expected}"
                yield Fault(ArticleProblem.ARTICLE_ORDER, message, docname, "order")
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
                yield Fault(ArticleProblem.HARDER_PREREQUISITE, message, docname, "prerequisites")


def _cycles(curriculum: Curriculum) -> Iterator[Fault]:
    """Yield one circle of each knot of articles that need each other, at the first of them."""
    needs = {
        docname: [need for need in curriculum.needs.get(docname, ()) if need in curriculum.articles]
        for docname in curriculum.articles
    }
    place = {docname: number for number, docname in enumerate(needs)}
    knots = [sorted(knot, key=place.__getitem__) for knot in _knots(needs)]
    for first, *others in sorted(knots, key=lambda knot: place[knot[0]]):
        if others or first in needs[first]:
            shown = " → ".join(_circle(needs, first, {first, *others}))
            message = f"prerequisites in a circle: {shown}"
            yield Fault(ArticleProblem.CYCLIC_PREREQUISITE, message, first, "prerequisites")


def _knots(needs: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Yield the strongly connected components, most of which are single articles (Kosaraju)."""
    needed_by: dict[str, list[str]] = {docname: [] for docname in needs}
    for docname, needed in needs.items():
        for need in needed:
            needed_by[need].append(docname)
    seen: set[str] = set()
    order = [docname for start in needs for docname in _reached(needs, start, seen)]
    seen.clear()
    for start in reversed(order):
        if knot := _reached(needed_by, start, seen):
            yield knot


def _reached(graph: Mapping[str, Sequence[str]], start: str, seen: set[str]) -> list[str]:
    """Return what *start* leads to and was not *seen*, each behind all that it leads to itself."""
    if start in seen:
        return []
    seen.add(start)
    done = []
    stack = [(start, iter(graph[start]))]
    while stack:
        _docname, rest = stack[-1]
        further = next((name for name in rest if name not in seen), None)
        if further is None:
            done.append(stack.pop()[0])
        else:
            seen.add(further)
            stack.append((further, iter(graph[further])))
    return done


def _circle(needs: Mapping[str, Sequence[str]], first: str, knot: Set[str]) -> list[str]:
    """Return a shortest way within *knot* from *first* back to it."""
    ways = deque([[first]])
    seen: set[str] = set()
    while ways:
        way = ways.popleft()
        for need in needs[way[-1]]:
            if need == first:
                return [*way, first]
            if need in knot and need not in seen:
                seen.add(need)
                ways.append([*way, need])
    return [first]


def _terms(curriculum: Curriculum) -> Iterator[Fault]:
    defined: dict[str, str] = {}
    for docname, article in curriculum.articles.items():
        for term in article.glossary:
            key = term.term.lower()
            if key in defined:
                where = "here twice" if defined[key] == docname else f"in {defined[key]} too"
                message = f"the term {term.term!r} is defined {where}"
                yield Fault(ArticleProblem.DUPLICATE_TERM, message, docname, "glossary")
            defined.setdefault(key, docname)
