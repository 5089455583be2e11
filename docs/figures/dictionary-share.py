"""Draw what is known of how much a dictionary catches, as SVG and PDF.

Run ``python docs/figures/dictionary-share.py``; it writes ``dictionary-share.svg`` and
``dictionary-share.pdf`` beside this file.  The numbers are from the works that its caption cites.
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
    RULE,
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

TITLE = "How much has the dictionary caught?"
SUBTITLE = "Two numbers that are known, and the one you want"
#: What is measured, on what, and its share; nobody knows the last.
MEASURES = (
    ("of the variance, at least", "Claude 3 Sonnet, the largest dictionary", 0.65),
    ("of the latents, in two seeds", "Llama 3 8B, trained twice", 0.30),
    ("of the computation", "any model", None),
)
TOP, STEP, BAR, HEIGHT = 148.0, 88.0, 26.0, 408


def draw_measure(root: ET.Element, y: float, words: str, subject: str, share: float | None) -> None:
    """A bar for one measure, filled as far as it is known, with its words above."""
    known = share is not None
    value = f"{share:.0%}" if known else "?"
    colour = BLUE if known else RUST
    write(root, value, MARGIN, y, LABEL_SIZE, colour, font_weight="bold")
    write(root, words, MARGIN + 48, y, SMALL_SIZE, INK)
    write(root, subject, WIDTH - MARGIN, y, SMALL_SIZE, QUIET, text_anchor="end")
    width = WIDTH - 2 * MARGIN
    size = {"y": y + 16, "height": BAR}
    if share is None:
        frame = {"fill": "none", "stroke": RUST, "stroke_width": 2, "stroke_dasharray": "6 4"}
        add(root, "rect", x=MARGIN + 1, width=width - 2, **size, **frame)
        return
    add(root, "rect", x=MARGIN, width=width, fill=RULE, **size)
    add(root, "rect", x=MARGIN, width=width * share, fill=BLUE, **size)


def describe() -> str:
    """The whole figure in words."""
    parts = ["Three bars."]
    for words, subject, share in MEASURES:
        value = "an unknown share" if share is None else f"{share:.0%}"
        parts.append(f"{value[0].upper()}{value[1:]} {words} ({subject}).")
    return " ".join(parts)


def main() -> None:
    """Draw a bar for each measure and write both files."""
    root = begin("dictionary-share", TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    for number, measure in enumerate(MEASURES):
        draw_measure(root, TOP + number * STEP, *measure)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
