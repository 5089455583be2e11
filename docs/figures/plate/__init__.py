"""What the figures of this book share: a warm plate, its colours, and files that stay the same.

A figure is a program beside this package.  It makes a plate, draws on it and saves it::

    root = begin("my-figure", "What it shows", "The whole figure in words.", height=400)
    heading(root, "What it shows", "and on what")
    add(root, "circle", cx=280, cy=250, r=40, fill=BLUE)
    write(root, "a label", 280, 320, SMALL_SIZE, INK, text_anchor="middle")
    save(root, Path(__file__), "What it shows")

``save`` writes ``my-figure.svg`` and ``my-figure.pdf``.  The figure is about 350 pixels wide on a
phone, so no text is smaller than ``SMALL_SIZE``; and colour never stands alone: pair it with a
shape, a dash or a word.
"""

from .colours import BLUE, GREEN, INK, PLATE, PLATE_EDGE, PURPLE, QUIET, RULE, RUST
from .drawing import add, arrow, begin, draw_polygon, heading, number, path, write
from .files import measured, save, serialise
from .sizes import LABEL_SIZE, MARGIN, SMALL_SIZE, TITLE_SIZE, WIDTH

__all__ = [
    "BLUE",
    "GREEN",
    "INK",
    "LABEL_SIZE",
    "MARGIN",
    "PLATE",
    "PLATE_EDGE",
    "PURPLE",
    "QUIET",
    "RULE",
    "RUST",
    "SMALL_SIZE",
    "TITLE_SIZE",
    "WIDTH",
    "add",
    "arrow",
    "begin",
    "draw_polygon",
    "heading",
    "measured",
    "number",
    "path",
    "save",
    "serialise",
    "write",
]
