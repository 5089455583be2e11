"""Footnotes: report the undefined ones, and turn the others into notes."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.logging import is_suppressed_warning

from sphinx_marginalia.core.diagnostics import did_you_mean, warn
from sphinx_marginalia.core.nodes import AS_SIDENOTE, find
from sphinx_marginalia.core.stages import ReadStage
from sphinx_marginalia.sidenotes.nodes import FROM_FOOTNOTE, marginnote, sidenote
from sphinx_marginalia.sidenotes.options import FROM_FOOTNOTES, SidenoteProblem

#: What begins a footnote that is a margin note, as in sphinx-book-theme.
MARGIN_SIGN = "{-}"
#: What is in a footnote without text. docutils reports such a footnote in it.
NO_TEXT = (nodes.label, nodes.system_message)


class RegisterTranslatedReferences(SphinxTransform):
    """Register the references that a translation contains, instead of those it replaced.

    Sphinx does so for auto-numbered footnotes only. docutils would resolve ``[1]_`` of the original
    text, which is no longer in the tree, and notes would link back to it. A reference that only the
    translation has gets an id of its own: it comes with one that may belong to something else.

    Before::

        footnote_refs = {"1": [a reference of the original text]}

    After::

        footnote_refs = {"1": [<footnote_reference refname="1">]}
    """

    default_priority = ReadStage.FOOTNOTE_REPAIR

    def apply(self, **kwargs: Any) -> None:
        """Look at every reference in the tree."""
        document = self.document
        if not FROM_FOOTNOTES.value(self.config):
            return
        if not document.footnote_refs and not document.autofootnote_refs:
            return
        references = find(document, nodes.footnote_reference)
        in_tree = {id(reference) for reference in references}
        document.footnote_refs.clear()
        for reference in references:
            owner = document.ids.get(next(iter(reference["ids"]), ""))
            if isinstance(owner, nodes.footnote_reference) and id(owner) not in in_tree:
                document.ids[reference["ids"][0]] = reference
            elif owner is not reference:
                reference["ids"] = []
                document.set_id(reference)
            if "refname" in reference:
                document.footnote_refs.setdefault(reference["refname"], []).append(reference)
        registered = document.autofootnote_refs
        registered[:] = [reference for reference in registered if id(reference) in in_tree]


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
            if name in names:
                continue
            for reference in references:
                typed = reference.rawsource
                start = f"{typed}:" if typed.startswith("[^") else f".. {typed[:-1]}"
                remedy = did_you_mean(name, names) or f"write “{start} its text”"
                if self.document.nametypes.get(name):
                    # MyST leaves out a footnote with the name of a label.
                    remedy = f"{name!r} is a label on this page, so give the footnote another name"
                message = f"the footnote {typed} is not defined; {remedy}"
                warn(SidenoteProblem.UNDEFINED_FOOTNOTE, message, reference)
                if reference in self.document.autofootnote_refs:
                    self.document.autofootnote_refs.remove(reference)
                reference.parent.replace(reference, nodes.Text(typed))
            del self.document.footnote_refs[name]


def convert_footnotes(document: nodes.document, suppressed: list[str], *, every: bool) -> None:
    """Replace numbered footnotes by notes, and drop them from docutils' lists.

    It becomes a sidenote if something refers to it, else a margin note. Its ids, its number and the
    ids of its references stay, so that links from anywhere still lead to it. Called after docutils
    has resolved references to footnotes.

    :param suppressed: the warnings that the project does not want to see
    :param every: convert also those that no feature has made to become notes
    """
    report = not is_suppressed_warning("ref", "footnote", suppressed)
    for registered in (document.footnotes, document.autofootnotes):
        for footnote in [entry for entry in registered if not isinstance(entry, sidenote)]:
            if not (every or AS_SIDENOTE in footnote):
                continue
            if all(isinstance(child, NO_TEXT) for child in footnote.children):
                if _has_text_behind(footnote):
                    continue  # Only the author knows whether that text is meant.
                _remove_empty(footnote, document)
            else:
                _convert(footnote, document, report=report)
            registered.remove(footnote)


def _convert(footnote: nodes.footnote, document: nodes.document, *, report: bool) -> None:
    for name in footnote["names"]:
        # The name of a footnote is no label that other pages could refer to.
        document.nametypes[name] = False
    if not footnote["backrefs"] and footnote["names"] and report:
        message = f"nothing refers to the footnote [{_label(footnote)}]"
        warn(SidenoteProblem.UNUSED_FOOTNOTE, message, footnote)
    body = [child for child in footnote.children if not isinstance(child, nodes.label)]
    attributes = {**footnote.attributes, FROM_FOOTNOTE: True}
    note: nodes.Element
    if footnote["backrefs"] and not _remove_margin_sign(body):
        note = sidenote("", *footnote.children, **attributes)
    else:
        note = marginnote("", *body, **attributes)
    if not footnote["backrefs"]:
        note.attributes.pop("auto", None)  # Nobody misses its number.
    note["backrefs"] = list(note["backrefs"]) if isinstance(note, sidenote) else []
    note.source, note.line = footnote.source, footnote.line
    footnote.parent.replace(footnote, note)
    document.ids.update(dict.fromkeys(note["ids"], note))


def _remove_margin_sign(body: list[nodes.Node]) -> bool:
    """Remove the sign of a margin note from *body*, and return whether there is one."""
    text = body[0].children[0] if isinstance(body[0], nodes.paragraph) and body[0].children else ""
    if not isinstance(text, nodes.Text) or not text.startswith(MARGIN_SIGN):
        return False
    text.parent.replace(text, nodes.Text(text.removeprefix(MARGIN_SIGN).lstrip()))
    return True


def _has_text_behind(footnote: nodes.footnote) -> bool:
    """Return whether the text of an empty *footnote* may be the block behind it, not indented."""
    siblings = footnote.parent.children
    behind = siblings[siblings.index(footnote) + 1 :]
    passed = (nodes.footnote, nodes.Invisible)
    block = next((node for node in behind if not isinstance(node, passed)), None)
    return block is not None and not isinstance(block, nodes.section)


def _remove_empty(footnote: nodes.footnote, document: nodes.document) -> None:
    message = f"the footnote [{_label(footnote)}] has no text"
    warn(SidenoteProblem.EMPTY_NOTE, message, footnote)
    footnote.parent.remove(footnote)
    for reference in find(document, nodes.footnote_reference):
        if reference.get("refid") in footnote["ids"]:
            reference.parent.remove(reference)


def _label(footnote: nodes.footnote) -> str:
    return " ".join(footnote["names"] + footnote["dupnames"])
