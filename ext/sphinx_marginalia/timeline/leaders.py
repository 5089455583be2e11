"""The lines from the axis of a timeline to its labels. Pure: numbers.

A curve leaves and arrives level, so that those of neighbours nest and never cross.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_marginalia.timeline.layout import Label, Time

#: From the axis to its bracket, and from its tip to the middle of a mark.
BRACKET, BEFORE_MARK = 4.5, 5.0
#: How many brackets can stand beside each other.
LANES = 3

Point = tuple[float, float]


class Leader(NamedTuple):
    """The line of one label."""

    #: The place of what it belongs to among the events.
    event: int
    #: The corners of the bracket beside a stretch of time; of a moment, none.
    bracket: tuple[Point, ...]
    #: A Bézier curve: start, two controls, end.
    curve: tuple[Point, Point, Point, Point]
    #: Where there is a dot on the axis, for a moment.
    dot: Point | None


def leaders(labels: Sequence[Label]) -> list[Leader]:
    """Return the lines of *labels*, in the order of their dates; one without a date has none.

    Brackets beside stretches of time that overlap stand beside each other, so far as there is room.
    """
    found = []
    lanes: dict[tuple[bool, int], float] = {}
    for label in labels:
        if label.time is None:
            continue
        lane = 0
        if label.time.stretch:
            start, end = label.time.stretch
            free = (n for n in range(LANES) if lanes.get((label.on_left, n), start) <= start)
            lane = next(free, LANES - 1)
            lanes[label.on_left, lane] = end
        found.append(_leader(label, label.time, lane))
    return found


def _leader(label: Label, time: Time, lane: int) -> Leader:
    outwards = -1 if label.on_left else 1
    tip = label.edge + outwards * (BRACKET * (lane + 1) if time.stretch else 0)
    x, y = label.mark[0] - outwards * BEFORE_MARK, label.mark[1]
    bend = (tip + x) / 2
    bracket: tuple[Point, ...] = ()
    point = time.point
    if time.stretch:
        start, end = time.stretch[0] + 1.5, time.stretch[1] - 1.5
        point = min(max(point, start), end)
        bracket = ((label.edge, start), (tip, start), (tip, end), (label.edge, end))
    curve = ((tip, point), (bend, point), (bend, y), (x, y))
    return Leader(label.event, bracket, curve, None if time.stretch else (label.edge, point))
