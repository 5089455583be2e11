"""Draw how far five directions of research have been carried, as SVG and PDF.

Run ``python docs/figures/future-directions.py``; it writes ``future-directions.svg`` and
``future-directions.pdf`` beside this file.  Nothing but the table below goes into them.
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
    begin,
    draw_polygon,
    heading,
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

TITLE = "Reach and strength"
SUBTITLE = "How large a model each was shown on"

STAGES = ("toy task", "small model", "large model")
STAGE_X = (112.0, 280.0, 448.0)
TRACK_LEFT, TRACK_RIGHT = MARGIN, WIDTH - MARGIN
LEGEND_Y, LEGEND_STEP, STAGE_Y, FIRST_ROW, ROW, BAR = 126, 27, 204, 252, 104, 29
HEIGHT = 758


@dataclass(frozen=True)
class Direction:
    """One row: what was shown, how far along the stages, and which claim it can bear on."""

    name: str
    shown: str
    stage: int
    absence: bool
    report: int | None = None


DIRECTIONS = (
    Direction("Proofs", "bounds for a one-layer transformer", 0, absence=True),
    Direction("Models built to be read", "sparse weights, near GPT-1", 1, absence=True, report=2),
    Direction("Other architectures", "shared features in Mamba", 1, absence=False),
    Direction("Machines that interpret", "used in auditing Claude Opus 4.6", 2, absence=False),
    Direction("The level of cognition", "self-reports of Claude Opus 4.1", 2, absence=False),
)


def draw_mark(parent: ET.Element, x: float, y: float, absence: bool, hollow: bool = False) -> None:
    """A square for what can bear on absence, a circle for presence; hollow for a report."""
    colour = RUST if absence else BLUE
    style = {"fill": PLATE if hollow else colour, "stroke": colour, "stroke_width": 2.5}
    if absence:
        corners = ((-7.5, -7.5), (7.5, -7.5), (7.5, 7.5), (-7.5, 7.5))
        draw_polygon(parent, x, y, corners, **style)
    else:
        add(parent, "circle", cx=x, cy=y, r=8, **style)


def draw_legend(root: ET.Element) -> None:
    """What the marks mean."""
    draw_mark(root, MARGIN + 9, LEGEND_Y, absence=True)
    write(root, "could bear on absence", MARGIN + 28, LEGEND_Y, SMALL_SIZE, INK)
    draw_mark(root, MARGIN + 239, LEGEND_Y, absence=False)
    write(root, "bears on presence", MARGIN + 258, LEGEND_Y, SMALL_SIZE, INK)
    y = LEGEND_Y + LEGEND_STEP
    draw_mark(root, MARGIN + 9, y, absence=True, hollow=True)
    write(root, "a company's report on its own model", MARGIN + 28, y, SMALL_SIZE, INK)


def draw_stages(root: ET.Element) -> None:
    """The names of the three stages, and a tick for each of them in every row."""
    for name, x in zip(STAGES, STAGE_X, strict=True):
        write(root, name, x, STAGE_Y, SMALL_SIZE, QUIET, text_anchor="middle")
        for index in range(len(DIRECTIONS)):
            bar = FIRST_ROW + index * ROW + BAR
            path(root, ((x, bar - 15), (x, bar + 15)), RULE, 2)


def draw_row(root: ET.Element, direction: Direction, y: float) -> None:
    """The name, what was shown, and a bar that ends in the mark."""
    colour = RUST if direction.absence else BLUE
    end = STAGE_X[direction.stage]
    write(root, direction.name, TRACK_LEFT, y, LABEL_SIZE, INK)
    write(root, direction.shown, TRACK_LEFT, y + 56, SMALL_SIZE, QUIET)
    bar = y + BAR
    if direction.report is not None:
        reach = STAGE_X[direction.report]
        path(root, ((end, bar), (reach - 9, bar)), colour, 2.5, stroke_dasharray="5 5")
        draw_mark(root, reach, bar, direction.absence, hollow=True)
    path(root, ((TRACK_LEFT, bar), (end, bar)), colour, 5, stroke_linecap="round")
    draw_mark(root, end, bar, direction.absence)


def describe() -> str:
    """The whole figure in words."""
    parts = []
    for d in DIRECTIONS:
        claim = "could bear on absence" if d.absence else "bears on presence"
        parts.append(f"{d.name}: {STAGES[d.stage]} ({d.shown}); {claim}.")
        if d.report is not None:
            parts.append(f"A company reports a {STAGES[d.report]}.")
    return " ".join(["Five bars, each as long as its direction has been carried.", *parts])


def main() -> None:
    """Draw the five rows and write both files."""
    root = begin("future-directions", TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    draw_legend(root)
    draw_stages(root)
    for index, direction in enumerate(DIRECTIONS):
        draw_row(root, direction, FIRST_ROW + index * ROW)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
