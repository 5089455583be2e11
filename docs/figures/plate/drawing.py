"""Elements of an SVG drawing."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from .colours import INK, PLATE, PLATE_EDGE, QUIET
from .sizes import LABEL_SIZE, MARGIN, TITLE_SIZE, WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE_Y, SUBTITLE_Y = 58, 86
SCREEN_FONT = "Georgia, 'Times New Roman', serif"


def number(value: float) -> str:
    """Short decimal form, the same on every platform."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def add(parent: ET.Element, tag: str, **attributes: float | str) -> ET.Element:
    """Append an element; ElementTree does the escaping, underscores become hyphens."""
    return ET.SubElement(
        parent,
        tag,
        {
            name.replace("_", "-"): value if isinstance(value, str) else number(value)
            for name, value in attributes.items()
        },
    )


def write(
    parent: ET.Element,
    text: str,
    x: float,
    y: float,
    size: float,
    fill: str,
    **style: float | str,
) -> None:
    """One line of real text whose middle is at ``y``, level with its mark.

    ``style`` takes more attributes, such as ``text_anchor="middle"`` or ``font_style="italic"``.
    """
    add(parent, "text", x=x, y=y + 0.3 * size, font_size=size, fill=fill, **style).text = text


def draw_polygon(
    parent: ET.Element,
    x: float,
    y: float,
    points: Sequence[tuple[float, float]],
    **style: float | str,
) -> None:
    """A polygon given by its corners around (x, y)."""
    corners = " ".join(f"{number(x + dx)},{number(y + dy)}" for dx, dy in points)
    add(parent, "polygon", points=corners, **style)


def path(
    parent: ET.Element,
    points: Sequence[tuple[float, float]],
    stroke: str,
    width: float = 1.5,
    **style: float | str,
) -> None:
    """A line through the given points; ``stroke_dasharray="5 4"`` makes it a dashed one."""
    d = "M" + " L".join(f"{number(x)} {number(y)}" for x, y in points)
    add(parent, "path", d=d, fill="none", stroke=stroke, stroke_width=width, **style)


def arrow(
    parent: ET.Element,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str,
    width: float = 1.75,
    **style: float | str,
) -> None:
    """A straight arrow whose tip is at ``end``; the head is a polygon, for PDF has no markers."""
    (x, y), (tip_x, tip_y) = start, end
    angle = math.atan2(tip_y - y, tip_x - x)
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    length, half = 6 + 2.5 * width, 2.5 + 1.2 * width
    path(
        parent,
        (start, (tip_x - 0.8 * length * along[0], tip_y - 0.8 * length * along[1])),
        colour,
        width,
        **style,
    )
    back = (-length * along[0], -length * along[1])
    head = (
        (0, 0),
        (back[0] + half * across[0], back[1] + half * across[1]),
        (back[0] - half * across[0], back[1] - half * across[1]),
    )
    draw_polygon(parent, tip_x, tip_y, head, fill=colour)


def begin(name: str, title: str, description: str, height: float, width: int = WIDTH) -> ET.Element:
    """An empty plate; ``description`` says the whole figure in words, for those who hear it."""
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-desc")
    root.set("viewBox", f"0 0 {width} {number(height)}")
    root.set("width", str(width))
    root.set("height", number(height))
    root.set("font-family", SCREEN_FONT)
    add(root, "title", id=f"{name}-title").text = title
    add(root, "desc", id=f"{name}-desc").text = description
    plate = {"width": width - 1, "height": height - 1, "rx": 12}
    add(root, "rect", x=0.5, y=0.5, fill=PLATE, stroke=PLATE_EDGE, **plate)
    return root


def heading(root: ET.Element, title: str, subtitle: str) -> None:
    """The title, which fits on one line of the plate, and a line below it."""
    write(root, title, MARGIN, TITLE_Y, TITLE_SIZE, INK)
    write(root, subtitle, MARGIN, SUBTITLE_Y, LABEL_SIZE, QUIET)
