"""The marks of groups: told by their shape, and by colour besides. Pure: numbers."""

from __future__ import annotations

from typing import NamedTuple

Points = tuple[tuple[float, float], ...]

#: As a page and a PDF have them, if a project sets no others; the style sheet has the same.
COLOURS = (
    "3677BC",
    "C25A28",
    "37874A",
    "9159B8",
    "96741A",
    "24838F",
    "BE4D78",
    "6C7784",
)


def _plus(arm: float, half: float) -> Points:
    upper = ((-half, -half), (-half, -arm), (half, -arm), (half, -half), (arm, -half), (arm, half))
    return (*upper, *((-x, -y) for x, y in upper))


#: Corners around the middle; without any, a circle. Sized so that all look as heavy.
OUTLINES: tuple[Points, ...] = (
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


class Shape(NamedTuple):
    """How a group is marked."""

    outline: Points
    #: Otherwise only its outline is drawn.
    filled: bool
    #: The number of its colour, from 1; 0 is that of the text.
    colour: int


def shape(group: int | None, groups: int) -> Shape:
    """Return the mark of a *group*; the second eight are outlines.

    :param group: its place in the legend; ``None`` for what is in none
    :param groups: how many there are: without any all have the same mark
    """
    if group is None:
        return Shape((), filled=not groups, colour=0)
    number = group % len(OUTLINES)
    return Shape(OUTLINES[number], filled=group // len(OUTLINES) % 2 == 0, colour=number + 1)
