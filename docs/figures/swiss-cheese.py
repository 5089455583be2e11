"""Draw what two layers of defence miss together, as SVG and PDF.

Run ``python docs/figures/swiss-cheese.py``; it writes ``swiss-cheese.svg`` and
``swiss-cheese.pdf`` beside this file.  Each layer misses one case in ten in every square; what
differs is which cases they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plate import (
    BLUE,
    GREEN,
    INK,
    LABEL_SIZE,
    MARGIN,
    QUIET,
    RULE,
    RUST,
    SMALL_SIZE,
    WIDTH,
    add,
    begin,
    heading,
    number,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

TITLE = "Where are the holes?"
SUBTITLE = "Of 100 cases, how many pass two layers?"

SIDE, CELL, GAP = 10, 11.4, 3.2
STEP = CELL + GAP
GRID = SIDE * STEP - GAP
COLUMNS = tuple(MARGIN + index * (WIDTH - 2 * MARGIN - GRID) / 2 for index in range(3))
LEGEND_Y, GRID_Y, HEIGHT = 126, 206, 424

ROW = frozenset((column, 4) for column in range(SIDE))  # the first layer misses these ten cases
#: What the squares are called, and the ten cases that the second layer misses.
SQUARES = (
    ("apart", frozenset((column, 6) for column in range(SIDE))),
    ("independent", frozenset((4, row) for row in range(SIDE))),
    ("the same", ROW),
)


def draw_case(parent: ET.Element, x: float, y: float, first: bool, second: bool) -> None:
    """A case: a dot if both layers stop it, a bar for each that misses it, a block for both."""
    mid, end = CELL / 2, CELL
    if first and second:
        add(parent, "rect", x=x, y=y, width=CELL, height=CELL, fill=RUST)
    elif first:
        d = f"M{number(x)} {number(y + mid)}h{number(end)}"
        add(parent, "path", d=d, stroke=BLUE, stroke_width=4)
    elif second:
        d = f"M{number(x + mid)} {number(y)}v{number(end)}"
        add(parent, "path", d=d, stroke=GREEN, stroke_width=4)
    else:
        add(parent, "circle", cx=x + mid, cy=y + mid, r=2, fill=RULE)


def draw_legend(root: ET.Element) -> None:
    """What the marks mean."""
    marks = (
        ("missed by the first", True, False, COLUMNS[0]),
        ("by the second", False, True, COLUMNS[0] + 190),
        ("by both: it passes", True, True, COLUMNS[0] + 340),
    )
    for words, first, second, x in marks:
        draw_case(root, x, LEGEND_Y - CELL / 2, first, second)
        write(root, words, x + 20, LEGEND_Y, SMALL_SIZE, INK)


def draw_square(root: ET.Element, name: str, second: frozenset[tuple[int, int]], x: float) -> None:
    """A hundred cases, how the holes lie above them, and how many cases pass below."""
    write(
        root,
        f"holes {name}" if name != "the same" else "the same holes",
        x,
        GRID_Y - 24,
        SMALL_SIZE,
        QUIET,
    )
    for row in range(SIDE):
        for column in range(SIDE):
            case = (column, row)
            draw_case(root, x + column * STEP, GRID_Y + row * STEP, case in ROW, case in second)
    words = f"{len(ROW & second)} pass" + ("es" if len(ROW & second) == 1 else "")
    write(root, words, x, GRID_Y + GRID + 26, LABEL_SIZE, INK, font_weight="bold")


def describe() -> str:
    """The whole figure in words."""
    parts = ["Three squares of a hundred cases. In each, either of two layers misses ten cases."]
    for name, second in SQUARES:
        parts.append(f"Holes {name}: {len(ROW & second)} of the hundred pass both layers.")
    return " ".join(parts)


def main() -> None:
    """Draw a square for each way in which the holes can lie, and write both files."""
    root = begin("swiss-cheese", TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    draw_legend(root)
    for (name, second), x in zip(SQUARES, COLUMNS, strict=True):
        draw_square(root, name, second, x)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
