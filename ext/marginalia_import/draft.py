"""An article while it is rewritten: its lines, and from which line of the source each came."""

from __future__ import annotations

import re

from marginalia_import.marks import continuation

#: What may stand before the first block of a line: quotes, the markers of lists, indentation.
PREFIX = re.compile(r"(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]*")


def common_prefix(first: str, content: str) -> str:
    """Return the longest prefix that a block has in common with the lines of its *content*.

    :param first: the prefix of its first line, ``> - ``
    """
    prefix = continuation(first)
    lines = [line for line in content.split("\n")[1:] if line.strip(" \t>")]
    while prefix and not all(line.startswith(prefix.rstrip(" \t") or prefix) for line in lines):
        prefix = prefix[:-1]
    return prefix


class Draft:
    """Lines to which is only added at the end."""

    def __init__(self, line: int = 1) -> None:
        self.lines = [""]
        self.origins = [line]
        #: Behind a block: the prefix of the line that has to be begun before anything else.
        self.pending: str | None = None

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    @property
    def head(self) -> str:
        """What stands on the last line so far."""
        return self.lines[-1]

    def newline(self, start: str = "", *, advance: bool = False) -> None:
        """Begin a line; it comes from the next line of the source if *advance*."""
        self.lines.append(start)
        self.origins.append(self.origins[-1] + advance)

    def add(self, text: str) -> None:
        """Add text of the source."""
        if self.pending is not None:
            stripped = text.lstrip(" \t")
            if not stripped:
                return
            if stripped.startswith("\n"):
                self.newline(self.pending.rstrip())
            else:
                self.break_line(self.pending)
            text, self.pending = stripped, None
        first, *rest = text.split("\n")
        self.lines[-1] += first
        for line in rest:
            self.newline(line, advance=True)

    def mark(self, mark: str) -> None:
        """Add the mark of something within a line."""
        if self.pending is not None:
            self.break_line(self.pending)
            self.pending = None
        self.lines[-1] += mark

    def swallow(self, lines: int) -> None:
        """Count the ends of lines that were in a tag: the next line comes from behind them."""
        self.origins[-1] += lines

    def break_line(self, prefix: str) -> None:
        """Begin a new paragraph."""
        self.newline(prefix.rstrip())
        self.newline(prefix)

    def block(self, mark: str, prefix: str | None = None) -> None:
        """Add the mark of a block, on a line of its own between blank ones."""
        head = self.head
        match = PREFIX.match(head)
        own = match[0] if match else ""
        inherited = continuation(own) if prefix is None else prefix
        if self.pending is not None:
            self.break_line(self.pending if prefix is None else prefix)
        elif own != head or (prefix is not None and prefix != continuation(own)):
            self.lines[-1] = head.rstrip() if own != head else head
            self.break_line(inherited)
        elif own.strip(" \t>") == "" and len(self.lines) > 1 and self.lines[-2].strip(" \t>"):
            self.lines[-1] = own.rstrip()
            self.newline(own)
        self.lines[-1] += mark
        self.pending = inherited
