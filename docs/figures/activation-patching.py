"""Draw "Two directions, two circuits" as SVG and PDF.

Run ``python docs/figures/activation-patching.py``.  What lights up is computed from the two gates.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plate import (
    BLUE,
    INK,
    LABEL_SIZE,
    MARGIN,
    PLATE,
    QUIET,
    RULE,
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
    from collections.abc import Callable

TITLE = "Two directions, two circuits"
GATES: dict[str, Callable[[bool, bool], bool]] = {
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
}
COLUMN, FIRST_COLUMN = 250, MARGIN
TOP, ROW = 176, 244
NODE = 17


@dataclass(frozen=True)
class Direction:
    """One way to patch part A: the state of the run, and the state that A is given."""

    name: str
    does: str
    run: bool

    def output(self, gate: str) -> bool:
        """Whether the behaviour is there when A, and only A, has been patched."""
        return GATES[gate](not self.run, self.run)

    def finds(self, gate: str) -> bool:
        """Whether the patch of A changes the behaviour at all."""
        return self.output(gate) != self.run


NOISING = Direction("Noising", "damage A in the clean run", run=True)
DENOISING = Direction("Denoising", "restore A in the corrupted run", run=False)


def node(root: ET.Element, x: float, y: float, label: str, *, on: bool) -> None:
    """A part: full when it carries the clean value, empty and dashed when it does not."""
    fill = BLUE if on else PLATE
    style = {} if on else {"stroke_dasharray": "4 3"}
    add(root, "circle", cx=x, cy=y, r=NODE, fill=fill, stroke=BLUE, stroke_width=2, **style)
    write(root, label, x, y, LABEL_SIZE, PLATE if on else BLUE, text_anchor="middle")


def patched(root: ET.Element, x: float, y: float) -> None:
    """A ring around the part that was patched."""
    add(root, "circle", cx=x, cy=y, r=NODE + 6, fill="none", stroke=RUST, stroke_width=2.5)


def gate_box(root: ET.Element, x: float, y: float, label: str) -> None:
    """The gate between the parts and the output."""
    box = {"width": 52, "height": 36, "rx": 6}
    add(root, "rect", x=x - 26, y=y - 18, fill=PLATE, stroke=INK, stroke_width=1.5, **box)
    write(root, label, x, y, SMALL_SIZE, INK, text_anchor="middle", letter_spacing="0.06em")


def lamp(root: ET.Element, x: float, y: float, *, on: bool) -> None:
    """The behaviour: a lamp with rays when it is there, an empty one when it is not."""
    style = {} if on else {"stroke_dasharray": "4 3"}
    fill = INK if on else PLATE
    add(root, "circle", cx=x, cy=y, r=11, fill=fill, stroke=INK, stroke_width=2, **style)
    if on:
        for dx, dy in ((0, -1), (0.71, -0.71), (1, 0), (0.71, 0.71), (0, 1)):
            ray = ((x + 16 * dx, y + 16 * dy), (x + 22 * dx, y + 22 * dy))
            path(root, ray, INK, 2, stroke_linecap="round")


def circuit(root: ET.Element, x: float, y: float, direction: Direction, gate: str) -> None:
    """Parts A and B, the gate and the behaviour, with what the patch shows below them."""
    for dy, on in ((-34, not direction.run), (34, direction.run)):
        start = (x + 30 + NODE + 9, y + 0.8 * dy)
        path(root, (start, (x + 92, y + 0.2 * dy)), QUIET, 1.75)
        node(root, x + 30, y + dy, "A" if dy < 0 else "B", on=on)
    patched(root, x + 30, y - 34)
    gate_box(root, x + 118, y, gate.upper())
    arrow(root, (x + 145, y), (x + 182, y), QUIET)
    on = direction.output(gate)
    lamp(root, x + 198, y, on=on)
    finds = direction.finds(gate)
    change = ("lost" if direction.run else "regained") if finds else "unchanged"
    write(root, f"behaviour {change}:", x + 7, y + 82, SMALL_SIZE, QUIET)
    verdict = "A is found" if finds else "A is missed"
    write(root, verdict, x + 7, y + 103, LABEL_SIZE, INK if finds else RUST, font_weight="bold")


def draw_row(root: ET.Element, y: float, direction: Direction) -> None:
    """A direction with both circuits."""
    path(root, ((MARGIN, y), (WIDTH - MARGIN, y)), RULE, 1)
    write(root, direction.name, MARGIN, y + 24, LABEL_SIZE, INK, font_weight="bold")
    write(root, direction.does, MARGIN + 96, y + 24, LABEL_SIZE, QUIET)
    for column, gate in enumerate(GATES):
        circuit(root, FIRST_COLUMN + column * COLUMN, y + 102, direction, gate)


def draw_key(root: ET.Element) -> None:
    """What full, empty and ringed parts mean."""
    y = 124
    for x, on, label in ((MARGIN + 10, True, "clean"), (MARGIN + 98, False, "corrupted")):
        style = {} if on else {"stroke_dasharray": "4 3"}
        fill = BLUE if on else PLATE
        add(root, "circle", cx=x, cy=y, r=9, fill=fill, stroke=BLUE, stroke_width=2, **style)
        write(root, label, x + 17, y, SMALL_SIZE, INK)
    add(root, "circle", cx=MARGIN + 222, cy=y, r=10, fill="none", stroke=RUST, stroke_width=2.5)
    write(root, "patched", MARGIN + 240, y, SMALL_SIZE, INK)
    lamp(root, MARGIN + 332, y, on=True)
    write(root, "behaviour is there", MARGIN + 362, y, SMALL_SIZE, INK)


def describe() -> str:
    """The whole figure in words."""
    verdicts = [
        f"{direction.name}, {direction.does}, in the {gate.upper()} circuit: "
        f"A is {'found' if direction.finds(gate) else 'missed'}."
        for direction in (NOISING, DENOISING)
        for gate in GATES
    ]
    return " ".join(("Parts A and B feed a gate whose output is a behaviour.", *verdicts))


def draw() -> ET.Element:
    """The whole figure."""
    root = begin("activation-patching", TITLE, describe(), TOP + 2 * ROW - 4)
    heading(root, TITLE, "which patches reveal that part A matters")
    draw_key(root)
    draw_row(root, TOP - 20, NOISING)
    draw_row(root, TOP - 20 + ROW, DENOISING)
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
