"""The roles and directives ``sidenote`` and ``marginnote``, and ``margin`` of sphinx-book-theme."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.states import Inliner
from docutils.utils import unescape
from sphinx.util.docutils import SphinxRole

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.directives import Directive
from sphinx_marginalia.sidenotes.nodes import marginnote, pending_note, sidenote
from sphinx_marginalia.sidenotes.options import SidenoteProblem

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import OptionSpec

#: The name of a role at the end of a note in Markdown, where it names nothing.
ROLE_AT_END = re.compile(r"\{[\w:+-]+\}$")


class NoteRole(SphinxRole):
    r"""Parse the text of a note as inline markup, in the language of its document.

    In reStructuredText a role within the note needs its backquotes escaped,
    ``:sidenote:`see :ref:\`here\```, because roles do not nest there.
    """

    def __init__(self, *, numbered: bool) -> None:
        self.numbered = numbered

    def __call__(
        self, name: str, rawtext: str, text: str, *args: Any, **kwargs: Any
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        r"""Keep the backslashes that ``SphinxRole`` removes, because the text is parsed once more.

        Only those before a backquote are removed, so that a role can be written within the role.
        """
        self.source = unescape(text.replace("\0`", "`"), restore_backslashes=True)
        return super().__call__(name, rawtext, text, *args, **kwargs)

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the note, which ``GatherNotes`` takes out of its sentence later."""
        location = self.get_location()
        if not self.text.strip():
            warn(SidenoteProblem.EMPTY_NOTE, f"the {self.name} has no text", location)
            return [], []
        if role := ROLE_AT_END.search(self.text):
            message = (
                f"the backquote after {role[0]} ends the note; put the note in double backquotes"
            )
            warn(SidenoteProblem.SPLIT_NOTE, message, location)
        note = pending_note(self.rawtext, numbered=self.numbered)
        self.set_source_info(note)
        memo = SimpleNamespace(
            document=self.inliner.document,
            reporter=self.inliner.reporter,
            language=self.inliner.language,
        )
        # docutils' inliner counts lines from 1, the one that MyST provides from 0.
        line = self.lineno - (not isinstance(self.inliner, Inliner))
        children, messages = self.inliner.parse(self.source.strip(), line, memo, note)
        note += children
        return [note], messages


class SidenoteDirective(Directive):
    """A note of whole blocks, which belongs to the end of the text before it.

    It has a number. With a ``name`` it is an auto-numbered footnote of that name.
    """

    has_content = True
    #: Text after the name is the beginning of the note, neither lost nor an error.
    optional_arguments = 1
    final_argument_whitespace = True
    known_options: ClassVar[OptionSpec] = {
        "name": directives.unchanged,
        "class": directives.class_option,
    }
    node_class: ClassVar[type[nodes.Element]] = sidenote

    def make_nodes(self) -> list[nodes.Node]:
        """Return the note; without any text return nothing and warn."""
        note = self.node_class(classes=self.options.get("class", []))
        self.set_source_info(note)
        if self.arguments:
            children, messages = self.parse_inline(self.arguments[0])
            note += [nodes.paragraph(self.arguments[0], "", *self.first_line(children)), *messages]
            self.set_source_info(note[0])
        note += self.parse_content_to_nodes()
        if not note.children:
            message = f"the {self.name} has no text"
            warn(SidenoteProblem.EMPTY_NOTE, message, self.get_location())
            return []
        self.add_name(note)
        if isinstance(note, sidenote) and note["names"]:
            # In reStructuredText ``[#name]_`` shows the number of a named note once more.
            note["auto"] = 1
            self.state.document.note_autofootnote(note)
        return [note]

    def first_line(self, children: list[nodes.Node]) -> list[nodes.Node]:
        """Return what is made of the text after the name of the directive."""
        return children


class MarginNoteDirective(SidenoteDirective):
    """The same without a number."""

    node_class = marginnote


class MarginDirective(MarginNoteDirective):
    """A margin note as sphinx-book-theme writes it: the text after the name is its title."""

    known_options: ClassVar[OptionSpec] = {
        **MarginNoteDirective.known_options,
        "subtitle": directives.unchanged,
    }

    def first_line(self, children: list[nodes.Node]) -> list[nodes.Node]:
        """Return the title and the subtitle in strong type."""
        if "subtitle" in self.options:
            children = [*children, nodes.Text(f" {self.options['subtitle']}")]
        is_strong = all(isinstance(node, nodes.strong) for node in children if node.astext())
        return children if is_strong else [nodes.strong("", "", *children)]


def add_margin(app: Sphinx) -> None:
    """Register ``margin``, also in place of sphinx-book-theme's, which only knows its own pages.

    A directive of that name from elsewhere stays.
    """
    registered = getattr(directives, "_directives", {}).get("margin")
    if registered is None or registered.__module__.startswith("sphinx_book_theme."):
        app.add_directive("margin", MarginDirective, override=True)
