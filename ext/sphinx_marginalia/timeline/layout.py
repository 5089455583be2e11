"""The layout of a timeline. Pure: milestones and a width in, numbers out.

The axis runs from top to bottom, to scale within each quarter. Labels are in columns beside it, on
both sides if the figure is wide enough, in the order of their dates and as near to them as their
neighbours allow. Lines join them to the axis in the gap between. So the figure grows in height and
nothing overlaps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.core.drawing.text import Run, wrap
from sphinx_marginalia.timeline.axis import Axis, Leader, Time, axis, leader, spread
from sphinx_marginalia.timeline.marks import Entry, legend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_marginalia.core.drawing import Point
    from sphinx_marginalia.timeline.dates import When

#: The least width of a figure, and the least width with labels on both sides, in pixels.
NARROWEST, BOTH_SIDES = 200, 500
#: Around the figure, the axis, from there to a mark, from there to a label, between two labels.
EDGE, BAND, REACH, MARK, GAP = 2, 40, 34, 13, 14
#: The kinds of lines, with the size of their letters and their height.
SIZES = {"date": (12.0, 17.0), "title": (14.0, 18.5), "text": (12.5, 17.0)}
#: From the top of a line to its baseline, as a part of its height.
BASELINE = 0.76
#: The least height of an axis.
SHORTEST = 160.0
#: The most brackets beside each other.
LANES = 3


class Event(NamedTuple):
    """A milestone in the figure."""

    when: When | None
    #: The date in words.
    date: str
    #: The index of its group in the legend; ``None`` for none.
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
    runs: tuple[Run, ...]


class Label(NamedTuple):
    """The lines about an event."""

    #: Its index among the events.
    event: int
    #: Whether it is on the left of the axis, where its lines end at ``x``.
    on_left: bool
    y: float
    height: float
    lines: tuple[Line, ...]
    #: The middle of its mark.
    mark: Point
    #: The edge of the axis on its side.
    edge: float
    #: Its date on the axis, if it has one.
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
    #: The line of each label with a date, by the index of the event.
    leaders: dict[int, Leader]


class _Block(NamedTuple):
    """The lines of an event, before they have a position."""

    event: int
    when: When | None
    lines: tuple[tuple[str, tuple[Run, ...]], ...]

    @property
    def height(self) -> float:
        return sum(SIZES[kind][1] for kind, _ in self.lines)


def layout(events: Sequence[Event], groups: Sequence[str], width: float) -> Drawing:
    """Return the layout of a figure.

    :param events: in the order of their dates
    :param groups: their names, for the legend
    :param width: in pixels, the units of all numbers
    """
    width = max(width, NARROWEST)
    sides = 2 if width >= BOTH_SIDES else 1
    left = (width - BAND) / 2 if sides == 2 else float(EDGE)
    limit = width - EDGE - (left + BAND + REACH + MARK)
    blocks = [_block(index, event, limit) for index, event in enumerate(events)]
    columns = _columns(blocks, sides)
    height = max([SHORTEST, *(_total(column) for column in columns)])
    entries, top = legend(groups, width)
    years = _axis(blocks, sides, (top, height))
    if years:
        height = years.bounds[-1] - top
    labels = [
        label
        for side, column in zip(((left + BAND, 1), (left, -1)), columns, strict=False)
        for label in _labels(column, years, (top, height), side)
    ]
    labels.sort(key=lambda label: label.event)
    bottom = top + height + EDGE
    leaders = _leaders(labels)
    return Drawing(width, bottom, left, years, tuple(labels), tuple(entries), leaders)


def _block(index: int, event: Event, limit: float) -> _Block:
    """Return the lines of an event: its date, then its title, then its text."""
    parts = {"date": (Run(event.date),), "title": event.title, "text": event.text}
    lines = [
        (kind, line)
        for kind, runs in parts.items()
        for line in wrap(runs, limit, SIZES[kind][0], "title" if kind == "title" else "")
    ]
    return _Block(index, event.when, tuple(lines) or (("date", ()),))


def _total(column: Sequence[_Block]) -> float:
    return sum(block.height + GAP for block in column) - (GAP if column else 0)


def _columns(blocks: Sequence[_Block], sides: int) -> list[list[_Block]]:
    """Return the blocks by side, each on the side where it gets nearer to its date."""
    columns: list[list[_Block]] = [[] for _ in range(sides)]
    free = [0.0] * sides
    height = max(SHORTEST, _total(blocks) / sides)
    estimate = _axis(blocks, sides, (0, height))
    last = sides - 1
    for block in blocks:
        wanted = _wanted(block, estimate, height)
        # If both are as near, not the side of the block before.
        order = [(last + 1 + side) % sides for side in range(sides)]
        last = min(order, key=lambda side: max(free[side], wanted))
        columns[last].append(block)
        free[last] = max(free[last], wanted) + block.height + GAP
    return columns


def _axis(blocks: Sequence[_Block], sides: int, room: tuple[float, float]) -> Axis | None:
    """Return the axis of all events, in which each quarter has room for its blocks.

    :param room: its top, and its least height
    """
    dated = [(block.when, (block.height + GAP) / sides) for block in blocks if block.when]
    labels = [(when.point, size) for when, size in dated]
    return axis((when.span for when, _size in dated), *room, labels)


def _wanted(block: _Block, years: Axis | None, bottom: float) -> float:
    """Return the position of an event on the axis; without a date, the bottom."""
    return years.y(block.when.point) if block.when and years else bottom


def _labels(
    column: Sequence[_Block],
    years: Axis | None,
    room: tuple[float, float],
    side: tuple[float, int],
) -> list[Label]:
    """Return the blocks of one side in their positions.

    :param room: the top and the height of the axis
    :param side: the edge of the axis, and 1 for its right or -1 for its left
    """
    edge, outwards = side
    top, height = room
    shift = SIZES["date"][1] / 2
    wanted = [_wanted(block, years, top + height) - shift for block in column]
    heights = [block.height for block in column]
    labels = []
    for block, y in zip(column, spread(wanted, heights, GAP, top, top + height), strict=True):
        lines = _lines(block, edge + outwards * (REACH + MARK), y)
        mark = (edge + outwards * REACH, y + shift)
        time = _time(block.when, years) if block.when and years else None
        labels.append(Label(block.event, outwards < 0, y, block.height, lines, mark, edge, time))
    return labels


def _time(when: When, years: Axis) -> Time:
    start, end = (years.y(time) for time in when.span)
    return Time(years.y(when.point), (start, end) if when.is_period else None)


def _lines(block: _Block, x: float, y: float) -> tuple[Line, ...]:
    lines = []
    for kind, runs in block.lines:
        height = SIZES[kind][1]
        lines.append(Line(kind, x, y + BASELINE * height, runs))
        y += height
    return tuple(lines)


def _leaders(labels: Sequence[Label]) -> dict[int, Leader]:
    """Return the line of each label with a date.

    The brackets of periods that overlap are beside each other, while there are lanes for them.
    """
    leaders: dict[int, Leader] = {}
    ends: dict[tuple[bool, int], float] = {}
    for label in labels:
        if label.time is None:
            continue
        lane = 0
        if label.time.period:
            start, end = label.time.period
            free = (n for n in range(LANES) if ends.get((label.on_left, n), start) <= start)
            lane = next(free, LANES - 1)
            ends[label.on_left, lane] = end
        leaders[label.event] = leader(label.time, label.edge, label.mark, lane)
    return leaders
