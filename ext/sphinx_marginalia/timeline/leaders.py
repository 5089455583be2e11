"""The lines from the axis of a timeline to its labels. Pure: numbers.

A curve leaves and arrives level, so that those of neighbours nest and never cross.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sphinx_marginalia.timeline.layout import Label

#: From the axis to its bracket, and from its tip to the middle of a mark.
BRACKET, BEFORE_MARK = 5.0, 5.0

Point = tuple[float, float]


class Leader(NamedTuple):
    """The line of one label."""

    #: The corners of the bracket beside a stretch of time; of a moment, none.
    bracket: tuple[Point, ...]
    #: A Bézier curve: start, two controls, end.
    curve: tuple[Point, Point, Point, Point]
    #: Where there is a dot on the axis, for a moment.
    dot: Point | None


def leader(label: Label) -> Leader | None:
    """Return the line of *label*; without a date, there is none."""
    if label.stretch is None:
        return None
    edge, start, end = label.stretch
    outwards = -1 if label.on_left else 1
    middle = (start + end) / 2
    is_moment = start == end
    tip = edge + outwards * (0 if is_moment else BRACKET)
    x, y = label.mark[0] - outwards * BEFORE_MARK, label.mark[1]
    bend = (tip + x) / 2
    bracket = ((edge, start + 2), (tip, start + 2), (tip, end - 2), (edge, end - 2))
    return Leader(
        () if is_moment else bracket,
        ((tip, middle), (bend, middle), (bend, y), (x, y)),
        (edge, middle) if is_moment else None,
    )
