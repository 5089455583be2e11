"""Draw "How an induction head copies": four residual streams and two attention layers.

Run ``python docs/figures/foundations.py``.  The shares of attention are computed from the scores of
a toy head, which gives a position one score if its tag matches and another if it does not.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from plate import (
    BLUE,
    GREEN,
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
    heading,
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

TITLE = "How an induction head copies"
TOKENS = ("Ada", "Byron", "met", "Ada")
COLUMNS = (86, 209, 332, 470)
MATCH, OTHER = 9, 1  # the exponentials of the two scores, so that shares are plain fractions
READ = len(TOKENS) - 1  # the position that is about to predict

OUTPUT_Y, QUERY_Y, TAG_Y, TOKEN_Y, KEY_Y = 142, 226, 372, 496, 556
BOX, QUERY_BOX = (110, 36), (116, 36)


def tags() -> tuple[str, ...]:
    """The name that the first head has written at each position: of the token before."""
    return ("", *TOKENS[:-1])


def shares() -> list[float]:
    """The attention of the second head: scores of the tags against its own token, normalised."""
    weights = [MATCH if tag == TOKENS[READ] else OTHER for tag in tags()]
    return [weight / sum(weights) for weight in weights]


def copied() -> str:
    """The token at which the second head looks most."""
    return TOKENS[max(range(len(TOKENS)), key=lambda index: shares()[index])]


def box(
    root: ET.Element, x: float, y: float, label: str, colour: str, size: tuple[int, int] = BOX
) -> None:
    """A rounded box with its label in the middle."""
    width, height = size
    style = {"fill": PLATE, "stroke": colour, "stroke_width": "2"}
    add(root, "rect", x=x - width / 2, y=y - height / 2, width=width, height=height, rx=8, **style)
    write(root, label, x, y, LABEL_SIZE, INK, text_anchor="middle")


def draw_streams(root: ET.Element) -> None:
    """A grey line for each token, from its embedding upwards."""
    for index, x in enumerate(COLUMNS):
        end = OUTPUT_Y if index == READ else TAG_Y
        path(root, ((x, TOKEN_Y), (x, end)), RULE, 9, stroke_linecap="round")


def draw_first_head(root: ET.Element) -> None:
    """Each position learns which token stood before it."""
    for x, following in pairwise(COLUMNS):
        start, end = (x + 22, TOKEN_Y - 20), (following - 26, TAG_Y + 21)
        arrow(root, start, end, BLUE, 2, stroke_dasharray="6 4")


def draw_second_head(root: ET.Element) -> None:
    """The last position looks back; its share of attention is written below each tag."""
    for index, share in enumerate(shares()):
        x, main = COLUMNS[index], TOKENS[index] == copied()
        end = (COLUMNS[READ] - 61, QUERY_Y - 6 + 8 * index)
        if index == READ:
            end = (x, QUERY_Y + 21)
        colour, weight = (RUST, "bold") if main else (QUIET, "normal")
        arrow(root, (x, TAG_Y - 21), end, colour, 1 + 5 * share if main else 1.25)
        text = f"{100 * share:.0f}%"
        write(root, text, x + 11, TAG_Y + 38, LABEL_SIZE, colour, font_weight=weight)


def draw_boxes(root: ET.Element) -> None:
    """Tokens, what the first head adds to them, the question and the answer."""
    for x, token, tag in zip(COLUMNS, TOKENS, tags(), strict=True):
        box(root, x, TOKEN_Y, token, QUIET)
        box(root, x, TAG_Y, f"after {tag}" if tag else "after –", BLUE)
    box(root, COLUMNS[READ], QUERY_Y, f"after {TOKENS[READ]}?", RUST, QUERY_BOX)
    box(root, COLUMNS[READ], OUTPUT_Y, copied(), GREEN)
    write(root, "says", COLUMNS[READ] - 64, OUTPUT_Y, SMALL_SIZE, QUIET, text_anchor="end")
    write(root, "asks", COLUMNS[READ] - 70, QUERY_Y - 14, SMALL_SIZE, QUIET, text_anchor="end")


def draw_key(root: ET.Element) -> None:
    """What the two kinds of arrow mean."""
    path(root, ((MARGIN, KEY_Y - 22), (WIDTH - MARGIN, KEY_Y - 22)), RULE, 1)
    arrow(root, (MARGIN, KEY_Y), (MARGIN + 44, KEY_Y), BLUE, 2, stroke_dasharray="6 4")
    write(root, "first layer: note the token before", MARGIN + 58, KEY_Y, SMALL_SIZE, INK)
    arrow(root, (MARGIN, KEY_Y + 30), (MARGIN + 44, KEY_Y + 30), RUST, 4)
    text = "second layer: find the note, copy that token"
    write(root, text, MARGIN + 58, KEY_Y + 30, SMALL_SIZE, INK)
    path(root, ((MARGIN + 3, KEY_Y + 60), (MARGIN + 41, KEY_Y + 60)), RULE, 9)
    write(root, "the residual stream of a token", MARGIN + 58, KEY_Y + 60, SMALL_SIZE, INK)


def describe() -> str:
    """The whole figure in words."""
    notes = ", ".join(f"{token} is noted as after {tag}" for tag, token in pairwise(TOKENS))
    found = ", ".join(
        f"{100 * share:.0f}% to {token}" for token, share in zip(TOKENS, shares(), strict=True)
    )
    return (
        f"The tokens {' '.join(TOKENS)}, each with its residual stream. In the first layer "
        f"{notes}. In the second layer the last token asks what stood after {TOKENS[READ]}; its "
        f"attention goes {found}. It copies {copied()}, which is the prediction."
    )


def draw() -> ET.Element:
    """The whole figure; lines first, so that boxes lie on top."""
    root = begin("foundations", TITLE, describe(), KEY_Y + 88)
    heading(root, TITLE, "Ada Byron met Ada …")
    draw_streams(root)
    draw_first_head(root)
    draw_second_head(root)
    draw_boxes(root)
    draw_key(root)
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
