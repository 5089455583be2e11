"""The nodes of notes, for builders that know nothing of margins."""

from __future__ import annotations

from docutils import nodes

from sphinx_marginalia.core.nodes import StaysInPlace, find

#: Attribute of a note that was a footnote. Its ids and those of its references are the footnote's.
FROM_FOOTNOTE = "from_footnote"


class pending_note(nodes.Inline, nodes.Element):
    """A note as its author wrote it, in the middle of a sentence.

    It lives from parsing to the transform ``GatherNotes``. Its text is no part of the sentence: a
    heading's id, which is made from the heading's words, must not contain it. ``numbered`` says
    whether it is a sidenote or a margin note.
    """

    def astext(self) -> str:
        """Return nothing: the sentence is complete without the note."""
        return ""


class footnote_reference(StaysInPlace, nodes.footnote_reference):
    """The number of a sidenote in the text, which is no part of the words around it.

    It has the name of the docutils node because docutils chooses visitors by name: the one that
    collects headings for the table of contents leaves footnote references out.
    """

    def astext(self) -> str:
        """Return nothing: a heading, and a reference to it, is complete without the number."""
        return ""


class sidenote(StaysInPlace, nodes.footnote):
    """A numbered note: a footnote that is shown beside the text if there is a margin."""


class marginnote(StaysInPlace, nodes.block_quote):
    """A note without a number: an indented block if there is no margin."""


class marginnote_anchor(StaysInPlace, nodes.inline):
    """The point in the text that a margin note belongs to. It shows nothing."""


def in_parentheses(note: nodes.Element) -> list[nodes.Node]:
    """Return the text of a note that stays in its sentence, with a space before it."""
    before = note.previous_sibling()
    gap = "" if before is None or before.astext().endswith((" ", "\n")) else " "
    return [nodes.Text(f"{gap}("), *note.children, nodes.Text(")")]


def is_note(node: nodes.Node) -> bool:
    """Return whether *node* is the body of a note."""
    return isinstance(node, (sidenote, marginnote))


def notes_in(document: nodes.document) -> list[nodes.Element]:
    """Return the notes of *document*, in reading order."""
    return find(document, sidenote, marginnote)


def marks_in(document: nodes.document) -> list[nodes.Element]:
    """Return the marks of *document*, in reading order: the numbers and anchors of its notes."""
    return find(document, footnote_reference, marginnote_anchor)


def bind_to_word(mark: nodes.Element) -> None:
    """Let no line begin with *mark*: the space that reStructuredText needs before it may not break.

    In a title it may, because the words of titles are collected for menus and the search.
    """
    before = mark.previous_sibling()
    if isinstance(mark.parent, nodes.title):
        return
    if isinstance(before, nodes.Text) and before[-1:].isspace():
        mark.parent.replace(before, nodes.Text(f"{before.rstrip()}\N{NO-BREAK SPACE}"))


def notes_by_key(document: nodes.document) -> dict[tuple[str, str], nodes.Element]:
    """Return the notes of *document* by the key of their marks; see :func:`key_of`."""
    return {(note["docname"], note["ids"][0]): note for note in notes_in(document)}


def key_of(mark: nodes.Element) -> tuple[str, str]:
    """Return which note *mark* belongs to: its document and its id.

    Where several documents become one page, as in a PDF, the id alone would be ambiguous.
    """
    return mark.get("docname", ""), mark.get("refid", "")
