r"""Compare an article with its conversion: which words were lost, which markup stayed literal.

The check shares nothing with the converters, so it also sees what they never knew of. Pure text, no
files: :mod:`marginalia_import.visible_text` has the words of both.

A word is lost if the result has it less often than the source, or if it belongs to a run of words
that stands nowhere in the result. The first finds a word that is gone, the second a sentence whose
words also occur elsewhere. Notes may move: within them the order of words stays.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from itertools import chain, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from marginalia_import.lines import Scanner
from marginalia_import.visible_text import (
    OURS,
    WORD,
    visible_words,
    without_additions,
    without_code,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

#: The shortest run of words in an order that the result does not have.
SHORTEST_RUN = 6
#: The most places in which a run of words is looked for, and how often each word is compared.
MOST_PLACES, WORK = 30, 6
#: The words of a loss that a message quotes.
QUOTED_WORDS = 8

#: Markup of other dialects, by the name in the report. HTML is named by its element.
LITERAL = Scanner(
    re.compile(
        r"""(?P<template>\{%(?:(?!\{%).)*?%\}|\{\{(?:(?!\{\{).)*?\}\})
      | (?P<container>^[ \t>]*:{3,}(?:[ \t]*\{?[.\w][^\n]*|[ \t]*$))
      | (?P<inline_note>\^\[[^\]\n]+\]?)
      | (?P<comment>%%[^%\n]+%%)
      | (?P<callout>(?<=>[ ])\[![\w-]+\])
      | (?P<wiki_link>!?\[\[(?:[^\[\]\n]|\[[^\[\]\n]*\])+\]\](?![(\[]))
      | (?P<reference>\\@ref\([^)\n]*\)|\(ref:[\w-]+\)|\\\#[a-z]+:[\w-]+)
      | (?P<attributes>\{[.\#:][^{}\n]*(?<!\#)\})
      | (?P<snippet>--8<--[^\n]*)
      | (?P<abbreviation>^\*\[[^\]\n]+\]:)
      | (?P<highlight>==(?=[^\s=])[^=\n]+(?<!\s)==)
      | (?P<citation>\[[^\[\]\n]*(?<![\w.])-?@[A-Za-z][\w:.-]*[^\[\]\n]*\](?![(\[:]))
      | (?P<key>(?<![\w.@/])@(?P<word>[A-Za-z][\w:.-]*\w))
      | (?P<html><(?P<element>[a-zA-Z][\w]*-[\w-]*|aside|input|label|details|figure
          |table|iframe|video|audio|object|embed|svg|canvas|span|abbr|mark|ins|del|sup|sub|kbd
          |[A-Z]\w+)\b[^<>]*>)
    """,
        re.DOTALL | re.VERBOSE | re.MULTILINE,
    ),
    r"\n(?=[ \t>]*:::|\*\[)|\{|\^(?=\[)|%(?=%)|\[|!(?=\[\[)|\\|\((?=ref:)|=(?==)|-(?=-8)|@"
    r"|<(?=[a-zA-Z])",
)
#: Elements that mean something only if they have a class.
NEUTRAL = frozenset({"span", "label"})
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class Finding(NamedTuple):
    """Something that was lost or stayed literal."""

    #: The line of the source.
    line: int
    #: Whether words were lost; otherwise markup stayed literal.
    is_loss: bool
    message: str


def check_article(
    source: str,
    result: str,
    keys: Collection[str] = (),
    removed: Mapping[int, str] = MappingProxyType({}),
) -> list[Finding]:
    """Return what the conversion of an article lost or left literal.

    :param source: the article in the old site, with its front matter
    :param result: the article in MyST
    :param keys: the keys of the bibliography, without which ``@key`` is a name
    :param removed: what was left out and is reported already, by line
    """
    findings = [*_lost_words(source, result, removed), *_literal(source, result, keys)]
    return sorted(findings)


# Words


def _lost_words(source: str, result: str, removed: Mapping[int, str]) -> Iterator[Finding]:
    """Yield the runs of words of *source* that are not in *result*."""
    left_out = {line: {*WORD.findall(text)} for line, text in removed.items()}
    expected = visible_words(source)
    for line in left_out.keys() & {*range(1, len(expected) + 1)}:
        expected[line - 1] = [w for w in expected[line - 1] if w not in left_out[line]]
    words = [*chain.from_iterable(expected)]
    present = [*chain.from_iterable(visible_words(without_additions(source, result)))]
    if not (lost := _unmatched(words, present)):
        return
    line_of = [number for number, line in enumerate(expected, 1) for _ in line]
    run: list[int] = []
    for at in [*lost, len(words) + SHORTEST_RUN]:
        if run and at - run[-1] > 2:
            lines = [line_of[place] for place in run]
            quoted = " ".join(words[run[0] : run[-1] + 1][:QUOTED_WORDS])
            more = " …" if run[-1] - run[0] >= QUOTED_WORDS else ""
            until = f" (to line {max(lines)})" if max(lines) > lines[0] else ""
            yield Finding(lines[0], True, f"{quoted}{more}{until}")
            run = []
        run.append(at)


def _unmatched(words: list[str], present: list[str]) -> list[int]:
    """Return the positions of the words that have no counterpart among those that are present.

    The longest common runs are matched first, wherever they stand, because notes move. So of two
    equal words the one is missed whose neighbors are gone too, and its line is the right one.
    """
    known = {*pairwise(present)}
    covered = [pair in known for pair in pairwise(words)]
    if not Counter(words) - Counter(present) and all(a or b for a, b in pairwise(covered)):
        return []  # as every word is there, and beside one of its neighbors
    matched, used = [False] * len(words), [False] * len(present)
    for length, at, other in sorted(_common_runs(words, present), reverse=True):
        for offset in range(length):
            if not matched[at + offset] and not used[other + offset]:
                matched[at + offset] = used[other + offset] = True
    rest = Counter(word for word, is_used in zip(present, used, strict=True) if not is_used)
    lost: list[int] = []
    for run in sorted(_runs(matched), key=len):
        for at in run:
            # Words in an order that the result does not have are lost, though each may be there;
            # those at the ends may only have lost their neighbors.
            is_end = len(run) < SHORTEST_RUN or not run[2] <= at <= run[-3]
            if (is_end or any(covered[max(0, at - 1) : at + 1])) and rest[words[at]] > 0:
                rest[words[at]] -= 1
            else:
                lost.append(at)
    return sorted(lost)


def _common_runs(words: list[str], present: list[str]) -> Iterator[tuple[int, int, int]]:
    """Yield the runs of three or more words in both texts: length, and the start in each.

    Where words repeat without end not all runs are tried, so that the time stays linear.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for other, trigram in enumerate(zip(present, present[1:], present[2:], strict=False)):
        places.setdefault(trigram, []).append(other)
    # Where the last run on each diagonal ends.
    ends: dict[int, int] = {}
    budget = WORK * (len(words) + len(present))
    for at, trigram in enumerate(zip(words, words[1:], words[2:], strict=False)):
        for other in places.get(trigram, ())[:MOST_PLACES]:
            if ends.get(at - other, 0) > at:
                continue
            if budget < 0:
                return
            most = min(len(words) - at, len(present) - other)
            length = 3
            while length < most and words[at + length] == present[other + length]:
                length += 1
            ends[at - other] = at + length
            budget -= length
            yield length, at, other


def _runs(matched: list[bool]) -> Iterator[range]:
    """Yield the runs of words that are not matched."""
    start = 0
    for at, is_matched in enumerate([*matched, True]):
        if is_matched:
            if at > start:
                yield range(start, at)
            start = at + 1


# Markup


def _literal(source: str, result: str, keys: Collection[str]) -> Iterator[Finding]:
    """Yield the markup of *source* that the text of *result* shows, or keeps as HTML."""
    result = OURS.replace(lambda _: "", without_code(result))
    visible = " ".join(ESCAPED.sub(r"\1", unescape(result)).split())
    visible = f" {visible} "
    text = without_code(source)
    left: dict[str, int] = {}
    for match in LITERAL.find(text):
        name = str(match.lastgroup)
        snippet = " ".join(ESCAPED.sub(r"\1", unescape(match[0])).split())
        if match["word"]:
            name = "key"
            if match["word"] not in keys:
                continue
        if match["element"]:
            name = f"<{match['element']}>"
            if match["element"] in NEUTRAL and not re.search(r"\bclass\s*=", match[0]):
                continue
        padding = " " * (name == "container")
        whole = f"{padding}{snippet}{padding}"
        if snippet not in left:
            left[snippet] = visible.count(whole)
        if left[snippet]:
            left[snippet] -= 1
            line = text.count("\n", 0, match.start() + len(match[0]) - len(match[0].lstrip())) + 1
            name = name.replace("_", " ")
            yield Finding(line, False, f"{name} stays as it is: {snippet[:60]}")
