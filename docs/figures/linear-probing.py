"""Draw "Readable but unused" as SVG and PDF.

Run ``python docs/figures/linear-probing.py``.  A toy network is trained here, with a fixed seed and
nothing but Python: two input properties, a first layer that only rotates, and a second layer that
learns to tell filled marks from hollow ones.  A probe then reads the shape from the hidden layer.
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
    PLATE,
    QUIET,
    RULE,
    RUST,
    SMALL_SIZE,
    WIDTH,
    add,
    arrow,
    begin,
    draw_polygon,
    heading,
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Callable, Sequence

    Vector = tuple[float, float]

TITLE = "Readable but unused"
SEED, NOISE, ANGLE = 5, 0.48, math.radians(24)
TRAINING, TEST, SHOWN = 600, 4000, 120
STEPS, RATE = 400, 0.5

CENTRE, UNIT = (232, 313), 60
PLOT = (MARGIN, 148, WIDTH - 2 * MARGIN, 330)  # x, y, width, height
BAR_X, BAR_WIDTH, BAR_TOP, BAR_STEP = 300, 168, 520, 38
ARROW = 2.2  # length, so that the tips lie outside of the four groups


@dataclass(frozen=True)
class Example:
    """One input, as the hidden layer has it, with both of its properties."""

    hidden: Vector
    filled: bool
    circle: bool


@dataclass(frozen=True)
class Readout:
    """A linear classifier: ``weight`` is the direction that it reads."""

    weight: Vector
    offset: float

    def __call__(self, hidden: Vector) -> bool:
        return self.weight[0] * hidden[0] + self.weight[1] * hidden[1] + self.offset > 0

    @property
    def direction(self) -> Vector:
        """The weight with length 1."""
        length = math.hypot(*self.weight)
        return self.weight[0] / length, self.weight[1] / length


# --- simulation -------------------------------------------------------------------------------


def sample(chance: random.Random, count: int) -> list[Example]:
    """Inputs with two independent properties and noise, rotated by the first layer."""
    cos, sin = math.cos(ANGLE), math.sin(ANGLE)
    examples = []
    for _ in range(count):
        filled, circle = chance.random() < 0.5, chance.random() < 0.5
        x = (1 if filled else -1) + chance.gauss(0, NOISE)
        y = (1 if circle else -1) + chance.gauss(0, NOISE)
        examples.append(Example((cos * x - sin * y, sin * x + cos * y), filled, circle))
    return examples


def train(examples: Sequence[Example], label: Callable[[Example], bool]) -> Readout:
    """Logistic regression by gradient descent; it fits the network's last layer and the probe."""
    weight, offset = [0.0, 0.0], 0.0
    for _ in range(STEPS):
        slope = [0.0, 0.0, 0.0]
        for example in examples:
            x, y = example.hidden
            score = weight[0] * x + weight[1] * y + offset
            error = 1 / (1 + math.exp(-score)) - label(example)
            slope = [slope[0] + error * x, slope[1] + error * y, slope[2] + error]
        weight = [weight[i] - RATE * slope[i] / len(examples) for i in (0, 1)]
        offset -= RATE * slope[2] / len(examples)
    return Readout((weight[0], weight[1]), offset)


def erase(hidden: Vector, direction: Vector) -> Vector:
    """The hidden activation without its part along a direction of length 1."""
    along = hidden[0] * direction[0] + hidden[1] * direction[1]
    return hidden[0] - along * direction[0], hidden[1] - along * direction[1]


def accuracies(tests: Sequence[Example], model: Readout, probe: Readout) -> dict[str, float]:
    """What the bars show."""

    def model_without(direction: Vector) -> float:
        return sum(model(erase(t.hidden, direction)) == t.filled for t in tests) / len(tests)

    return {
        "probe reads the shape": sum(probe(t.hidden) == t.circle for t in tests) / len(tests),
        "model does its task": sum(model(t.hidden) == t.filled for t in tests) / len(tests),
        "… probe’s direction erased": model_without(probe.direction),
        "… its own direction erased": model_without(model.direction),
    }


# --- drawing ----------------------------------------------------------------------------------


def place(hidden: Vector) -> Vector:
    """Where a hidden activation lies in the plot."""
    return CENTRE[0] + UNIT * hidden[0], CENTRE[1] - UNIT * hidden[1]


