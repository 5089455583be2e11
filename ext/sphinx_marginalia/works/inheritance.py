"""What an entry of BibLaTeX inherits from others, with ``crossref`` and ``xdata``. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.core.diagnostics import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pybtex.database import Entry

#: What an entry inherits from the one it refers to under another name (BibLaTeX, appendix B).
INHERITED = {"title": "booktitle", "subtitle": "booksubtitle"}
NOT_INHERITED = frozenset("crossref xdata entryset ids keywords label options shorthand".split())
DATES = frozenset("date year month day".split())
WITHIN = frozenset("inbook incollection inproceedings bookinbook suppbook inreference".split())


def inherit(entry: Entry, entries: Mapping[str, Entry], depth: int = 0) -> None:
    """Copy what *entry* inherits with ``crossref`` and ``xdata``."""
    fields = entry.fields
    for name in ("xdata", "crossref"):
        for key in _parents(entry, name):
            if key not in entries or entries[key] is entry or depth > len(entries):
                continue
            parent = entries[key]
            inherit(parent, entries, depth + 1)
            renamed = INHERITED if name == "crossref" and entry.type.lower() in WITHIN else {}
            # A part that has a date has none of the whole.
            own = DATES if "date" in fields or "year" in fields else frozenset()
            for field, value in parent.fields.items():
                if field.lower() not in NOT_INHERITED | own:
                    fields.setdefault(renamed.get(field.lower(), field), value)
            for role, persons in parent.persons.items():
                if role != "author" or not renamed:
                    entry.persons.setdefault(role, list(persons))
        fields.pop(name, None)


def _parents(entry: Entry, name: str) -> list[str]:
    """Return the keys in the field *name* of *entry*, which inherits from those entries."""
    # Not ``get``: pybtex looks a missing field up in the entry of the cross-reference.
    keys = dict(entry.fields).get(name, "").split(",") if name in entry.fields else []
    return [key.strip() for key in keys if key.strip()]


def unknown_parents(entry: Entry, entries: Mapping[str, Entry]) -> list[str]:
    """Return what to write for each key that *entry* refers to and that is not there."""
    return [
        f"there is no entry {key!r} for the {name} of {entry.key!r}; "
        + (did_you_mean(key, entries) or "add it, or delete the field")
        for name in ("xdata", "crossref")
        for key in _parents(entry, name)
        if key not in entries
    ]
