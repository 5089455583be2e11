"""The milestones in a YAML text, each with its line. Pure.

A mistake in one milestone costs no other: where the whole is not YAML, each item is read alone.
Every value is taken as it is written: for YAML ``1984`` would be a number and ``No`` not a text.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sphinx_marginalia.core.diagnostics import Diagnostic, sentence, suggestion
from sphinx_marginalia.core.located import MOST_VALUES, Located, read_yaml
from sphinx_marginalia.timeline.dates import BETWEEN, EXPECTED, When, parse_when
from sphinx_marginalia.timeline.problems import TimelineProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.core.located import Path

KEYS = ("date", "title", "text", "cite", "link", "group")
ENDS = ("from", "to")
ITEM = re.compile(r"^( *)-(?=[ \n])", re.MULTILINE)
#: What to write for a value that is not a text.
REMEDIES = {"date": EXPECTED, "cite": "write keys with commas between them"}


class Milestone(NamedTuple):
    """A milestone as it is written."""

    #: The line in its file.
    line: int
    #: When it was; ``None`` without a valid date.
    when: When | None = None
    #: The date as it is written.
    date: str = ""
    title: str = ""
    text: str = ""
    #: The keys of the works it cites, and their line.
    cite: tuple[str, ...] = ()
    cite_line: int = 0
    link: str = ""
    group: str = ""


def read(text: str, first_line: int = 1) -> tuple[list[Milestone], list[Diagnostic]]:
    """Return the milestones in *text*, in its order, and what is wrong, by line.

    :param first_line: the line of the file that *text* starts on
    """
    readers = [_Reader(part) for part in _parts(text.rstrip(), first_line)]
    milestones = [milestone for reader in readers for milestone in reader.milestones()]
    diagnostics = [one for reader in readers for one in reader.source.diagnostics]
    return milestones, sorted(diagnostics, key=lambda one: one.line)


def _parts(text: str, first_line: int) -> list[Located]:
    """Return *text* as one list, or each of its items if the whole cannot be read."""
    whole = read_yaml(text, TimelineProblem.TIMELINE_DATA, first_line)
    if whole.value is not None and not isinstance(whole.value, list):
        # Its lines stay where they are.
        text = "- " + text.replace("\n", "\n  ")
        whole = read_yaml(text, TimelineProblem.TIMELINE_DATA, first_line)
        whole.report("a timeline is a list: write a hyphen before each milestone", line=first_line)
    is_broken = whole.value is None and whole.diagnostics
    if not is_broken and len(whole.lines) <= MOST_VALUES:
        return [whole]
    parts = [
        read_yaml(part.rstrip(), TimelineProblem.TIMELINE_DATA, line)
        for line, part in _items(text, first_line)
        if part.strip()
    ]
    return parts if len(parts) > 1 else [whole]


def _items(text: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Yield what is before a list, then each of its items, with the line it starts on."""
    items = list(ITEM.finditer(text))
    outermost = min((item[1] for item in items), key=len, default="")
    starts = [item.start() for item in items if item[1] == outermost]
    line = first_line
    for start, end in pairwise([0, *starts, len(text)]):
        part = text[start:end]
        yield line, part
        line += part.count("\n")


