"""A timeline as SVG."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from sphinx_marginalia.core.drawing.svg import (
    OUTLINE,
    add,
    add_link,
    address_of,
    curves,
    line,
    new_drawing,
    number,
)
from sphinx_marginalia.timeline.layout import BAND
from sphinx_marginalia.timeline.marks import RADIUS, mark_of

if TYPE_CHECKING:
    from sphinx_marginalia.core.drawing import Point
    from sphinx_marginalia.core.drawing.text import Run
    from sphinx_marginalia.timeline.axis import Leader
    from sphinx_marginalia.timeline.contents import Contents
    from sphinx_marginalia.timeline.layout import Drawing, Label, Line


def draw(drawing: Drawing, contents: Contents, name: str, **attributes: str) -> str:
    """Return *drawing* as an element of a page.

    :param name: what a screen reader calls it
    :param attributes: further attributes of the element
    """
    root = new_drawing(
        drawing.width,
        drawing.height,
        name,
        class_="marginalia-timeline-drawing",
        **attributes,
    )
    _Svg(contents).add_to(root, drawing)
    return ET.tostring(root, encoding="unicode")


class _Svg:
    """The parts of a drawing."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.addresses = [address_of(link) for link in contents.links]

    def add_to(self, root: ET.Element, drawing: Drawing) -> None:
        self.axis(root, drawing)
        for entry in drawing.legend:
            group = add(root, "g", class_="marginalia-timeline-legend")
            self.mark(group, entry.group, entry.mark).set("aria-hidden", "true")
            for (x, y), text in entry.lines:
                add(group, "text", text, x=x, y=y)
        events = add(root, "g", role="list")
        for label in drawing.labels:
            self.label(events, label)

    def axis(self, root: ET.Element, drawing: Drawing) -> None:
        """Draw the years, and the lines to the labels. Labels say the same in words."""
        behind = add(root, "g", aria_hidden="true")
        for piece in drawing.axis.pieces() if drawing.axis else ():
            box = {"x": drawing.left, "y": piece.y + 1, "height": piece.height - 2}
            kind = {"class_": "marginalia-timeline-piece", "fill_opacity": "0.07"}
            add(behind, "rect", "", width=BAND, rx=3.0, **box, **kind)
            for top in piece.tops:
                middle = {"x": drawing.left + BAND / 2, "y": top + 16.5}
                kind = {"class_": "marginalia-timeline-year", "text_anchor": "middle"}
                add(behind, "text", piece.label, **middle, **kind)
        for event, leader in drawing.leaders.items():
            self.leader(behind, leader, self.contents.events[event].group)

    def leader(self, parent: ET.Element, leader: Leader, group: int | None) -> None:
        colour = self.colour(group)
        start, *curve = leader.curve
        path = (line(leader.bracket) if leader.bracket else "") + curves(start, [curve])
        add(parent, "path", d=path, class_=f"marginalia-timeline-leader {colour}", **OUTLINE)
        if leader.dot:
            x, y = leader.dot
            add(parent, "circle", cx=x, cy=y, r=2.5, class_=f"marginalia-timeline-dot {colour}")

    def colour(self, group: int | None) -> str:
        return f"marginalia-timeline-colour-{mark_of(group, len(self.contents.groups)).colour}"

    def mark(self, parent: ET.Element, group: int | None, middle: Point) -> ET.Element:
        """Draw the mark of a group."""
        mark = mark_of(group, len(self.contents.groups))
        kind = "marginalia-timeline-mark" if mark.is_filled else "marginalia-timeline-ring"
        look = {"class_": f"{kind} {self.colour(group)}", **({} if mark.is_filled else OUTLINE)}
        if mark.outline:
            corners = " ".join(f"{number(x)},{number(y)}" for x, y in mark.corners(middle))
            return add(parent, "polygon", points=corners, **look)
        x, y = middle
        return add(parent, "circle", "", cx=x, cy=y, r=RADIUS, **look)

    def label(self, parent: ET.Element, label: Label) -> None:
        event = self.contents.events[label.event]
        side, end = ("left", "end") if label.on_left else ("right", "start")
        item = add(parent, "g", role="listitem", class_=f"marginalia-milestone-{side}")
        item.set("text-anchor", end)
        only = self.contents.only_link(event)
        if only is not None:
            # The whole label is the link, which is easier to hit than a word.
            item = add_link(item, self.addresses[only], class_="marginalia-milestone")
        mark = self.mark(item, event.group, label.mark)
        if event.group is None:
            mark.set("aria-hidden", "true")
        else:
            mark.set("role", "img")
            add(mark, "title", self.contents.groups[event.group])
        for words in label.lines:
            self.line(item, words, has_links=only is None)

    def line(self, parent: ET.Element, words: Line, *, has_links: bool) -> None:
        kind = f"marginalia-milestone-{words.kind}"
        text = add(parent, "text", class_=kind, x=words.x, y=words.y)
        for run in words.runs:
            is_link = has_links and run.link is not None
            _run(text, run, self.addresses[run.link] if is_link and run.link is not None else "")


def _run(parent: ET.Element, run: Run, address: str) -> None:
    """Write *run*, as a link if there is an *address*."""
    kinds = [run.style] if run.style else []
    if run.link is not None:
        kinds.append("linked")
    span = add(parent, "tspan", "" if address else run.text)
    if kinds:
        span.set("class", " ".join(f"marginalia-timeline-{kind}" for kind in kinds))
    if address:
        add_link(span, address, run.text)
