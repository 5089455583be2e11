"""Decide where a note is shown.

A note floats out of the text into the margin. Some blocks do not let it out: a table cell, a box
that clips its content, a heading whose words are used elsewhere. From there the note moves to the
nearest position where it can be shown.

=========================================  ================  =======================================
the mark is in                             position          the note is shown
=========================================  ================  =======================================
a paragraph, also in a list                IN_PARAGRAPH      in the margin, beside its line
a heading, a term, a pause's question      AFTER_LINE        in the margin, after that line
an admonition, figure, card, quotation …   BESIDE_BLOCK      in the margin, beside the whole block
a table                                    BELOW_BLOCK       below the table
a collapsible block, a tab                 BELOW_BLOCK       in it, below the part with the mark
=========================================  ================  =======================================

The style sheet has a class for each position. For a new one, add a member to :class:`Position`, the
rule to :func:`placement_of`, and the class to ``marginalia-sidenotes.css``.
"""

from __future__ import annotations

from enum import Enum
from itertools import dropwhile
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.core.nodes import HIDING, IS_TITLE, HtmlElement, ancestors, find, is_foldable
from sphinx_marginalia.sidenotes.nodes import is_note, marginnote

if TYPE_CHECKING:
    from collections.abc import Mapping


class Position(Enum):
    """Where a note is shown. The value is the end of its CSS class."""

    IN_PARAGRAPH = "in-paragraph"
    AFTER_LINE = "after-line"
    BESIDE_BLOCK = "beside-block"
    BELOW_BLOCK = "below-block"


class Placement(NamedTuple):
    """A position relative to a block."""

    position: Position
    #: The block that the note comes after in the document tree.
    block: nodes.Element


#: Blocks that only hold the text in them.
TEXT_BLOCKS = (
    nodes.document,
    nodes.section,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
    nodes.definition_list,
    nodes.definition_list_item,
    nodes.definition,
    addnodes.start_of_file,
)
#: Blocks that neither clip a note nor move their inline end. Unknown blocks count as boxes: a note
#: beside a box that it could have left is a small loss, a clipped one is lost.
OPEN_BLOCKS = (*TEXT_BLOCKS, addnodes.glossary, addnodes.only)

#: The classes of tabs of sphinx-tabs, sphinx-inline-tabs and sphinx-design. A note between two tabs
#: would also divide them into two sets.
TAB_CLASSES = frozenset({"sphinx-tabs-panel", "tab-content"})
#: What a block uses the whole width for, and the sides at which text flows past a box.
FULL_WIDTH = "fullwidth"
#: What is in the margin itself: a figure or table with its caption, or the caption alone. An
#: author writes the keys, which are those of sphinx-book-theme; a page has the values, because that
#: theme has a margin of its own for the keys.
MARGIN, MARGIN_CAPTION = "margin", "margin-caption"
IN_MARGIN = {MARGIN: "marginalia-note-figure", MARGIN_CAPTION: "marginalia-note-captioned"}
NOTES_INSIDE = frozenset(
    {"left", "right", "align-left", "align-right", FULL_WIDTH, *IN_MARGIN.values()}
)

#: What can contain the mark of a note that was written as a block, and what cannot. A message of
#: the parser is removed when the document has been read.
LINES = (nodes.paragraph, nodes.caption)
NO_LINES = (nodes.title, nodes.footnote, nodes.citation, marginnote, nodes.system_message)


def placement_of(mark: nodes.Element) -> Placement:
    """Return where the note of *mark* is shown.

    Goes from the line with the mark to the root. The outermost block that keeps notes in decides,
    unless a collapsible block is met before: its notes stay in it.
    """
    line, *blocks = dropwhile(lambda node: isinstance(node, nodes.Inline), ancestors(mark))
    in_paragraph = isinstance(line, nodes.paragraph)
    placement = Placement(Position.IN_PARAGRAPH if in_paragraph else Position.AFTER_LINE, line)
    child: nodes.Element = line
    for block in blocks:
        if is_collapsible(block):
            is_text = placement.position is Position.IN_PARAGRAPH
            return Placement(Position.BELOW_BLOCK, child if is_text else placement.block)
        if isinstance(block, nodes.table):
            placement = Placement(Position.BELOW_BLOCK, block)
        elif not is_open(block):
            placement = Placement(Position.BESIDE_BLOCK, block)
        child = block
    return placement


def is_open(block: nodes.Element) -> bool:
    """Return whether a note in *block* can leave it for the margin."""
    return isinstance(block, OPEN_BLOCKS) or (
        isinstance(block, HtmlElement) and block.lets_notes_out
    )


def is_collapsible(block: nodes.Element) -> bool:
    """Return whether *block* can be closed or left out, so that its notes must go with it."""
    return (
        is_foldable(block)
        or block.get("design_component") == "tab-content"
        or not TAB_CLASSES.isdisjoint(block["classes"])
        or block.tagname in HIDING
        or (isinstance(block, addnodes.only) and not all(map(is_open, ancestors(block))))
    )


def keeps_notes(box: nodes.Element) -> bool:
    """Return whether notes stay in *box*: it has text beside it, or uses the margin itself."""
    return isinstance(box, nodes.sidebar) or not NOTES_INSIDE.isdisjoint(
        (box.get("align"), *box["classes"])
    )


def insertion_point(
    placement: Placement, last: nodes.Element | None = None
) -> tuple[nodes.Element, int]:
    """Return the parent and the index at which the note is inserted into the tree.

    That is after the notes that are there already: they were written earlier.

    :param last: the note that was inserted there last; without, all of them are passed
    """
    block = last if last is not None else placement.block
    if isinstance(block, (nodes.term, nodes.classifier)):
        item = block.parent
        definition = next(child for child in item if isinstance(child, nodes.definition))
        return definition, _after_notes(definition, 0)
    return block.parent, _after_notes(block.parent, block.parent.index(block) + 1)


def line_before(
    note: nodes.Element, lines: Mapping[int, nodes.Element | None]
) -> nodes.Element | None:
    """Return the last line of text before *note* that can contain its mark, or ``None``.

    :param lines: those of earlier notes, by the ``id()`` of the note
    """
    siblings = note.parent.children
    for sibling in reversed(siblings[: siblings.index(note)]):
        if id(sibling) in lines:
            return lines[id(sibling)]
        if isinstance(sibling, NO_LINES):
            continue
        own = [
            line
            for line in find(sibling, nodes.TextElement)
            if isinstance(line, LINES)
            and not line.get(IS_TITLE)
            and not any(isinstance(around, NO_LINES) for around in ancestors(line))
        ]
        if own:
            return own[-1]
    return None


def _after_notes(parent: nodes.Element, index: int) -> int:
    while index < len(parent) and is_note(parent[index]):
        index += 1
    return index
