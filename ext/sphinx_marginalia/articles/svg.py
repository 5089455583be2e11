"""The learning path as SVG, in which every card is a link."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from sphinx_marginalia.articles.figure import LINE, MARGIN, PADDING, SMALL_LINE, WIDTH, curves
from sphinx_marginalia.core.drawing import svg
from sphinx_marginalia.core.drawing.svg import OUTLINE, add, add_link, line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_marginalia.articles.figure import Band, Card, Figure
    from sphinx_marginalia.core.drawing import Point


def draw(figure: Figure, name: str, addresses: Mapping[str, str]) -> str:
    """Return the figure as an element of a page.

    :param name: what a screen reader calls it
    :param addresses: of each document, as seen from the page
    """
    root = svg.new_drawing(WIDTH, figure.height, name, class_="marginalia-path-drawing")
    for band in figure.bands:
        _band(root, band)
    for arrow in figure.arrows:
        _arrow(root, arrow)
    for card in figure.cards:
        _card(root, card, addresses[card.docname])
    return ET.tostring(root, encoding="unicode")


def _band(root: ET.Element, band: Band) -> None:
    box = {"x": 0.5, "y": band.y, "width": WIDTH - 1.0, "height": band.height, "rx": 8.0}
    add(root, "rect", "", class_="marginalia-path-band", **box, **OUTLINE)
    add(root, "text", band.title, class_="marginalia-path-block", x=float(MARGIN), y=band.y + 22)


def _arrow(root: ET.Element, points: tuple[Point, ...]) -> None:
    start, *others, (x, y) = points
    # The line ends within the tip.
    path = svg.curves(start, curves([start, *others, (x, y - 5)]))
    add(root, "path", d=path, class_="marginalia-path-arrow", **OUTLINE)
    tip = line([(x - 4, y - 7), (x, y), (x + 4, y - 7)])
    add(root, "path", d=f"{tip}Z", class_="marginalia-path-tip")


def _card(root: ET.Element, card: Card, address: str) -> None:
    kind = f" marginalia-path-{card.difficulty}" if card.difficulty else ""
    link = add_link(root, address, class_=f"marginalia-path-card{kind}", text_anchor="middle")
    box = {"x": card.x, "y": card.y, "width": card.width, "height": card.height, "rx": 5.0}
    add(link, "rect", "", **box, **OUTLINE)
    middle = card.x + card.width / 2
    top = card.y + PADDING + 13
    text = add(link, "text", x=middle, y=top)
    for number, words in enumerate(card.title):
        # The space is heard, and copied, between two lines.
        space = "" if number == len(card.title) - 1 else " "
        add(text, "tspan", f"{words}{space}", x=middle, y=top + number * LINE)
    bottom = card.y + card.height - PADDING - SMALL_LINE + 13
    add(link, "text", card.note, class_="marginalia-path-note", x=middle, y=bottom)
