"""The report of an import: one entry for each thing that was kept, changed or left unresolved."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field, replace
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: The version of the JSON report. It grows when programs that read the report have to change.
SCHEMA = 2

#: The most lines of the report for people, and the places that each names.
SCREEN = 40
PLACES = 3
#: The places of each rule that a dry run shows.
RULE_PLACES = 5
#: The least entries about different things that are gathered in one line.
GATHERED = 3

#: The counters, in the order of the report.
COUNTERS = (
    "articles sidenotes marginnotes citations pauses figures links glossary_terms unresolved "
    "unknown"
).split()


class InputError(ValueError):
    """The importer cannot run with this input; the message says why, and what to do."""


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a suggestion for the end of a message, empty if no name is similar.

    >>> did_you_mean("blok", ["block", "inline"])
    "; did you mean 'block'?"
    """
    similar = get_close_matches(name, list(names), 1)
    return f"; did you mean {similar[0]!r}?" if similar else ""


class Kind(Enum):
    """A kind of entry. Its value is its meaning, for the documentation."""

    LOST_WORDS = "Words of the article are not in the result. Compare the two by hand."
    LITERAL = "Markup that no converter knows: readers see it as it is written, or it stays HTML."
    RAW = "A raw block became text. No tag in it was converted."
    COMMENT = "A template comment is shown as code, for you to delete."
    EXPRESSION = "A template expression is shown as code. Only the old site knows its value."
    UNKNOWN_TAG = "A tag has no rule. The tag is shown as code; its content becomes a plain block."
    BROKEN_TAG = "A tag lacks its text, its end tag or a closing quote. It is shown as code."
    NESTED_TAG = "A tag within a note was converted. The old site printed it unconverted."
    EXTRA_ARGUMENT = "A tag has more arguments than its rule uses. Text is shown, ids are left out."
    MOVED_NOTE = "A margin note of several blocks was moved from within its paragraph to the end."
    HTML = "HTML was kept. Web pages show it; a PDF omits HTML blocks, and the tags around text."
    ATTRIBUTES = "An attribute list such as {:.class} was removed."
    CONTENTS = "A table of contents was removed. The theme shows one."
    LIST_OF_WORKS = "A list of works cited was removed. The bibliography has its own page."
    CELL = "A cell of code is shown, without its options. Its output is not in the source."
    RAW_FORMAT = "A raw block of TeX or another format is shown as code."
    SCRIPT = "Code that shows nothing, such as an import or a comment of MDX, was left out."
    HEADINGS = "Heading levels were changed, because some were skipped."
    TITLE = "The article had no title, or repeated it as a heading."
    MARKUP = "Code or a formula within HTML was converted. The old site printed it unconverted."
    LANGUAGE = "Code is in a language that Sphinx cannot highlight."
    FOOTNOTE = "A footnote became a comment: it is unused, or defined twice."
    NAME = "An article was renamed, because its file name is already in use."
    REMOTE_IMAGE = "An image is on another site. Builds of a PDF or an e-book download it."
    RULE = "A horizontal rule was kept as HTML. Sphinx allows none in this place."
    FRONT_MATTER = "An entry of the front matter was left out."
    KEY = "A citation key was renamed, because BibTeX does not accept it."
    TERM = "Two articles define a term. The glossary contains both definitions."
    UNRESOLVED_LINK = "The site has no such page, heading or file. The link keeps its address."
    UNRESOLVED_IMAGE = "The site has no such image. It became a link to the same address."
    UNRESOLVED_CITATION = "A citation key is in no bibliography. The tag is shown as code."
    UNRESOLVED_PREREQUISITE = "The site has no such prerequisite. The entry is unchanged."
    OUTSIDE = "A path leads out of the site. The file was not read."
    BIBLIOGRAPHY = "A bibliography or an entry could not be read, or only in part."
    SKIPPED = "A file was not converted: it is a draft, or not an article."

    @property
    def label(self) -> str:
        """The name in the report."""
        return self.name.lower().replace("_", "-")

    @property
    def counter(self) -> str:
        """The counter it adds to, or nothing."""
        if self in {Kind.EXPRESSION, Kind.UNKNOWN_TAG, Kind.BROKEN_TAG, Kind.LITERAL}:
            return "unknown"
        others = {Kind.LOST_WORDS, Kind.OUTSIDE, Kind.BIBLIOGRAPHY}
        unresolved = self in others or "unresolved" in self.label
        return "unresolved" if unresolved else ""


#: The kinds by their names in the report.
KINDS = {kind.label: kind for kind in Kind}
#: What a person has to look at first.
RANKS = {"unresolved": 1, "unknown": 2, "": 3}


def subject_of(kind: Kind, message: str) -> str:
    """Return what the entries of a kind are gathered by: a tag, a construct, a key.

    >>> subject_of(Kind.UNKNOWN_TAG, "include a.html has no rule: {% include a.html %}")
    'include a.html'
    """
    match = SUBJECTS[kind].match(message) if kind in SUBJECTS else None
    return match[1] if match else ""


