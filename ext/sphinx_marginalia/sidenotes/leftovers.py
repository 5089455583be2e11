"""What is left where footnotes were defined, and notes written, once they are beside the text.

A heading or a line above them, a section, list item or quotation that held nothing else. It would
stand there empty, and docutils would report the line as one that ends its document.
"""

from __future__ import annotations

from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.sidenotes.nodes import FROM_FOOTNOTE, is_note, marginnote_anchor

#: Blocks that nobody misses without content.
HOLDERS = (
    nodes.section,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
    nodes.block_quote,
    nodes.container,
    nodes.compound,
    nodes.topic,
    addnodes.only,
)
#: A paragraph of these words alone is a heading. A rubric is one in any words.
HEADINGS = frozenset(("footnote", "footnotes", "endnotes", "notes", "references"))


def remove_footnote_places(document: nodes.document, notes: list[nodes.Element]) -> None:
    """Remove what held or introduced nothing but the *notes*, which are put elsewhere later.

    Before::

        <paragraph>Text.
        <transition>
        <section ids="footnotes">
            <title>Footnotes
            <sidenote ids="id1">

    After::

        <paragraph>Text.
        <target ids="footnotes">
        <sidenote ids="id1">

    The ids stay, for links. A block that its author labelled stays too, because a reference to the
    label shows its title.
    """
    gone = {id(note) for note in notes}
    leaving: list[nodes.Element] = []
    queue = {id(note.parent): note.parent for note in notes}
    while queue:
        parent = queue.pop(next(iter(queue)))
        emptied = [node for node in _introductions(parent, gone) if _may_leave(node, document)]
        gone.update(map(id, emptied))
        if _is_empty(parent, gone) and _may_leave(parent, document):
            gone.add(id(parent))
            emptied.append(parent)
            queue[id(parent.parent)] = parent.parent
        leaving += emptied
    for note in notes:
        note.parent.remove(note)
        document += note
    for node in leaving:
        _remove(node, document)


@dataclass
class _Run:
    """What stands between the line that is looked at and the next one of its kind."""

    notes: bool = False
    others: bool = False


def _introductions(parent: nodes.Element, gone: set[int]) -> list[nodes.Element]:
    """Return the headings and transitions in *parent* that notes followed, and nothing else.

    A heading ends at the next one, a transition separates all that comes before the next.
    """
    leaving: list[nodes.Element] = []
    below_heading, below_line = _Run(), _Run()
    for child in reversed(_elements_in(parent)):
        if id(child) in gone:
            below_line.notes = True
            if is_note(child) and FROM_FOOTNOTE not in child:
                below_heading.others = True  # It is no heading of footnotes.
            else:
                below_heading.notes = True
        elif isinstance(child, nodes.section):
            below_heading, below_line = _Run(), _Run()
        elif isinstance(child, nodes.transition):
            if below_line == _Run(notes=True):
                leaving.append(child)
            below_heading, below_line = _Run(), _Run()
        elif _is_heading(child):
            if below_heading == _Run(notes=True):
                leaving.append(child)
            else:
                below_line.others = True
            below_heading = _Run()
        elif not isinstance(child, nodes.Invisible):
            below_heading.others = below_line.others = True
    return leaving + _first_lines(parent, gone)


def _first_lines(parent: nodes.Element, gone: set[int]) -> list[nodes.Element]:
    """Return the transition that only notes were before, if *parent* begins with them."""
    notes = False
    for child in _elements_in(parent):
        if id(child) in gone:
            notes = True
        elif isinstance(child, nodes.transition) and notes:
            return [child]
        elif not isinstance(child, (nodes.title, nodes.Invisible)):
            break
    return []


def _elements_in(parent: nodes.Element) -> list[nodes.Element]:
    return [child for child in parent.children if isinstance(child, nodes.Element)]


def _is_heading(node: nodes.Element) -> bool:
    if isinstance(node, nodes.paragraph):
        return node.astext().strip(" :").lower() in HEADINGS
    return isinstance(node, nodes.rubric)


def _is_empty(holder: nodes.Element, gone: set[int]) -> bool:
    return isinstance(holder, HOLDERS) and all(
        id(child) in gone or isinstance(child, (nodes.title, nodes.Invisible))
        for child in holder.children
    )


def _may_leave(node: nodes.Element, document: nodes.document) -> bool:
    """Return whether *node* has no label, no note in its own line, and is not the page's title."""
    if any(document.nametypes.get(name) for name in node["names"]):
        return False
    sections = (child for child in document.children if isinstance(child, nodes.section))
    if node is next(sections, None):
        return False
    titles = [child for child in _elements_in(node) if isinstance(child, nodes.title)]
    lines = titles if isinstance(node, HOLDERS) else [node]
    return not any(find(line, nodes.footnote_reference, marginnote_anchor) for line in lines)


def _remove(node: nodes.Element, document: nodes.document) -> None:
    """Replace *node* by its ids and by what is invisible in it."""
    remains: list[nodes.Node] = []
    if node["ids"]:
        remains.append(nodes.target("", "", ids=node["ids"]))
        document.ids.update(dict.fromkeys(node["ids"], remains[0]))
    remains += [child for child in node.children if isinstance(child, nodes.Invisible)]
    node.parent.replace(node, remains)
