"""From what the author wrote to footnotes with numbers."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.transforms.references import Footnotes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.nodes import ancestors, find
from sphinx_marginalia.sidenotes import repair
from sphinx_marginalia.sidenotes.nodes import (
    footnote_reference,
    marginnote,
    marginnote_anchor,
    notes_in,
    pending_note,
    sidenote,
)
from sphinx_marginalia.sidenotes.options import FROM_FOOTNOTES
from sphinx_marginalia.sidenotes.placement import (
    Stand,
    insertion_point,
    is_note,
    line_before,
    place_of,
)
from sphinx_marginalia.sidenotes.problems import SidenoteProblem


class GatherNotes(SphinxTransform):
    """Take notes out of sentences, put them where they can stand, and number them.

    Before::

        <paragraph>
            Nobody has seen one
            <pending_note numbered="True">
                Not in the wild.
            .

    After::

        <paragraph>
            Nobody has seen one
            <footnote_reference ids="sidenote-ref-1" refid="sidenote-1">
                1
            .
        <sidenote ids="sidenote-1" backrefs="sidenote-ref-1">
            <label>
                1
            <paragraph>
                Not in the wild.
    """

    # Behind docutils' Footnotes, which resolves the references to footnotes and to named notes, and
    # before the transforms of Sphinx (+2) and MyST (+3) that report and move the remaining ones.
    default_priority = Footnotes.default_priority + 1

    def apply(self, **kwargs: Any) -> None:
        """Run the steps, each over the whole document."""
        repair.flatten_notes_in_notes(self.document)
        repair.take_notes_out_of_links(self.document)
        if FROM_FOOTNOTES.value(self.config):
            self._convert_footnotes()
        self._take_notes_out_of_sentences()
        notes = notes_in(self.document)
        for note in notes:
            note["docname"] = self.env.docname
        if notes:
            self._silence_references(notes)
            self._break_circles(notes)
            marked = {mark["refid"] for mark in marks(self.document)}
            for note in notes:
                if marked.isdisjoint(note["ids"]):
                    self._hang_on_text(note)
            self._put_in_place(notes)
            number_notes(self.document)
            self._name_margin_notes()

    def _convert_footnotes(self) -> None:
        """Make a note of each numbered footnote: a margin note where nothing refers to it."""
        lists = (self.document.footnotes, self.document.autofootnotes)
        for footnote in [footnote for known in lists for footnote in known]:
            if isinstance(footnote, sidenote):
                continue
            name = " ".join(footnote["names"] + footnote["dupnames"])
            for own in footnote["names"]:
                # A name of a footnote is no label that other pages could refer to.
                self.document.nametypes[own] = False
            body = [child for child in footnote.children if not isinstance(child, nodes.label)]
            kind = sidenote if footnote["backrefs"] else marginnote
            note = kind("", *body, ids=footnote["ids"])
            note.source, note.line = footnote.source, footnote.line
            if kind is marginnote:
                warn(
                    SidenoteProblem.UNUSED_FOOTNOTE,
                    f"nothing refers to the footnote [{name}]",
                    footnote,
                )
            if body:
                footnote.parent.replace(footnote, note)
            else:
                warn(SidenoteProblem.EMPTY_NOTE, f"the footnote [{name}] has no text", footnote)
                self._forget(footnote)
        for known in lists:
            known.clear()

    def _forget(self, footnote: nodes.footnote) -> None:
        """Take an empty footnote out of the document, with the references to it."""
        footnote.parent.remove(footnote)
        for reference in find(self.document, nodes.footnote_reference):
            if reference.get("refid") in footnote["ids"]:
                reference.parent.remove(reference)

    def _take_notes_out_of_sentences(self) -> None:
        for pending in find(self.document, pending_note):
            if isinstance(pending.parent, nodes.substitution_definition):
                pending.parent.remove(pending)  # where the substitution is used there is a copy
                continue
            # The text was offered to translators with the sentence it was written in.
            paragraph = nodes.paragraph("", "", *pending.children, translatable=False)
            note = (sidenote if pending["numbered"] else marginnote)("", paragraph)
            for node in (note, paragraph):
                node.source, node.line = pending.source, pending.line
            pending.parent.replace(pending, self._mark(note))
            self.document += note

    def _mark(self, note: nodes.Element) -> nodes.Element:
        """Return a new number, or anchor, for *note*."""
        if not note["ids"]:
            self.document.set_id(note)
        kind = footnote_reference if isinstance(note, sidenote) else marginnote_anchor
        return kind("", refid=note["ids"][0], docname=self.env.docname)

    def _silence_references(self, notes: list[nodes.Element]) -> None:
        """Replace the references that docutils resolved by our own, and forget the footnotes."""
        by_id = {id_: note for note in notes for id_ in note["ids"]}
        for reference in find(self.document, nodes.footnote_reference):
            note = by_id.get(reference.get("refid", ""))
            if note is not None and not isinstance(reference, footnote_reference):
                reference.parent.replace(reference, self._mark(note))
        self.document.autofootnotes[:] = [
            footnote for footnote in self.document.autofootnotes if not is_note(footnote)
        ]

    def _break_circles(self, notes: list[nodes.Element]) -> None:
        """Take away numbers that only a note nobody gets to shows: of itself, of one another."""
        by_id = {id_: note for note in notes for id_ in note["ids"]}
        shown_in: dict[int, list[nodes.Element]] = {}
        reached: set[int] = set()
        waiting: list[nodes.Element] = []
        known = (mark for mark in marks(self.document) if mark["refid"] in by_id)
        found = [(mark, by_id[mark["refid"]]) for mark in known]
        for mark, note in found:
            around = next((outer for outer in ancestors(mark) if is_note(outer)), None)
            if around is None:
                waiting.append(note)
            else:
                shown_in.setdefault(id(around), []).append(note)
        while waiting:
            note = waiting.pop()
            if id(note) not in reached:
                reached.add(id(note))
                waiting += shown_in.get(id(note), [])
        for mark, note in found:
            if id(note) not in reached:
                mark.parent.remove(mark)

    def _hang_on_text(self, note: nodes.Element) -> None:
        """Give *note* a number at the end of the text before it."""
        line = line_before(note)
        if line is None and isinstance(note, marginnote):
            return
        if line is None:
            message = "no text stands before the sidenote; put it behind a paragraph"
            warn(SidenoteProblem.NOTE_WITHOUT_ANCHOR, message, note)
            line = nodes.paragraph()
            note.parent.insert(note.parent.index(note), line)
        line += self._mark(note)

    def _put_in_place(self, notes: list[nodes.Element]) -> None:
        """Move each note behind the block that its first number belongs to."""
        waiting = {id_: note for note in notes for id_ in note["ids"]}
        for mark in marks(self.document):
            mark["docname"] = self.env.docname
            note = waiting.pop(mark["refid"], None)
            if note is None:
                continue
            note.parent.remove(note)
            place = place_of(mark)
            parent, index = insertion_point(place)
            parent.insert(index, note)
            if isinstance(note, marginnote) and place.stand is not Stand.IN_LINE:
                # Nothing folds there, and a heading would carry the anchor into the contents.
                mark.parent.remove(mark)

    def _name_margin_notes(self) -> None:
        """Give each margin note without a name an id that tells what it is."""
        anchors = {mark["refid"]: mark for mark in find(self.document, marginnote_anchor)}
        notes = [note for note in notes_in(self.document) if isinstance(note, marginnote)]
        for n, note in enumerate(notes, start=1):
            if not note["names"]:
                anchor = anchors.get(next(iter(note["ids"]), ""))
                _rename(note, f"marginnote-{n}", self.document)
                if anchor is not None:
                    anchor["refid"] = note["ids"][0]


class SpellOutMarks(SphinxPostTransform):
    """Make docutils' own footnote references of the silent ones, when all headings are collected.

    Translators print what ``astext`` returns.
    """

    # After the layout for HTML (150), which leaves none; before that for LaTeX (300).
    default_priority = 155

    def run(self, **kwargs: Any) -> None:
        """Replace every silent reference."""
        for mark in find(self.document, footnote_reference):
            mark.parent.replace(
                mark, nodes.footnote_reference("", "", *mark.children, **mark.attributes)
            )


def marks(document: nodes.document) -> list[nodes.Element]:
    """Return the numbers and anchors of notes in *document*, in reading order."""
    return find(document, footnote_reference, marginnote_anchor)


def number_notes(document: nodes.document) -> None:
    """Give sidenotes numbers in reading order, in one series with auto-numbered footnotes.

    Two notes of a page never have the same number: a footnote that its author numbered keeps its
    own, and no other note gets it.
    """
    notes = {id_: note for note in find(document, nodes.footnote) for id_ in note["ids"]}
    taken = {note[0].astext() for note in notes.values() if _keeps_its_number(note)}
    free = (str(n) for n in range(1, len(notes) + len(taken) + 1) if str(n) not in taken)
    numbers: dict[int, str] = {}
    for reference in find(document, nodes.footnote_reference):
        note = notes.get(reference.get("refid", ""))
        if note is None or _keeps_its_number(note):
            continue
        if id(note) not in numbers:
            numbers[id(note)] = next(free)
            _label(note, numbers[id(note)], document)
        reference.children = []
        reference += nodes.Text(numbers[id(note)])
        if isinstance(note, sidenote):
            _refer(reference, note, document)


def _keeps_its_number(note: nodes.Element) -> bool:
    return not isinstance(note, sidenote) and note.get("auto") != 1


def _label(note: nodes.Element, number: str, document: nodes.document) -> None:
    """Put *number* on *note*, and make its id of it unless the author gave it a name."""
    if note.children and isinstance(note[0], nodes.label):
        note.pop(0)
    note.insert(0, nodes.label("", number))
    if isinstance(note, sidenote):
        note["backrefs"] = []
        if not note["names"]:
            _rename(note, f"sidenote-{number}", document)


def _refer(reference: nodes.Element, note: nodes.Element, document: nodes.document) -> None:
    """Link *reference* and *note* with each other by ids made of the number."""
    again = f"-{len(note['backrefs']) + 1}" if note["backrefs"] else ""
    _rename(reference, f"sidenote-ref-{note[0].astext()}{again}", document)
    reference["refid"] = note["ids"][0]
    note["backrefs"].append(reference["ids"][0])


def _rename(node: nodes.Element, id_: str, document: nodes.document) -> None:
    """Give *node* the id *id_*, unless the author has used that for something else."""
    if id_ in document.ids:
        document.set_id(node)
    else:
        node["ids"] = [id_]
        document.ids[id_] = node
