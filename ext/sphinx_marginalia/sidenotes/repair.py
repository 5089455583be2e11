"""Notes that were written where no note can stand: kept elsewhere, with a warning."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.core.warnings import Problem, warn
from sphinx_marginalia.sidenotes.nodes import marginnote, pending_note, sidenote
from sphinx_marginalia.sidenotes.placement import ancestors

#: A reference to a Markdown footnote that the parser left in the text, because nothing defines it.
UNDEFINED = re.compile(r"\[\^([^\s\]\[^]+)\]")

VERBATIM = (nodes.literal, nodes.FixedTextElement, nodes.math, nodes.raw, nodes.comment)


def flatten_notes_in_notes(document: nodes.document) -> None:
    """Make the text of a note that stands in another note part of that note."""
    for note in _any(document, pending_note, sidenote, marginnote):
        if not _within(note, pending_note, nodes.footnote, marginnote):
            continue
        warn(Problem.NESTED_NOTE, "a note stands in a note; its text joins the outer one", note)
        if isinstance(note, pending_note):
            before = note.previous_sibling()
            gap = "" if before is None or before.astext().endswith((" ", "\n")) else " "
            note.replace_self([nodes.Text(f"{gap}("), *note.children, nodes.Text(")")])
        else:
            note.replace_self(note.children)


def take_notes_out_of_links(document: nodes.document) -> None:
    """Put a note that was written in the text of a link behind that link."""
    for note in _any(document, pending_note):
        links = [node for node in ancestors(note) if isinstance(node, LINKS)]
        if links:
            warn(Problem.MISPLACED_NOTE, "a note cannot stand in a link; it is put behind it", note)
            note.parent.remove(note)
            parent = links[-1].parent
            parent.insert(parent.index(links[-1]) + 1, note)


LINKS = (nodes.reference, addnodes.pending_xref)


def report_undefined_footnotes(document: nodes.document) -> None:
    """Warn of ``[^id]`` in the text where nothing defines the footnote ``id``.

    reStructuredText reports its own; MyST leaves the reference in the text without a word.
    """
    for text in document.findall(nodes.Text):
        if _within(text, *VERBATIM):
            continue
        for match in UNDEFINED.finditer(text.astext()):
            message = f"no footnote [^{match[1]}] is defined; write “[^{match[1]}]: its text”"
            warn(Problem.UNDEFINED_FOOTNOTE, message, text.parent)


def line_before(note: nodes.Element) -> nodes.Element | None:
    """Return the last line of text in front of *note* that can hold its number, or ``None``."""
    siblings = note.parent.children
    for sibling in reversed(siblings[: siblings.index(note)]):
        if isinstance(sibling, (nodes.title, sidenote, marginnote)):
            continue
        lines = [
            line
            for line in sibling.findall(nodes.TextElement)
            if isinstance(line, LINES) and not _within(line, sidenote, marginnote)
        ]
        if lines:
            return lines[-1]
    return None


#: What can hold the number of a note that was written as a block.
LINES = (nodes.paragraph, nodes.caption)


def _any(document: nodes.document, *kinds: type[nodes.Element]) -> list[nodes.Element]:
    return [node for node in document.findall(nodes.Element) if isinstance(node, kinds)]


def _within(node: nodes.Node, *kinds: type[nodes.Element]) -> bool:
    return any(isinstance(ancestor, kinds) for ancestor in ancestors(node))
