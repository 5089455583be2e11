"""What a note *is*, for builders that know nothing of margins."""

from __future__ import annotations

from docutils import nodes

from sphinx_marginalia.core.nodes import StaysInPlace, find


class pending_note(nodes.Inline, nodes.Element):
    """A note as its author wrote it, in the middle of a sentence.

    It lives from parsing to the transform ``GatherNotes``. Its text is no part of the sentence: a
    heading's id, which is made of the heading's words, must not hold it. ``numbered`` says whether
    it is a sidenote or a margin note.
    """

    def astext(self) -> str:
        """Return nothing: the sentence is complete without the note."""
        return ""


class footnote_reference(StaysInPlace, nodes.footnote_reference):
    """The number of a note in the text, which is no part of the words around it.

    It has the name of the docutils node because docutils' own visitors choose by that name: the one
    that collects headings for the table of contents leaves footnote references out.
    """

    def astext(self) -> str:
        """Return nothing: a heading, and what refers to it, is complete without the number."""
        return ""


class sidenote(StaysInPlace, nodes.footnote):
    """A numbered note: a footnote that stands beside the text where there is a margin."""


class marginnote(StaysInPlace, nodes.block_quote):
    """A note without a number: an indented block where there is no margin."""


class marginnote_anchor(StaysInPlace, nodes.inline):
    """The place in the text that a margin note belongs to. It shows nothing."""


def notes_in(document: nodes.document) -> list[nodes.Element]:
    """Return the notes of *document*, in reading order."""
    return find(document, sidenote, marginnote)
