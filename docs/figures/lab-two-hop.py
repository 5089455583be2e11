"""Draw an attribution graph and the test of what it predicts, from the laboratory's results.

Run ``python docs/figures/lab-two-hop.py``; it writes an SVG and a PDF beside this file.  Above is
the graph of Dallas in the network with a shortcut, below how often the new capital is predicted
and given, by the strength of the swap; all are of the first seed.
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
    draw_polygon,
    heading,
    measured,
    path,
    save,
    write,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

NAME, TITLE = "lab-two-hop", "An exact graph, put to the test"
SUBTITLE = "From Dallas to Texas to Austin, in a network with a shortcut"
CITY, STATE = "Dallas", "Texas"
ROWS = ("city", "MLP 0", "MLP 1", "answer")
GRAPH_LEFT, GRAPH_RIGHT, GRAPH_TOP, GRAPH_STEP = 96, 530, 138, 74
#: Only edges with at least this share of the largest one into their target are drawn.
LEAST_SHARE = 0.15
PANELS = {"without": "without shortcut", "with": "with shortcut"}
TOP, BOTTOM, SIDE, HEIGHT = 498, 646, 190, 752
LINES = (
    ("predicted_new_capital", RUST, "7 5", "the graph predicts it"),
    ("swap_new_capital", BLUE, "", "the network gives it"),
)


def row_of(node: list[Any]) -> int:
    """The row of a node, from the city below to the answer above."""
    kind, layer = node[0], node[1]
    return {"city": 0, "logit": 3}.get(kind, layer + 1)


def places_of(nodes: list[list[Any]]) -> list[tuple[float, float]]:
    """Where each node is: in its row, from left to right."""
    rows = [row_of(node) for node in nodes]
    seen = [0] * len(ROWS)
    places = []
    for row in rows:
        share = (seen[row] + 0.5) / rows.count(row)
        seen[row] += 1
        y = GRAPH_TOP + (3 - row) * GRAPH_STEP
        places.append((GRAPH_LEFT + share * (GRAPH_RIGHT - GRAPH_LEFT), y))
    return places


def draw_graph(root: ET.Element, graph: dict[str, Any], stands_for: list[int]) -> None:
    """Edges as lines, dashed if they weigh against, in another colour if they pass an MLP by."""
    nodes, edges = graph["nodes"], graph["edges"]
    places = places_of(nodes)
    most = [max((abs(w) for _, to, w in edges if to == k), default=1) for k in range(len(nodes))]
    for source, target, weight in edges:
        share = abs(weight) / most[target]
        if share > LEAST_SHARE:
            is_past = row_of(nodes[target]) - row_of(nodes[source]) > 1
            colour, dash = RUST if is_past else QUIET, {"stroke_dasharray": "4 3"}
            ends, width = (places[source], places[target]), 0.5 + 3 * share
            path(root, ends, colour, width, opacity="0.6", **(dash if weight < 0 else {}))
    for (kind, layer, latent, _), (x, y) in zip(nodes, places, strict=True):
        if kind == "error":
            corners = ((0, -8), (8, 0), (0, 8), (-8, 0))
            draw_polygon(root, x, y, corners, fill=PLATE, stroke=INK)
        else:
            fill = BLUE if layer == 0 and latent in stands_for else PLATE
            add(root, "circle", cx=x, cy=y, r=8, fill=fill, stroke=INK, stroke_width=1.5)
    for row, name in enumerate(ROWS):
        write(root, name, MARGIN, GRAPH_TOP + (3 - row) * GRAPH_STEP, SMALL_SIZE, QUIET)


def draw_panel(root: ET.Element, left: float, title: str, swaps: list[dict[str, float]]) -> None:
    """How often the new capital is predicted, and given, by the strength of the swap."""
    furthest = swaps[-1]["strength"]

    def place(strength: float, share: float) -> tuple[float, float]:
        return left + strength / furthest * SIDE, BOTTOM - share * (BOTTOM - TOP)

    write(root, title, left, TOP - 26, LABEL_SIZE, INK)
    for share in (0, 0.5, 1):
        path(root, (place(0, share), place(furthest, share)), RULE, 1)
        y = place(0, share)[1]
        write(root, f"{share:.0%}", left - 10, y, SMALL_SIZE, QUIET, text_anchor="end")
    for name, colour, dash, _words in LINES:
        points = [place(row["strength"], row[name]) for row in swaps]
        path(root, points, colour, 3, **({"stroke_dasharray": dash} if dash else {}))
        for x, y in points:
            add(root, "circle", cx=x, cy=y, r=4, fill=colour)
    for strength in range(int(furthest) + 1):
        x, y = place(strength, 0)
        write(root, f"{strength}×", x, y + 18, SMALL_SIZE, QUIET, text_anchor="middle")


def draw_key(root: ET.Element, y: float) -> None:
    """What the two lines mean."""
    write(root, "New capital after a swap of the state:", MARGIN, y, SMALL_SIZE, INK)
    for k, (_, colour, dash, words) in enumerate(LINES):
        x = MARGIN + 10 + 230 * k
        style = {"stroke_dasharray": dash} if dash else {}
        path(root, ((x, y + 26), (x + 30, y + 26)), colour, 3, **style)
        write(root, words, x + 40, y + 26, SMALL_SIZE, colour)


def describe() -> str:
    """The whole figure in words."""
    data = measured("two-hop")[1]
    sentences = [
        f"An attribution graph from {CITY} by latents of two MLPs to the capital.",
        f"Latents for {STATE} are filled. Edges also lead past them; two errors are diamonds.",
    ]
    for version, words in PANELS.items():
        rows = [
            f"at {row['strength']:g} times {row['predicted_new_capital']:.0%} predicted and "
            f"{row['swap_new_capital']:.0%} given"
            for row in data[version]["swaps"]
        ]
        sentences.append(f"New capital {words}: {', '.join(rows)}.")
    return " ".join(sentences)


def draw() -> ET.Element:
    """The graph above, a panel for each version of the network below."""
    root = begin(NAME, TITLE, describe(), HEIGHT)
    heading(root, TITLE, SUBTITLE)
    data = measured("two-hop")[1]
    shown = data["with"]
    graph = next(graph for graph in shown["graphs"] if graph["city"] == CITY)
    draw_graph(root, graph, shown["state_latents"][STATE])
    for k, words in enumerate(
        (f"filled: latents for {STATE} · diamonds: errors", "red: past an MLP · dashed: against")
    ):
        y = GRAPH_TOP + 3 * GRAPH_STEP + 38 + 20 * k
        write(root, words, MARGIN, y, SMALL_SIZE, QUIET, font_style="italic")
    for left, (version, title) in zip((74, 336), PANELS.items(), strict=True):
        draw_panel(root, left, title, data[version]["swaps"])
    draw_key(root, BOTTOM + 58)
    return root


if __name__ == "__main__":
    save(draw(), Path(__file__), TITLE)
