"""The layout of a learning path. Pure: a curriculum in, numbers out.

Each block is a band, one below the other; in a band an article is below all that it requires.
Arrows run between the cards, never behind one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.articles.curriculum import depths
from sphinx_marginalia.core.drawing.text import Run, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx_marginalia.articles.curriculum import Curriculum
    from sphinx_marginalia.core.drawing import Point

#: In pixels, as all numbers here; a page scales the figure.
WIDTH, MARGIN, GAP = 720, 14, 22
COLUMNS = 3
CARD = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP - 2 * MARGIN) / COLUMNS
BAND_TITLE, ROW_GAP, BAND_GAP, PADDING = 36, 52, 44, 11
#: The lines of a title and of a note, and the letters of a title.
LINE, SMALL_LINE, TITLE = 19, 17, 15
#: Between two arrows side by side, and between an arrow and a card that it passes.
LANE, DISTANCE = 6, 5


class Card(NamedTuple):
    """An article in the figure."""

    docname: str
    x: float
    y: float
    height: float
    #: The title, in lines.
    title: tuple[str, ...]
    #: The line below the title.
    note: str
    difficulty: str
    width: float = CARD


class Band(NamedTuple):
    """A block in the figure."""

    title: str
    y: float
    height: float


class Figure(NamedTuple):
    """The whole learning path."""

    bands: list[Band]
    cards: list[Card]
    #: From each article to those that require it: points, each joined to the next by a curve that
    #: leaves and arrives upright.
    arrows: list[tuple[Point, ...]]
    height: float


def figure(course: Curriculum, titles: Mapping[str, str], notes: Mapping[str, str]) -> Figure:
    """Return the layout of a learning path.

    :param titles: the title of each article, by its document
    :param notes: the line below each title
    """
    depth = depths(course)
    bands: list[Band] = []
    cards: dict[str, Card] = {}
    top = float(MARGIN)
    for block, docnames in course.by_block():
        y = top + BAND_TITLE
        for row in _rows(docnames, depth):
            made = _cards(row, y, course, titles, notes)
            cards.update((card.docname, card) for card in made)
            y += made[0].height + ROW_GAP
        height = y - ROW_GAP + MARGIN - top
        bands.append(Band(block.title, top, height))
        top += height + BAND_GAP
    height = top - BAND_GAP + MARGIN
    return Figure(bands, list(cards.values()), _arrows(cards, course.needs), height)


def _rows(docnames: list[str], depth: Mapping[str, int]) -> list[list[str]]:
    """Return the articles of a block by what they require, a few to a row."""
    by_depth: dict[int, list[str]] = {}
    for docname in docnames:
        by_depth.setdefault(depth[docname], []).append(docname)
    return [
        by_depth[level][start : start + COLUMNS]
        for level in sorted(by_depth)
        for start in range(0, len(by_depth[level]), COLUMNS)
    ]


def _cards(
    row: list[str],
    y: float,
    course: Curriculum,
    titles: Mapping[str, str],
    notes: Mapping[str, str],
) -> list[Card]:
    """Return the cards of a row, all of one height, in the middle of the figure."""
    wrapped = [_lines(titles[docname]) for docname in row]
    height = 2 * PADDING + max(map(len, wrapped)) * LINE + SMALL_LINE
    left = (WIDTH - len(row) * CARD - (len(row) - 1) * GAP) / 2
    return [
        Card(
            docname,
            left + column * (CARD + GAP),
            y,
            height,
            title,
            notes[docname],
            course.articles[docname].difficulty,
        )
        for column, (docname, title) in enumerate(zip(row, wrapped, strict=True))
    ]


def _lines(title: str) -> tuple[str, ...]:
    lines = wrap((Run(title),), CARD - 2 * PADDING + 4, TITLE)
    return tuple("".join(run.text for run in line) for line in lines) or ("",)


class _Row:
    """Cards side by side, and the lanes between them in which arrows pass."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self.top, self.bottom = cards[0].y, cards[0].y + cards[0].height
        edges = [edge for card in cards for edge in (card.x, card.x + card.width)]
        gaps = zip([0.0, *edges[1::2]], [*edges[::2], WIDTH], strict=True)
        self.lanes = [
            x
            for start, end in gaps
            for x in range(round(start) + DISTANCE, round(end) - DISTANCE + 1, LANE)
        ]
        self.used: set[int] = set()

    def lane(self, wanted: float) -> int:
        """Return the lane nearest to *wanted*, without an arrow in it if there is any."""
        free = [x for x in self.lanes if x not in self.used] or self.lanes
        lane = min(free, key=lambda x: abs(x - wanted))
        self.used.add(lane)
        return lane


def _arrows(
    cards: Mapping[str, Card], needs: Mapping[str, Sequence[str]]
) -> list[tuple[Point, ...]]:
    """Return the arrows; those to one card arrive side by side, in the order of their starts."""
    by_top: dict[float, list[Card]] = {}
    for card in cards.values():
        by_top.setdefault(card.y, []).append(card)
    rows = [_Row(by_top[top]) for top in sorted(by_top)]
    arrows = []
    for docname, card in cards.items():
        others = cards.keys() - {docname}
        sources = [cards[need] for need in needs.get(docname, ()) if need in others]
        sources.sort(key=lambda source: source.x)
        for number, source in enumerate(sources, 1):
            end = card.x + card.width * number / (len(sources) + 1)
            arrows.append(_arrow(source, (end, card.y), rows))
    return arrows


def _arrow(source: Card, end: Point, rows: Sequence[_Row]) -> tuple[Point, ...]:
    """Return the arrow from *source* to *end*, past the cards of the rows between them."""
    points = [(source.x + source.width / 2, source.y + source.height)]
    for row in rows:
        x, y = points[-1]
        if y < row.top and row.bottom < end[1]:
            straight = x + (end[0] - x) * (row.top - y) / (end[1] - y)
            lane = row.lane(straight)
            points += [(lane, row.top - DISTANCE), (lane, row.bottom + DISTANCE)]
    return (*points, end)


def curves(points: Sequence[Point]) -> list[tuple[Point, Point, Point]]:
    """Return the Bézier curves through *points*: for each the two controls and the end."""
    parts = []
    for (x1, y1), (x2, y2) in pairwise(points):
        bend = min(60.0, max(18.0, (y2 - y1) / 2))
        parts.append(((x1, y1 + bend), (x2, y2 - bend), (x2, y2)))
    return parts
