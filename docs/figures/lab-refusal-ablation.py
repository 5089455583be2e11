"""Draw what Lab-2L refuses when a direction is removed or added, from the laboratory's results.

Run ``python docs/figures/lab-refusal-ablation.py``; it writes an SVG and a PDF beside this file.
Each point is the mean of three models, the line through it their spread.
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

NAME, TITLE = "lab-refusal-ablation", "Remove it, add it, remove another"
SUBTITLE = "Requests that three small models refuse, in per cent"
LEFT, RIGHT, TOP, ROW, HEIGHT = 296, 514, 116, 33, 520


@dataclass(frozen=True)
class Row:
    """What was done to which requests, and the names of its numbers: mean, lowest and highest."""

    change: str
    requests: str
    number: str
    lowest: str = ""


ROWS = (
    Row("nothing", "to hurt", "refused_before"),
    Row("its direction removed", "to hurt", "refused_after"),
    Row("a random one removed", "to hurt", "random_refused_mean", "random_refused_lowest"),
    Row("nothing", "to cheat", "cheat_refused_before"),
    Row("first direction removed", "to cheat", "cheat_refused_after_first"),
    Row("a second one removed too", "to cheat", "cheat_refused_after_second"),
    Row("first direction added", "harmless", "refused_when_added"),
    Row("a random vector added", "harmless", "control_refused_at_1"),
)
HEADS = {"to hurt": "Requests to hurt", "to cheat": "Requests to cheat", "harmless": "Harmless"}


def x_of(share: float) -> float:
    """Where a share is on the scale."""
    return LEFT + share * (RIGHT - LEFT)


def draw_scale(root: ET.Element, bottom: float) -> None:
    """Lines at 0, 50 and 100 per cent."""
    for share in (0, 0.5, 1):
        path(root, ((x_of(share), TOP - 6), (x_of(share), bottom)), RULE, 1)
        label = f"{100 * share:.0f}"
        write(root, label, x_of(share), bottom + 16, SMALL_SIZE, QUIET, text_anchor="middle")


def draw_row(root: ET.Element, row: Row, y: float, spread: tuple[float, float, float]) -> None:
    """What was done, the spread as a line, and the mean as a disc."""
    mean, low, high = spread
    colour = RUST if "removed" in row.change else BLUE if "added" in row.change else INK
    write(root, row.change, MARGIN + 18, y, LABEL_SIZE, INK)
    path(root, ((x_of(low), y), (x_of(high), y)), colour, 3)
    add(root, "circle", cx=x_of(mean), cy=y, r=6, fill=colour)


def spread_of(row: Row) -> tuple[float, float, float]:
    """Mean, lowest and highest share of a row; of random directions the worst one counts."""
    numbers = measured("refusal-ablation")[0] | measured("steering")[0]
    number = numbers[row.number]
    return number["mean"], numbers[row.lowest or row.number]["low"], number["high"]


def describe() -> str:
    """The whole figure in words."""
    rows = [f"{HEADS[row.requests]}, {row.change}: {100 * spread_of(row)[0]:.0f}." for row in ROWS]
    return " ".join(["Per cent of requests refused, mean of three models.", *rows])


def draw() -> ET.Element:
    """A row for each intervention, in groups by the kind of request."""
    root = begin(NAME, TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    y, group, places = TOP - 6.0, "", []
    for row in ROWS:
        if row.requests != group:
            group, y = row.requests, y + ROW * 1.15
            places.append((HEADS[group], y))
        y += ROW * 0.9
        places.append((row, y))
    draw_scale(root, y + 16)
    for what, place in places:
        if isinstance(what, Row):
            draw_row(root, what, place, spread_of(what))
        else:
            write(root, what, MARGIN, place, LABEL_SIZE, QUIET, font_style="italic")
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
