"""The roles ``sidenote`` and ``marginnote``: a note within a sentence."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from docutils.parsers.rst.states import Inliner
from docutils.utils import unescape
from sphinx.util.docutils import SphinxRole

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.sidenotes.nodes import pending_note
from sphinx_marginalia.sidenotes.problems import SidenoteProblem

if TYPE_CHECKING:
    from docutils import nodes

#: The name of a role at the end of a note in Markdown, where it names nothing.
SPLIT = re.compile(r"\{[\w:+-]+\}$")


class NoteRole(SphinxRole):
    r"""Parse the text of a note as inline markup, in the language of its document.

    In reStructuredText a role within the note needs its backquotes escaped,
    ``:sidenote:`see :ref:\`here\```, because roles do not nest there.
    """

    def __init__(self, *, numbered: bool) -> None:
        self.numbered = numbered

    def __call__(
        self,
        name: str,
        rawtext: str,
        text: str,
        lineno: int,
        inliner: Inliner,
        *args: Any,
        **kw: Any,
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        r"""Keep the backslashes that ``SphinxRole`` takes away: the text is parsed once more.

        Only those before a backquote go, which let a role stand within the role.
        """
        self.source = unescape(text.replace("\0`", "`"), restore_backslashes=True)
        return super().__call__(name, rawtext, text, lineno, inliner, *args, **kw)

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the note, to be taken out of the sentence when the whole document is there."""
        if not self.text.strip():
            warn(
                SidenoteProblem.EMPTY_NOTE,
                f"the {self.name} has no text",
                location=self.get_location(),
            )
            return [], []
        if name := SPLIT.search(self.text):
            message = (
                f"the note ends at the backquote behind {name[0]}; put double backquotes round it"
            )
            warn(SidenoteProblem.SPLIT_NOTE, message, location=self.get_location())
        note = pending_note(self.rawtext, numbered=self.numbered)
        self.set_source_info(note)
        memo = SimpleNamespace(
            document=self.inliner.document,
            reporter=self.inliner.reporter,
            language=self.inliner.language,
        )
        # The inliner of reStructuredText counts lines from 1, the one that MyST lends from 0.
        line = self.lineno - (not isinstance(self.inliner, Inliner))
        children, messages = self.inliner.parse(self.source.strip(), line, memo, note)
        note += children
        return [note], messages
