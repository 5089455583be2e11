"""Take notes out of the sentences they were written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.nodes import ancestors, find
from sphinx_marginalia.core.stages import ReadStage
from sphinx_marginalia.sidenotes.footnotes import convert_footnotes
from sphinx_marginalia.sidenotes.leftovers import remove_footnote_places
from sphinx_marginalia.sidenotes.nodes import (
    FROM_FOOTNOTE,
    footnote_reference,
    in_parentheses,
    is_note,
    marginnote,
    marginnote_anchor,
    marks_in,
    notes_in,
    pending_note,
    sidenote,
)
from sphinx_marginalia.sidenotes.numbering import (
    in_reading_order,
    name_margin_notes,
    number_sidenotes,
)
from sphinx_marginalia.sidenotes.options import FROM_FOOTNOTES, SidenoteProblem
from sphinx_marginalia.sidenotes.placement import (
    Position,
    insertion_point,
    line_before,
    placement_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class GatherNotes(SphinxTransform):
    """Put each note behind the block that its mark is in, and number it.

    Before::

        <paragraph>
            Nobody has seen one
            <pending_note numbered="True">
                Not in the wild.

    After::

        <paragraph>
            Nobody has seen one
            <footnote_reference ids="sidenote-ref-1" refid="sidenote-1">
                1
        <sidenote ids="sidenote-1" backrefs="sidenote-ref-1">
            <label>
                1
            <paragraph>
                Not in the wild.
    """

    default_priority = ReadStage.NOTES

    def apply(self, **kwargs: Any) -> None:
        """Run the steps, each over the whole document."""
        flatten_nested_notes(self.document)
        move_notes_out_of_links(self.document)
        make_titles_of_notes(self.document)
        convert_footnotes(
            self.document,
            self.config.suppress_warnings,
            every=FROM_FOOTNOTES.value(self.config),
        )
        blocks = notes_in(self.document)
        self._extract_notes()
        notes = notes_in(self.document)
        if not notes:
            return
        for note in notes:
            note["docname"] = self.env.docname
        self._replace_references(notes)
        remove_unreachable_marks(self.document)
        marked = {mark["refid"] for mark in marks_in(self.document)}
        lines: dict[int, nodes.Element | None] = {}
        for note in notes:
            if marked.isdisjoint(note["ids"]):
                lines[id(note)] = self._append_mark(note, lines)
        if blocks:
            marked = {mark["refid"] for mark in marks_in(self.document)}
            leaving = [note for note in blocks if not marked.isdisjoint(note["ids"])]
            remove_footnote_places(self.document, leaving)
        # Before margin notes lose their marks, behind which the marks in them would not be found.
        number_sidenotes(self.document)
        self._move_notes(notes)
        name_margin_notes(self.document)

    def _extract_notes(self) -> None:
        """Replace each pending note by a mark; its text becomes a note at the end."""
        for pending in find(self.document, pending_note):
            if isinstance(pending.parent, nodes.substitution_definition):
                pending.parent.remove(pending)  # There is a copy wherever it is substituted.
                continue
            # Translators got the text with the sentence it was written in.
            paragraph = nodes.paragraph("", "", *pending.children, translatable=False)
            note = (sidenote if pending["numbered"] else marginnote)("", paragraph)
            for node in (note, paragraph):
                node.source, node.line = pending.source, pending.line
            pending.parent.replace(pending, self._mark(note))
            self.document += note

    def _mark(self, note: nodes.Element, ids: Sequence[str] = ()) -> nodes.Element:
        if not note["ids"]:
            self.document.set_id(note)
        node_class = footnote_reference if isinstance(note, sidenote) else marginnote_anchor
        return node_class("", refid=note["ids"][0], docname=self.env.docname, ids=[*ids])

    def _replace_references(self, notes: list[nodes.Element]) -> None:
        """Replace docutils' references to notes by marks, and unregister the notes as footnotes."""
        by_id = {id_: note for note in notes for id_ in note["ids"]}
        for reference in find(self.document, nodes.footnote_reference):
            note = by_id.get(reference.get("refid", ""))
            if note is not None and not isinstance(reference, footnote_reference):
                mark = self._mark(note, reference["ids"] if FROM_FOOTNOTE in note else ())
                reference.parent.replace(reference, mark)
        registered = self.document.autofootnotes
        registered[:] = [footnote for footnote in registered if not is_note(footnote)]

    def _append_mark(
        self, note: nodes.Element, lines: dict[int, nodes.Element | None]
    ) -> nodes.Element | None:
        """Put a mark for *note* at the end of the text before it, and return that line."""
        line = line_before(note, lines)
        if line is None and isinstance(note, marginnote):
            return None
        if line is None:
            message = "there is no text before the sidenote; put it after a paragraph"
            warn(SidenoteProblem.NOTE_WITHOUT_ANCHOR, message, note)
            line = nodes.paragraph()
            note.parent.insert(note.parent.index(note), line)
        line += self._mark(note)
        return line

    def _move_notes(self, notes: list[nodes.Element]) -> None:
        """Move each note behind the block that its first mark belongs to."""
        waiting = {id_: note for note in notes for id_ in note["ids"]}
        marks, _ = in_reading_order(self.document)
        last: dict[int, nodes.Element] = {}
        for mark in marks:
            mark["docname"] = self.env.docname
            note = waiting.pop(mark.get("refid", ""), None)
            if note is None:
                continue
            note.parent.remove(note)
            placement = placement_of(mark)
            parent, index = insertion_point(placement, last.get(id(placement.block)))
            parent.insert(index, note)
            last[id(placement.block)] = note
            if isinstance(note, marginnote) and placement.position is not Position.IN_PARAGRAPH:
                # It never folds there, and a heading would carry it into the table of contents.
                ids = nodes.target("", "", ids=mark["ids"])
                mark.parent.replace(mark, [ids] if mark["ids"] else [])


