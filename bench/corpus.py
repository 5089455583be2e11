"""Essays made from a seed, which differ in nothing but how a note is written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import accumulate, product
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

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


class Page(NamedTuple):
    """The text of one page, and its notes apart from it."""

    text: str
    #: The text of each note.
    notes: list[str]
    #: Where each note belongs: indices into ``text``, in order.
    places: list[int]
    #: Its place in the corpus, from 0.
    number: int = 0


@dataclass(frozen=True)
class Variant:
    """One way to write and to build the same text."""

    name: str
    extensions: tuple[str, ...]
    write: Callable[[Page], str]


def essays(shape: Shape) -> Iterator[Page]:
    """Yield the pages of a corpus; a larger corpus begins with the pages of a smaller one."""
    for number in range(shape.pages):
        yield _page(Random(f"{shape.seed}/{number}"), shape)._replace(number=number)


def with_footnotes(page: Page) -> str:
    """Return *page* in MyST with Markdown's footnotes."""
    names = [f"[^{n}]" for n in range(1, len(page.notes) + 1)]
    definitions = [f"{name}: {note}\n" for name, note in zip(names, page.notes, strict=True)]
    return "\n".join([_put_in(page, names), *definitions])


def with_sidenotes(page: Page) -> str:
    """Return *page* in MyST with our role."""
    return _put_in(page, [f"{{sidenote}}`{note}`" for note in page.notes])


def as_article(page: Page) -> str:
    """Return *page* as an article that needs the three before it, in a block of fifty."""
    block, place = divmod(page.number, 50)
    needed = [f"essay-{number:04}" for number in range(max(0, page.number - 3), page.number)]
    title = page.text.partition("\n")[0].removeprefix("# ")
    front = {
        "title": title,
        "description": title,
        "difficulty": "intermediate",
        "block": f"block-{block:03}",
        "order": place + 1,
        "prerequisites": needed,
        "glossary": [{"term": f"term {page.number}", "definition": title}],
    }
    entries = "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items())
    return f"---\n{entries}---\n\n{with_footnotes(page)}"


PLAIN = Variant("plain", ("myst_parser",), with_footnotes)
MARGINALIA = Variant("marginalia", ("myst_parser", "sphinx_marginalia"), with_sidenotes)


#: What is measured: the same text for both, and what reads it.
CONTESTS = {
    "notes": (PLAIN, MARGINALIA),
    "articles": (
        Variant("plain", ("myst_parser",), as_article),
        Variant("marginalia", ("myst_parser", "sphinx_marginalia.articles"), as_article),
    ),
}


def write_project(folder: Path, shape: Shape, variant: Variant, theme: str) -> None:
    """Write ``conf.py``, the pages and an index into *folder*."""
    folder.mkdir(parents=True)
    settings = {"project": "Essays", "extensions": [*variant.extensions], "html_theme": theme}
    conf = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    names = []
    for number, page in enumerate(essays(shape)):
        names.append(f"essay-{number:04}")
        (folder / f"{names[-1]}.md").write_text(variant.write(page), encoding="utf-8")
    index = "\n".join(["# Essays", "", "```{toctree}", ":maxdepth: 1", *names, "```", ""])
    (folder / "index.md").write_text(index, encoding="utf-8")


def _page(random: Random, shape: Shape) -> Page:
    title = _heading(random)
    blocks = [f"# {title}"]
    left = shape.words - WORDS_A_HEADING
    while left > 0:
        blocks += _section(random, min(left, WORDS_A_SECTION))
        left -= WORDS_A_SECTION
    text = "\n\n".join(blocks) + "\n"
    # Full stops end the sentences of paragraphs and stand nowhere else.
    stops = [match.start() for match in re.finditer(r"\.", text)]
    places = [stops[(2 * n + 1) * len(stops) // (2 * shape.notes)] for n in range(shape.notes)]
    return Page(text, [_sentence(random, WORDS_A_NOTE) for _ in places], places)


def _section(random: Random, words: int) -> Iterator[str]:
    """Yield a heading, a list and paragraphs, together as many words as asked for."""
    parts = [WORDS_A_HEADING, *[10] * 4]
    if words < 2 * sum(parts):
        yield _paragraph(random, words)
        return
    yield f"## {_heading(random)}"
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


def _put_in(page: Page, marks: Sequence[str]) -> str:
    """Return the text of *page* with each of *marks* in its place."""
    ends = [*page.places, len(page.text)]
    pieces = [page.text[: ends[0]]]
    for mark, start, end in zip(marks, ends, ends[1:], strict=False):
        pieces += [mark, page.text[start:end]]
    return "".join(pieces)
