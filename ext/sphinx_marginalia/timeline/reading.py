"""The milestones in a YAML text, each with its line; what is wrong with one costs no other.

Only needs PyYAML, so that it can be tested without an app. Every value is read as text: for YAML
``2024-02-30`` would be an error, and ``1984`` a number.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import yaml

from sphinx_marginalia.timeline.dates import BETWEEN, EXPECTED, When, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS = ("date", "title", "text", "cite", "link", "group")
ENDS = ("from", "to")
ITEM = re.compile(r"^( *)- ", re.MULTILINE)


class Fault(NamedTuple):
    """Something wrong in the text."""

    kind: Literal["data", "date", "key", "title"]
    message: str
    #: From 0.
    line: int


class Milestone(NamedTuple):
    """A milestone, as it is written."""

    #: From 0.
    line: int
    #: When it was; without a date that can be read, nothing.
    when: When | None = None
    #: The date in the author's words.
    date: str = ""
    title: str = ""
    text: str = ""
    #: The keys of the works it cites.
    cite: tuple[str, ...] = ()
    link: str = ""
    group: str = ""
    #: The line of those keys, from 0.
    cite_line: int = 0


class _Reader:
    """Reads one text, and gathers what is wrong in it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, kind: Literal["data", "date", "key", "title"], text: str, line: int) -> None:
        self.faults.append(Fault(kind, text, line))

    def items(self, text: str) -> Iterator[yaml.Node]:
        """Yield the items of the list, also where one of them is no YAML."""
        try:
            root = yaml.compose(text, Loader=yaml.BaseLoader)
        except yaml.YAMLError as error:
            parts = [part for part in _parts(text) if part.strip()]
            if len(parts) > 1:
                for part in parts:
                    yield from self.items(part)
                return
            message = f"this is no YAML ({_problem(error)}); a text with a colon, or one that "
            self.fault("data", f"{message}begins with a sign, stands in quotes", _line(error, text))
            return
        if isinstance(root, yaml.SequenceNode):
            yield from root.value
        elif root is not None:
            message = "a timeline is a list: write a hyphen before each milestone"
            self.fault("data", message, root.start_mark.line)

    def milestone(self, item: yaml.Node) -> Milestone | None:
        """Return the milestone that *item* describes, if it does."""
        line = item.start_mark.line
        if not isinstance(item, yaml.MappingNode):
            message = "a milestone has keys: write date: and title: before what they are"
            self.fault("data", message, line)
            return None
        values = self._values(item)
        if not values.keys() & {"title", "text"}:
            self.fault("title", "the milestone has no title", line)
        elif "title" not in values:
            self.fault("title", "the milestone has no title; its text is shown alone", line)
        if "date" not in values:
            self.fault("date", f"the milestone has no date; {EXPECTED}", line)
        when, written = self._when(values.pop("date", None))
        cited = values.pop("cite", item)
        cite = self._keys(None if cited is item else cited)
        texts = {name: self._text(name, value) for name, value in values.items()}
        return Milestone(line, when, written, cite=cite, cite_line=cited.start_mark.line, **texts)

    def _values(self, item: yaml.MappingNode) -> dict[str, yaml.Node]:
        """Return what stands behind each key that is known and has something behind it."""
        values: dict[str, yaml.Node] = {}
        for key, value in item.value:
            name, line = str(key.value), key.start_mark.line
            if name not in KEYS:
                near = get_close_matches(name, KEYS, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(KEYS)}"
                self.fault("key", f"unknown key {name!r}; {hint}", line)
            elif name in values:
                message = f"the key {name!r} is there twice; what comes first counts"
                self.fault("key", message, line)
            elif value.value:
                values[name] = value
        return values

    def _when(self, node: yaml.Node | None) -> tuple[When | None, str]:
        """Return the date, and how it is written."""
        if node is None:
            return None, ""
        line = node.start_mark.line
        written = self._range(node) if isinstance(node, yaml.MappingNode) else None
        written = self._text("date", node) if written is None else written
        if not written:
            return None, ""
        try:
            when = parse(written)
        except ValueError as error:
            self.fault("date", str(error), line)
            return None, written
        if when.is_backwards:
            self.fault("date", f"{written!r} ends before it begins; it is turned round", line)
            when = when.reversed()
        return when, written

    def _range(self, node: yaml.MappingNode) -> str | None:
        values = {str(key.value): value for key, value in node.value}
        if values.keys() != set(ENDS):
            return None
        return BETWEEN.join(self._text("date", values[end]) for end in ENDS)

    def _keys(self, node: yaml.Node | None) -> tuple[str, ...]:
        """Return the keys of works: a list of them, or a text with commas."""
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        texts = " ".join(self._text("cite", item) for item in items)
        return tuple(dict.fromkeys(re.split(r"[\s,]+", texts.strip(" ,")))) if texts else ()

    def _text(self, name: str, node: yaml.Node) -> str:
        if isinstance(node, yaml.ScalarNode):
            return " ".join(node.value.split())
        shape = {"date": EXPECTED, "cite": "write keys with commas between"}
        message = f"{name} cannot be read; {shape.get(name, 'write a text, in quotes if need be')}"
        self.fault("date" if name == "date" else "data", message, node.start_mark.line)
        return ""


def read(text: str) -> tuple[list[Milestone], list[Fault]]:
    """Return the milestones in *text*, in its order, and what is wrong, by line."""
    reader = _Reader()
    found = [reader.milestone(item) for item in reader.items(text)]
    faults = sorted(reader.faults, key=lambda fault: fault.line)
    return [milestone for milestone in found if milestone], faults


def _parts(text: str) -> Iterator[str]:
    """Yield what is before a list, then each item alone, on its own lines: others are empty."""
    indents = [found[1] for found in ITEM.finditer(text)]
    outermost = min(indents, key=len, default="")
    starts = [found.start() for found in ITEM.finditer(text) if found[1] == outermost]
    for start, end in pairwise([0, *starts, len(text)]):
        yield "\n" * text.count("\n", 0, start) + text[start:end]


def _problem(error: yaml.YAMLError) -> str:
    problem = error.problem if isinstance(error, yaml.MarkedYAMLError) else str(error)
    return " ".join(str(problem).split())


def _line(error: yaml.YAMLError, text: str) -> int:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    blank = len(text) - len(text.lstrip("\n"))
    # An error at the end of a part is told with the line behind it.
    return blank if mark is None else max(blank, min(mark.line, text.rstrip().count("\n")))
