"""One pass over a text with placeholders, for dialects that have markup of their own.

A subclass says in :attr:`Rewriter.special` where its markup begins, with a named group for each
kind, and has a method ``read_GROUP`` for each of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from marginalia_import.lines import Buffer, Scanner
from marginalia_import.markdown import bracket_pairs
from marginalia_import.placeholders import Block, BlockEnd, BlockStart

if TYPE_CHECKING:
    from marginalia_import.page import ArticlePage
    from marginalia_import.placeholders import Fragment


class Rewriter:
    """Copies a text, and writes a placeholder for each thing that its dialect alone knows."""

    #: Where markup begins. A group is named after the method that reads it.
    special: re.Pattern[str] | Scanner
    #: The groups of blocks, which are plain text within a line.
    blocks: frozenset[str] = frozenset()

    def __init__(self, page: ArticlePage, buffer: Buffer, *, is_inline: bool) -> None:
        self.page = page
        self.buffer = buffer
        self.text = buffer.text
        self.source_lines = buffer.source_lines
        self.is_inline = is_inline
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        #: The end of what is left out, by where it begins.
        self.skipped: dict[int, int] = {}

    def rewrite(self) -> Buffer:
        """Return the lines with placeholders for what was converted."""
        if not self.special.search(self.text, 0, len(self.text)):
            return self.buffer
        self.brackets = dict(bracket_pairs(self.text, self.page.placeholders.pattern.pattern))
        self.out = Buffer(self.source_lines[0])
        self.convert(0, len(self.text))
        return self.out

    def convert(self, start: int, end: int) -> None:
        """Convert a part of the text."""
        position = start
        while match := self.special.search(self.text, position, end):
            self.copy(position, match.start())
            self.page.line = self.line(match.start())
            position = self.read(match, end)
            if position == match.start():
                position = match.end()
                self.copy(match.start(), position)
        self.copy(position, end)

    def read(self, match: re.Match[str], end: int) -> int:
        """Write what begins at *match*, and return its end; the start if it is plain text."""
        name = match.lastgroup
        if name is None or (self.is_inline and name in self.blocks):
            return match.start()
        position: int = getattr(self, f"read_{name}")(match, end)
        return position

    def read_note(self, match: re.Match[str], end: int) -> int:
        """Write the note ``^[…]``."""
        closing = self.closing(match.end() - 1, end)
        if closing < 0:
            return match.start()
        self.page.count("sidenotes")
        self.write(self.page.note("sidenote", self.joined(self.text[match.end() : closing])))
        return closing + 1

    def line_index(self, position: int) -> int:
        """Return the number of a position's line, from 0."""
        return bisect_right(self.line_starts, position) - 1

    def line(self, position: int) -> int:
        """Return the source line of a position."""
        return self.source_lines[min(self.line_index(position), len(self.source_lines) - 1)]

    # Writing

    def copy(self, start: int, end: int) -> None:
        """Copy text with its source lines."""
        if start >= end:
            return
        self.out.copy(self.text, self.source_lines, start, end)

    def write(self, fragment: Fragment, *, own_line: bool = True) -> None:
        """Write the placeholder of a fragment.

        :param own_line: whether it has its line for itself; else a note follows its word
        """
        if isinstance(fragment, Block | BlockStart | BlockEnd) and not self.is_inline:
            self.out.write_block(self.page.placeholders.add(fragment))
            return
        self.page.placeholders.write(fragment, self.out, own_line=own_line)

    def write_nothing(self) -> None:
        """End the paragraph, as a block would that is left out."""
        if self.out.last_line.strip(" \t>"):
            self.out.write("\n")

    # Brackets

    def joined(self, text: str) -> str:
        """Return text whose displayed formulas are within its lines, as a note needs them."""
        placeholder = self.page.placeholders.pattern.pattern
        blank = r"\n[ \t>]*\n[ \t>]*"
        return re.sub(rf"{blank}({placeholder})[ \t]*(?:\n[ \t>]*\n)?", r" \1 ", text)

    def closing(self, opening: int, end: int) -> int:
        """Return the position of the closing bracket in the same paragraph, or -1."""
        closing = self.brackets.get(opening, -1)
        inside = self.text[opening:closing] if opening < closing < end else "\n\n"
        return -1 if re.search(r"\n[ \t>]*\n", self.joined(inside)) else closing
