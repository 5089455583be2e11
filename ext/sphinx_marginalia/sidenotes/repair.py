"""Notes that were written where no note can stand: kept elsewhere, with a warning."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from docutils import nodes
from docutils.transforms.references import Footnotes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.nodes import ancestors, find
from sphinx_marginalia.sidenotes.nodes import marginnote, pending_note, sidenote
from sphinx_marginalia.sidenotes.problems import SidenoteProblem

#: What a note cannot stand in.
NOTES = (pending_note, nodes.footnote, marginnote)
LINKS = (nodes.reference, addnodes.pending_xref)


def flatten_notes_in_notes(document: nodes.document) -> None:
    """Make the text of a note that stands in another note part of that note."""
    notes: list[nodes.Element] = find(document, pending_note, sidenote, marginnote)
    for note in notes:
        if not _within(note, *NOTES):
            continue
        warn(
            SidenoteProblem.NESTED_NOTE,
            "a note stands in a note; its text joins the outer one",
            note,
        )
        if isinstance(note, pending_note):
            before = note.previous_sibling()
            gap = "" if before is None or before.astext().endswith((" ", "\n")) else " "
            note.replace_self([nodes.Text(f"{gap}("), *note.children, nodes.Text(")")])
        else:
            body = [child for child in note.children if not isinstance(child, nodes.label)]
            note.parent.replace(note, body)


def take_notes_out_of_links(document: nodes.document) -> None:
    """Put a note that was written in the text of a link behind that link."""
    for note in find(document, pending_note):
        links = [node for node in ancestors(note) if isinstance(node, LINKS)]
        if links:
            warn(
                SidenoteProblem.MISPLACED_NOTE,
                "a note cannot stand in a link; it is put behind it",
                note,
            )
            note.parent.remove(note)
            parent = links[-1].parent
            index = parent.index(links[-1]) + 1
            while index < len(parent) and isinstance(parent[index], pending_note):
                index += 1
            parent.insert(index, note)


class ReportUndefinedFootnotes(SphinxTransform):
    """Say which footnote is not defined, and show the reference to it as it was written.

    docutils would report “Too many autonumbered footnote references: only 0 corresponding
    footnote available” and leave it to the author to find out which.
    """

    # Right before docutils' Footnotes, which resolves the references.
    default_priority = Footnotes.default_priority - 1

    def apply(self, **kwargs: Any) -> None:
        """Look at each reference that has a name."""
        footnotes = self.document.footnotes + self.document.autofootnotes
        names = (name for note in footnotes for name in note["names"] + note["dupnames"])
        # In the order of the document, so that a hint is always the same.
        known = dict.fromkeys(names)
        for name, references in list(self.document.footnote_refs.items()):
            if name in known or name in self.document.nameids:
                continue
            near = get_close_matches(name, known, n=1)
            for reference in references:
                written = reference.rawsource
                definition = (
                    f"{written}: its" if written.startswith("[^") else f".. {written[:-1]} its"
                )
                hint = f"did you mean “{near[0]}”?" if near else f"write “{definition} text”"
                message = f"no footnote {written} is defined; {hint}"
                warn(SidenoteProblem.UNDEFINED_FOOTNOTE, message, reference)
                self._show_as_written(reference)
            del self.document.footnote_refs[name]

    def _show_as_written(self, reference: nodes.footnote_reference) -> None:
        if reference in self.document.autofootnote_refs:
            self.document.autofootnote_refs.remove(reference)
        reference.parent.replace(reference, nodes.Text(reference.rawsource))


def _within(node: nodes.Node, *kinds: type[nodes.Element]) -> bool:
    return any(isinstance(ancestor, kinds) for ancestor in ancestors(node))
