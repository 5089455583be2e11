"""Where a note is shown, for trees that are built by hand."""

from __future__ import annotations

import pytest
from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.core.nodes import HtmlElement
from sphinx_marginalia.sidenotes.nodes import footnote_reference, is_note, marginnote, sidenote
from sphinx_marginalia.sidenotes.placement import (
    Placement,
    Position,
    insertion_point,
    is_collapsible,
    is_open,
    placement_of,
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

#: title, the kinds of the blocks around, the position, the index of the block it comes after
CASES = [
    ("a paragraph", (nodes.paragraph,), Position.IN_PARAGRAPH, 0),
    ("a section", (nodes.section, nodes.paragraph), Position.IN_PARAGRAPH, 1),
    ("emphasis", (nodes.paragraph, nodes.strong, nodes.emphasis), Position.IN_PARAGRAPH, 0),
    (
        "a link that is not resolved",
        (nodes.paragraph, addnodes.pending_xref),
        Position.IN_PARAGRAPH,
        0,
    ),
    ("a list", (*LIST, nodes.paragraph), Position.IN_PARAGRAPH, 2),
    ("a nested list", (*LIST, *LIST, nodes.paragraph), Position.IN_PARAGRAPH, 4),
    ("a definition", (*DEFINITION, nodes.definition, nodes.paragraph), Position.IN_PARAGRAPH, 3),
    ("a term", (*DEFINITION, nodes.term), Position.AFTER_LINE, 2),
    ("a heading", (nodes.section, nodes.title), Position.AFTER_LINE, 1),
    ("a rubric", (nodes.rubric,), Position.AFTER_LINE, 0),
    ("a table", (*TABLE, nodes.paragraph), Position.BELOW_BLOCK, 0),
    ("a table's title", (nodes.table, nodes.title), Position.BELOW_BLOCK, 0),
    ("a table in a list", (*LIST, *TABLE, nodes.paragraph), Position.BELOW_BLOCK, 2),
    ("a table in a box", (box, *TABLE, nodes.paragraph), Position.BESIDE_BLOCK, 0),
    ("a list in a table", (*TABLE, *LIST, nodes.paragraph), Position.BELOW_BLOCK, 0),
    ("a box in a table", (*TABLE, box, nodes.paragraph), Position.BELOW_BLOCK, 0),
    ("a table in a table", (*TABLE, *TABLE, nodes.paragraph), Position.BELOW_BLOCK, 0),
    ("a quotation", (nodes.block_quote, nodes.paragraph), Position.BESIDE_BLOCK, 0),
    ("a caption", (nodes.figure, nodes.caption), Position.BESIDE_BLOCK, 0),
    ("an admonition", (nodes.admonition, nodes.paragraph), Position.BESIDE_BLOCK, 0),
    ("a box in a box", (box, box, nodes.paragraph), Position.BESIDE_BLOCK, 0),
    ("a list in a box", (box, *LIST, nodes.paragraph), Position.BESIDE_BLOCK, 0),
    ("a box in a list", (*LIST, box, nodes.paragraph), Position.BESIDE_BLOCK, 2),
    ("a block that lets notes out", (frameless, nodes.paragraph), Position.IN_PARAGRAPH, 1),
    ("the title of such a block", (frameless, nodes.title), Position.AFTER_LINE, 1),
    ("a box in such a block", (frameless, box, nodes.paragraph), Position.BESIDE_BLOCK, 1),
    ("such a block in a box", (box, frameless, nodes.paragraph), Position.BESIDE_BLOCK, 0),
]


@pytest.mark.parametrize(
    ("kinds", "position", "index"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_mark_decides_the_placement(
    kinds: tuple[type[nodes.Element], ...], position: Position, index: int
) -> None:
    blocks = [kind() for kind in kinds]
    _, mark = tree(*blocks)
    assert placement_of(mark) == Placement(position, blocks[index])


def dropdown(**attributes: object) -> nodes.container:
    return nodes.container("", **(attributes or {"design_component": "dropdown"}))


def test_a_note_is_hidden_with_its_collapsible_block() -> None:
    line = nodes.paragraph()
    _, mark = tree(dropdown(), line)
    assert placement_of(mark) == Placement(Position.BELOW_BLOCK, line)


def test_a_note_in_a_table_in_a_dropdown_is_under_the_table() -> None:
    table, *rest = [kind() for kind in TABLE]
    _, mark = tree(dropdown(), table, *rest, nodes.paragraph())
    assert placement_of(mark) == Placement(Position.BELOW_BLOCK, table)


def test_a_note_in_a_dropdown_in_a_box_stays_in_the_dropdown() -> None:
    line = nodes.paragraph()
    _, mark = tree(box(), dropdown(), line)
    assert placement_of(mark) == Placement(Position.BELOW_BLOCK, line)


def test_a_note_in_a_list_in_a_dropdown_is_no_child_of_the_list() -> None:
    items, item, line = nodes.bullet_list(), nodes.list_item(), nodes.paragraph()
    _, mark = tree(dropdown(), items, item, line)
    parent, _ = insertion_point(placement_of(mark))
    assert not isinstance(parent, nodes.bullet_list)


@pytest.mark.parametrize("kind", ["dropdown", "toggle", "sphinx-tabs-panel", "tab-content"])
def test_a_note_is_hidden_with_a_block_that_a_button_opens(kind: str) -> None:
    line = nodes.paragraph()
    _, mark = tree(box(), nodes.container("", classes=[kind]), line)
    assert placement_of(mark) == Placement(Position.BELOW_BLOCK, line)


@pytest.mark.parametrize("name", ["CollapseNode", "details", "spoiler_block"])
def test_a_note_is_hidden_with_a_block_that_its_name_says_can_be_closed(name: str) -> None:
    line = nodes.paragraph()
    _, mark = tree(box(), type(name, (nodes.Element,), {})(), line)
    assert placement_of(mark) == Placement(Position.BELOW_BLOCK, line)


def test_what_is_collapsible() -> None:
    assert is_collapsible(nodes.admonition("", collapsible=True))
    assert is_collapsible(dropdown())
    assert not is_collapsible(nodes.admonition())


def test_unknown_blocks_are_not_open() -> None:
    assert is_open(nodes.section())
    assert is_open(frameless())
    assert not is_open(box())
    assert not is_open(nodes.table())


def test_the_bodies_of_notes_are_recognized() -> None:
    assert is_note(sidenote())
    assert is_note(marginnote())
    assert not is_note(nodes.footnote())


def test_a_note_is_inserted_after_its_block_and_after_the_notes_there() -> None:
    line = nodes.paragraph()
    document, mark = tree(line)
    document += [sidenote(), marginnote(), nodes.paragraph()]
    assert insertion_point(placement_of(mark)) == (document, 3)


def test_a_note_of_a_term_begins_its_definition() -> None:
    items, item, term = nodes.definition_list(), nodes.definition_list_item(), nodes.term()
    _, mark = tree(items, item, term)
    definition = nodes.definition("", sidenote(), nodes.paragraph())
    item += definition
    assert insertion_point(placement_of(mark)) == (definition, 1)
