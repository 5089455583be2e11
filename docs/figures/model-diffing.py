"""Draw "When weak is reported as absent": complete shrinkage in the simplest crosscoder.

Run ``python docs/figures/model-diffing.py``.  One latent is active with strength 1 whenever a
concept is present, whose true size is 1 in the chat model and ``a`` in the base model.  The
decoder of length ``u`` that minimises ``(a - u) ** 2 + PENALTY * u`` has
``u = max(0, a - PENALTY / 2)``; both models are treated alike, and the ratio of the two lengths is
drawn.  Without a charge for length, as with a fixed number of active latents, ``u = a``.
"""

from __future__ import annotations

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
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

NAME, TITLE = "model-diffing", "When weak is reported as absent"
DESCRIPTION = (
    "Reported against true strength of a concept in the base model, relative to the chat model. A "
    "dashed diagonal: a fixed number of active latents. A solid line that is zero up to 0.3 and "
    "then rises to the end of the diagonal: an L1 penalty. The stretch up to 0.3 is reported as "
    "chat-only."
)
HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 528, 92, 524, 158, 448
PENALTY, STEPS = 0.6, 100


def shrunk(size: float) -> float:
    """Length of the decoder that minimises squared error plus penalty."""
    return max(0.0, size - PENALTY / 2)


def reported(base: float) -> float:
    """What the lengths of the two decoders say of the base model, relative to the chat model."""
    return shrunk(base) / shrunk(1.0)


def place(true: float, shown: float) -> tuple[float, float]:
    """A point of the graph on the plate."""
    return LEFT + true * (RIGHT - LEFT), BOTTOM - shown * (BOTTOM - TOP)


def draw_axes(root: ET.Element) -> None:
    """Frame, ends of the scales and the names of the axes."""
    path(root, (place(0, 1), place(0, 0), place(1, 0)), INK, 1.5)
    for value, label in ((0.0, "none"), (PENALTY / 2, "λ/2"), (1.0, "as in chat")):
        x, y = place(value, 0)
        anchor = "end" if value == 1 else "middle"
        write(root, label, x, y + 18, SMALL_SIZE, QUIET, text_anchor=anchor)
    write(root, "none", LEFT - 10, BOTTOM - 8, SMALL_SIZE, QUIET, text_anchor="end")
    write(root, "equal", LEFT - 10, TOP + 4, SMALL_SIZE, QUIET, text_anchor="end")
    name = "true strength in the base model"
    write(root, name, (LEFT + RIGHT) / 2, BOTTOM + 44, LABEL_SIZE, INK, text_anchor="middle")
    write(root, "strength that the crosscoder reports", MARGIN, TOP - 28, LABEL_SIZE, INK)


def draw_blind_stretch(root: ET.Element) -> None:
    """Everything weaker than half the penalty is called exclusive to the chat model."""
    (x, y), (end, _) = place(0, 1), place(PENALTY / 2, 0)
    add(root, "rect", x=x, y=y, width=end - x, height=BOTTOM - TOP, fill=RULE, opacity="0.55")
    for row, text in enumerate(("reported", "as chat-only")):
        middle = (x + end) / 2
        write(root, text, middle, TOP + 26 + 20 * row, SMALL_SIZE, INK, text_anchor="middle")


def draw_lines(root: ET.Element) -> None:
    """The truth, and what the penalty makes of it."""
    path(root, (place(0, 0), place(1, 1)), BLUE, 2.5, stroke_dasharray="8 5")
    points = [place(step / STEPS, reported(step / STEPS)) for step in range(STEPS + 1)]
    path(root, points, RUST, 3.5)
    x, y = place(PENALTY / 2, 0.86)
    write(root, "a fixed number", x + 18, y, SMALL_SIZE, BLUE)
    write(root, "of active latents", x + 18, y + 20, SMALL_SIZE, BLUE)
    x, y = place(0.66, 0.36)
    write(root, "an L1 penalty λ", x + 8, y, SMALL_SIZE, RUST)


def main() -> None:
    """Draw the graph and write the files."""
    root = begin(NAME, TITLE, DESCRIPTION, HEIGHT)
    heading(root, TITLE, "One latent in two models, worked out exactly")
    draw_blind_stretch(root)
    draw_axes(root)
    draw_lines(root)
    save(root, Path(__file__), TITLE)


if __name__ == "__main__":
    main()
