"""The lines of a draft while its blocks are replaced; the numbers of the others stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marginalia_import.draft import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marginalia_import.draft import Draft

#: In the place of a line that was joined to one before it.
GONE = "\0"


class Lines:
    """What is written for each line."""

    def __init__(self, draft: Draft) -> None:
        self.lines = list(draft.lines)
        self.commented: set[int] = set()

    def __getitem__(self, number: int) -> str:
        """Return what is written for a line."""
        return self.lines[number]

    @property
    def text(self) -> str:
        """All of it."""
        shown = (
            self._comment(number) if number in self.commented else line
            for number, line in enumerate(self.lines)
            if line is not GONE
        )
        return "\n".join(shown)

    def prefixes(self, start: int, content: str) -> list[str]:
        """Return what stands before each line of *content* in the lines from *start*."""
        found = []
        for number, text in enumerate(content.split("\n"), start):
            line = self.lines[number].rstrip()
            at = len(line) - len(text.rstrip())
            found.append(line[:at] if at >= 0 and line[at:] == text.rstrip() else "")
        return found

    def replace(self, start: int, count: int, lines: list[str]) -> None:
        """Put *lines* in the place of *count* lines; the numbers of others stay."""
        self.lines[start] = "\n".join(lines)
        for number in range(start + 1, min(start + count, len(self.lines))):
            self.lines[number] = GONE

    def prefix(self, number: int) -> str:
        """Return the signs of quotes and lists, and the blanks, before what a line holds."""
        match = PREFIX.match(self.lines[number])
        return match[0] if match else ""

    def comment(self, numbers: Iterable[int]) -> None:
        """Make a comment of lines."""
        self.commented.update(numbers)

    def _comment(self, number: int) -> str:
        """Return a line as a comment of MyST; the first is set off from what is before it."""
        lines = [f"% {part}".rstrip() for part in self.lines[number].split("\n")]
        return "\n".join(lines if number - 1 in self.commented else ["", *lines])
