"""The numbers of notes, and the ids made from them."""

from __future__ import annotations

from docutils import nodes

from sphinx_marginalia.core.nodes import find, set_id
from sphinx_marginalia.sidenotes.nodes import marginnote, marginnote_anchor, sidenote


def number_sidenotes(document: nodes.document) -> None:
    """Give sidenotes numbers in reading order, in one series with auto-numbered footnotes.

    No number is used twice on a page: a footnote that its author numbered keeps its number, and no
    other note gets it.
    """
    notes = {id_: note for note in find(document, nodes.footnote) for id_ in note["ids"]}
    taken = {note[0].astext() for note in notes.values() if _has_own_number(note)}
    free = (str(n) for n in range(1, len(notes) + len(taken) + 1) if str(n) not in taken)
    numbers: dict[int, str] = {}
    for reference in find(document, nodes.footnote_reference):
        note = notes.get(reference.get("refid", ""))
        if note is None or _has_own_number(note):
            continue
        if id(note) not in numbers:
            numbers[id(note)] = next(free)
            _set_number(note, numbers[id(note)], document)
        reference.children = []
        reference += nodes.Text(numbers[id(note)])
        if isinstance(note, sidenote):
            _link(reference, note, document)


def name_margin_notes(document: nodes.document) -> None:
    """Give each margin note without a name a readable id: ``marginnote-1`` and so on."""
    anchors = {anchor["refid"]: anchor for anchor in find(document, marginnote_anchor)}
    for n, note in enumerate(find(document, marginnote), start=1):
        if not note["names"]:
            anchor = anchors.get(next(iter(note["ids"]), ""))
            set_id(note, f"marginnote-{n}", document)
            if anchor is not None:
                anchor["refid"] = note["ids"][0]


def _has_own_number(note: nodes.Element) -> bool:
    return not isinstance(note, sidenote) and note.get("auto") != 1


def _set_number(note: nodes.Element, number: str, document: nodes.document) -> None:
    """Label *note* with *number*, and make its id from that unless the author named it."""
    if note.children and isinstance(note[0], nodes.label):
        note.pop(0)
    note.insert(0, nodes.label("", number))
    if isinstance(note, sidenote):
        note["backrefs"] = []
        if not note["names"]:
            set_id(note, f"sidenote-{number}", document)


def _link(reference: nodes.Element, note: nodes.Element, document: nodes.document) -> None:
    """Link *reference* and *note* with each other by ids made from the number."""
    suffix = f"-{len(note['backrefs']) + 1}" if note["backrefs"] else ""
    set_id(reference, f"sidenote-ref-{note[0].astext()}{suffix}", document)
    reference["refid"] = note["ids"][0]
    note["backrefs"].append(reference["ids"][0])
