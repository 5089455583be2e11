"""Footnotes: report the undefined ones, and turn the others into notes."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from sphinx_marginalia.core.diagnostics import did_you_mean, warn
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.stages import ReadStage
from sphinx_marginalia.sidenotes.nodes import marginnote, sidenote
from sphinx_marginalia.sidenotes.options import SidenoteProblem


class ReportUndefinedFootnotes(SphinxTransform):
    """Name the footnote that is not defined, and show the reference as it was typed.

    docutils would report “Too many autonumbered footnote references: only 0 corresponding
    footnotes available”, and the author would have to search for it.

    Before::

        <footnote_reference auto="1" refname="eye">

    After::

        [^eye]
    """

    default_priority = ReadStage.FOOTNOTE_REPAIR

    def apply(self, **kwargs: Any) -> None:
        """Check every reference that has a name."""
        footnotes = self.document.footnotes + self.document.autofootnotes
        # In the order of the document, so that a suggestion is always the same.
        names = [name for note in footnotes for name in note["names"] + note["dupnames"]]
        for name, references in list(self.document.footnote_refs.items()):
            if name in names or name in self.document.nameids:
                continue
            for reference in references:
                typed = reference.rawsource
                start = f"{typed}:" if typed.startswith("[^") else f".. {typed[:-1]}"
                remedy = did_you_mean(name, names) or f"write “{start} its text”"
                message = f"the footnote {typed} is not defined; {remedy}"
                warn(SidenoteProblem.UNDEFINED_FOOTNOTE, message, reference)
                if reference in self.document.autofootnote_refs:
                    self.document.autofootnote_refs.remove(reference)
                reference.parent.replace(reference, nodes.Text(typed))
            del self.document.footnote_refs[name]


def convert_footnotes(document: nodes.document) -> None:
    """Replace each numbered footnote by a note, and drop it from docutils' lists.

    It becomes a sidenote if something refers to it, else a margin note. Called after docutils has
    resolved references to footnotes.
    """
    for footnote in [*document.footnotes, *document.autofootnotes]:
        if not isinstance(footnote, sidenote):
            _convert(footnote, document)
    document.footnotes.clear()
    document.autofootnotes.clear()


def _convert(footnote: nodes.footnote, document: nodes.document) -> None:
    label = " ".join(footnote["names"] + footnote["dupnames"])
    for name in footnote["names"]:
        # The name of a footnote is no label that other pages could refer to.
        document.nametypes[name] = False
    if not footnote["backrefs"]:
        message = f"nothing refers to the footnote [{label}]"
        warn(SidenoteProblem.UNUSED_FOOTNOTE, message, footnote)
    body = [child for child in footnote.children if not isinstance(child, nodes.label)]
    if body:
        node_class = sidenote if footnote["backrefs"] else marginnote
        note = node_class("", *body, ids=footnote["ids"])
        note.source, note.line = footnote.source, footnote.line
        footnote.parent.replace(footnote, note)
        return
    warn(SidenoteProblem.EMPTY_NOTE, f"the footnote [{label}] has no text", footnote)
    footnote.parent.remove(footnote)
    for reference in find(document, nodes.footnote_reference):
        if reference.get("refid") in footnote["ids"]:
            reference.parent.remove(reference)
