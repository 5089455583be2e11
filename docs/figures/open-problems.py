"""Draw one circle and four dictionaries of directions for it, as SVG and PDF.

Run ``python docs/figures/open-problems.py``; it writes ``open-problems.svg`` and
``open-problems.pdf`` beside this file.  The explained variance is computed from points spread
evenly on the circle, each rebuilt from the one direction that fits it best.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plate import (
    BLUE,
    INK,
    LABEL_SIZE,
    MARGIN,
    QUIET,
    RUST,
    SMALL_SIZE,
    WIDTH,
    add,
    arrow,
    begin,
    heading,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

TITLE = "One circle, four dictionaries"
SUBTITLE = "Each has directions; none has the circle"

POINTS, DOTS = 2_520, 60  # for the computation and for the eye
RADIUS = 92.0
COLUMNS = (MARGIN + 122.0, WIDTH - MARGIN - 122.0)
ROWS = (326.0, 624.0)
LEGEND_Y, HEIGHT = 130, 752


@dataclass(frozen=True)
class Dictionary:
    """Directions at equal angles, the first of them at ``turn`` of their spacing."""

    size: int
    turn: float
    label: str

    @property
    def angles(self) -> list[float]:
        """The directions, in radians."""
        return [2 * math.pi * (index + self.turn) / self.size for index in range(self.size)]


DICTIONARIES = (
    Dictionary(4, 0, "4 directions"),
    Dictionary(4, 0.5, "4 directions, turned by 45°"),
    Dictionary(7, 0.25, "7 directions"),
    Dictionary(12, 0, "12 directions"),
)


def explained(dictionary: Dictionary) -> float:
    """Share of the points' variance that remains when each keeps only its best direction."""
    total = 0.0
    for index in range(POINTS):
        angle = 2 * math.pi * (index + 0.5) / POINTS
        total += max(math.cos(angle - other) for other in dictionary.angles) ** 2
    return total / POINTS


def percent(dictionary: Dictionary) -> str:
    """The explained variance as it is written on the plate."""
    return f"{100 * explained(dictionary):.0f}% of the variance"


def draw_panel(root: ET.Element, dictionary: Dictionary, x: float, y: float) -> None:
    """The circle of points, the dictionary's directions, and two lines above them."""
    write(root, percent(dictionary), x, y - 144, LABEL_SIZE, INK, text_anchor="middle")
    write(root, dictionary.label, x, y - 120, SMALL_SIZE, QUIET, text_anchor="middle")
    for angle in dictionary.angles:
        tip = (x + (RADIUS - 7) * math.cos(angle), y - (RADIUS - 7) * math.sin(angle))
        arrow(root, (x, y), tip, RUST, 1.75)
    for index in range(DOTS):
        angle = 2 * math.pi * index / DOTS
        dot = (x + RADIUS * math.cos(angle), y - RADIUS * math.sin(angle))
        add(root, "circle", cx=dot[0], cy=dot[1], r=2.75, fill=BLUE)


def draw_legend(root: ET.Element) -> None:
    """What the dots and the arrows are."""
    add(root, "circle", cx=MARGIN + 6, cy=LEGEND_Y, r=2.75, fill=BLUE)
    write(root, "an activation", MARGIN + 20, LEGEND_Y, SMALL_SIZE, INK)
    arrow(root, (MARGIN + 150, LEGEND_Y), (MARGIN + 182, LEGEND_Y), RUST, 1.75)
    write(root, "a direction in the dictionary", MARGIN + 194, LEGEND_Y, SMALL_SIZE, INK)


def describe() -> str:
    """The whole figure in words."""
    parts = [f"{dictionary.label}: {percent(dictionary)}." for dictionary in DICTIONARIES]
    return " ".join(["Four copies of a circle of points, with directions from its centre.", *parts])


def main() -> None:
    """Draw the four panels and write both files."""
    root = begin("open-problems", TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    draw_legend(root)
    places = [(x, y) for y in ROWS for x in COLUMNS]
    for dictionary, (x, y) in zip(DICTIONARIES, places, strict=True):
        draw_panel(root, dictionary, x, y)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
