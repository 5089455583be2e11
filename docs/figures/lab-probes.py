"""Draw what probes read in Lab-2L, beside what is used, and what random directions read.

Run ``python docs/figures/lab-probes.py``; it writes an SVG and a PDF beside this file. Everything
is from ``probes.json`` and ``refusal-ablation.json`` in ``lab/results``.
"""

from __future__ import annotations

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
    begin,
    heading,
    measured,
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

NAME, TITLE = "lab-probes", "What can be read, and what is used"
SUBTITLE = "Probes on three small models"
HEIGHT = 676
LEFT, RIGHT, TOP, ROW = 210, 520, 152, 34
BOTTOM_TOP, PANEL = 476, 110
#: The name of the numbers, and the words for a row.
ROWS = (
    ("first_word", "first word (used)"),
    ("second_word", "second word"),
    ("third_word", "third word"),
    ("fourth_word", "fourth word"),
    ("control_labels", "control labels"),
    ("shuffled_labels", "shuffled labels"),
)


def x_of(share: float) -> float:
    """Where a share is on the scale."""
    return LEFT + share * (RIGHT - LEFT)


def draw_row(root: ET.Element, name: str, words: str, y: float) -> None:
    """The spread over three models as a line, the mean as a disc; open: before training."""
    numbers = measured("probes")[0]
    write(root, words, MARGIN, y, LABEL_SIZE, INK)
    pairs = ((f"untrained_{name}", RUST, PLATE, 6), (name, BLUE, BLUE, -3))
    for number, colour, fill, shift in pairs:
        if number in numbers:
            spread = numbers[number]
            place = y + shift
            path(root, ((x_of(spread["low"]), place), (x_of(spread["high"]), place)), colour, 2.5)
            disc = {"fill": fill, "stroke": colour, "stroke_width": "2.5"}
            add(root, "circle", cx=x_of(spread["mean"]), cy=place, r=5, **disc)


def draw_probes(root: ET.Element) -> None:
    """A row for each thing to read, chance as a dashed line."""
    bottom = TOP + ROW * len(ROWS)
    for share in (0, 0.5, 1):
        path(root, ((x_of(share), TOP - 18), (x_of(share), bottom - 12)), RULE, 1)
        write(
            root, f"{share:.0%}", x_of(share), bottom + 4, SMALL_SIZE, QUIET, text_anchor="middle"
        )
    chance = x_of(measured("probes")[0]["chance"]["mean"])
    path(root, ((chance, TOP - 18), (chance, bottom - 12)), QUIET, 1.5, stroke_dasharray="3 4")
    for index, (name, words) in enumerate(ROWS):
        draw_row(root, name, words, TOP + ROW * index)
    add(root, "circle", cx=MARGIN + 6, cy=bottom + 26, r=5, fill=BLUE)
    write(root, "trained", MARGIN + 18, bottom + 26, SMALL_SIZE, QUIET)
    ring = {"fill": PLATE, "stroke": RUST, "stroke_width": "2.5"}
    add(root, "circle", cx=MARGIN + 92, cy=bottom + 26, r=5, **ring)
    write(root, "before training", MARGIN + 104, bottom + 26, SMALL_SIZE, QUIET)
    write(root, "dashed: chance", MARGIN + 236, bottom + 26, SMALL_SIZE, QUIET)


def draw_random(root: ET.Element) -> None:
    """Random directions: how well each reads harm, and what is refused without it."""
    data = measured("refusal-ablation")[1]["random"]
    words = f"{len(data['auroc'])} random directions, and harmful requests"
    write(root, words, MARGIN, BOTTOM_TOP - 44, LABEL_SIZE, INK)
    write(root, "refused without it", MARGIN, BOTTOM_TOP - 20, SMALL_SIZE, QUIET)
    for share in (0, 0.5, 1):
        y = BOTTOM_TOP + PANEL * (1 - share)
        path(root, ((96, y), (RIGHT, y)), RULE, 1)
        write(root, f"{share:.0%}", 86, y, SMALL_SIZE, QUIET, text_anchor="end")
    for auroc, refused in zip(data["auroc"], data["removed"], strict=True):
        x = 100 + (auroc - 0.5) * 2 * (RIGHT - 104)
        y = BOTTOM_TOP + PANEL * (1 - refused)
        add(root, "circle", cx=x, cy=y, r=4.5, fill=BLUE, fill_opacity=0.45)
    for auroc in (0.5, 0.75, 1):
        x = 100 + (auroc - 0.5) * 2 * (RIGHT - 104)
        place = BOTTOM_TOP + PANEL + 22
        write(root, f"{auroc:g}", x, place, SMALL_SIZE, QUIET, text_anchor="middle")
    words = "how well it tells them from harmless ones (AUROC)"
    write(root, words, 96, BOTTOM_TOP + PANEL + 46, SMALL_SIZE, QUIET)


def describe() -> str:
    """The whole figure in words."""
    numbers = measured("probes")[0]
    parts = [f"{words} {numbers[name]['mean']:.0%}" for name, words in ROWS]
    best = measured("refusal-ablation")[0]["best_reader_auroc"]["mean"]
    return (
        f"How often a probe is right: {', '.join(parts)}. Below, the best of the random directions"
        f" reads harm with an AUROC of {best:.2f}, and removing it changes nothing."
    )


def draw() -> ET.Element:
    """Probes above, random directions below."""
    root = begin(NAME, TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    draw_probes(root)
    draw_random(root)
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
