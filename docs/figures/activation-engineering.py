"""Draw "The same mean, two kinds of concept": why a mean difference hides disagreement.

Run ``python docs/figures/activation-engineering.py``.  A simulation with a fixed seed: in each
panel 40 differences of pairs are drawn from a normal distribution and shifted so that both panels
have exactly the same mean.  The numbers below the panels are computed from what is drawn.
"""

from __future__ import annotations

import math
import random
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
    arrow,
    begin,
    heading,
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

NAME, TITLE = "activation-engineering", "The same mean, two kinds of concept"
SEED, PAIRS, FARTHEST = 22, 40, 1.9
MEAN = (46.0, 0.0)
HEIGHT, TOP, PANEL_WIDTH, PANEL_HEIGHT, GAP = 502, 158, 240, 228, 20
ORIGIN_X, ORIGIN_Y = 72, 114  # where the arrows of a panel begin

Vector = tuple[float, float]


@dataclass(frozen=True)
class Concept:
    """A panel: what the pairs are like, and how far their differences scatter."""

    label: str
    spread: float


CONCEPTS = (Concept("pairs that agree", 12), Concept("pairs that disagree", 58))


def normal(rng: random.Random) -> Vector:
    """Two independent normal numbers, by Box and Muller, no farther out than ``FARTHEST``."""
    while True:
        radius = math.sqrt(-2 * math.log(1 - rng.random()))
        angle = 2 * math.pi * rng.random()
        if radius <= FARTHEST:
            return radius * math.cos(angle), radius * math.sin(angle)


def differences(concept: Concept) -> list[Vector]:
    """The differences within the pairs, shifted so that their mean is ``MEAN``."""
    rng = random.Random(SEED)
    drawn = [normal(rng) for _ in range(PAIRS)]
    x = sum(point[0] for point in drawn) / PAIRS
    y = sum(point[1] for point in drawn) / PAIRS
    return [
        (MEAN[0] + concept.spread * (a - x), MEAN[1] + concept.spread * (b - y)) for a, b in drawn
    ]


def cosine(vector: Vector) -> float:
    """Cosine of the angle between a difference and the mean."""
    dot = vector[0] * MEAN[0] + vector[1] * MEAN[1]
    return dot / (math.hypot(*vector) * math.hypot(*MEAN))


def draw_panel(root: ET.Element, concept: Concept, left: float) -> None:
    """All differences as thin arrows from one point, the mean as a thick one on top."""
    vectors = differences(concept)
    frame = {"width": PANEL_WIDTH, "height": PANEL_HEIGHT, "rx": 6}
    add(root, "rect", x=left, y=TOP, fill="none", stroke=RULE, **frame)
    write(root, concept.label, left, TOP - 22, LABEL_SIZE, INK)
    x, y = left + ORIGIN_X, TOP + ORIGIN_Y
    for vector in sorted(vectors, key=cosine):
        tip = (x + vector[0], y + vector[1])
        if cosine(vector) < 0:
            arrow(root, (x, y), tip, RUST, 1.25, stroke_dasharray="5 3")
        else:
            arrow(root, (x, y), tip, BLUE, 0.9, opacity="0.75")
    arrow(root, (x, y), (x + MEAN[0], y + MEAN[1]), INK, 5)
    add(root, "circle", cx=x, cy=y, r=4, fill=INK)
    backwards = sum(cosine(vector) < 0 for vector in vectors)
    agreement = sum(cosine(vector) for vector in vectors) / PAIRS
    below = TOP + PANEL_HEIGHT + 22
    write(root, f"{backwards} of {PAIRS} point backwards", left, below, SMALL_SIZE, INK)
    text = f"mean cosine to the mean: {agreement:.2f}"
    write(root, text, left, below + 22, SMALL_SIZE, QUIET)


def draw_key(root: ET.Element) -> None:
    """What thick, thin and dashed mean."""
    y = HEIGHT - 30
    arrow(root, (MARGIN, y), (MARGIN + 34, y), INK, 5)
    write(root, "the mean", MARGIN + 44, y, SMALL_SIZE, INK)
    arrow(root, (176, y), (210, y), BLUE, 1.25)
    write(root, "one pair", 220, y, SMALL_SIZE, INK)
    path(root, ((318, y), (340, y)), RUST, 1.25, stroke_dasharray="5 3")
    arrow(root, (340, y), (352, y), RUST, 1.25)
    write(root, "a pair against the mean", 362, y, SMALL_SIZE, INK)


def describe() -> str:
    """The whole figure in words."""
    parts = []
    for concept in CONCEPTS:
        count = sum(cosine(vector) < 0 for vector in differences(concept))
        parts.append(f"{concept.label}: {count} of {PAIRS} arrows point away from the mean.")
    return " ".join(["Two bundles of arrows with the same mean.", *parts])


def main() -> None:
    """Draw both panels and write the files."""
    root = begin(NAME, TITLE, describe(), HEIGHT)
    heading(root, TITLE, f"Differences within {PAIRS} simulated pairs")
    for index, concept in enumerate(CONCEPTS):
        draw_panel(root, concept, MARGIN + index * (PANEL_WIDTH + GAP))
    draw_key(root)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
