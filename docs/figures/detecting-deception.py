"""Draw what an alarm is worth where deception is rare, as SVG and PDF.

Run ``python docs/figures/detecting-deception.py``; it writes ``detecting-deception.svg`` and
``detecting-deception.pdf`` beside this file.  The shares are computed from the rates below.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plate import (
    INK,
    LABEL_SIZE,
    MARGIN,
    PLATE,
    QUIET,
    RUST,
    SMALL_SIZE,
    WIDTH,
    add,
    begin,
    heading,
    number,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

TITLE = "What is an alarm worth?"
SUBTITLE = "Of 100 alarms, how many are right?"

#: Detectors: the share of deceptive answers that they catch, and where the number is from.
DETECTORS = (
    (0.95, "as reported"),  # Goldowsky-Dill et al. 2025, the lower end
    (0.73, "threshold corrected"),  # Cooney et al. 2026, on the role-plays
    (0.01, "threshold from elsewhere"),  # Parrack et al. 2025, one probe
)
FLAGGED = 0.01  # of the other answers
RARITIES = (10, 100, 1_000, 10_000)  # one answer in so many is deceptive; assumed

SIDE, CELL, GAP = 10, 8.6, 2.4
GRID = SIDE * CELL + (SIDE - 1) * GAP
COLUMNS = tuple(
    MARGIN + index * (WIDTH - 2 * MARGIN - GRID) / (len(RARITIES) - 1)
    for index in range(len(RARITIES))
)
HEAD_Y, FIRST_Y, STEP_Y = 184.0, 268.0, 198.0
LEGEND_Y, HEIGHT = 130, 810


def right_alarms(caught: float, rarity: int) -> int:
    """Bayes' rule: of 100 alarms, those raised by a deceptive answer."""
    true, false = caught / rarity, FLAGGED * (1 - 1 / rarity)
    return round(100 * true / (true + false))


def draw_cells(parent: ET.Element, corners: list[tuple[float, float]], right: bool) -> None:
    """Alarms as squares, in one path: filled if they are right, hollow if they are false."""
    style = {"fill": RUST, "stroke": RUST} if right else {"fill": PLATE, "stroke": QUIET}
    side = number(CELL - 1)
    squares = (f"M{number(x + 0.5)} {number(y + 0.5)}h{side}v{side}h-{side}z" for x, y in corners)
    if corners:
        add(parent, "path", d="".join(squares), stroke_width=1, **style)


def draw_legend(root: ET.Element) -> None:
    """What the two kinds of square mean."""
    draw_cells(root, [(COLUMNS[0], LEGEND_Y - CELL / 2)], right=True)
    write(root, "right: the answer was deceptive", COLUMNS[0] + 20, LEGEND_Y, SMALL_SIZE, INK)
    draw_cells(root, [(COLUMNS[2] + 40, LEGEND_Y - CELL / 2)], right=False)
    write(root, "false alarm", COLUMNS[2] + 60, LEGEND_Y, SMALL_SIZE, INK)


def draw_heads(root: ET.Element) -> None:
    """How rare deception is, above each column."""
    write(root, "if this many answers are deceptive:", COLUMNS[0], HEAD_Y - 22, SMALL_SIZE, QUIET)
    for rarity, x in zip(RARITIES, COLUMNS, strict=True):
        write(root, f"1 in {rarity:,}", x, HEAD_Y, SMALL_SIZE, QUIET)


def draw_grid(root: ET.Element, right: int, x: float, y: float) -> None:
    """A hundred alarms in a square, those that are right first, and their number below."""
    step = CELL + GAP
    corners = [(x + column * step, y + row * step) for row in range(SIDE) for column in range(SIDE)]
    draw_cells(root, corners[:right], right=True)
    draw_cells(root, corners[right:], right=False)
    write(root, str(right), x, y + GRID + 18, SMALL_SIZE, INK, font_weight="bold")


def draw_row(root: ET.Element, caught: float, source: str, y: float) -> None:
    """A detector: what it catches, where that is from, and a square for each rarity."""
    words = f"catches {caught:.0%} ({source})"
    write(root, words, COLUMNS[0], y - 26, LABEL_SIZE, INK, font_weight="bold")
    for rarity, x in zip(RARITIES, COLUMNS, strict=True):
        draw_grid(root, right_alarms(caught, rarity), x, y)


def describe() -> str:
    """The whole figure in words."""
    parts = ["Squares of a hundred cells, one for each alarm, in three rows."]
    for caught, _source in DETECTORS:
        rights = ", ".join(
            f"{right_alarms(caught, rarity)} if one answer in {rarity:,} is" for rarity in RARITIES
        )
        parts.append(f"Of a detector that catches {caught:.0%} of deceptive answers, {rights}.")
    return " ".join(parts)


def main() -> None:
    """Draw a row of squares for each detector and write both files."""
    root = begin("detecting-deception", TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    draw_legend(root)
    draw_heads(root)
    for index, (caught, source) in enumerate(DETECTORS):
        draw_row(root, caught, source, FIRST_Y + index * STEP_Y)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
