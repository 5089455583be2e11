"""The legend of a timeline: the mark of each group with its name. Pure: names in, numbers out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.timeline.measure import width
from sphinx_marginalia.timeline.wrapping import Run, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE, LINE, ROW_GAP = 12.5, 17.0, 5.0
#: Before the first mark, from a mark to its name, and from a name to the next mark.
EDGE, TO_NAME, APART = 9.0, 13.0, 22.0
#: Under the whole.
BELOW = 20.0


class Entry(NamedTuple):
    """A group in the legend."""

    group: int
    #: Where its mark is.
    mark: tuple[float, float]
    #: The lines of its name, each with its baseline.
    lines: tuple[tuple[float, float, str], ...]


def legend(groups: Sequence[str], room: float) -> tuple[list[Entry], float]:
    """Return the groups in rows no wider than *room*, and where what is below them begins."""
    entries: list[Entry] = []
    x, y, lowest = EDGE, 2.0, 2.0
    for group, name in enumerate(groups):
        lines = wrap((Run(name),), room - EDGE - TO_NAME - 4, SIZE)
        texts = ["".join(run.text for run in line) for line in lines]
        wide = max((width(text, SIZE) for text in texts), default=0.0)
        if x > EDGE and x + TO_NAME + wide > room - 4:
            x, y = EDGE, lowest + ROW_GAP
        placed = tuple(
            (x + TO_NAME, y + number * LINE + 0.76 * LINE, text)
            for number, text in enumerate(texts)
        )
        entries.append(Entry(group, (x, y + LINE / 2), placed))
        x += TO_NAME + wide + APART
        lowest = max(lowest, y + LINE * len(texts))
    return entries, lowest + BELOW if entries else 4.0
