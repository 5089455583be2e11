"""The learning path as SVG: real text, every card a link, colours from the page's style sheet."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from sphinx_marginalia.articles.layout import LINE, MARGIN, PADDING, SMALL_LINE, WIDTH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_marginalia.articles.layout import Arrow, Band, Card, Figure


def draw(figure: Figure, title: str, addresses: Mapping[str, str]) -> str:
    """Return the figure.

    :param title: what a screen reader says of it
    :param addresses: of each document, as seen from the page
    """
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "marginalia-path-figure",
            "viewBox": f"0 0 {WIDTH} {_number(figure.height)}",
            "width": str(WIDTH),
            "height": _number(figure.height),
            "role": "group",
            "aria-label": title,
        },
    )
    for band in figure.bands:
        _band(root, band)
    for arrow in figure.arrows:
        _arrow(root, arrow)
    for card in figure.cards:
        _card(root, card, addresses[card.docname])
    return ET.tostring(root, encoding="unicode")


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _add(parent: ET.Element, tag: str, text: str, **attributes: float | str) -> ET.Element:
    values = {
        name.rstrip("_").replace("_", "-"): value if isinstance(value, str) else _number(value)
        for name, value in attributes.items()
    }
    made = ET.SubElement(parent, tag, values)
    made.text = text or None
    return made


def _band(root: ET.Element, band: Band) -> None:
    box = {"x": 0.5, "y": band.y, "width": WIDTH - 1.0, "height": band.height, "rx": 8.0}
    _add(root, "rect", "", class_="marginalia-path-band", **box)
    place = {"x": float(MARGIN), "y": band.y + 22}
    _add(root, "text", band.title, class_="marginalia-path-block", **place)


def _arrow(root: ET.Element, arrow: Arrow) -> None:
    x1, y1, x2, y2 = (_number(value) for value in arrow)
    bend = min(60.0, max(18.0, (arrow.y2 - arrow.y1) / 2))
    down, up = _number(arrow.y1 + bend), _number(arrow.y2 - 5 - bend)
    end = _number(arrow.y2 - 5)
    _add(
        root,
        "path",
        "",
        d=f"M{x1} {y1}C{x1} {down} {x2} {up} {x2} {end}",
        class_="marginalia-path-arrow",
    )
    left, right = _number(arrow.x2 - 4), _number(arrow.x2 + 4)
    tip = f"M{left} {_number(arrow.y2 - 7)}L{x2} {y2}L{right} {_number(arrow.y2 - 7)}Z"
    _add(root, "path", "", d=tip, class_="marginalia-path-tip")


def _card(root: ET.Element, card: Card, address: str) -> None:
    kind = f" marginalia-{card.difficulty}" if card.difficulty else ""
    link = _add(root, "a", "", href=address, class_=f"marginalia-path-card{kind}")
    box = {"x": card.x, "y": card.y, "width": card.width, "height": card.height, "rx": 5.0}
    _add(link, "rect", "", **box)
    middle = card.x + card.width / 2
    top = card.y + PADDING + 13
    text = _add(link, "text", "", x=middle, y=top)
    for number, line in enumerate(card.title):
        # The blank is heard, and copied, between two lines.
        words = line if number == len(card.title) - 1 else f"{line} "
        _add(text, "tspan", words, x=middle, y=top + number * LINE)
    place = {"x": middle, "y": card.y + card.height - PADDING - SMALL_LINE + 13}
    _add(link, "text", card.note, class_="marginalia-path-note", **place)
