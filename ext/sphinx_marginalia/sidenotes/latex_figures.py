r"""Figures, tables and captions in the margin of a PDF.

``\marginpar`` can contain no float and nothing verbatim, and is lost in boxes and tables. A figure
there is a picture with ``\captionof``, which counts it with those that float. Where a place or a
content is not proven safe, or a table is too wide, everything stays in the text.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.nodes import ancestors, find
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.sidenotes.figures import Block, blocks_for_margin
from sphinx_marginalia.sidenotes.latex import NOTE_LINE, Backlog, latex_block, latex_picture
from sphinx_marginalia.sidenotes.latex_footnotes import SAFE_ANCESTORS, SAFE_CONTENT
from sphinx_marginalia.sidenotes.options import LATEX
from sphinx_marginalia.sidenotes.placement import MARGIN_CAPTION

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxTranslator
    from sphinx.writers.latex import LaTeXTranslator

#: What a figure or a table in the margin can contain.
FIGURE_CONTENT = (*SAFE_CONTENT, nodes.image, nodes.caption, nodes.legend)
TABLE_CONTENT = (
    *(nodes.title, nodes.paragraph, nodes.Inline, nodes.Text),
    *(nodes.tgroup, nodes.colspec, nodes.thead, nodes.tbody, nodes.row, nodes.entry),
)
#: The room that a picture takes, and the space around a column of a table, in letters; its rows.
PICTURE, GAP, MOST_ROWS = 12 * NOTE_LINE, 2, 15


class latex_caption(nodes.caption):
    """The caption of a table that is apart from it."""


def _visit_caption(translator: SphinxTranslator, node: nodes.Element) -> None:
    cast("LaTeXTranslator", translator).body.append("\\captionof{table}{")


def _depart_caption(translator: SphinxTranslator, node: nodes.Element) -> None:
    latex = cast("LaTeXTranslator", translator)
    latex.body.append(f"}}{latex.hypertarget_to(node)}")


class LayOutLatexFigures(SphinxPostTransform):
    """Move the figures and tables that are safe there into the margin.

    Before::

        <figure classes="margin" ids="heron">
            <image uri="heron.svg">
            <caption>A heron.

    After::

        <latex_block letters="368">
            <figure ids="heron">
                <image uri="heron.svg">
                <caption>A heron.

    With the class ``margin-caption``::

        <latex_picture>
            <image uri="heron.svg">
            <latex_block letters="8">
                <figure ids="heron">
                    <caption>A heron.
    """

    default_priority = WriteStage.LATEX_FIGURES
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Move each block for which the margin has room."""
        wanted = {id(block): name for block, name in blocks_for_margin(self.document)}
        if LATEX.value(self.config) != "margin" or not wanted:
            return
        backlog = Backlog()
        for node in list(self.document.findall()):
            if isinstance(node, nodes.Text):
                backlog.add_text(len(node))
            elif isinstance(node, Block) and id(node) in wanted:
                self._move(node, wanted[id(node)], backlog)

    def _move(self, block: Block, name: str, backlog: Backlog) -> None:
        """Move *block* or its caption into the margin, if that is safe."""
        is_caption = name == MARGIN_CAPTION
        if is_caption and isinstance(block, nodes.table):
            self._move_title(block, backlog)
            return
        has_picture = isinstance(block[0], (nodes.image, nodes.reference))
        letters = len(block.astext()) + (PICTURE if has_picture and not is_caption else 0)
        if not _is_safe(block) or (is_caption and not has_picture) or not backlog.add_note(letters):
            return
        block.attributes.pop("align", None)  # The side it would be at in the text,
        block.attributes.pop("width", None)  # and how wide.
        in_margin = latex_block("", letters=letters)
        if is_caption:
            block.parent.replace(block, latex_picture("", "", block.pop(0), in_margin))
        else:
            block.parent.replace(block, in_margin)
        in_margin += block

    def _move_title(self, table: nodes.table, backlog: Backlog) -> None:
        """Move the title of a table into the margin, and its label with it."""
        title = table[0]
        letters = len(title.astext())
        is_safe = _is_in_text(table) and all(
            isinstance(node, nodes.Inline | nodes.Text) and not isinstance(node, nodes.raw)
            for node in list(title.findall())[1:]
        )
        if is_safe and backlog.add_note(letters):
            caption = latex_caption("", "", *cast("nodes.Element", table.pop(0)).children)
            caption["ids"], table["ids"] = table["ids"], []
            table.parent.insert(
                table.parent.index(table), latex_block("", caption, letters=letters)
            )


def _is_in_text(block: Block) -> bool:
    return all(isinstance(around, SAFE_ANCESTORS) for around in ancestors(block))


def _is_safe(block: Block) -> bool:
    """Return whether LaTeX is sure to print *block* in the margin."""
    is_table = isinstance(block, nodes.table)
    content = TABLE_CONTENT if is_table else FIGURE_CONTENT
    unsafe = (nodes.raw, nodes.image) if is_table else (nodes.raw,)
    return (
        _is_in_text(block)
        and all(
            isinstance(node, content) and not isinstance(node, unsafe)
            for node in list(block.findall())[1:]
        )
        and (isinstance(block, nodes.figure) or _fits(block))
    )


def _fits(table: nodes.table) -> bool:
    """Return whether *table* is short, and its columns can be as narrow as their longest words."""
    rows = find(table, nodes.row)
    cells = [[cell.astext().split() for cell in row.children] for row in rows]
    if len({len(row) for row in cells}) != 1 or "longtable" in table["classes"]:
        return False  # Merged cells
    columns = [max(map(len, ["", *chain(*column)])) for column in zip(*cells, strict=True)]
    return len(rows) <= MOST_ROWS and sum(columns) + GAP * len(columns) <= NOTE_LINE


def setup(app: Sphinx) -> None:
    """Register what figures in the margin need in LaTeX."""
    app.add_node(latex_caption, latex=(_visit_caption, _depart_caption))
    app.add_post_transform(LayOutLatexFigures)
