"""Where a note can stand.

A note floats out of the text into the margin. Some blocks keep what is in them: a table cell, a box
that clips its content, a heading whose words are used elsewhere. From there the note moves to the
nearest place where it can stand.

========================================  =====================================================
the number stands in                      the note stands
========================================  =====================================================
a paragraph, also in lists                in the margin beside its line
a heading, a term, a pause's question     in the margin, behind that line
an admonition, figure, card, quotation …  in the margin, beside the whole block
a table                                   under the table
a block that opens and closes             in it, behind the part that holds the number
========================================  =====================================================
"""

from __future__ import annotations

from enum import Enum, auto
from itertools import dropwhile
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.core.nodes import HIDING, IS_TITLE, HtmlElement, ancestors, find
from sphinx_marginalia.sidenotes.nodes import marginnote, sidenote

if TYPE_CHECKING:
    from collections.abc import Iterator


class Stand(Enum):
    """How a note stands to what it belongs to."""

    IN_LINE = auto()
    BEHIND = auto()
    BESIDE = auto()
    BELOW = auto()


class Place(NamedTuple):
    """Where a note stands."""

    stand: Stand
    #: The block that the note comes after.
    block: nodes.Element


#: Blocks that neither clip a note nor move their inline end.
OPEN_BLOCKS = (
    nodes.document,
    nodes.section,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
    nodes.definition_list,
    nodes.definition_list_item,
    nodes.definition,
    addnodes.start_of_file,
    addnodes.glossary,
    addnodes.only,
)

#: What can hold the number of a note that was written as a block, and what cannot.
LINES = (nodes.paragraph, nodes.caption)
NO_LINES = (nodes.title, nodes.footnote, nodes.citation, marginnote)


def place_of(mark: nodes.Element) -> Place:
    """Return where the note stands whose number or anchor in the text is *mark*."""
    line, *around = _blocks_around(mark)
    in_paragraph = isinstance(line, nodes.paragraph)
    place = Place(Stand.IN_LINE if in_paragraph else Stand.BEHIND, line)
    child: nodes.Element = line
    for block in around:
        if opens_and_closes(block):
            block_in_it = child if place.stand is Stand.IN_LINE else place.block
            return Place(Stand.BELOW, block_in_it)
        if isinstance(block, nodes.table):
            place = Place(Stand.BELOW, block)
        elif not is_open(block):
            place = Place(Stand.BESIDE, block)
        child = block
    return place


def is_open(block: nodes.Element) -> bool:
    """Return whether a note in *block* can leave it for the margin."""
    return isinstance(block, OPEN_BLOCKS) or (
        isinstance(block, HtmlElement) and block.lets_notes_out
    )


def opens_and_closes(block: nodes.Element) -> bool:
    """Return whether *block* can be closed or left out, so that its notes must go with it."""
    return (
        bool(block.get("collapsible"))
        or block.get("design_component") == "dropdown"
        or block.tagname in HIDING
        or (isinstance(block, addnodes.only) and not all(map(is_open, ancestors(block))))
    )


def insertion_point(place: Place) -> tuple[nodes.Element, int]:
    """Return the parent and the index at which the note is put into the tree.

    Notes that are there already stay in front: they were written earlier.
    """
    block = place.block
    if isinstance(block, (nodes.term, nodes.classifier)):
        item = block.parent
        definition = next(child for child in item if isinstance(child, nodes.definition))
        return definition, _behind_notes(definition, 0)
    return block.parent, _behind_notes(block.parent, block.parent.index(block) + 1)


def line_before(note: nodes.Element) -> nodes.Element | None:
    """Return the last line of text in front of *note* that can hold its number, or ``None``."""
    siblings = note.parent.children
    for sibling in reversed(siblings[: siblings.index(note)]):
        if isinstance(sibling, NO_LINES):
            continue
        lines = [
            line
            for line in find(sibling, nodes.TextElement)
            if isinstance(line, LINES)
            and not line.get(IS_TITLE)
            and not any(isinstance(around, NO_LINES) for around in ancestors(line))
        ]
        if lines:
            return lines[-1]
    return None


def is_note(node: nodes.Node) -> bool:
    """Return whether *node* is the body of a note."""
    return isinstance(node, (sidenote, marginnote))


def _behind_notes(parent: nodes.Element, index: int) -> int:
    while index < len(parent) and is_note(parent[index]):
        index += 1
    return index


def _blocks_around(mark: nodes.Element) -> Iterator[nodes.Element]:
    """Yield the line that holds *mark*, then the blocks around it, innermost first."""
    return dropwhile(lambda node: isinstance(node, nodes.Inline), ancestors(mark))
