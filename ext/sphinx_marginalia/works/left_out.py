"""What an entry says that templates of BibTeX leave out, in words. Pure.

They show the editors of a book only where it has no authors. Translators and the rest are in fields
of BibLaTeX (its manual, section 2.2).
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pybtex.database import Entry, Person

#: The parts of a name, in their order.
PARTS = ("first_names", "middle_names", "prelast_names", "last_names", "lineage_names")
#: The words before the names of those whom templates leave out.
CREDITS = {
    "bookauthor": "Book by", "editor": "Edited by", "editora": "With", "editorb": "With",
    "editorc": "With", "translator": "Translated by", "annotator": "Annotated by",
    "commentator": "Commented by", "introduction": "Introduction by", "foreword": "Foreword by",
    "afterword": "Afterword by", "holder": "Held by",
}  # fmt: skip
#: The types whose templates show editors beside authors.
WITH_EDITORS = frozenset(("incollection", "inproceedings", "proceedings"))
#: The fields about the first edition of a work.
ORIGINAL = ("origtitle", "origlocation", "origpublisher", "origdate", "origyear")
#: The fields that the template of @misc has no place for, where another says how it is published.
PUBLISHERS = ("journal", "booktitle", "organization", "institution", "school", "publisher")
#: The words for states of publication that are written as one.
STATES = {"inpress": "in press", "inpreparation": "in preparation"}


def left_out(entry: Entry) -> Iterator[str]:
    """Yield a sentence, without its stop, for all that the template of the type leaves out.

    :param entry: an entry with a type and the fields of BibTeX
    """
    fields = entry.fields
    yield from _credits(entry)
    whole, state = fields.get("maintitle", ""), fields.get("pubstate", "").lower()
    if whole and whole != fields.get("series"):
        yield f"Part of {whole}"
    if entry.type == "misc" and (how := fields.get("howpublished")):
        others = (fields[name] for name in PUBLISHERS if fields.get(name, how) not in how)
        yield ", ".join(others)
    if original := [fields[name] for name in ORIGINAL if name in fields]:
        yield f"First published: {', '.join(original)}"
    if "issuetitle" in fields:
        yield f"In the issue {fields['issuetitle']}"
    if "eventtitle" in fields and "booktitle" not in fields:
        event = (f"Presented at {fields['eventtitle']}", fields.get("venue", ""))
        yield ", ".join(filter(None, event))
    yield from filter(
        None, (STATES.get(state, state).capitalize(), fields.get("addendum", "").rstrip(". "))
    )


def _credits(entry: Entry) -> Iterator[str]:
    persons = {**entry.persons}
    if entry.type in WITH_EDITORS or not (persons.get("author") or entry.type == "manual"):
        persons.pop("editor", None)
    for role, words in CREDITS.items():
        kind = entry.fields.get(f"{role}type", role)
        if named := persons.get(role):
            yield f"{words if kind == role else f'{kind.capitalize()}:'} {_listed(named)}"


def _listed(persons: Sequence[Person]) -> str:
    """Return the names of *persons* with the commas that styles of BibTeX write."""
    *names, last = (
        " ".join(chain.from_iterable(getattr(person, part) for part in PARTS)) for person in persons
    )
    if last == "others" and names:
        return f"{', '.join(names)} et al."
    return f"{', '.join(names)}{',' * (len(names) > 1)} and {last}" if names else last
