"""How the arrows of a learning path run: between the cards, never behind one. Pure: numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx_marginalia.articles.layout import Card

#: Pixels between two arrows side by side, and between an arrow and a card it passes.
LANE, DISTANCE = 6, 5


class Arrow(NamedTuple):
    """From what is needed to the article that needs it."""

    #: Each joined to the next by a curve that leaves and arrives upright.
    points: tuple[tuple[float, float], ...]


class _Row:
    """Cards side by side, and the lanes between them in which arrows pass."""

    def __init__(self, cards: Sequence[Card], width: float) -> None:
        self.top, self.bottom = cards[0].y, cards[0].y + cards[0].height
        edges = [0.0, *(edge for card in cards for edge in (card.x, card.x + card.width)), width]
        self.lanes = [
            x
            for start, end in zip(edges[::2], edges[1::2], strict=True)
            for x in range(round(start) + DISTANCE, round(end) - DISTANCE + 1, LANE)
        ]
        self.taken: set[int] = set()

    def lane(self, wanted: float) -> int:
        """Take the lane nearest to *wanted*, one that no other arrow has if there is any."""
        free = [x for x in self.lanes if x not in self.taken] or self.lanes
        lane = min(free, key=lambda x: abs(x - wanted))
        self.taken.add(lane)
        return lane


def arrows(
    cards: Mapping[str, Card], needs: Mapping[str, Sequence[str]], width: float
) -> list[Arrow]:
    """Return the arrows; those to one card arrive side by side, in the order they come from."""
    by_top: dict[float, list[Card]] = {}
    for card in cards.values():
        by_top.setdefault(card.y, []).append(card)
    rows = [_Row(by_top[top], width) for top in sorted(by_top)]
    found = []
    for docname, card in cards.items():
        others = cards.keys() - {docname}
        sources = [cards[need] for need in needs.get(docname, ()) if need in others]
        sources.sort(key=lambda source: source.x)
        for place, source in enumerate(sources, 1):
            end = card.x + card.width * place / (len(sources) + 1)
            found.append(_arrow(source, (end, card.y), rows))
    return found


def _arrow(source: Card, end: tuple[float, float], rows: Sequence[_Row]) -> Arrow:
    """Return the arrow from *source* to *end*, past the cards of the rows between them."""
    points = [(source.x + source.width / 2, source.y + source.height)]
    for row in rows:
        x, y = points[-1]
        if y < row.top and row.bottom < end[1]:
            straight = x + (end[0] - x) * (row.top - y) / (end[1] - y)
            lane = row.lane(straight)
            points += [(lane, row.top - DISTANCE), (lane, row.bottom + DISTANCE)]
    return Arrow((*points, end))


def curves(
    points: Sequence[tuple[float, float]],
) -> list[tuple[tuple[float, float], tuple[float, float], tuple[float, float]]]:
    """Return the Bézier curves through *points*: for each the two controls and the end."""
    found = []
    for (x1, y1), (x2, y2) in pairwise(points):
        bend = min(60.0, max(18.0, (y2 - y1) / 2))
        found.append(((x1, y1 + bend), (x2, y2 - bend), (x2, y2)))
    return found
