"""The directives ``sidenote`` and ``marginnote``: a note of whole blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.sidenotes.nodes import marginnote, sidenote
from sphinx_marginalia.sidenotes.problems import SidenoteProblem

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec


class NoteDirective(SphinxDirective):
    """A note that belongs to the end of the text before it."""

    has_content = True
    #: Text behind the name is the beginning of the note, not lost and not an error.
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {
        "name": directives.unchanged,
        "class": directives.class_option,
    }
    node_class: ClassVar[type[nodes.Element]]

    def run(self) -> list[nodes.Node]:
        """Return the note, or nothing and a warning where nothing is written in it."""
        note = self.node_class(classes=self.options.get("class", []))
        self.set_source_info(note)
        if self.arguments:
            first, messages = self.parse_inline(self.arguments[0])
            note += nodes.paragraph(self.arguments[0], "", *first)
            note += messages
            self.set_source_info(note[0])
        note += self.parse_content_to_nodes()
        if not note.children:
            warn(
                SidenoteProblem.EMPTY_NOTE,
                f"the {self.name} has no text",
                location=self.get_location(),
            )
            return []
        self.note(note)
        return [note]

    def note(self, note: nodes.Element) -> None:
        """Make the note known to the document under its name."""
        self.add_name(note)


class SidenoteDirective(NoteDirective):
    """A numbered note.

    With a ``name`` it is an auto-numbered footnote of that name: in reStructuredText ``[#name]_``
    puts its number wherever it is wanted, once or more often.
    """

    node_class = sidenote

    def note(self, note: nodes.Element) -> None:
        """Register a named note with docutils' footnotes, so that references find it."""
        self.add_name(note)
        if note["names"]:
            note["auto"] = 1
            self.state.document.note_autofootnote(cast("sidenote", note))


class MarginNoteDirective(NoteDirective):
    """A note without a number."""

    node_class = marginnote
