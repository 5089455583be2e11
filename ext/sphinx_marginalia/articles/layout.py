"""Where the cards and arrows of a learning path go. Pure: a curriculum in, numbers out.

Each block is a band, one below the other; in a band an article stands below all that it needs.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.articles.arrows import Arrow, arrows
from sphinx_marginalia.articles.curriculum import depths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_marginalia.articles.curriculum import Curriculum

#: In pixels of the figure, which scales to the page.
WIDTH, MARGIN, GAP = 720, 14, 22
COLUMNS = 3
CARD = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP - 2 * MARGIN) / COLUMNS
BAND_TITLE, ROW_GAP, BAND_GAP, PADDING = 36, 52, 44, 11
LINE, SMALL_LINE = 19, 17
#: How many letters of a title fit on a card's line, whatever the reader's font.
LETTERS = 22


class Card(NamedTuple):
    """An article in the figure."""

    docname: str
    x: float
    y: float
    width: float
    height: float
    #: The title, in lines.
    title: tuple[str, ...]
    #: What is written below it.
    note: str
    difficulty: str


class Band(NamedTuple):
    """A block in the figure."""

    title: str
    y: float
    height: float


@dataclass(frozen=True)
class Figure:
    """The whole learning path."""

    bands: list[Band]
    cards: list[Card]
    arrows: list[Arrow]
    height: float
    #: The documents in the order of the curriculum.
    order: tuple[str, ...]


def figure(found: Curriculum, titles: Mapping[str, str], notes: Mapping[str, str]) -> Figure:
    """Return where everything is.

    :param titles: the title of each article, by its document
    :param notes: what is written below it
    """
    depth = depths(found)
    bands: list[Band] = []
    cards: dict[str, Card] = {}
    top = float(MARGIN)
    for block, docnames in found.by_block():
        y = top + BAND_TITLE
        for row in _rows(docnames, depth):
            made = _row(row, y, found, titles, notes)
            cards.update((card.docname, card) for card in made)
            y += made[0].height + ROW_GAP
        height = y - ROW_GAP + MARGIN - top
        bands.append(Band(block.title, top, height))
        top += height + BAND_GAP
    height = top - BAND_GAP + MARGIN
    order = tuple(found.articles)
    return Figure(bands, list(cards.values()), arrows(cards, found.needs, WIDTH), height, order)


def _rows(docnames: list[str], depth: Mapping[str, int]) -> list[list[str]]:
    """Return the articles of a block by what they need, a few to a row."""
    rows: list[list[str]] = []
    by_depth: dict[int, list[str]] = {}
    for docname in docnames:
        by_depth.setdefault(depth[docname], []).append(docname)
    for level in sorted(by_depth):
        here = by_depth[level]
        rows += [here[start : start + COLUMNS] for start in range(0, len(here), COLUMNS)]
    return rows


def _row(
    row: list[str],
    y: float,
    found: Curriculum,
    titles: Mapping[str, str],
    notes: Mapping[str, str],
) -> list[Card]:
    """Return the cards of a row, all of one height, in the middle of the figure."""
    wrapped = [tuple(textwrap.wrap(titles[docname], LETTERS)) or ("",) for docname in row]
    lines = max(len(title) for title in wrapped)
    height = 2 * PADDING + lines * LINE + SMALL_LINE
    total = len(row) * CARD + (len(row) - 1) * GAP
    left = (WIDTH - total) / 2
    return [
        Card(
            docname,
            left + place * (CARD + GAP),
            y,
            CARD,
            height,
            title,
            notes[docname],
            found.articles[docname].difficulty,
        )
        for place, (docname, title) in enumerate(zip(row, wrapped, strict=True))
    ]
