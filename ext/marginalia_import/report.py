"""What the importer has to say: one entry for each thing it kept, changed or could not decide."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: The version of the JSON report; it grows when a program that reads it would have to change.
SCHEMA = 1

#: What is counted, in the order of the report.
COUNTS = (
    "articles",
    "sidenotes",
    "marginnotes",
    "citations",
    "pauses",
    "figures",
    "links",
    "glossary_terms",
    "unresolved",
    "unknown",
)


class Kind(Enum):
    """A kind of entry: its name, what it adds to, its meaning, which is its documentation."""

    RAW = ("raw", "", "The text of a raw block stands as it was: no tag in it was read.")
    COMMENT = ("comment", "", "A template's comment is shown as code, for you to delete.")
    EXPRESSION = (
        "expression",
        "unknown",
        "A template's expression is shown as code: its value is known only to the old site.",
    )
    UNKNOWN_TAG = (
        "unknown-tag",
        "unknown",
        "A tag has no rule. It is shown as code; what it is around is a plain block.",
    )
    BROKEN_TAG = (
        "broken-tag",
        "unknown",
        "A tag lacks its text, its end or a closing quote. It is shown as code.",
    )
    NESTED_TAG = (
        "nested-tag",
        "",
        "A tag in the text of a note, printed as it stood by the old site, became what it meant.",
    )
    EXTRA_ARGUMENT = (
        "extra-argument",
        "",
        "A tag has more arguments than its rule knows. Words are shown, names left out.",
    )
    MOVED_NOTE = (
        "moved-note",
        "",
        "A margin note of several blocks stands behind its paragraph, not within it.",
    )
    HTML = (
        "html",
        "",
        "HTML was kept. A web page shows it as before; a PDF leaves out tags, and whole blocks.",
    )
    ATTRIBUTES = ("attributes", "", "A list of attributes such as {:.class} was taken away.")
    CONTENTS = ("contents", "", "A table of contents was taken away: the theme shows one.")
    LIST_OF_WORKS = (
        "list-of-works",
        "",
        "A list of the works cited was taken away: the bibliography has a page of its own.",
    )
    HEADINGS = ("headings", "", "The levels of headings were moved, so that none is left out.")
    TITLE = ("title", "", "The article had no title, or had it twice.")
    MARKUP = (
        "markup",
        "",
        "Code or a formula in HTML, which the old site printed as it stood, became what it meant.",
    )
    LANGUAGE = ("language", "", "Code is in a language that Sphinx does not highlight.")
    FOOTNOTE = ("footnote", "", "A footnote that nothing refers to, or a second of its name.")
    NAME = ("name", "", "An article has another name than its file had: that one was taken.")
    REMOTE_IMAGE = (
        "remote-image",
        "",
        "An image is on another site. A PDF and an EPUB fetch it when they are built.",
    )
    RULE = ("rule", "", "A line across the page was kept as HTML: Sphinx has none in this place.")
    FRONT_MATTER = ("front-matter", "", "An entry of the front matter was left out.")
    KEY = (
        "key",
        "",
        "A citation key was renamed: it held a character or a spelling BibTeX refuses.",
    )
    TERM = ("term", "", "A term is defined by two articles. The glossary holds both definitions.")
    LINK = (
        "unresolved-link",
        "unresolved",
        "A link leads to a page, a heading or a file that the site does not have. It stays a link.",
    )
    IMAGE = (
        "unresolved-image",
        "unresolved",
        "An image is not in the site. Its address is kept as a link.",
    )
    CITATION = (
        "unresolved-citation",
        "unresolved",
        "A citation's key is not in the bibliography. It is shown as code.",
    )
    PREREQUISITE = (
        "unresolved-prerequisite",
        "unresolved",
        "A prerequisite is not in the site. It is kept as it was.",
    )
    OUTSIDE = (
        "outside",
        "unresolved",
        "A path leads out of the site. It was not read.",
    )
    BIBLIOGRAPHY = ("bibliography", "unresolved", "A bibliography or an entry could not be read.")
    SKIPPED = ("skipped", "", "A file was not converted: a draft, or not an article.")

    def __init__(self, label: str, counted: str, meaning: str) -> None:
        self.label = label
        self.counted = counted
        self.meaning = meaning


@dataclass(frozen=True, order=True)
class Entry:
    """One line of the report."""

    #: The file, relative to the site.
    file: str
    #: The line in it, from 1; 0 where the whole file is meant.
    line: int
    kind: str
    message: str
    #: Further places of the same thing, as ``file:line``.
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return ``file:line kind message``."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        also = f" (also {', '.join(self.also)})" if self.also else ""
        return f"{place} {self.kind} {self.message}{also}"

    def record(self) -> dict[str, Any]:
        """Return the entry for the JSON report."""
        also = {"also": list(self.also)} if self.also else {}
        return {
            "file": self.file,
            "line": self.line,
            "kind": self.kind,
            "message": self.message,
            **also,
        }


@dataclass
class Report:
    """The entries and counts of a run."""

    dialect: str = ""
    entries: list[Entry] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    #: Where the folder went that was in the place of the new one.
    moved: list[Path] = field(default_factory=list)

    def add(self, kind: Kind, file: str, line: int, message: str) -> None:
        """Note one thing."""
        self.entries.append(Entry(file, line, kind.label, " ".join(message.split())))
        if kind.counted:
            self.counts[kind.counted] += 1

    def count(self, what: str, number: int = 1) -> None:
        """Add to one of :data:`COUNTS`."""
        self.counts[what] += number

    def lines(self) -> Iterable[Entry]:
        """Return the entries by file and line; an unknown block tag once, with all its places."""
        gathered: dict[str, Entry] = {}
        for entry in sorted(self.entries):
            if entry.kind != Kind.UNKNOWN_TAG.label:
                gathered[f"{len(gathered)}"] = entry
                continue
            key = f"{entry.kind} {entry.message}"
            first = gathered.get(key)
            if first is None:
                gathered[key] = entry
            else:
                also = (*first.also, f"{entry.file}:{entry.line}")
                gathered[key] = Entry(first.file, first.line, first.kind, first.message, also)
        return sorted(gathered.values())

    def record(self) -> dict[str, Any]:
        """Return the whole report for JSON."""
        return {
            "schema": SCHEMA,
            "dialect": self.dialect,
            "counts": {name: self.counts[name] for name in COUNTS},
            "entries": [entry.record() for entry in self.lines()],
        }

    @property
    def undecided(self) -> int:
        """How many things a person has to look at."""
        return self.counts["unresolved"] + self.counts["unknown"]
