"""Where everything in a timeline goes. Pure: milestones and a width in, numbers out.

The axis runs from top to bottom, to scale. A label stands as near to its date as its neighbours let
it, in the order of the dates, with a line to its place on the axis. Where the width has room for it
labels stand on both sides. So the figure grows in height, and nothing in it can overlap: labels are
in columns of their own, one below the other, and lines in the gap between those and the axis.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.timeline.axis import Axis, axis
from sphinx_marginalia.timeline.legend import Entry, legend
from sphinx_marginalia.timeline.wrapping import Run, line_width, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_marginalia.timeline.dates import When

#: Below the first a figure is not made narrower; from the second on it has labels on both sides.
NARROWEST, BOTH_SIDES = 200, 500
#: In pixels of the figure, which scales to the page.
EDGE, BAND, REACH, MARK, GAP = 2, 40, 34, 13, 14
#: What a line holds, with the size of its letters and its height.
SIZES = {"date": (12.0, 17.0), "title": (14.0, 18.5), "text": (12.5, 17.0)}
#: From the top of a line to its baseline, as a part of its height.
BASELINE = 0.76
#: The least height of an axis.
SHORTEST = 160.0


class Event(NamedTuple):
    """A milestone in the figure."""

    when: When | None
    #: The date, as a reader is told of it.
    date: str
    #: The place of its group in the legend; ``None`` for none.
    group: int | None
    title: tuple[Run, ...]
    text: tuple[Run, ...]


class Line(NamedTuple):
    """A line of text."""

    kind: str
    #: Where the line begins; on the left side of the axis, where it ends.
    x: float
    #: The baseline.
    y: float
    width: float
    runs: tuple[Run, ...]


class Time(NamedTuple):
    """Where something is on the axis."""

    #: Where the line to its label begins.
    point: float
    #: From where to where it is, unless it is a moment.
    stretch: tuple[float, float] | None


class Label(NamedTuple):
    """What is written of an event."""

    #: Its place among the events.
    event: int
    #: Whether it stands on the left of the axis, and its lines end there.
    on_left: bool
    y: float
    height: float
    lines: tuple[Line, ...]
    #: Where its mark is.
    mark: tuple[float, float]
    #: The edge of the axis on its side.
    edge: float
    #: Where it is on the axis; without a date, nothing.
    time: Time | None


class Drawing(NamedTuple):
    """The whole figure."""

    width: float
    height: float
    #: The left edge of the axis.
    left: float
    axis: Axis | None
    labels: tuple[Label, ...]
    legend: tuple[Entry, ...]


class _Block(NamedTuple):
    """The lines of an event, before it has a place."""

    event: int
    lines: tuple[tuple[str, tuple[Run, ...]], ...]

    @property
    def height(self) -> float:
        return sum(SIZES[kind][1] for kind, _ in self.lines)


def layout(events: Sequence[Event], groups: Sequence[str], width: float) -> Drawing:
    """Return where everything is, in a figure of that *width*.

    :param events: in the order of their dates
    :param groups: their names, for the legend
    """
    width = max(width, NARROWEST)
    sides = 2 if width >= BOTH_SIDES else 1
    left = (width - BAND) / 2 if sides == 2 else float(EDGE)
    limit = width - EDGE - (left + BAND + REACH + MARK)
    blocks = [_block(place, event, limit) for place, event in enumerate(events)]
    columns = _columns(events, blocks, sides)
    height = max([SHORTEST, *(_total(column) for column in columns)])
    entries, top = legend(groups, width)
    found = axis((event.when.span for event in events if event.when), top, height)
    labels = [
        label
        for number, column in enumerate(columns)
        for label in _labels(column, events, found, (top, height), _Side(left, number == 1))
    ]
    labels.sort(key=lambda label: label.event)
    return Drawing(width, top + height + EDGE, left, found, tuple(labels), tuple(entries))


class _Side(NamedTuple):
    """The right or the left of the axis, whose left edge is known."""

    left: float
    on_left: bool

    @property
    def edge(self) -> float:
        return self.left if self.on_left else self.left + BAND

    def away(self, distance: float) -> float:
        """Return what is *distance* away from the axis on this side."""
        return self.edge - distance if self.on_left else self.edge + distance


def _block(place: int, event: Event, limit: float) -> _Block:
    """Return the lines of an event: its date, then its title, then the rest."""
    parts = {"date": (Run(event.date),), "title": event.title, "text": event.text}
    lines = [
        (kind, line)
        for kind, runs in parts.items()
        for line in wrap(runs, limit, SIZES[kind][0], "title" if kind == "title" else "")
    ]
    return _Block(place, tuple(lines) or (("date", ()),))


def _total(column: Sequence[_Block]) -> float:
    return sum(block.height + GAP for block in column) - (GAP if column else 0)


def _columns(events: Sequence[Event], blocks: Sequence[_Block], sides: int) -> list[list[_Block]]:
    """Return the blocks by side: each goes where it gets nearer to its date."""
    columns: list[list[_Block]] = [[] for _ in range(sides)]
    free = [0.0] * sides
    height = max(SHORTEST, _total(blocks) / sides)
    estimate = axis((event.when.span for event in events if event.when), 0, height)
    last = sides - 1
    for block in blocks:
        wanted = _wanted(events[block.event], estimate, height)
        # Where both are as near, the other side than before.
        order = [(last + 1 + side) % sides for side in range(sides)]
        last = min(order, key=lambda side: max(free[side], wanted))
        columns[last].append(block)
        free[last] = max(free[last], wanted) + block.height + GAP
    return columns


def _wanted(event: Event, found: Axis | None, bottom: float) -> float:
    """Return the height of an event on the axis; without a date, at the bottom."""
    if event.when is None or found is None:
        return bottom
    return found.y(event.when.point)


def _labels(
    column: Sequence[_Block],
    events: Sequence[Event],
    found: Axis | None,
    room: tuple[float, float],
    side: _Side,
) -> list[Label]:
    """Return the blocks of one side in their places."""
    top, height = room
    shift = SIZES["date"][1] / 2
    wanted = [_wanted(events[block.event], found, top + height) - shift for block in column]
    heights = [block.height for block in column]
    places = spread(wanted, heights, top, top + height)
    labels = []
    for block, y in zip(column, places, strict=True):
        when = events[block.event].when
        lines = _lines(block, side.away(REACH + MARK), y)
        mark = (side.away(REACH), y + shift)
        time = _time(when, found) if when and found else None
        labels.append(
            Label(block.event, side.on_left, y, block.height, lines, mark, side.edge, time)
        )
    return labels


def _time(when: When, found: Axis) -> Time:
    """Return where *when* is on the axis."""
    start, end = (found.y(time) for time in when.span)
    point = found.y(when.point)
    return Time(point, (start, end) if when.is_stretch else None)


def _lines(block: _Block, x: float, y: float) -> tuple[Line, ...]:
    lines = []
    for kind, runs in block.lines:
        size, height = SIZES[kind]
        wide = line_width(runs, size, "title" if kind == "title" else "")
        lines.append(Line(kind, x, y + BASELINE * height, wide, runs))
        y += height
    return tuple(lines)


def spread(
    wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float
) -> list[float]:
    """Return where boxes begin that keep their order and do not touch, near to where they want.

    The sum of the squares of what each is moved by is the least there is. Without the heights of
    the boxes before each, this is isotonic regression, solved by pooling neighbours (Barlow et al.,
    Statistical Inference under Order Restrictions, 1972); what leaves the frame is moved to its
    edge, which keeps it the least.
    """
    offsets = [0.0, *accumulate(height + GAP for height in heights[:-1])][: len(heights)]
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
