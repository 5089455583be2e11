"""The marks of groups and their legend. Groups differ in shape, and in colour as well. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.core.drawing.text import Run, width, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_marginalia.core.drawing import Point

#: The colours in a PDF, and on a page if the project sets no others: the style sheet repeats them.
COLOURS = ("3677BC", "C25A28", "37874A", "9159B8", "96741A", "24838F", "BE4D78", "6C7784")


def _plus(arm: float, half: float) -> tuple[Point, ...]:
    upper = ((-half, -half), (-half, -arm), (half, -arm), (half, -half), (arm, -half), (arm, half))
    return (*upper, *((-x, -y) for x, y in upper))


#: Corners around the middle; a circle has none. The sizes make all look equally heavy.
OUTLINES: tuple[tuple[Point, ...], ...] = (
    (),
    ((-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)),
    ((-5.2, 4.4), (0, -5.4), (5.2, 4.4)),
    ((0, -6), (6, 0), (0, 6), (-6, 0)),
    ((-5.2, -4.4), (5.2, -4.4), (0, 5.4)),
    _plus(5.8, 2.1),
    ((-5.6, 0), (-2.8, -4.9), (2.8, -4.9), (5.6, 0), (2.8, 4.9), (-2.8, 4.9)),
    ((-6, -3.4), (6, -3.4), (6, 3.4), (-6, 3.4)),
)
RADIUS = 5.0

#: Of the legend: its letters and its lines.
SIZE, LINE, ROW_GAP = 12.5, 17.0, 5.0
#: Before the first mark, from a mark to its name, and from a name to the next mark.
EDGE, TO_NAME, APART = 9.0, 13.0, 22.0
#: Below the whole legend.
BELOW = 20.0


class Mark(NamedTuple):
    """How a group is marked."""

    outline: tuple[Point, ...]
    #: Otherwise only its outline is drawn.
    is_filled: bool
    #: The number of its colour, from 1; 0 is that of the text.
    colour: int

    def corners(self, middle: Point) -> list[Point]:
        """Return the corners of the mark around *middle*."""
        return [(middle[0] + x, middle[1] + y) for x, y in self.outline]


class Entry(NamedTuple):
    """A group in the legend."""

    group: int
    #: The middle of its mark.
    mark: Point
    #: The lines of its name, each with the start of its baseline.
    lines: tuple[tuple[Point, str], ...]


def mark_of(group: int | None, groups: int) -> Mark:
    """Return the mark of a *group*; the second eight are outlines.

    :param group: its index in the legend; ``None`` for a milestone without a group
    :param groups: the number of groups; if there are none, all milestones have the same mark
    """
    if group is None:
        return Mark((), is_filled=not groups, colour=0)
    number = group % len(OUTLINES)
    is_filled = group // len(OUTLINES) % 2 == 0
    return Mark(OUTLINES[number], is_filled, colour=number + 1)


def legend(groups: Sequence[str], room: float) -> tuple[list[Entry], float]:
    """Return the groups in rows no wider than *room*, and the top of what is below them."""
    entries: list[Entry] = []
    x, y, lowest = EDGE, 2.0, 2.0
    for group, name in enumerate(groups):
        lines = wrap((Run(name),), room - EDGE - TO_NAME - 4, SIZE)
        texts = ["".join(run.text for run in line) for line in lines]
        widest = max((width(text, SIZE) for text in texts), default=0.0)
        if x > EDGE and x + TO_NAME + widest > room - 4:
            x, y = EDGE, lowest + ROW_GAP
        placed = tuple(
            ((x + TO_NAME, y + number * LINE + 0.76 * LINE), text)
            for number, text in enumerate(texts)
        )
        entries.append(Entry(group, (x, y + LINE / 2), placed))
        x += TO_NAME + widest + APART
        lowest = max(lowest, y + LINE * len(texts))
    return entries, lowest + BELOW if entries else 4.0
