"""The axis of a timeline: positions of dates, of labels beside it, and lines between them. Pure.

All quarters of years have the same length, unless the labels of one need more: then it gets more,
so that every label is near its date. A line leaves the axis and arrives level, so that the lines of
neighbours nest and never cross.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx_marginalia.core.drawing import Point

#: The numbers of years that one piece of the axis can stand for.
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
#: The least height of a piece, in pixels, so that its year can be read.
LEAST = 24
#: The parts of a piece that may differ in length, and the least height of one.
PARTS, LEAST_PART = 4, 2.0
#: A piece higher than this repeats its year, so that a reader who scrolls sees it.
REPEAT = 400
#: From the axis to its bracket, and from the tip of a line to the middle of a mark.
BRACKET, BEFORE_MARK = 4.5, 5.0


class Piece(NamedTuple):
    """A year on the axis, or several years."""

    label: str
    y: float
    height: float
    #: The tops of its labels.
    tops: tuple[float, ...]


class Axis(NamedTuple):
    """Years from top to bottom."""

    first: int
    step: int
    #: The top of each part of a piece, and the bottom of the last.
    bounds: tuple[float, ...]

    def y(self, time: float) -> float:
        """Return the position of *time*, in years."""
        parts = (time - self.first) / self.step * PARTS
        part = min(int(parts), len(self.bounds) - 2)
        start, end = self.bounds[part : part + 2]
        return start + (parts - part) * (end - start)

    def pieces(self) -> list[Piece]:
        """Return the years, or groups of years, that the axis consists of."""
        pieces = []
        for number, (y, end) in enumerate(pairwise(self.bounds[::PARTS])):
            labels = max(1, int((end - y) / REPEAT))
            tops = tuple(y + (end - y) * label / labels for label in range(labels))
            year = max(self.first + number * self.step, 1)
            pieces.append(Piece(str(year), y, end - y, tops))
        return pieces


def axis(
    spans: Iterable[tuple[float, float]],
    top: float,
    height: float,
    labels: Iterable[tuple[float, float]] = (),
) -> Axis | None:
    """Return an axis that contains all *spans*, with pieces that can be read; of none, ``None``.

    :param height: the least height; labels may need more
    :param labels: for each the time and the height that it needs
    """
    pairs = list(spans)
    if not pairs:
        return None
    begin, end = min(start for start, _ in pairs), max(end for _, end in pairs)
    sizes = list(labels)
    for step in STEPS:
        first, last = floor(begin / step) * step, ceil(end / step) * step
        needed = _needed(first, last, step, sizes)
        # Years without labels take a third at most.
        if sum(needed) <= max(height, 1.5 * sum(size for _time, size in sizes)):
            break
    return Axis(first, step, tuple(accumulate(_shared(height, needed), initial=top)))


def _needed(first: int, last: int, step: int, labels: Sequence[tuple[float, float]]) -> list[float]:
    """Return the heights that the parts of all pieces need."""
    needed = [0.0] * ((last - first) // step * PARTS)
    for time, size in labels:
        needed[min(int((time - first) / step * PARTS), len(needed) - 1)] += size
    for start in range(0, len(needed), PARTS):
        missing = max(0.0, LEAST - sum(needed[start : start + PARTS])) / PARTS
        for part in range(start, start + PARTS):
            needed[part] = max(needed[part] + missing, LEAST_PART)
    return needed


def _shared(height: float, needed: Sequence[float]) -> list[float]:
    """Return the heights of parts: equal ones, except where a part needs more."""
    rest, level = height, 0.0
    for number, need in enumerate(sorted(needed, reverse=True)):
        level = rest / (len(needed) - number)
        if need <= level:
            break
        rest -= need
    return [max(need, level) for need in needed]


def spread(
    wanted: Sequence[float], heights: Sequence[float], gap: float, top: float, bottom: float
) -> list[float]:
    """Return tops of boxes that keep their order and do not touch, as near as can be to *wanted*.

    The sum of the squares of the distances is the least possible. Without the heights of the boxes
    before each, this is isotonic regression, solved by pooling neighbours (Barlow et al.,
    Statistical Inference under Order Restrictions, 1972). Moving what leaves the frame to its edge
    keeps the sum the least.
    """
    offsets = [0.0, *accumulate(height + gap for height in heights[:-1])][: len(heights)]
    pools: list[tuple[float, int]] = []
    for goal, offset in zip(wanted, offsets, strict=True):
        mean, size = goal - offset, 1
        while pools and pools[-1][0] > mean:
            other, count = pools.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        pools.append((mean, size))
    most = bottom - offsets[-1] - heights[-1] if heights else top
    levels = [min(max(mean, top), most) for mean, size in pools for _ in range(size)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]


class Time(NamedTuple):
    """A date on the axis."""

    #: Where the line to its label begins.
    point: float
    #: Its begin and end, unless it is a moment.
    period: tuple[float, float] | None


class Leader(NamedTuple):
    """The line from the axis to a label."""

    #: The corners of the bracket beside a period; a moment has none.
    bracket: tuple[Point, ...]
    #: A Bézier curve: start, two controls, end.
    curve: tuple[Point, Point, Point, Point]
    #: The dot of a moment on the axis.
    dot: Point | None


def leader(time: Time, edge: float, mark: Point, lane: int) -> Leader:
    """Return the line from *time* on the axis to a *mark*.

    :param edge: the edge of the axis on the side of the mark
    :param lane: the number of brackets between the axis and the bracket of this line
    """
    outwards = -1 if mark[0] < edge else 1
    x, y = mark[0] - outwards * BEFORE_MARK, mark[1]
    tip, point = edge, time.point
    bracket: tuple[Point, ...] = ()
    if time.period:
        tip += outwards * BRACKET * (lane + 1)
        inset = min(1.5, (time.period[1] - time.period[0]) / 2)
        start, end = time.period[0] + inset, time.period[1] - inset
        point = min(max(point, start), end)
        bracket = ((edge, start), (tip, start), (tip, end), (edge, end))
    bend = (tip + x) / 2
    curve = ((tip, point), (bend, point), (bend, y), (x, y))
    return Leader(bracket, curve, None if time.period else (edge, point))