class _Reader:
    """Take milestones out of YAML, and report what cannot be taken."""

    def __init__(self, source: Located) -> None:
        self.source = source

    def report(self, problem: TimelineProblem, message: str, *path: str | int) -> None:
        self.source.diagnostics.append(Diagnostic(problem, message, line=self.source.line(*path)))

    def milestones(self) -> Iterator[Milestone]:
        """Yield the items of the list that are milestones."""
        for index, item in enumerate(self.source.value or ()):
            if isinstance(item, dict):
                yield self.milestone(index, item)
            # Otherwise it is not an empty item, but was left out and is reported.
            elif item is not None or (index,) in self.source.texts:
                message = "a milestone has keys: write date: and title: before its values"
                self.report(TimelineProblem.TIMELINE_DATA, message, index)
                if words := self.words((index,)):
                    yield Milestone(self.source.line(index), title=words)

    def milestone(self, index: int, item: dict[str, object]) -> Milestone:
        """Return the milestone that *item* describes."""
        for key in item.keys() - set(KEYS):
            message = sentence(f"unknown key {key!r}", suggestion(key, KEYS))
            self.report(TimelineProblem.TIMELINE_KEY, message, index, key)
        written = {key for key in KEYS if self.is_written((index, key))}
        if "title" not in written:
            more = "its text is shown alone" if "text" in written else ""
            message = sentence("the milestone has no title", more)
            self.report(TimelineProblem.TIMELINE_TITLE, message, index)
        if "date" not in written:
            message = f"the milestone has no date; {EXPECTED}"
            self.report(TimelineProblem.TIMELINE_DATE, message, index)
        when, date = self.when(index)
        return Milestone(
            self.source.line(index),
            when,
            date,
            title=self.text(index, "title"),
            text=self.text(index, "text"),
            cite=self.keys(index),
            cite_line=self.source.line(index, "cite"),
            link=self.text(index, "link"),
            group=self.text(index, "group"),
        )

    def is_written(self, path: Path) -> bool:
        return bool(self.source.texts.get(path) or self.source.get(*path))

    def when(self, index: int) -> tuple[When | None, str]:
        """Return the date of an item, and how it is written."""
        value = self.source.get(index, "date")
        if isinstance(value, dict) and value.keys() == set(ENDS):
            written = BETWEEN.join(self.text(index, "date", end) for end in ENDS)
        elif isinstance(value, dict | list) and value:
            keys = value if isinstance(value, dict) else range(len(value))
            message = f"date must be a text, or have the keys {' and '.join(ENDS)}; {EXPECTED}"
            self.report(TimelineProblem.TIMELINE_DATE, message, index, "date")
            texts = self.source.texts
            return None, BETWEEN.join(texts.get((index, "date", key), "") for key in keys)
        else:
            written = self.text(index, "date")
        if not written:
            return None, ""
        try:
            when = parse_when(written)
        except ValueError as error:
            self.report(TimelineProblem.TIMELINE_DATE, str(error), index, "date")
            return None, written
        if when.is_backwards:
            message = f"{written!r} ends before it begins; it is reversed"
            self.report(TimelineProblem.TIMELINE_DATE, message, index, "date")
            when = When(when.end, when.start)
            written = BETWEEN.join(map(str, when))
        return when, written

    def keys(self, index: int) -> tuple[str, ...]:
        """Return the citation keys of an item: a list of them, or a text with commas."""
        value = self.source.get(index, "cite")
        numbers = [(number,) for number in range(len(value))] if isinstance(value, list) else [()]
        texts = " ".join(self.text(index, "cite", *number) for number in numbers)
        return tuple(dict.fromkeys(re.findall(r"[^\s,]+", texts)))

    def text(self, index: int, key: str, *more: str | int) -> str:
        """Return a value as it is written, on one line."""
        path = (index, key, *more)
        if isinstance(self.source.get(*path), dict | list) and self.is_written(path):
            is_date = key == "date"
            problem = TimelineProblem.TIMELINE_DATE if is_date else TimelineProblem.TIMELINE_DATA
            remedy = REMEDIES.get(key, "write a text, in quotes if it begins with a sign")
            self.report(problem, f"{key} must be a text; {remedy}", *path)
            return self.words(path) if key in {"title", "text", "group"} else ""
        return self.words(path)

    def words(self, path: Path) -> str:
        """Return what is written at *path* on one line: of a list or entries, their values."""
        texts = self.source.texts.items()
        # A text is at its path, and all that a list contains is below it.
        return ", ".join(" ".join(text.split()) for at, text in texts if at[: len(path)] == path)
