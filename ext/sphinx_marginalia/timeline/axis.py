"""The axis of a timeline: years that are as long as each other. Pure: numbers."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How many years a piece of the axis can stand for.
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
#: The least height of a piece, so that its year can be read.
LEAST = 24
#: At what distance a label is repeated.
AGAIN = 400


class Piece(NamedTuple):
    """A year on the axis, or some years."""

    label: str
    y: float
    height: float
    #: The tops of its labels: a long piece has several, so that a reader who scrolls sees one.
    tops: tuple[float, ...]


class Axis(NamedTuple):
    """Where a time is."""

    first: int
    last: int
    step: int
    top: float
    height: float

    def y(self, time: float) -> float:
        """Return the height of *time*, in years."""
        return self.top + (time - self.first) * self.height / (self.last - self.first)

    def pieces(self) -> list[Piece]:
        """Return the years, or groups of years, that the axis is made of."""
        height = self.height * self.step / (self.last - self.first)
        return [
            Piece(str(max(year, 1)), self.y(year), height, _tops(self.y(year), height))
            for year in range(self.first, self.last, self.step)
        ]


def _tops(top: float, height: float) -> tuple[float, ...]:
    times = max(1, int(height / AGAIN))
    return tuple(top + height * time / times for time in range(times))


def axis(spans: Iterable[tuple[float, float]], top: float, height: float) -> Axis | None:
    """Return an axis that holds all *spans*, in pieces that can be told apart; of none, nothing."""
    known = list(spans)
    if not known:
        return None
    begin, end = min(start for start, _ in known), max(end for _, end in known)
    for step in STEPS:
        first, last = floor(begin / step) * step, ceil(end / step) * step
        if (last - first) / step * LEAST <= height:
            break
    return Axis(first, last, step, top, height)
