"""A timeline as TikZ: the same layout as on a web page, in the fonts of the PDF."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_marginalia.core.drawing import svg, tikz
from sphinx_marginalia.core.drawing.tikz import PIXEL, point
from sphinx_marginalia.timeline.layout import BAND, SIZES
from sphinx_marginalia.timeline.marks import COLOURS, RADIUS, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx_marginalia.core.drawing import Point
    from sphinx_marginalia.core.drawing.text import Run
    from sphinx_marginalia.timeline.axis import Leader
    from sphinx_marginalia.timeline.contents import Contents
    from sphinx_marginalia.timeline.layout import Drawing, Label, Line

#: The part of a page that the drawing may take; the caption needs the rest.
SHARE = 0.8
FONTS = {
    "emphasis": r"\itshape{}",
    "strong": r"\bfseries{}",
    "title": r"\bfseries{}",
    "literal": r"\ttfamily{}",
    "date": r"\color{black!65}",
}


def draw(drawing: Drawing, contents: Contents, docname: str) -> str:
    """Return *drawing*, or nothing if it could not be read on one page.

    :param docname: the document it is in, for links within that
    """
    if not tikz.fits(drawing.width, drawing.height, SHARE):
        return ""
    commands = _Tikz(contents, docname).commands(drawing)
    return tikz.picture(commands, drawing.width, drawing.height, SHARE)


class _Tikz:
    """The parts of a drawing."""

    def __init__(self, contents: Contents, docname: str) -> None:
        self.contents = contents
        self.docname = docname

    def commands(self, drawing: Drawing) -> Iterator[str]:
        for number, colour in enumerate(("000000", *COLOURS)):
            yield rf"\definecolor{{marginaliagroup{number}}}{{HTML}}{{{colour}}}"
        yield from self.axis(drawing)
        for entry in drawing.legend:
            yield self.mark(entry.group, entry.mark)
            for start, text in entry.lines:
                yield tikz.node(start, "base west", f"{_font('text')}{tikz.escape(text)}")
        for label in drawing.labels:
            yield from self.label(label)

    def axis(self, drawing: Drawing) -> Iterator[str]:
        for piece in drawing.axis.pieces() if drawing.axis else ():
            start = point((drawing.left, piece.y + 1))
            end = point((drawing.left + BAND, piece.y + piece.height - 1))
            yield rf"\fill[black!7,rounded corners=2pt] {start} rectangle {end};"
            for top in piece.tops:
                middle = (drawing.left + BAND / 2, top + 16.5)
                yield tikz.node(middle, "base", f"{_font('date')}{piece.label}")
        for event, leader in drawing.leaders.items():
            yield from self.leader(leader, self.contents.events[event].group)

    def leader(self, leader: Leader, group: int | None) -> Iterator[str]:
        colour = f"marginaliagroup{mark_of(group, len(self.contents.groups)).colour}!75"
        if leader.bracket:
            yield rf"\draw[{colour}] {' -- '.join(map(point, leader.bracket))};"
        start, one, other, end = map(point, leader.curve)
        yield rf"\draw[{colour}] {start} .. controls {one} and {other} .. {end};"
        if leader.dot:
            yield rf"\fill[{colour}] {point(leader.dot)} circle[radius=2.5{PIXEL}];"

    def mark(self, group: int | None, middle: Point) -> str:
        mark = mark_of(group, len(self.contents.groups))
        colour = f"marginaliagroup{mark.colour}"
        paint = f"fill={colour}" if mark.is_filled else f"draw={colour},line width=0.9pt"
        shape = f"{point(middle)} circle[radius={RADIUS}{PIXEL}]"
        if mark.outline:
            shape = " -- ".join([*map(point, mark.corners(middle)), "cycle"])
        return rf"\path[{paint}] {shape};"

    def label(self, label: Label) -> Iterator[str]:
        yield self.mark(self.contents.events[label.event].group, label.mark)
        anchor = "base east" if label.on_left else "base west"
        for line in label.lines:
            yield tikz.node((line.x, line.y), anchor, self.line(line))

    def line(self, line: Line) -> str:
        """Return the words of a line; neighbours within one link are one link."""
        parts = [
            self.linked(link, runs) for link, runs in groupby(line.runs, key=lambda run: run.link)
        ]
        return f"{_font(line.kind)}{FONTS.get(line.kind, '')}{''.join(parts)}"

    def linked(self, number: int | None, runs: Iterable[Run]) -> str:
        text = "".join(f"{{{FONTS.get(run.style, '')}{tikz.escape(run.text)}}}" for run in runs)
        if number is None:
            return text
        link = self.contents.links[number]
        if isinstance(link, nodes.reference):
            return tikz.link(text, svg.address_of(link), self.docname)
        return f"{link.rawsource}{text}}}"


def _font(kind: str) -> str:
    return tikz.font(SIZES[kind][0])
