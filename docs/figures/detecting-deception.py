"""Draw what an alarm is worth where deception is rare, as SVG and PDF.

Run ``python docs/figures/detecting-deception.py``; it writes ``detecting-deception.svg`` and
``detecting-deception.pdf`` beside this file.  The shares are computed from the two rates below.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plate import (
    INK,
    LABEL_SIZE,
    MARGIN,
    PLATE,
    QUIET,
    RUST,
    SMALL_SIZE,
    WIDTH,
    add,
    begin,
    heading,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

TITLE = "What is an alarm worth?"
SUBTITLE = "Of 100 alarms, how many are right?"

CAUGHT = 0.95  # of the deceptive answers, the lower end reported by Goldowsky-Dill et al. 2025
FLAGGED = 0.01  # of the other answers
RARITIES = (10, 100, 1_000, 10_000)  # one answer in so many is deceptive; assumed

SIDE, CELL, GAP = 10, 16.0, 4.5
GRID = SIDE * CELL + (SIDE - 1) * GAP
COLUMNS = (float(MARGIN), WIDTH - MARGIN - GRID - 20.0)
ROWS = (216.0, 508.0)
LEGEND_Y, HEIGHT = 130, 744


def right_alarms(rarity: int) -> int:
    """Bayes' rule: of 100 alarms, those raised by a deceptive answer."""
    true, false = CAUGHT / rarity, FLAGGED * (1 - 1 / rarity)
    return round(100 * true / (true + false))


def draw_cell(parent: ET.Element, x: float, y: float, right: bool) -> None:
    """One alarm: a filled square if it is right, a hollow one if it is false."""
    style = {"fill": RUST, "stroke": RUST} if right else {"fill": PLATE, "stroke": QUIET}
    box = {"width": CELL - 1.25, "height": CELL - 1.25, "rx": 2.5}
    add(parent, "rect", x=x + 0.625, y=y + 0.625, stroke_width=1.25, **box, **style)


def draw_legend(root: ET.Element) -> None:
    """What the two kinds of square mean."""
    draw_cell(root, COLUMNS[0], LEGEND_Y - CELL / 2, right=True)
    write(root, "right: the answer was deceptive", COLUMNS[0] + 24, LEGEND_Y, SMALL_SIZE, INK)
    draw_cell(root, COLUMNS[1], LEGEND_Y - CELL / 2, right=False)
    write(root, "false alarm", COLUMNS[1] + 24, LEGEND_Y, SMALL_SIZE, INK)


def draw_grid(root: ET.Element, rarity: int, x: float, y: float) -> None:
    """A hundred alarms in a square, those that are right first, and two lines above them."""
    right = right_alarms(rarity)
    write(root, f"{right} of 100 are right", x, y - 42, LABEL_SIZE, INK, font_weight="bold")
    write(root, f"if 1 answer in {rarity:,} deceives", x, y - 18, SMALL_SIZE, QUIET)
    for index in range(SIDE * SIDE):
        row, column = divmod(index, SIDE)
        step = CELL + GAP
        draw_cell(root, x + column * step, y + row * step, right=index < right)


def describe() -> str:
    """The whole figure in words."""
    parts = [
        f"If one answer in {rarity:,} is deceptive, {right_alarms(rarity)} of 100 alarms are right."
        for rarity in RARITIES
    ]
    return " ".join(["Four squares of a hundred cells, one for each alarm.", *parts])


def main() -> None:
    """Draw the four squares and write both files."""
    root = begin("detecting-deception", TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    draw_legend(root)
    places = [(x, y) for y in ROWS for x in COLUMNS]
    for rarity, (x, y) in zip(RARITIES, places, strict=True):
        draw_grid(root, rarity, x, y)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
