"""Draw what two crosscoders report of a known difference, from the laboratory's results.

Run ``python docs/figures/lab-crosscoder.py``; it writes an SVG and a PDF beside this file.  Each
mark is a latent of the first seed.  A cross is one that the crosscoder reports as exclusive to the
chat model, although by its true strength it is not.
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

NAME, TITLE = "lab-crosscoder", "What is reported, and what is true"
SUBTITLE = "How much each latent belongs to the chat model"
METHODS = {"l1_0.3": "L1 penalty", "topk_2": "BatchTopK"}
#: From which relative strength on a latent counts as exclusive, as in ``lab/crosscoder.py``.
EXCLUSIVE = 0.9
TOP, SIDE, GAP, LEFT, HEIGHT = 150, 200, 50, 76, 482


@dataclass(frozen=True)
class Panel:
    """A square with the truth from left to right, and the report from below to above."""

    left: float

    def place(self, truth: float, reported: float) -> tuple[float, float]:
        """Where a latent is; 0 is base alone, 1 chat alone."""
        return self.left + truth * SIDE, TOP + (1 - reported) * SIDE


def kind_of(truth: float, reported: float) -> str:
    """Whether a latent is called exclusive, and if so whether rightly."""
    if reported <= EXCLUSIVE:
        return "reported"
    return "invented" if truth < EXCLUSIVE else "exclusive"


def draw_frame(root: ET.Element, panel: Panel, title: str) -> None:
    """The band of what counts as exclusive, the diagonal of the truth, and the axes."""
    x, y = panel.place(0, 1)
    add(root, "rect", x=x, y=y, width=SIDE, height=(1 - EXCLUSIVE) * SIDE, fill=RULE, opacity="0.6")
    path(root, (panel.place(0, 0), panel.place(1, 1)), QUIET, 1.5, stroke_dasharray="2 4")
    path(root, (panel.place(0, 1), panel.place(0, 0), panel.place(1, 0)), INK, 1.5)
    write(root, title, x + SIDE / 2, y - 24, LABEL_SIZE, INK, text_anchor="middle")
    for value, word in ((0.0, "base"), (0.5, "both"), (1.0, "chat")):
        below, _ = panel.place(value, 0)
        write(root, word, below, y + SIDE + 18, SMALL_SIZE, QUIET, text_anchor="middle")


def draw_mark(root: ET.Element, kind: str, x: float, y: float) -> None:
    """A disc, or a cross where the report is wrong."""
    if kind == "invented":
        for sign in (-1, 1):
            path(root, ((x - 5, y - 5 * sign), (x + 5, y + 5 * sign)), RUST, 2.5)
        return
    colour, opacity = (GREEN, "1") if kind == "exclusive" else (BLUE, "0.5")
    add(root, "circle", cx=x, cy=y, r=5, fill=colour, opacity=opacity)


def draw_key(root: ET.Element, y: float) -> None:
    """What the marks and the band mean."""
    for kind, words, x in (
        ("exclusive", "exclusive, or nearly so", MARGIN + 10),
        ("invented", "called exclusive, and is not", MARGIN + 244),
    ):
        draw_mark(root, kind, x, y)
        write(root, words, x + 14, y, SMALL_SIZE, INK)
    draw_mark(root, "reported", MARGIN + 10, y + 26)
    write(root, "any other latent", MARGIN + 24, y + 26, SMALL_SIZE, INK)
    add(root, "rect", x=MARGIN + 236, y=y + 18, width=16, height=16, fill=RULE, opacity="0.6")
    write(root, "counts as exclusive to chat", MARGIN + 258, y + 26, SMALL_SIZE, INK)


def describe() -> str:
    """The whole figure in words."""
    _, data = measured("crosscoder")
    sentences = ["Reported against true part of chat, for the latents of two crosscoders."]
    for method, name in METHODS.items():
        cloud = data[method]["cloud"]
        kinds = [kind_of(*pair) for pair in zip(cloud["truth"], cloud["relative"], strict=True)]
        sentences.append(
            f"{name}: {len(kinds)} latents, {kinds.count('exclusive')} rightly and "
            f"{kinds.count('invented')} wrongly reported as exclusive to chat."
        )
    return " ".join(sentences)


def draw() -> ET.Element:
    """A panel for each crosscoder, side by side."""
    root = begin(NAME, TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    _, data = measured("crosscoder")
    for number, (method, title) in enumerate(METHODS.items()):
        panel, cloud = Panel(LEFT + number * (SIDE + GAP)), data[method]["cloud"]
        draw_frame(root, panel, title)
        for truth, reported in zip(cloud["truth"], cloud["relative"], strict=True):
            draw_mark(root, kind_of(truth, reported), *panel.place(truth, reported))
    middle = f"rotate(-90 {MARGIN + 16} {TOP + SIDE / 2:g})"
    place = (MARGIN + 16, TOP + SIDE / 2)
    write(root, "reported", *place, SMALL_SIZE, INK, text_anchor="middle", transform=middle)
    below = LEFT + SIDE + GAP / 2, TOP + SIDE + 40
    write(root, "in truth", *below, SMALL_SIZE, INK, text_anchor="middle")
    draw_key(root, TOP + SIDE + 76)
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
