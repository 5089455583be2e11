"""Draw the two routes from a steering vector to the conduct of a model, as SVG and PDF.

Run ``python docs/figures/two-routes.py``; it writes ``two-routes.svg`` and ``two-routes.pdf``
beside this file.  A schematic: nothing in it is measured.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plate import (
    BLUE,
    INK,
    MARGIN,
    QUIET,
    RUST,
    SMALL_SIZE,
    WIDTH,
    add,
    arrow,
    begin,
    heading,
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

TITLE = "Which way did the push go?"
SUBTITLE = "Two experiments, and the routes open to each"
DESCRIPTION = (
    "Two rows of boxes joined by arrows. In the first, a vector for tests is subtracted. A solid "
    "arrow leads through a box, awareness of the test, to the conduct, which changes; a dashed "
    "arrow leads around the box, by way of anything else the push disturbs. In the second, a "
    "vector for shelves is used. No arrow leads through the box; only the dashed one is open, and "
    "the conduct changes all the same."
)

BOX_HEIGHT, DETOUR = 58.0, 74.0
FIRST, MIDDLE, LAST = (MARGIN, 128.0), (206.0, 168.0), (WIDTH - MARGIN - 108.0, 108.0)
ROWS_Y, HEIGHT = (166.0, 346.0), 480


def draw_box(root: ET.Element, place: tuple[float, float], y: float, lines: str, ink: str) -> None:
    """A box with two lines of text in the middle of it."""
    x, width = place
    top = y - BOX_HEIGHT / 2
    frame = {"rx": 6, "fill": "none", "stroke": ink, "stroke_width": 1.5}
    add(root, "rect", x=x, y=top, width=width, height=BOX_HEIGHT, **frame)
    for line, shift in zip(lines.split("|"), (-11, 11), strict=True):
        write(root, line, x + width / 2, y + shift, SMALL_SIZE, ink, text_anchor="middle")


def draw_detour(root: ET.Element, y: float) -> None:
    """The dashed route around the box in the middle, with what it stands for."""
    start, end, low = FIRST[0] + FIRST[1] / 2, LAST[0] + LAST[1] / 2, y + DETOUR
    foot = y + BOX_HEIGHT / 2
    path(root, ((start, foot), (start, low), (end, low)), RUST, 2, stroke_dasharray="6 4")
    arrow(root, (end, low), (end, foot + 2), RUST, 2)
    words = "by way of anything else that the push disturbs"
    write(root, words, WIDTH / 2, low + 18, SMALL_SIZE, RUST, text_anchor="middle")


def draw_row(root: ET.Element, y: float, vector: str, aware: bool) -> None:
    """An experiment: the vector, the awareness it may move, the conduct, and the routes."""
    draw_box(root, FIRST, y, vector, INK)
    draw_box(root, MIDDLE, y, "awareness|of the test", BLUE if aware else QUIET)
    draw_box(root, LAST, y, "conduct|changes", INK)
    if aware:
        for (x, width), (tip, _width) in ((FIRST, MIDDLE), (MIDDLE, LAST)):
            arrow(root, (x + width, y), (tip - 2, y), BLUE, 2)
    else:
        gap = (FIRST[0] + FIRST[1] + MIDDLE[0]) / 2
        for slope in (-1, 1):
            path(root, ((gap - 7, y - 7 * slope), (gap + 7, y + 7 * slope)), QUIET, 2)
    draw_detour(root, y)


def main() -> None:
    """Draw both experiments and write both files."""
    root = begin("two-routes", TITLE, DESCRIPTION, HEIGHT)
    heading(root, TITLE, SUBTITLE)
    draw_row(root, ROWS_Y[0], "vector|for tests", aware=True)
    draw_row(root, ROWS_Y[1], "vector|for shelves", aware=False)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
