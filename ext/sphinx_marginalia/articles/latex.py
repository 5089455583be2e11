r"""The learning path in a PDF: the same layout, drawn with TikZ, whose text and links are real.

All lengths, also those of the letters, are multiples of one, which is a pixel of the figure. So the
figure is as wide as the text around it, whatever the paper, or as high as the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util.texescape import escape

from sphinx_marginalia.articles.arrows import curves
from sphinx_marginalia.articles.layout import MARGIN, WIDTH
from sphinx_marginalia.core.assets import add_latex_package as add_package

if TYPE_CHECKING:
    from collections.abc import Set

    from sphinx.application import Sphinx

    from sphinx_marginalia.articles.arrows import Arrow
    from sphinx_marginalia.articles.layout import Band, Card, Figure

#: A figure higher than this, for its width, would have to be made too small to be read on one page.
TALLEST = 2.0
#: The length that is a pixel of the figure.
PIXEL = r"\marginaliapixel"
#: Letters, in pixels of the figure.
TITLE, NOTE, BLOCK = 13.5, 11.5, 15.0


def setup(app: Sphinx) -> None:
    """Have TikZ loaded."""
    add_package(app, "tikz")


def fits(figure: Figure) -> bool:
    """Return whether *figure* can be read when it is on one page."""
    return figure.height <= TALLEST * WIDTH


def draw(figure: Figure, linked: Set[str]) -> str:
    """Return the figure.

    :param linked: the documents that are in the PDF
    """
    height = f"{figure.height:.1f}"
    lines = [
        r"\begin{center}",
        rf"\ifdefined{PIXEL}\else\newdimen{PIXEL}\fi",
        rf"{PIXEL}={1 / WIDTH:.7f}\linewidth",
        rf"\ifdim{height}{PIXEL}>0.92\textheight",
        rf"{PIXEL}={0.92 / figure.height:.7f}\textheight\fi",
        rf"\begin{{tikzpicture}}[x={PIXEL},y=-{PIXEL}]",
        *(line for band in figure.bands for line in _band(band)),
        *(_arrow(arrow) for arrow in figure.arrows),
        *(line for card in figure.cards for line in _card(card, card.docname in linked)),
        r"\end{tikzpicture}",
        r"\end{center}",
    ]
    return "\n".join(lines)


def _font(size: float) -> str:
    leading = f"{1.3 * size:.2f}"
    return rf"\fontsize{{{size}{PIXEL}}}{{{leading}{PIXEL}}}\selectfont\sffamily"


def _band(band: Band) -> list[str]:
    bottom = f"({WIDTH},{band.y + band.height:.1f})"
    place = f"({MARGIN},{band.y + 18:.1f})"
    style = f"anchor=west,inner sep=0pt,font={_font(BLOCK)}\\bfseries"
    return [
        rf"\draw[black!18,rounded corners=3pt] (0,{band.y:.1f}) rectangle {bottom};",
        rf"\node[{style}] at {place} {{{escape(band.title)}}};",
    ]


def _arrow(arrow: Arrow) -> str:
    path = _point(arrow.points[0])
    for one, other, end in curves(arrow.points):
        path += f" .. controls {_point(one)} and {_point(other)} .. {_point(end)}"
    return rf"\draw[->,black!55] {path};"


def _point(point: tuple[float, float]) -> str:
    return f"({point[0]:.1f},{point[1]:.1f})"


def _card(card: Card, linked: bool) -> list[str]:
    start = f"({card.x:.1f},{card.y:.1f})"
    end = f"({card.x + card.width:.1f},{card.y + card.height:.1f})"
    middle = f"({card.x + card.width / 2:.1f},{card.y + card.height / 2:.1f})"
    # One group a line: a group ends with its line of the stack.
    lines = [f"{{{_font(TITLE)} {escape(line)}}}" for line in card.title]
    if card.note:
        lines.append(f"{{{_font(NOTE)} {escape(card.note)}}}")
    text = r"\shortstack{" + r"\\".join(lines) + "}"
    if linked:
        # The label that Sphinx gives to a document.
        text = rf"\hyperref[{{\detokenize{{{card.docname}::doc}}}}]{{{text}}}"
    box = "fill=white,draw=black!50,rounded corners=2pt"
    return [
        rf"\draw[{box}] {start} rectangle {end};",
        rf"\node[align=center,inner sep=0pt] at {middle} {{{text}}};",
    ]
