"""Draw "What an attribution graph is made of": a schematic of nodes, edges and gaps.

Run ``python docs/figures/circuit-tracing.py``.  The example is the two-step question that Lindsey
and others study in "On the Biology of a Large Language Model"; the drawing is ours and leaves out
most of what a real graph holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plate import (
    BLUE,
    GREEN,
    INK,
    LABEL_SIZE,
    MARGIN,
    PLATE,
    QUIET,
    RULE,
    RUST,
    SMALL_SIZE,
    add,
    arrow,
    begin,
    draw_polygon,
    heading,
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

NAME, TITLE = "circuit-tracing", "What an attribution graph is made of"
DESCRIPTION = (
    "From bottom to top. Words of the prompt: capital, state, Dallas. Capital and state lead to "
    "the features 'say a capital', Dallas leads to 'Texas'; both lead to 'say Austin', and so does "
    "Dallas directly. 'Say Austin' leads to the output Austin. Two error nodes point to 'say "
    "Austin' and to the output."
)
HEIGHT, HALF = 616, 19
ERROR_SIZE = 13


@dataclass(frozen=True)
class Node:
    """A word, a group of features or the output, as a box around its label."""

    label: str
    x: float
    y: float
    width: float
    colour: str
    fill: str = PLATE

    @property
    def top(self) -> tuple[float, float]:
        """Middle of the upper edge, where influence leaves."""
        return self.x, self.y - HALF

    def bottom(self, shift: float = 0) -> tuple[float, float]:
        """A point of the lower edge, where influence arrives."""
        return self.x + shift, self.y + HALF + 2


CAPITAL = Node("capital", 98, 462, 92, QUIET, RULE)
STATE = Node("state", 218, 462, 80, QUIET, RULE)
DALLAS = Node("Dallas", 404, 462, 88, QUIET, RULE)
SAY_CAPITAL = Node("say a capital", 158, 350, 134, BLUE)
TEXAS = Node("Texas", 356, 350, 86, BLUE)
SAY_AUSTIN = Node("say Austin", 258, 244, 118, BLUE)
AUSTIN = Node("Austin", 258, 148, 92, GREEN)
NODES = (CAPITAL, STATE, DALLAS, SAY_CAPITAL, TEXAS, SAY_AUSTIN, AUSTIN)
EDGES = (
    (CAPITAL, SAY_CAPITAL, -24, 2.5),
    (STATE, SAY_CAPITAL, 26, 1.5),
    (DALLAS, TEXAS, 8, 3),
    (SAY_CAPITAL, SAY_AUSTIN, -22, 2),
    (TEXAS, SAY_AUSTIN, 22, 3),
    (SAY_AUSTIN, AUSTIN, 0, 3.5),
)
ERRORS = (((92, 244), (194, 244)), ((420, 148), (310, 148)))


def draw_node(root: ET.Element, node: Node) -> None:
    """A rounded box with its label in the middle."""
    box = {"width": node.width, "height": 2 * HALF, "rx": 8}
    left, top = node.x - node.width / 2, node.y - HALF
    style = {"fill": node.fill, "stroke": node.colour, "stroke_width": "2"}
    add(root, "rect", x=left, y=top, **box, **style)
    write(root, node.label, node.x, node.y, LABEL_SIZE, INK, text_anchor="middle")


def draw_shortcut(root: ET.Element) -> None:
    """The direct route from Dallas, bent around Texas."""
    (x, y), (tip_x, tip_y) = (430, DALLAS.y - HALF), (SAY_AUSTIN.x + 61, SAY_AUSTIN.y)
    add(
        root,
        "path",
        d=f"M{x} {y} C{x + 24} 330 {x - 10} {tip_y} {tip_x + 14} {tip_y}",
        fill="none",
        stroke=INK,
        stroke_width="1.75",
    )
    arrow(root, (tip_x + 16, tip_y), (tip_x, tip_y), INK, 1.75)
    write(root, "direct", 448, 350, SMALL_SIZE, QUIET)


def draw_diamond(root: ET.Element, x: float, y: float) -> None:
    """The sign of an error node."""
    size = ERROR_SIZE
    corners = ((0, -size), (size, 0), (0, size), (-size, 0))
    style = {"fill": PLATE, "stroke": RUST, "stroke_width": "2", "stroke_dasharray": "4 3"}
    draw_polygon(root, x, y, corners, **style)


def draw_errors(root: ET.Element) -> None:
    """Nodes that have effects and no explanation."""
    for (x, y), tip in ERRORS:
        side = ERROR_SIZE + 3 if tip[0] > x else -ERROR_SIZE - 3
        arrow(root, (x + side, y), tip, RUST, 1.75, stroke_dasharray="5 4")
        draw_diamond(root, x, y)
        write(root, "error", x, y + 30, SMALL_SIZE, RUST, text_anchor="middle")


def draw_key(root: ET.Element) -> None:
    """What the signs mean, and what has no sign because it is left out."""
    y = 518
    path(root, ((MARGIN, y - 14), (530, y - 14)), RULE, 1)
    box = {"width": 26, "height": 18, "rx": 5, "fill": PLATE, "stroke": BLUE, "stroke_width": "2"}
    add(root, "rect", x=MARGIN, y=y + 3, **box)
    write(root, "a group of features, named by a person", 72, y + 12, SMALL_SIZE, INK)
    draw_diamond(root, MARGIN + 13, y + 42)
    write(root, "what the stand-in missed here", 72, y + 42, SMALL_SIZE, INK)
    text = "Not drawn: why attention looks where it does."
    write(root, text, MARGIN, y + 74, SMALL_SIZE, QUIET, font_style="italic")


def main() -> None:
    """Edges first, so that boxes and diamonds lie on top; then write the files."""
    root = begin(NAME, TITLE, DESCRIPTION, HEIGHT)
    heading(root, TITLE, "The capital of the state containing Dallas is …")
    for start, end, shift, width in EDGES:
        arrow(root, start.top, end.bottom(shift), INK, width)
    draw_shortcut(root)
    draw_errors(root)
    for node in NODES:
        draw_node(root, node)
    write(root, "output", 258 - 46 - 58, 148, SMALL_SIZE, QUIET)
    draw_key(root)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
