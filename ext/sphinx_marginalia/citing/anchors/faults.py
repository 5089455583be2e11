"""What can be wrong with permanent names, in words for people. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How the program is called, in remedies.
PROGRAM = "python -m sphinx_marginalia.citing lock"
#: What brings names and lock together again.
REMEDY = "run make anchors"


class Kind(Enum):
    """What can be wrong; the sentence beside a name is its documentation."""

    LOCK_FILE = (
        "anchor_lock",
        "The file anchors.lock.json, or a record in it, cannot be understood.",
        False,
    )
    PATTERN = (
        "anchor_pattern",
        "The permanent name of a heading is not made of lower-case letters, digits and hyphens.",
        False,
    )
    USED_TWICE = (
        "anchor_used_twice",
        "A permanent name stands at two headings. A printed link can lead to one only.",
        False,
    )
    NAMELESS = (
        "anchor_nameless",
        "A heading has no permanent name, and so no link to it can be promised.",
        True,
    )
    NEW = (
        "anchor_new",
        "The permanent name of a heading is not in anchors.lock.json yet.",
        True,
    )
    MISSING = (
        "anchor_missing",
        "A permanent name stands at no heading any more, and nothing says where it leads now.",
        False,
    )
    MOVED = (
        "anchor_moved",
        "A heading stands at another place than anchors.lock.json says.",
        False,
    )
    REVIVED = (
        "anchor_revived",
        "A permanent name that was retired stands at a heading again.",
        True,
    )
    SUCCESSOR = (
        "anchor_successor",
        "A retired name has no living successor, and no reason to show in its place.",
        False,
    )
    OLD_PLACE = (
        "anchor_old_place",
        "An old place belongs to two names, or is where another section stands now.",
        False,
    )
    REMOVED = (
        "anchor_removed",
        "A name or an old place of the last release is no longer in anchors.lock.json.",
        False,
    )
    SHORT_PAGE = (
        "anchor_short_page",
        "In the built site, the short page of a name is missing or leads nowhere.",
        False,
    )
    BUILT_PLACE = (
        "anchor_built_place",
        "In the built site, a place that was published once is missing.",
        False,
    )

    def __init__(self, subtype: str, meaning: str, warning: bool) -> None:
        self.subtype = subtype
        self.meaning = meaning
        #: Whether it is a warning only: nothing that was published is lost.
        self.warning = warning


class Fault(NamedTuple):
    """Something wrong with a permanent name."""

    kind: Kind
    #: What is wrong and what to do, for people.
    message: str
    #: The name it is about.
    id: str = ""
    #: The page it is about.
    docname: str = ""
    #: The file to look at; empty where it is the lock.
    source: str = ""
    #: The line in it; 0 where no line is known.
    line: int = 0


def errors(faults: Iterable[Fault]) -> list[Fault]:
    """Return those of *faults* that are more than a warning."""
    return [fault for fault in faults if not fault.kind.warning]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question that offers the *known* word like *word*, or nothing."""
    near = get_close_matches(word, list(known), 1)
    return f"did you mean {near[0]!r}?" if near else ""
