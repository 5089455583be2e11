"""Notes in formats without a layout of their own: text, man, Texinfo, XML."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.nodes import ancestors, find
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.sidenotes.nodes import (
    footnote_reference,
    in_parentheses,
    key_of,
    marginnote,
    notes_by_key,
    pending_note,
    sidenote,
)

#: What the Texinfo writer takes the bare words of.
WORDS_ONLY = (nodes.title, addnodes.centered, addnodes.acks)


class KeepCopies(SphinxPostTransform):
    """Keep the words of notes in content that another package copied while it was parsed.

    sphinx-needs does so for ``needextract``. Such a copy has not met the transforms that take notes
    out of their sentences and number them; the note is where the content was written.

    Before::

        <paragraph>
            Nobody has seen one
            <pending_note>Not in the wild.
        <sidenote><paragraph>Nor at sea.

    After::

        <paragraph>
            Nobody has seen one
             (Not in the wild.)
        <block_quote><paragraph>Nor at sea.
    """

    default_priority = WriteStage.COPIES

    def run(self, **kwargs: Any) -> None:
        """Replace each note that was not gathered from its document."""
        for note in find(self.document, pending_note, sidenote, marginnote):
            if isinstance(note, pending_note):
                note.replace_self(in_parentheses(note))
            elif "docname" not in note:
                note.replace_self(nodes.block_quote("", *note.children))


class ShowNumbers(SphinxPostTransform):
    """Replace our references, which have no text, by docutils' own: translators print ``astext``.

    Headings have been collected by now, so the numbers cannot get into a table of contents. The
    layout for HTML runs before and leaves none; that for LaTeX runs later.

    Before::

        <sidenotes.nodes.footnote_reference ids="sidenote-ref-1" refid="sidenote-1">1

    After::

        <docutils.nodes.footnote_reference ids="sidenote-ref-1" refid="sidenote-1">1
    """

    default_priority = WriteStage.PLAIN_NOTES

    def run(self, **kwargs: Any) -> None:
        """Replace every number."""
        for mark in find(self.document, footnote_reference):
            number = nodes.footnote_reference("", "", *mark.children, **mark.attributes)
            mark.parent.replace(mark, number)


class TexinfoNotes(SphinxPostTransform):
    """Print each note once in Texinfo, and lose none.

    Sphinx's Texinfo writer leaves out the footnotes that a heading, a centered line or a list of
    names refers to, and prints a footnote at each of its numbers.

    Before::

        <title>Stars<footnote_reference refid="sidenote-1">1
        <sidenote ids="sidenote-1"><label>1</label><paragraph>Not in the wild.

    After::

        <title>Stars<footnote_reference refid="sidenote-1">1
        <block_quote><paragraph>[1]</paragraph><paragraph>Not in the wild.

    The second number of a note becomes a ``<superscript>``.
    """

    default_priority = WriteStage.LATEX_NOTES
    formats = ("texinfo",)

    def run(self, **kwargs: Any) -> None:
        """Check each number of a sidenote."""
        notes = notes_by_key(self.document)
        seen: set[tuple[str, str]] = set()
        for mark in find(self.document, nodes.footnote_reference):
            key = key_of(mark)
            if key not in notes:
                continue
            if key in seen:
                mark.parent.replace(mark, nodes.superscript("", mark.astext()))
            elif any(isinstance(around, WORDS_ONLY) for around in ancestors(mark)):
                note = notes[key]
                label, *body = note.children
                number = nodes.paragraph("", f"[{label.astext()}]")
                note.parent.replace(note, nodes.block_quote("", number, *body))
            seen.add(key)
