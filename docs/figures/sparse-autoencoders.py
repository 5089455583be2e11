"""Draw "Five features in two dimensions" as SVG and PDF.

Run ``python docs/figures/sparse-autoencoders.py``; it takes a few seconds.  A network after Elhage
et al. (2022) is trained twice, with a fixed seed and nothing but Python: x is squeezed to h = Wx
and rebuilt as ReLU(Wᵀh + b).  Once all features are always active, once each is active in one input
of twenty.

From some starting points the second training ends in a worse solution with four features: seeds 2
and 3 do so, with about twice the error that seeds 1, 4, 5 and 6 reach with five.
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
    WIDTH,
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

TITLE = "Five features in two dimensions"
FEATURES, SEED = 5, 5
STEPS, BATCH, RATE, DECAY = 4000, 48, 0.02, 0.9
SHOWN, KEPT = 160, 0.5  # dots in a panel; the length from which a feature counts as kept

PANEL, TOP, GAP = 240, 150, 20
UNIT, ARROW = 90, 2


@dataclass
class Network:
    """Directions of the features in the hidden plane, and the offsets of the outputs."""

    directions: list[list[float]]
    offsets: list[float]

    def hidden(self, inputs: list[float]) -> tuple[float, float]:
        """The two hidden activations."""
        pairs = list(zip(inputs, self.directions, strict=True))
        return sum(x * d[0] for x, d in pairs), sum(x * d[1] for x, d in pairs)

    @property
    def kept(self) -> list[list[float]]:
        """The directions of the features that are represented."""
        return [d for d in self.directions if math.hypot(*d) > KEPT]


# --- training ---------------------------------------------------------------------------------


def draw_input(chance: random.Random, active: float) -> list[float]:
    """Independent features, each between 0 and 1 when it is active."""
    return [
        chance.random() if active == 1 or chance.random() < active else 0.0 for _ in range(FEATURES)
    ]


def importance(feature: int) -> float:
    """How much an error counts; slightly less for each feature, which breaks the tie."""
    return 0.9**feature


def add_gradient(network: Network, inputs: list[float], slope: list[list[float]]) -> None:
    """Add the gradient of the squared error on one input to ``slope``: two rows and the offsets."""
    h = network.hidden(inputs)
    back = [0.0, 0.0]
    for i, (x, d) in enumerate(zip(inputs, network.directions, strict=True)):
        output = d[0] * h[0] + d[1] * h[1] + network.offsets[i]
        if output <= 0:
            continue
        error = 2 * importance(i) * (output - x)
        slope[2][i] += error
        for k in (0, 1):
            slope[k][i] += error * h[k]
            back[k] += error * d[k]
    for i, x in enumerate(inputs):
        if x:
            slope[0][i] += back[0] * x
            slope[1][i] += back[1] * x


def train(active: float) -> Network:
    """Adam-like steps with a rate that falls to zero."""
    chance = random.Random(SEED)
    network = Network(
        [[chance.gauss(0, 0.3), chance.gauss(0, 0.3)] for _ in range(FEATURES)], [0.0] * FEATURES
    )
    mean = [[0.0] * FEATURES for _ in range(3)]
    square = [[1e-4] * FEATURES for _ in range(3)]
    for step in range(STEPS):
        slope = [[0.0] * FEATURES for _ in range(3)]
        for _ in range(BATCH):
            add_gradient(network, draw_input(chance, active), slope)
        rate = RATE * (1 - step / STEPS)
        for k in range(3):
            for i in range(FEATURES):
                g = slope[k][i] / BATCH
                mean[k][i] = DECAY * mean[k][i] + (1 - DECAY) * g
                square[k][i] = 0.99 * square[k][i] + 0.01 * g * g
                move = rate * mean[k][i] / math.sqrt(square[k][i])
                if k == 2:
                    network.offsets[i] -= move
                else:
                    network.directions[i][k] -= move
    return network


# --- drawing ----------------------------------------------------------------------------------


def draw_axes(root: ET.Element, left: float, centre: tuple[float, float]) -> None:
    """A frame and the two neurons as axes."""
    frame = {"width": PANEL, "height": PANEL, "rx": 6}
    add(root, "rect", x=left, y=TOP, fill="none", stroke=RULE, **frame)
    half = PANEL / 2 - 8
    x, y = centre
    path(root, ((x - half, y), (x + half, y)), RULE, 1.25)
    path(root, ((x, y - half), (x, y + half)), RULE, 1.25)


def draw_panel(root: ET.Element, left: float, network: Network, active: float) -> None:
    """Arrows for features, and on them dots for activations."""
    centre = left + PANEL / 2, TOP + PANEL / 2
    draw_axes(root, left, centre)
    for d in network.directions:
        tip = centre[0] + UNIT * d[0], centre[1] - UNIT * d[1]
        if math.hypot(*d) > KEPT:
            arrow(root, centre, tip, INK, ARROW)
        else:
            add(root, "circle", cx=tip[0], cy=tip[1], r=6, fill="none", stroke=RUST, stroke_width=2)
    chance, dots = random.Random(SEED + 1), 0
    while dots < SHOWN:
        inputs = draw_input(chance, active)
        if not any(inputs):
            continue
        h, dots = network.hidden(inputs), dots + 1
        x, y = centre[0] + UNIT * h[0], centre[1] - UNIT * h[1]
        if left + 6 < x < left + PANEL - 6 and TOP + 6 < y < TOP + PANEL - 6:
            add(root, "circle", cx=x, cy=y, r=2.6, fill=BLUE, fill_opacity=0.6)


def angles(network: Network) -> list[float]:
    """Degrees between neighbouring directions of the features that are kept, smallest first."""
    turns = sorted(math.degrees(math.atan2(d[1], d[0])) % 360 for d in network.kept)
    following = [*turns[1:], turns[0] + 360]
    return sorted(b - a for a, b in zip(turns, following, strict=True))


def draw_caption(root: ET.Element, left: float, network: Network, title: str) -> None:
    """What was different, and what came of it."""
    write(root, title, left, TOP - 18, LABEL_SIZE, INK, font_weight="bold")
    y = TOP + PANEL + 26
    kept = len(network.kept)
    write(root, f"{kept} of {FEATURES} features kept,", left, y, LABEL_SIZE, INK)
    apart = [round(angle) for angle in angles(network) if angle < 180]
    degrees = f"{apart[0]} to {apart[-1]}" if apart[0] < apart[-1] else str(apart[0])
    write(root, f"{degrees} degrees apart", left, y + 22, LABEL_SIZE, INK)


def draw_key(root: ET.Element) -> None:
    """What arrows, rings and dots are."""
    y = TOP + PANEL + 92
    path(root, ((MARGIN, y - 22), (WIDTH - MARGIN, y - 22)), RULE, 1)
    arrow(root, (MARGIN, y), (MARGIN + 32, y), INK, ARROW)
    write(root, "a feature’s direction", MARGIN + 42, y, SMALL_SIZE, INK)
    ring = {"r": 5, "fill": "none", "stroke": RUST, "stroke_width": 2}
    add(root, "circle", cx=MARGIN + 210, cy=y, **ring)
    write(root, "given up", MARGIN + 224, y, SMALL_SIZE, INK)
    add(root, "circle", cx=MARGIN + 316, cy=y, r=3.5, fill=BLUE, fill_opacity=0.6)
    write(root, "activation on one input", MARGIN + 328, y, SMALL_SIZE, QUIET)


def draw() -> ET.Element:
    """Train both networks and draw them side by side."""
    panels = [("always active", 1.0), ("active 1 time in 20", 0.05)]
    networks = [train(active) for _, active in panels]
    description = " ".join(
        f"With features {title}, {len(network.kept)} of {FEATURES} are kept; angles between "
        f"neighbours, in degrees: {', '.join(f'{angle:.0f}' for angle in angles(network))}."
        for (title, _), network in zip(panels, networks, strict=True)
    )
    root = begin("sparse-autoencoders", TITLE, description, TOP + PANEL + 122)
    heading(root, TITLE, "what a toy network learns when its features are …")
    for index, ((title, active), network) in enumerate(zip(panels, networks, strict=True)):
        left = MARGIN + index * (PANEL + GAP)
        draw_panel(root, left, network, active)
        draw_caption(root, left, network, f"… {title}")
    draw_key(root)
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
