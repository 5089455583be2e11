"""What can be wrong with permanent names, in words for people. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How the program is called, in remedies.
PROGRAM = "python -m sphinx_marginalia.permalinks lock"
#: What brings names and lock together again.
REMEDY = "run make anchors"


class Kind(Enum):
    """What can be wrong. What a build can notice is documented as a warning of the same subtype."""

    LOCK_FILE = ("anchor_lock_file", False)
    PATTERN = ("anchor_pattern", True)
    USED_TWICE = ("anchor_used_twice", False)
    NAMELESS = ("anchor_nameless", True)
    NEW = ("anchor_new", True)
    MISSING = ("anchor_missing", False)
    MOVED = ("anchor_moved", False)
    REVIVED = ("anchor_revived", True)
    SUCCESSOR = ("anchor_successor", False)
    OLD_PLACE = ("anchor_old_place", False)
    REMOVED = ("anchor_removed", False)
    #: In the built site, the short page of a name is missing or leads nowhere.
    SHORT_PAGE = ("anchor_short_page", False)
    #: In the built site, a place that was published once is missing.
    BUILT_PLACE = ("anchor_built_place", False)

    def __init__(self, subtype: str, warning: bool) -> None:
        self.subtype = subtype
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
