"""Draw dose and response of steering in Lab-2L, with control vectors.

Run ``python docs/figures/lab-steering.py``; it writes an SVG and a PDF beside this file. The
curves are from ``lab/results/steering.json``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plate import (
    INK,
    LABEL_SIZE,
    MARGIN,
    QUIET,
    RULE,
    RUST,
    SMALL_SIZE,
    begin,
    heading,
    measured,
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Sequence

NAME, TITLE = "lab-steering", "A dose, and what it spoils"
SUBTITLE = "A vector is added to harmless requests"
LEFT, RIGHT, HEIGHT = 84, 530, 640
TOPS, PANEL = (180, 424), 140


def at(top: float, dose: float, share: float) -> tuple[float, float]:
    """Where a point of a curve is; doses are on a scale that is finer near 0."""
    largest = measured("steering")[1]["doses"][-1]
    return LEFT + (dose / largest) ** 0.5 * (RIGHT - LEFT), top + PANEL * (1 - share)


def draw_axes(root: ET.Element, top: float, title: str) -> None:
    """A title, lines for shares, and doses below."""
    write(root, title, MARGIN, top - 34, LABEL_SIZE, INK)
    for share in (0, 0.5, 1):
        path(root, (at(top, 0, share), at(top, 4, share)), RULE, 1)
        y = at(top, 0, share)[1]
        write(root, f"{share:.0%}", LEFT - 10, y, SMALL_SIZE, QUIET, text_anchor="end")
    for dose in (0, 0.25, 0.5, 1, 2, 4):
        x, y = at(top, dose, 0)
        path(root, ((x, y), (x, y + 5)), RULE, 1)
        write(root, f"{dose:g}", x, y + 18, SMALL_SIZE, QUIET, text_anchor="middle")


def draw_line(
    root: ET.Element, top: float, shares: Sequence[float], colour: str, width: float
) -> None:
    """One curve over all doses."""
    doses = measured("steering")[1]["doses"]
    points = [at(top, dose, share) for dose, share in zip(doses, shares, strict=True)]
    path(root, points, colour, width)


def describe() -> str:
    """The whole figure in words."""
    numbers = measured("steering")[0]
    parts = [
        f"Half of the requests are refused at a dose of {numbers['half_dose']['mean']:.2f}.",
        f"At a dose of 1 the vector makes the model refuse {numbers['refused_at_1']['mean']:.0%},",
        f"random vectors {numbers['control_refused_at_1']['mean']:.0%}. These spoil between",
        f"{numbers['control_spoilt_at_1_least']['low']:.0%} and",
        f"{numbers['control_spoilt_at_1_most']['high']:.0%} of the answers.",
    ]
    return " ".join(parts)


def draw() -> ET.Element:
    """Refusals above, spoilt answers below."""
    data = measured("steering")[1]
    root = begin(NAME, TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    for top, name, title in zip(
        TOPS, ("refused", "spoilt"), ("Refused", "Refused or answered wrongly"), strict=True
    ):
        draw_axes(root, top, title)
        for control in data["controls"]:
            draw_line(root, top, control[name], QUIET, 1)
        draw_line(root, top, data["steered"][name], RUST, 3.5)
    x, y = at(TOPS[0], 0.8, 0.8)
    write(root, "the direction of refusal", x + 4, y, LABEL_SIZE, RUST)
    words = f"{len(data['controls'])} random vectors of its length"
    x, y = at(TOPS[0], 4, 0.28)
    write(root, words, x, y, LABEL_SIZE, QUIET, text_anchor="end")
    write(root, "dose, 1 is the difference of means", LEFT, HEIGHT - 28, SMALL_SIZE, QUIET)
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
