"""Where a note stands, asked of trees that are made by hand."""

from __future__ import annotations

import pytest
from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.core.nodes import HtmlElement
from sphinx_marginalia.sidenotes.nodes import footnote_reference, marginnote, sidenote
from sphinx_marginalia.sidenotes.placement import (
    Place,
    Stand,
    insertion_point,
    is_note,
    is_open,
    opens_and_closes,
    place_of,
)


class box(HtmlElement, nodes.container):
    """A block that keeps what is in it."""


class frameless(HtmlElement, nodes.container):
    """A block that lets notes out."""

    lets_notes_out = True


def tree(*blocks: nodes.Element) -> tuple[nodes.document, nodes.Element]:
    """Return a document with *blocks*, each within the one before, and a mark in the last."""
    document = nodes.document("", "")
    parent: nodes.Element = document
    for block in blocks:
        parent += block
        parent = block
    mark = footnote_reference()
    parent += mark
    return document, mark


LIST = (nodes.bullet_list, nodes.list_item)
TABLE = (nodes.table, nodes.tgroup, nodes.tbody, nodes.row, nodes.entry)
DEFINITION = (nodes.definition_list, nodes.definition_list_item)

#: title, the kinds of the blocks around, how the note stands, the index of the block it comes after
CASES = [
    ("a paragraph", (nodes.paragraph,), Stand.IN_LINE, 0),
    ("a section", (nodes.section, nodes.paragraph), Stand.IN_LINE, 1),
    ("emphasis", (nodes.paragraph, nodes.strong, nodes.emphasis), Stand.IN_LINE, 0),
    ("a link that is not resolved", (nodes.paragraph, addnodes.pending_xref), Stand.IN_LINE, 0),
    ("a list", (*LIST, nodes.paragraph), Stand.IN_LINE, 2),
    ("a nested list", (*LIST, *LIST, nodes.paragraph), Stand.IN_LINE, 4),
    ("a definition", (*DEFINITION, nodes.definition, nodes.paragraph), Stand.IN_LINE, 3),
    ("a term", (*DEFINITION, nodes.term), Stand.BEHIND, 2),
    ("a heading", (nodes.section, nodes.title), Stand.BEHIND, 1),
    ("a rubric", (nodes.rubric,), Stand.BEHIND, 0),
    ("a table", (*TABLE, nodes.paragraph), Stand.BELOW, 0),
    ("a table's title", (nodes.table, nodes.title), Stand.BELOW, 0),
    ("a table in a list", (*LIST, *TABLE, nodes.paragraph), Stand.BELOW, 2),
    ("a table in a box", (box, *TABLE, nodes.paragraph), Stand.BESIDE, 0),
    ("a list in a table", (*TABLE, *LIST, nodes.paragraph), Stand.BELOW, 0),
    ("a box in a table", (*TABLE, box, nodes.paragraph), Stand.BELOW, 0),
    ("a table in a table", (*TABLE, *TABLE, nodes.paragraph), Stand.BELOW, 0),
    ("a quotation", (nodes.block_quote, nodes.paragraph), Stand.BESIDE, 0),
    ("a caption", (nodes.figure, nodes.caption), Stand.BESIDE, 0),
    ("an admonition", (nodes.admonition, nodes.paragraph), Stand.BESIDE, 0),
    ("a box in a box", (box, box, nodes.paragraph), Stand.BESIDE, 0),
    ("a list in a box", (box, *LIST, nodes.paragraph), Stand.BESIDE, 0),
    ("a box in a list", (*LIST, box, nodes.paragraph), Stand.BESIDE, 2),
    ("a block that lets notes out", (frameless, nodes.paragraph), Stand.IN_LINE, 1),
    ("the title of such a block", (frameless, nodes.title), Stand.BEHIND, 1),
    ("a box in such a block", (frameless, box, nodes.paragraph), Stand.BESIDE, 1),
    ("such a block in a box", (box, frameless, nodes.paragraph), Stand.BESIDE, 0),
]


@pytest.mark.parametrize(
    ("kinds", "stand", "index"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_place_of(kinds: tuple[type[nodes.Element], ...], stand: Stand, index: int) -> None:
    blocks = [kind() for kind in kinds]
    _, mark = tree(*blocks)
    assert place_of(mark) == Place(stand, blocks[index])


def drop_down(**attributes: object) -> nodes.container:
    return nodes.container("", **(attributes or {"design_component": "dropdown"}))


def test_a_note_hides_with_the_block_that_closes() -> None:
    line = nodes.paragraph()
    _, mark = tree(drop_down(), line)
    assert place_of(mark) == Place(Stand.BELOW, line)


def test_a_note_in_a_table_in_a_drop_down_is_under_the_table() -> None:
    table, *rest = [kind() for kind in TABLE]
    _, mark = tree(drop_down(), table, *rest, nodes.paragraph())
    assert place_of(mark) == Place(Stand.BELOW, table)


def test_a_note_in_a_drop_down_in_a_box_stays_in_the_drop_down() -> None:
    line = nodes.paragraph()
    _, mark = tree(box(), drop_down(), line)
    assert place_of(mark) == Place(Stand.BELOW, line)


def test_a_note_in_a_list_in_a_drop_down_is_no_child_of_the_list() -> None:
    items, item, line = nodes.bullet_list(), nodes.list_item(), nodes.paragraph()
    _, mark = tree(drop_down(), items, item, line)
    parent, _ = insertion_point(place_of(mark))
    assert not isinstance(parent, nodes.bullet_list)


def test_what_opens_and_closes() -> None:
    assert opens_and_closes(nodes.admonition("", collapsible=True))
    assert opens_and_closes(drop_down())
    assert not opens_and_closes(nodes.admonition())


def test_what_is_open() -> None:
    assert is_open(nodes.section())
    assert is_open(frameless())
    assert not is_open(box())
    assert not is_open(nodes.table())


def test_what_is_a_note() -> None:
    assert is_note(sidenote())
    assert is_note(marginnote())
    assert not is_note(nodes.footnote())


def test_a_note_is_put_behind_its_block_and_behind_the_notes_that_are_there() -> None:
    line = nodes.paragraph()
    document, mark = tree(line)
    document += [sidenote(), marginnote(), nodes.paragraph()]
    assert insertion_point(place_of(mark)) == (document, 3)


def test_a_note_of_a_term_is_put_first_into_its_definition() -> None:
    items, item, term = nodes.definition_list(), nodes.definition_list_item(), nodes.term()
    _, mark = tree(items, item, term)
    definition = nodes.definition("", sidenote(), nodes.paragraph())
    item += definition
    assert insertion_point(place_of(mark)) == (definition, 1)