def draw_mark(root: ET.Element, x: float, y: float, *, filled: bool, circle: bool) -> None:
    """The two properties as they are: filled or hollow, circle or triangle."""
    colour = BLUE if circle else RUST
    style = {"fill": colour if filled else PLATE, "stroke": colour, "stroke_width": 1.75}
    if circle:
        add(root, "circle", cx=x, cy=y, r=4.5, **style)
    else:
        draw_polygon(root, x, y, ((0, -5.5), (5.2, 4), (-5.2, 4)), **style)


def draw_direction(root: ET.Element, readout: Readout, colour: str, label: str) -> None:
    """An arrow from the middle of the plot, and what its direction tells apart."""
    x, y = readout.direction
    tip = place((ARROW * x, ARROW * y))
    arrow(root, CENTRE, tip, colour, 2.75)
    if x > abs(y):
        write(root, label, tip[0] + 10, tip[1], SMALL_SIZE, colour)
    else:
        write(root, label, tip[0] + 12, tip[1] - 14, SMALL_SIZE, colour, text_anchor="end")


def draw_plot(root: ET.Element, examples: Sequence[Example]) -> None:
    """The hidden layer."""
    left, top, width, height = PLOT
    add(root, "rect", x=left, y=top, width=width, height=height, rx=6, fill="none", stroke=RULE)
    for example in examples:
        x, y = place(example.hidden)
        draw_mark(root, x, y, filled=example.filled, circle=example.circle)
    add(root, "circle", cx=CENTRE[0], cy=CENTRE[1], r=3.5, fill=INK)


def draw_bars(root: ET.Element, values: dict[str, float]) -> None:
    """Accuracies, with a line at chance."""
    chance, bottom = BAR_X + BAR_WIDTH / 2, BAR_TOP + (len(values) - 1) * BAR_STEP + 16
    for row, (label, value) in enumerate(values.items()):
        y = BAR_TOP + row * BAR_STEP
        colour = RUST if row == 0 else INK
        write(root, label, MARGIN, y, LABEL_SIZE, INK)
        bar = {"height": 16, "rx": 2}
        add(root, "rect", x=BAR_X, y=y - 8, width=BAR_WIDTH, fill=RULE, **bar)
        add(root, "rect", x=BAR_X, y=y - 8, width=BAR_WIDTH * value, fill=colour, **bar)
        write(root, f"{value:.0%}", BAR_X + BAR_WIDTH + 12, y, LABEL_SIZE, INK)
    path(root, ((chance, BAR_TOP - 16), (chance, bottom)), QUIET, 1.5, stroke_dasharray="4 3")
    write(root, "chance", chance, bottom + 12, SMALL_SIZE, QUIET, text_anchor="middle")


def draw_key(root: ET.Element) -> None:
    """What the marks are."""
    write(root, "task: filled or hollow", MARGIN + 52, 122, SMALL_SIZE, INK)
    draw_mark(root, MARGIN + 8, 122, filled=True, circle=True)
    draw_mark(root, MARGIN + 30, 122, filled=False, circle=True)
    write(root, "not needed: circle or triangle", MARGIN + 282, 122, SMALL_SIZE, INK)
    draw_mark(root, MARGIN + 238, 122, filled=True, circle=True)
    draw_mark(root, MARGIN + 260, 122, filled=True, circle=False)


def draw() -> ET.Element:
    """Train, test and draw."""
    chance = random.Random(SEED)
    training, tests = sample(chance, TRAINING), sample(chance, TEST)
    model = train(training, lambda example: example.filled)
    probe = train(training, lambda example: example.circle)
    values = accuracies(tests, model, probe)
    bars = "; ".join(f"{label}: {value:.0%}" for label, value in values.items())
    description = (
        "Two hidden activations of a toy network, with the direction that the network reads and, "
        f"at about a right angle to it, the one that a probe reads. Accuracies: {bars}."
    )
    root = begin("linear-probing", TITLE, description, BAR_TOP + 4 * BAR_STEP + 12)
    heading(root, TITLE, "the two hidden activations of a toy network")
    draw_key(root)
    draw_plot(root, tests[:SHOWN])
    draw_direction(root, model, INK, "what the model uses")
    draw_direction(root, probe, RUST, "what the probe reads")
    draw_bars(root, values)
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