@dataclass(frozen=True, order=True)
class Entry:
    """One line of the report."""

    #: The file, relative to the site.
    file: str
    #: The line, from 1; 0 for the whole file.
    line: int
    kind: str
    message: str
    #: Further places with the same message, as ``file:line``.
    also: tuple[str, ...] = ()

    @property
    def position(self) -> str:
        """The file and the line."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        """Return ``file:line kind message``."""
        also = f" (also {', '.join(self.also)})" if self.also else ""
        return f"{self.position} {self.kind} {self.message}{also}"

    def to_json(self) -> dict[str, Any]:
        """Return the entry as the JSON report contains it."""
        return {name: value for name, value in asdict(self).items() if name != "also" or value}


#: How the message of a kind begins with its subject.
SUBJECTS = {
    Kind.UNKNOWN_TAG: re.compile(r"(.+?) has no rule"),
    Kind.BROKEN_TAG: re.compile(r"([\w.-]+)"),
    Kind.LITERAL: re.compile(r"(.+?) stays as it is"),
    Kind.HTML: re.compile(r"(<[\w-]+>)"),
    Kind.CELL: re.compile(r"(.+? cell)"),
    Kind.RAW_FORMAT: re.compile(r"(\w+) is shown"),
    Kind.LANGUAGE: re.compile(r"code in ('.*?')"),
    Kind.FRONT_MATTER: re.compile(r"([\w.-]+):"),
    Kind.ATTRIBUTES: re.compile(r"(\{:.*?\})"),
    Kind.UNRESOLVED_CITATION: re.compile(r"('.*?')"),
}


def _lines(kind: str, subject: str, entries: list[Entry]) -> list[str]:
    """Return the entries, or how many there are, in how many files, and the first places."""
    if len(entries) == 1 or (not subject and len(entries) < GATHERED):
        return [str(entry) for entry in entries]
    files = len({entry.file for entry in entries})
    places = list(dict.fromkeys(entry.position for entry in entries))
    more = ", …" if len(places) > PLACES else ""
    name = f"{kind} {subject}".rstrip()
    number = f"{len(entries)} times in {files} file{'s' * (files > 1)}"
    return [f"{name}: {number}: {', '.join(places[:PLACES])}{more}"]


@dataclass
class Report:
    """The entries and counters of an import."""

    dialect: str = ""
    entries: list[Entry] = field(default_factory=list)
    #: The numbers by the names in :data:`COUNTERS`.
    counts: Counter[str] = field(default_factory=Counter)
    #: The folder of the site, and the document of each of its articles.
    root: Path | None = None
    sources: dict[str, str] = field(default_factory=dict)
    #: What each rule made of its tags: place, before and after.
    rules: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    #: The section, ``document#anchor``, by the address in the old site.
    addresses: dict[str, str] = field(default_factory=dict)
    #: The folders to which the previous contents of the target were moved.
    backups: list[Path] = field(default_factory=list)

    def add(self, kind: Kind, file: str, line: int, message: str) -> None:
        """Add an entry.

        :param file: the file, relative to the site
        :param line: the line, from 1; 0 for the whole file
        """
        self.entries.append(Entry(file, line, kind.label, " ".join(message.split())))
        if kind.counter:
            self.counts[kind.counter] += 1

    def lines(self) -> list[Entry]:
        """Return the entries by file and line, equal ones about unknown tags as one."""
        merged: dict[str, Entry] = {}
        for entry in sorted(self.entries):
            unknown = entry.kind == Kind.UNKNOWN_TAG.label
            key = entry.message if unknown else str(len(merged))
            if first := merged.get(key):
                merged[key] = replace(first, also=(*first.also, f"{entry.file}:{entry.line}"))
            else:
                merged[key] = entry
        return sorted(merged.values())

    def summary(self) -> list[str]:
        """Return the report for people: a line for each kind and subject, the worst first."""
        groups: dict[tuple[int, str, str], list[Entry]] = defaultdict(list)
        for entry in sorted(self.entries):
            kind = KINDS[entry.kind]
            rank = 0 if kind is Kind.LOST_WORDS else RANKS[kind.counter]
            groups[rank, entry.kind, subject_of(kind, entry.message)].append(entry)
        ordered = sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1]), item[0]))
        lines = [line for (_, kind, subject), e in ordered for line in _lines(kind, subject, e)]
        if len(lines) > SCREEN:
            rest = len(lines) - SCREEN + 1
            lines[SCREEN - 1 :] = [f"… {rest} more kinds of lines: --report FILE lists all"]
        return lines

    def rule_lines(self, names: Iterable[str]) -> Iterator[str]:
        """Yield for each rule how often it was used, and its first places before and after."""
        for name in names:
            places = self.rules.get(name, [])
            yield f"rule {name}: {len(places)} place{'s' * (len(places) != 1)}"
            for place, before, after in places[:RULE_PLACES]:
                yield f"  {place} " + before.strip().replace("\n", "\n    ")
                yield "    → " + after.strip().replace("\n", "\n      ")

    def to_json(self) -> dict[str, Any]:
        """Return the whole report for JSON."""
        return {
            "schema": SCHEMA,
            "dialect": self.dialect,
            "counts": {name: self.counts[name] for name in COUNTERS},
            "entries": [entry.to_json() for entry in self.lines()],
            "addresses": self.addresses,
        }

    @property
    def open_problems(self) -> int:
        """The number of unresolved and unknown things, which a person has to look at."""
        return self.counts["unresolved"] + self.counts["unknown"]
