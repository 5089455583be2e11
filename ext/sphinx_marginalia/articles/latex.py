r"""The learning path in a PDF: the same layout, drawn with TikZ, whose text and links are real."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util.texescape import escape

from sphinx_marginalia.articles.layout import MARGIN, WIDTH

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from sphinx_marginalia.articles.layout import Arrow, Band, Card, Figure

#: Inches of paper to a pixel of the figure: 720 of them are as wide as the text of A4.
SCALE = 6.2 / WIDTH


def setup(app: Sphinx) -> None:
    """Have TikZ loaded."""
    app.add_latex_package("tikz")


def draw(figure: Figure) -> str:
    """Return the figure."""
    lines = [
        r"\begin{center}",
        rf"\begin{{tikzpicture}}[x={SCALE:.5f}in,y=-{SCALE:.5f}in]",
        *(line for band in figure.bands for line in _band(band)),
        *(_arrow(arrow) for arrow in figure.arrows),
        *(line for card in figure.cards for line in _card(card)),
        r"\end{tikzpicture}",
        r"\end{center}",
    ]
    return "\n".join(lines)


def _band(band: Band) -> list[str]:
    bottom = f"({WIDTH},{band.y + band.height:.1f})"
    place = f"({MARGIN},{band.y + 18:.1f})"
    style = r"anchor=west,inner sep=0pt,font=\sffamily\small\bfseries"
    return [
        rf"\draw[black!18,rounded corners=3pt] (0,{band.y:.1f}) rectangle {bottom};",
        rf"\node[{style}] at {place} {{{escape(band.title)}}};",
    ]


def _arrow(arrow: Arrow) -> str:
    bend = min(60.0, max(18.0, (arrow.y2 - arrow.y1) / 2))
    return (
        rf"\draw[->,black!55] ({arrow.x1:.1f},{arrow.y1:.1f}) .. controls "
        rf"({arrow.x1:.1f},{arrow.y1 + bend:.1f}) and ({arrow.x2:.1f},{arrow.y2 - bend:.1f}) .. "
        rf"({arrow.x2:.1f},{arrow.y2:.1f});"
    )


def _card(card: Card) -> list[str]:
    start = f"({card.x:.1f},{card.y:.1f})"
    end = f"({card.x + card.width:.1f},{card.y + card.height:.1f})"
    middle = f"({card.x + card.width / 2:.1f},{card.y + card.height / 2:.1f})"
    # One group a line: a group ends with its line of the stack.
    lines = [rf"{{\sffamily\footnotesize {escape(line)}}}" for line in card.title]
    lines.append(rf"{{\sffamily\scriptsize {escape(card.note)}}}")
    text = r"\\".join(lines)
    # The label that Sphinx gives to a document.
    link = rf"\hyperref[{{\detokenize{{{card.docname}::doc}}}}]{{\shortstack{{{text}}}}}"
    box = "fill=white,draw=black!50,rounded corners=2pt"
    return [
        rf"\draw[{box}] {start} rectangle {end};",
        rf"\node[align=center,inner sep=0pt] at {middle} {{{link}}};",
    ]
