"""The numbers of notes, and the ids made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from sphinx_marginalia.core.nodes import AS_SIDENOTE, ancestors, find, set_id
from sphinx_marginalia.sidenotes.nodes import (
    FROM_FOOTNOTE,
    is_note,
    marginnote,
    marginnote_anchor,
    notes_in,
    sidenote,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def in_reading_order(
    document: nodes.document,
) -> tuple[list[nodes.Element], list[nodes.Element]]:
    """Return the references to notes and footnotes of *document*, and those that nobody reaches.

    Whoever comes to a number reads its note, and then the notes that this one refers to. A note
    that only such notes refer to, itself or one another, cannot be reached.
    """
    inside: dict[int, list[nodes.Element]] = {}
    for reference in find(document, nodes.footnote_reference, marginnote_anchor):
        note = next(filter(is_note, ancestors(reference)), None)
        inside.setdefault(id(note), []).append(reference)
    notes = {id_: note for note in notes_in(document) for id_ in note["ids"]}
    ordered = []
    waiting = inside.pop(id(None), [])[::-1]
    while waiting:
        ordered.append(waiting.pop())
        note = notes.get(ordered[-1].get("refid", ""))
        if note is not None:
            waiting += inside.pop(id(note), [])[::-1]
    return ordered, [reference for references in inside.values() for reference in references]


def number_sidenotes(document: nodes.document) -> None:
    """Give sidenotes numbers in reading order, in one series with auto-numbered footnotes.

    No number is used twice on a page: a footnote that its author numbered keeps its number, and no
    other note gets it. Footnotes that became notes keep the numbers they had as footnotes, unless
    there are notes between them that no footnote knew of.
    """
    notes = {id_: note for note in find(document, nodes.footnote) for id_ in note["ids"]}
    references, _ = in_reading_order(document)
    linked = [
        (reference, notes[reference["refid"]])
        for reference in references
        if reference.get("refid") in notes
    ]
    keep = _numbers_fit(document, linked)
    names = {reference.get("refname") for reference in find(document, nodes.reference)}
    fixed = {id(note) for note in notes.values() if _is_fixed(note, names, keep=keep)}
    taken = {note[0].astext() for note in notes.values() if id(note) in fixed}
    free = (str(n) for n in range(1, len(notes) + len(taken) + 1) if str(n) not in taken)
    numbered: set[int] = set()
    for reference, note in linked:
        if id(note) not in numbered and id(note) not in fixed:
            _set_number(note, next(free), document)
        if isinstance(note, sidenote):
            note["backrefs"] = note["backrefs"] if id(note) in numbered else []
            _link(reference, note, document)
        numbered.add(id(note))
        reference.children = []
        reference += nodes.Text(note[0].astext())


def name_margin_notes(document: nodes.document) -> None:
    """Give each margin note without a name a readable id: ``marginnote-1`` and so on."""
    anchors = {anchor["refid"]: anchor for anchor in find(document, marginnote_anchor)}
    for n, note in enumerate(find(document, marginnote), start=1):
        if not note["names"] and FROM_FOOTNOTE not in note:
            anchor = anchors.get(next(iter(note["ids"]), ""))
            set_id(note, f"marginnote-{n}", document)
            if anchor is not None:
                anchor["refid"] = note["ids"][0]


def _numbers_fit(
    document: nodes.document, linked: Sequence[tuple[nodes.Element, nodes.Element]]
) -> bool:
    """Return whether the numbers that docutils gave to footnotes can stay as they are.

    They cannot beside notes of roles, directives and other features, beside footnotes without a
    number, and where a note refers to another, which is read before those that docutils counted
    first.
    """
    if any(
        FROM_FOOTNOTE not in note or AS_SIDENOTE in note
        if isinstance(note, sidenote)
        else note.get("auto") == 1
        for note in notes_in(document)
    ):
        return False
    return not any(
        note.get("auto") == 1 and any(map(is_note, ancestors(reference)))
        for reference, note in linked
    )


def _is_fixed(note: nodes.Element, names: set[str | None], *, keep: bool) -> bool:
    """Return whether *note* has a number that stays.

    :param names: what links of the document refer to: ```1`_`` shows the number of a footnote
    """
    if not note.children or not isinstance(note[0], nodes.label):
        return False
    label = note[0].astext()
    return keep or note.get("auto") != 1 or (label in names and label in note["names"])


def _set_number(note: nodes.Element, number: str, document: nodes.document) -> None:
    """Label *note* with *number*, and make its id from that unless the author named it."""
    if note.children and isinstance(note[0], nodes.label):
        note.pop(0)
    note.insert(0, nodes.label("", number))
    if isinstance(note, sidenote) and not note["names"] and FROM_FOOTNOTE not in note:
        set_id(note, f"sidenote-{number}", document)


def _link(reference: nodes.Element, note: nodes.Element, document: nodes.document) -> None:
    """Link *reference* and *note* with each other, by ids made from the number if it has none."""
    if not reference["ids"]:
        suffix = f"-{len(note['backrefs']) + 1}" if note["backrefs"] else ""
        set_id(reference, f"sidenote-ref-{note[0].astext()}{suffix}", document)
    reference["refid"] = note["ids"][0]
    note["backrefs"].append(reference["ids"][0])
