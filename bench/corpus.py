"""Essays made from a seed: words, headings, and where notes belong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate, cycle, product
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COMMON_WORDS = (
    "the of and to a in is that it for as with was on by be this are or from an which at not have "
    "has but they can we their one more than when what these will there if its no some into other"
).split()
SYLLABLES = (
    "ba con de fer gra hin jo kel lu mar nor pe qui ro ster tor ul ven wil za tri lam sec ond"
).split()
# The stemmer of the search index has work to do with these.
ENDINGS = ("", "s", "ed", "ing", "al", "tion")

WORDS_A_SECTION = 400
WORDS_A_HEADING = 4
WORDS_A_NOTE = 25


def _vocabulary() -> list[str]:
    rare = ["".join(parts) for parts in product(SYLLABLES, SYLLABLES, ENDINGS)]
    Random("vocabulary").shuffle(rare)
    return COMMON_WORDS + rare


VOCABULARY = _vocabulary()
# Zipf's law: the word of rank n occurs 1/n as often as the first.
CUMULATED_FREQUENCIES = list(accumulate(1 / rank for rank in range(2, len(VOCABULARY) + 2)))


@dataclass(frozen=True)
class Shape:
    """How large a corpus is."""

    pages: int
    #: The words of a page, without those of its notes.
    words: int = 2000
    #: The notes of a page.
    notes: int = 3
    seed: int = 1
    #: The headings of a page, its title too, down to the third level; without, there is one of the
    #: second every 400 words.
    sections: int | None = None


class Page(NamedTuple):
    """The text of one page, and its notes apart from it."""

    text: str
    #: The text of each note.
    notes: list[str]
    #: Where each note belongs: indices into ``text``, in order.
    places: list[int]
    #: Its place in the corpus, from 0.
    number: int = 0


def essays(shape: Shape) -> Iterator[Page]:
    """Yield the pages of a corpus; a larger corpus begins with the pages of a smaller one."""
    for number in range(shape.pages):
        yield _page(Random(f"{shape.seed}/{number}"), shape)._replace(number=number)


def put_in(page: Page, marks: Sequence[str]) -> str:
    """Return the text of *page* with each of *marks* in its place."""
    ends = [*page.places, len(page.text)]
    pieces = [page.text[: ends[0]]]
    for mark, start, end in zip(marks, ends, ends[1:], strict=False):
        pieces += [mark, page.text[start:end]]
    return "".join(pieces)


def _page(random: Random, shape: Shape) -> Page:
    title = _heading(random)
    blocks = [f"# {title}"]
    for level, words in _plan(shape):
        blocks += _section(random, words, level)
    text = "\n\n".join(blocks) + "\n"
    # Full stops end the sentences of paragraphs and stand nowhere else.
    stops = [match.start() for match in re.finditer(r"\.", text)]
    places = [stops[(2 * n + 1) * len(stops) // (2 * shape.notes)] for n in range(shape.notes)]
    return Page(text, [_sentence(random, WORDS_A_NOTE) for _ in places], places)


def _plan(shape: Shape) -> Iterator[tuple[str, int]]:
    """Yield the levels of the headings below a page's title, and the words to each."""
    left = shape.words - WORDS_A_HEADING
    if shape.sections is None:
        while left > 0:
            yield "##", min(left, WORDS_A_SECTION)
            left -= WORDS_A_SECTION
        return
    levels = cycle(("##", "###", "###"))
    for sections in range(shape.sections - 1, 0, -1):
        words = left // sections
        yield next(levels), words
        left -= words


def _section(random: Random, words: int, level: str) -> Iterator[str]:
    """Yield a heading, a list and paragraphs, together as many words as asked for."""
    parts = [WORDS_A_HEADING, *[10] * 4]
    if words < 2 * sum(parts):
        yield _paragraph(random, words)
        return
    yield f"{level} {_heading(random)}"
    yield "\n".join(f"- {' '.join(_words(random, 10))}" for _ in range(4))
    left = words - sum(parts)
    while left > 0:
        length = min(left, random.randint(60, 110))
        yield _paragraph(random, length)
        left -= length


def _heading(random: Random) -> str:
    return " ".join(_words(random, WORDS_A_HEADING)).capitalize()


def _paragraph(random: Random, words: int) -> str:
    sentences = []
    while words > 0:
        length = min(words, random.randint(12, 24))
        sentences.append(_sentence(random, length))
        words -= length
    return " ".join(sentences)


def _sentence(random: Random, words: int) -> str:
    first, *others = _words(random, words)
    if others and random.random() < 0.25:
        others[-1] = f"*{others[-1]}*"
    return " ".join([first.capitalize(), *others]) + "."


def _words(random: Random, count: int) -> list[str]:
    return random.choices(VOCABULARY, cum_weights=CUMULATED_FREQUENCIES, k=count)
