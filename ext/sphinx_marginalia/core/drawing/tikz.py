r"""The elements of a figure in TikZ: real text and links, in the fonts of the PDF.

All lengths, also the sizes of letters, are multiples of one length, :data:`PIXEL`. So a figure is
as wide as the text around it on any paper, or as high as its page allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util.texescape import escape

from sphinx_marginalia.core.links import latex_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx_marginalia.core.drawing import Point

__all__ = ["escape", "fits", "font", "link", "node", "picture", "point"]

#: The length that is one pixel of the figure.
PIXEL = r"\marginaliapixel"
#: The height of a figure that fills a page, as a multiple of its width. The letters of a higher one
#: would have to be too small to read.
PAGE = 2.18


def fits(width: float, height: float, share: float) -> bool:
    """Return whether a figure can be read when it takes at most *share* of a page's height."""
    return height <= PAGE * share * width


def picture(content: Iterable[str], width: float, height: float, share: float) -> str:
    """Return a whole figure.

    :param content: the commands of TikZ that draw it, in pixels from the top left corner
    :param share: the part of the height of a page that the figure may take
    """
    lines = [
        rf"\ifdefined{PIXEL}\else\newdimen{PIXEL}\fi",
        rf"{PIXEL}={1 / width:.7f}\linewidth",
        rf"\ifdim{height:.1f}{PIXEL}>{share}\textheight",
        rf"{PIXEL}={share / height:.7f}\textheight\fi",
        rf"\begin{{tikzpicture}}[x={PIXEL},y=-{PIXEL},line width=0.4pt]",
        *content,
        r"\end{tikzpicture}",
    ]
    return "\n".join(lines)


def node(position: Point, anchor: str, content: str) -> str:
    """Return the command that puts *content*, which is LaTeX, at *position*."""
    options = f"anchor={anchor},align=center,inner sep=0pt,outer sep=0pt"
    return rf"\node[{options}] at {point(position)} {{{content}}};"


def font(size: float) -> str:
    """Return the command for a sans-serif font of *size* pixels."""
    return rf"\fontsize{{{size}{PIXEL}}}{{{1.3 * size:.2f}{PIXEL}}}\selectfont\sffamily{{}}"


def link(content: str, address: str, docname: str = "") -> str:
    r"""Return *content*, which is LaTeX, as a link.

    :param address: a web address; or as Sphinx's LaTeX builder writes what is in the PDF, as
        ``%document#id`` and ``#id``
    :param docname: the document that ``#id`` is in
    """
    if not address.startswith(("#", "%")):
        return rf"\href{{{latex_address(address)}}}{{{content}}}"
    document, _, node_id = address.removeprefix("%").partition("#")
    # Sphinx labels a document with two colons.
    label = f"{document or docname}:{node_id or ':doc'}"
    return rf"\hyperref[{{\detokenize{{{label}}}}}]{{{content}}}"


def point(position: Point) -> str:
    """Return the coordinates of *position*."""
    return f"({position[0]:.1f},{position[1]:.1f})"
