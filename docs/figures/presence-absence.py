"""Draw what may follow from a search inside a model, as SVG and PDF.

Run ``python docs/figures/presence-absence.py``; it writes ``presence-absence.svg`` and
``presence-absence.pdf`` beside this file.  A schematic: nothing in it is measured.
"""

from __future__ import annotations

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
    begin,
    heading,
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

TITLE = "What follows from a search?"
SUBTITLE = "You see the row. You want to know the column."
DESCRIPTION = (
    "A table of two rows and two columns. The columns: the mechanism is there; it is not there. "
    "The rows: the search finds it; the search finds nothing. Found and there is a claim of "
    "presence, tested by changing it. Found and not there is a false alarm, which controls "
    "catch. Nothing found although it is there: missed, and no control shows it. Nothing found "
    "and nothing there: the claim of absence that a guarantee needs. A brace beside the second "
    "row says that these two look the same."
)

LEFT, TOP, GAP, HEIGHT = 136.0, 158.0, 12.0, 448
CELL = ((WIDTH - MARGIN - LEFT - GAP) / 2, 108.0)
#: The colour of each case, and what it is called and means, from left to right and down.
CASES = (
    (BLUE, "presence", "change it,|and see what follows"),
    (RUST, "a false alarm", "controls catch it"),
    (RUST, "missed", "no control shows it"),
    (QUIET, "absence", "what a guarantee|would need"),
)


def draw_case(root: ET.Element, number: int, ink: str, name: str, words: str) -> None:
    """A case: its name, and what can be done about it."""
    row, column = divmod(number, 2)
    x, y = LEFT + column * (CELL[0] + GAP), TOP + row * (CELL[1] + GAP)
    dashes = {"stroke_dasharray": "6 4"} if row else {}
    frame = {"rx": 6, "fill": "none", "stroke": ink, "stroke_width": 2, **dashes}
    add(root, "rect", x=x, y=y, width=CELL[0], height=CELL[1], **frame)
    middle = x + CELL[0] / 2
    write(root, name, middle, y + 30, LABEL_SIZE, ink, text_anchor="middle", font_weight="bold")
    for place, line in enumerate(words.split("|")):
        write(root, line, middle, y + 58 + 22 * place, SMALL_SIZE, INK, text_anchor="middle")


def draw_names(root: ET.Element) -> None:
    """The names of the columns and rows, and a brace below the row that looks the same."""
    for column, words in enumerate(("it is there", "it is not there")):
        x = LEFT + column * (CELL[0] + GAP) + CELL[0] / 2
        write(root, words, x, TOP - 22, SMALL_SIZE, QUIET, text_anchor="middle")
    for row, lines in enumerate((("the search", "finds it"), ("the search", "finds nothing"))):
        for place, line in enumerate(lines):
            y = TOP + row * (CELL[1] + GAP) + CELL[1] / 2 - 11 + 22 * place
            write(root, line, MARGIN, y, SMALL_SIZE, INK)
    low, right = TOP + 2 * CELL[1] + GAP + 10, WIDTH - MARGIN
    path(root, ((LEFT, low), (LEFT, low + 8), (right, low + 8), (right, low)), QUIET, 1.5)
    words = "from where you stand, these two look the same"
    middle = (LEFT + right) / 2
    write(root, words, middle, low + 28, SMALL_SIZE, QUIET, text_anchor="middle")


def main() -> None:
    """Draw the four cases and write both files."""
    root = begin("presence-absence", TITLE, DESCRIPTION, HEIGHT)
    heading(root, TITLE, SUBTITLE)
    draw_names(root)
    for number, case in enumerate(CASES):
        draw_case(root, number, *case)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
