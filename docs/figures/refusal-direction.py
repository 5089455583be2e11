"""Draw "One direction, removed and added": refusal rates of five chat models.

Run ``python docs/figures/refusal-direction.py``.  The numbers are read off the result files that
Arditi and others published with their code, https://github.com/andyrdt/refusal_direction, commit
9d852fae1a9121c78b29142de733cb1340770cc3, ``pipeline/runs/*/completions/*_evaluations.json``: 100
minus the per cent in ``substring_matching_success_rate``, on 100 requests of either kind.
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

NAME, TITLE = "refusal-direction", "One direction, removed and added"
HEIGHT, TOP, ROW = 482, 196, 48
PANEL_WIDTH = 160


@dataclass(frozen=True)
class Model:
    """Refusals in per cent: harmful requests before and after, then harmless ones."""

    name: str
    harmful: tuple[int, int]
    harmless: tuple[int, int]


@dataclass(frozen=True)
class Panel:
    """One of the two experiments and where it is drawn."""

    requests: str
    change: str
    left: float
    colour: str


MODELS = (
    Model("Qwen 1.8B", (70, 1), (3, 98)),
    Model("Gemma 2B", (91, 0), (0, 100)),
    Model("Yi 6B", (62, 2), (5, 88)),
    Model("Llama 2 7B", (97, 7), (1, 100)),
    Model("Llama 3 8B", (95, 0), (1, 100)),
)
REMOVED = Panel("harmful requests", "direction removed", 150, RUST)
ADDED = Panel("harmless requests", "direction added", 358, BLUE)


def draw_scale(root: ET.Element, panel: Panel) -> None:
    """Heading of a panel and its lines at 0, 50 and 100 per cent."""
    write(root, panel.requests, panel.left, TOP - 64, LABEL_SIZE, INK)
    write(root, panel.change, panel.left, TOP - 42, LABEL_SIZE, panel.colour)
    bottom = TOP + ROW * len(MODELS)
    for value in (0, 50, 100):
        x = panel.left + value / 100 * PANEL_WIDTH
        path(root, ((x, TOP - 16), (x, bottom)), RULE, 1)
        label = f"{value} %" if value else "0"
        write(root, label, x, bottom + 16, SMALL_SIZE, QUIET, text_anchor="middle")


def draw_change(root: ET.Element, panel: Panel, y: float, change: tuple[int, int]) -> None:
    """An open circle before, an arrow to after, and both numbers above."""
    before, after = (panel.left + value / 100 * PANEL_WIDTH for value in change)
    arrow(root, (before, y), (after, y), panel.colour, 2.5)
    add(root, "circle", cx=before, cy=y, r=6, fill=PLATE, stroke=panel.colour, stroke_width="2.5")
    for x, value in zip((before, after), change, strict=True):
        write(root, str(value), x, y - 18, SMALL_SIZE, INK, text_anchor="middle")


def describe() -> str:
    """The whole figure in words."""
    rows = [
        f"{m.name}: harmful from {m.harmful[0]} to {m.harmful[1]}, "
        f"harmless from {m.harmless[0]} to {m.harmless[1]}."
        for m in MODELS
    ]
    return " ".join(["Per cent of requests refused, before and after.", *rows])


def main() -> None:
    """Draw both panels and write the files."""
    root = begin(NAME, TITLE, describe(), HEIGHT)
    heading(root, TITLE, "Requests refused by five chat models, in per cent")
    for panel in (REMOVED, ADDED):
        draw_scale(root, panel)
    for index, model in enumerate(MODELS):
        y = TOP + ROW * (index + 0.5) + 6
        write(root, model.name, MARGIN, y, LABEL_SIZE, INK)
        draw_change(root, REMOVED, y, model.harmful)
        draw_change(root, ADDED, y, model.harmless)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
