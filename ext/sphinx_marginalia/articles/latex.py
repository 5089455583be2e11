"""The learning path as TikZ: the same layout as on a web page, with links in the PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.articles.figure import MARGIN, WIDTH, curves
from sphinx_marginalia.core.drawing import tikz
from sphinx_marginalia.core.drawing.tikz import escape, font, point

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from sphinx_marginalia.articles.figure import Band, Card, Figure
    from sphinx_marginalia.core.drawing import Point

#: The part of a page that the figure may take.
SHARE = 0.92
#: The sizes of letters, in pixels of the figure.
TITLE, NOTE, BLOCK = 13.5, 11.5, 15.0


def draw(figure: Figure, linked: Set[str]) -> str:
    """Return the figure, or nothing if it could not be read on one page.

    :param linked: the documents that are in the PDF
    """
    if not tikz.fits(WIDTH, figure.height, SHARE):
        return ""
    picture = tikz.picture(_commands(figure, linked), WIDTH, figure.height, SHARE)
    return f"\\begin{{center}}\n{picture}\n\\end{{center}}"


def _commands(figure: Figure, linked: Set[str]) -> Iterator[str]:
    for band in figure.bands:
        yield from _band(band)
    for arrow in figure.arrows:
        yield _arrow(arrow)
    for card in figure.cards:
        yield from _card(card, card.docname in linked)


def _band(band: Band) -> Iterator[str]:
    bottom = point((WIDTH, band.y + band.height))
    yield rf"\draw[black!18,rounded corners=3pt] {point((0, band.y))} rectangle {bottom};"
    title = rf"{font(BLOCK)}\bfseries{{}}{escape(band.title)}"
    yield tikz.node((MARGIN, band.y + 18), "west", title)


def _arrow(points: tuple[Point, ...]) -> str:
    path = point(points[0])
    for one, other, end in curves(points):
        path += f" .. controls {point(one)} and {point(other)} .. {point(end)}"
    return rf"\draw[->,black!55] {path};"


def _card(card: Card, is_linked: bool) -> Iterator[str]:
    start, end = (card.x, card.y), (card.x + card.width, card.y + card.height)
    box = "fill=white,draw=black!50,rounded corners=2pt"
    yield rf"\draw[{box}] {point(start)} rectangle {point(end)};"
    # A group for each line: a group must not go on in the next line of the stack.
    lines = [f"{{{font(TITLE)}{escape(line)}}}" for line in card.title]
    lines.append(f"{{{font(NOTE)}{escape(card.note)}}}")
    text = r"\shortstack{" + r"\\".join(lines) + "}"
    middle = (card.x + card.width / 2, card.y + card.height / 2)
    yield tikz.node(middle, "center", tikz.link(text, f"%{card.docname}") if is_linked else text)