def flatten_nested_notes(document: nodes.document) -> None:
    """Make the text of a note that is written in another note part of that note."""
    notes: list[nodes.Element] = find(document, pending_note, sidenote, marginnote)
    for note in notes:
        outer = (pending_note, nodes.footnote, marginnote)
        if not any(isinstance(ancestor, outer) for ancestor in ancestors(note)):
            continue
        message = "a note is written in a note; its text becomes part of the outer note"
        warn(SidenoteProblem.NESTED_NOTE, message, note)
        if isinstance(note, pending_note):
            note.replace_self(in_parentheses(note))
        else:
            body = [child for child in note.children if not isinstance(child, nodes.label)]
            note.parent.replace(note, body)


def move_notes_out_of_links(document: nodes.document) -> None:
    """Move a note that is written in the text of a link behind that link."""
    for note in find(document, pending_note):
        links = (nodes.reference, addnodes.pending_xref)
        around = [node for node in ancestors(note) if isinstance(node, links)]
        if around:
            message = "a note cannot be in the text of a link; it is moved behind the link"
            warn(SidenoteProblem.MISPLACED_NOTE, message, note)
            note.parent.remove(note)
            parent = around[-1].parent
            index = parent.index(around[-1]) + 1
            while index < len(parent) and isinstance(parent[index], pending_note):
                index += 1
            parent.insert(index, note)


def make_titles_of_notes(document: nodes.document) -> None:
    """Make the first note a title where there is nothing else: contents and searches need one."""
    for title in find(document, nodes.title):
        notes = find(title, pending_note)
        words = " ".join(note.astext() for note in notes).split()
        if notes and "".join(title.astext().split()) == "".join(words):
            message = "a note cannot be all of a title; its text becomes the title"
            warn(SidenoteProblem.MISPLACED_NOTE, message, notes[0])
            notes[0].replace_self(notes[0].children)


def remove_unreachable_marks(document: nodes.document) -> None:
    """Remove the marks of notes that only such notes refer to: themselves, or one another.

    Without marks they are treated like notes that nothing refers to, and no text is lost.
    """
    marks, unreached = in_reading_order(document)
    reached = {mark.get("refid") for mark in marks}
    for mark in unreached:
        if mark["refid"] not in reached:
            mark.parent.remove(mark)
