"""Draw the cover of the EPUB.

    python tools/cover.py

Writes ``docs/_static/cover.png``. The title is set in Liberation Serif, and the units that light up
are computed, so the picture is the same each time. Needs the extra ``figures``.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from pathlib import Path

import cairosvg

COVER = Path(__file__).parent.parent / "docs" / "_static" / "cover.png"
WIDTH, HEIGHT, EDGE = 1200, 1800, 110
PAPER, FIELD, LIGHT, QUIET = "#f7f3ea", "#1f5673", "#f2b45c", "#7fa6bb"
TITLE = ("What mechanistic", "interpretability can", "and cannot do")
#: The units of the picture: a page of text, as a model sees it, with notes in its margin.
ROWS, COLUMNS, GAP = 15, 17, 42
NOTED = (2, 6, 11)


def write(root: ET.Element, words: str, x: float, y: float, size: int, **how: str) -> None:
    """Write a line of text."""
    style = {"font-family": "Liberation Serif", "font-size": str(size), "fill": PAPER, **how}
    ET.SubElement(root, "text", {"x": str(x), "y": str(y), **style}).text = words


def draw_units(root: ET.Element, top: int) -> None:
    """Draw the units, and lines from those that a note is about to the margin."""
    for row in range(ROWS):
        length = COLUMNS - (5 if row in {4, 9, 14} else 0)  # the last line of a paragraph
        for column in range(length):
            strength = math.sin(1.7 * row + 0.9 * column) * math.cos(0.6 * row - 1.3 * column)
            is_noted = row in NOTED and column == (5 * row) % 13
            x, y = EDGE + GAP / 2 + column * GAP, top + row * GAP
            radius = 15 if is_noted else 4 + 8 * abs(strength)
            fill = LIGHT if is_noted else QUIET
            circle = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{radius:.1f}", "fill": fill}
            ET.SubElement(root, "circle", circle)
            if is_noted:
                margin = EDGE + COLUMNS * GAP + 40
                ET.SubElement(root, "path", {
                    "d": f"M{x + 15:.1f} {y:.1f}H{margin}", "stroke": LIGHT, "stroke-width": "3"
                })  # fmt: skip
                for line, width in enumerate((170, 150, 90)):
                    ET.SubElement(root, "rect", {
                        "x": str(margin + 14), "y": f"{y - 6 + 24 * line:.1f}", "width": str(width),
                        "height": "9", "rx": "4", "fill": LIGHT,
                    })  # fmt: skip


def main() -> None:
    """Draw the cover."""
    size = {"width": str(WIDTH), "height": str(HEIGHT)}
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size})
    ET.SubElement(root, "rect", {**size, "fill": FIELD})
    for number, line in enumerate(TITLE):
        write(root, line, EDGE, 270 + 116 * number, 104)
    write(root, "A field assessment", EDGE, 650, 54, **{"font-style": "italic", "fill": LIGHT})
    draw_units(root, 830)
    write(root, "The sphinx-marginalia authors", EDGE, HEIGHT - 110, 44)
    cairosvg.svg2png(ET.tostring(root), write_to=str(COVER))
    print(COVER)


if __name__ == "__main__":
    main()
