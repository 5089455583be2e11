"""Draw what patching finds in Lab-2L, both ways, and how a gradient errs.

Run ``python docs/figures/lab-patching.py``; it writes an SVG and a PDF beside this file.
Everything is from ``lab/results/patching.json``: the map with a third giver, the curve with names
swapped.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from plate import (
    BLUE,
    INK,
    LABEL_SIZE,
    MARGIN,
    PLATE_EDGE,
    QUIET,
    RULE,
    RUST,
    SMALL_SIZE,
    add,
    begin,
    heading,
    measured,
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

NAME, TITLE = "lab-patching", "Enough, needed, and estimated"
SUBTITLE = "One component of a small model is patched"
HEIGHT = 716
#: The map: where the two sentences differ, and the last position.
PLACES = ((5, "at the giver"), (6, "at the end"))
WAYS = (("denoising_probability", "enough?"), ("noising_probability", "needed?"))
CELL_WIDTH, CELL_HEIGHT, GAP, MAP_LEFT, MAP_TOP = 89, 26, 4, 163, 158
#: The curve.
LEFT, RIGHT, TOP, BOTTOM = 80, 360, 516, 652


def rows() -> list[tuple[int, int | None]]:
    """Layer and head of each row; without a head it is the MLP."""
    return [(layer, head) for layer in (0, 1) for head in (0, 1, 2, 3, None)]


def effect(layer: int, head: int | None, position: int, name: str) -> float:
    """One number of the map."""
    for one in measured("patching")[1]["third"]["components"]:
        if (one["layer"], one["head"], one["position"]) == (layer, head, position):
            value: float = one[name]
    return value


def draw_cell(root: ET.Element, x: float, y: float, value: float) -> None:
    """A cell that is the darker the larger its number."""
    size = {"width": CELL_WIDTH - GAP, "height": CELL_HEIGHT - GAP, "rx": 3}
    share = min(1, max(0, value))
    add(root, "rect", x=x, y=y, fill="none", stroke=PLATE_EDGE, **size)
    add(root, "rect", x=x, y=y, fill=BLUE, fill_opacity=0.55 * share, **size)
    middle = x + (CELL_WIDTH - GAP) / 2
    number = f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")
    place = y + (CELL_HEIGHT - GAP) / 2
    write(root, number, middle, place, SMALL_SIZE, INK, text_anchor="middle")


def draw_map(root: ET.Element) -> None:
    """A row for each component, four columns: two positions, both ways."""
    for index, (layer, head) in enumerate(rows()):
        y = MAP_TOP + index * CELL_HEIGHT + (8 if layer else 0)
        name = f"layer {layer + 1} " + ("MLP" if head is None else f"head {head + 1}")
        write(root, name, MARGIN, y + 11, LABEL_SIZE, INK)
        for column, (position, kind) in enumerate((p, w) for p, _ in PLACES for w, _ in WAYS):
            x = MAP_LEFT + column * CELL_WIDTH + (8 if column > 1 else 0)
            draw_cell(root, x, y, effect(layer, head, position, kind))
    for place, (_, words) in enumerate(PLACES):
        x = MAP_LEFT + place * (2 * CELL_WIDTH + 8)
        write(root, words, x, MAP_TOP - 38, LABEL_SIZE, QUIET, font_style="italic")
        for way, (_, question) in enumerate(WAYS):
            write(root, question, x + way * CELL_WIDTH, MAP_TOP - 14, SMALL_SIZE, QUIET)


def at(alpha: float, share: float) -> tuple[float, float]:
    """Where a point of the curve is."""
    return LEFT + alpha * (RIGHT - LEFT), BOTTOM - share * (BOTTOM - TOP)


def draw_curve(root: ET.Element, curve: dict[str, Any]) -> None:
    """How far the answer goes on the way to the patch, and what the slope at its start promises."""
    write(root, "The MLP at the giver, patched step by step", MARGIN, TOP - 44, LABEL_SIZE, INK)
    for share in (0, 0.5, 1):
        path(root, (at(0, share), at(1, share)), RULE, 1)
        place = at(0, share)
        write(root, f"{share:g}", LEFT - 10, place[1], SMALL_SIZE, QUIET, text_anchor="end")
    pairs = {
        name: list(zip(curve["alpha"], curve[name], strict=True)) for name in ("share", "tangent")
    }
    path(root, [at(*pair) for pair in pairs["share"]], BLUE, 3)
    path(root, [at(*pair) for pair in pairs["tangent"]], RUST, 2.5, stroke_dasharray="7 5")
    for name, words, colour in (("share", "patched", BLUE), ("tangent", "one gradient", RUST)):
        x, y = at(*pairs[name][-1])
        write(root, words, x + 12, y, LABEL_SIZE, colour)
    write(root, "corrupted value", LEFT, BOTTOM + 24, SMALL_SIZE, QUIET)
    write(root, "clean value", RIGHT, BOTTOM + 24, SMALL_SIZE, QUIET, text_anchor="end")
    write(root, "Share of the way to the clean answer", MARGIN, TOP - 21, SMALL_SIZE, QUIET)


def describe() -> str:
    """The whole figure in words."""
    parts = ["Shares of the way from the corrupted to the clean answer."]
    for layer, head in rows():
        for position, place in PLACES:
            numbers = [effect(layer, head, position, name) for name, _ in WAYS]
            if max(numbers) > 0.1:
                name = "MLP" if head is None else f"head {head + 1}"
                both = f"denoising {numbers[0]:.2f}, noising {numbers[1]:.2f}"
                parts.append(f"Layer {layer + 1} {name} {place}: {both}.")
    return " ".join(parts)


def draw() -> ET.Element:
    """The map above, the curve below."""
    root = begin(NAME, TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    draw_map(root)
    draw_curve(root, measured("patching")[1]["swapped"]["curves"]["mlp"])
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
