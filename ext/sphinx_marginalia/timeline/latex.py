"""A timeline as TikZ: the same layout as on a web page, in the fonts of the PDF."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx.util.texescape import escape

from sphinx_marginalia.core.assets import add_latex_package as add_package
from sphinx_marginalia.timeline.layout import BAND, SIZES
from sphinx_marginalia.timeline.leaders import leaders
from sphinx_marginalia.timeline.nodes import timeline, timeline_figure
from sphinx_marginalia.timeline.shapes import COLOURS, RADIUS, Shape, shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.writers.latex import LaTeXTranslator

    from sphinx_marginalia.timeline.drawing import Contents
    from sphinx_marginalia.timeline.layout import Drawing, Label, Line
    from sphinx_marginalia.timeline.leaders import Leader
    from sphinx_marginalia.timeline.legend import Entry
    from sphinx_marginalia.timeline.wrapping import Run

#: A drawing higher than this, for its width, would have to be too small to be read on one page.
TALLEST = 1.75
#: The length that is a pixel of the drawing.
PIXEL = r"\marginaliapixel"
FONTS = {
    "emphasis": r"\itshape",
    "strong": r"\bfseries",
    "title": r"\bfseries",
    "literal": r"\ttfamily",
    "date": r"\color{black!65}",
}


def setup(app: Sphinx) -> None:
    """Have TikZ loaded, and number the figure of a timeline with all others."""
    add_package(app, "tikz")
    app.add_enumerable_node(timeline_figure, "figure", override=True, latex=(_visit, _depart))


def _visit(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    # A list may be longer than a page, and a float may not; Sphinx then has another caption.
    node["flows"] = any(isinstance(child, timeline) for child in node)
    if node["flows"]:
        latex.in_minipage += 1
        latex.body.append("\n\n\\begingroup\n")
    else:
        latex.visit_figure(node)


def _depart(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    if node["flows"]:
        latex.in_minipage -= 1
        latex.body.append("\n\\endgroup\n\n")
    else:
        latex.depart_figure(node)


def fits(drawing: Drawing) -> bool:
    """Return whether *drawing* can be read when it is on one page."""
    return drawing.height <= TALLEST * drawing.width


def draw(drawing: Drawing, found: Contents, docname: str) -> str:
    """Return *drawing*.

    :param docname: the document it is in, for links that stay in it
    """
    return "\n".join(_Sheet(found, docname).lines(drawing))


class _Sheet:
    """One drawing of a timeline."""

    def __init__(self, found: Contents, docname: str) -> None:
        self.found = found
        self.opening = [_opening(link, docname) for link in found.links]

    def lines(self, drawing: Drawing) -> Iterator[str]:
        yield rf"\ifdefined{PIXEL}\else\newdimen{PIXEL}\fi"
        yield rf"{PIXEL}={1 / drawing.width:.7f}\linewidth"
        # The caption needs some room of the page, too.
        yield rf"\ifdim{drawing.height:.1f}{PIXEL}>0.8\textheight"
        yield rf"{PIXEL}={0.8 / drawing.height:.7f}\textheight\fi"
        for number, colour in enumerate(("000000", *COLOURS)):
            yield rf"\definecolor{{marginaliagroup{number}}}{{HTML}}{{{colour}}}"
        yield rf"\begin{{tikzpicture}}[x={PIXEL},y=-{PIXEL},line width=0.4pt]"
        yield from self._axis(drawing)
        for entry in drawing.legend:
            yield from self._entry(entry)
        for label in drawing.labels:
            yield from self._label(label)
        yield r"\end{tikzpicture}"

    def _axis(self, drawing: Drawing) -> Iterator[str]:
        for piece in drawing.axis.pieces() if drawing.axis else ():
            start = _point((drawing.left, piece.y + 1))
            end = _point((drawing.left + BAND, piece.y + piece.height - 1))
            yield rf"\fill[black!7,rounded corners=2pt] {start} rectangle {end};"
            for top in piece.tops:
                place = (drawing.left + BAND / 2, top + 16.5)
                yield _text(place, "base", rf"{_font('date')}{piece.label}")
        for line in leaders(drawing.labels):
            yield from self._leader(line)

    def _leader(self, line: Leader) -> Iterator[str]:
        mark = self._shape(self.found.events[line.event].group)
        colour = f"marginaliagroup{mark.colour}!75"
        if line.bracket:
            yield rf"\draw[{colour}] {' -- '.join(map(_point, line.bracket))};"
        start, one, other, end = map(_point, line.curve)
        yield rf"\draw[{colour}] {start} .. controls {one} and {other} .. {end};"
        if line.dot:
            yield rf"\fill[{colour}] {_point(line.dot)} circle[radius=2.5{PIXEL}];"

    def _shape(self, group: int | None) -> Shape:
        return shape(group, len(self.found.groups))

    def _mark(self, group: int | None, place: tuple[float, float]) -> str:
        mark = self._shape(group)
        colour = f"marginaliagroup{mark.colour}"
        paint = f"fill={colour}" if mark.filled else f"draw={colour},line width=0.9pt"
        x, y = place
        points = [_point((x + dx, y + dy)) for dx, dy in mark.outline]
        outline = f"{' -- '.join(points)} -- cycle" if points else ""
        return rf"\path[{paint}] {outline or f'{_point(place)} circle[radius={RADIUS}{PIXEL}]'};"

    def _entry(self, entry: Entry) -> Iterator[str]:
        yield self._mark(entry.group, entry.mark)
        for x, y, text in entry.lines:
            yield _text((x, y), "base west", f"{_font('text')}{escape(text)}")

    def _label(self, label: Label) -> Iterator[str]:
        yield self._mark(self.found.events[label.event].group, label.mark)
        anchor = "base east" if label.on_left else "base west"
        for line in label.lines:
            yield _text((line.x, line.y), anchor, self._line(line))

    def _line(self, line: Line) -> str:
        """Return the words of a line, those of one link together."""
        parts = [
            self._linked(link, list(runs))
            for link, runs in groupby(line.runs, key=lambda run: run.link)
        ]
        return f"{_font(line.kind)}{FONTS.get(line.kind, '')}{{}}{''.join(parts)}"

    def _linked(self, link: int | None, runs: Sequence[Run]) -> str:
        text = "".join(f"{{{FONTS.get(run.style, '')}{{}}{escape(run.text)}}}" for run in runs)
        return text if link is None else f"{self.opening[link]}{text}}}"


def _opening(link: nodes.Element, docname: str) -> str:
    """Return what begins a link, up to the brace before its text."""
    if not isinstance(link, nodes.reference):
        return link.rawsource
    uri = link.get("refuri") or f"#{link.get('refid', '')}"
    if uri.startswith(("#", "%")):
        document, _, id_ = uri.removeprefix("%").partition("#")
        label = f"{document or docname}:{id_ or ':doc'}"
        return rf"\hyperref[{{\detokenize{{{label}}}}}]{{"
    for sign in r"%#&_":
        uri = uri.replace(sign, rf"\{sign}")
    return rf"\href{{{uri}}}{{"


def _font(kind: str) -> str:
    size = SIZES[kind][0]
    return rf"\fontsize{{{size}{PIXEL}}}{{{1.3 * size:.2f}{PIXEL}}}\selectfont\sffamily{{}}"


def _point(point: tuple[float, float]) -> str:
    return f"({point[0]:.1f},{point[1]:.1f})"


def _text(place: tuple[float, float], anchor: str, text: str) -> str:
    return rf"\node[anchor={anchor},inner sep=0pt,outer sep=0pt] at {_point(place)} {{{text}}};"
