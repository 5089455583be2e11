"""The elements of a figure in SVG: real text, and colours from the style sheet of the page."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from sphinx_marginalia.core.links import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docutils import nodes

    from sphinx_marginalia.core.drawing import Point

#: Attributes of lines and frames. Some themes do not link style sheets of extensions: without them
#: a shape is black, and hides the words on it.
OUTLINE = {"fill": "none", "stroke": "currentColor"}

#: Elsewhere a line break keeps the words of two texts apart: Sphinx's search removes all tags.
WITHIN_A_LINE = ("tspan", "a")


def new_drawing(width: float, height: float, label: str, **attributes: str) -> ET.Element:
    """Return an empty drawing.

    :param label: what a screen reader calls it
    """
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {number(width)} {number(height)}",
            "width": number(width),
            "height": number(height),
            # On a page that is read from right to left, "start" would be the other end of a line.
            "direction": "ltr",
            "fill": "currentColor",
            "font-size": "12.5",
            "role": "group",
            "aria-label": label,
            **{_attribute(name): value for name, value in attributes.items()},
        },
    )
    root.text = "\n"
    return root


def add(parent: ET.Element, tag: str, text: str = "", **attributes: float | str) -> ET.Element:
    """Add an element to *parent* and return it.

    :param attributes: an underscore in a name becomes a hyphen, one at its end is removed
    """
    values = {
        _attribute(name): value if isinstance(value, str) else number(value)
        for name, value in attributes.items()
    }
    child = ET.SubElement(parent, tag, values)
    child.text = text or None
    child.tail = "" if tag in WITHIN_A_LINE and parent.tag != "svg" else "\n"
    return child


def add_link(parent: ET.Element, address: str, text: str = "", **attributes: str) -> ET.Element:
    """Add a link to *address*, which is percent-encoded."""
    return add(parent, "a", text, href=encoded(address), **attributes)


def address_of(link: nodes.Element) -> str:
    """Return where a resolved reference leads, as seen from its page."""
    return link.get("refuri") or f"#{link.get('refid', '')}"


def line(points: Iterable[Point]) -> str:
    """Return the path that joins *points* by straight lines."""
    return "M" + "L".join(map(point, points))


def curves(start: Point, parts: Iterable[Sequence[Point]]) -> str:
    """Return the path of Bézier curves, each given by its two controls and its end."""
    return f"M{point(start)}" + "".join(f"C{' '.join(map(point, part))}" for part in parts)


def point(position: Point) -> str:
    """Return the coordinates of *position*."""
    return " ".join(map(number, position))


def number(value: float) -> str:
    """Return *value* with one decimal, if it is not nought: a tenth of a pixel cannot be seen."""
    return f"{value:.1f}".removesuffix(".0")


def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
