"""The learning path as SVG: real text, every card a link, colours from the page's style sheet."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from sphinx_marginalia.articles.arrows import curves
from sphinx_marginalia.articles.layout import LINE, MARGIN, PADDING, SMALL_LINE, WIDTH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_marginalia.articles.arrows import Arrow
    from sphinx_marginalia.articles.layout import Band, Card, Figure


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
    root.text = "\n"
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
    # Sphinx's search takes the tags away: the words of two texts would be one.
    made.tail = "" if tag == "tspan" else "\n"
    return made


def _band(root: ET.Element, band: Band) -> None:
    box = {"x": 0.5, "y": band.y, "width": WIDTH - 1.0, "height": band.height, "rx": 8.0}
    _add(root, "rect", "", class_="marginalia-path-band", **box)
    place = {"x": float(MARGIN), "y": band.y + 22}
    _add(root, "text", band.title, class_="marginalia-path-block", **place)


def _arrow(root: ET.Element, arrow: Arrow) -> None:
    x, y = arrow.points[-1]
    start, *_ = arrow.points
    # The line ends within the tip.
    parts = [f"M{_point(start)}"]
    drawn = curves([*arrow.points[:-1], (x, y - 5)])
    parts += ["C" + " ".join(_point(point) for point in curve) for curve in drawn]
    _add(root, "path", "", d="".join(parts), class_="marginalia-path-arrow")
    tip = [(x - 4, y - 7), (x, y), (x + 4, y - 7)]
    corners = "L".join(_point(corner) for corner in tip)
    _add(root, "path", "", d=f"M{corners}Z", class_="marginalia-path-tip")


def _point(point: tuple[float, float]) -> str:
    return " ".join(_number(value) for value in point)


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
