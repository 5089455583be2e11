"""A timeline as SVG: real text, links, colours from the page's style sheet."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from sphinx_marginalia.timeline.layout import BAND
from sphinx_marginalia.timeline.leaders import leaders
from sphinx_marginalia.timeline.shapes import RADIUS, shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_marginalia.timeline.drawing import Contents
    from sphinx_marginalia.timeline.layout import Drawing, Label, Line
    from sphinx_marginalia.timeline.leaders import Leader
    from sphinx_marginalia.timeline.wrapping import Run


class Sheet:
    """One drawing of a timeline."""

    def __init__(self, found: Contents, addresses: Sequence[str], name: str) -> None:
        self.found = found
        #: Where each link leads.
        self.addresses = addresses
        #: What a screen reader says of the whole.
        self.name = name

    def draw(self, drawing: Drawing, kind: str) -> str:
        """Return *drawing* as an element of a page.

        :param kind: ``wide`` or ``narrow``; the style sheet shows the one there is room for
        """
        size = {"width": _number(drawing.width), "height": _number(drawing.height)}
        # Without a style sheet one of the two is enough.
        hidden = {"display": "none"} if kind == "narrow" else {}
        attributes = {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"marginalia-timeline-drawing marginalia-{kind}",
            "viewBox": f"0 0 {size['width']} {size['height']}",
            **size,
            **hidden,
            # Where a page runs from right to left, "start" would be the other end of a line.
            "direction": "ltr",
            "role": "group",
            "aria-label": self.name,
        }
        root = ET.Element("svg", attributes)
        root.text = "\n"
        self._axis(root, drawing)
        for entry in drawing.legend:
            group = _add(root, "g", class_="marginalia-timeline-legend")
            self._mark(group, entry.group, entry.mark, decorative=True)
            for x, y, text in entry.lines:
                _add(group, "text", text, x=x, y=y)
        events = _add(root, "g", role="list")
        for label in drawing.labels:
            self._label(events, label)
        return ET.tostring(root, encoding="unicode")

    def _axis(self, root: ET.Element, drawing: Drawing) -> None:
        """Draw the years, and the lines from there to the labels: nothing that is not said."""
        behind = _add(root, "g", aria_hidden="true")
        for piece in drawing.axis.pieces() if drawing.axis else ():
            band = _add(behind, "rect", x=drawing.left, y=piece.y + 1, rx=3.0)
            band.attrib |= {"width": _number(BAND), "height": _number(piece.height - 2)}
            band.set("class", "marginalia-timeline-piece")
            for top in piece.tops:
                year = _add(behind, "text", piece.label, x=drawing.left + BAND / 2, y=top + 16.5)
                year.set("class", "marginalia-timeline-year")
        for line in leaders(drawing.labels):
            self._leader(behind, line)

    def _leader(self, parent: ET.Element, line: Leader) -> None:
        kind = self._colour(self.found.events[line.event].group)
        start, *rest = map(_point, line.curve)
        corners = "L".join(map(_point, line.bracket))
        path = f"M{corners}" if corners else ""
        path += f"M{start}C{' '.join(rest)}"
        _add(parent, "path", d=path, class_=f"marginalia-timeline-leader {kind}")
        if line.dot:
            x, y = line.dot
            _add(parent, "circle", cx=x, cy=y, r=2.5, class_=f"marginalia-timeline-dot {kind}")

    def _colour(self, group: int | None) -> str:
        number = shape(group, len(self.found.groups)).colour
        return f"marginalia-timeline-colour-{number}"

    def _mark(
        self,
        parent: ET.Element,
        group: int | None,
        place: tuple[float, float],
        *,
        decorative: bool = False,
    ) -> None:
        """Draw the mark of a group; unless its name stands beside it, it says that."""
        mark = shape(group, len(self.found.groups))
        kind = "marginalia-timeline-mark" if mark.filled else "marginalia-timeline-ring"
        classes = f"{kind} {self._colour(group)}"
        x, y = place
        if mark.outline:
            points = " ".join(f"{_number(x + dx)},{_number(y + dy)}" for dx, dy in mark.outline)
            made = _add(parent, "polygon", points=points, class_=classes)
        else:
            made = _add(parent, "circle", cx=x, cy=y, r=RADIUS, class_=classes)
        if group is None or decorative:
            made.set("aria-hidden", "true")
        else:
            made.set("role", "img")
            _add(made, "title", self.found.groups[group])

    def _label(self, parent: ET.Element, label: Label) -> None:
        event = self.found.events[label.event]
        side = "left" if label.on_left else "right"
        item = _add(parent, "g", role="listitem", class_=f"marginalia-milestone-{side}")
        only = self.found.only_link(event)
        if only is not None:
            # All of it is the link, which is easier to hit than a word.
            item = _add(item, "a", href=self.addresses[only], class_="marginalia-milestone")
        self._mark(item, event.group, label.mark)
        for line in label.lines:
            self._line(item, line, linked=only is None)

    def _line(self, parent: ET.Element, line: Line, *, linked: bool) -> None:
        text = _add(parent, "text", class_=f"marginalia-milestone-{line.kind}", x=line.x, y=line.y)
        for run in line.runs:
            _run(text, run, self.addresses[run.link] if linked and run.link is not None else "")


def _run(parent: ET.Element, run: Run, address: str) -> None:
    """Write *run*, as a link if there is an *address*."""
    kinds = [run.style] if run.style else []
    if run.link is not None:
        kinds.append("linked")
    span = _add(parent, "tspan", "" if address else run.text)
    if kinds:
        span.set("class", " ".join(f"marginalia-{kind}" for kind in kinds))
    if address:
        _add(span, "a", run.text, href=address)


def _point(point: tuple[float, float]) -> str:
    return " ".join(_number(value) for value in point)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: float | str) -> ET.Element:
    values = {
        name.rstrip("_").replace("_", "-"): value if isinstance(value, str) else _number(value)
        for name, value in attributes.items()
    }
    made = ET.SubElement(parent, tag, values)
    made.text = text or None
    # Sphinx's search takes the tags away: the words of two texts would be one.
    made.tail = "" if tag in {"tspan", "a"} else "\n"
    return made
