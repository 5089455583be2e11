"""Draw which known features two dictionaries find, from the laboratory's results.

Run ``python docs/figures/lab-dictionaries.py``; it writes an SVG and a PDF beside this file.  Above
are all features of the first two seeds, below what one seed finds as the L1 penalty grows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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

NAME, TITLE = "lab-dictionaries", "Found, and found again?"
SUBTITLE = "Known features, and what a dictionary finds"
LETTERS, WORDS, WORDS_EACH, SAME = 6, 24, 4, 0.9
CELL, GRID_TOP, SECOND = 29, 150, 295
LEFT, RIGHT, TOP, BOTTOM, LAST, HEIGHT = 84, 520, 416, 566, 734, 804
#: Of the curves: number, words, colour, dashes, and where the words are from the second point.
CURVES = (
    ("explained", "variance explained", QUIET, "2 4", (-96, 18)),
    ("matched", "features found", BLUE, "", (22, 2)),
    ("matched_letters", "letters found", RUST, "8 5", (22, -12)),
)


def best_of(side: dict[str, Any], count: int) -> list[float]:
    """How well the best of the latents that stand for each feature correlates with it."""
    best = [0.0] * count
    for feature, correlation in zip(side["feature"], side["correlation"], strict=True):
        best[feature] = max(best[feature], correlation)
    return best


def cell(feature: int) -> tuple[int, int]:
    """Row and column of a feature: a letter, its words, then three others."""
    if feature < LETTERS:
        return feature, 0
    word = feature - LETTERS
    if word < WORDS:
        return word // WORDS_EACH, 1 + word % WORDS_EACH
    return (word - WORDS) // 3, 5 + (word - WORDS) % 3


def draw_grid(root: ET.Element, left: float, title: str, best: list[float]) -> None:
    """All features: filled if found, framed if a latent comes near, empty with a dashed frame."""
    names = measured("dictionaries")[1]["features"]
    write(root, title, left, GRID_TOP - 22, LABEL_SIZE, INK)
    for feature, found in enumerate(best):
        row, column = cell(feature)
        x = left + column * CELL + 3 * ((column > 0) + (column > 4))
        y = GRID_TOP + row * CELL
        style: dict[str, float | str] = {"fill": "none", "stroke": QUIET, "stroke_dasharray": "3 2"}
        if found > SAME:
            style = {"fill": BLUE, "stroke": BLUE}
        elif found:
            style = {"fill": "none", "stroke": BLUE, "stroke_width": 2}
        add(root, "rect", x=x, y=y, width=CELL - 4, height=CELL - 4, rx=4, **style)
        middle, ink = (x + CELL / 2 - 2, y + CELL / 2 - 2), PLATE if found > SAME else INK
        size = SMALL_SIZE if len(names[feature]) < 3 else SMALL_SIZE - 3
        write(root, names[feature], *middle, size, ink, text_anchor="middle")


def draw_key(root: ET.Element, y: float) -> None:
    """What filled, framed and dashed cells mean."""
    words = "filled: found · framed: a poor copy · dashed: no latent"
    write(root, words, MARGIN, y, SMALL_SIZE, QUIET, font_style="italic")


def place(number: int, share: float, count: int) -> tuple[float, float]:
    """A point of the curves; penalties are equally far apart, as each is twice the last."""
    return LEFT + number * (RIGHT - LEFT) / (count - 1), BOTTOM - share * (BOTTOM - TOP)


def draw_curves(root: ET.Element) -> None:
    """Shares of the variance, of all features and of the letters, by penalty."""
    data = measured("dictionaries")[1]
    runs, features = data["by_penalty"], len(data["features"])
    count = len(runs)
    for share in (0, 0.5, 1):
        ends = (place(0, share, count), place(count - 1, share, count))
        path(root, ends, RULE, 1)
        write(root, f"{share:.0%}", LEFT - 12, ends[0][1], SMALL_SIZE, QUIET, text_anchor="end")
    totals = {"explained": 1, "matched": features, "matched_letters": LETTERS}
    for name, words, colour, dash, (right, down) in CURVES:
        points = [place(k, run[name] / totals[name], count) for k, run in enumerate(runs)]
        path(root, points, colour, 3, **({"stroke_dasharray": dash} if dash else {}))
        write(root, words, points[1][0] + right, points[1][1] + down, SMALL_SIZE, colour)
    for k, run in enumerate(runs):
        x, y = place(k, 0, count)
        write(root, f"{run['penalty']:g}", x, y + 18, SMALL_SIZE, QUIET, text_anchor="middle")
    middle = (LEFT + RIGHT) / 2
    write(root, "L1 penalty λ", middle, BOTTOM + 42, LABEL_SIZE, INK, text_anchor="middle")


def draw_crowding(root: ET.Element) -> None:
    """How often a present feature is read above an absent one, from few present to many."""
    rows = measured("dictionaries")[1]["superposition"]
    most, chance = rows[-1]["present"], 0.5

    def at(present: float, share: float) -> tuple[float, float]:
        x = LEFT + present / most * (RIGHT - LEFT)
        return x, LAST - (share - chance) / (1 - chance) * 90

    for share in (chance, 1):
        path(root, (at(0, share), at(most, share)), RULE, 1)
        write(
            root, f"{share:.0%}", LEFT - 12, at(0, share)[1], SMALL_SIZE, QUIET, text_anchor="end"
        )
    for name, colour, dash in (("roomy", QUIET, "2 4"), ("crowded", BLUE, "")):
        points = [at(row["present"], row[name]) for row in rows]
        path(root, points, colour, 3, **({"stroke_dasharray": dash} if dash else {}))
    x, y = at(most, 1)
    write(root, "half as many, at right angles", x, y + 18, SMALL_SIZE, QUIET, text_anchor="end")
    write(root, "all, read by their directions", *at(2, 0.68), SMALL_SIZE, BLUE)
    for present in (0, most / 2, most):
        x, _ = at(present, chance)
        write(root, f"{present:.0f}", x, LAST + 18, SMALL_SIZE, QUIET, text_anchor="middle")
    middle = (LEFT + RIGHT) / 2
    write(
        root, "features present at once", middle, LAST + 42, LABEL_SIZE, INK, text_anchor="middle"
    )


def describe() -> str:
    """The whole figure in words."""
    data = measured("dictionaries")[1]
    total = len(data["features"])
    found = [
        sum(value > SAME for value in best_of(data["pair"][side], total))
        for side in ("left", "right")
    ]
    runs = "; ".join(
        f"penalty {run['penalty']:g}: {run['matched']:.0f} features found, "
        f"{run['explained']:.0%} of the variance explained"
        for run in data["by_penalty"]
    )
    crowds = data["superposition"]
    return (
        f"Two grids of {total} features, of which seed 1 finds {found[0]} and seed 2 {found[1]}; "
        f"most letters are missing in both. Below, curves by the L1 penalty: {runs}. "
        f"Last, features read by their own directions, in the right order: with "
        f"{crowds[0]['present']:.0f} present in {crowds[0]['crowded']:.0%} of pairs, with "
        f"{crowds[-1]['present']:.0f} in {crowds[-1]['crowded']:.0%}."
    )


def draw() -> ET.Element:
    """Two grids above, the curves below."""
    root = begin(NAME, TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    data = measured("dictionaries")[1]
    total = len(data["features"])
    for side, left, title in (("left", MARGIN, "Seed 1"), ("right", SECOND, "Seed 2")):
        draw_grid(root, left, title, best_of(data["pair"][side], total))
    draw_key(root, GRID_TOP + 6 * CELL + 14)
    draw_curves(root)
    draw_crowding(root)
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
