"""Lines of Markdown while they are read and rewritten: prefixes, search, replacement. Pure text.

A *prefix* is what precedes the content of a line: quote signs, list markers, indentation.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

#: Quote signs, list markers and indentation at the start of a line.
PREFIX = re.compile(r"(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]*")
#: Replaces a line that was joined to an earlier one.
REMOVED = "\0"


def prefix_of(line: str) -> str:
    """Return the prefix of a line.

    >>> prefix_of("> - a")
    '> - '
    """
    match = PREFIX.match(line)
    return match[0] if match else ""


def continuation_prefix(first: str) -> str:
    """Return the prefix of the lines that follow one with the prefix *first*.

    >>> continuation_prefix("> - ")
    '>   '
    """
    return re.sub(r"[^ \t>]", " ", first) if first else ""


def add_prefix(text: str, first: str) -> list[str]:
    """Return the lines of *text*, the first after *first*, the others after its continuation."""
    prefix = continuation_prefix(first)
    head, *rest = text.split("\n")
    return [first + head, *(prefix + line if line else prefix.rstrip() for line in rest)]


def strip_prefix(text: str, prefix: str) -> str:
    """Return *text* with *prefix* removed from every line but the first."""

    def stripped(line: str) -> str:
        if line.startswith(prefix):
            return line[len(prefix) :]
        return "" if line.rstrip() == prefix.rstrip() else line

    first, *rest = text.split("\n")
    return "\n".join([first, *map(stripped, rest)])


def common_prefix(first: str, content: str) -> str:
    """Return the longest prefix that a block shares with all lines of its *content*.

    :param first: the prefix of the block's first line
    """
    prefix = continuation_prefix(first)
    lines = [line for line in content.split("\n")[1:] if line.strip(" \t>")]
    while prefix and not all(line.startswith(prefix.rstrip(" \t") or prefix) for line in lines):
        prefix = prefix[:-1]
    return prefix


def fills_its_lines(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` shares its first and last line with nothing but a prefix."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    line_end = text.find("\n", end)
    after = text[end : len(text) if line_end < 0 else line_end]
    return bool(PREFIX.fullmatch(before)) and not after.strip()


class Scanner:
    """A pattern of many alternatives, and the signs with which its matches begin.

    A search would try all alternatives at each character of a text.

    :param pattern: matches no empty text
    :param signs: matches one letter: the first of a match, or the line break before. Each of its
        alternatives begins with a letter, because re looks for those without trying the rest
    """

    def __init__(self, pattern: re.Pattern[str], signs: str) -> None:
        self.pattern = pattern
        self.signs = re.compile(signs)

    def search(self, text: str, position: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first match, as ``search`` of the pattern would."""
        if match := self.pattern.match(text, position, end):
            return match
        for sign in self.signs.finditer(text, position, end):
            start = sign.start() + (sign[0] == "\n")
            if match := self.pattern.match(text, start, end):
                return match
        return None

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches, as ``finditer`` of the pattern would."""
        position = 0
        while match := self.search(text, position):
            yield match
            position = match.end()

    def replace(self, replacement: Callable[[re.Match[str]], str], text: str) -> str:
        """Return *text* with its matches replaced."""
        parts: list[str] = []
        position = 0
        for match in self.find(text):
            parts += [text[position : match.start()], replacement(match)]
            position = match.end()
        return "".join([*parts, text[position:]]) if parts else text


class Buffer:
    """Lines that are written from start to end, each with the number of its source line."""

    def __init__(
        self, line: int = 1, lines: Sequence[str] = ("",), source_lines: Sequence[int] = ()
    ) -> None:
        self.lines = [*lines]
        self.source_lines = [*source_lines] or [line] * len(self.lines)
        #: After a block: the prefix of the line to start before anything else is written.
        self.pending_prefix: str | None = None

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    @property
    def last_line(self) -> str:
        """The line that is being written."""
        return self.lines[-1]

    def new_line(self, start: str = "", *, advance: bool = False) -> None:
        """Start a line. With *advance* it comes from the next source line."""
        self.lines.append(start)
        self.source_lines.append(self.source_lines[-1] + advance)

    def new_paragraph(self, prefix: str) -> None:
        """Start a line after a blank one."""
        self.new_line(prefix.rstrip())
        self.new_line(prefix)

    def write(self, text: str) -> None:
        """Append text of the source."""
        if self.pending_prefix is not None:
            stripped = text.lstrip(" \t")
            if not stripped:
                return
            if stripped.startswith("\n"):
                self.new_line(self.pending_prefix.rstrip())
            else:
                self.new_paragraph(self.pending_prefix)
            text, self.pending_prefix = stripped, None
        first, *rest = text.split("\n")
        self.lines[-1] += first
        for line in rest:
            self.new_line(line, advance=True)

    def copy(self, text: str, source_lines: list[int], start: int, end: int) -> None:
        """Append a part of a text with its source lines."""
        first = text.count("\n", 0, start)
        for number, part in enumerate(text[start:end].split("\n"), first):
            if number > first:
                self.write("\n")
            if number < len(source_lines):
                self.source_lines[-1] = source_lines[number]
            if part:
                self.write(part)

    def write_inline(self, placeholder: str) -> None:
        """Append a placeholder within the line."""
        if self.pending_prefix is not None:
            self.new_paragraph(self.pending_prefix)
            self.pending_prefix = None
        self.lines[-1] += placeholder

    def skip_source_lines(self, count: int) -> None:
        """Count source lines of which nothing is written, as those within a tag."""
        self.source_lines[-1] += count

    def write_block(self, placeholder: str, prefix: str | None = None) -> None:
        """Append the placeholder of a block on a line of its own, between blank lines.

        :param prefix: the prefix of the block, if it is not that of the current line
        """
        line, current = self.last_line, prefix_of(self.last_line)
        inherited = continuation_prefix(current) if prefix is None else prefix
        if self.pending_prefix is not None:
            self.new_paragraph(self.pending_prefix if prefix is None else prefix)
        elif current != line or (prefix is not None and prefix != continuation_prefix(current)):
            self.lines[-1] = line.rstrip() if current != line else line
            self.new_paragraph(inherited)
        elif current.strip(" \t>") == "" and len(self.lines) > 1 and self.lines[-2].strip(" \t>"):
            self.lines[-1] = current.rstrip()
            self.new_line(current)
        self.lines[-1] += placeholder
        self.pending_prefix = inherited


class LineEditor:
    """Lines that are replaced in any order; the numbers of the others stay valid."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        #: The lines that become a comment of MyST.
        self.commented: set[int] = set()

    def __getitem__(self, number: int) -> str:
        """Return the present text of a line."""
        return self.lines[number]

    @property
    def text(self) -> str:
        """The edited text."""
        lines: list[str] = []
        for number, line in enumerate(self.lines):
            if number in self.commented and line is not REMOVED:
                # A blank line separates the first line of a comment from what precedes.
                lines += [] if number - 1 in self.commented else [""]
                lines += (f"% {part}".rstrip() for part in line.split("\n"))
            elif line is not REMOVED:
                lines.append(line)
        return "\n".join(lines)

    def prefixes(self, start: int, content: str) -> list[str]:
        """Return what precedes each line of *content* in the lines from *start*."""
        prefixes = []
        for number, text in enumerate(content.split("\n"), start):
            line = self.lines[number].rstrip()
            offset = len(line) - len(text.rstrip())
            matches = offset >= 0 and line[offset:] == text.rstrip()
            prefixes.append(line[:offset] if matches else "")
        return prefixes

    def replace(self, start: int, count: int, lines: list[str]) -> None:
        """Replace *count* lines by *lines*."""
        self.lines[start] = "\n".join(lines)
        for number in range(start + 1, min(start + count, len(self.lines))):
            self.lines[number] = REMOVED
